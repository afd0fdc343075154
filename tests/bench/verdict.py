"""How often the verdict is right on generated plants whose truth was simulated again, beside what others do.

Truth: the queue whose +25 % speed gains the most completed cases, clear by a factor of two. Kinds of plants: plain
(around the clock), calendar (nights and weekends off), none (no queue used above 65 %).
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
from collections import defaultdict
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np

from factoryview.flow.verdict.basis import line_of
from factoryview.flow.verdict.bottleneck import find_bottleneck
from factoryview.flow.verdict.evidence import Evidence, gather
from factoryview.plant.models import Plant
from tests.kit.plants.generate import generate
from tests.kit.plants.logs import Meaning, store_of, tables
from tests.kit.plants.simulate import simulate, truth

PLANTS = 80
"""Of each kind."""
KINDS = ("plain", "calendar", "none")
RIVALS = ("slowest edge", "most WIP", "highest utilisation")


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
        found = find_bottleneck(line_of(evidence))
        first = true == spec.machines[0].name
        answers.append(
            Answer(kind, seed, meaning, true, found.stage, found.reason, first, _rivals(evidence, found.used))
        )
    return answers


def answers(plants: int = PLANTS, first_seed: int = 0) -> list[Answer]:
    """Judges `plants` plants of each kind, on two processes."""
    tasks = [(kind, first_seed + seed) for kind in KINDS for seed in range(plants)]
    with multiprocessing.Pool(2, initializer=os.nice, initargs=(5,)) as pool:
        return [answer for found in pool.imap(judge, tasks, chunksize=4) for answer in found]


def table(found: list[Answer]) -> dict[str, Any]:
    """Accuracy per kind of plant and log; a constraint nobody can see must not be put elsewhere, and is apart."""
    rows: dict[str, Any] = {}
    groups: defaultdict[tuple[str, str], list[Answer]] = defaultdict(list)
    for answer in found:
        hidden = answer.first and answer.log == "completion"
        groups["first stage unseen" if hidden else answer.kind, answer.log].append(answer)
    for (kind, log), group in sorted(groups.items()):
        row: dict[str, Any] = {"plants": len(group)}
        if kind == "first stage unseen":
            row["said so"] = round(float(np.mean([a.said in (None, a.truth) for a in group])), 3)
        else:
            row["verdict"] = round(float(np.mean([a.said == a.truth for a in group])), 3)
            for index, rival in enumerate(RIVALS):
                row[rival] = round(float(np.mean([a.rivals[index] == a.truth for a in group])), 3)
        rows[f"{kind}, {log}"] = row
    return rows


def run() -> dict[str, Any]:
    """The table of accuracies, for `python -m tests.bench verdict`."""
    return table(answers())


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--plants", type=int, default=PLANTS)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--wrong", action="store_true")
    asked = parser.parse_args()
    everything = answers(asked.plants, asked.seed)
    for key, row in table(everything).items():
        print(f"{key:32s}", "  ".join(f"{name} {value}" for name, value in row.items()))
    if asked.wrong:
        for answer in everything:
            if answer.said != answer.truth and not (answer.first and answer.log == "completion"):
                print(answer)
