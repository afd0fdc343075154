"""Which machines, belts, docks and sources a factory has, where they stand, and the codes of its stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from factoryview.factory.factory import Factory
from factoryview.flow.moment.docks import NO_ENDING, Ending, endings
from factoryview.flow.moment.history import History
from factoryview.flow.moment.standing import Way
from factoryview.layout.plan import BeltSpec, Plan
from factoryview.store.database import Store
from factoryview.store.standing import Wanted
from factoryview.store.windows import Numbering, StayArrays, Windows
from factoryview.view.arrangement import arrange, ways_of
from factoryview.view.connections import (
    ENTRANCE,
    MOST_CHANNELS,
    NO_CHANNEL,
    choose_belts,
    choose_deliveries,
    choose_losing,
)

_HIDDEN = "\0"
"""In the place of a channel that must not be told apart; no log can name one so."""


@dataclass(frozen=True)
class Topology:
    """What stands on the floor of one factory: names and places, no words of any language."""

    plan: Plan
    aspect: float
    """Of the screen area that the plan was laid out for: width ÷ height."""
    stages: tuple[str, ...]
    """Stages that hold work; their index is their code."""
    docks: tuple[str, ...]
    """Outcomes with a dock of their own; drawn after the stages."""
    depots: tuple[str, ...]
    """What is drawn with how many have ended there: the docks, and ends that are stages in which no time is spent."""
    sources: dict[str, int]
    """Name on the floor (`ENTRANCE` and its channel) → hue."""
    ways: tuple[Way, ...]
    """The first belts of the plan: those that lead to stages."""
    deliveries: tuple[tuple[str, str], ...]
    """The other belts of the plan: (stage, outcome)."""
    endings: dict[tuple[str | None, str], Ending]
    losing: dict[str, tuple[str, ...]]
    """Stage → the lost outcomes its cases go to."""
    windows: Windows
    _belt_of: np.ndarray[tuple[int], np.dtype[np.int16]]
    _drawn: tuple[tuple[str, str], ...]
    """The belts into stages, as (origin, target)."""

    def channels_of_sources(self) -> tuple[list[str], int]:
        """The channel of each source on the floor, and the place (from 1) of the one for all others, 0 if none is."""
        hues = list(self.sources.values())
        return [name.removeprefix(ENTRANCE) for name in self.sources], hues.index(0) + 1 if 0 in hues else 0

    def fetch(self, since: int, until: int) -> StayArrays:
        """The stays of a window, their belts numbered as on the plan."""
        return self._on_plan(self.windows.fetch(since, until))

    def fetch_crowded(self, since: int, until: int, given_up: Mapping[int, int], wanted: Wanted) -> StayArrays:
        """As `fetch`, of what can be drawn; see `Windows.fetch_crowded`."""
        return self._on_plan(self.windows.fetch_crowded(since, until, given_up, wanted))

    def _on_plan(self, stays: StayArrays) -> StayArrays:
        return replace(stays, belt=self._belt_of[stays.belt])


def stages_of(factory: Factory, before: Topology | None = None) -> tuple[str, ...]:
    """Stages that hold work, in the order of the plant. before: one whose last case is forgotten keeps its place."""
    plant, store = factory.plant, factory.store
    known = set(store.stages())
    stages = tuple(stage.name for stage in plant.stages if stage.name in known or stage.name not in store.ends)
    return stages + tuple(sorted(known.union(_kept(before, store)).difference(stages)))


def topology_of(
    factory: Factory,
    past: History,
    peaks: NDArray[np.float64],
    lying: set[str],
    aspect: float,
    before: Topology | None = None,
) -> Topology:
    """Lay out the floor of a factory for a screen area of that aspect (width ÷ height).

    past: the whole log of `stages_of`. peaks: the most cases that stood at each stage, without those that nobody works
    on any more. lying: stages at which such cases lie at some time.
    before: the topology so far, where more has come since. It is kept, with new
    numbers, as long as it has a place for all; else a new one is laid out on which machines stand where they stood as
    far as they can. Of a factory with a sample it is the floor of that, which has a place for all that is drawn.
    """
    plant, store, stages = factory.plant, factory.store, past.stages
    sources = factory.sources()
    channels = (NO_CHANNEL, *(source.name for source in sources[:MOST_CHANNELS]))
    ended = endings(store, channels)
    kind_of = {outcome.name: outcome.kind for outcome in plant.outcomes}
    lost = {name for name, kind in kind_of.items() if kind == "lost"}
    counted = set(store.counted())
    lost |= {outcome for via, outcome in ended if outcome not in kind_of and via in counted}
    docks = tuple(dict.fromkeys(
        outcome for via, outcome in ended if outcome not in lost and outcome not in stages and via in stages
    ))  # fmt: skip
    docks = tuple(sorted(docks, key=lambda name: list(kind_of).index(name) if name in kind_of else len(kind_of)))
    flows = [(via, stage, flow) for via, stage, flow in store.ways().flows if stage in stages]
    total = sum(flow for _, _, flow in flows) or 1.0
    fixed = before is not None and factory.every > 0
    drawn, belt_ways = choose_belts(
        factory, sources, stages, flows, total, before._drawn if before else (), others=not fixed
    )
    goods_out = choose_deliveries(docks, ended, stages, flows)
    losing = choose_losing(ended, lost, stages, flows)
    if before is not None and fixed:
        goods_out = [way for way in goods_out if way in before.deliveries]
        losing = {}
    if before is not None and _has_room(before, stages, set(drawn), set(goods_out), set(losing)):
        for way in (*before.deliveries, *_ways_out(before.losing)):
            ended.setdefault(way, NO_ENDING)
        losing = {
            stage: tuple(dict.fromkeys((*outcomes, *losing.get(stage, ()))))
            for stage, outcomes in before.losing.items()
        }
        windows, lookup = _number(store, stages, before._drawn, belt_ways, channels, before.windows)
        depots = (*before.docks, *_timeless(store, past))
        return replace(before, depots=depots, endings=ended, losing=losing, windows=windows, _belt_of=lookup)
    order = {name: i for i, name in enumerate((*stages, *docks))}
    entering = sum(flow for via, _, flow in flows if via not in stages) or total
    belts = [
        BeltSpec(origin, target, flow / entering, rework=order.get(origin, -1) > order[target])
        for (origin, target), flow in drawn.items()
    ] + [BeltSpec(str(via), dock, len(ended[via, dock].at) / entering) for via, dock in goods_out]
    most = past.wip.max(axis=1, initial=0.0)
    plan = arrange(factory, peaks, most, stages, docks, belts, set(losing), lying, ended, aspect)
    if plan.unrouted:
        drawn = {belt: flow for belt, flow in drawn.items() if belt not in plan.unrouted}
        belt_ways = {way: belt for way, belt in belt_ways.items() if belt in drawn}
        goods_out = [way for way in goods_out if way not in plan.unrouted]
        belts = [belt for belt in belts if (belt.origin, belt.target) not in plan.unrouted]
    windows, lookup = _number(store, stages, tuple(drawn), belt_ways, channels)
    return Topology(
        plan=plan,
        aspect=aspect,
        stages=stages,
        docks=docks,
        depots=(*docks, *_timeless(store, past)),
        sources={
            name: _hue(name, channels)
            for name in dict.fromkeys(origin for origin, _ in drawn if origin.startswith(ENTRANCE))
        },
        ways=ways_of(plan, len(drawn), stages),
        deliveries=tuple((str(via), dock) for via, dock in goods_out),
        endings=ended,
        losing=losing,
        windows=windows,
        _belt_of=lookup,
        _drawn=tuple(drawn),
    )


def narrowed(whole: Topology, factory: Factory) -> Topology:
    """The same floor for some of its cases: what nobody of them went stays where it is.

    factory: of the selected cases. Channels of too few of them are not told apart.
    """
    numbering = whole.windows.numbering
    shown = {source.name for source in factory.sources()}
    channels = tuple(name if name in shown or name == NO_CHANNEL else _HIDDEN for name in numbering.channels)
    hues = np.array([0 if name == _HIDDEN else code for code, name in enumerate(channels)], dtype=np.int8)
    found = endings(factory.store, numbering.channels)
    ended = dict.fromkeys(whole.endings, NO_ENDING)
    ended |= {way: replace(ending, hue=hues[ending.hue]) for way, ending in found.items()}
    among = whole.windows if factory.store.prepared else None
    windows = Windows(factory.store, replace(numbering, channels=channels), among)
    return replace(whole, endings=ended, windows=windows)


def _timeless(store: Store, past: History) -> tuple[str, ...]:
    """Ends that a log tells as activities, but at which nobody ever spent any time: nothing can stand there."""
    spent, gone = past.stayed.sum(axis=1) + past.wip.sum(axis=1), past.departures.sum(axis=1)
    return tuple(
        name for code, name in enumerate(past.stages) if name in store.ends and gone[code] > 0 and not spent[code]
    )


def _kept(before: Topology | None, store: Store) -> tuple[str, ...]:
    """The machines there were: one whose last case is forgotten stays where it stands."""
    return before.stages if before is not None and before.windows.store is store else ()


def _has_room(
    floor: Topology,
    stages: tuple[str, ...],
    drawn: set[tuple[str, str]],
    goods_out: set[tuple[str, str]],
    losing: set[str],
) -> bool:
    """Whether everything that should be drawn stands on a floor already."""
    return (
        floor.stages == stages
        and drawn <= set(floor._drawn)
        and goods_out <= set(floor.deliveries)
        and losing <= set(floor.losing)
    )


def _ways_out(losing: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(stage, outcome) for stage, outcomes in losing.items() for outcome in outcomes]


def _number(
    store: Store,
    stages: tuple[str, ...],
    drawn: tuple[tuple[str, str], ...],
    belt_ways: dict[tuple[str | None, str], tuple[str, str]],
    channels: tuple[str, ...],
    before: Windows | None = None,
) -> tuple[Windows, np.ndarray[tuple[int], np.dtype[np.int16]]]:
    """The windows of a floor, and for each of their belts its place on the plan (the last: none)."""
    spot = {way: i for i, way in enumerate(drawn)}
    numbering = Numbering(stages, tuple(belt_ways), channels)
    lookup = np.array([spot[belt] for belt in belt_ways.values()] + [-1], dtype=np.int16)
    same = before is not None and before.store is store and before.numbering == numbering
    return (before if before is not None and same else Windows(store, numbering)), lookup


def _hue(source: str, channels: tuple[str, ...]) -> int:
    channel = source.removeprefix(ENTRANCE)
    return channels.index(channel) if channel in channels else 0
