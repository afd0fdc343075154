"""The profile of a log against plain Python, on random, odd and real logs."""

from __future__ import annotations

import csv
import gzip
import math
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factoryview.plant.profile import LogProfile
from factoryview.store.profile import profile
from tests.kit.profiles import NOON, Event, count, traces

DATA = Path(__file__).parents[2] / ".." / "shared" / "data"


CONNECTION = duckdb.connect(config={"threads": 1})


def table(events: list[Event]) -> duckdb.DuckDBPyConnection:
    """The events in the one connection of this module, in place of those before."""
    connection = CONNECTION
    connection.execute(
        'create or replace table events ("row" bigint, "case" varchar, stage varchar, time timestamp, start timestamp, '
        "resource varchar, value double, channel varchar, reason varchar, weight double)"
    )
    columns = {field: [getattr(event, field) for event in events] for field in Event._fields}
    frame = pd.DataFrame({
        field: pd.Series(values, dtype="datetime64[us]" if field in ("time", "start") else "object")
        for field, values in columns.items()
    })  # fmt: skip
    frame["row"] = range(len(events))
    connection.register("frame", frame)
    connection.execute(
        'insert into events by name select "row", "case", stage, time, start, resource, channel from frame'
    )
    connection.unregister("frame")
    return connection


def same(found: LogProfile, expected: LogProfile) -> None:
    assert list(found.activities) == list(expected.activities)
    for name, activity in expected.activities.items():
        assert math.isclose(found.activities[name].position, activity.position, abs_tol=1e-9)
        assert {**vars(found.activities[name]), "position": 0} == {**vars(activity), "position": 0}
    for part in ("cases", "events", "since", "until", "follows", "orders", "channels"):
        assert getattr(found, part) == getattr(expected, part), part
    assert found.between == pytest.approx(expected.between)


names = st.sampled_from(["A", "a", "NA", "Ä ö", "", "'; drop", '"q"', "B,C", "𝄞"])
moments = st.integers(0, 400).map(lambda minutes: NOON + timedelta(minutes=minutes * 7))


@st.composite
def logs(draw: st.DrawFn) -> list[Event]:
    timed = draw(st.sampled_from(["completion", "interval"]))
    events = []
    for _ in range(draw(st.integers(1, 25))):
        time = draw(moments)
        start = time - timedelta(minutes=draw(st.integers(0, 50))) if timed == "interval" else None
        undated = timed == "completion" and draw(st.integers(0, 9)) == 0
        events.append(
            Event(
                case=draw(st.sampled_from(["1", "2", "NA", "ü"])),
                stage=draw(names),
                time=None if undated else time,
                start=start,
                resource=draw(st.sampled_from([None, "r", "s"])),
            )
        )
    return events


@given(logs())
@settings(max_examples=40, deadline=None)
def test_counts_what_plain_python_counts(events: list[Event]) -> None:
    same(profile(table(events)), count(events))


def test_channels_are_those_the_cases_entered_through() -> None:
    events = [
        Event("1", "A", NOON + timedelta(hours=2), channel="desk"),
        Event("1", "B", NOON, channel="web"),
        Event("2", "A", NOON, channel="web"),
        Event("3", "A", NOON, channel=None),
        Event("4", "A", None, channel="post"),
    ]
    assert profile(table(events)).channels == {"web": 2, "post": 1} == count(events).channels


def test_an_empty_log_has_an_empty_profile() -> None:
    found = profile(table([]))
    assert (found.cases, found.events, found.activities, found.since) == (0, 0, {}, None)


def test_ties_keep_the_order_of_the_file_and_rows_may_come_in_any_order() -> None:
    tied = [Event("1", stage, NOON) for stage in "CAB"]
    assert profile(table(tied)).follows == {("C", "A"): 1, ("A", "B"): 1}
    events = traces("A B C D", "A C B D")
    shuffled = random.Random(4).sample(events, len(events))
    same(profile(table(shuffled)), count(events))


def test_leaves_nothing_behind_and_can_be_asked_again() -> None:
    connection = table(traces("A B"))
    assert profile(connection) == profile(connection)
    assert connection.execute("select table_name from duckdb_tables()").fetchall() == [("events",)]


def test_of_a_large_log_only_the_orders_are_sampled() -> None:
    stages = [f"S{number:02}" for number in range(40)]
    events = traces(*[" ".join(random.Random(case).sample(stages, 40)) for case in range(1500)])
    found, expected = profile(table(events)), count(events)
    sampled = {pair: order.both for pair, order in found.orders.items()}
    assert found.follows == expected.follows
    assert set(sampled) == set(expected.orders)
    assert len(set(sampled.values())) == 1
    assert 50 < sampled["S00", "S01"] <= 1500


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        pytest.skip(f"the real log {path.name} is not beside the repository")
    with gzip.open(path, "rt", encoding="utf-8") as text:
        return list(csv.DictReader(text))


def test_permits_as_counted_by_hand() -> None:
    events = [
        Event(
            row["case:concept:name"],
            row["concept:name"],
            datetime.fromisoformat(row["time:timestamp"]).astimezone(UTC).replace(tzinfo=None),
            channel=row["case:channel"] or None,
            resource=row["org:resource"] or None,
        )
        for row in _rows(DATA / "permits" / "receipt.csv.gz")
    ]
    found = profile(table(events))
    same(found, count(events))
    assert (found.cases, found.events, len(found.activities)) == (1434, 8577, 27)
    assert found.activities["T10 Determine necessity to stop indication"].last == 828


def test_production_as_counted_by_hand() -> None:
    events = [
        Event(
            row["case_id"],
            row["Activity"],
            datetime.fromisoformat(row["end_time"]),
            start=datetime.fromisoformat(row["start_time"]),
            resource=row["Resource"],
        )
        for row in _rows(DATA / "production" / "Production.csv.gz")
    ]
    same(profile(table(events)), count(events))
