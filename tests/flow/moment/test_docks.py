"""Where cases leave the floor: which reason is given most often by a moment, and who rides to the dock."""

from __future__ import annotations

from collections import Counter

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factoryview.factory.privacy import Gate
from factoryview.flow.moment.docks import NO_ENDING, endings
from factoryview.flow.moment.standing import BELT_SPEED, SPACING
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
    st.integers(1, 4),
)
def test_the_reason_is_one_given_most_often_so_far_by_enough(
    connection: duckdb.DuckDBPyConnection, losses: list[Loss], smallest: int
) -> None:
    ending = endings(lost_at(connection, losses), ("",), Gate(smallest=smallest))["Ask", "Lost"]
    for second in range(32):
        counts = Counter(reason for at, reason in losses if at <= second and reason)
        most = max(counts.values(), default=0)
        said = ending.reason(second * SECOND)
        if most < smallest:
            assert said == ""
        else:
            assert counts[said] == most
        assert ending.by(second * SECOND) == sum(at <= second for at, _ in losses)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.integers(1, 30), st.sampled_from(["price", "late", "taste"])), min_size=1))
def test_the_reason_at_a_moment_does_not_depend_on_what_comes_later(
    connection: duckdb.DuckDBPyConnection, losses: list[Loss]
) -> None:
    whole = endings(lost_at(connection, losses), ("",), Gate(smallest=1))["Ask", "Lost"]
    for second in {at for at, _ in losses}:
        known = [loss for loss in losses if loss[0] <= second]
        part = endings(lost_at(connection, known), ("",), Gate(smallest=1))["Ask", "Lost"]
        assert whole.reason(second * SECOND) == part.reason(second * SECOND)


def test_a_single_loss_names_no_reason(connection: duckdb.DuckDBPyConnection) -> None:
    ending = endings(lost_at(connection, [(1, "bankrupt")]), ("",), Gate())["Ask", "Lost"]
    assert ending.reasons == ()
    assert (ending.by(SECOND), ending.reason(SECOND)) == (1.0, "")
    assert NO_ENDING.reason(SECOND) == ""
    assert NO_ENDING.by(SECOND) == 0.0


def test_who_has_just_ended_rides_on_in_order_and_apart(connection: duckdb.DuckDBPyConnection) -> None:
    store = lost_at(connection, [(second, None) for second in range(1, 13)])
    ending = endings(store, ("", "web"), Gate())["Ask", "Lost"]
    length, pace = 8.0, float(SECOND)  # one second of data is one of display: a ride takes length ÷ BELT_SPEED of them
    for at in range(20):
        belt = ending.riding(at * SECOND, pace, length)
        on_way = [s for s in range(1, 13) if 0 <= at - s < length / BELT_SPEED]
        assert belt.position.tolist() == pytest.approx([(at - s) * BELT_SPEED for s in on_way])
        assert (np.diff(belt.position) <= -SPACING + 1e-9).all()
        assert belt.hue.tolist() == [1 if (s - 1) % 2 else 0 for s in on_way]
