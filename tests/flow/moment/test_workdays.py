"""Working days are known at their end, from nothing later."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factoryview.flow.moment.workdays import Workdays, unit_of, workdays
from factoryview.plant.models import Calendar
from factoryview.time import DAY, HOUR, MINUTE

MONDAY = round(datetime(2025, 3, 3, tzinfo=UTC).timestamp()) * 1_000_000
"""In UTC."""


def office(days: int, per_day: int, *, stages: int = 1, closed: tuple[int, ...] = ()) -> list[np.ndarray]:
    """Departures from nine to five on five days a week, but for closed days (counted from the first Monday)."""
    rows = []
    for stage in range(stages):
        moments = [
            MONDAY + day * DAY + 9 * HOUR + (n * 8 * HOUR + stage * MINUTE) // per_day
            for day in range(days)
            if day % 7 < 5 and day not in closed
            for n in range(per_day)
        ]
        rows.append(np.array(moments, dtype=np.int64))
    return rows


def weekdays_open(found: Workdays) -> list[bool]:
    return [bool(found.open[day]) for day in range(7 * (len(found.open) // 7))]


def test_weekends_are_seen_in_the_departures() -> None:
    found = workdays(office(56, 4), MONDAY, MONDAY + 56 * DAY, "UTC", Calendar())
    assert found.unit == DAY
    assert weekdays_open(found) == [day % 7 < 5 for day in range(56)]
    assert len(found.ends) == 40
    assert found.ends[4] == MONDAY + 5 * DAY


def test_a_plant_with_many_departures_a_day_is_closed_when_it_has_none() -> None:
    found = workdays(office(70, 12, closed=(30, 31)), MONDAY, MONDAY + 70 * DAY, "UTC", Calendar())
    assert not found.open[30]
    assert not found.open[31]
    few = workdays(office(70, 3, closed=(30, 31)), MONDAY, MONDAY + 70 * DAY, "UTC", Calendar())
    assert few.open[30]


def test_a_closure_is_seen_when_most_regular_stages_rest() -> None:
    rows = office(70, 3, stages=4, closed=(35, 36))
    rows[0] = office(70, 3)[0]  # one goes on
    found = workdays(rows, MONDAY, MONDAY + 70 * DAY, "UTC", Calendar())
    assert not found.open[35]
    assert found.open[37]


def test_the_calendar_of_the_plant_is_believed() -> None:
    calendar = Calendar(days=("mon", "tue"), start=time(8), end=time(16), holidays=(date(2025, 3, 10),))
    found = workdays(office(28, 4), MONDAY, MONDAY + 28 * DAY, "Europe/Berlin", calendar)
    local = [datetime.fromtimestamp(int(edge) // 1_000_000, UTC) for edge in found.edges[:-1][found.open]]
    assert {moment.strftime("%H:%M") for moment in local} == {"23:00", "22:00"}  # midnight in Berlin, winter and summer
    assert len(found.ends) == 7
    nine = found.edges[0] + 9 * HOUR
    assert found.passed(np.array([nine]))[0] == pytest.approx(1 / 8)
    assert found.length(4 * HOUR) == pytest.approx(0.5)
    assert found.length(2 * DAY) == 2.0


def test_the_hours_of_the_day_take_no_time_when_nobody_works() -> None:
    found = workdays(office(56, 16), MONDAY, MONDAY + 56 * DAY, "UTC", Calendar())
    evening, night = (MONDAY + 49 * DAY + hour * HOUR for hour in (18, 23))
    assert found.passed(np.array([evening]))[0] == found.passed(np.array([night]))[0]
    assert found.length(4 * HOUR) == pytest.approx(0.5)


@pytest.mark.parametrize(("span", "unit"), [(30 * DAY, DAY), (13 * DAY, HOUR), (13 * HOUR, MINUTE), (0, MINUTE)])
def test_the_unit_follows_the_span(span: int, unit: int) -> None:
    assert unit_of(span) == unit


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_log_that_is_cut_has_the_same_working_days_before_the_cut(data: st.DataObject) -> None:
    moments = st.integers(0, 90 * 24).map(lambda hour: MONDAY + hour * HOUR)
    rows = [np.array(sorted(data.draw(st.lists(moments, max_size=60))), dtype=np.int64) for _ in range(3)]
    rows += office(90, data.draw(st.integers(1, 12)), stages=3, closed=tuple(data.draw(st.sets(st.integers(0, 89)))))
    cut = MONDAY + data.draw(st.integers(14 * 24, 90 * 24)) * HOUR
    whole = workdays(rows, MONDAY, MONDAY + 90 * DAY, "Europe/Berlin", Calendar())
    part = workdays([row[row <= cut] for row in rows], MONDAY, cut, "Europe/Berlin", Calendar())
    assert part.complete > 0
    assert (part.open[: part.complete] == whole.open[: part.complete]).all()
    assert (part.ends == whole.ends[: len(part.ends)]).all()
    inside = np.arange(MONDAY, int(part.edges[part.complete]) + 1, 7 * HOUR)
    assert part.passed(inside) == pytest.approx(whole.passed(inside))
    assert (np.diff(whole.passed(inside)) >= 0).all()


def test_the_next_working_day_after_the_log_goes_on_as_before() -> None:
    found = workdays(office(56, 4), MONDAY, MONDAY + 56 * DAY, "UTC", Calendar())
    assert found.after(1) == MONDAY + DAY
    assert found.after(6) == MONDAY + 8 * DAY
    assert 6 * DAY <= found.after(45) - (MONDAY + 56 * DAY) <= 8 * DAY
