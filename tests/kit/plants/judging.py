"""What is concluded from the logs of generated plants, beside their truth and what others would say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

import numpy as np

from factoryview.flow.moment.crowd import Crowd
from factoryview.flow.moment.levels import Levels, levels
from factoryview.flow.moment.workdays import workdays
from factoryview.flow.verdict.basis import basis_of
from factoryview.flow.verdict.bottleneck import find_bottleneck
from factoryview.flow.verdict.evidence import Evidence, gather
from factoryview.plant.models import Calendar, Plant
from tests.kit.plants.generate import generate
from tests.kit.plants.jams import NEVER, Jams
from tests.kit.plants.logs import Meaning, store_of, tables
from tests.kit.plants.simulate import simulate, truth

AGAIN = 10
"""Working days between two spells of red that are one alarm."""


@dataclass(frozen=True)
class Answer:
    """What was said about one log of one plant."""

    kind: str
    seed: int
    log: str
    truth: str | None
    said: str | None
    reason: str
    first: bool
    """The constraint is the first stage, whose arrivals a log of completions does not show."""
    rivals: tuple[str | None, ...]


def _rivals(evidence: Evidence, used: dict[str, float]) -> tuple[str | None, ...]:
    """The stage with the longest mean stay, the most work in progress at the end, the highest utilisation."""
    stays, standing = [], []
    for visits in evidence.visits:
        done = np.isfinite(visits.left)
        stays.append(float((visits.left - visits.entered)[done].mean()) if done.any() else 0.0)
        standing.append(int((~done).sum()))
    slowest, most = evidence.stages[int(np.argmax(stays))], evidence.stages[int(np.argmax(standing))]
    return slowest, most, max(used, key=lambda name: used[name])


def judge(task: tuple[str, int]) -> list[Answer]:
    """All logs of one plant; nothing where the truth is not clear."""
    kind, seed = task
    spec = generate(seed, constraint=kind != "none", calendar=kind == "calendar")
    visits = simulate(spec)
    true, _ = truth(spec, visits)
    if (true is None) != (kind == "none"):
        return []
    answers = []
    for meaning in get_args(Meaning):
        evidence = gather(store_of(*tables(spec, visits, meaning), meaning), Plant(name="bench"))
        found = find_bottleneck(basis_of(evidence))
        first = true == spec.machines[0].name
        answers.append(
            Answer(kind, seed, meaning, true, found.stage, found.reason, first, _rivals(evidence, found.used))
        )
    return answers


def judged(plant: Jams, until: int | None = None) -> Levels:
    """The levels of a plant, its working time discovered. until: cut the log there, µs UTC."""
    first, last = plant.span
    last = until or last
    stays = {}
    for stage, (entered, left) in plant.stays.items():
        come = entered <= last
        stays[stage] = entered[come], np.where(left[come] <= last, left[come], NEVER)
    clock = workdays([np.sort(left[left < NEVER]) for _, left in stays.values()], first, last, "UTC", Calendar())
    crowds = {}
    for stage, (entered, left) in stays.items():
        gone = np.where(left < NEVER, clock.passed(np.minimum(left, last)), np.inf)
        crowds[stage] = Crowd(clock.passed(entered), gone, np.ones(len(entered)))
    return levels(crowds, clock)


def spells(red: np.ndarray) -> list[tuple[int, int]]:
    """Begins and ends of alarms: red with pauses of up to ten days."""
    days = np.flatnonzero(red)
    if not len(days):
        return []
    cuts = np.flatnonzero(np.diff(days) > AGAIN + 1)
    begins, ends = days[np.append(0, cuts + 1)], days[np.append(cuts, len(days) - 1)] + 1
    return list(zip(begins.tolist(), ends.tolist(), strict=True))
