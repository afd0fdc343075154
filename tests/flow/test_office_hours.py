"""Working days and hours against minutes counted one by one."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from factoryview.flow.office_hours import is_working_day, office_hours
from factoryview.plant.models import Calendar

MINUTE = 60_000_000
OFFICE = Calendar(
    days=("mon", "tue", "wed", "thu", "fri"),
    start=time(8),
    end=time(17),
    holidays=(date(2025, 4, 18), date(2025, 4, 21)),
)
NIGHTS = Calendar(days=("fri", "sat"), start=time(22), end=time(6))
WHOLE = Calendar(days=("mon", "wed"))
ALWAYS = Calendar()


def micros(moment: datetime) -> int:
    return round(moment.timestamp()) * 1_000_000


def works(calendar: Calendar, at: datetime) -> bool:
    """Whether a local minute is worked, by the words of the calendar."""
    clock = at.time()
    if calendar.end > calendar.start:
        return is_working_day(calendar, at.date()) and calendar.start <= clock < calendar.end
    late = is_working_day(calendar, at.date()) and clock >= calendar.start
    early = is_working_day(calendar, at.date() - timedelta(days=1)) and clock < calendar.end
    return late or early


@pytest.mark.parametrize("calendar", [OFFICE, NIGHTS, WHOLE, ALWAYS])
@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin"])
def test_worked_time_is_that_of_its_minutes(calendar: Calendar, zone: str) -> None:
    here = ZoneInfo(zone)
    first, last = datetime(2025, 4, 10, 3, 17, tzinfo=here), datetime(2025, 4, 24, 20, tzinfo=here)
    hours = office_hours(calendar, zone, micros(first), micros(last))
    random, minutes = Random(zone), int((last - first) / timedelta(minutes=1))
    for _ in range(20):
        begin, end = sorted(random.sample(range(minutes), 2))
        since, until = (micros(first) + k * MINUTE for k in (begin, end))
        worked = sum(
            works(calendar, datetime.fromtimestamp(at / 1e6, UTC).astimezone(here))
            for at in range(since, until, MINUTE)
        )
        low, high = hours.worked(np.array([since, until])).tolist()
        assert high - low == worked * MINUTE
        usual = next(iter(hours.closes - hours.begins))
        assert hours.days(since, until) == pytest.approx(worked * MINUTE / usual)
    assert hours.known == bool(calendar.days)


def test_days_are_counted_whole_over_a_change_of_the_clock() -> None:
    zone = ZoneInfo("Europe/Berlin")
    since, until = (micros(datetime(2025, 3, day, tzinfo=zone)) for day in (29, 31))
    assert (until - since) / 3.6e9 == 47
    assert office_hours(ALWAYS, "Europe/Berlin", since, until).days(since, until) == pytest.approx(2)


def test_the_day_of_a_moment() -> None:
    zone = ZoneInfo("Europe/Berlin")
    monday, evening = (micros(datetime(2025, 4, 14, hour, tzinfo=zone)) for hour in (9, 21))
    hours = office_hours(OFFICE, "Europe/Berlin", monday, evening)
    span = micros(datetime(2025, 4, 14, 8, tzinfo=zone)), micros(datetime(2025, 4, 14, 17, tzinfo=zone))
    assert hours.day(monday) == hours.day(evening) == span
    assert hours.day(span[0] - 1) is None, "Sunday is no working day, and Friday is not asked for"
    assert hours.worked(np.array([0])).tolist() == [0]


def test_no_working_day_at_all_is_no_time() -> None:
    saturday = micros(datetime(2025, 4, 12, 12, tzinfo=UTC))
    hours = office_hours(OFFICE, "UTC", saturday + 86_400_000_000, saturday + 86_400_000_000)
    assert hours.days(saturday, saturday + 10_000) == 0.0
    assert hours.day(saturday) is None
