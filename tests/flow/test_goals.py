"""Goals by now against plain loops over the arrivals; forecasts against days that were simulated."""

from __future__ import annotations

import math
from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factoryview.flow.goals import BAND, ENOUGH, Goal, quantiles
from factoryview.flow.office_hours import is_working_day
from factoryview.plant.models import Calendar
from factoryview.store.windows import Tally

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = 3_600_000_000
OFFICE = Calendar(days=("mon", "tue", "wed", "thu", "fri"), start=time(8), end=time(17), holidays=(date(2025, 4, 18),))


def micros(moment: datetime) -> int:
    return round(moment.timestamp() * 1e6)


def local(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1e6, UTC).astimezone(BERLIN)


def days(count: int, begin: date = date(2025, 2, 3)) -> list[date]:
    return [begin + timedelta(days=n) for n in range(count)]


def arrivals(seed: int, per_day: float = 12, count: int = 90, spread: float = 0.0) -> list[int]:
    """On each working day a Poisson number (of a level that varies by `spread`), most in the morning."""
    random, found = Random(seed), []
    for day in days(count):
        if is_working_day(OFFICE, day):
            level = per_day * random.gammavariate(1 / spread, spread) if spread else per_day
            clock = 0.0
            while (clock := clock + random.expovariate(1.0)) < level:
                hour = 8 + 9 * random.random() ** 2
                found.append(micros(datetime(day.year, day.month, day.day, tzinfo=BERLIN)) + round(hour * HOUR))
    return sorted(found)


def goal(at: list[int], per_day: float = 12, calendar: Calendar = OFFICE) -> Goal:
    return Goal(Tally.of(np.array(at, np.int64), np.ones(len(at))), per_day, "Europe/Berlin", calendar)


def moment(day: date, hour: float) -> int:
    return micros(datetime(day.year, day.month, day.day, tzinfo=BERLIN)) + round(hour * HOUR)


def like(at: list[int], now: int) -> list[date]:
    """Working days of the last eight weeks like today, that are not before the first arrival."""
    today = local(now).date()
    past = [today - timedelta(days=n) for n in range(1, 57)]
    past = [day for day in past if is_working_day(OFFICE, day) and moment(day + timedelta(days=1), 0) > at[0]]
    same = [day for day in past if day.weekday() == today.weekday()]
    came = sum(local(one).date() in same for one in at)
    return same if came >= ENOUGH else past


@pytest.mark.parametrize("seed", range(4))
def test_the_plan_by_now_is_the_usual_share_of_the_target(seed: int) -> None:
    at, random, compared = arrivals(seed), Random(seed), 0
    asked = goal(at)
    for _ in range(40):
        day, hour = random.choice(days(90)), random.uniform(0, 24)
        now = moment(day, hour)
        found = asked.by_now(now)
        midnight = moment(local(now).date(), 0)
        assert found.actual == sum(midnight <= one <= now for one in at)
        assert found.open == is_working_day(OFFICE, day)
        if not found.open:
            assert (found.plan, found.forecast, found.takt) == (0.0, None, None)
            continue
        past = [one for one in at if one < midnight]
        usual = like(at, now) if past else []
        dates = [local(one).date() for one in past]
        totals = [dates.count(other) for other in usual]
        if sum(totals) < ENOUGH:
            assert found.passed == pytest.approx(min(max((hour - 8) / 9, 0), 1), abs=1e-6)
            continue
        compared += 1
        begun = {other: moment(other, 0) for other in usual}
        come = sum(
            begun[other] + (now - midnight) >= one for one, other in zip(past, dates, strict=True) if other in begun
        )
        assert found.passed == pytest.approx(come / sum(totals))
        assert found.plan == pytest.approx(12 * found.passed)
        assert found.difference == pytest.approx(found.actual - found.plan)
        assert found.takt == pytest.approx(9 * HOUR / 12)
        if found.actual:
            assert found.pace == pytest.approx(min(max(hour - 8, 0), 9) * HOUR / found.actual, rel=1e-6)
        else:
            assert found.pace is None
    assert compared > 10


def test_nothing_later_than_the_moment_is_looked_at() -> None:
    at, random = arrivals(7), Random(7)
    for _ in range(30):
        now = moment(random.choice(days(90)), random.uniform(0, 24))
        known = [one for one in at if one <= now]
        assert goal(at).by_now(now) == goal(known).by_now(now)


def test_asking_another_day_in_between_changes_nothing() -> None:
    asked = goal(arrivals(1))
    early, late = moment(date(2025, 3, 5), 11), moment(date(2025, 4, 2), 14)
    first = asked.by_now(early)
    assert asked.by_now(late) == goal(arrivals(1)).by_now(late)
    assert asked.by_now(early) == first


@pytest.mark.parametrize(("spread", "hour"), [(0.0, 8), (0.0, 11), (0.3, 8), (0.3, 11), (0.3, 14)])
def test_the_day_ends_in_the_band_as_often_as_it_says(spread: float, hour: float) -> None:
    inside, total, bias = 0, 0, 0.0
    for seed in range(12):
        at = arrivals(seed, per_day=20, spread=spread)
        asked = goal(at, 20)
        for day in days(90)[40:]:
            if not is_working_day(OFFICE, day):
                continue
            found = asked.by_now(moment(day, hour))
            ends = bisect_left(at, moment(day + timedelta(days=1), 0)) - bisect_left(at, moment(day, 0))
            assert found.forecast is not None
            assert found.low is not None
            assert found.high is not None
            inside += found.low <= ends <= found.high
            bias += found.forecast - ends
            total += 1
    assert total > 350
    assert BAND - 0.06 < inside / total < BAND + 0.12, "counts are whole, so a band holds a little more"
    assert abs(bias / total) < 0.6


def test_a_finished_day_has_one_forecast() -> None:
    at = arrivals(3, per_day=20)
    found = goal(at).by_now(moment(date(2025, 4, 23), 23.9))
    assert found.forecast == found.low == found.high == found.actual
    assert found.passed == 1.0


def test_without_a_calendar_the_arrivals_show_the_week_and_no_takt_is_said() -> None:
    asked = goal(arrivals(2), calendar=Calendar())
    monday, sunday = asked.by_now(moment(date(2025, 4, 14), 12)), asked.by_now(moment(date(2025, 4, 13), 12))
    assert monday.open
    assert not sunday.open
    assert (monday.takt, monday.pace) == (None, None)
    first = asked.by_now(moment(date(2025, 2, 2), 6))
    assert (first.open, first.passed, first.forecast) == (True, 0.25, None)


def test_a_holiday_has_no_goal() -> None:
    assert not goal(arrivals(2)).by_now(moment(date(2025, 4, 18), 12)).open
    closed = Calendar(holidays=(date(2025, 4, 18),))
    assert not goal(arrivals(2), calendar=closed).by_now(moment(date(2025, 4, 18), 12)).open


def chance(k: int, mean: float, shape: float) -> float:
    ways = math.lgamma(k + shape) - math.lgamma(shape) - math.lgamma(k + 1)
    p = mean / (shape + mean)
    return math.exp(ways + shape * math.log(1 - p) + k * math.log(p))


@given(st.floats(0.01, 80), st.sampled_from([0.5, 2.0, 30.0, 1000.0]), st.floats(0.01, 0.99))
def test_quantiles_are_the_first_counts_whose_chances_add_up(mean: float, shape: float, q: float) -> None:
    [found] = quantiles(mean, shape, (q,))
    below = sum(chance(k, mean, shape) for k in range(int(found)))
    assert below < q + 1e-9
    assert below + chance(int(found), mean, shape) >= q - 1e-9
