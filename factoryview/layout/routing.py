"""Belts at right angles: A* for one belt, negotiation between all (PathFinder: McMurchie and Ebeling 1995).

All belts into one target form a net, a tree whose branches may merge before the machine.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from heapq import heappop, heappush

from .floorplan import BeltPath, BeltSpec, Floorplan, FloorRequest, Rect
from .ports import DOWN, LEFT, RIGHT, UP, in_ports, out_ports
from .streets import ACROSS, ALONG, TURN, Streets

_ROUNDS = 16
_RUN_IN = (5.0, 3.0, 1.5)
"""Extra cost of a bend on the last, second and third last tile before the machine."""
_SHARED = 0.5
"""What a tile shared after a merge costs."""


@dataclass
class _Line:
    """A routed belt: its tiles, the way it moves on each and leaves the last; where it joins another."""

    tiles: list[int]
    ways: list[int]
    out: int
    merges: int | None = None
    cost: float = 0.0


@dataclass
class _Net:
    """All belts into one target, in the order in which they are routed."""

    target: str
    belts: list[int]
    lines: dict[int, _Line] = field(default_factory=dict)
    kinds: dict[int, int] = field(default_factory=dict)
    lost: list[int] = field(default_factory=list)

    @property
    def cost(self) -> float:
        return sum(line.cost for line in self.lines.values()) + 1000.0 * len(self.lost)


class Router:
    """Routes the belts of a request over a floor whose machines stand."""

    def __init__(self, plan: Floorplan, request: FloorRequest) -> None:
        self.plan, self.request = plan, request
        self.streets = Streets(plan)
        by_target: dict[str, list[int]] = {}
        for index, belt in enumerate(request.belts):
            by_target.setdefault(belt.target, []).append(index)
        self.nets = [_Net(target, sorted(members, key=self._rank)) for target, members in by_target.items()]
        self.nets.sort(key=lambda net: self._rank(net.belts[0]))
        self.far: dict[str, list[int]] = {}

    def _rank(self, index: int) -> tuple[bool, bool, int, float, int]:
        """Forward before rework, near before far, much before little."""
        belt = self.request.belts[index]
        a = self._box(belt.origin)
        b = self.plan.machines[belt.target].box
        way = abs(a.x - b.x) + abs(a.y - b.y)
        source = belt.origin in self.plan.sources
        return belt.rework, not source, way // 8, -belt.share, index

    def _box(self, name: str) -> Rect:
        return self.plan.sources[name] if name in self.plan.sources else self.plan.machines[name].box

    # ------------------------------------------------------------------ one belt

    def _search(self, belt: BeltSpec, net: _Net) -> _Line | None:
        streets = self.streets
        moves = streets.moves
        box = self.plan.machines[belt.target].box
        far = self._distance(belt.target)
        blocked = bytearray(streets.blocked)
        loop = belt.origin == belt.target
        bend_more: dict[int, float] = {}
        ends: dict[int, float] = {}
        joins: dict[int, tuple[int, int]] = {}
        for port in in_ports(box, belt):
            tile = streets.tile(port.x, port.y)
            if not blocked[tile]:
                ends[tile * 4 + port.way] = port.penalty
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
        for port in out_ports(self._box(belt.origin), belt, belt.origin in self.plan.sources):
            tile = streets.tile(port.x, port.y)
            if blocked[tile]:
                continue
            state = tile * 4 + port.way
            best[state] = port.penalty
            bend_more[tile] = max(bend_more.get(tile, 0.0), 1e6 if loop else 4.0)
            heappush(heap, (port.penalty + far[tile], port.penalty, state))
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
        line = _Line([s >> 2 for s in states], [s & 3 for s in states], end_way, None, goal_cost)
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
        line: _Line,
        ends: dict[int, float],
        joins: dict[int, tuple[int, int]],
        blocked: bytearray,
    ) -> None:
        """Let `belt` end on the tiles of a belt into the same target instead of at a port of its own."""
        other = self.request.belts[index]
        sources = belt.origin in self.plan.sources, other.origin in self.plan.sources
        if belt.origin == belt.target or other.origin == other.target:
            penalty = 25.0
        elif belt.rework != other.rework:
            penalty = 18.0
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

    # ------------------------------------------------------------------ one net

    def _route(self, net: _Net) -> None:
        """Route all belts of a net anew; the net must not be entered in the streets."""
        net.lines, net.lost = {}, []
        for index in net.belts:
            line = self._search(self.request.belts[index], net)
            if line is None:
                net.lost.append(index)
            else:
                net.lines[index] = line
        net.kinds = self._kinds(net)

    def _kinds(self, net: _Net) -> dict[int, int]:
        kinds: dict[int, int] = {}
        for line in net.lines.values():
            own = len(line.tiles) if line.merges is None else line.merges
            last = len(line.tiles) - 1
            for i in range(own):
                onward = line.ways[i + 1] if i < last else line.out
                straight = line.ways[i] == onward and 0 < i < last
                kinds[line.tiles[i]] = (ALONG if onward & 1 else ACROSS) if straight else TURN
        for line in net.lines.values():
            if line.merges is not None:
                kinds[line.tiles[line.merges]] = TURN
        return kinds

    # ------------------------------------------------------------------ all nets

    def _clashing(self) -> list[_Net]:
        streets = self.streets
        bad = {t for net in self.nets for t in net.kinds if streets.clash(t)}
        for tile in bad:
            streets.history[tile] += 1.5 * sum(users[tile] for users in streets.users)
        return [net for net in self.nets if not bad.isdisjoint(net.kinds)]

    def run(self) -> Floorplan | None:
        """The floor with its belts; None if they do not fit between the machines."""
        streets = self.streets
        for net in self.nets:
            self._route(net)
            streets.occupy(net.kinds, 1)
        pressure = 5.0
        for _ in range(_ROUNDS):
            clashing = self._clashing()
            if not clashing:
                break
            pressure *= 1.8
            streets.press(pressure)
            for net in clashing:
                streets.occupy(net.kinds, -1)
                self._route(net)
                streets.occupy(net.kinds, 1)
        else:
            return None
        streets.history = [0.0] * streets.size
        streets.press(1e5)
        for _ in range(2):
            for net in sorted(self.nets, key=lambda one: (-len(one.kinds), one.target)):
                self._improve(net)
        if any(net.lost for net in self.nets):
            return None
        return replace(self.plan, belts=self._paths())

    def _improve(self, net: _Net) -> None:
        """Route a net again among all others as they lie; keep the better."""
        self.streets.occupy(net.kinds, -1)
        old = net.lines, net.kinds, net.lost
        before = self._price(net)
        self._route(net)
        if any(self.streets.taken(t) and self._hits(t, kind) for t, kind in net.kinds.items()) or (
            self._price(net) >= before
        ):
            net.lines, net.kinds, net.lost = old
        self.streets.occupy(net.kinds, 1)

    def _hits(self, tile: int, kind: int) -> bool:
        h, v, x = (users[tile] for users in self.streets.users)
        return bool(x or kind == TURN or (h if kind == ACROSS else v) or h + v > 1)

    def _price(self, net: _Net) -> float:
        """What the tree of a net costs on the streets as they are now, shared tiles once."""
        streets = self.streets
        costs = (streets.across, streets.along, streets.turn)
        return sum(costs[kind][t] for t, kind in net.kinds.items()) + 1e6 * len(net.lost)

    def _paths(self) -> tuple[BeltPath, ...]:
        beneath = self._beneath()
        found = {}
        for net in self.nets:
            for index, line in net.lines.items():
                belt = self.request.belts[index]
                found[index] = BeltPath(
                    belt.origin,
                    belt.target,
                    tuple(self.streets.place(t) for t in line.tiles),
                    frozenset(i for i, t in enumerate(line.tiles) if beneath.get(t) == net.target),
                    belt.rework,
                    line.merges,
                )
        return tuple(found[index] for index in sorted(found))

    def _beneath(self) -> dict[int, str]:
        """For each crossing the target whose belts dive: rework, then what carries less."""
        above: dict[int, tuple[tuple[bool, float, str], str]] = {}
        beneath: dict[int, str] = {}
        for net in self.nets:
            for tile in net.kinds:
                lines = [i for i, line in net.lines.items() if tile in line.tiles]
                belts = [self.request.belts[i] for i in lines]
                rank = (not all(b.rework for b in belts), sum(b.share for b in belts), net.target)
                if tile not in above:
                    above[tile] = (rank, net.target)
                else:
                    (other, name) = above[tile]
                    beneath[tile] = net.target if rank < other else name
        return beneath


def route(plan: Floorplan, request: FloorRequest) -> Floorplan | None:
    """The floor with all belts laid, or None if they do not fit."""
    return Router(plan, request).run()
