"""One belt through the streets: A* over tiles and directions, ending at a port or on a belt to the same target."""

from __future__ import annotations

from dataclasses import dataclass, field
from heapq import heappop, heappush

from .floorplan import BeltSpec, Floorplan, FloorRequest, Rect
from .ports import DOWN, LEFT, RIGHT, UP, in_ports, out_ports
from .streets import Streets

_RUN_IN = (5.0, 3.0, 1.5)
"""Extra cost of a bend on the last, second and third last tile before the machine."""
_OWN_PORT = 10.0
"""Extra cost for a source whose belt does not merge with that of another source of the stage."""
_SHARED = 0.5
"""What a tile shared after a merge costs."""


@dataclass
class Line:
    """A routed belt: its tiles, the way it moves on each and leaves the last; where it joins another."""

    tiles: list[int]
    ways: list[int]
    out: int
    merges: int | None = None
    extra: float = 0.0
    """What it costs beyond its tiles: ports, bends close to machines, merging."""


@dataclass
class Net:
    """All belts into one target, in the order in which they are routed."""

    target: str
    belts: list[int]
    lines: dict[int, Line] = field(default_factory=dict)
    kinds: dict[int, int] = field(default_factory=dict)
    lost: list[int] = field(default_factory=list)


class Search:
    """Finds ways over a floor whose machines stand."""

    def __init__(self, plan: Floorplan, request: FloorRequest, streets: Streets) -> None:
        self.plan, self.request, self.streets = plan, request, streets
        self.far: dict[str, list[int]] = {}

    def box(self, name: str) -> Rect:
        """Where the source or machine of this name stands."""
        return self.plan.sources[name] if name in self.plan.sources else self.plan.machines[name].box

    def find(self, belt: BeltSpec, net: Net) -> Line | None:
        """The cheapest way for a belt, given the belts of its net that lie already; None if there is none."""
        streets = self.streets
        moves = streets.moves
        box = self.plan.machines[belt.target].box
        far = self._distance(belt.target)
        blocked = bytearray(streets.blocked)
        loop = belt.origin == belt.target
        bend_more: dict[int, float] = {}
        ends: dict[int, float] = {}
        joins: dict[int, tuple[int, int]] = {}
        source = belt.origin in self.plan.sources
        fed = source and any(self.request.belts[i].origin in self.plan.sources for i in net.lines)
        weight = 1.0 if loop else 0.8 + 1.2 * belt.share
        for port in in_ports(box, belt):
            tile = streets.tile(port.x, port.y)
            if not blocked[tile]:
                ends[tile * 4 + port.way] = port.penalty * (weight + belt.queue) + _OWN_PORT * fed
                for back, extra in enumerate(_RUN_IN):
                    before = tile - back * moves[port.way]
                    bend_more[before] = max(bend_more.get(before, 0.0), extra)
                if loop:
                    bend_more[tile] = 1e6
        for index, line in net.lines.items():
            self._offer_merges(belt, index, line, ends, joins, blocked)
        best = [1e18] * (streets.size * 4)
        parent: dict[int, int] = {}
        heap: list[tuple[float, float, int]] = []
        for port in out_ports(self.box(belt.origin), belt, source):
            tile = streets.tile(port.x, port.y)
            if blocked[tile]:
                continue
            state = tile * 4 + port.way
            best[state] = cost = port.penalty * weight
            bend_more[tile] = max(bend_more.get(tile, 0.0), 1e6 if loop else 4.0)
            heappush(heap, (cost + far[tile], cost, state))
        across, along, turn = streets.across, streets.along, streets.turn
        goal, goal_cost, end_way = -1, 1e18, 0
        while heap:
            estimate, cost, state = heappop(heap)
            if estimate >= goal_cost:
                break
            if cost > best[state]:
                continue
            tile, way = state >> 2, state & 3
            straight = along[tile] if way & 1 else across[tile]
            bent = turn[tile] + bend_more.get(tile, 0.0)
            for step in (way, (way + 1) & 3, (way + 3) & 3):
                now = cost + (straight if step == way else bent)
                key = tile * 4 + step
                if key in ends:
                    total = now + ends[key]
                    if total < goal_cost:
                        goal, goal_cost, end_way = state, total, step
                    continue
                onto = tile + moves[step]
                if blocked[onto]:
                    continue
                key = onto * 4 + step
                if now < best[key]:
                    best[key] = now
                    parent[key] = state
                    heappush(heap, (now + far[onto], now, key))
        if goal < 0:
            return None
        states = [goal]
        while states[-1] in parent:
            states.append(parent[states[-1]])
        states.reverse()
        line = Line([s >> 2 for s in states], [s & 3 for s in states], end_way, None)
        onward = [*line.ways[1:], end_way]
        line.extra = goal_cost - sum(
            turn[t] if a != b else along[t] if a & 1 else across[t]
            for t, a, b in zip(line.tiles, line.ways, onward, strict=True)
        )
        join = joins.get((goal >> 2) * 4 + end_way)
        if join is not None:
            index, at = join
            trunk = net.lines[index]
            line.merges = len(line.tiles)
            line.tiles += trunk.tiles[at:]
            line.ways += [end_way, *trunk.ways[at + 1 :]]
            line.out = trunk.out
        return line

    def _offer_merges(
        self,
        belt: BeltSpec,
        index: int,
        line: Line,
        ends: dict[int, float],
        joins: dict[int, tuple[int, int]],
        blocked: bytearray,
    ) -> None:
        """Let `belt` end on the tiles of a belt into the same target instead of at a port of its own."""
        other = self.request.belts[index]
        sources = belt.origin in self.plan.sources, other.origin in self.plan.sources
        if belt.origin == belt.target or other.origin == other.target:
            penalty = 40.0
        elif belt.rework != other.rework:
            penalty = 30.0
        elif all(sources):
            penalty = 0.0
        else:
            penalty = 3.0 if belt.rework else 8.0
        count = len(line.tiles)
        for at, tile in enumerate(line.tiles):
            blocked[tile] = 1
            if at == 0 or self.streets.taken(tile):
                continue
            onward = line.ways[at + 1] if at + 1 < count else line.out
            rest = count - at
            cost = penalty + _SHARED * rest + 3.0 * max(0, 4 - rest)
            for way in (RIGHT, DOWN, LEFT, UP):
                if way == line.ways[at] or way == (onward + 2) & 3:
                    continue
                key = (tile - self.streets.moves[way]) * 4 + way
                if cost < ends.get(key, 1e18):
                    ends[key] = cost
                    joins[key] = (index, at)

    def _distance(self, target: str) -> list[int]:
        """Least number of tiles from each tile to the machine, ignoring everything built."""
        if target not in self.far:
            box, streets = self.plan.machines[target].box, self.streets
            columns = [max(box.x - x, x - box.right + 1, 0) for x in range(-1, streets.stride - 1)]
            rows = [max(box.y - y, y - box.bottom + 1, 0) for y in range(-1, streets.size // streets.stride - 1)]
            self.far[target] = [max(c + r - 1, 0) for r in rows for c in columns]
        return self.far[target]
