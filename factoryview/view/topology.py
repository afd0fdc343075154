"""Which machines, belts, docks and sources a factory has, where they stand, and the codes of its stays."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import takewhile

import numpy as np

from factoryview.factory.factory import Factory
from factoryview.flow.moment.docks import NO_ENDING, Ending, endings
from factoryview.flow.moment.standing import EDGE, Way
from factoryview.layout import lay_out
from factoryview.layout.floorplan import BeltSpec, Floorplan, FloorRequest, StageSpec
from factoryview.plant.models import label_of
from factoryview.store.database import Store
from factoryview.store.windows import Numbering, StayArrays, Windows
from factoryview.view.connections import (
    ENTRANCE,
    MOST_CHANNELS,
    NO_CHANNEL,
    choose_belts,
    choose_deliveries,
    choose_losing,
)


@dataclass(frozen=True)
class Topology:
    """What stands on the floor of one factory: names and places, no words of any language."""

    plan: Floorplan
    stages: tuple[str, ...]
    """Stages that hold work; their index is their code."""
    docks: tuple[str, ...]
    """Outcomes with a dock of their own; drawn after the stages."""
    sources: dict[str, int]
    """Name on the floor (`ENTRANCE` and its channel) → hue."""
    shares: tuple[float, ...]
    """Of each belt, its part of all flow."""
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
        stays = self.windows.fetch(since, until)
        return StayArrays(
            since, until, stays.id, stays.stage, self._belt_of[stays.belt], stays.entered, stays.started,
            stays.left, stays.weight, stays.hue,
        )  # fmt: skip


def topology_of(factory: Factory, aspect: float, language: str, before: Topology | None = None) -> Topology:
    """Lay out the floor of a factory for a screen area of that aspect (width ÷ height).

    language: whose labels the plates of the machines have room for.
    before: the topology so far, where more has come since. It is kept, with new numbers, as long as it has a place for
    all; else a new one is laid out on which machines stand where they stood as far as they can.
    """
    plant, store = factory.plant, factory.store
    known = set(store.stages())
    stages = tuple(stage.name for stage in plant.stages if stage.name in known or stage.name not in store.ends)
    stages += tuple(sorted(known.union(_kept(before, store)).difference(stages)))
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
    flows = [(via, stage, flow) for via, stage, flow in store.rows("stays/flows") if stage in stages]
    total = sum(flow for _, _, flow in flows) or 1.0
    drawn, belt_ways = choose_belts(factory, sources, stages, flows, total, before._drawn if before else ())
    goods_out = choose_deliveries(docks, ended, stages, flows)
    losing = choose_losing(ended, lost, stages, flows)
    if before is not None and _has_room(before, stages, set(drawn), set(goods_out), set(losing)):
        for way in (*before.deliveries, *_ways_out(before.losing)):
            ended.setdefault(way, NO_ENDING)
        losing = {
            stage: tuple(dict.fromkeys((*outcomes, *losing.get(stage, ()))))
            for stage, outcomes in before.losing.items()
        }
        windows, lookup = _number(store, stages, before._drawn, belt_ways, channels, before.windows)
        return replace(before, endings=ended, losing=losing, windows=windows, _belt_of=lookup)
    order = {name: i for i, name in enumerate((*stages, *docks))}
    zones = [department.name for department in plant.departments]
    belts = [
        BeltSpec(origin, target, flow / total, rework=order.get(origin, -1) > order[target], queue=True)
        for (origin, target), flow in drawn.items()
    ] + [BeltSpec(str(via), dock, len(ended[via, dock].at) / total) for via, dock in goods_out]
    request = FloorRequest(
        zones=tuple(zones) or (plant.name,),
        sources=tuple(dict.fromkeys(belt.origin for belt in belts if belt.origin.startswith(ENTRANCE))),
        stages=tuple(_specs(factory, stages, docks, zones, set(losing), ended, language)),
        belts=tuple(belts),
        aspect=aspect,
    )
    plan = lay_out(request, before.plan if before else None)
    index = {name: i for i, name in enumerate(stages)}
    place = {(belt.origin, belt.target): i for i, belt in enumerate(plan.belts)}
    ordered = [place[belt.origin, belt.target] for belt in belts]
    plan = Floorplan(**{**vars(plan), "belts": tuple(plan.belts[i] for i in ordered)}) if ordered else plan
    windows, lookup = _number(store, stages, tuple(drawn), belt_ways, channels)
    return Topology(
        plan=plan,
        stages=stages,
        docks=docks,
        sources={name: _hue(name, channels) for name in request.sources},
        shares=tuple(belt.share for belt in belts),
        ways=_ways(plan, len(drawn), index),
        deliveries=tuple((str(via), dock) for via, dock in goods_out),
        endings=ended,
        losing=losing,
        windows=windows,
        _belt_of=lookup,
        _drawn=tuple(drawn),
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


def own_tiles(plan: Floorplan, belt: int) -> int:
    """How many tiles of a belt are its own: where it joins a stronger belt into the same stage, that one goes on."""
    path = plan.belts[belt]
    taken = {tile for other in plan.belts[:belt] if other.target == path.target for tile in other.tiles}
    return next((i for i, tile in enumerate(path.tiles) if i and tile in taken and i not in path.underpasses),
                len(path.tiles))  # fmt: skip


def _ways(plan: Floorplan, count: int, index: dict[str, int]) -> tuple[Way, ...]:
    """The belts into stages, each with the tiles it shares with others into the same stage."""
    found = []
    for i, belt in enumerate(plan.belts[:count]):
        shared = []
        for k, other in enumerate(plan.belts[:count]):
            if k != i and other.target == belt.target:
                backwards = zip(reversed(belt.tiles), reversed(other.tiles), strict=False)
                same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], backwards))
                if same:
                    shared.append((k, float(same)))
        found.append(Way(index[belt.target], len(belt.tiles) - 2 * EDGE, tuple(shared)))
    return tuple(found)


def _specs(
    factory: Factory,
    stages: tuple[str, ...],
    docks: tuple[str, ...],
    zones: list[str],
    losing: set[str],
    ended: dict[tuple[str | None, str], Ending],
    language: str,
) -> list[StageSpec]:
    specs: list[StageSpec] = []
    zone_of: dict[str, int] = {}
    before = 0
    for name in stages:
        stage = factory.plant.stage(name)
        if stage and stage.department in zones:
            before = zones.index(stage.department)
        zone_of[name] = before
        label = label_of(stage, language) if stage else name
        specs.append(
            StageSpec(name, before, label, name in losing, pile=True, position=stage.position if stage else None)
        )
    for dock in docks:
        senders = [way for way in ended if way[1] == dock and way[0] in zone_of]
        zone = max((zone_of[str(via)] for via, _ in senders), default=0)
        outcome = next((o for o in factory.plant.outcomes if o.name == dock), None)
        specs.append(StageSpec(dock, zone, label_of(outcome, language) if outcome else dock))
    return specs


def _hue(source: str, channels: tuple[str, ...]) -> int:
    channel = source.removeprefix(ENTRANCE)
    return channels.index(channel) if channel in channels else 0
