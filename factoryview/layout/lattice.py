"""How departments share the floor: a lattice of cells, zones as blocks of it, folded into shelves."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

from .boxes import MACHINE, NAME_STRIP, reach
from .floorplan import FloorRequest


class Block(NamedTuple):
    """The cells of a zone: its first column and row and how many of each."""

    column: int
    row: int
    columns: int
    rows: int


@dataclass(frozen=True)
class Lattice:
    """Cells for machines; `blocks` by index of the zone, `shelves` as (first row, rows)."""

    columns: int
    rows: int
    blocks: dict[int, Block]
    shelves: tuple[tuple[int, int], ...]
    size: tuple[float, float]
    """Estimated width and height in tiles."""

    def shelf_of(self, row: int) -> int:
        """Index of the shelf a row belongs to."""
        return next(i for i, (first, rows) in enumerate(self.shelves) if first <= row < first + rows)


def _rows_needed(counts: list[int], columns: int) -> int | None:
    """The fewest rows in which zones of `counts` machines stand side by side in `columns` columns."""
    if len(counts) > columns:
        return None
    rows = ceil(sum(counts) / columns)
    while sum(ceil(count / rows) for count in counts) > columns:
        rows += 1
    return rows


def _fold(counts: list[int], columns: int, row_pitch: float, shelf: float) -> list[tuple[int, int, int]]:
    """The lowest division of the zones into shelves: (first zone, last zone + 1, rows) of each."""
    best: list[tuple[float, list[tuple[int, int, int]]]] = [(0.0, [])]
    for end in range(1, len(counts) + 1):
        options = []
        for start in range(end):
            rows = _rows_needed(counts[start:end], columns)
            if rows is not None:
                height, shelves = best[start]
                options.append((height + rows * row_pitch + shelf, [*shelves, (start, end, rows)]))
        best.append(min(options))
    return best[-1][1]


def lattices(request: FloorRequest) -> list[Lattice]:
    """Every sensible lattice for the request, the one with the largest tiles first."""
    zones = sorted({stage.zone for stage in request.stages})
    counts = [sum(stage.zone == zone for stage in request.stages) for zone in zones]
    reaches = [reach(stage) for stage in request.stages]
    mean = len(reaches) * 1.0
    column_pitch = MACHINE + 4 + sum(r.left + r.right for r in reaches) / mean
    row_pitch = MACHINE + 2.5 + sum(r.up + r.down for r in reaches) / mean
    shelf = NAME_STRIP + 2.0
    found: dict[tuple[tuple[int, int, int], ...], Lattice] = {}
    for columns in range(1, sum(counts) + 1):
        shelves = _fold(counts, columns, row_pitch, shelf + 2)
        columns = max(sum(ceil(n / rows) for n in counts[a:b]) for a, b, rows in shelves)
        if tuple(shelves) in found:
            continue
        rows = sum(shelf_rows for _, _, shelf_rows in shelves)
        width = columns * column_pitch + (9 if request.sources else 1)
        height = max(rows * row_pitch + len(shelves) * shelf + 1, 2 * len(request.sources) + 4)
        blocks = _blocks(zones, counts, shelves, columns)
        firsts = [sum(s[2] for s in shelves[:i]) for i in range(len(shelves))]
        spans = tuple((first, s[2]) for first, s in zip(firsts, shelves, strict=True))
        found[tuple(shelves)] = Lattice(columns, rows, blocks, spans, (width, height))
    return sorted(found.values(), key=lambda one: (max(one.size[0] / request.aspect, one.size[1]), one.columns))


def _blocks(zones: list[int], counts: list[int], shelves: list[tuple[int, int, int]], columns: int) -> dict[int, Block]:
    """The cells of each zone; columns a shelf has too many go to its fullest zones."""
    blocks = {}
    row = 0
    for start, end, rows in shelves:
        widths = [ceil(count / rows) for count in counts[start:end]]
        while sum(widths) < columns:
            fill = [counts[start + i] / (width * rows) for i, width in enumerate(widths)]
            widths[fill.index(max(fill))] += 1
        column = 0
        for zone, width in zip(zones[start:end], widths, strict=True):
            blocks[zone] = Block(column, row, width, rows)
            column += width
        row += rows
    return blocks
