"""From cells to tiles: where columns and rows run, how large zones are, where sources stand."""

from __future__ import annotations

from math import ceil

from .boxes import BESIDE, MACHINE, NAME_STRIP, QUEUE_LENGTH, SOURCE, Reach, Style, place_machine, reach
from .floorplan import Floorplan, FloorRequest, Rect
from .lattice import Lattice
from .placement import Cell

_RIGHT_MARGIN = 3
"""Tiles at the right edge of a zone in which belts may run down to the next row."""


def break_ground(
    request: FloorRequest,
    lattice: Lattice,
    cells: dict[str, Cell],
    gap: int = 4,
    style: Style = BESIDE,
) -> Floorplan:
    """A floor without belts: machines in their cells, corridors `gap` tiles wide between their boxes.

    A position set by hand pushes the column and row of its cell, and all after them, right and down.
    """
    stages = {stage.name: stage for stage in request.stages}
    reaches = {name: reach(stage, style) for name, stage in stages.items()}
    pins = {stage.name: stage.position for stage in request.stages if stage.position is not None}
    starts = {block.column for block in lattice.blocks.values()}
    standing = _queues(request, lattice, cells)
    columns: list[int] = []
    x = _source_columns(request, lattice, reaches, cells) * (SOURCE[0] + 1) + 3 if request.sources else 0
    for column in range(lattice.columns):
        here = [reaches[name] for name, cell in cells.items() if cell[0] == column]
        if column and column in starts:
            x += _RIGHT_MARGIN + 1
        x += gap + max((r.left for r in here), default=0)
        x = max([x, *(columns[before] + MACHINE + QUEUE_LENGTH for before in standing[column])])
        set_by_hand = [p[0] for n, p in pins.items() if cells[n][0] == column and p[0] >= x]
        x = min(set_by_hand, default=x)
        columns.append(x)
        x = max(set_by_hand, default=x) + MACHINE + max((r.right for r in here), default=4)
    width = x + _RIGHT_MARGIN
    rows, tops, bottoms = _rows(request, lattice, cells, reaches, gap)
    machines = {}
    for name, (column, row) in cells.items():
        x, y = pins.get(name, (0, 0))
        machines[name] = place_machine(stages[name], max(x, columns[column]), max(y, rows[row]), style)
    machines = {name: machines[name] for name in stages}
    zones = {}
    edges = [_left_edge(column, columns, cells, reaches, gap) for column in range(lattice.columns)]
    for zone, block in lattice.blocks.items():
        shelf = lattice.shelf_of(block.row)
        end = block.column + block.columns
        left = edges[block.column]
        right = edges[end] - 1 if end < lattice.columns else width
        if zone < len(request.zones):
            zones[request.zones[zone]] = Rect(left, tops[shelf], right - left, bottoms[shelf] - tops[shelf])
    plan = Floorplan(width, bottoms[-1], zones, {}, machines, (), cells=_zone_cells(request, lattice, cells))
    return _with_sources(plan, request, lattice, cells, reaches, tops, bottoms)


def _queues(request: FloorRequest, lattice: Lattice, cells: dict[str, Cell]) -> list[list[int]]:
    """For each lattice column those just left of it from which a queue stands straight to it."""
    found: list[list[int]] = [[] for _ in range(lattice.columns)]
    for belt in request.belts:
        if belt.queue and belt.origin in cells:
            (a, row), (b, other) = cells[belt.origin], cells[belt.target]
            if row == other and b == a + 1:
                found[b].append(a)
    return found


def _zone_cells(request: FloorRequest, lattice: Lattice, cells: dict[str, Cell]) -> dict[str, Cell]:
    """Cells counted within the zone."""
    found = {}
    for stage in request.stages:
        block, (column, row) = lattice.blocks[stage.zone], cells[stage.name]
        found[stage.name] = (column - block.column, row - block.row)
    return found


def _left_edge(column: int, columns: list[int], cells: dict[str, Cell], reaches: dict[str, Reach], gap: int) -> int:
    """First column of tiles of a zone that begins at this lattice column."""
    if column == 0:
        return 0
    left = max((reaches[name].left for name, cell in cells.items() if cell[0] == column), default=0)
    return columns[column] - left - gap


