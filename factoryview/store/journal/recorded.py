"""What a journal holds, in the engine: the table `events`, and `kpi` of its counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, get_args

import duckdb
import numpy as np

from factoryview.errors import UsageError
from factoryview.language.said import said
from factoryview.plant.words import Times
from factoryview.sources.engine import connect
from factoryview.sources.events import EventLog, Meaning
from factoryview.store.engine.duckdb import DuckDB
from factoryview.store.journal.attributes import RecordedAttributes
from factoryview.store.journal.journal import Columns, Journal

PAGE = 50_000
"""Rows taken from a journal at once."""

_TIDIED_AFTER = "64MB"
"""So much is written before the engine gives back the room of what was replaced: seldom, as it then pauses."""
_UNKNOWN = np.iinfo(np.int64).min
_EVENTS = """
create or replace {kind} {table} (row bigint, "case" varchar, stage varchar, time timestamp, start timestamp,
    resource varchar, value double, channel varchar, reason varchar, weight double)"""
_PUT_EVENTS = f"""
insert into {{table}} by name select * replace (make_timestamp(nullif(time, {_UNKNOWN})) as time,
    make_timestamp(nullif(start, {_UNKNOWN})) as start) from page"""
_COUNTS = """
create or replace table counts (row bigint, feed bigint, stage varchar, bucket bigint, bucket_end bigint,
    arrivals double, departures double, losses double, wip double)"""
_DROP_COUNTS = "delete from counts where (feed, stage, bucket) in (select (feed, stage, bucket) from page)"
_KPI = """
create or replace table kpi as
select stage, make_timestamp(bucket) as bucket, make_timestamp(bucket_end) as bucket_end, sum(arrivals) as arrivals,
    sum(departures) as departures, sum(losses) as losses, max(wip) as wip
from counts group by counts.stage, counts.bucket, counts.bucket_end
order by coalesce(list_position($order::varchar[], stage), len($order::varchar[]) + 1), min(row)"""


@dataclass(frozen=True)
class JournalMark:
    """How far a journal has been read."""

    row: int
    """Of events."""
    count: int
    """The row of counts."""
    generation: int


@dataclass(frozen=True)
class Recorded:
    """A journal as a log, at one moment."""

    log: EventLog
    """Without findings; `rows` and `rejected` are of all that ever came."""
    counted: bool
    """There are counts, in the table `kpi`."""
    mark: JournalMark
    attributes: RecordedAttributes


def read_recorded(journal: Journal, *, times: str | None = None, order: Sequence[str] = ()) -> Recorded:
    """Everything a journal holds at this moment, in an engine in memory.

    times: what the times of events mean, where that is not what the journal says. order: stages in the order in which
    cases pass them, as far as known; counts follow it. A journal with counts only is of the meaning "kpi".
    Raises UsageError if the events were not recorded so that they could mean `times`.
    """
    meaning = _meaning(journal.times, times)
    con = connect(checkpoint_threshold=_TIDIED_AFTER)
    create_events(con, "events")
    create_counts(con)
    with journal.reading():
        mark = JournalMark(journal.last_row, journal.last_count, journal.generation)
        for page in pages(journal.events_after):
            put_events(con, "events", page)
        for page in pages(journal.counts_after):
            put_counts(con, page)
        states = journal.states()
    add_up(con, order)
    accepted, rejected = sum(state.accepted for state in states), sum(state.rejected for state in states)
    shown: Meaning = "kpi" if mark.count and not mark.row else meaning
    log = EventLog(con, shown, {}, [], accepted + rejected, rejected, once=True)
    return Recorded(log, mark.count > 0, mark, RecordedAttributes(DuckDB(con), journal.path))


def create_events(con: duckdb.DuckDBPyConnection, table: str, *, temporary: bool = False) -> None:
    """An empty table of events (see `EventLog`)."""
    con.execute(_EVENTS.format(kind="temp table" if temporary else "table", table=table))


def put_events(con: duckdb.DuckDBPyConnection, table: str, rows: Columns) -> None:
    """Add events of a journal to a table of events."""
    _register(con, rows, whole=("row", "time", "start"), real=("value", "weight"))
    con.execute(_PUT_EVENTS.format(table=table))
    con.unregister("page")


def create_counts(con: duckdb.DuckDBPyConnection) -> None:
    """An empty table `counts`, as a journal has it."""
    con.execute(_COUNTS)


def put_counts(con: duckdb.DuckDBPyConnection, rows: Columns) -> None:
    """Add counts of a journal to the table `counts`, each in the place of the one it corrects."""
    whole, real = ("row", "feed", "bucket", "bucket_end"), ("arrivals", "departures", "losses", "wip")
    _register(con, rows, whole, real)
    con.execute(_DROP_COUNTS)
    con.execute("insert into counts by name from page")
    con.unregister("page")


def add_up(con: duckdb.DuckDBPyConnection, order: Sequence[str]) -> None:
    """Make `kpi` (see `EventLog`) of the table `counts`: those of several feeds are added up."""
    con.execute(_KPI, {"order": list(order)})


def pages(read: Callable[[int, int], Columns], row: int = 0) -> Iterator[Columns]:
    """Everything after a row, page by page. read: `events_after` or `counts_after` of a journal."""
    while (page := read(row, PAGE))["row"]:
        row = page["row"][-1]
        yield page


def _meaning(recorded: Times, wish: str | None) -> Times:
    if wish is None or wish == recorded:
        return recorded
    known: dict[str, Times] = {name: name for name in get_args(Times)}
    if wish not in known:
        raise UsageError(said("error.no_such_times", times=wish, known=", ".join(known)))
    if "interval" in (wish, recorded):
        raise UsageError(said("error.recorded_with", times=wish, recorded=recorded))
    return known[wish]


def _register(con: duckdb.DuckDBPyConnection, rows: Columns, whole: Sequence[str], real: Sequence[str]) -> None:
    """Make `page` of rows; whole numbers that are unknown have a number of their own."""
    page: dict[str, Any] = {}
    for name, values in rows.items():
        if name in whole:
            page[name] = np.array([_UNKNOWN if value is None else value for value in values], dtype=np.int64)
        else:
            page[name] = np.array(values, dtype=float if name in real else object)
    con.register("page", page)
