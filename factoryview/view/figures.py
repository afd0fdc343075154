"""What is said beside the machines at a moment: what comes and goes, what could go, goals by now, and the ladder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from factoryview.flow.goals import GoalByNow, begin_of
from factoryview.flow.ladder import Ladder, Work, ladder
from factoryview.flow.moment.history import History, Window
from factoryview.view.counts import Counts


@dataclass(frozen=True)
class StageFlow:
    """What passes a stage, in cases a working day over `Figures.window`; None until one has passed in it."""

    come: float | None
    go: float | None
    capacity: float | None
    """What it could pass with the staff of the day: heads × working time of a day ÷ work of a visit. None where the
    plant names no staff, or nothing is known yet of how long a visit takes."""


@dataclass(frozen=True)
class Figures:
    """Numbers of a moment that are no crates: all known by then."""

    window: Window
    days: float
    """Working days in it, by the plant's calendar; calendar days where it names none."""
    flows: dict[str, StageFlow]
    """Per stage."""
    goals: dict[str, GoalByNow]
    """Per target, by the stage or outcome it is of."""
    before: tuple[date, dict[str, GoalByNow]] | None
    """The last working day and how its goals stood when it was over, while nothing is planned or done today: at night
    and on a Sunday a row of zeros says nothing. None on a working day, or where there is no such day in a week.
    """
    ladder: Ladder | None
    """None until the time at work has been measured (`Model.study`)."""


def figures_of(counts: Counts, at: int, day: date, measured: tuple[History, Work] | None = None) -> Figures:
    """The figures of a moment (µs UTC) on that local day. measured: the time at work along the log, once known."""
    goals = {of: goal.by_now(at) for of, goal in counts.goals.items()}
    window = counts.history.window(at)
    key = window.until, day, id(measured)
    flows, steps = counts.remembered.of("flows", key, lambda: _passing(counts, at, day, measured))
    span = window.since, window.until
    days = counts.remembered.of("days", span, lambda: counts.hours.days(*span))
    begun = any(round(goal.actual) or round(goal.plan) for goal in goals.values())
    before = None if begun else counts.remembered.of("day_before", day, lambda: _before(counts, day))
    return Figures(window, days, flows, goals, before, steps)


def _before(counts: Counts, day: date) -> tuple[date, dict[str, GoalByNow]] | None:
    for past in (day - timedelta(days=n) for n in range(1, 8)):
        found = {of: goal.of_day(past) for of, goal in counts.goals.items()}
        if any(goal.open for goal in found.values()):
            whole = counts.history.first <= begin_of(past, counts.factory.plant.timezone)
            return (past, found) if whole else None
    return None


def _passing(
    counts: Counts, at: int, day: date, measured: tuple[History, Work] | None
) -> tuple[dict[str, StageFlow], Ladder | None]:
    """What changes only with the window and the staff."""
    past = counts.history
    window = past.window(at)
    days = counts.hours.days(window.since, window.until)
    come, go = (grid[:, window.buckets].sum(axis=1) for grid in (past.arrivals, past.departures))
    could = _capacities(counts, at, day, measured)
    whole = days >= 1  # what a few hours bring is no day's worth
    flows = {
        name: StageFlow(float(come[i] / days) if whole else None, float(go[i] / days) if whole else None, could[name])
        for i, name in enumerate(past.stages)
    }
    return flows, None if measured is None else ladder(*measured, counts.road, at, counts.factory.gate.smallest)


def _capacities(counts: Counts, at: int, day: date, measured: tuple[History, Work] | None) -> dict[str, float | None]:
    found: dict[str, float | None] = dict.fromkeys(counts.history.stages)
    if measured is None or not measured[1].of_servers:
        return found
    past, work = measured
    window = past.window(at)
    days = counts.hours.days(window.since, window.until)
    if not days:
        return found
    since, until = counts.hours.worked(np.array([window.since, window.until]))
    named = {worker.stage for worker in counts.factory.plant.workers}
    for name, spent in zip(past.stages, work.per_visit(window).tolist(), strict=True):
        served = float(work.served[past.stages.index(name), window.buckets].sum())
        if name in found and spent > 0 and counts.factory.gate.enough(served):
            heads = sum(counts.factory.staff(name, day)) if name in named else counts.factory.posts(name) or 0
            found[name] = heads * float(until - since) / days / spent
    return found
