"""A real PostgreSQL server on loopback, that keeps what it has committed and can be killed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from psycopg import sql

from tests.kit.servers.redis_server import free_port

PASSWORD = "s3cret /#@ of the database"
_HERE = [Path(folder) for folder in sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True)]
_PROGRAM = next((str(folder / "initdb") for folder in _HERE if (folder / "initdb").exists()), shutil.which("initdb"))
BINARIES = Path(_PROGRAM).parent if _PROGRAM else None
_NEW = ("-U", "owner", "-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "--no-sync")
_RUN = ("-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "max_connections=50")


class PostgresServer:
    """Started at the same port each time, with the data of the time before. It refuses root, so root lends it another
    user; a password is asked for. Use `postgres` to have one."""

    def __init__(self, folder: Path) -> None:
        assert BINARIES is not None
        self._folder, self._data, self._log = folder, folder / "data", folder / "log"
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._user: dict[str, Any] = {}
        if os.geteuid() == 0:
            shutil.chown(folder, "nobody")
            self._user = {"user": "nobody", "extra_groups": []}
        (folder / "password").write_text(PASSWORD, encoding="utf-8")
        (folder / "password").chmod(0o644)
        command = [BINARIES / "initdb", "-D", self._data, f"--pwfile={folder / 'password'}", *_NEW]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder, **self._user)

    @property
    def url(self) -> str:
        """The address of the database, with the password."""
        return self.url_of("postgres")

    def url_of(self, database: str, password: str = PASSWORD) -> str:
        """The address of a database."""
        return f"postgresql://owner:{quote(password, safe='')}@127.0.0.1:{self.port}/{quote(database, safe='')}"

    def start(self) -> None:
        """Returns when it answers. After a kill it waits until the last of its children has gone."""
        assert BINARIES is not None
        command = [BINARIES / "postgres", "-D", self._data, "-p", str(self.port), "-k", self._folder, *_RUN]
        until = time.monotonic() + 30
        while True:
            with self._log.open("ab") as log:
                self._process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self._folder, **self._user)
            while self._process.poll() is None:
                try:
                    psycopg.connect(self.url, connect_timeout=5).close()
                    return
                except psycopg.OperationalError:
                    if time.monotonic() > until:
                        self.kill()
                        raise
                    time.sleep(0.05)
            assert time.monotonic() < until, self._log.read_text(encoding="utf-8", errors="replace")[-2_000:]
            time.sleep(0.1)

    def kill(self) -> None:
        """kill -9 of the server; its children notice and end."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait(10)
            self._process = None

    def stop(self) -> None:
        """An orderly end, so that nothing of it is left."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()
            self._process = None

    def pause(self) -> None:
        """The server and its children stand still (SIGSTOP), until `resume`."""
        self._signal_all(signal.SIGSTOP)

    def resume(self) -> None:
        """What was paused goes on."""
        self._signal_all(signal.SIGCONT)

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """A new connection, each statement a transaction of its own; close it (it is a context)."""
        return psycopg.connect(self.url_of(database), autocommit=True, connect_timeout=10)

    def new_database(self, name: str) -> str:
        """The address of a new, empty database."""
        with self.connect() as connection:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        return self.url_of(name)

    def _signal_all(self, which: signal.Signals) -> None:
        assert self._process is not None
        listed = subprocess.run(["ps", "-e", "-o", "pid=,ppid="], check=True, capture_output=True, text=True).stdout
        pairs = [tuple(map(int, line.split())) for line in listed.splitlines()]
        for pid in [self._process.pid, *(pid for pid, parent in pairs if parent == self._process.pid)]:
            os.kill(pid, which)


@contextmanager
def postgres(folder: Path | None = None) -> Iterator[PostgresServer]:  # noqa: ARG001  # tmp_path is closed to others
    """A running server; it is stopped and its data removed at the end. Skips where PostgreSQL is not installed.

    The data are in a folder of their own: the user lent by root may not enter `folder`.
    """
    if BINARIES is None:
        pytest.skip("needs the programs of PostgreSQL (Debian package postgresql)")
    home = Path(tempfile.mkdtemp(prefix="factoryview-postgres-"))
    home.chmod(0o755)
    try:
        server = PostgresServer(home)
        try:
            server.start()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(home)
