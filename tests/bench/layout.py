"""Lays out 500 random plants: how long it takes, what is wrong with the floors, how large the tiles are."""

from __future__ import annotations

from time import process_time

from factoryview.layout import lay_out, violations
from tests.kit.floors import random_plant


def run() -> dict[str, object]:
    """Times in seconds of processor time, by number of stages, and every violation found."""
    times: dict[str, list[float]] = {"3–14": [], "15–25": [], "26–40": []}
    broken: dict[str, list[str]] = {}
    underpasses = belts = 0
    for seed in range(500):
        request = random_plant(seed)
        begin = process_time()
        plan = lay_out(request)
        count = len(request.stages)
        times["3–14" if count <= 14 else "15–25" if count <= 25 else "26–40"].append(process_time() - begin)
        wrong = violations(plan, request)
        if wrong:
            broken[str(seed)] = wrong
        underpasses += sum(len(belt.underpasses) for belt in plan.belts)
        belts += len(plan.belts)
    return {
        "plants": 500,
        "plants_with_violations": len(broken),
        "violations": broken,
        "seconds": {
            group: {"median": round(sorted(every)[len(every) // 2], 3), "worst": round(max(every), 3)}
            for group, every in times.items()
        },
        "underpasses_per_belt": round(underpasses / belts, 3),
    }
