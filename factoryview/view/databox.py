"""The data box of value stream maps at a moment: what there is to say of a machine, a belt or a bin, as numbers.

A number that is not known is None. Rother, Shook 1999, Learning to See; %C&A after Martin, Osterling 2014.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from factoryview.factory.privacy import REST, Gate
from factoryview.flow.moment.lining import OnBelt
from factoryview.flow.office_hours import office_hours
from factoryview.plant.models import Plant
from factoryview.time import DAY
from factoryview.view.counts import Counts
from factoryview.view.series import Moments, StageLog
from factoryview.view.state import State, Studied


@dataclass(frozen=True)
class StageBox:
    """A machine. Spans in µs; means are of the visits that ended in `State.window`."""

    stay: float | None
    """Mean of a visit, waiting and work together."""
    work: float | None
    """Mean at work of a visit."""
    busy: int
    heads: int
    """How many of the people and robots have a case in hand; none are named where heads is 0."""
    oldest: int | None
    """Age of the case that has been here longest, of those on which somebody works."""
    takt: float | None
    """Available working time ÷ demand: working time for each case that comes."""
    needs: float | None
    """Working time that each case takes the stage, with all who work there."""
    target: int | None
    """Within which cases are meant to leave, as the plant file says it."""
    accurate: float | None
    """Complete and accurate: share of what it handed over that was not sent back."""
    breach: int | None
    """In what time the oldest case has been here longer than the target; below 0: so long ago."""
    in_progress: float
    wrecks: float

    @property
    def waiting(self) -> float | None:
        """Stay without work."""
        return None if self.stay is None or self.work is None else self.stay - self.work


@dataclass(frozen=True)
class BeltBox:
    """What lies on a belt. Cases are weights."""

    waiting: float
    """Standing still at its front."""
    moving: float
    oldest: int | None
    """Age at the stage of the case that has been there longest, µs."""
    target: int | None
    late: float | None
    """Those that have been there longer than the target; None where there is none."""


@dataclass(frozen=True)
class BinBox:
    """What a stage loses in `State.window`: reason → cases, share of all that left the stage, and money.

    Reasons of too few cases stand together under `REST`, and not at all where these are too few, too.
    """

    rows: tuple[tuple[str, float, float, float | None], ...]
    """The most first."""


def stage_box(counts: Counts, state: State, name: str, log: StageLog | None, studied: Studied | None) -> StageBox:
    """The box of a stage. log: its stays, once they are at hand; studied: the time at work, once it is measured."""
    factory, past, at = counts.factory, counts.history, state.at
    gate, window = factory.gate, state.window
    place = counts.topology.stages.index(name)
    here = state.stages[place]
    gone = float(past.departures[place, window.buckets].sum())
    come = float(past.arrivals[place, window.buckets].sum())
    stay = gate.number(float(past.stayed[place, window.buckets].sum()) / gone, gone) if gone else None
    work = _work(name, at, studied) if stay is not None else None
    since, until = counts.hours.worked(np.array([window.since, window.until]))
    worked = float(until - since)
    capacity, days = state.figures.flows[name].capacity, state.figures.days
    known = factory.plant.stage(name)
    target = None if known is None or known.target_wait is None else round(known.target_wait.total_seconds() * 1e6)
    entered = None if log is None else _oldest(log, at, counts.jams.wrecks.given_up)
    return StageBox(
        stay=stay,
        work=None if work is None or stay is None else min(work, stay),
        busy=here.at_work,
        heads=here.people + here.robots,
        oldest=None if entered is None else at - entered,
        takt=gate.number(worked / come, come) if come and worked else None,
        needs=worked / (capacity * days) if capacity and days and worked else None,
        target=target,
        accurate=None if log is None else _accurate(log, window.since, window.until, gate),
        breach=None if entered is None or target is None else _deadline(entered, target, factory.plant) - at,
        in_progress=here.here.wip,
        wrecks=here.here.wrecks,
    )


def belt_box(counts: Counts, state: State, belt: int, log: StageLog | None) -> BeltBox:
    """The box of a belt into a stage, by its place on the plan. log: the stays of that stage, once they are at hand."""
    on: OnBelt = state.standing.belts[belt]
    target = counts.topology.plan.belts[belt].target
    known = counts.factory.plant.stage(target)
    limit = None if known is None or known.target_wait is None else round(known.target_wait.total_seconds() * 1e6)
    if log is None:
        weight = np.full(len(on.id), counts.weight)
        return BeltBox(float(weight[: on.standing].sum()), float(weight[on.standing :].sum()), None, limit, None)
    order = np.argsort(log.id, kind="stable")
    rows = order[np.searchsorted(log.id, on.id, sorter=order).clip(max=max(0, len(order) - 1))] if len(order) else order
    rows = rows[log.id[rows] == on.id] if len(rows) == len(on.id) else rows[:0]
    weight, entered = log.weight[rows], log.entered[rows]
    late = None
    if limit is not None:
        late = float(weight[deadlines(entered, limit, counts.factory.plant) <= state.at].sum())
    return BeltBox(
        float(weight[: on.standing].sum()),
        float(weight[on.standing :].sum()),
        None if not len(entered) else state.at - int(entered.min()),
        limit,
        late,
    )


def bin_box(state: State, log: StageLog, left: float, gate: Gate) -> BinBox:
    """The box of a stage's bin. left: how many cases left the stage in the window."""
    lost = log.lost_in(state.window.since, state.window.until)
    together = gate.merged({reason: cases for reason, (cases, _) in lost.items()})
    rows = [(reason, *found) for reason, found in lost.items() if reason not in together]
    if together:
        cases = sum(lost[reason][0] for reason in together)
        worth = [money for reason in together if (money := lost[reason][1]) is not None]
        if gate.enough(cases):
            rows.append((REST, cases, sum(worth) if worth else None))
    rows.sort(key=lambda row: (row[0] == REST, -row[1], row[0]))
    return BinBox(tuple((reason, cases, cases / left if left else 0.0, money) for reason, cases, money in rows))


