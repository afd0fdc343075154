"""Widths and coordinates: channels as wide as their belts need, the rest of the floor dealt out as stretch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from . import wall
from .mesh import PORT_X, PORT_Y, Mesh
from .plan import BELT, BIN, ENLARGED, HALL, PEOPLE, SIDING, THIN_BELT
from .rings import Ring
from .shapes import LARGEST
from .task import WALL, Kind, Task
from .wiring import Route, _lines

MARGIN = 12
"""Between a hall and a belt that passes it."""
BETWEEN = 7
"""Between two belts side by side."""
LINK = 56
"""Least length of a belt between neighbours (12 u less beside a block that may grow)."""
INLET = 30
"""Least length of a belt from the wall."""
LOOP = 46
"""Height of a hall's own loop above the hall."""
LABEL = 30
"""Height of the strip for a department's name."""
GROWTH_X = round((ENLARGED - 1) * HALL[0] / 2)
GROWTH_Y = round((ENLARGED - 1) * HALL[1] / 2)
_SLOT_STRIP, _CORRIDOR_STRIP = 70, 156
"""Clear height a yard needs in the corridor."""
_YARD_PART = 0.8
"""Of a corridor's stretch, what its yard takes."""


@dataclass
class Channel:
    """A gap or corridor: its used tracks, and the intervals before, between and after them."""

    lines: list[int]
    widths: list[int]
    least: list[float]
    """Least size of each interval, one more than there are tracks."""
    stretch: float
    """Its part of what is left."""
    shares: list[float]
    """Of its stretch, the part of each interval; sums to 1."""

    @property
    def size(self) -> float:
        """Least width."""
        return sum(self.least) + sum(self.widths)

    def lines_at(self, start: float, more: float) -> dict[int, float]:
        """Centre of each track if the channel begins at `start` and is `more` wider than it needs to be."""
        found, at = {}, start
        for line, width, least, share in zip(self.lines, self.widths, self.least, self.shares, strict=False):
            at += least + more * share
            found[line] = at + width / 2
            at += width
        return found


@dataclass
class Measures:
    """Coordinates of a wired mesh in u."""

    width: int
    height: int
    scale: float
    x: dict[int, int] = field(default_factory=dict)
    """Of the vertical lines that are used or belong to a column."""
    y: dict[int, int] = field(default_factory=dict)
    hall_x: list[int] = field(default_factory=list)
    """Left edge of the halls of each column."""
    hall_y: list[int] = field(default_factory=list)
    """Upper edge of the halls of each row."""
    left: int = 0
    """Right edge of what stands at the wall."""
    wide: float = 1.0
    """(least width ÷ floor's width) ÷ (least height ÷ floor's height)."""


def reach(task: Task, item: int) -> tuple[int, int]:
    """How far an item's parts reach above and below a hall's place."""
    thing = task.items[item]
    if thing.kind in (Kind.YARD,):
        return 0, 0
    if thing.kind == Kind.GATE:
        return PEOPLE, 0
    assert thing.spec is not None
    looped = any(task.request.belts[i].origin == thing.spec.name for i in task.loops)
    up = PEOPLE if thing.kind == Kind.STAGE else 0
    down = SIDING[1] if thing.spec.wrecks else BIN[1] if thing.spec.loses else 0
    if thing.slow:
        half = HALL[1] / 2
        up, down = round((half + up) * ENLARGED - half), round((half + down) * ENLARGED - half)
    return max(up, (LOOP + GROWTH_Y * thing.slow) if looped else 0) + 2, down + 4


