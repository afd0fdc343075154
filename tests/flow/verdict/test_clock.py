"""Working time discovered from when work is finished."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import numpy as np
import pytest

from factoryview.flow.verdict.clock import discover, hours_of_log
from factoryview.flow.verdict.evidence import Evidence
from factoryview.flow.verdict.visits import Visits
from factoryview.flow.verdict.worktime import working_days
from factoryview.plant.models import Calendar, Plant
from factoryview.time import hours_of, moment_of

MONDAY = hours_of(datetime(2024, 1, 1, tzinfo=UTC))
WORKDAYS = ("mon", "tue", "wed", "thu", "fri")


def evidence(departures: np.ndarray, plant: Plant, weeks: int = 20) -> Evidence:
    n = len(departures)
    visits = Visits(departures - 1, np.full(n, np.nan), departures, np.zeros(n, np.int64), np.zeros(n, bool))
    begin = MONDAY
    return Evidence(
        plant, "entry", ("A",), ("A", "Won"), (visits,), np.array([False, True]), begin, begin + 168 * weeks, 1.0
    )


def office(weeks: int = 20, offset: float = 0.0) -> np.ndarray:
    """Twenty departures every working day from 8 to 17."""
    days = [MONDAY + 168 * week + 24 * day for week in range(weeks) for day in range(5)]
    return np.concatenate([day + offset + np.linspace(8.1, 16.9, 20) for day in days])


def test_nights_and_weekends_are_found() -> None:
    log = evidence(office(), Plant(name="x"))
    clock = discover(log.visits[0].departures, hours_of_log(log))
    assert clock.share == pytest.approx(45 / 168, rel=0.02)
    friday, monday = MONDAY + 4 * 24 + 16, MONDAY + 7 * 24 + 9
    worked = clock.worked(np.array([friday, monday]))
    assert worked[1] - worked[0] == pytest.approx(2.0)


def test_a_day_without_any_departure_is_a_holiday() -> None:
    departures = office()
    holiday = MONDAY + 2 * 168
    log = evidence(departures[(departures < holiday) | (departures > holiday + 24)], Plant(name="x"))
    clock = discover(log.visits[0].departures, hours_of_log(log))
    worked = clock.worked(np.array([holiday, holiday + 24]))
    assert worked[1] == worked[0]


def test_the_plants_calendar_is_believed_where_it_is_kept() -> None:
    calendar = Calendar(days=WORKDAYS, start=time(8), end=time(18), holidays=(date(2024, 1, 8),))
    log = evidence(office(), Plant(name="x", calendar=calendar))
    clock = discover(log.visits[0].departures, hours_of_log(log))
    worked = clock.worked(np.array([MONDAY, MONDAY + 24, MONDAY + 168, MONDAY + 192]))
    assert worked[1] - worked[0] == 10
    assert working_days(log, MONDAY, MONDAY + 14 * 24) == pytest.approx(9.0)


def test_local_time_keeps_office_hours_through_the_change_to_summer() -> None:
    departures = office(30)
    summer = hours_of(datetime(2024, 3, 31, 1, tzinfo=UTC))
    local = np.where(departures >= summer, departures - 2, departures - 1)  # 8 o'clock in Berlin
    log = evidence(local, Plant(name="x", timezone="Europe/Berlin"), 30)
    assert discover(local, hours_of_log(log)).share == pytest.approx(45 / 168, rel=0.02)
    unaware = evidence(local, Plant(name="x"), 30)
    assert discover(local, hours_of_log(unaware)).share > 48 / 168


@pytest.mark.parametrize(("timezone", "opens"), [("Asia/Tokyo", 23), ("Pacific/Honolulu", 18), ("UTC", 8)])
def test_a_week_has_five_working_days_wherever_the_plant_stands(timezone: str, opens: int) -> None:
    """Monday 8 o'clock in Tokyo is Sunday in UTC, Friday afternoon in Honolulu is Saturday. opens: 8 there, in UTC."""
    ahead = (8 - opens + 12) % 24 - 12
    log = evidence(office(offset=-ahead), Plant(name="x", timezone=timezone))
    since = MONDAY + 168 - ahead
    assert working_days(log, since, since + 168) == pytest.approx(5.0)
    assert working_days(log, since, since + 5 * 24) == pytest.approx(5.0)


def test_too_few_departures_say_nothing() -> None:
    log = evidence(office(20)[::40], Plant(name="x"))
    assert discover(log.visits[0].departures, hours_of_log(log)).share == 1.0


def test_hours_and_moments_are_inverse() -> None:
    moment = datetime(2025, 6, 18, 14, 20, tzinfo=UTC)
    assert moment_of(hours_of(moment)) == moment
