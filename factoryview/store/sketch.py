"""A large log seen before it is counted: some of its cases, in which order they went, and the events it begins with.

Both are events in a database of their own, copied out of the log. A case belongs to the sample or does not by its name
alone, so that everybody who asks finds the same ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from tempfile import TemporaryDirectory

import duckdb

from factoryview.sources.engine import connect
from factoryview.sources.events import EventLog
from factoryview.sources.scratch import scratch_folder
from factoryview.store.database import Store
from factoryview.store.engine.duckdb import DuckDB

FEWEST = 3_000_000
"""Events that are looked at so; fewer are counted in seconds."""
SAMPLED = 100_000
"""About so many events are those of the sample,"""
BEGUN = 300_000
"""and about so many those that a log begins with."""
_MEMORY = "200MB"
"""What the database of either keeps in memory."""
_CASE = '"case"'
_CASES = 'hash("case") % {every} = 0'
_MORE = 2
"""How many times as many as wanted may come in the beginning, where many have the same moment."""


@dataclass(frozen=True)
class Sketch:
    """What is known of a log at once."""

    log: EventLog
    """Of the sampled cases all events."""
    every: int
    """How many cases one of them stands for."""
    span: tuple[int, int]
    """First and last moment of the whole log, µs UTC."""
    until: int
    """The moment (µs UTC) up to which about `BEGUN` events come."""


def sketch(log: EventLog) -> Sketch | None:
    """The sketch of a large log of entries that all have their moment and are one case each; None of any other.

    Every stage of the log is in it: of one that no sampled case has been at, one case is put in. Asks DuckDB alone.
    """
    con = log.connection
    if log.meaning != "entry" or log.once or "weight" in log.columns or not isinstance(con, duckdb.DuckDBPyConnection):
        return None
    [(events, timed, first, last)] = con.execute(
        "select count(*), count(time), epoch_us(min(time)), epoch_us(max(time)) from events"
    ).fetchall()
    if events < FEWEST or timed < events or first == last:
        return None
    every = max(1, events // SAMPLED)
    chosen = _CASES.format(every=every)
    sample = _copied(log, chosen)
    stages, seen = (
        {name for (name,) in each.execute("select distinct stage from events").fetchall()}
        for each in (con, sample.connection)
    )
    if rare := sorted(stages - seen):
        query = f'select arg_min("case", hash("case")) from events where {_among("stage", rare)} group by stage'
        cases = sorted({case for (case,) in con.execute(query).fetchall()})
        sample.connection.close()
        sample = _copied(log, f"({chosen} or {_among(_CASE, cases)})")
    [(until,)] = sample.connection.execute(
        "select epoch_us(quantile_disc(time, $share)) from events", {"share": min(1.0, BEGUN / events)}
    ).fetchall()
    return Sketch(sample, every, (first, last), until)


def beginning(log: EventLog, until: int) -> EventLog | None:
    """The events of a log up to a moment (µs UTC, it included); None where they are many times `BEGUN`."""
    where = f"time <= make_timestamp({until})"
    [(number,)] = log.connection.execute(f"select count(*) from events where {where}").fetchall()
    return _copied(log, where) if number <= _MORE * BEGUN else None


def sampled(store: Store, every: int) -> Store:
    """The stays of the cases that a sketch of the same log has, of a store of entries that holds all of them."""
    assert isinstance(store.engine, DuckDB), "only such logs are sketched"
    con = connect(memory_limit=_MEMORY)
    chosen = _CASES.format(every=every)
    visits = 'select "case", stage from stays union all select "case", outcome as stage from outcomes'
    seen = f"select stage from ({visits}) where {chosen}"
    rare = f'select arg_min("case", hash("case")) from ({visits}) where stage not in ({seen}) group by stage'
    with TemporaryDirectory(dir=scratch_folder()) as folder, store.engine.connection.cursor() as cursor:
        cases = [case for (case,) in cursor.execute(rare).fetchall()]
        if cases:
            chosen = f"({chosen} or {_among(_CASE, cases)})"
        for table in ("stays", "outcomes"):
            file = f"{folder}/{table}.parquet"
            cursor.execute(f"copy (select * from {table} where {chosen} order by id) to '{file}' (format parquet)")
            con.execute(f"create table {table} as from '{file}'")
    if store.spans:
        con.execute("alter table stays drop span")
    return Store(DuckDB(con), store.meaning, store.ends, store.milestones)


def _copied(log: EventLog, where: str) -> EventLog:
    """Some of its events. Raises OSError where they find no room on the way."""
    con = connect(memory_limit=_MEMORY)
    with TemporaryDirectory(dir=scratch_folder()) as folder:
        file = f"{folder}/events.parquet"
        log.connection.execute(f"copy (select * from events where {where} order by row) to '{file}' (format parquet)")
        con.execute(f"create table events as from '{file}'")
    return replace(log, connection=con, findings=list(log.findings))


def _among(column: str, texts: Sequence[str]) -> str:
    quoted = ["'" + text.replace("'", "''") + "'" for text in texts]
    return f"{column} in ({', '.join(quoted)})"
