"""The attributes of recorded events, fetched from the journal when somebody asks for one, and kept up to date."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from threading import Lock

import numpy as np

from factoryview.sources.events import AttributeColumn
from factoryview.store.attributes import with_numbers
from factoryview.store.engine.duckdb import DuckDB
from factoryview.store.journal.journal import Journal

_CREATE = 'create or replace table {table} (row bigint, "case" varchar, text varchar)'
_DROP_CASES = 'delete from {table} where "case" in (select "case" from changed)'


class RecordedAttributes:
    """See `AttributeSource`. May be asked from any thread, while the journal is recorded."""

    def __init__(self, engine: DuckDB, path: Path) -> None:
        """path: the journal."""
        self._engine, self._path = engine, path
        self._known: dict[str, tuple[str, int, int]] = {}
        """Attribute → its table, and up to which row and in which generation of the journal it was fetched."""
        self._turn = Lock()

    def names(self) -> tuple[str, ...]:
        """See `AttributeSource.names`."""
        with closing(Journal.read(self._path)) as journal:
            return journal.attributes()

    def query(self, name: str) -> str:
        """See `AttributeSource.query`; as of now. Raises StoreTrouble if the journal cannot be read."""
        with self._turn:
            table = self._fetched(name)
        return with_numbers(self._engine, AttributeColumn(name, f'select row, "case", text from {table}'))

    def _fetched(self, name: str) -> str:
        """The table of an attribute, with everything that has come by now."""
        table, row, generation = self._known.get(name, (f"recorded_{len(self._known)}", 0, -1))
        with closing(Journal.read(self._path)) as journal, journal.reading():
            now = journal.last_row, journal.generation
            if now == (row, generation):
                return table
            after = row if journal.generation == generation else 0
            said = journal.said_of(name, after)
            changed = journal.cases_after(after) if after else []
        self._put(table, said, changed, anew=not after)
        self._known[name] = table, *now
        return table

    def _put(self, table: str, said: Sequence[tuple[int, str, str]], changed: Sequence[str], *, anew: bool) -> None:
        """Put what was said in the place of what these cases had said; `anew`: of everything."""
        rows, cases, texts = zip(*said, strict=True) if said else ((), (), ())
        page = {
            "row": np.array(rows, dtype=np.int64),
            "case": np.array(cases, dtype=object),
            "text": np.array(texts, dtype=object),
        }
        with self._engine.connection.cursor() as cursor:
            if anew:
                cursor.execute(_CREATE.format(table=table))
            else:
                cursor.register("changed", {"case": np.array(changed, dtype=object)})
                cursor.execute(_DROP_CASES.format(table=table))
            cursor.register("page", page)
            cursor.execute(f"insert into {table} by name from page")
