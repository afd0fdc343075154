"""Which ways of a log are drawn as belts, which outcomes get a dock's belt, and which stages a bin."""

from __future__ import annotations

from collections import Counter

from factoryview.factory.factory import Factory
from factoryview.flow.moment.docks import Ending
from factoryview.plant.discover import BELT_SHARE
from factoryview.plant.models import Source

NO_CHANNEL = ""
MOST_CHANNELS = 6
_LOSS_SHARE = 0.01
_MOST_WAYS, _MOST_FROM_SOURCE = 7, 5
"""Belts that find room at one machine (in or out) and at one source; the strongest are drawn."""
ENTRANCE = "→ "
"""Marks the names of sources on the floor, so that a channel may be called like a stage."""


def choose_belts(
    factory: Factory,
    sources: tuple[Source, ...],
    stages: tuple[str, ...],
    flows: list[tuple[str | None, str, float]],
    total: float,
    before: tuple[tuple[str, str], ...],
    *,
    others: bool = True,
) -> tuple[dict[tuple[str, str], float], dict[tuple[str | None, str], tuple[str, str]]]:
    """Belts to draw with their flow, and for each way of the log the belt it rides (ways too rare have none).

    sources: the channels that may stand by name. others: whether any are drawn that were not before.
    """
    channels = {source.name for source in sources[:MOST_CHANNELS]}
    rest = sources[MOST_CHANNELS].name if len(sources) > MOST_CHANNELS else NO_CHANNEL
    hidden = {source.name for source in factory.plant.sources}.difference(source.name for source in sources)
    way_to_belt: dict[tuple[str | None, str], tuple[str, str]] = {}
    strength: dict[tuple[str, str], float] = {}
    for via, stage, flow in flows:
        if via in stages:
            belt = (str(via), stage)
        else:
            belt = (ENTRANCE + (via if via in channels and via is not None else rest), stage)
        way_to_belt[via, stage] = belt
        strength[belt] = strength.get(belt, 0.0) + flow
    wished = set(before)
    for line in factory.plant.belts:
        if line.target in stages:
            origin = ENTRANCE + (rest if line.origin in hidden else line.origin)
            origin = line.origin if line.origin in stages else origin
            wished.add((origin, line.target))
            strength.setdefault((origin, line.target), 0.0)
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
    if not others:
        keep = strength.keys() & set(before)
    drawn: dict[tuple[str, str], float] = {}
    leaving: Counter[str] = Counter()
    coming: Counter[str] = Counter()
    for belt in sorted(keep, key=lambda b: (-strength[b], b)):
        most = _MOST_FROM_SOURCE if belt[0].startswith(ENTRANCE) else _MOST_WAYS
        if leaving[belt[0]] < most and coming[belt[1]] < _MOST_WAYS:
            drawn[belt] = strength[belt]
            leaving[belt[0]] += 1
            coming[belt[1]] += 1
    return drawn, {way: belt for way, belt in way_to_belt.items() if belt in drawn}


def choose_deliveries(
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


def choose_losing(
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
