"""Rates against plain counting: over the last window, of what has been seen of it, and never of less than a unit."""

from __future__ import annotations

import pytest
from duckdb import connect
from hypothesis import given, settings
from hypothesis import strategies as st

from factoryview.flow.moment.history import History, history
from factoryview.store.database import Store
from factoryview.time import DAY, HOUR, MINUTE, SECOND
from tests.kit.event_logs import Event, event_log


def history_of(leaving: list[int], until: int = 0) -> History:
    """Of cases that come to A at once and leave it at these moments, µs."""
    events: list[Event] = []
    for number, moment in enumerate(leaving):
        for stage, time in (("A", min(leaving)), ("Done", moment)):
            events.append(Event(len(events), f"c{number}", stage, time))
    return history(Store.build(event_log(connect(), "entry", events), ends=("Done",)), ("A",), until)


def test_eight_events_in_three_seconds_are_no_hundreds_in_an_hour() -> None:
    begin = 20_000 * DAY + 9 * HOUR
    found = history_of([begin + n * SECOND // 3 for n in range(1, 9)], until=begin + 3 * SECOND)
    assert found.rate.unit == HOUR
    for later in range(3, 60):
        assert found.throughput(begin + later * SECOND)[0] <= 8
    whole = history_of([begin + n * SECOND // 3 for n in range(1, 9)], until=begin + 2 * HOUR)
    assert whole.throughput(begin + 2 * HOUR)[0] == pytest.approx(4, rel=0.01)


def test_a_short_log_that_is_over_is_counted_over_all_of_it() -> None:
    found = history_of([n * SECOND for n in range(1, 121)])
    assert found.rate.unit == MINUTE
    assert found.throughput(found.last + SECOND)[0] == pytest.approx(60, rel=0.01)


def test_what_was_recorded_for_seconds_is_no_hundreds_in_a_minute() -> None:
    found = history_of([n * SECOND // 3 for n in range(1, 9)])
    assert found.rate.unit == MINUTE
    assert found.throughput(found.last + SECOND)[0] <= 8


@settings(max_examples=40)
@given(
    st.lists(st.integers(0, 40 * 24), min_size=2, max_size=60),
    st.sampled_from([SECOND, MINUTE, HOUR]),
    st.floats(0, 1),
    st.booleans(),
)
def test_a_rate_is_what_left_over_the_time_it_took(hours: list[int], step: int, share: float, live: bool) -> None:
    begin = 20_000 * DAY
    leaving = sorted(begin + hour * step for hour in hours)
    found = history_of(leaving, until=leaving[-1] + step if live else 0)
    moment = begin + int(share * (found.last - begin))
    end = found.origin + max(0, (moment - found.origin) // found.width) * found.width
    since = max(found.origin, end - max(1, found.rate.window // found.width) * found.width)
    left = sum(since <= one < end for one in leaving)
    elapsed = max(end - since, found.width, found.rate.base)
    assert found.throughput(moment)[0] == pytest.approx(left * found.rate.unit / elapsed)
    if live and found.rate.unit == HOUR and found.last - found.first < DAY:
        assert found.throughput(moment)[0] <= left, "an hour at least has been counted over"
