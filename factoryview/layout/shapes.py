"""Shapes of the slot grid: how many columns and rows, and which slots belong to which department."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import ceil

from .plan import HALL
from .task import WALL, Kind, Task

LARGEST = 1.6
"""A small plant is not enlarged more than this."""
_MOST_ROWS = 8

Cell = tuple[int, int]
"""Column and row of a slot."""


@dataclass(frozen=True)
class Shape:
    """A slot grid whose slots are dealt out to the departments."""

    columns: int
    rows: int
    zones: tuple[tuple[Cell, ...], ...]
    """The slots of each department; departments without items have none."""
    ragged: bool
    scale: float
    """Expected."""
    estimate: float
    """Expected scale, less what speaks against the shape."""
    wide: float
    """Expected width ÷ height over that of the floor: above 1 the width decides the scale."""


def shapes_of(task: Task, keep: int) -> list[Shape]:
    """The most promising shapes, best first."""
    found: dict[tuple[object, ...], Shape] = {}
    for columns, rows, zones, ragged in _divisions(task):
        key = (columns, rows, zones)
        if key not in found:
            found[key] = judge(task, columns, rows, zones, ragged)
    return sorted(found.values(), key=lambda shape: -shape.estimate)[:keep]


def _counts(task: Task) -> list[int]:
    counts = [0] * max(1, len(task.request.departments), *(item.department + 1 for item in task.items))
    for item in task.items:
        counts[item.department] += 1
    return counts


def _divisions(task: Task) -> Iterator[tuple[int, int, tuple[tuple[Cell, ...], ...], bool]]:
    counts = _counts(task)
    filled = [d for d, count in enumerate(counts) if count]
    yards = [item.department for item in task.items if item.kind == Kind.YARD]
    for rows in range(1, _MOST_ROWS + 1):
        for cuts in product((False, True), repeat=min(len(filled), 7) - 1):
            columns = 0
            zones: list[tuple[Cell, ...]] = [()] * len(counts)
            for group in _groups(filled, cuts):
                width = _width(group, counts, rows, yards)
                if width is None:
                    break
                for department, first, height in _stack(group, counts, rows, width):
                    zones[department] = tuple((columns + c, first + r) for c in range(width) for r in range(height))
                columns += width
            else:
                yield columns, rows, tuple(zones), False
        total = sum(counts)
        if rows > 1 and len(filled) > 1:
            for columns in (ceil(total / rows), ceil(total / rows) + 1):
                order = [(c, r) for c in range(columns) for r in range(rows)]
                ragged = [_ragged(order, counts, rows)]
                if task.request.height > task.request.width:
                    order = [(c, r) for r in range(rows) for c in range(columns)]
                    ragged.append(_ragged(order, counts, columns))
                for zones_ in ragged:
                    if all(_beside(zones_[department]) for department in yards):
                        yield columns, rows, zones_, True


def _beside(zone: tuple[Cell, ...]) -> bool:
    """Whether two slots stand side by side, so that a yard finds a place beside its machine."""
    return any((c + 1, r) in zone for c, r in zone)


def _groups(filled: list[int], cuts: tuple[bool, ...]) -> list[list[int]]:
    groups = [[filled[0]]]
    for i, department in enumerate(filled[1:]):
        if i < len(cuts) and cuts[i]:
            groups[-1].append(department)
        else:
            groups.append([department])
    return groups


def _width(group: list[int], counts: list[int], rows: int, yards: list[int]) -> int | None:
    """The least number of columns in which the departments of a group can be stacked."""
    if len(group) > rows:
        return None
    width = 2 if any(department in yards for department in group) else 1
    while sum(ceil(counts[d] / width) for d in group) > rows:
        width += 1
    return width


def _stack(group: list[int], counts: list[int], rows: int, width: int) -> Iterator[tuple[int, int, int]]:
    """Department, first row and number of rows; spare rows go to the fullest."""
    heights = {d: ceil(counts[d] / width) for d in group}
    for _ in range(rows - sum(heights.values())):
        heights[max(group, key=lambda d: (counts[d] / (heights[d] * width), -d))] += 1
    first = 0
    for department in group:
        yield department, first, heights[department]
        first += heights[department]


def _ragged(order: list[Cell], counts: list[int], run: int) -> tuple[tuple[Cell, ...], ...]:
    """Departments as runs of slots one after the other, rounded up to full runs while free slots last."""
    free = len(order) - sum(counts)
    zones: list[tuple[Cell, ...]] = []
    at = 0
    filled = [d for d, count in enumerate(counts) if count]
    for department, count in enumerate(counts):
        more = 0
        if count:
            more = free if department == filled[-1] else min(free, -(at + count) % run)
            free -= more
        zones.append(tuple(order[at : at + count + more]))
        at += count + more
    return tuple(zones)


def judge(task: Task, columns: int, rows: int, zones: tuple[tuple[Cell, ...], ...], ragged: bool) -> Shape:
    """The shape with what it promises."""
    request = task.request
    zone = {cell: d for d, cells in enumerate(zones) for cell in cells}
    upright = [sum(zone.get((c, r)) != zone.get((c + 1, r)) for r in range(rows)) for c in range(columns - 1)]
    level = {r for c in range(columns) for r in range(rows - 1) if zone.get((c, r)) != zone.get((c, r + 1))}
    w, h, signs = _size(task, columns, rows, any(upright), len(level))
    scale = min(request.width / w, request.height / h, 1.5)
    slots = columns * rows
    free = slots - len(task.items)
    boards = 3 if 86 * signs > 0.6 * h else 2
    jagged = sum(0 < apart < rows for apart in upright) if ragged else 0
    estimate = scale * (1 - 0.6 * max(0, free - boards) / slots)
    estimate *= 0.7 + 0.3 * min(w * scale / request.width, 1.0) * min(h * scale / request.height, 1.0)
    estimate *= 0.975**jagged
    return Shape(columns, rows, zones, ragged, scale, estimate, (w / request.width) / (h / request.height))


def _size(task: Task, columns: int, rows: int, bordered: bool, level: int) -> tuple[float, float, int]:
    """Expected least width and height of the floor, and how many signs stand at its wall."""
    stages = task.request.stages
    slow = len(task.slow)
    down = 56 if any(stage.wrecks for stage in stages) else 36 if any(stage.loses for stage in stages) else 4
    w = HALL[0] * columns + 59 * (columns - 1) + 14 + 4 * bordered + 20 * slow
    h = 44 + rows * (HALL[1] + 30 + down) + 56 * (rows - 1) + 36 * level + min(slow, rows) * (24 + down // 3)
    groups = [len(link.belts) for link in task.links if link.origin == WALL]
    if groups:
        w += 178
        h = max(h, 78 * sum(groups) + 12)
    if task.queued:
        w += 0 if task.slot_yards else 45 * len(task.queued)
        h += 56 if task.slot_yards else 160
    return w, h, sum(groups)
