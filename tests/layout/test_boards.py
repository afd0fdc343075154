"""The largest empty rectangle, against all rectangles there are."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from factoryview.layout.boards import Emptiness
from factoryview.layout.plan import Rect

SIDE = 12


def plainly(taken: np.ndarray) -> int:
    """Squares of the largest empty rectangle."""
    rows, columns = taken.shape
    ends = product(range(rows), range(rows + 1), range(columns), range(columns + 1))
    return max(((b - a) * (d - c) for a, b, c, d in ends if a < b and c < d and not taken[a:b, c:d].any()), default=0)


@given(
    st.tuples(st.integers(0, 7), st.integers(0, 6)),
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 5), st.integers(1, 4), st.integers(1, 3)), max_size=5),
)
def test_nothing_empty_is_larger(size: tuple[int, int], things: list[tuple[int, int, int, int]]) -> None:
    floor = Emptiness(size[0] * SIDE, size[1] * SIDE, SIDE)
    floor.fill(Rect(*(SIDE * value for value in thing)) for thing in things)
    found, share = floor.largest()
    most = plainly(floor.taken)
    assert found.w * found.h == most * SIDE * SIDE
    assert share == most / max(1, floor.taken.size)
    inside = floor.taken[found.y // SIDE : found.bottom // SIDE, found.x // SIDE : found.right // SIDE]
    assert inside.size == most
    assert not inside.any()
