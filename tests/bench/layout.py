"""Lays out the demo plants, real logs and 500 random plants: sizes, emptiness, queues, crossings, time, faults."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median
from time import process_time
from typing import NamedTuple
from unittest.mock import patch

import numpy as np

from factoryview.factory.factory import Opening
from factoryview.factory.opening import open_factory
from factoryview.layout.engine import plan_floor
from factoryview.layout.plan import CRATE, HALL, FloorRequest, Plan, Rect
from factoryview.layout.verifier import faults
from factoryview.scene.ui.composition import composed
from factoryview.view import arrangement
from factoryview.view.model import Model
from tests.kit.floors import random_request, sales_request

SCREEN_TILES = 7.87
"""A block is so many tiles wide."""
_SQUARE = 10
LYING = (1904, 784)
"""The floor of 1920 × 1080 in u."""
SHAPES = {"portrait": (1064, 1500), "4:3": (1420, 784)}
_HERE = Path(__file__).parents[2]
_PLANTS = {
    "demo": "data/umsatzwerk.toml",
    "permits": "data/permits.toml",
    "receipt": "../shared/data/permits/receipt.xes.gz",
    "production": "../shared/data/production/Production.csv.gz",
    "BPIC 2012 W": "../shared/data/fidelity/BPIC_2012_W_train.csv.gz",
}
"""Those of the project, and real logs where they are."""


class Measured(NamedTuple):
    """What one plan is like."""

    stages: int
    tile: float
    """Pixels of a tile at 1920 × 1080."""
    empty: float
    """Largest empty rectangle, boards counted as filled, in % of the floor."""
    queues: list[float]
    """Crates of 24 u on the belt of each yard."""
    places: list[int]
    """For pallets, of each yard."""
    shortest: float
    """Shortest belt between two machines, in crates."""
    crossings: int
    bends: int
    boards: int
    seconds: float
    faults: list[str]


def largest_empty(plan: Plan) -> float:
    """Share of the floor of its largest rectangle without anything, boards counted as something."""
    rows, columns = plan.height // _SQUARE, plan.width // _SQUARE
    free = np.ones((rows, columns), dtype=bool)
    rects: list[Rect] = [part for block in plan.blocks.values() for part in block.parts()]
    rects += [yard.rect for yard in plan.yards] + [sign.rect for sign in plan.signs]
    rects += [*plan.gates, *plan.boards, *(strip for belt in plan.belts for strip in belt.strips())]
    for rect in rects:
        top, left = max(0, rect.y // _SQUARE), max(0, rect.x // _SQUARE)
        free[top : -(-rect.bottom // _SQUARE), left : -(-rect.right // _SQUARE)] = False
    best = 0
    for top in range(rows):
        open_ = np.ones(columns, dtype=bool)
        for bottom in range(top, rows):
            open_ &= free[bottom]
            if not open_.any():
                break
            edges = np.flatnonzero(np.diff(np.concatenate(([0], open_.view(np.int8), [0]))))
            best = max(best, int((edges[1::2] - edges[::2]).max()) * (bottom - top + 1))
    return best / (rows * columns)


def measure(request: FloorRequest) -> Measured:
    """Lay out a plant and look at it."""
    begin = process_time()
    plan = plan_floor(request)
    seconds = process_time() - begin
    between = [b.own_length for b in plan.belts if b.origin in plan.blocks and b.origin != b.target]
    return Measured(
        stages=len(plan.blocks),
        tile=HALL[0] * plan.scale / SCREEN_TILES,
        empty=100 * largest_empty(plan),
        queues=[plan.belts[yard.belt].length / CRATE for yard in plan.yards if yard.belt is not None],
        places=[len(yard.places) for yard in plan.yards],
        shortest=min(between, default=0) / CRATE,
        crossings=sum(len(belt.crossings) for belt in plan.belts) // 2,
        bends=sum(max(0, len(belt.points) - 2) for belt in plan.belts if belt.origin != belt.target),
        boards=len(plan.boards),
        seconds=seconds,
        faults=faults(plan, request),
    )


def real() -> Iterator[tuple[str, FloorRequest]]:
    """What is asked for when a plant is opened on a lying screen."""
    for name, path in _PLANTS.items():
        file = _HERE / path
        if file.exists():
            with patch.object(arrangement, "plan_floor", wraps=plan_floor) as asked:
                Model(open_factory(file, Opening()), aspect=composed((1920, 1080)).aspect)
            yield name, asked.call_args.args[0]


def one(measured: Measured) -> dict[str, object]:
    """A plan's numbers, rounded."""
    return {
        "stages": measured.stages,
        "tile_px": round(measured.tile, 1),
        "empty_percent": round(measured.empty, 1),
        "queue_crates": [round(queue) for queue in measured.queues],
        "yard_places": measured.places,
        "shortest_belt_crates": round(measured.shortest, 1),
        "crossings": measured.crossings,
        "bends": measured.bends,
        "boards": measured.boards,
        "cpu_seconds": round(measured.seconds, 2),
        "violations": measured.faults,
    }


def many(requests: Iterable[FloorRequest]) -> dict[str, object]:
    """Medians and extremes of many plans."""
    found = [measure(request) for request in requests]
    tiles = sorted(m.tile for m in found)
    queues = [queue for m in found for queue in m.queues]
    seconds = [m.seconds for m in found]
    broken = {i: m.faults for i, m in enumerate(found) if m.faults}
    return {
        "plants": len(found),
        "tile_px": {
            "median": round(median(tiles), 1),
            "p10": round(tiles[len(tiles) // 10], 1),
            "min": round(tiles[0], 1),
        },
        "tile_share": {str(px): round(sum(tile >= px for tile in tiles) / len(tiles), 2) for px in (26, 27, 30)},
        "empty_percent": {
            "median": round(median(m.empty for m in found), 1),
            "max": round(max(m.empty for m in found), 1),
            "above_13": sum(m.empty > 13 for m in found),
        },
        "queues": len(queues),
        "queue_crates_median": round(median(queues)) if queues else None,
        "queue_share_40": round(sum(queue >= 40 for queue in queues) / max(1, len(queues)), 2),
        "yard_places_median": median([p for m in found for p in m.places] or [0]),
        "crossings": {"median": median(m.crossings for m in found), "max": max(m.crossings for m in found)},
        "bends_median": median(m.bends for m in found),
        "shortest_belt_crates_median": round(median(m.shortest for m in found), 1),
        "cpu_seconds": {"median": round(median(seconds), 2), "max": round(max(seconds), 2)},
        "plants_with_violations": len(broken),
        "violations": broken,
    }


def run() -> dict[str, object]:
    """Every plant by itself, then 500 random ones by size."""
    named = {"sales": sales_request(*LYING), **dict(real())}
    return {
        **{name: one(measure(request)) for name, request in named.items()},
        "random, 3 to 14 stages": many(random_request(seed, None, *LYING) for seed in range(300)),
        "random, 10 stages": many(random_request(seed, 10, *LYING) for seed in range(300, 400)),
        "random, 12 stages": many(random_request(seed, 12, *LYING) for seed in range(400, 470)),
        "random, 20 stages": many(random_request(seed, 20, *LYING) for seed in range(470, 490)),
        "random, 40 stages": many(random_request(seed, 40, *LYING) for seed in range(490, 500)),
        **{
            f"{name}, 3 to 14 stages": many(random_request(seed, None, *size) for seed in range(500, 540))
            for name, size in SHAPES.items()
        },
    }
