"""Hour by hour: of each hour of today what was planned, what came, the difference, and both since the day began."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from factoryview.flow.goals import Goal
from factoryview.time import HOUR, micros_of

_NOTHING = 1e-9


@dataclass(frozen=True)
class PlannedHour:
    """An hour of a goal that is to come: [since, until), µs UTC, and the day's target × the usual share of it."""

    since: int
    until: int
    plan: float


@dataclass(frozen=True)
class GoalHour:
    """An hour of a goal: arrivals in [since, until), µs UTC. The hour that is going on ends at the moment asked for."""

    since: int
    until: int
    actual: float
    plan: float
    """The day's target × the share of a usual day's arrivals that comes in it."""
    total: float
    """Since local midnight."""
    total_plan: float

    @property
    def difference(self) -> float:
        """Actual − plan."""
        return self.actual - self.plan

    @property
    def total_difference(self) -> float:
        """The same since local midnight."""
        return self.total - self.total_plan


def goal_hours(goal: Goal, at: int) -> tuple[GoalHour, ...]:
    """The hours of today that have begun at a moment (µs UTC), from the first in which something was planned or came.
    Nothing later than the moment is looked at. On a day on which nobody works nothing is planned.
    """
    midnight, following = _day(goal, at)
    found: list[GoalHour] = []
    done = planned = 0.0
    for since in range(midnight, min(at + 1, following), HOUR):
        until = min(since + HOUR, following)
        now = goal.by_now(min(at, until - 1))
        hour = GoalHour(since, until, now.actual - done, now.plan - planned, now.actual, now.plan)
        done, planned = now.actual, now.plan
        if found or hour.actual or hour.plan > _NOTHING:
            found.append(hour)
    return tuple(found)


def hours_to_come(goal: Goal, at: int) -> tuple[PlannedHour, ...]:
    """The hours of today that have not begun at a moment (µs UTC), up to the last in which something is planned."""
    midnight, following = _day(goal, at)
    found: list[PlannedHour] = []
    for since in range(midnight + ((at - midnight) // HOUR + 1) * HOUR, following, HOUR):
        until = min(since + HOUR, following)
        plan = goal.by_now(until - 1).plan - goal.by_now(since - 1).plan  # of days before today, as every plan is
        found.append(PlannedHour(since, until, plan))
    while found and found[-1].plan <= _NOTHING:
        found.pop()
    return tuple(found)


def _day(goal: Goal, at: int) -> tuple[int, int]:
    """The local midnights between which a moment lies, µs UTC."""
    zone = ZoneInfo(goal.timezone)
    today = datetime.fromtimestamp(at // 1_000_000, UTC).astimezone(zone).date()
    days = today, today + timedelta(days=1)
    midnight, following = (micros_of(datetime.combine(day, datetime.min.time(), zone)) for day in days)
    return midnight, following