def _rows(
    request: FloorRequest, lattice: Lattice, cells: dict[str, Cell], reaches: dict[str, Reach], gap: int
) -> tuple[list[int], list[int], list[int]]:
    """Upper tile row of the machines in each lattice row; first and past-the-last tile row of each shelf."""
    rows: list[int] = []
    tops, bottoms = [], []
    need = _sources_of_shelves(request, lattice, cells)
    y = 0
    for shelf, (first, count) in enumerate(lattice.shelves):
        tops.append(y)
        for row in range(first, first + count):
            here = [reaches[name] for name, cell in cells.items() if cell[1] == row]
            y += gap - 1 + max((r.up for r in here), default=4)
            set_by_hand = [
                s.position[1]
                for s in request.stages
                if s.position is not None and cells[s.name][1] == row and s.position[1] >= y
            ]
            y = min(set_by_hand, default=y)
            rows.append(y)
            y = max(set_by_hand, default=y) + MACHINE + max((r.down for r in here), default=0)
        y = max(y + gap - 1, tops[-1] + 2 + 2 * need[shelf]) + NAME_STRIP
        bottoms.append(y)
        y += 1
    return rows, tops, bottoms


def _targets(request: FloorRequest) -> dict[str, str | None]:
    """The stage each source feeds most."""
    found: dict[str, str | None] = dict.fromkeys(request.sources)
    share = dict.fromkeys(request.sources, -1.0)
    for belt in request.belts:
        if belt.origin in found and belt.share > share[belt.origin]:
            found[belt.origin], share[belt.origin] = belt.target, belt.share
    return found


def _sources_of_shelves(request: FloorRequest, lattice: Lattice, cells: dict[str, Cell]) -> list[int]:
    """How many sources stand at the left edge of each shelf."""
    counts = [0] * len(lattice.shelves)
    for target in _targets(request).values():
        counts[lattice.shelf_of(cells[target][1]) if target else 0] += 1
    return counts


def _source_columns(request: FloorRequest, lattice: Lattice, reaches: dict[str, Reach], cells: dict[str, Cell]) -> int:
    """1, or 2 (staggered) if the sources of a shelf are more than it is high."""
    high = 12 + max(r.down for r in reaches.values())
    counts = _sources_of_shelves(request, lattice, cells)
    crowded = any(4 * count > high * rows for count, (_, rows) in zip(counts, lattice.shelves, strict=True))
    return 2 if crowded else 1


def _with_sources(
    plan: Floorplan,
    request: FloorRequest,
    lattice: Lattice,
    cells: dict[str, Cell],
    reaches: dict[str, Reach],
    tops: list[int],
    bottoms: list[int],
) -> Floorplan:
    """The floor with its sources at the left edge, each as level with its target as the others allow."""
    columns = _source_columns(request, lattice, reaches, cells) if request.sources else 1
    pitch = 4 if columns == 1 else 2
    targets = _targets(request)
    share = {belt.origin: belt.share for belt in request.belts}
    sources: dict[str, Rect] = {}
    for shelf in range(len(lattice.shelves)):
        here: dict[str | None, list[str]] = {}
        for source, target in targets.items():
            if (lattice.shelf_of(cells[target][1]) if target else 0) == shelf:
                here.setdefault(target, []).append(source)

        def level(target: str | None) -> int:
            return plan.machines[target].box.y + 1 if target else 10**6

        wanted: list[tuple[str, int]] = []
        for target in sorted(here, key=lambda name: (level(name), name or "")):
            stack = sorted(here[target], key=lambda name: (-share.get(name, 0.0), name))
            stack = stack[1::2][::-1] + stack[0::2]  # the largest in the middle, level with the machine
            middle = (len(stack) // 2) * pitch
            wanted += [(name, level(target) - middle + i * pitch) for i, name in enumerate(stack)]
        top, bottom = tops[shelf] + 1, bottoms[shelf] - NAME_STRIP - SOURCE[1]
        ys = _spread([y for _, y in wanted], top, bottom, pitch)
        for i, ((name, _), y) in enumerate(zip(wanted, ys, strict=True)):
            sources[name] = Rect(1 + (i % columns) * (SOURCE[0] + 1), y, *SOURCE)
    ordered = {name: sources[name] for name in request.sources}
    return Floorplan(plan.width, plan.height, plan.zones, ordered, plan.machines, (), cells=plan.cells)


def _spread(wanted: list[int], top: int, bottom: int, pitch: int) -> list[int]:
    """Levels near the wanted ones, in order, at least `pitch` apart, within top and bottom."""
    blocks: list[tuple[float, int]] = []  # mean of (wanted − offset), members
    for y in wanted:
        mean, members = float(y), 1
        while blocks:
            before, count = blocks[-1]
            if before + count * pitch <= mean:
                break
            blocks.pop()
            mean = (before * count + (mean - count * pitch) * members) / (count + members)
            members += count
        blocks.append((mean, members))
    levels: list[int] = []
    left = len(wanted)
    for mean, members in blocks:
        start = ceil(mean - 0.5)
        lowest = bottom - (left - 1) * pitch
        start = max(min(start, lowest), levels[-1] + pitch if levels else top)
        levels += [start + i * pitch for i in range(members)]
        left -= members
    return levels
