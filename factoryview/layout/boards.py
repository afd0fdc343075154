"""Free floor for boards: the largest empty rectangles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from .plan import Belt, Block, Point, Rect, Sign, Yard, Zone

FINE, COARSE = 12, 24
"""Size in u of the squares on which emptiness is measured: for a finished plan, and to compare plans."""
SMALLEST, LEAST_AREA = (195, 143), 260 * 190
"""Least width, height and area of a board, in the units of the request."""
FLAT = (450, 96)
"""Least width and height of a board in one line, in the units of the request."""
_INSET = 10
_MOST = 4


class Emptiness:
    """Squares of the floor, and whether something stands on them."""

    def __init__(self, width: int, height: int, raster: int) -> None:
        self.raster = raster
        self.taken = np.zeros((height // raster, width // raster), dtype=np.bool_)

    def fill(self, rects: Iterable[Rect]) -> None:
        """Mark the squares that rectangles touch."""
        r = self.raster
        for rect in rects:
            rows = slice(max(0, rect.y // r), -(-rect.bottom // r))
            self.taken[rows, max(0, rect.x // r) : -(-rect.right // r)] = True

    def largest(self, fits: Callable[[int, int], bool] = lambda _width, _height: True) -> tuple[Rect, float]:
        """The largest rectangle without anything among those whose width and height in u fit, and its share of the
        floor (histograms of free runs; neighbours in which the same is taken are looked at once).

        fits: what fits must also fit if it is made wider or higher.
        """
        if not self.taken.size:
            return Rect(0, 0, 0, 0), 0.0
        xs, ys = _changes(self.taken.T), _changes(self.taken)
        best, where = 0, (0, 0, 0, 0)
        runs = [0] * len(xs)
        for top, bottom, row in zip(ys, ys[1:], self.taken[np.ix_(ys[:-1], xs[:-1])].tolist(), strict=False):
            stack: list[int] = []
            for i, taken in enumerate(row):
                runs[i] = 0 if taken else runs[i] + bottom - top
            for i, x in enumerate(xs):
                run = runs[i]
                while stack and runs[stack[-1]] >= run:
                    tall = runs[stack.pop()]
                    left = xs[stack[-1] + 1] if stack else 0
                    if tall * (x - left) > best and fits(self.raster * (x - left), self.raster * tall):
                        best, where = tall * (x - left), (left, bottom - tall, x - left, tall)
                stack.append(i)
        return Rect(*(self.raster * value for value in where)), best / self.taken.size


def _changes(rows: NDArray[np.bool_]) -> list[int]:
    """The first row of each stretch of rows that are alike, and how many rows there are."""
    return [0, *(np.flatnonzero((rows[1:] != rows[:-1]).any(axis=1)) + 1).tolist(), len(rows)]


def solid(
    blocks: Iterable[Block], belts: Iterable[Belt], yards: Iterable[Yard], signs: Iterable[Sign], gates: Iterable[Rect]
) -> list[Rect]:
    """Everything that stands on the floor, belts included."""
    rects = [part for block in blocks for part in block.parts()]
    rects += [yard.rect for yard in yards] + [sign.rect for sign in signs] + list(gates)
    return rects + [strip for belt in belts for strip in belt.strips()]


def deal_boards(
    size: tuple[int, int],
    scale: float,
    raster: int,
    things: Sequence[Rect],
    borders: Iterable[tuple[Point, Point]],
    zones: Iterable[Zone],
) -> tuple[tuple[Rect, ...], float]:
    """Boards on the free floor, and the share of it that the largest empty rectangle then takes."""
    free, allowed = Emptiness(*size, raster), Emptiness(*size, raster)
    free.fill(things)
    allowed.fill(things)
    allowed.fill(Rect(min(a.x, b.x), min(a.y, b.y), max(1, abs(a.x - b.x)), max(1, abs(a.y - b.y))) for a, b in borders)
    allowed.fill(zone.label for zone in zones)
    boards: list[Rect] = []
    for _ in range(_MOST):
        rect, share = allowed.largest(lambda w, h: _large_enough((w - 2 * _INSET) * scale, (h - 2 * _INSET) * scale))
        if not share:
            break
        boards.append(rect.grown(-_INSET))
        free.fill([rect])
        allowed.fill([rect])
    boards.sort(key=lambda rect: (-rect.w * rect.h, rect))
    return tuple(boards), free.largest()[1]


def _large_enough(width: float, height: float) -> bool:
    plain = width >= SMALLEST[0] and height >= SMALLEST[1] and width * height >= LEAST_AREA
    return plain or (width >= FLAT[0] and height >= FLAT[1])
