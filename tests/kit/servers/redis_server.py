"""A real Redis server on loopback, that keeps what it has acknowledged and can be killed."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
import redis

PROGRAM = shutil.which("redis-server")


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


class RedisServer:
    """Started at the same port each time, with the data of the time before unless `durable` is off.

    more: further options of its command line.
    As a context it is stopped at the end, whatever happened. The test is skipped where the program is missing.
    """

    def __init__(self, folder: Path, password: str = "", *, durable: bool = True, more: Sequence[str] = ()) -> None:
        self.folder, self.password, self.durable, self.more = folder, password, durable, more
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address of database 0, with the password if there is one."""
        return f"redis://{f':{self.password}@' if self.password else ''}127.0.0.1:{self.port}/0"

    def __enter__(self) -> RedisServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        """Returns when it answers."""
        if PROGRAM is None:
            pytest.skip("needs the program redis-server (Debian package redis-server)")
        self.folder.mkdir(parents=True, exist_ok=True)
        keep = ["--appendonly", "yes", "--appendfsync", "always"] if self.durable else ["--appendonly", "no"]
        self._process = subprocess.Popen(
            [
                PROGRAM,
                "--port",
                str(self.port),
                "--bind",
                "127.0.0.1",
                "--dir",
                str(self.folder),
                "--save",
                "",
                *keep,
                *self.more,
            ]
            + (["--requirepass", self.password] if self.password else []),
            stdout=subprocess.DEVNULL,
        )
        until = time.monotonic() + 15
        with self.client() as client:
            while True:
                try:
                    client.ping()
                    return
                except redis.ConnectionError:
                    if time.monotonic() > until or self._process.poll() is not None:
                        self.kill()
                        raise
                    time.sleep(0.02)

    def kill(self) -> None:
        """kill -9."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait(10)
            self._process = None

    def client(self) -> redis.Redis:
        """A new client; close it (it is a context)."""
        return redis.Redis.from_url(self.url)

    def add(self, stream: str, bodies: list[str], field: str = "data") -> None:
        """One entry per body, in order; returns when all are on disk."""
        with self.client() as client:
            for first in range(0, len(bodies), 10_000):
                pipe = client.pipeline(transaction=False)
                for body in bodies[first : first + 10_000]:
                    pipe.xadd(stream, {field: body})
                pipe.execute()
