"""Ratios between goals, from the log: so many calls go with one order, and so many there were today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from factoryview.flow.goals import ENOUGH, WEEKS, Goal
from factoryview.time import micros_of


@dataclass(frozen=True)
class GoalRatio:
    """How many arrivals of one goal go with one of another."""

    of: str
    per: str
    needed: float
    """Arrivals of `of` ÷ arrivals of `per` in the last `WEEKS` weeks before today; 1 or more."""
    today: float
    """Arrivals of `of` since local midnight."""
    today_per: float
    """Arrivals of `per` since then."""


def goal_ratios(goals: Mapping[str, Goal], at: int) -> tuple[GoalRatio, ...]:
    """Of each goal to the one with the fewest arrivals, at a moment (µs UTC); nothing later is looked at. Only of goals
    of which enough came to tell.
    """
    past: dict[str, float] = {}
    today: dict[str, float] = {}
    for of, goal in goals.items():
        local = datetime.fromtimestamp(at // 1_000_000, UTC).astimezone(ZoneInfo(goal.timezone))
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        begin = midnight - timedelta(weeks=WEEKS)
        before = goal.arrivals.by(micros_of(midnight) - 1)
        past[of] = before - goal.arrivals.by(micros_of(begin) - 1)
        today[of] = goal.arrivals.by(at) - before
    told = {of: count for of, count in past.items() if count >= ENOUGH}
    if not told:
        return ()
    per = min(reversed(told), key=lambda of: told[of])
    return tuple(GoalRatio(of, per, told[of] / told[per], today[of], today[per]) for of in told if of != per)