def deadlines(entered: Moments, target: int, plant: Plant) -> Moments:
    """When cases that came in then (µs UTC) have been there longer than a target (µs).

    Where the plant has a calendar, "2 d" are two working days and "4 h" four hours of one, as for the levels; else time
    passes around the clock.
    """
    if not plant.calendar.days or not len(entered):
        return entered + target
    first, last = int(entered.min()), int(entered.max())
    hours = office_hours(plant.calendar, plant.timezone, first, last + 3 * target + 60 * DAY)
    lengths = hours.closes - hours.begins
    if not len(lengths):
        return entered + target
    whole, rest = divmod(target, DAY)
    usual = float(np.median(lengths))
    wanted = hours.worked(entered) + (whole + min(rest / usual, 1.0)) * usual
    worked = np.concatenate([[0], np.cumsum(lengths)])
    day = np.clip(np.searchsorted(worked, wanted, side="left") - 1, 0, len(lengths) - 1)
    return np.asarray(np.maximum(entered, (hours.begins[day] + wanted - worked[day]).astype(np.int64)))


def _deadline(entered: int, target: int, plant: Plant) -> int:
    return int(deadlines(np.array([entered], dtype=np.int64), target, plant)[0])


def _oldest(log: StageLog, at: int, given_up: dict[int, int]) -> int | None:
    """When the case came in that has been there longest, of those on which somebody works."""
    live = log.live(at, given_up)
    return None if not len(live) else int(log.entered[live].min())


def _accurate(log: StageLog, since: int, until: int, gate: Gate) -> float | None:
    handed = log.handed.by(until - 1) - log.handed.by(since - 1)
    returned = log.returned.by(until - 1) - log.returned.by(since - 1)
    if not gate.enough(handed):
        return None
    return 1.0 if not returned else gate.number(1.0 - returned / handed, returned)


def _work(name: str, at: int, studied: Studied | None) -> float | None:
    if studied is None:
        return None
    past, work = studied.measured
    if name not in past.stages:
        return None
    spent = float(work.per_visit(past.window(at))[past.stages.index(name)])
    return None if np.isnan(spent) else spent
