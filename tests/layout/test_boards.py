"""The largest empty rectangle against all rectangles there are, and boards against every place of a board's size."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factoryview.layout.boards import FINE, Emptiness, deal_boards
from factoryview.layout.engine import plan_floor
from factoryview.layout.plan import Plan, Rect
from tests.kit.floors import random_request

SIDE = 12
MOST, INSET = 4, 10
"""Boards of a plan, and u around each that are its own."""


def plainly(taken: np.ndarray, wide: int, high: int) -> int:
    """Squares of the largest empty rectangle of at least so many columns and rows."""
    rows, columns = taken.shape
    ends = product(range(rows), range(rows + 1), range(columns), range(columns + 1))
    sizes = ((b - a) * (d - c) for a, b, c, d in ends
             if a < b and c < d and b - a >= high and d - c >= wide and not taken[a:b, c:d].any())  # fmt: skip
    return max(sizes, default=0)


def places(plan: Plan) -> int:
    """In how many places one more board could hang, looked for with a sliding window of each least size."""
    rows, columns = plan.height // FINE, plan.width // FINE
    taken = np.zeros((rows, columns), dtype=np.int64)
    rects = [part for block in plan.blocks.values() for part in block.parts()]
    rects += [*(yard.rect for yard in plan.yards), *(sign.rect for sign in plan.signs), *plan.gates]
    rects += [strip for belt in plan.belts for strip in belt.strips()]
    rects += [*(zone.label for zone in plan.zones), *(board.grown(INSET) for board in plan.boards)]
    rects += [Rect(min(a.x, b.x), min(a.y, b.y), abs(a.x - b.x) + 1, abs(a.y - b.y) + 1) for a, b in plan.borders]
    for rect in rects:
        top, left = max(0, rect.y // FINE), max(0, rect.x // FINE)
        taken[top : -(-rect.bottom // FINE), left : -(-rect.right // FINE)] = 1
    sums = np.pad(taken.cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    found = 0
    for high in range(1, rows + 1):
        h = (high * FINE - 2 * INSET) * plan.scale
        widths = [max(195, 49_400 / h)] if h >= 143 else [450] if h >= 96 else []
        for w in widths:
            wide = int(np.ceil((w / plan.scale + 2 * INSET) / FINE - 1e-9))
            if wide <= columns:
                inside = sums[high:, wide:] - sums[:-high, wide:] - sums[high:, :-wide] + sums[:-high, :-wide]
                found += int((inside == 0).sum())
    return found


@pytest.mark.parametrize("seed", [3, 50, 267, 287, 356, 360])
def test_no_place_for_a_board_is_left(seed: int) -> None:
    plan = plan_floor(random_request(seed, 10 if seed >= 300 else None, 1904, 784))
    assert places(plan) == 0 or len(plan.boards) == MOST


def test_a_place_is_seen_from_which_a_board_was_taken() -> None:
    plan = plan_floor(random_request(3, None, 1904, 784))
    for board in plan.boards:
        assert places(replace(plan, boards=tuple(other for other in plan.boards if other != board))) > 0
    assert plan.boards


def test_a_board_hangs_beside_a_larger_strip_that_is_too_flat() -> None:
    wall, corner, strip = Rect(0, 300, 1800, 300), Rect(312, 0, 1488, 300), Rect(0, 600, 1800, 84)
    assert strip.w * strip.h > 312 * 300
    boards, empty = deal_boards((1800, 684), 1.0, SIDE, [wall, corner], (), ())
    assert boards == (Rect(10, 10, 292, 280),)
    assert empty == strip.w * strip.h / (1800 * 684)


@given(
    st.tuples(st.integers(0, 7), st.integers(0, 6)),
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 5), st.integers(1, 4), st.integers(1, 3)), max_size=5),
    st.tuples(st.integers(1, 4), st.integers(1, 4)),
)
def test_nothing_empty_is_larger(
    size: tuple[int, int], things: list[tuple[int, int, int, int]], least: tuple[int, int]
) -> None:
    floor = Emptiness(size[0] * SIDE, size[1] * SIDE, SIDE)
    floor.fill(Rect(*(SIDE * value for value in thing)) for thing in things)
    found, share = floor.largest(lambda w, h: w >= least[0] * SIDE and h >= least[1] * SIDE)
    most = plainly(floor.taken, *least)
    assert found.w * found.h == most * SIDE * SIDE
    assert share == most / max(1, floor.taken.size)
    inside = floor.taken[found.y // SIDE : found.bottom // SIDE, found.x // SIDE : found.right // SIDE]
    assert inside.size == most
    assert not inside.any()
