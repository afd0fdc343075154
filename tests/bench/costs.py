"""How near the cost of a bottleneck comes to what a simulation again says, point and interval, on generated plants.

Realised truth: the same chance with the stage four times as fast since the jam began, extra good completions a day.
Averaged truth: the mean of that over other histories of the same plant.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np

from factoryview.flow.verdict.basis import basis_of
from factoryview.flow.verdict.bottleneck import find_bottleneck, ribbon
from factoryview.flow.verdict.evidence import gather
from factoryview.flow.verdict.heldback import FREE, held_back, lags_of
from factoryview.plant.models import Plant
from tests.kit.plants.costs import DAYS, KINDS, generate
from tests.kit.plants.logs import EPOCH, store_of, tables
from tests.kit.plants.simulate import completed, simulate
from tests.kit.plants.spec import Spec

PLANTS, HISTORIES = 13, 12
MEANINGS = ("entry", "interval", "completion")
END = DAYS * 24
WINDOWS = {"whole": 0.0, "last 30": END - 720}
TOLERANCE, NEAR = 0.3, 0.2


@dataclass(frozen=True)
class Answer:
    """One window of one log of one plant; cases a calendar day."""

    kind: str
    seed: int
    log: str
    window: str
    point: float
    low: float
    high: float
    case: str
    realised: float
    averaged: float
    named: bool
    """The verdict names the stage that is the constraint."""

    @property
    def near(self) -> bool:
        return abs(self.point - self.realised) <= max(TOLERANCE, NEAR * abs(self.realised))

    @property
    def covered(self) -> bool:
        return self.low - 0.05 <= self.averaged <= self.high + 0.05


def gains(spec: Spec, stage: int, onset: float, starts: dict[str, float]) -> dict[str, float]:
    """Per window extra good completions a day in [since, end) with the stage four times as fast since the onset."""
    fast, same = simulate(spec, (stage, FREE, onset)), simulate(spec)
    return {
        name: (completed(spec, fast, since) - completed(spec, same, since)) / ((END - since) / 24)
        for name, since in starts.items()
    }


def judge(task: tuple[str, int, int]) -> list[Answer]:
    kind, seed, histories = task
    spec, stage, onset = generate(kind, seed)
    asked = stage if stage >= 0 else _fullest(spec)
    visits = simulate(spec)
    starts = {name: max(since, onset) for name, since in WINDOWS.items()}
    realised = gains(spec, asked, onset, starts)
    others = [gains(generate(kind, seed, history)[0], asked, onset, starts) for history in range(1, histories + 1)]
    averaged = {name: float(np.mean([other[name] for other in others])) if others else np.nan for name in starts}
    found = []
    name = spec.machines[asked].name
    zero = EPOCH.timestamp() / 3600
    for log in MEANINGS:
        store = store_of(*tables(spec, visits, log), log)
        evidence = gather(store, Plant(name="bench"))
        if name not in evidence.stages:
            continue
        basis = basis_of(evidence)
        named = find_bottleneck(basis, phases=ribbon(basis)).stage == name
        lags = lags_of(basis, store, name)
        for window, since in starts.items():
            held = held_back(basis, name, zero + onset, (zero + since, evidence.end), lags=lags)
            scale = held.working_days / ((held.window[1] - held.window[0]) / 24)
            found.append(
                Answer(kind, seed, log, window, held.point * scale, held.low * scale, held.high * scale, held.case,
                       realised[window], averaged[window], named)
            )  # fmt: skip
    return found


def _fullest(spec: Spec) -> int:
    """The queue that is used most."""
    used = [machine.mean / machine.servers if machine.kind == "queue" else 0.0 for machine in spec.machines]
    return int(np.argmax(used))


def answers(plants: int = PLANTS, histories: int = HISTORIES, first_seed: int = 0, workers: int = 2) -> list[Answer]:
    tasks = [(kind, first_seed + seed, histories) for seed in range(plants) for kind in KINDS]
    with multiprocessing.Pool(workers, initializer=os.nice, initargs=(5,)) as pool:
        return [answer for found in pool.imap(judge, tasks, chunksize=2) for answer in found]


def table(found: list[Answer]) -> dict[str, Any]:
    """Shares near the realised truth and covering the averaged one; logs that do not show the arrivals are apart."""
    rows: dict[str, Any] = {}
    groups: defaultdict[tuple[str, str], list[Answer]] = defaultdict(list)
    for answer in found:
        if answer.case != "unseen" and answer.kind != "none":
            groups[answer.window, "all"].append(answer)
            groups[answer.window, answer.log].append(answer)
            groups[answer.window, answer.kind].append(answer)
    for (window, group), some in sorted(groups.items()):
        rows[f"{window}, {group}"] = {
            "logs": len(some),
            "near realised": round(float(np.mean([answer.near for answer in some])), 3),
            "covers averaged": round(float(np.mean([answer.covered for answer in some])), 3),
        }
    calm = [answer for answer in found if answer.kind == "none"]
    rows["none, called sure"] = sum(answer.case == "sure" for answer in calm)
    return rows


def run(plants: int = PLANTS, histories: int = HISTORIES, first: int = 0, workers: int = 2) -> dict[str, Any]:
    """For `python -m tests.bench costs`. plants: of each kind, from seed `first` on."""
    return table(answers(plants, histories, first, workers))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--plants", type=int, default=PLANTS)
    parser.add_argument("--histories", type=int, default=HISTORIES)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--wrong", action="store_true")
    asked = parser.parse_args()
    everything = answers(asked.plants, asked.histories, asked.seed, asked.workers)
    for key, row in table(everything).items():
        print(key, row)
    for one in everything:
        if asked.wrong and one.case != "unseen" and one.kind != "none" and not one.near:
            print(one)
