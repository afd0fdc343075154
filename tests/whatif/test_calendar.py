from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factoryview.whatif.calendar import Calendar

OFFICE = Calendar.of_days(range(5), 8.5, 17)
NIGHTS = Calendar.of_days((4, 5, 6), 22, 6)


def worked_plainly(calendar: Calendar, at: float) -> float:
    """Open quarters of an hour before a moment, counted one by one."""
    quarters = np.arange(0, int(at * 4)) / 4 % calendar.period_h
    return sum(any(low <= quarter < high for low, high in calendar.spans) for quarter in quarters) / 4


@pytest.mark.parametrize("calendar", [OFFICE, NIGHTS, Calendar.always()])
def test_working_hours_are_those_counted_one_by_one(calendar: Calendar) -> None:
    moments = np.arange(0, 400, 7.25)
    assert calendar.worked(moments) == pytest.approx([worked_plainly(calendar, at) for at in moments])


def test_a_night_over_the_end_of_the_week_is_one_night() -> None:
    assert NIGHTS.spans == ((0.0, 6.0), (118.0, 126.0), (142.0, 150.0), (166.0, 168.0))
    assert NIGHTS.hours_a_week == 24
    assert Calendar.of_days(range(7), 0, 0) == Calendar.always()


def test_holidays_are_weeks_of_their_own() -> None:
    open_ = np.tile(np.isin(np.arange(24), range(9, 17)), (14, 1))
    open_[9] = False  # the second week's Wednesday
    calendar = Calendar.of_hours(open_)
    assert calendar.weeks == 2
    assert calendar.next_open(9 * 24 + 10.0) == 10 * 24 + 9
    assert calendar.next_open(16 * 24 + 10.0) == 16 * 24 + 10  # two weeks after the first week's Wednesday


def test_days_are_closed_where_they_are_said() -> None:
    closed = OFFICE.without([24.0, 168.0 + 48], until=400)
    assert closed.weeks == 3
    assert closed.next_open(20.0) == 48 + 8.5
    assert closed.next_open(168.0 + 48 + 10) == 168 + 72 + 8.5
    assert closed.next_open(2 * 168.0 + 24) == 2 * 168 + 24 + 8.5
    assert OFFICE.without([], until=400) == OFFICE


@given(st.sampled_from([OFFICE, NIGHTS, Calendar.always()]), st.floats(-500, 2000))
def test_the_clock_goes_there_and_back(calendar: Calendar, at: float) -> None:
    opening = float(calendar.next_open(at))
    assert opening >= at
    assert calendar.worked(opening) == pytest.approx(float(calendar.worked(at)), abs=1e-9)
    assert calendar.worked(opening + 0.01) > calendar.worked(opening)
    back = float(calendar.moment(calendar.worked(at)))
    assert back <= at + 1e-9
    assert calendar.worked(back) == pytest.approx(float(calendar.worked(at)), abs=1e-9)


@pytest.mark.parametrize("spans", [(), ((5.0, 3.0),), ((0.0, 4.0), (4.0, 8.0)), ((160.0, 170.0),)])
def test_spans_that_are_no_calendar_are_refused(spans: tuple[tuple[float, float], ...]) -> None:
    with pytest.raises(ValueError, match="not ascending"):
        Calendar(spans)
