"""Where cases leave the floor: which reasons are given in a span, and who rides to the dock."""

from __future__ import annotations

from collections import Counter

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factoryview.flow.moment.docks import NO_ENDING, endings
from factoryview.flow.moment.ride import BELT_SPEED, SPACING
from factoryview.store.database import Store
from tests.kit.event_logs import SECOND, Event, event_log

Loss = tuple[int, str | None]


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": 1})


def lost_at(connection: duckdb.DuckDBPyConnection, losses: list[Loss]) -> Store:
    events = []
    for k, (second, reason) in enumerate(losses):
        events.append(Event(2 * k, f"case {k}", "Ask", (second - 1) * SECOND, channel="web" if k % 2 else "fair"))
        events.append(Event(2 * k + 1, f"case {k}", "Lost", second * SECOND, reason=reason))
    return Store.build(event_log(connection, "entry", events), ends=("Lost",))


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.integers(1, 30), st.sampled_from([None, "", "price", "late", "taste"])), min_size=1),
    st.integers(0, 31),
    st.integers(0, 31),
)
def test_the_reasons_of_a_span_are_those_given_in_it(
    connection: duckdb.DuckDBPyConnection, losses: list[Loss], since: int, until: int
) -> None:
    ending = endings(lost_at(connection, losses), ("",))["Ask", "Lost"]
    expected = Counter(reason or "" for at, reason in losses if since <= at < until)
    assert ending.reasons_in(since * SECOND, until * SECOND) == dict(expected)
    assert ending.tally.by(until * SECOND) == sum(at <= until for at, _ in losses)


def test_on_a_way_that_nobody_went_nothing_is_lost() -> None:
    assert NO_ENDING.reasons_in(0, 2**62) == {}
    assert NO_ENDING.tally.by(SECOND) == 0.0


def test_who_has_just_ended_rides_on_in_order_and_apart(connection: duckdb.DuckDBPyConnection) -> None:
    store = lost_at(connection, [(second, None) for second in range(1, 13)])
    ending = endings(store, ("", "web"))["Ask", "Lost"]
    length, pace = (
        2 * BELT_SPEED,
        float(SECOND),
    )  # one second of data is one of display: a ride takes length ÷ BELT_SPEED of them
    for at in range(20):
        belt = ending.riding(at * SECOND, pace, length)
        on_way = [s for s in range(1, 13) if 0 <= at - s < length / BELT_SPEED]
        assert belt.position.tolist() == pytest.approx([(at - s) * BELT_SPEED for s in on_way])
        assert (np.diff(belt.position) <= -SPACING + 1e-9).all()
        assert belt.hue.tolist() == [1 if (s - 1) % 2 else 0 for s in on_way]
