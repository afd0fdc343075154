"""How often levels say red for nothing, and how many known jams they find and when, on generated plants."""

from __future__ import annotations

import argparse
import multiprocessing
import os
from dataclasses import dataclass
from typing import Any

import numpy as np

from factoryview.flow.moment.levels import RED
from tests.kit.plants.jams import CALM, JAMS, VOLUMES, generate
from tests.kit.plants.judging import judged, spells

SEEDS = 3
YEAR = 250


@dataclass(frozen=True)
class Outcome:
    """What was said of one plant."""

    kind: str
    volume: float
    seed: int
    alarms: int
    false: int
    red: int
    right: int
    """Stage-days in red, and those of them in the jam."""
    jam: int
    found: bool
    delay: float
    calm_days_red: int


def judge(task: tuple[str, float, int]) -> Outcome:
    kind, volume, seed = task
    plant = generate(kind, volume, seed)
    found = judged(plant)
    red = found.level == RED
    truth = np.zeros_like(red)
    for stage, since, until in plant.jams:
        truth[found.stages.index(stage), since + 1 : until + 2] = True
    alarms = [(i, *spell) for i in range(len(red)) for spell in spells(red[i])]
    false = sum(not truth[i, a:b].any() for i, a, b in alarms)
    hits = np.flatnonzero((red & truth).any(axis=0))
    begin = int(np.flatnonzero(truth.any(axis=0))[0]) if truth.any() else 0
    return Outcome(
        kind,
        volume,
        seed,
        len(alarms),
        false,
        int(red.sum()),
        int((red & truth).sum()),
        int(truth.sum()),
        bool(len(hits)),
        float(hits[0] - begin) if len(hits) else float("nan"),
        int(red.any(axis=0).sum()),
    )


def outcomes(seeds: int = SEEDS, first_seed: int = 20) -> list[Outcome]:
    tasks = [
        (kind, volume, seed)
        for kind in (*CALM, *JAMS)
        for volume in VOLUMES
        for seed in range(first_seed, first_seed + seeds)
    ]
    with multiprocessing.Pool(2, initializer=os.nice, initargs=(5,)) as pool:
        return pool.map(judge, tasks, chunksize=3)


def _median(delays: list[float]) -> float | None:
    """Of the jams that were found, in working days."""
    found = [delay for delay in delays if not np.isnan(delay)]
    return float(np.median(found)) if found else None


def table(found: list[Outcome]) -> dict[str, Any]:
    calm = [one for one in found if one.kind in CALM]
    jams = [one for one in found if one.kind in JAMS]
    years = len(calm) * 2
    by_kind = {
        kind: {"false a year": round(sum(o.false for o in calm if o.kind == kind) / (years / len(CALM)), 2)}
        for kind in CALM
    } | {
        kind: {
            "found": round(float(np.mean([o.found for o in jams if o.kind == kind])), 2),
            "delay": _median([o.delay for o in jams if o.kind == kind]),
        }
        for kind in JAMS
    }
    by_volume = {
        f"{volume:g} a day": {
            "false a year": round(sum(o.false for o in calm if o.volume == volume) / (years / len(VOLUMES)), 2),
            "found": round(float(np.mean([o.found for o in jams if o.volume == volume])), 2),
            "delay": _median([o.delay for o in jams if o.volume == volume]),
        }
        for volume in VOLUMES
    }
    return {
        "plants": len(found),
        "false alarms a calm year": round(sum(one.false for one in calm) / years, 3),
        "calm days with red": round(sum(one.calm_days_red for one in calm) / (len(calm) * 500), 3),
        "precision of red days": round(sum(o.right for o in found) / max(sum(o.red for o in found), 1), 3),
        "recall of jam days": round(sum(o.right for o in jams) / sum(o.jam for o in jams), 3),
        "jams found": round(float(np.mean([one.found for one in jams])), 3),
        "delay, median": _median([one.delay for one in jams]),
        **by_kind,
        **by_volume,
    }


def run() -> dict[str, Any]:
    """For `python -m tests.bench alarms`."""
    return table(outcomes())


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--first", type=int, default=20)
    asked = parser.parse_args()
    everything = outcomes(asked.seeds, asked.first)
    for key, row in table(everything).items():
        print(key, row)
    for one in everything:
        if one.false or (one.kind in JAMS and not one.found):
            print(one)
