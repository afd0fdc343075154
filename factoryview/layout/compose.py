"""From coordinates to the finished plan: blocks, signs, belts as corners, yards.

It is long, for one order of steps makes a plan of coordinates.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from .measure import LOOP, Measures, reach
from .mesh import DOWN, LEFT, RIGHT, UP, Mesh
from .plan import (
    BELT,
    BIN,
    ENLARGED,
    HALL,
    PALLET,
    PEOPLE,
    SIDING,
    SIGN,
    Belt,
    Block,
    Crossing,
    Join,
    Point,
    Port,
    Rect,
    Side,
    Sign,
    Yard,
    path_length,
)
from .rings import Ring
from .task import WALL, Kind, Link
from .wall import stack
from .wiring import Route

_SIDES: tuple[Side, Side, Side, Side] = ("right", "bottom", "left", "top")
_CLEAR = 8
"""Between a yard and what stands around it."""
_PITCH = (PALLET[0] + 10, PALLET[1] + 10)
_LOOP_X = (20, 60)
"""Where a hall's own loop leaves and comes back, from the left edge of the hall's room."""
_STACKED = 3
"""The most signs on a plate that stand above one another, each as wide as the plate, so that names are large."""


class Composer:
    """Puts everything of a wired and measured mesh at its place."""

    def __init__(self, mesh: Mesh, routes: Sequence[Route], rings: Sequence[Ring], found: Measures) -> None:
        self.mesh, self.task, self.request = mesh, mesh.task, mesh.task.request
        self.routes = {route.link: route for route in routes}
        self.rings, self.found = rings, found
        self.gates: list[Rect] = []
        self.gate_cells: list[tuple[int, int]] = []
        self.signs: list[Sign] = []
        self.blocks: dict[str, Block] = {}
        for item in range(self.task.stages):
            self.blocks[self.request.stages[item].name] = self._block(item)
        self.paths: dict[int, tuple[Point, ...]] = {}
        """Of each request belt, once known."""
        self.joins: dict[int, Join] = {}
        self.stacks: dict[int, tuple[dict[int, int], int, int]] = {}
        """Of each link from the wall: the height at which each belt leaves its sign, its collector, the signs' edge."""
        self._gates()
        for link in sorted(self.routes, key=self._after):
            self._lay(link)
        self._loops()
        self.order = sorted(self.paths)
        self.index = {belt: i for i, belt in enumerate(self.order)}

    def rect(self, item: int) -> Rect:
        """Where the hall of an item stands, or would."""
        column, row = self.mesh.cells[item]
        return Rect(self.found.hall_x[column], self.found.hall_y[row], *HALL)

    def edge(self, item: int) -> Rect:
        """Where belts of an item end."""
        thing = self.task.items[item]
        if thing.kind == Kind.GATE:
            rect = self.rect(item)
            return Rect(rect.x, rect.y - PEOPLE, rect.w, rect.h + PEOPLE)
        return self.blocks[self.request.stages[item].name].room

    def _block(self, item: int) -> Block:
        thing, hall = self.task.items[item], self.rect(item)
        assert thing.spec is not None
        looped = any(self.request.belts[i].origin == thing.spec.name for i in self.task.loops)
        shift = _LOOP_X[1] + BELT // 2 + 4 if looped and not thing.slow else 68 if looped else 0
        people = Rect(hall.x + shift, hall.y - PEOPLE, hall.w - shift, PEOPLE) if thing.kind == Kind.STAGE else None
        return Block(
            kind="depot" if thing.kind == Kind.DEPOT else "stage",
            hall=hall,
            people=people,
            bin=Rect(hall.x + 138, hall.bottom, *BIN) if thing.spec.loses else None,
            siding=Rect(hall.x + 2, hall.bottom, *SIDING) if thing.spec.wrecks else None,
            factor=ENLARGED if thing.slow else 1.0,
            ports=(),
            cell=self.mesh.cells[item],
        )

    # ---- belts ---------------------------------------------------------------------------------------------------

    def _after(self, link: int) -> tuple[int, int]:
        """Links that join come after those they join."""
        depth, at = 0, link
        while (joins := self.routes[at].joins) is not None:
            depth, at = depth + 1, joins
        return depth, link

    def _at(self, node: int) -> Point:
        return Point(self.found.x[node % self.mesh.nx], self.found.y[node // self.mesh.nx])

    def _port(self, item: int, node: int, line: tuple[int, int]) -> Point:
        """On the edge of an item's room, level with the node."""
        rect, side = self.edge(item), line[0]
        if side in (RIGHT, LEFT):
            return Point(rect.right if side == RIGHT else rect.x, self.found.y[node // self.mesh.nx])
        return Point(self.found.x[node % self.mesh.nx], rect.bottom if side == DOWN else rect.y)

    def _lay(self, index: int) -> None:
        """Corners of the belts of a link."""
        route, link = self.routes[index], self.task.links[index]
        corners = [
            self._at(node) for node, (come, go) in zip(route.nodes, pairwise(route.ways), strict=True) if come != go
        ]
        joint: tuple[int, Point] | None = None
        if route.joins is not None:
            trunk = self.routes[route.joins]
            joint = self.task.links[route.joins].belts[0], self._at(trunk.nodes[route.at])
            corners.append(joint[1])
        else:
            assert route.entry is not None
            corners.append(self._port(link.target, route.nodes[-1], route.entry))
        if link.origin == WALL:
            self._from_wall(link, route, corners, joint)
            return
        assert route.exit is not None
        points = [self._port(link.origin, route.nodes[0], route.exit), *corners]
        first, *rest = link.belts
        self._enter(first, points, joint)
        for belt in rest:
            self.paths[belt] = self.paths[first]
            self.joins[belt] = Join(first, 0, 0)

    def _enter(self, belt: int, points: list[Point], joint: tuple[int, Point] | None) -> None:
        own = _tidy(points)
        if joint is None:
            self.paths[belt] = own
            return
        other, at = joint
        before, after = _split(self.paths[other], at)
        self.joins[belt] = Join(other, path_length(own), path_length(before))
        self.paths[belt] = _tidy([*own, *after[1:]])

    def _from_wall(self, link: Link, route: Route, corners: list[Point], joint: tuple[int, Point] | None) -> None:
        """From the signs over a collector: a sign further from the exit passes those nearer to it."""
        y = self.found.y[route.nodes[0] // self.mesh.nx]
        heights, x, right = self.stacks[route.link]
        laid: list[tuple[int, int]] = []
        for belt in link.belts:
            own = heights[belt]
            start = Point(right, own)
            if not laid:
                self._enter(belt, [start, Point(x, own), Point(x, y), *corners], joint)
            else:
                further = [(other, own) for other, at in laid if own != y and (at < own) == (own < y)]
                nearer = [(other, at) for other, at in laid if at != y and min(own, y) <= at <= max(own, y)]
                reached = max(nearer, key=lambda one: abs(one[1] - y)) if nearer else (laid[0][0], y)
                other, at = further[0] if further else reached
                self._enter(belt, [start, Point(x, own), Point(x, at)], (other, Point(x, at)))
            laid.append((belt, own))

    def _gates(self) -> None:
        """Signs in gates and at the wall."""
        task = self.task
        for item, thing in enumerate(task.items):
            if thing.kind == Kind.GATE:
                rect = self.edge(item)
                belts = next(link.belts for link in task.links if link.origin == item)
                self._sign_gate(rect, thing.stage, belts)
                self.gates.append(rect)
                self.gate_cells.append(self.mesh.cells[item])
        exits = sorted(
            (self.found.y[route.nodes[0] // self.mesh.nx], index)
            for index, route in self.routes.items()
            if task.links[index].origin == WALL
        )
        self._sign_wall(exits)

    def _sign_gate(self, rect: Rect, target: int, belts: tuple[int, ...]) -> None:
        across = 1 if len(belts) <= _STACKED else 2
        down = -(-len(belts) // across)
        width = SIGN[0] if across == 2 or len(belts) == 1 else rect.w
        height = min(SIGN[1], (rect.h - 4) // down - 4)
        top = rect.y + (rect.h - down * (height + 4) + 4) // 2
        for i, belt in enumerate(belts):
            row, column = divmod(i, across)
            alone = across == 1 or (i == len(belts) - 1 and column == 0)
            x = rect.x + (rect.w - width) // 2 if alone else rect.x + column * (rect.w - width)
            place = Rect(x, top + row * (height + 4), width, height)
            self.signs.append(
                Sign(self.request.belts[belt].origin, self.request.stages[target].name, place, len(self.gates))
            )

    def _sign_wall(self, groups: list[tuple[int, int]]) -> None:
        """Stacks of signs for the links that come from the wall, given with the heights of their exits."""
        links = self.task.links
        made, _ = stack([(y, len(links[index].belts)) for y, index in groups], self.found.height)
        for (_, index), group in zip(groups, made, strict=True):
            link = links[index]
            order = sorted(link.belts, key=lambda belt: self.request.sources.index(self.request.belts[belt].origin))
            target = self.request.stages[link.target].name
            self.signs += [
                Sign(self.request.belts[belt].origin, target, place, None)
                for belt, place in zip(order, group.signs, strict=True)
            ]
            heights = dict(zip(order, group.heights, strict=True))
            self.stacks[index] = heights, group.collector, group.signs[0].right

    def _loops(self) -> None:
        """The belts from a hall to itself, over its roof."""
        for belt in self.task.loops:
            room = self.blocks[self.request.belts[belt].origin].room
            left, right = room.x + _LOOP_X[0], room.x + _LOOP_X[1]
            top = room.y - LOOP + BELT // 2 + 2
            self.paths[belt] = (Point(left, room.y), Point(left, top), Point(right, top), Point(right, room.y))

    # ---- results -------------------------------------------------------------------------------------------------

    def belts(self) -> tuple[Belt, ...]:
        """All belts in the order of the request, with their crossings."""
        thin = {belt: link.thin for link in self.task.links for belt in link.belts}
        found = self._crossings()
        made = []
        for belt in self.order:
            spec, join = self.request.belts[belt], self.joins.get(belt)
            join = Join(self.index[join.belt], join.distance, join.other_distance) if join else None
            made.append(
                Belt(
                    spec.origin, spec.target, spec.share, spec.rework, thin.get(belt, False), self.paths[belt], join,
                    tuple(crossing for _, crossing in sorted(found.get(belt, ()))),
                )
            )  # fmt: skip
        return tuple(made)

    def _own(self, belt: int) -> tuple[Point, ...]:
        join = self.joins.get(belt)
        return self.paths[belt] if join is None else cut(self.paths[belt], join.distance)

    def _crossings(self) -> dict[int, list[tuple[int, Crossing]]]:
        found: dict[int, list[tuple[int, Crossing]]] = {}
        own = {belt: self._own(belt) for belt in self.order}
        for i, a in enumerate(self.order):
            for b in self.order[i + 1 :]:
                for at in crossings(own[a], own[b]):
                    upper = min((a, b), key=lambda k: (self.request.belts[k].rework, -self.request.belts[k].share, k))
                    for one, other in ((a, b), (b, a)):
                        along = path_length(_split(own[one], at)[0])
                        found.setdefault(one, []).append((along, Crossing(at, self.index[other], one == upper)))
        return found

    def with_ports(self) -> dict[str, Block]:
        """The blocks, with the ports their belts use."""
        ports: dict[str, list[Port]] = {name: [] for name in self.blocks}
        for belt in self.order:
            spec, points = self.request.belts[belt], self.paths[belt]
            if spec.origin in ports and not (belt in self.joins and self.joins[belt].distance == 0):
                ports[spec.origin].append(Port(self.index[belt], _side(points[0], points[1]), points[0], True))
            if belt not in self.joins:
                ports[spec.target].append(Port(self.index[belt], _side(points[-1], points[-2]), points[-1], False))
        return {
            name: Block(b.kind, b.hall, b.people, b.bin, b.siding, b.factor, tuple(ports[name]), b.cell)
            for name, b in self.blocks.items()
        }

    def yards(self) -> tuple[Yard, ...]:
        """Yards with their places for pallets."""
        queues = {link.target: link.belts[0] for link in self.task.links if link.queue}
        made = []
        for ring in self.rings:
            rect = self._yard(ring)
            belt = queues[ring.item]
            room = self.edge(ring.item)
            intake = Point(room.x if ring.side == LEFT else room.right, self.found.y[ring.nodes[-1] // self.mesh.nx])
            slot = self.task.yard_of(ring.item)
            cell = self.mesh.cells[slot] if slot is not None else None
            name = self.request.stages[ring.item].name
            made.append(Yard(name, rect, _places(rect, intake), self.index[belt], cell))
        return tuple(made)

    def _yard(self, ring: Ring) -> Rect:
        half = BELT // 2 + _CLEAR
        room, x, y = self.edge(ring.item), self.found.x, self.found.y
        nx = self.mesh.nx
        down = x[ring.nodes[-1] % nx] if not ring.slot else x[ring.nodes[3] % nx]
        run = y[ring.nodes[0] // nx]
        last = y[ring.nodes[-1] // nx]
        if ring.slot:
            left, right = (down + half, room.x - _CLEAR) if ring.side == LEFT else (room.right + _CLEAR, down - half)
            top, bottom = (run + half, last - half) if ring.standing else (last + half, run - half)
        else:
            left, right = (down + half, room.right) if ring.side == LEFT else (room.x, down - half)
            hall, (up, down) = self.rect(ring.item), reach(self.task, ring.item)
            top, bottom = (
                (run + half, hall.y - up - _CLEAR) if ring.standing else (hall.bottom + down + _CLEAR, run - half)
            )
        return Rect(left, top, right - left, bottom - top)


def _places(rect: Rect, intake: Point) -> tuple[Rect, ...]:
    """Pallet places on a grid, the nearest to the intake first."""
    inner = rect.grown(-6)
    across, down = (inner.w + 10) // _PITCH[0], (inner.h + 10) // _PITCH[1]
    if across < 1 or down < 1:
        return ()
    x = inner.x + (inner.w + 10 - across * _PITCH[0]) // 2
    y = inner.y + (inner.h + 10 - down * _PITCH[1]) // 2
    found = [Rect(x + i * _PITCH[0], y + j * _PITCH[1], *PALLET) for i in range(across) for j in range(down)]
    return tuple(sorted(found, key=lambda p: (abs(p.centre.x - intake.x) + abs(p.centre.y - intake.y), p)))


def _side(at: Point, inner: Point) -> Side:
    dx, dy = inner.x - at.x, inner.y - at.y
    return _SIDES[RIGHT if dx > 0 else LEFT if dx < 0 else DOWN if dy > 0 else UP]


def _tidy(points: Sequence[Point]) -> tuple[Point, ...]:
    """Without repeated points and points in the middle of a straight run."""
    made: list[Point] = []
    for point in points:
        if made and point == made[-1]:
            continue
        if len(made) > 1 and (made[-2].x == made[-1].x == point.x or made[-2].y == made[-1].y == point.y):
            made.pop()
        made.append(point)
    return tuple(made)


def _split(points: tuple[Point, ...], at: Point) -> tuple[tuple[Point, ...], tuple[Point, ...]]:
    """A line before and from a point on it."""
    for i, (a, b) in enumerate(pairwise(points)):
        if min(a.x, b.x) <= at.x <= max(a.x, b.x) and min(a.y, b.y) <= at.y <= max(a.y, b.y):
            return _tidy([*points[: i + 1], at]), _tidy([at, *points[i + 1 :]])
    raise ValueError(f"{at} is not on the line")


def cut(points: tuple[Point, ...], length: int) -> tuple[Point, ...]:
    """The first part of a line.

    >>> cut((Point(0, 0), Point(10, 0), Point(10, 10)), 12)
    (Point(x=0, y=0), Point(x=10, y=0), Point(x=10, y=2))
    """
    made = [points[0]]
    for a, b in pairwise(points):
        run = abs(a.x - b.x) + abs(a.y - b.y)
        if run >= length:
            step = Point(a.x + (b.x - a.x) * length // run, a.y + (b.y - a.y) * length // run)
            return tuple(made) if step == made[-1] else (*made, step)
        made.append(b)
        length -= run
    return tuple(made)


def crossings(one: tuple[Point, ...], other: tuple[Point, ...]) -> list[Point]:
    """Where the inner parts of two lines cross at right angles."""
    found = []
    for a, b in pairwise(one):
        for c, d in pairwise(other):
            (h1, h2), (v1, v2) = ((a, b), (c, d)) if a.y == b.y else ((c, d), (a, b))
            if h1.y != h2.y or v1.x != v2.x:
                continue
            if min(h1.x, h2.x) < v1.x < max(h1.x, h2.x) and min(v1.y, v2.y) < h1.y < max(v1.y, v2.y):
                found.append(Point(v1.x, h1.y))
    return found
