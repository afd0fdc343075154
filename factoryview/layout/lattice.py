"""How departments share the floor: a lattice of cells, zones as blocks of it, folded into shelves."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

from .boxes import MACHINE, NAME_STRIP, reach
from .floorplan import Floorplan, FloorRequest


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
    zones, counts = _members(request)
    _, row_pitch, shelf = _pitches(request)
    found: dict[tuple[tuple[int, int, int], ...], Lattice] = {}
    for columns in range(1, sum(counts) + 1):
        shelves = _fold(counts, columns, row_pitch, shelf + 2)
        if tuple(shelves) not in found:
            widths = [[ceil(n / rows) for n in counts[a:b]] for a, b, rows in shelves]
            found[tuple(shelves)] = _lattice(request, zones, counts, shelves, widths)
    return sorted(found.values(), key=lambda one: (_size(one, request), one.columns))


def grown_lattice(request: FloorRequest, previous: Floorplan) -> Lattice | None:
    """The lattice of an earlier floor, larger where zones grew; None if that would make the tiles much smaller."""
    zones, counts = _members(request)
    old: dict[int, list[tuple[int, int]]] = {zone: [] for zone in zones}
    for stage in request.stages:
        if stage.name in previous.cells:
            old[stage.zone].append(previous.cells[stage.name])
    shelves: list[tuple[int, int, int]] = []
    for i, zone in enumerate(zones):
        before = previous.zones.get(request.zones[zone]) if zone < len(request.zones) else None
        rows = max((row + 1 for _, row in old[zone]), default=1)
        if not shelves or (before is not None and before.x == 0):
            shelves.append((i, i + 1, rows))
        else:
            shelves[-1] = (shelves[-1][0], i + 1, max(rows, shelves[-1][2]))
    widths = [
        [max([ceil(counts[i] / rows), *(column + 1 for column, _ in old[zones[i]])]) for i in range(a, b)]
        for a, b, rows in shelves
    ]
    grown = _lattice(request, zones, counts, shelves, widths)
    return grown if _size(grown, request) <= 1.6 * _size(lattices(request)[0], request) else None


def _members(request: FloorRequest) -> tuple[list[int], list[int]]:
    """The zones that have stages, and how many."""
    zones = sorted({stage.zone for stage in request.stages})
    return zones, [sum(stage.zone == zone for stage in request.stages) for zone in zones]


def _pitches(request: FloorRequest) -> tuple[float, float, float]:
    """Estimated tiles from column to column and from row to row, and what a shelf adds to the height."""
    reaches = [reach(stage) for stage in request.stages]
    column_pitch = MACHINE + 4 + sum(r.left + r.right for r in reaches) / len(reaches)
    row_pitch = MACHINE + 2.5 + sum(r.up + r.down for r in reaches) / len(reaches)
    return column_pitch, row_pitch, NAME_STRIP + 2.0


def _size(lattice: Lattice, request: FloorRequest) -> float:
    """Height of the screen in tiles that the lattice will need."""
    return max(lattice.size[0] / request.aspect, lattice.size[1])


def _lattice(
    request: FloorRequest,
    zones: list[int],
    counts: list[int],
    shelves: list[tuple[int, int, int]],
    widths: list[list[int]],
) -> Lattice:
    """Zones side by side in shelves: (first zone, last zone + 1, rows) of each and the columns of its zones."""
    column_pitch, row_pitch, shelf = _pitches(request)
    columns = max(map(sum, widths))
    rows = sum(shelf_rows for _, _, shelf_rows in shelves)
    width = columns * column_pitch + (9 if request.sources else 1)
    height = max(rows * row_pitch + len(shelves) * shelf + 1, 2 * len(request.sources) + 4)
    firsts = [sum(s[2] for s in shelves[:i]) for i in range(len(shelves))]
    spans = tuple((first, s[2]) for first, s in zip(firsts, shelves, strict=True))
    return Lattice(columns, rows, _blocks(zones, counts, shelves, widths), spans, (width, height))


def _blocks(
    zones: list[int], counts: list[int], shelves: list[tuple[int, int, int]], widths: list[list[int]]
) -> dict[int, Block]:
    """The cells of each zone; columns a shelf has too many go to its fullest zones."""
    blocks = {}
    columns = max(map(sum, widths))
    row = 0
    for (start, end, rows), across in zip(shelves, widths, strict=True):
        while sum(across) < columns:
            fill = [counts[start + i] / (width * rows) for i, width in enumerate(across)]
            across[fill.index(max(fill))] += 1
        column = 0
        for zone, width in zip(zones[start:end], across, strict=True):
            blocks[zone] = Block(column, row, width, rows)
            column += width
        row += rows
    return blocks
