"""The stays of events that lie in files, kept on disk: derived once, and found again as long as the files are those."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import Any

import duckdb

from factoryview.errors import InputError
from factoryview.language.said import said
from factoryview.sources.engine import connect, watched
from factoryview.store.database import Store
from factoryview.store.engine.duckdb import DuckDB
from factoryview.store.grown import Mark, grown, mark, put
from factoryview.store.kept import cache_folder, digest, state_of
from factoryview.store.queries import sql

FEWEST = 500_000
"""Stays that are kept: fewer are derived before anybody notices."""
_MOST = 4
"""Databases that are kept: those that were used last."""
_ABANDONED = 86_400
"""Seconds after which nobody writes any more what has not been written."""


class KeptStays:
    """A database of stays in this user's cache folder, for files of events that are read in one way."""

    def __init__(self, files: Path, how: object) -> None:
        """files: a file, or a folder of them. how: what the reading of them follows."""
        self._source = digest(os.path.abspath(files), how)
        self._key = f"{self._source}-{state_of(files)}"
        self._path = cache_folder() / f"{self._key}.stays"
        self._growing: tuple[Path, Mark] | None = None
        """The file to which what came was put, until it is kept, and what it is made of."""
        self._line = ""
        """Of that file, see `Store.line`."""

    def is_kept(self) -> bool:
        """Whether there is something to be found."""
        return self._path.is_file()

    def found(self) -> tuple[Store, Any] | None:
        """A store of what was kept, and what was to be known about it; None where nothing was kept."""
        if not self._path.is_file():
            return None
        connection = connect()
        try:
            told = self._seen(connection)
            os.utime(self._path)
        except (duckdb.Error, ValueError, OSError):
            connection.close()
            with suppress(OSError):
                self._path.unlink(missing_ok=True)
            return None
        milestones = None if told["milestones"] is None else frozenset(told["milestones"])
        store = Store(_Kept(connection, self._path), told["meaning"], tuple(told["ends"]), milestones)
        store.files_as, store.spans, store.line = self._key, tuple(told["spans"]), told["line"]
        return store, told["about"]

    def forget(self) -> None:
        """Let go of what was kept of the files as they were: who was taken out of them is to be nowhere."""
        with suppress(OSError):  # Windows lets go of no file that another program looks at
            for file in self._path.parent.glob(f"{self._source}-*.stays"):
                if file != self._path:
                    file.unlink(missing_ok=True)

    def grown(self, connection: duckdb.DuckDBPyConnection, ends: tuple[str, ...]) -> Store | None:
        """A store of the entries in the table `events` of a database, made of what was kept of the files as they were,
        if these have only grown since, and by a little; `keep` then keeps it. None where that is not sure.

        ends: stages at which cases are done.
        """
        new = self._path.with_suffix(f".{os.getpid()}")
        for old in self._path.parent.glob(f"{self._source}-*.stays"):
            try:
                told = _told(old)
                before = Mark.told(told.get("events"))
                now = grown(connection, before)
                if now is None or before is None or (told["ends"], told["milestones"]) != (list(ends), None):
                    continue
                shutil.copyfile(old, new)
                new.chmod(0o600)
                connection.execute(f"attach {_literal(new)} as kept")
                put(connection, "kept", before.row, ends)
            except (duckdb.Error, ValueError, LookupError, OSError):
                with suppress(duckdb.Error):
                    connection.execute("detach database if exists kept")
                new.unlink(missing_ok=True)
                continue
            for table in ("stays", "outcomes"):
                connection.execute(f"create view {table} as from kept.{table}")
            self._growing, self._line = (new, now), told["line"]
            return Store(DuckDB(connection), "entry", ends)
        return None

    def keep(
        self, store: Store, about: Any, tell: Callable[[float], None] = lambda _share: None, *, grows: bool = False
    ) -> None:
        """Keep the stays of a large store of all cases, and what is to be known about it (as JSON has it); the store
        then looks them up there. Nothing happens where there is no room for them.

        tell: told meanwhile which share of a step is done, on another thread; what it raises ends it. grows: they are
        made of the entries in the table `events` of its database, of which more may come (`grown`).
        """
        [(stays,)] = store.rows("stays/number")
        if stays < FEWEST or not isinstance(store.engine, DuckDB):
            return
        new = self._path.with_suffix(f".{os.getpid()}")
        with suppress(duckdb.Error, OSError):
            new.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            events = self._growing[1] if self._growing else mark(store.engine.connection) if grows else None
            line = self._line if self._growing is not None else token_hex(16)
            with store.engine.connection.cursor() as cursor, watched(cursor, tell):
                try:
                    keeping = "kept" if self._growing is not None else "keeping"
                    if self._growing is None:
                        cursor.execute(f"attach {_literal(new)} as keeping")
                        new.chmod(0o600)
                        order = "order by span nulls last, entered, id"
                        plain = sql("stays/kept").format(stays="stays")
                        made = plain if store.laid is None else store.laid.stays(order)
                        cursor.execute(f"create table keeping.stays as {made}")
                        cursor.execute("create table keeping.outcomes as from outcomes")
                        cursor.execute("create table keeping.touched (hour timestamp, growth bigint)")
                    distinct = f"select distinct span from {keeping}.stays where span is not null order by 1"
                    spans = tuple(span for (span,) in cursor.execute(distinct).fetchall())
                    told = {
                        "meaning": store.meaning, "ends": store.ends, "about": about, "spans": spans,
                        "milestones": None if store.milestones is None else sorted(store.milestones),
                        "events": None if events is None else events.plain(), "line": line,
                    }  # fmt: skip
                    cursor.execute(
                        f"create or replace table {keeping}.about as select $text as text", {"text": json.dumps(told)}
                    )
                    if self._growing is not None:
                        cursor.execute("drop view stays; drop view outcomes")
                    cursor.execute(f"detach {keeping}")
                    os.replace(new, self._path)
                    if store.laid is not None:
                        store.laid.close(cursor)
                        store.laid = None
                    self._seen(cursor)
                    store.files_as, store.spans, self._growing = self._key, spans, None
                    store.line = line
                finally:
                    with suppress(duckdb.Error):
                        cursor.execute("detach database if exists keeping")
                    if self._growing is None:
                        new.unlink(missing_ok=True)
            for left in new.parent.glob("*.[0-9]*"):  # of a program that was killed
                if time.time() - left.stat().st_mtime > _ABANDONED:
                    left.unlink(missing_ok=True)
            others = sorted(new.parent.glob("*.stays"), key=lambda file: file.stat().st_mtime)
            for file in others[:-_MOST]:
                file.unlink(missing_ok=True)

    def _seen(self, connection: duckdb.DuckDBPyConnection) -> Any:
        """Let a database see the kept stays in the place of its own, if it has some; what is to be known about them."""
        connection.execute(f"attach {_literal(self._path)} as kept (read_only)")
        [(text,)] = connection.execute("select text from kept.about").fetchall()
        told = json.loads(text)
        for table in ("stays", "outcomes", "touched"):
            connection.execute(f"drop table if exists {table}")
            connection.execute(f"create view {table} as from kept.{table}")
        return told


