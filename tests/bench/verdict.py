"""How often the verdict is right on generated plants whose truth was simulated again, beside what others do.

Truth: the queue whose +25 % speed gains the most completed cases, clear by a factor of two. Kinds of plants: plain
(around the clock), calendar (nights and weekends off), none (no queue used above 65 %).
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
from collections import defaultdict
from typing import Any

import numpy as np

from tests.kit.plants.judging import Answer, judge

PLANTS = 80
"""Of each kind."""
KINDS = ("plain", "calendar", "none")
RIVALS = ("slowest edge", "most WIP", "highest utilisation")


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
