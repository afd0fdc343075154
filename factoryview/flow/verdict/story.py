"""The verdict along the whole log: chapter by chapter which stage limits the plant and what that costs."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from factoryview.flow.verdict.bottleneck import Line, Phase, find_bottleneck, line_of, ribbon
from factoryview.flow.verdict.costs import SHORTEST, cost_of
from factoryview.flow.verdict.evidence import gather
from factoryview.flow.verdict.handovers import alarms
from factoryview.plant.models import Plant
from factoryview.store.database import Store

_HOUR = 3_600_000_000


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
    cases: int
    since: int
    until: int
    value: float | None


@dataclass(frozen=True)
class Story:
    """Everything the wall says about a log in words."""

    chapters: tuple[Chapter, ...]
    forgotten: tuple[Forgotten, ...]

    def chapter(self, at: int) -> Chapter | None:
        """The chapter a moment lies in."""
        return next((found for found in self.chapters if found.since <= at < found.until), None)

    def alarm(self, at: int, after: int) -> Forgotten | None:
        """The newest hand-over alarm that goes on at the moment or ended less than `after` µs ago."""
        return next((found for found in self.forgotten if found.since <= at < found.until + after), None)


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
        tuple(Forgotten(a.stage, a.cases, _micros(a.since), _micros(a.until), a.value) for a in lost),
    )


def _chapters(line: Line, phase: Phase, phases: list[Phase], store: Store) -> list[Chapter]:
    """A phase, cut where the stage's staff changes; a piece without a clear verdict of its own is left out."""
    assert phase.stage is not None
    staff = line.stations[line.evidence.index(phase.stage)].staff
    changes = [] if staff is None else [t for t in staff.since.tolist() if phase.since < t < phase.until]
    found = []
    for since, until in pairwise([phase.since, *changes, phase.until]):
        if until - since < SHORTEST:
            continue
        bottleneck = find_bottleneck(line, (since + until) / 2, phases=phases)
        if bottleneck.stage == phase.stage:
            cost = cost_of(line, bottleneck, store, phases)
            found.append(
                Chapter(phase.stage, _micros(phase.since), _micros(since), _micros(until), cost.cases, cost.money)
            )
    return found


def _micros(hours: float) -> int:
    return round(hours * _HOUR)
