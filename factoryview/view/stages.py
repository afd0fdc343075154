"""The machines of a plant at a moment, as numbers and ids."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from factoryview.factory.factory import Factory
from factoryview.flow.moment.judging import StageLevel
from factoryview.flow.moment.standing import AtStage, Standing
from factoryview.view.counts import Counts


@dataclass(frozen=True)
class StageState:
    """A machine."""

    id: tuple[str, ...]
    """("stage", name)."""
    level: int
    jam: StageLevel
    """Why it has that level, since when, and who is left lying there."""
    busy: float
    """Share of its places that are taken, 0 to 1."""
    here: AtStage
    throughput: float
    """Departures per `State.rate.unit`."""
    mean_stay: float | None
    """Of those that left lately, µs; None where none did, or too few to say so."""
    people: int
    robots: int
    vacancies: int
    at_work: int
    """How many of the people and robots have a case in hand."""
    inside: int
    """Crates in the machine."""
    pile: bytes
    """The channel of each crate of its pile, in order of arrival."""
    stale_since: int | None
    """Since when its data is old (µs UTC, 0: there never was any), None: it is not."""


def stages_at(counts: Counts, at: int, day: date, standing: Standing, stale: dict[str, int]) -> tuple[StageState, ...]:
    """Every stage at a moment (µs UTC) of that local day: what has not changed is the state of the frame before.

    stale: stage → since when its data is old.
    """
    levels, remembered, until = counts.jams.at(at), counts.remembered, counts.history.window(at).until
    passing = remembered.of("passing", until, lambda: _passing(counts, at))
    heads = remembered.of("heads", day, lambda: [_heads(counts.factory, name, day) for name in counts.topology.stages])
    riding = [0] * len(standing.stages)
    for way, belt in zip(counts.topology.ways, standing.belts, strict=False):
        riding[way.stage] += len(belt.id)
    found = []
    for i, (name, here) in enumerate(zip(counts.topology.stages, standing.stages, strict=True)):
        pile = standing.piles[i].tobytes()
        of = levels[i], here, passing[i], heads[i], riding[i], pile, stale.get(name)
        what = "stage", name
        found.append(remembered.known(what, of) or remembered.keep(what, of, _stage(name, counts.weight, *of)))
    return tuple(found)


def _stage(
    name: str,
    weight: float,
    jam: StageLevel,
    here: AtStage,
    passing: _Passing,
    heads: _Heads,
    riding: int,
    pile: bytes,
    stale_since: int | None,
) -> StageState:
    """weight: cases that a crate stands for. riding: crates on its belts."""
    inside = here.in_machine / weight
    return StageState(
        id=("stage", name),
        level=jam.level,
        jam=jam,
        busy=min(1.0, inside / heads.servers),
        here=here,
        throughput=passing.throughput,
        mean_stay=passing.mean_stay,
        people=heads.people,
        robots=heads.robots,
        vacancies=heads.vacancies,
        at_work=min(heads.people + heads.robots, round(inside)),
        inside=here.crates - here.wrecked - len(pile) - riding,
        pile=pile,
        stale_since=stale_since,
    )


class _Heads(NamedTuple):
    """Who works at a stage on a day."""

    people: int
    robots: int
    vacancies: int
    servers: int
    """How many cases it can work on at once."""


def _heads(factory: Factory, stage: str, day: date) -> _Heads:
    people, robots = factory.staff(stage, day)
    vacancies = max(0, (factory.posts(stage) or 0) - people - robots)
    return _Heads(people, robots, vacancies, factory.servers(stage, day))


class _Passing(NamedTuple):
    """What left a stage lately; see `StageState`."""

    throughput: float
    mean_stay: float | None


def _passing(counts: Counts, at: int) -> tuple[_Passing, ...]:
    """Of every stage; it changes only with the window."""
    past, gate = counts.history, counts.factory.gate
    rates, stays = past.throughput(at).tolist(), past.mean_stay(at).tolist()
    gone = past.departures[:, past.window(at).buckets].sum(axis=1)
    return tuple(
        _Passing(rate, None if math.isnan(stay) else gate.number(stay, left))
        for rate, stay, left in zip(rates, stays, gone, strict=True)
    )
