"""The file of a journal: how it is recognised, opened and locked, and what its troubles are called."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from factoryview.errors import InputError
from factoryview.language.said import said
from factoryview.sources.feeds import own_files
from factoryview.sources.feeds.own_files import Identity, identity, turn
from factoryview.store.queries import sql

APPLICATION = 0x46_56_4A_31
"""`FVJ1`, in the header of every journal."""
SCHEMA = 2
"""Version of the tables. An older store is read as it is, and brought up to date by whoever records into it."""
BUSY_SECONDS = 5.0
_SPARE = 64_000_000
"""Bytes the write-ahead log keeps at most when it is not needed."""

HOME = "home"
"""Key of the name under which a store is recorded."""
_ATTEMPTS = 3


class Damaged(ValueError):
    """What stands in a store cannot have been written by a recorder."""


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
    with turn:
        if own_files.is_open(identity(path)):
            return True
        if not path.is_file():
            return False
        with path.open("rb") as file:
            header = file.read(72)
    return header.startswith(b"SQLite format 3\0") and header[68:72] == APPLICATION.to_bytes(4, "big")


def own_name(path: Path) -> Path | None:
    """The one name by which a store must be opened, whatever links lead to it; None if that cannot be known.

    SQLite calls the write-ahead log after the name: by two names of one file (hard links) two programs would write
    into it without knowing of each other, and what is only in the log of one name is lost for the other. Therefore a
    store knows its name. Source: "How To Corrupt An SQLite Database File", sqlite.org, 2.5. Raises OSError.
    """
    try:
        path = path.resolve()
        status = path.stat()
    except FileNotFoundError:
        return path
    except RuntimeError as error:  # links in a circle
        raise OSError(str(error)) from error
    if status.st_nlink < 2:
        return path
    with turn:
        known = own_files.name_of(identity(path))
    home = known or _home_in(path)
    try:
        return home if home is not None and home.samefile(path) else None
    except OSError:
        return None


def _home_in(path: Path) -> Path | None:
    """The name that the file itself tells, without making a write-ahead log for this one."""
    for _ in range(_ATTEMPTS):  # it may be written to just now, as nobody can be asked to wait
        try:
            with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as con:
                found = con.execute("select value from about where key = ?", (HOME,)).fetchone()
            return None if found is None else Path(text_of(found[0]))
        except (sqlite3.Error, ValueError, TypeError, AttributeError):
            continue
    return None


def trouble(error: sqlite3.Error, path: Path) -> StoreTrouble:
    """What a failure of SQLite means to a person, and what cures it."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    known = {
        sqlite3.SQLITE_FULL: (said("error.disk_full"), said("error.make_room")),
        sqlite3.SQLITE_IOERR: (
            said("error.disk_trouble", why=error),
            said("error.disk_gone"),
        ),
        sqlite3.SQLITE_READONLY: (said("error.store_read_only"), said("error.make_folder_writable")),
        sqlite3.SQLITE_CANTOPEN: (
            said("error.store_shut"),
            said("error.check_store_folder"),
        ),
        sqlite3.SQLITE_BUSY: (said("error.store_held"), said("error.let_finish")),
    }
    if code == sqlite3.SQLITE_CORRUPT:
        return damaged(error, path)
    what, cure = known.get(code, (said("error.store_unusable", why=error), ""))
    return StoreTrouble(what, where=str(path), cure=cure)


def damaged(error: Exception, path: Path) -> StoreTrouble:
    """What to say of a store whose bytes have changed."""
    return StoreTrouble(
        said("error.store_damaged", why=error),
        where=str(path),
        cure=said("error.put_copy"),
    )


def open_to_write(path: Path) -> sqlite3.Connection:
    """A connection to an existing journal: every commit is on disk when it returns. Raises sqlite3.Error."""
    return _usable(
        path, "rw", "pragma synchronous = full", f"pragma journal_size_limit = {_SPARE}", "select count(*) from about"
    )


def open_to_read(path: Path) -> tuple[sqlite3.Connection, bool]:
    """A connection that cannot write, and whether it only sees a file that nobody changes.

    Where nothing may be written beside the store and nobody records, SQLite has to be told that nobody will.
    """
    look = "select count(*) from sqlite_master"
    try:
        return _usable(path, "ro", look), False
    except sqlite3.OperationalError:
        if log_of(path).exists():
            raise
    return _usable(path, "ro&immutable=1", look), True


def _usable(path: Path, mode: str, *first: str) -> sqlite3.Connection:
    con = _connect(path, mode)
    try:
        for statement in first:
            con.execute(statement).fetchall()
    except BaseException:
        con.close()
        raise
    return con


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
    if version > SCHEMA:
        raise InputError(
            said("error.store_version", found=version, known=SCHEMA),
            where=str(path),
            cure=said("error.update"),
        )


def migrate(con: sqlite3.Connection) -> None:
    """Bring the tables of a journal up to date, inside a change that is done wholly or not at all."""
    [(version,)] = con.execute("pragma user_version").fetchall()
    for old in range(version, SCHEMA):
        for statement in sql(f"journal/migrate_{old}").split(";"):
            con.execute(statement)
        con.execute(f"pragma user_version = {old + 1}")


def has_attributes(con: sqlite3.Connection) -> bool:
    """Whether the tables are new enough to hold attributes."""
    return bool(con.execute("pragma user_version").fetchall()[0][0] >= 2)


def no_store(path: Path) -> InputError:
    """What to say of any other file."""
    return InputError(said("error.no_store"), where=str(path), cure=said("error.give_store"))


def several_names(path: Path) -> InputError:
    """What to say of a store that cannot know its name."""
    return InputError(
        said("error.hard_links"),
        where=str(path),
        cure=said("error.remove_links"),
    )


def exact(text: str) -> str | bytes:
    """Text that has to come back as it is, by `text_of`: as bytes where it is not to be had in UTF-8."""
    raw = text.encode("utf-8", "surrogatepass")
    return text if raw == text.encode("utf-8", "replace") else raw


def text_of(stored: str | bytes) -> str:
    """What `exact` was given."""
    return stored if isinstance(stored, str) else stored.decode("utf-8", "surrogatepass")


def closed(path: Path, error: OSError) -> StoreTrouble:
    """What to say of a file that the system does not give."""
    return StoreTrouble(
        said("error.store_not_opened", why=error),
        where=str(path),
        cure=said("error.check_store"),
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
    """Known to be open while it is, see `own_files.turn`."""

    store: tuple[Path, Identity] | None = None

    def close(self) -> None:
        super().close()
        with turn:
            store, self.store = self.store, None
            if store is not None:
                own_files.closed(store)


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    with turn:
        con = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}",
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            factory=_Connection,
        )
        con.store = own_files.opened(path)
    return con
