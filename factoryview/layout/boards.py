"""Free floor for boards: the largest empty rectangles."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .plan import Belt, Block, Point, Rect, Sign, Yard, Zone

RASTER = 12
"""Size in u of the squares on which emptiness is measured."""
SMALLEST = (195, 143)
_LEAST_AREA = 260 * 190
_INSET = 10
_MOST = 3

Grid = np.ndarray[tuple[int, int], np.dtype[np.bool_]]


def occupied(
    width: int, height: int, blocks: Sequence[Block], belts: Sequence[Belt], yards: Sequence[Yard],
    signs: Sequence[Sign], gates: Sequence[Rect],
) -> Grid:  # fmt: skip
    """Which squares of the floor something stands on."""
    grid = np.zeros((height // RASTER, width // RASTER), dtype=np.bool_)
    rects = [part for block in blocks for part in block.parts()]
    rects += [yard.rect for yard in yards] + [sign.rect for sign in signs] + list(gates)
    for belt in belts:
        rects += belt.strips()
    for rect in rects:
        fill(grid, rect)
    return grid


def fill(grid: Grid, rect: Rect) -> None:
    """Mark the squares a rectangle touches."""
    grid[max(0, rect.y // RASTER) : -(-rect.bottom // RASTER), max(0, rect.x // RASTER) : -(-rect.right // RASTER)] = (
        True
    )


def largest_empty(grid: Grid) -> tuple[int, Rect]:
    """Area in squares and place in u of the largest rectangle without anything (histograms of free runs)."""
    columns = grid.shape[1]
    best, where = 0, (0, 0, 0, 0)
    runs = [0] * (columns + 1)
    for y, row in enumerate(grid.tolist()):
        stack: list[int] = []
        for x in range(columns):
            runs[x] = 0 if row[x] else runs[x] + 1
        for x in range(columns + 1):
            while stack and runs[stack[-1]] >= runs[x]:
                tall = runs[stack.pop()]
                left = stack[-1] + 1 if stack else 0
                if tall * (x - left) > best:
                    best, where = tall * (x - left), (left, y - tall + 1, x - left, tall)
            stack.append(x)
    return best, Rect(*(RASTER * value for value in where))


def deal_boards(
    grid: Grid, borders: Sequence[tuple[Point, Point]], zones: Sequence[Zone]
) -> tuple[tuple[Rect, ...], float]:
    """Boards on the free floor of a grid, and the share of the floor that the largest empty rectangle then takes."""
    barred = grid.copy()
    for a, b in borders:
        fill(barred, Rect(min(a.x, b.x), min(a.y, b.y), max(1, abs(a.x - b.x)), max(1, abs(a.y - b.y))))
    for zone in zones:
        fill(barred, zone.label)
    boards: list[Rect] = []
    for _ in range(_MOST):
        _, rect = largest_empty(barred)
        board = rect.grown(-_INSET)
        if board.w < SMALLEST[0] or board.h < SMALLEST[1] or board.w * board.h < _LEAST_AREA:
            break
        boards.append(board)
        fill(barred, rect)
        fill(grid, rect)
    area, _ = largest_empty(grid)
    boards.sort(key=lambda rect: (-rect.w * rect.h, rect))
    return tuple(boards), area / grid.size
