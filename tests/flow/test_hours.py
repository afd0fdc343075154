"""Hour by hour, against plain counts."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from factoryview.flow.goals import Goal
from factoryview.flow.hours import goal_hours, hours_to_come
from factoryview.plant.models import Calendar
from factoryview.store.windows import Tally
from factoryview.time import HOUR, micros_of

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = Calendar(days=("mon", "tue", "wed", "thu", "fri"), start=time(8), end=time(17))


def tally(moments: list[int]) -> Tally:
    at = np.array(sorted(moments), dtype=np.int64)
    return Tally(at, np.arange(len(at) + 1, dtype=float))


def busy(days: int, last: datetime, seed: int = 4) -> list[int]:
    """Arrivals in office hours of the days before and on a day."""
    random, found = Random(seed), []
    for back in range(days):
        day = last - timedelta(days=back)
        if day.weekday() < 5:
            found += [micros_of(day.replace(hour=8) + timedelta(minutes=random.uniform(0, 540))) for _ in range(12)]
    return found


@pytest.mark.parametrize(
    "moment", [datetime(2026, 3, 4, 13, 30), datetime(2026, 3, 4, 17, 0), datetime(2026, 3, 4, 23, 59)]
)
def test_every_hour_is_a_plain_count_and_they_add_up(moment: datetime) -> None:
    local = moment.replace(tzinfo=BERLIN)
    moments = busy(60, datetime(2026, 3, 4, tzinfo=BERLIN))
    at = micros_of(local)
    goal = Goal(tally(moments), 10.0, "Europe/Berlin", OFFICE)
    hours = goal_hours(goal, at)
    assert datetime.fromtimestamp(hours[0].since / 1e6, BERLIN).hour == 8
    for hour in hours:
        assert hour.actual == sum(hour.since <= each < hour.until and each <= at for each in moments)
        assert hour.until - hour.since == HOUR
    today = [each for each in moments if micros_of(local.replace(hour=0, minute=0)) <= each <= at]
    assert sum(hour.actual for hour in hours) == hours[-1].total == len(today)
    now = goal.by_now(at)
    assert sum(hour.plan for hour in hours) == pytest.approx(now.plan)
    assert hours[-1].total_difference == pytest.approx(now.difference)


def test_the_plan_of_an_hour_follows_the_usual_day() -> None:
    """All that ever comes, comes from nine to ten: then that hour has the whole plan."""
    last = datetime(2026, 3, 4, tzinfo=BERLIN)
    days = [last - timedelta(days=back) for back in range(1, 57)]
    moments = [
        micros_of(day.replace(hour=9) + timedelta(minutes=5 * n)) for day in days if day.weekday() < 5 for n in range(6)
    ]
    hours = goal_hours(Goal(tally(moments), 6.0, "Europe/Berlin", OFFICE), micros_of(last.replace(hour=12)))
    assert [(datetime.fromtimestamp(hour.since / 1e6, BERLIN).hour, round(hour.plan, 6)) for hour in hours] == [
        (9, 6.0), (10, 0.0), (11, 0.0), (12, 0.0)
    ]  # fmt: skip
    assert [hour.difference for hour in hours] == pytest.approx([-6.0, 0, 0, 0])


def test_nothing_later_than_the_moment_is_known() -> None:
    last = datetime(2026, 3, 4, tzinfo=BERLIN)
    at = micros_of(last.replace(hour=11, minute=20))
    moments = busy(60, last)
    whole = goal_hours(Goal(tally(moments), 10.0, "Europe/Berlin", OFFICE), at)
    cut = goal_hours(Goal(tally([each for each in moments if each <= at]), 10.0, "Europe/Berlin", OFFICE), at)
    assert whole == cut


def test_a_day_nobody_works_and_the_days_of_the_change_of_time() -> None:
    sunday = datetime(2026, 3, 29, 12, tzinfo=BERLIN)
    moments = [
        micros_of(datetime(2026, 3, 29, 0, 30, tzinfo=BERLIN)),
        micros_of(datetime(2026, 3, 29, 3, 30, tzinfo=BERLIN)),
    ]
    hours = goal_hours(Goal(tally(moments), 10.0, "Europe/Berlin", OFFICE), micros_of(sunday))
    assert {hour.plan for hour in hours} == {0.0}
    assert [datetime.fromtimestamp(hour.since / 1e6, BERLIN).hour for hour in hours] == [0, 1, *range(3, 13)]
    assert [hour.actual for hour in hours][:3] == [1, 0, 1]
    assert goal_hours(Goal(tally([]), 10.0, "UTC", OFFICE), micros_of(datetime(2026, 3, 1, tzinfo=UTC))) == ()


@pytest.mark.parametrize(("day", "hours"), [(datetime(2026, 3, 29), 23), (datetime(2026, 10, 25), 25)])
def test_a_day_on_which_the_clocks_change_has_as_many_hours_as_it_has(day: datetime, hours: int) -> None:
    begin, end = (micros_of(each.replace(tzinfo=BERLIN)) for each in (day, day + timedelta(days=1)))
    moments = list(range(begin - 60 * 24 * HOUR, end, HOUR // 3))
    found = goal_hours(Goal(tally(moments), 72.0, "Europe/Berlin", Calendar()), end - 1)
    assert (end - begin) // HOUR == len(found) == hours
    assert [hour.actual for hour in found] == [3.0] * hours
    assert [hour.since for hour in found[1:]] == [hour.until for hour in found[:-1]]


def test_a_year_begins_with_nothing() -> None:
    midnight = micros_of(datetime(2026, 1, 1, tzinfo=BERLIN))
    moments = [*range(midnight - 60 * 24 * HOUR, midnight, HOUR // 2), midnight + HOUR // 4]
    (hour,) = goal_hours(Goal(tally(moments), 48.0, "Europe/Berlin", Calendar()), midnight + HOUR // 2)
    assert (hour.since, hour.actual, hour.total) == (midnight, 1.0, 1.0)


def test_what_is_to_come_completes_the_plan_of_the_day_and_knows_nothing_later() -> None:
    last = datetime(2026, 3, 4, tzinfo=BERLIN)
    moments, at = busy(60, last), micros_of(last.replace(hour=11, minute=20))
    goal = Goal(tally(moments), 10.0, "Europe/Berlin", OFFICE)
    ahead = hours_to_come(goal, at)
    assert [datetime.fromtimestamp(hour.since / 1e6, BERLIN).hour for hour in ahead] == [*range(12, 17)]
    begun = goal.by_now(micros_of(last.replace(hour=12)) - 1).plan
    assert begun + sum(hour.plan for hour in ahead) == pytest.approx(10.0)
    assert ahead == hours_to_come(Goal(tally([m for m in moments if m <= at]), 10.0, "Europe/Berlin", OFFICE), at)
    assert hours_to_come(goal, micros_of(last.replace(hour=18))) == ()
    assert hours_to_come(goal, micros_of(datetime(2026, 3, 1, 9, tzinfo=BERLIN))) == (), "nobody works on Sundays"
