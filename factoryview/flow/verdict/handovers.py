"""Cases that were handed over and never picked up, told apart from those that are merely still open.

How long pick-up usually takes is estimated with open cases counted as open, not as lost (`survival`). A case is
forgotten when it has stood far longer than that while those that came after it were picked up. An alarm is a run of
days on which an unusual share of what was handed over was forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factoryview.factory.privacy import Gate
from factoryview.flow.verdict.clock import Clock
from factoryview.flow.verdict.evidence import Evidence, Floats, Visits
from factoryview.flow.verdict.survival import kaplan_meier
from factoryview.plant.models import Plant
from factoryview.store.database import Store
from factoryview.time import moment_of

FAR = 3.0
"""Times the 99th percentile of the usual stay."""
OVERTAKEN = 30
"""Later arrivals that have left."""
SHARE, LEAST = 0.1, 5
"""An alarm: a tenth of what came in a day, and at least five cases in all (or what privacy asks for)."""
PAUSE = 4
"""Days without a forgotten case that end an alarm: a weekend and a day."""
SAMPLE = 20_000
"""Of more cases that were picked up than this, only every n-th is looked at; of the others all."""


@dataclass(frozen=True)
class Alarm:
    """Cases that left one stage and were never picked up at the next; hours since 1970 UTC."""

    origin: str | None
    stage: str
    cases: int
    since: float
    until: float
    """When the last forgotten case was handed over."""
    value: float | None
    usual: float
    """Working hours within which 99 of 100 that are picked up are picked up."""
    handed: tuple[float, ...] = ()
    """When each was handed over, in order."""
    values: tuple[float, ...] = ()
    """What each is worth; not a number where that is unknown."""


def forgotten(visits: Visits, clock: Clock, end: float) -> NDArray[np.bool_]:
    """Which open stays are beyond any usual wait although later arrivals have left."""
    still = ~np.isfinite(visits.left)
    closed = ~still
    lost = np.zeros(len(still), bool)
    if not still.any() or closed.sum() < 2 * OVERTAKEN:
        return lost
    entered = clock.worked(visits.entered)
    now = float(clock.worked(np.array([end]))[0])
    stays = clock.worked(visits.left[closed]) - entered[closed]
    limit = max(FAR * float(np.quantile(stays, 0.99)), 1e-9)
    later_gone = closed[::-1].cumsum()[::-1]
    lost[:] = still & (now - entered > limit) & (later_gone >= OVERTAKEN)
    return lost


def crosses(plant: Plant, origin: str | None, stage: str) -> bool:
    """Whether a belt leads to another department; where a plant names none, every stage is its own."""
    if origin is None or origin == stage:
        return False
    here, there = plant.stage(stage), plant.stage(origin)
    if here is None or there is None or here.department is None or there.department is None:
        return not plant.departments
    return here.department != there.department


def alarms(store: Store, evidence: Evidence, clocks: dict[str, Clock], until: float) -> list[Alarm]:
    """All hand-over alarms of cases handed over before `until`, the newest first; none where counts name no case."""
    if evidence.meaning == "kpi":
        return []
    least = max(LEAST, Gate.of(evidence.plant).smallest)
    end = moment_of(evidence.end).replace(tzinfo=None)
    belts = [
        (origin, stage, max(1, cases // SAMPLE))
        for origin, stage, cases in store.rows("verdict/belts", end=end, least=least)
        if stage in clocks and origin in evidence.stages and crosses(evidence.plant, origin, stage)
    ]
    if not belts:
        return []
    origins, stages, every = (list(each) for each in zip(*belts, strict=True))
    asked = {"via": origins, "stage": stages, "every": every, "code": list(range(len(belts))), "end": end}
    columns = store.ask("verdict/picked_up", **asked)
    bounds = np.searchsorted(np.asarray(columns["code"]), np.arange(len(belts) + 1))
    rows = [np.asarray(columns[name], dtype=float) for name in ("entered", "taken", "value")]
    found: list[Alarm] = []
    for belt, low, high in zip(belts, bounds[:-1], bounds[1:], strict=True):
        entered, taken, value = (column[low:high] for column in rows)
        found += _alarms_of(evidence, clocks[belt[1]], belt, (entered, taken, value), until, least)
    return sorted(found, key=lambda alarm: -alarm.until)


def _alarms_of(
    evidence: Evidence,
    clock: Clock,
    belt: tuple[str, str, int],
    rows: tuple[Floats, Floats, Floats],
    until: float,
    least: int,
) -> list[Alarm]:
    """The alarms of one belt (origin, stage, how many picked-up cases each one looked at stands for)."""
    origin, stage, every = belt
    entered, taken, value = rows
    picked = taken <= evidence.end
    if picked.sum() < 2 * OVERTAKEN:
        return []
    ages = clock.worked(np.where(picked, taken, evidence.end)) - clock.worked(entered)
    usual = kaplan_meier(ages, picked).usual(0.99)
    later = picked[::-1].cumsum()[::-1]
    lost = ~picked & (ages > FAR * usual) & (later >= OVERTAKEN) & (entered <= until)
    return [
        Alarm(origin, stage, int(run.sum()), float(entered[run].min()), float(entered[run].max()),
              _worth(value[run]), usual, tuple(entered[run].tolist()), tuple(value[run].tolist()))
        for run in _runs(entered, lost, np.where(picked, float(every), 1.0), least)
    ]  # fmt: skip


def _worth(values: Floats) -> float | None:
    return float(np.nansum(values)) if np.isfinite(values).any() else None


def _runs(entered: Floats, lost: NDArray[np.bool_], stands_for: Floats, least: int) -> list[NDArray[np.bool_]]:
    """The forgotten cases of each run of days on which an unusual share was forgotten."""
    if not lost.any():
        return []
    day = np.floor(entered / 24).astype(np.int64)
    days, where = np.unique(day, return_inverse=True)
    share = np.bincount(where, lost) / np.bincount(where, stands_for)
    bad = np.flatnonzero(share >= SHARE)
    if not len(bad):
        return []
    groups = np.split(bad, np.flatnonzero(np.diff(days[bad]) > PAUSE) + 1)
    runs = [lost & (day >= days[group[0]]) & (day <= days[group[-1]]) for group in groups]
    return [run for run in runs if run.sum() >= least]