def measure(
    mesh: Mesh,
    routes: Sequence[Route],
    rings: Sequence[Ring],
    largest: float = LARGEST,
    roomy: tuple[bool, int] | None = None,
) -> Measures:
    """Coordinates for the routes, with the whole stretched to the shape of the requested floor.

    largest: the scale is no larger. roomy: the gap (True) or corridor that gets all that is left, for a board.
    """
    task, request = mesh.task, mesh.task.request
    widths = _widths(mesh, routes)
    links = _straight(mesh, routes)
    gaps = [_gap(mesh, g, widths, links) for g in range(mesh.columns + 1)]
    corridors = [_corridor(mesh, g, widths, links, rings) for g in range(mesh.rows + 1)]
    if roomy is not None:
        for number, channel in enumerate(gaps if roomy[0] else corridors):
            channel.stretch = float(number == roomy[1])
    ups, downs = _extents(mesh)
    groups = [len(link.belts) for link in task.links if link.origin == WALL]
    exits = [(route.nodes[0] // mesh.nx, len(task.links[route.link].belts)) for route in routes
             if task.links[route.link].origin == WALL]  # fmt: skip
    h = sum(corridor.size for corridor in corridors) + sum(ups) + sum(downs) + HALL[1] * mesh.rows
    h_least = max(h, wall.least_height(groups))
    lanes, needed = 0, 1
    while lanes < needed:
        lanes = needed
        left = wall.width(groups, lanes)
        w = left + sum(gap.size for gap in gaps) + HALL[0] * mesh.columns
        scale = min(request.width / w, request.height / h_least, largest)
        found = Measures(int(request.width / scale), int(request.height / scale), scale, left=left)
        found.wide = (w / request.width) / (h_least / request.height)
        _columns(mesh, found, _deal(gaps, found.width - w))
        _rows(mesh, found, _deal(corridors, found.height - h), ups, downs)
        needed = wall.stack(sorted((found.y[line], number) for line, number in exits), found.height)[1]
    return found


def _columns(mesh: Mesh, found: Measures, gaps: list[tuple[Channel, float]]) -> None:
    at: float = found.left
    for column, (gap, more) in enumerate(gaps):
        found.x |= {line: round(x) for line, x in gap.lines_at(at, more).items()}
        at += gap.size + more
        if column < mesh.columns:
            edge = round(at)
            found.hall_x.append(edge)
            found.x |= {mesh.port(column, i): edge + HALL[0] // 2 + PORT_X[i] for i in range(3)}
            at += HALL[0]


def _rows(
    mesh: Mesh, found: Measures, corridors: list[tuple[Channel, float]], ups: Sequence[int], downs: Sequence[int]
) -> None:
    at: float = 0
    for row, (corridor, more) in enumerate(corridors):
        found.y |= {line: round(y) for line, y in corridor.lines_at(at, more).items()}
        at += corridor.size + more
        if row < mesh.rows:
            edge = round(at + ups[row])
            found.hall_y.append(edge)
            found.y |= {mesh.hall(row, i): edge + HALL[1] // 2 + PORT_Y[i] for i in range(3)}
            at += ups[row] + HALL[1] + downs[row]


def _deal(channels: list[Channel], rest: float) -> list[tuple[Channel, float]]:
    total = sum(channel.stretch for channel in channels)
    return [(channel, max(0.0, rest) * channel.stretch / total) for channel in channels]


def _extents(mesh: Mesh) -> tuple[list[int], list[int]]:
    ups, downs = [0] * mesh.rows, [4] * mesh.rows
    for item, (_, row) in enumerate(mesh.cells):
        up, down = reach(mesh.task, item)
        ups[row], downs[row] = max(ups[row], up), max(downs[row], down)
    return ups, downs


def _widths(mesh: Mesh, routes: Sequence[Route]) -> dict[tuple[int, bool], int]:
    """Width of the widest belt along each line, with whether the line is vertical."""
    found: dict[tuple[int, bool], int] = {}
    for route in routes:
        width = THIN_BELT if mesh.task.links[route.link].thin else BELT
        for line in _lines(route, mesh.nx):
            found[line] = max(found.get(line, 0), width)
    return found


def _straight(mesh: Mesh, routes: Sequence[Route]) -> set[tuple[bool, int, int]]:
    """Gaps (and corridors) that a belt between neighbours crosses: upright, gap, row (or column)."""
    found = set()
    for route in routes:
        x, y = {n % mesh.nx for n in route.nodes}, {n // mesh.nx for n in route.nodes}
        if len(set(route.ways)) > 1 or route.joins is not None:
            continue
        if len(y) == 1 and len(x) == mesh.k:
            found.add((False, min(x) // (mesh.k + 3), min(y) // (mesh.kh + 3)))
        elif len(x) == 1 and len(y) == mesh.kh:
            found.add((True, min(y) // (mesh.kh + 3), min(x) // (mesh.k + 3)))
    return found


def _slow_in_column(mesh: Mesh, column: int, row: int | None = None) -> bool:
    return any(mesh.cells[i][0] == column and row in (None, mesh.cells[i][1]) for i in mesh.task.slow)


def _gap(mesh: Mesh, gap: int, widths: dict[tuple[int, bool], int], links: set[tuple[bool, int, int]]) -> Channel:
    used = [line for line in (mesh.track(gap, i) for i in range(mesh.k)) if (line, True) in widths]
    sizes = [widths[line, True] for line in used]
    left = gap > 0 and _slow_in_column(mesh, gap - 1)
    right = gap < mesh.columns and _slow_in_column(mesh, gap)
    outer = gap in (0, mesh.columns)
    if used:
        least: list[float] = [MARGIN, *[BETWEEN] * (len(used) - 1), MARGIN]
        if outer:
            least[0 if gap == 0 else -1] = 6
        least[0] += 16 * left
        least[-1] += 16 * right
    else:
        least = [(6 if outer else 30) + (GROWTH_X if left else 0) + (GROWTH_X if right else 0)]
    for upright, at, row in links:
        if not upright and at == gap:
            slow = _slow_in_column(mesh, gap - 1, row) + _slow_in_column(mesh, gap, row)
            need = LINK + (GROWTH_X // 2) * slow
            if gap == 0:
                need = INLET + GROWTH_X * _slow_in_column(mesh, gap, row)
            short = need - sum(least) - sum(sizes)
            if short > 0:
                least = [size + short / len(least) for size in least]
    if mesh.task.wall and gap == 0:
        stretch = 0.5
    elif outer:
        stretch = 0.15
    else:
        stretch = 1 + 0.4 * len(used) + 0.5 * any(not upright and at == gap for upright, at, _ in links)
    return Channel(used, sizes, least, stretch, [1 / len(least)] * len(least))


def _corridor(
    mesh: Mesh,
    gap: int,
    widths: dict[tuple[int, bool], int],
    links: set[tuple[bool, int, int]],
    rings: Sequence[Ring],
) -> Channel:
    used = [line for line in (mesh.corridor(gap, i) for i in range(mesh.kh)) if (line, False) in widths]
    sizes = [widths[line, False] for line in used]
    outer = gap in (0, mesh.rows)
    columns = range(mesh.columns)
    bordered = not outer and any(mesh.owner.get((c, gap - 1)) != mesh.owner.get((c, gap)) for c in columns)
    least: list[float] = [MARGIN, *[BETWEEN] * (len(used) - 1), MARGIN] if used else [24.0]
    if gap == 0:
        least[0] = LABEL + 4 * bool(used)
    elif gap == mesh.rows:
        least[-1] = 8 if not used else least[-1] - 5
    mine = [ring for ring in rings if ring.gap == gap]
    if bordered:
        least[_border_at(mesh, gap, used, mine)] += LABEL + 6
    if any(upright and at == gap for upright, at, _ in links) and not outer:
        short = LINK - 30 - sum(least) - sum(sizes)
        if short > 0:
            least = [size + short / len(least) for size in least]
    stretch = 1 + 0.5 * len(used) if not outer else 0.12 + 0.25 * len(used)
    if mesh.rows == 1 and gap == 1:
        stretch += 1.0
    shares = [1 / len(least)] * len(least)
    if mine:
        places = _strip(mesh, gap, used, mine)
        for ring in mine:
            need = _SLOT_STRIP if ring.slot else _CORRIDOR_STRIP
            run = used.index(mesh.corridor(gap, 1 if ring.standing else mesh.kh - 2))
            clear = sum(least[run + 1 :]) + sum(sizes[run + 1 :]) if ring.standing else (
                sum(least[: run + 1]) + sum(sizes[:run])
            )  # fmt: skip
            for i in places:
                least[i] += max(0.0, need - clear) / len(places)
        stretch += 1.5
        shares = [(1 - _YARD_PART) / len(least)] * len(least)
        for i in places:
            shares[i] += _YARD_PART / len(places)
    return Channel(used, sizes, least, stretch, shares)


def _border_at(mesh: Mesh, gap: int, used: list[int], rings: Sequence[Ring]) -> int:
    """The interval in which a border lies: beyond the runs round yards, so that these stay with their machines."""
    apart = {c for c in range(mesh.columns) if mesh.owner.get((c, gap - 1)) != mesh.owner.get((c, gap))}
    rings = [ring for ring in rings if not apart.isdisjoint(ring.columns)]
    if any(not ring.standing for ring in rings):
        return used.index(mesh.corridor(gap, mesh.kh - 2)) + 1
    return used.index(mesh.corridor(gap, 1)) if rings else -1


def _strip(mesh: Mesh, gap: int, used: list[int], rings: list[Ring]) -> list[int]:
    """The intervals that become a yard: below the run of yards that stand, above that of yards that hang."""
    found = set()
    standing = [ring for ring in rings if ring.standing]
    hanging = [ring for ring in rings if not ring.standing]
    if standing:
        found.add(used.index(mesh.corridor(gap, 1)) + 1)
    if hanging:
        found.add(used.index(mesh.corridor(gap, mesh.kh - 2)))
    return sorted(found)
