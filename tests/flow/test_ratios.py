"""Ratios between goals against a plain count of the arrivals."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from factoryview.flow.goals import Goal
from factoryview.flow.ratios import GoalRatio, goal_ratios
from factoryview.plant.models import Calendar
from factoryview.store.windows import Tally
from factoryview.time import micros_of

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 4, 8, 13, 30, tzinfo=BERLIN)
"""Ten days after the clocks were put forward."""


def arrivals(seed: int, per_day: int, days: int = 100) -> list[datetime]:
    """So many a day, at any time of it, up to the end of the day after now."""
    random = Random(seed)
    midnight = NOW.replace(hour=0, minute=0)
    return sorted(
        midnight + timedelta(days=1 - back, minutes=random.uniform(0, 1439))
        for back in range(days)
        for _ in range(per_day)
    )


def goal(moments: list[datetime]) -> Goal:
    at = np.array([micros_of(each) for each in moments], dtype=np.int64)
    return Goal(Tally(at, np.arange(len(at) + 1, dtype=float)), 10.0, "Europe/Berlin", Calendar())


def plainly(moments: list[datetime]) -> tuple[int, int]:
    """Arrivals of the 56 local days before today, and of today so far."""
    today = NOW.date()
    past = sum(today - timedelta(days=56) <= each.astimezone(BERLIN).date() < today for each in moments)
    return past, sum(each.astimezone(BERLIN).date() == today and each <= NOW for each in moments)


def test_it_is_a_plain_count_of_eight_weeks_and_of_today() -> None:
    came = {"Call": arrivals(1, 10), "Offer": arrivals(2, 3), "Order": arrivals(3, 1)}
    found = goal_ratios({of: goal(moments) for of, moments in came.items()}, micros_of(NOW))
    orders, orders_today = plainly(came["Order"])
    for ratio, of in zip(found, ("Call", "Offer"), strict=True):
        past, today = plainly(came[of])
        assert ratio == GoalRatio(of, "Order", pytest.approx(past / orders), today, orders_today)
    assert [round(ratio.needed) for ratio in found] == [10, 3]


def test_nothing_later_than_the_moment_is_known() -> None:
    came = {"Call": arrivals(1, 10), "Order": arrivals(3, 1)}
    cut = {of: [each for each in moments if each <= NOW] for of, moments in came.items()}
    whole, known = (goal_ratios({of: goal(m) for of, m in each.items()}, micros_of(NOW)) for each in (came, cut))
    assert whole == known != ()


def test_where_too_little_came_nothing_is_told() -> None:
    came = {"Call": arrivals(1, 10), "Order": arrivals(3, 1, days=20)}
    assert goal_ratios({of: goal(moments) for of, moments in came.items()}, micros_of(NOW)) == ()
    assert goal_ratios({}, micros_of(NOW)) == ()
