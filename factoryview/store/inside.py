"""What happens inside a machine that holds several activities: a store of its own, in which each is a stage."""

from __future__ import annotations

from typing import NamedTuple

import duckdb

from factoryview.sources.engine import connect
from factoryview.store.continued import filled
from factoryview.store.database import Store
from factoryview.store.derivation import OTHER, Derivation
from factoryview.store.engine import Columns
from factoryview.store.engine.duckdb import DuckDB
from factoryview.store.queries import sql

MOST = 24
"""Activities inside that have a machine of their own; the others stand together."""
_TYPES = {
    "events": 'row bigint, "case" varchar, stage varchar, time timestamp, start timestamp, resource varchar, '
    "value double, channel varchar, reason varchar, weight double",
    "machines": "id bigint, stage varchar",
}
_ORDER = """
select stage from (
    select stage, row_number() over (partition by "case" order by entered, id) as place,
        count(*) over (partition by "case") as of
    from visits
) group by stage order by avg(place / of), stage
"""
_COMMON = "select stage from visits group by stage order by count(*) desc, stage limit ?"
_ORIGINS = (
    "select channel from stays where first and channel is not null group by channel order by count(*) desc, channel"
)
_TARGETS = "select outcome from outcomes group by outcome order by count(*) desc, outcome"
_EVENTS = """
select row, "case", stage, time, start, resource, value, channel, reason, weight from events
where "case" in (select "case" from stays where stage = $stage)
"""
_MACHINES = 'select id, stage from stays where "case" in (select "case" from stays where stage = $stage)'


class Inside(NamedTuple):
    """The store, and what is in it."""

    store: Store
    stages: tuple[str, ...]
    """The activities, in the order in which cases pass them."""
    origins: tuple[str, ...]
    """The machines and channels from which cases come, those of most first."""
    targets: tuple[str, ...]
    """The machines and ends to which they go."""


def can_look_inside(store: Store) -> bool:
    """Whether the events are at hand of which its stays were folded."""
    return store.milestones is not None and isinstance(store.engine, DuckDB)


def inside(store: Store, stage: str) -> Inside:
    """What happens inside a machine, of the cases that a store has. Any thread may; it takes a while.

    At every moment as many cases are at all stages of it together as are at the machine.
    """
    assert can_look_inside(store)
    assert store.meaning != "kpi"
    events, machines = (store.engine.columns(text, {"stage": stage}, store._only()) for text in (_EVENTS, _MACHINES))
    con = connect()
    _put(con, "events", events)
    _put(con, "machines", machines)
    rule = Derivation(store.meaning, store.ends, None, store.once)
    rule.prepare(con)
    rule.run(con, prefix="raw_")
    run = {"stage": stage, "meaning": store.meaning}
    con.execute(sql("stays/inside"), run)
    names = [name for (name,) in con.execute(_ORDER).fetchall()]
    common = {name for (name,) in con.execute(_COMMON, [MOST]).fetchall()}
    con.execute("create or replace temp table others (activity varchar)")
    con.executemany("insert into others values (?)", [[name] for name in names if name not in common] or [[None]])
    con.execute(sql("stays/inside_stays"), {"other": OTHER})
    con.execute(sql("stays/inside_ends"))
    stages = tuple(dict.fromkeys(name if name in common else OTHER for name in names))
    origins, targets = (tuple(name for (name,) in con.execute(text).fetchall()) for text in (_ORIGINS, _TARGETS))
    return Inside(Store(DuckDB(con), store.meaning, targets), stages, origins, targets)


def _put(con: duckdb.DuckDBPyConnection, name: str, columns: Columns) -> None:
    """A table of what another database answered."""
    import pandas as pd  # here, for it takes a seventh of a second, and few look inside

    frame = pd.DataFrame({column: filled(values) for column, values in columns.items()})
    con.register("frame", frame)
    con.execute(f"create table {name} ({_TYPES[name]})")
    con.execute(f"insert into {name} by name select * from frame")
    con.unregister("frame")
