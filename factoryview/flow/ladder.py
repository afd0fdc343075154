"""The lead-time ladder: waiting and work of each stage of the main road, and the share of work in all of it.

From value stream mapping (Rother, Shook 1999, Learning to See): process-cycle efficiency = work ÷ lead time.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from factoryview.flow.moment.history import Grid, History, Window

Ways = Mapping[tuple[str | None, str], float]
"""(where a case came from, where it went) → how many cases."""


@dataclass(frozen=True)
class Rung:
    """One stage; spans are means of a visit, µs of elapsed time."""

    stage: str
    visits: float
    """Cases that left it in the window."""
    stay: float
    """Waiting and work together."""
    work: float | None
    """None where neither starts nor staff are known."""

    @property
    def waiting(self) -> float | None:
        """Stay without work."""
        return None if self.work is None else self.stay - self.work


@dataclass(frozen=True)
class Ladder:
    """The stages of the main road that enough cases left in the window, in their order."""

    window: Window
    rungs: tuple[Rung, ...]
    missing: tuple[str, ...] = ()
    """Stages of the main road that nothing, or too little to say more, left in the window: not in the sums."""

    @property
    def total(self) -> float:
        """Lead time, µs: Σ of the stays."""
        return sum(rung.stay for rung in self.rungs)

    @property
    def work(self) -> float | None:
        """Σ of the work, µs; None where it is not known of every stage."""
        known = [rung.work for rung in self.rungs if rung.work is not None]
        return sum(known) if self.rungs and len(known) == len(self.rungs) else None

    @property
    def share(self) -> float | None:
        """Work ÷ lead time, 0 to 1 (process-cycle efficiency); None where it is not known."""
        return self.work / self.total if self.work is not None and self.total > 0 else None


@dataclass(frozen=True)
class Work:
    """Time at work along a history, stages × buckets; NaN in the row of a stage of which it is not known."""

    worked: Grid
    """µs × weight: of cases that left with a known start, or of servers while there was a case for them."""
    served: Grid
    """The departures that this was for."""
    of_servers: bool
    """It is working time of servers; else the elapsed time between start and end."""

    def per_visit(self, window: Window) -> Grid:
        """Mean µs at work of a visit, per stage over the window; NaN where it is not known."""
        with np.errstate(invalid="ignore", divide="ignore"):
            found = self.worked[:, window.buckets].sum(axis=1) / self.served[:, window.buckets].sum(axis=1)
        return np.where(np.isfinite(found), found, np.nan)


def main_road(ways: Ways, stages: Collection[str], lost: Collection[str] = ()) -> tuple[str, ...]:
    """The stages that most cases pass one after the other, from where most come in until most leave for good.

    ways: of the whole log, as the floor is laid out by it. lost: outcomes that are no goal and end no road.
    """
    coming = {
        stage: sum(flow for (origin, target), flow in ways.items() if target == stage and origin not in stages)
        for stage in stages
    }
    here = max(sorted(coming), key=lambda stage: coming[stage], default=None)
    road: list[str] = []
    while here is not None and here in stages:
        road.append(here)
        onward = {
            target: flow
            for (origin, target), flow in ways.items()
            if origin == here and target not in road and target not in lost
        }
        here = max(sorted(onward), key=lambda target: onward[target], default=None)
    return tuple(road)


def ladder(history: History, work: Work, road: tuple[str, ...], at: int, least: float = 1.0) -> Ladder:
    """The ladder over the window of a moment (`History.window`, µs UTC): of those that left in it.

    road: stages that the history does not know are missing; a live plant may have got them since it was counted.
    least: fewer cases than this are no mean to show.
    """
    window = history.window(at)
    gone = history.departures[:, window.buckets].sum(axis=1)
    stayed = history.stayed[:, window.buckets].sum(axis=1)
    per_visit = work.per_visit(window)
    rungs, missing = [], []
    for stage in road:
        code = history.stages.index(stage) if stage in history.stages else -1
        if code < 0 or gone[code] <= 0 or gone[code] < least:
            missing.append(stage)
            continue
        stay, own = float(stayed[code] / gone[code]), float(per_visit[code])
        rungs.append(Rung(stage, float(gone[code]), stay, None if np.isnan(own) else min(own, stay)))
    return Ladder(window, tuple(rungs), tuple(missing))
