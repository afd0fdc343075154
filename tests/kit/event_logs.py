"""Small logs for tests: events in Python, the table `events` in DuckDB, and strategies that make them up."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields, replace

import duckdb
from hypothesis import strategies as st

from factoryview.sources.events import EventLog, Meaning

SECOND = 1_000_000
STAGES = ("Ask", "Check", "Offer", "Won", "Lost")
CHANNELS = (None, "web", "Check")
"""One channel is called like a stage."""


@dataclass(frozen=True)
class Event:
    """A row of the table `events`; times in µs since 1970 UTC."""

    row: int
    case: str
    stage: str
    time: int | None
    start: int | None = None
    resource: str | None = None
    value: float | None = None
    channel: str | None = None
    reason: str | None = None
    weight: float = 1.0


_TYPES = {"row": "bigint", "time": "bigint", "start": "bigint", "value": "double", "weight": "double"}


def event_log(connection: duckdb.DuckDBPyConnection, meaning: Meaning, events: list[Event]) -> EventLog:
    """The events as a reader would hand them over."""
    names = [field.name for field in fields(Event)]
    columns = dict(zip(names, map(list, zip(*map(astuple, events), strict=True)), strict=True)) if events else {
        name: [] for name in names
    }  # fmt: skip
    unnested = ", ".join(f'unnest(${name}::{_TYPES.get(name, "varchar")}[]) as "{name}"' for name in names)
    connection.execute(
        f"create or replace table events as select * replace (make_timestamp(time) as time, "
        f"make_timestamp(start) as start) from (select {unnested})",
        columns,
    )
    return EventLog(connection, meaning, {}, [], len(events), 0)


@st.composite
def logs(draw: st.DrawFn, meaning: Meaning, most: int = 14) -> list[Event]:
    """Events in any order, with rework, ties, zero lengths, open and undated ones, events after the outcome."""
    moments = st.integers(-3, 25).map(lambda tick: tick * SECOND)
    weights = draw(st.lists(st.sampled_from([1.0, 1.0, 2.0, 0.1]), min_size=4, max_size=4))
    events = []
    for row in range(draw(st.integers(1, most))):
        case = draw(st.integers(0, 3))
        time: int | None = draw(moments)
        start = None
        undated = draw(st.integers(0, 9)) == 0
        if meaning == "interval":
            start = draw(st.one_of(st.none(), moments, moments, moments))
            if start is not None:
                time = draw(st.one_of(st.none(), *[st.integers(0, 8).map(lambda n, s=start: s + n * SECOND)] * 5))
        if undated:
            time = start = None
        events.append(
            Event(
                row,
                f"case {case}",
                draw(st.sampled_from(STAGES)),
                time,
                start,
                resource=draw(st.sampled_from([None, "Ada"])),
                value=draw(st.sampled_from([None, 0.0, -5.5])),
                channel=draw(st.sampled_from(CHANNELS)),
                reason=draw(st.sampled_from([None, "price"])),
                weight=weights[case],
            )
        )
    return [replace(event, row=row) for row, event in enumerate(draw(st.permutations(events)))]
