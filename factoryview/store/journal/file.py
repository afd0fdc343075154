"""The file of a journal: how it is recognised, opened and locked, and what its troubles are called."""

from __future__ import annotations

import sqlite3
from collections import Counter
from pathlib import Path
from threading import Lock

from factoryview.errors import InputError
from factoryview.store.queries import sql

APPLICATION = 0x46_56_4A_31
"""`FVJ1`, in the header of every journal."""
SCHEMA = 1
BUSY_SECONDS = 5.0
_SPARE = 64_000_000
"""Bytes the write-ahead log keeps at most when it is not needed."""

_Identity = tuple[int, int]
_open_here: Counter[_Identity] = Counter()
_turn = Lock()


class StoreTrouble(InputError):
    """The store cannot be written or read now. What is not on disk is kept by its source and comes again."""


def is_journal(path: Path) -> bool:
    """Whether a file is a store of recorded events, whatever it is called."""
    try:
        return recognised(path)
    except OSError:
        return False


def recognised(path: Path) -> bool:
    """As `is_journal`, but raises OSError for a file that cannot be read."""
    with _turn:
        if _open_here[_identity(path)]:
            return True
        with path.open("rb") as file:
            header = file.read(72)
    return header.startswith(b"SQLite format 3\0") and header[68:72] == APPLICATION.to_bytes(4, "big")


def trouble(error: sqlite3.Error, path: Path) -> StoreTrouble:
    """What a failure of SQLite means to a person, and what cures it."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    said = {
        sqlite3.SQLITE_FULL: ("the disk is full, nothing more can be recorded.", "Make room; it goes on by itself."),
        sqlite3.SQLITE_IOERR: (
            f"the disk cannot be written or read ({error}).",
            "Is it full, at its quota, or gone? It goes on by itself when that is cured.",
        ),
        sqlite3.SQLITE_READONLY: ("the store can only be read.", "Make the file and its folder writable."),
        sqlite3.SQLITE_CANTOPEN: (
            "the store cannot be opened.",
            "Check that its folder is there, has room, and that you may write to it.",
        ),
        sqlite3.SQLITE_BUSY: ("another program holds the store.", "Let it finish; it goes on by itself."),
        sqlite3.SQLITE_CORRUPT: (
            f"the store is damaged ({error}).",
            "Put a copy in its place, or move it away to begin anew.",
        ),
    }
    what, cure = said.get(code, (f"the store cannot be used ({error}).", ""))
    return StoreTrouble(what, where=str(path), cure=cure)


def open_to_write(path: Path) -> sqlite3.Connection:
    """A connection to an existing journal: every commit is on disk when it returns. Raises sqlite3.Error."""
    con = _connect(path, "rw")
    try:
        con.execute("pragma synchronous = full")
        con.execute(f"pragma journal_size_limit = {_SPARE}")
        con.execute("select count(*) from about").fetchall()
    except sqlite3.Error:
        con.close()
        raise
    return con


def open_to_read(path: Path) -> tuple[sqlite3.Connection, bool]:
    """A connection that cannot write, and whether it only sees a file that nobody changes.

    Where nothing may be written beside the store and nobody records, SQLite has to be told that nobody will.
    """
    con = _connect(path, "ro")
    try:
        con.execute("select count(*) from sqlite_master").fetchall()
        return con, False
    except sqlite3.OperationalError:
        con.close()
        if log_of(path).exists():
            raise
    con = _connect(path, "ro&immutable=1")
    try:
        con.execute("select count(*) from sqlite_master").fetchall()
    except sqlite3.Error:
        con.close()
        raise
    return con, True


def log_of(path: Path) -> Path:
    """The write-ahead log beside a store."""
    return path.with_name(path.name + "-wal")


def create(path: Path) -> None:
    """Make an empty journal where there is no file or an empty one. Raises sqlite3.Error."""
    con = _connect(path, "rwc")
    try:
        con.execute("pragma auto_vacuum = incremental")
        con.execute(f"pragma application_id = {APPLICATION}")
        con.execute("pragma journal_mode = wal")
        con.executescript(f"begin immediate;\n{sql('journal/schema')}\npragma user_version = {SCHEMA};\ncommit;")
    finally:
        con.close()


def check(con: sqlite3.Connection, path: Path) -> None:
    """Refuse a database that is no journal, or one of a later version. Raises InputError, sqlite3.Error."""
    [(application,)] = con.execute("pragma application_id").fetchall()
    [(version,)] = con.execute("pragma user_version").fetchall()
    if application != APPLICATION:
        raise no_store(path)
    if version == 0:
        raise no_store(path)
    if version != SCHEMA:
        raise InputError(
            f"this store has version {version}, this factoryview knows version {SCHEMA}.",
            where=str(path),
            cure="Update factoryview.",
        )


def no_store(path: Path) -> InputError:
    """What to say of any other file."""
    return InputError(
        "this is no factoryview store.", where=str(path), cure="Give a store made by `factoryview record`, or a log."
    )


def closed(path: Path, error: OSError) -> StoreTrouble:
    """What to say of a file that the system does not give."""
    return StoreTrouble(
        f"the store cannot be opened ({(error.strerror or str(error)).lower()}).",
        where=str(path),
        cure="Check its name, its folder, and that you may write there.",
    )


def is_unfinished(path: Path) -> bool:
    """Whether a store was begun and its recorder ended before the tables were there."""
    if path.stat().st_size == 0:
        return True
    if not is_journal(path):
        return False
    con = _connect(path, "rw")
    try:
        [(tables,)] = con.execute("select count(*) from sqlite_master").fetchall()
    finally:
        con.close()
    return bool(tables == 0)


class _Connection(sqlite3.Connection):
    """Known to be open while it is.

    Whoever closes any handle of a file gives up all locks that the program has on it, SQLite's too; therefore nobody
    here opens a store by hand while it is open. Source: "How To Corrupt An SQLite Database File", sqlite.org, 2.2.
    """

    identity: _Identity | None = None

    def close(self) -> None:
        super().close()
        with _turn:
            identity, self.identity = self.identity, None
            if identity is not None:
                _open_here[identity] -= 1


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    with _turn:
        con = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}",
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            factory=_Connection,
        )
        con.identity = _identity(path)
        _open_here[con.identity] += 1
    return con


def _identity(path: Path) -> _Identity:
    found = path.stat()
    return found.st_dev, found.st_ino
