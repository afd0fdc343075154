"""The floor of a factory: which machines and belts stand on it, and what codes the numbers of its stays have."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import takewhile

import numpy as np

from factoryview.app.factory import Factory
from factoryview.flow.docks import Ending, endings
from factoryview.flow.standing import EDGE, Way
from factoryview.layout import lay_out
from factoryview.layout.floorplan import BeltSpec, Floorplan, FloorRequest, StageSpec
from factoryview.plant.discover import BELT_SHARE
from factoryview.plant.models import label_of
from factoryview.store.window import Numbering, StayArrays, Windows

NO_CHANNEL = ""
_MOST_CHANNELS = 6
_LOSS_SHARE = 0.01
_MOST_WAYS, _MOST_FROM_SOURCE = 7, 5
"""Belts that find room at one machine (in or out) and at one source; the strongest are drawn."""
_ENTRANCE = "→ "
"""Marks the names of sources on the floor, so that a channel may be called like a stage."""


@dataclass(frozen=True)
class FloorOf:
    """What stands on the floor of one factory."""

    plan: Floorplan
    stages: tuple[str, ...]
    """Stages that hold work; their index is their code."""
    docks: tuple[str, ...]
    """Outcomes with a dock of their own; drawn after the stages."""
    sources: dict[str, tuple[str, int]]
    """Name on the floor → (channel, hue)."""
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

    def source_of(self, channels: list[str | None]) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
        """The source on the floor through which each channel enters."""
        rest = next((name for name, (_, hue) in self.sources.items() if hue == 0), "")
        names = {channel: name for channel in channels if (name := _ENTRANCE + (channel or NO_CHANNEL)) in self.sources}
        return np.array([names.get(channel, rest) for channel in channels], dtype=object)

    def fetch(self, since: int, until: int) -> StayArrays:
        """The stays of a window, their belts numbered as on the plan."""
        stays = self.windows.fetch(since, until)
        return StayArrays(
            since, until, stays.id, stays.stage, self._belt_of[stays.belt], stays.entered, stays.started,
            stays.left, stays.weight, stays.hue,
        )  # fmt: skip


def floor_of(factory: Factory, aspect: float, language: str) -> FloorOf:
    """Lay out the floor of a factory for a screen area of that aspect (width ÷ height), labelled in a language."""
    plant, store = factory.plant, factory.store
    known = set(store.stages())
    stages = tuple(stage.name for stage in plant.stages if stage.name in known or stage.name not in store.ends)
    stages += tuple(sorted(known.difference(stages)))
    channels = (NO_CHANNEL, *(source.name for source in plant.sources[:_MOST_CHANNELS]))
    ended = endings(store, channels)
    kind_of = {outcome.name: outcome.kind for outcome in plant.outcomes}
    lost = {name for name, kind in kind_of.items() if kind == "lost"}
    lost |= {outcome for _, outcome in ended if outcome not in kind_of and store.meaning == "kpi"}
    docks = tuple(dict.fromkeys(
        outcome for via, outcome in ended if outcome not in lost and outcome not in stages and via in stages
    ))  # fmt: skip
    docks = tuple(sorted(docks, key=lambda name: list(kind_of).index(name) if name in kind_of else len(kind_of)))
    flows = [(via, stage, flow) for via, stage, flow in store.rows("flows") if stage in stages]
    total = sum(flow for _, _, flow in flows) or 1.0
    drawn, belt_ways = _belts(factory, stages, flows, total)
    goods_out = _deliveries(docks, ended, stages, flows)
    losing = _losing(ended, lost, stages, flows)
    order = {name: i for i, name in enumerate((*stages, *docks))}
    zones = [department.name for department in plant.departments]
    belts = [
        BeltSpec(origin, target, flow / total, rework=order.get(origin, -1) > order[target], queue=True)
        for (origin, target), flow in drawn.items()
    ] + [BeltSpec(str(via), dock, len(ended[via, dock].at) / total) for via, dock in goods_out]
    request = FloorRequest(
        zones=tuple(zones) or (plant.name,),
        sources=tuple(dict.fromkeys(belt.origin for belt in belts if belt.origin.startswith(_ENTRANCE))),
        stages=tuple(_specs(factory, stages, docks, zones, set(losing), ended, language)),
        belts=tuple(belts),
        aspect=aspect,
    )
    plan = lay_out(request)
    index = {name: i for i, name in enumerate(stages)}
    place = {(belt.origin, belt.target): i for i, belt in enumerate(plan.belts)}
    ordered = [place[belt.origin, belt.target] for belt in belts]
    plan = Floorplan(**{**vars(plan), "belts": tuple(plan.belts[i] for i in ordered)}) if ordered else plan
    ways = _ways(plan, len(drawn), index)
    spot = {way: i for i, way in enumerate(drawn)}
    numbering = Numbering(stages, tuple(belt_ways), channels)
    lookup = np.array([spot[belt_ways[way]] for way in belt_ways] + [-1], dtype=np.int16)
    return FloorOf(
        plan=plan,
        stages=stages,
        docks=docks,
        sources=_source_labels(factory, request.sources, channels, language),
        shares=tuple(belt.share for belt in belts),
        ways=ways,
        deliveries=tuple((str(via), dock) for via, dock in goods_out),
        endings=ended,
        losing=losing,
        windows=Windows(store, numbering),
        _belt_of=lookup,
    )


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


def _belts(
    factory: Factory, stages: tuple[str, ...], flows: list[tuple[str | None, str, float]], total: float
) -> tuple[dict[tuple[str, str], float], dict[tuple[str | None, str], tuple[str, str]]]:
    """Belts to draw with their flow, and for each way of the log the belt it rides (ways too rare have none)."""
    channels = {source.name for source in factory.plant.sources[:_MOST_CHANNELS]}
    rest = factory.plant.sources[_MOST_CHANNELS].name if len(factory.plant.sources) > _MOST_CHANNELS else NO_CHANNEL
    wished = {(belt.origin, belt.target) for belt in factory.plant.belts}
    way_to_belt: dict[tuple[str | None, str], tuple[str, str]] = {}
    strength: dict[tuple[str, str], float] = {}
    for via, stage, flow in flows:
        if via in stages:
            belt = (str(via), stage)
        else:
            belt = (_ENTRANCE + (via if via in channels and via is not None else rest), stage)
        way_to_belt[via, stage] = belt
        strength[belt] = strength.get(belt, 0.0) + flow
    best_in: dict[str, tuple[str, str]] = {}
    best_out: dict[str, tuple[str, str]] = {}
    for belt in sorted(strength, key=lambda b: (-strength[b], b)):
        if belt[0] != belt[1]:
            best_in.setdefault(belt[1], belt)
            best_out.setdefault(belt[0], belt)
    keep = {
        belt
        for belt, flow in strength.items()
        if flow >= BELT_SHARE * total or belt in wished or best_in.get(belt[1]) == belt or best_out.get(belt[0]) == belt
    }
    drawn: dict[tuple[str, str], float] = {}
    leaving: Counter[str] = Counter()
    coming: Counter[str] = Counter()
    for belt in sorted(keep, key=lambda b: (-strength[b], b)):
        most = _MOST_FROM_SOURCE if belt[0].startswith(_ENTRANCE) else _MOST_WAYS
        if leaving[belt[0]] < most and coming[belt[1]] < _MOST_WAYS:
            drawn[belt] = strength[belt]
            leaving[belt[0]] += 1
            coming[belt[1]] += 1
    return drawn, {way: belt for way, belt in way_to_belt.items() if belt in drawn}


def _deliveries(
    docks: tuple[str, ...],
    ended: dict[tuple[str | None, str], Ending],
    stages: tuple[str, ...],
    flows: list[tuple[str | None, str, float]],
) -> list[tuple[str, str]]:
    """Belts to the docks: every way of weight, and for each dock its strongest."""
    found: list[tuple[str, str]] = []
    for dock in docks:
        ways = [(len(ending.at), via) for (via, outcome), ending in ended.items() if outcome == dock and via in stages]
        ways.sort(key=lambda way: (-way[0], str(way[1])))
        found += [(str(via), dock) for k, (n, via) in enumerate(ways) if k == 0 or n >= BELT_SHARE * _left(flows, via)]
    return found


def _left(flows: list[tuple[str | None, str, float]], stage: str | None) -> float:
    """Cases that came into a stage, as the measure of what leaves it."""
    return sum(flow for _, target, flow in flows if target == stage) or 1.0


def _losing(
    ended: dict[tuple[str | None, str], Ending],
    lost: set[str],
    stages: tuple[str, ...],
    flows: list[tuple[str | None, str, float]],
) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for (via, outcome), ending in ended.items():
        if via in stages and via != outcome and outcome in lost and len(ending.at) >= _LOSS_SHARE * _left(flows, via):
            found.setdefault(str(via), []).append(outcome)
    return {stage: tuple(outcomes) for stage, outcomes in found.items()}


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


def _source_labels(
    factory: Factory, sources: tuple[str, ...], channels: tuple[str, ...], language: str
) -> dict[str, tuple[str, int]]:
    labels = {source.name: label_of(source, language) for source in factory.plant.sources}
    found = {}
    for name in sources:
        channel = name.removeprefix(_ENTRANCE)
        found[name] = (labels.get(channel, channel), channels.index(channel) if channel in channels else 0)
    return found
