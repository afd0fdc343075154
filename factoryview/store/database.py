"""The stays in an embedded database: built from events in the engine, asked by named SQL files."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from factoryview.errors import InputError
from factoryview.sources.events import EventLog, Meaning
from factoryview.store.cumulative import stays_from_counts

OTHER = "Other"
"""The machine of cases that visit none of the milestones."""

Columns = dict[str, NDArray[Any]]


@cache
def sql(name: str) -> str:
    """The text of a named query."""
    return (Path(__file__).parent / "sql" / f"{name}.sql").read_text(encoding="utf-8")


class Store:
    """Tables `stays` and `outcomes` of one plant, in memory or in a file.

    stays: id (order of arrival among equals), case, stage, entered, started, left, next, via, channel, weight,
        resource, value, reason, last (the case's last known stay). Times are UTC; null where unknown or open;
        `entered` is null for a stay whose moment nobody wrote down. Presence is half open: entered ≤ t < left.
        `next` is null while a stay is open and where the next step is not known; `channel` is the case's.
    outcomes: case, outcome, at (null where nobody wrote it down), until (reopened then), via (the stage left),
        channel, weight, value, reason.

    Every method may be called from any thread.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, meaning: Meaning, ends: tuple[str, ...]) -> None:
        self.connection = connection
        self.meaning = meaning
        self.ends = ends

    @classmethod
    def build(cls, log: EventLog, *, ends: Iterable[str] = (), milestones: Iterable[str] | None = None) -> Store:
        """Turn the events of a log into stays.

        ends: stages at which cases are done. milestones: fold all other stages into these; None: do not fold.
        """
        con = log.connection
        ends = tuple(ends)
        if log.meaning == "kpi":
            stays_from_counts(con)
            store = cls(con, "kpi", ())
        else:
            meaning: Meaning = "entry" if log.meaning == "snapshot" else log.meaning
            _name_table(con, "ends", ends)
            events = "events"
            if milestones is not None:
                _name_table(con, "milestones", {*milestones, *ends})
                con.execute(sql(f"fold_{meaning}"), {"other": OTHER})
                events = "folded"
            con.execute(sql(f"stays_{meaning}").format(events=events))
            con.execute("drop table if exists folded")
            store = cls(con, meaning, ends)
        con.execute("create or replace table about as select ? as meaning, ?::varchar[] as ends", [
            store.meaning, list(store.ends)
        ])  # fmt: skip
        return store

    @classmethod
    def open(cls, path: Path) -> Store:
        """A store that was written before; raises InputError for any other file."""
        try:
            connection = duckdb.connect(str(path), read_only=True)
            try:
                [(meaning, ends)] = connection.execute("select meaning, ends from about").fetchall()
            except duckdb.Error:
                connection.close()
                raise
        except duckdb.Error as error:
            raise InputError(
                "this is no factoryview store.",
                where=str(path),
                cure="Give a store made by `factoryview record`, or a log.",
            ) from error
        return cls(connection, meaning, tuple(ends))

    def ask(self, name: str, /, **parameters: object) -> Columns:
        """The answer of a named query, as columns; times are numpy datetime64, null is masked."""
        with self.connection.cursor() as cursor:
            return columns_of(cursor.execute(sql(name), parameters or None))

    def rows(self, name: str, /, **parameters: object) -> list[tuple[Any, ...]]:
        """The answer of a named query, as Python rows."""
        with self.connection.cursor() as cursor:
            return cursor.execute(sql(name), parameters or None).fetchall()

    def span(self) -> tuple[int, int]:
        """First and last moment anything happened, µs since 1970 UTC; raises InputError if no event has a time."""
        [(first, last)] = self.rows("span")
        if first is None:
            raise InputError("no event in this log has a time.", cure="Name the column with the moment: --map time=…")
        return int(first), int(last)

    def stages(self) -> list[str]:
        """Every stage that has a stay, in order of first use."""
        return [name for (name,) in self.rows("stages")]

    def close(self) -> None:
        self.connection.close()


def columns_of(answer: duckdb.DuckDBPyConnection) -> Columns:
    """All rows of an answer as numpy columns."""
    return {name: np.asanyarray(column) for name, column in answer.fetchnumpy().items()}


def _name_table(con: duckdb.DuckDBPyConnection, table: str, names: Iterable[str]) -> None:
    con.execute(f"create or replace temp table {table} (stage varchar)")
    if rows := [(name,) for name in sorted(set(names))]:
        con.executemany(f"insert into {table} values (?)", rows)