class _Kept(DuckDB):
    """Answers queries on kept stays, which may turn out to be damaged: DuckDB looks at a block when it reads it."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path) -> None:
        super().__init__(connection)
        self._path = path
        self._damaged = False

    @contextmanager
    def _cursor(self, only: str | None) -> Iterator[duckdb.DuckDBPyConnection]:
        """Raises InputError if the stays are damaged; they are let go of then, so that they are derived next time."""
        try:
            with super()._cursor(only) as cursor:
                yield cursor
        except duckdb.Error as error:
            if not self._damaged:
                if _is_whole(self._path):
                    raise
                self._damaged = True
                self.close()  # Windows lets go of no file that is open
                with suppress(OSError):
                    self._path.unlink(missing_ok=True)
            raise InputError(
                said("error.kept_damaged"), where=str(self._path), cure=said("error.open_again")
            ) from error


def _told(path: Path) -> Any:
    """What is to be known about the stays in a file. Raises duckdb.Error or ValueError where they are damaged."""
    with connect() as connection:
        connection.execute(f"attach {_literal(path)} as kept (read_only)")
        [(text,)] = connection.execute("select text from kept.about").fetchall()
    return json.loads(text)


def _is_whole(path: Path) -> bool:
    """Whether all of the kept stays can be read, or they have been let go of already."""
    if not path.exists():
        return True
    with connect() as connection:
        try:
            connection.execute(f"attach {_literal(path)} as kept (read_only)")
            for table in ("stays", "outcomes"):
                connection.execute(f"select bit_xor(hash({table})) from kept.{table}").fetchall()
        except duckdb.Error:
            return False
    return True


def _literal(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
