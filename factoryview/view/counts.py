"""What is counted of a plant's whole log, once, so that any moment can be asked about without a query."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from factoryview.factory.factory import Factory
from factoryview.flow.goals import Goal
from factoryview.flow.ladder import main_road
from factoryview.flow.moment.docks import endings
from factoryview.flow.moment.history import History
from factoryview.flow.moment.judging import Judged, judge
from factoryview.flow.moment.levels import NEUTRAL
from factoryview.flow.moment.presence import Presence
from factoryview.flow.moment.workdays import unit_of
from factoryview.flow.office_hours import OfficeHours, office_hours
from factoryview.plant.models import Target
from factoryview.store.answers import Ways
from factoryview.store.scroll import alike, let_go
from factoryview.store.windows import Tally, Totals
from factoryview.view.remembered import Remembered
from factoryview.view.topology import Topology

_FEWEST_HOURS = 12
"""Where all work seems to be done in a smaller part of a day than this, the log knows days but no times of day."""


@dataclass(frozen=True)
class Counts:
    """A factory, where its machines stand, and every count that depends on the whole log."""

    factory: Factory
    topology: Topology
    history: History
    jams: Judged
    """How badly each stage jams along time."""
    totals: Totals
    sources: dict[tuple[str, str], Tally]
    """Source of the topology and the stage it feeds by a belt → when its cases came in there."""
    goals: dict[str, Goal]
    """Stage or outcome with a target → its goal."""
    road: tuple[str, ...]
    """The main road: the stages that most cases pass, one after the other."""
    road_share: float
    """Share of all moves from a stage to another that go from one stage of the main road to its next."""
    hours: OfficeHours
    weight: float
    """Cases one crate stands for."""
    rejected: int
    undated: int
    """Stays whose moment nobody wrote down."""
    anonymous: bool
    """Some crates are made of counts and stand for no single case."""
    remembered: Remembered = field(default_factory=Remembered, init=False, repr=False, compare=False)
    """Answers to what many frames ask alike."""

    def rest(self) -> None:
        """What was looked up of a long log takes no memory any more."""
        endings = self.topology.endings.values()
        for tally in (*self.totals.tallies(), *self.sources.values(), *(ending.tally for ending in endings)):
            let_go(tally.at)
            let_go(tally.total)
        for ending in endings:
            let_go(ending.hue)
            let_go(ending.reason)

    @cached_property
    def moving(self) -> NDArray[np.float64]:
        """µs for which a stage's belts had been moving at each step: amber at half speed, red not at all."""
        found = self.jams.levels
        speed = np.choose(found.level, [1.0, 0.5, 0.0])
        spans = np.diff(found.moments[1:], prepend=self.history.first) if found.steps > 1 else np.zeros(0)
        return np.concatenate([np.zeros((len(speed), 1)), np.cumsum(speed[:, :-1] * spans, axis=1)], axis=1)

    @cached_property
    def levels_of_buckets(self) -> NDArray[np.int8]:
        """The level of every stage in the middle of each bucket of the history."""
        return np.asarray(self.jams.levels.level[:, self.steps_of_buckets])

    @property
    def steps_of_buckets(self) -> NDArray[np.intp]:
        """The step of the levels that is known in the middle of each bucket of the history."""
        past = self.history
        return self._steps_at(past.origin + past.width * np.arange(past.buckets) + past.width // 2)

    def worst_moment(self) -> int:
        """When most is in progress while the worst jam of the whole log is news (or lasts, if it never is), µs UTC: at
        a time at which work is done, by the plant's calendar or else by what is usual.
        """
        past, moments = self.history, self._at_work()
        steps = self._steps_at(moments)
        level = self.jams.levels.level[:, steps].max(axis=0, initial=NEUTRAL)
        worst = level == level.max()
        new = worst & self.jams.news[steps]
        bucket = np.clip((moments - past.origin) // past.width, 0, past.buckets - 1)
        return int(moments[np.argmax(np.where(new if new.any() else worst, past.wip.sum(axis=0)[bucket], -1.0))])

    def _at_work(self) -> NDArray[np.int64]:
        """A quarter, half and three quarters through each working day of the log; of a log without any the middle of
        each bucket. µs UTC.
        """
        past, days = self.history, self.jams.levels.workdays
        begins, closes = days.begins[days.open, None], days.closes[days.open, None]
        if len(begins) and np.median(closes - begins) < days.unit / _FEWEST_HOURS:
            begins, closes = days.edges[:-1][days.open, None], days.edges[1:][days.open, None]
        moments = (begins + (closes - begins) * np.arange(1, 4) // 4).ravel()
        moments = moments[(moments >= past.first) & (moments <= past.last)]
        if len(moments):
            return np.asarray(moments, dtype=np.int64)
        middles = past.origin + past.width * np.arange(past.buckets) + past.width // 2
        return np.asarray(np.minimum(middles, past.last), dtype=np.int64)

    def _steps_at(self, moments: NDArray[np.int64]) -> NDArray[np.intp]:
        """The step of the levels that is known at each moment (µs UTC)."""
        return np.asarray(np.searchsorted(self.jams.levels.moments, moments, side="right") - 1)


def judged(
    factory: Factory,
    past: History,
    before: Counts | None = None,
    *,
    known: Presence | None = None,
    tell: Callable[[float], None] | None = None,
) -> Judged:
    """How badly the stages of a log jam. before: what was counted so far, where more has come since. known: the stays
    at the stages, if they have been fetched. tell: see `judge`.
    """
    if before is not None and _still_judged(before, past):
        return before.jams
    return judge(factory.store, factory.plant, past.stages, past.last, known=known, tell=tell)


def count(factory: Factory, topology: Topology, past: History, jams: Judged) -> Counts:
    """Count everything. past: the whole log of the topology's stages; jams: how badly they jam along it."""
    store, plant = factory.store, factory.plant
    ways = store.ways()
    return Counts(
        factory,
        topology,
        past,
        jams,
        Totals.of(store, topology.stages),
        _entrances(factory, topology),
        {target.of: _goal(factory, target) for target in plant.targets},
        *_road(factory, topology, ways),
        office_hours(plant.calendar, plant.timezone, past.first, past.last),
        ways.weight,
        factory.rejected,
        ways.undated,
        bool(store.counted()),
    )


def _goal(factory: Factory, target: Target) -> Goal:
    arrivals = _tally(factory.store.each("counts/arrivals_of", by=("at",), name=target.of))
    return Goal(arrivals, target.per_day, factory.plant.timezone, factory.plant.calendar)


def _road(factory: Factory, topology: Topology, went: Ways) -> tuple[tuple[str, ...], float]:
    if factory.begun is not None and not factory.store.selected:  # which machines are the main road is of the whole log
        some = factory.sample()
        ended_there = endings(some.store, topology.windows.numbering.channels)
        return _road(some, replace(topology, endings=ended_there), some.store.ways())
    ways = {(via, stage): flow for via, stage, flow in went.flows}
    ended = {way: float(ending.tally.total[-1]) for way, ending in topology.endings.items()}
    ways = ended | ways
    lost = {outcome.name for outcome in factory.plant.outcomes if outcome.kind == "lost"}
    road = main_road(ways, topology.stages, lost.union(*topology.losing.values()))
    between = {way: flow for way, flow in ways.items() if way[0] != way[1] and {way[0], way[1]} <= set(topology.stages)}
    along = sum(between.get(way, 0.0) for way in pairwise(road))
    return road, along / (sum(between.values()) or 1.0) if between else 1.0


def _still_judged(before: Counts, past: History) -> bool:
    """Whether no working day has ended since, and nothing is known of those before that was not."""
    found, so_far = before.jams.levels, before.history
    if found.stages != past.stages or so_far.width != past.width or so_far.origin != past.origin:
        return False
    if found.workdays.unit != unit_of(past.last - past.first) or past.last >= found.workdays.next_end:
        return False
    known = slice(0, past.index(int(found.moments[-1])))
    return bool(
        np.array_equal(so_far.arrivals[:, known], past.arrivals[:, known])
        and np.array_equal(so_far.departures[:, known], past.departures[:, known])
    )


def _tally(columns: dict[str, NDArray[Any]], chosen: slice = slice(None)) -> Tally:
    at, weight = np.asarray(columns["at"], dtype=np.int64), np.asarray(columns["weight"], dtype=float)
    return Tally.of(at[chosen], weight[chosen])


def _entrances(factory: Factory, topology: Topology) -> dict[tuple[str, str], Tally]:
    channels, rest = topology.channels_of_sources()
    columns = factory.store.each(
        "counts/entrances", by=("source", "stage", "at"), channels=channels, stages=list(topology.stages), rest=rest
    )
    number = {name: source for source, name in enumerate(topology.sources, start=1)}
    code = {name: stage for stage, name in enumerate(topology.stages, start=1)}

    def entered(source: str, stage: str) -> Tally:
        of_source = alike(columns["source"], number[source])
        here = alike(columns["stage"][of_source], code[stage])
        return _tally(columns, slice(of_source.start + here.start, of_source.start + here.stop))

    return {(sign.source, sign.target): entered(sign.source, sign.target) for sign in topology.plan.signs}
