"""The verdict along the whole log: chapter by chapter which stage limits the plant and what that costs."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite

from factoryview.flow.verdict.bottleneck import Line, Phase, find_bottleneck, line_of, ribbon
from factoryview.flow.verdict.costs import SHORTEST, cost_of
from factoryview.flow.verdict.evidence import gather
from factoryview.flow.verdict.handovers import alarms
from factoryview.plant.models import Plant
from factoryview.store.database import Store
from factoryview.time import micros_of_hours


@dataclass(frozen=True)
class Chapter:
    """A stretch in which one stage is the bottleneck and its staff stays the same. Times in µs UTC."""

    stage: str
    onset: int
    """Since when the stage has been the bottleneck, earlier chapters of the same stage included."""
    since: int
    until: int
    cases_per_day: float
    """Completed cases a working day that lifting it to the next constraint would gain."""
    money_per_day: float | None


@dataclass(frozen=True)
class Forgotten:
    """Cases handed over to a stage and never picked up, in µs UTC."""

    stage: str
    handed: tuple[int, ...]
    """When each was handed over, in order."""
    values: tuple[float, ...]
    """What each is worth; not a number where that is unknown."""

    @property
    def cases(self) -> int:
        """How many."""
        return len(self.handed)

    @property
    def value(self) -> float | None:
        """What they are worth together; None where that is known of none."""
        known = [value for value in self.values if isfinite(value)]
        return sum(known) if known else None

    def by(self, at: int) -> Forgotten:
        """Those of them that had been handed over by then."""
        count = bisect_right(self.handed, at)
        return Forgotten(self.stage, self.handed[:count], self.values[:count])


@dataclass(frozen=True)
class Story:
    """Everything the wall says about a log in words."""

    chapters: tuple[Chapter, ...]
    forgotten: tuple[Forgotten, ...]

    def chapter(self, at: int) -> Chapter | None:
        """The chapter a moment lies in."""
        return next((found for found in self.chapters if found.since <= at < found.until), None)

    def alarm(self, at: int, after: int, least: int) -> Forgotten | None:
        """The newest hand-over alarm that goes on at the moment or ended less than `after` µs ago, with those cases
        that had been handed over by then; None while they are fewer than `least`.
        """
        so_far = (found.by(at) for found in self.forgotten if at < found.handed[-1] + after)
        return next((found for found in so_far if found.cases >= least), None)


def tell(store: Store, plant: Plant) -> Story:
    """Judge the whole log. Raises InputError for a log without times."""
    line = line_of(gather(store, plant))
    phases = ribbon(line)
    chapters: list[Chapter] = []
    for phase in phases:
        if phase.stage is not None:
            chapters += _chapters(line, phase, phases, store)
    clocks = {station.name: station.clock for station in line.stations}
    lost = alarms(store, line.evidence, clocks, line.evidence.end)
    return Story(
        tuple(chapters),
        tuple(Forgotten(alarm.stage, tuple(map(micros_of_hours, alarm.handed)), alarm.values) for alarm in lost),
    )


def _chapters(line: Line, phase: Phase, phases: list[Phase], store: Store) -> list[Chapter]:
    """A phase, cut where the stage's staff changes; a piece without a clear verdict of its own is left out."""
    assert phase.stage is not None
    staff = line.stations[line.evidence.index(phase.stage)].staff
    changes = [] if staff is None else [t for t in staff.since_h.tolist() if phase.since < t < phase.until]
    found = []
    for since, until in pairwise([phase.since, *changes, phase.until]):
        if until - since < SHORTEST:
            continue
        bottleneck = find_bottleneck(line, (since + until) / 2, phases=phases)
        if bottleneck.stage == phase.stage:
            cost = cost_of(line, bottleneck, store, phases)
            found.append(
                Chapter(
                    phase.stage,
                    micros_of_hours(phase.since),
                    micros_of_hours(since),
                    micros_of_hours(until),
                    cost.cases,
                    cost.money,
                )
            )
    return found
