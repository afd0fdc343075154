"""Ways of all belts over the mesh, by negotiation (PathFinder: McMurchie and Ebeling 1995).

All links into one item form a net, a tree whose branches may join before the hall.

It is long, for search, cost and negotiation are one algorithm.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import pairwise

from .mesh import DOWN, LEFT, RIGHT, Mesh
from .rings import Ring
from .task import WALL, Link

_BEND, _CROSSING, _JOIN = 4.0, 9.0, 8.0
_OPEN = 4.0
"""Price of a track that no belt uses yet, before it is weighted by what decides the scale."""
_ROUNDS = 14
_HARD = 1e4
_NEVER = 1e7

LEVEL, UPRIGHT, TURN = range(3)
"""How a belt passes a node."""


@dataclass
class Route:
    """A link on the mesh."""

    link: int
    nodes: list[int]
    ways: list[int]
    """In which it comes to each node, and last the one in which it leaves the last."""
    exit: tuple[int, int] | None
    """Side and number of the port it leaves by; None: from the wall."""
    entry: tuple[int, int] | None
    """Side and number of the port it comes to; None: it joins."""
    joins: int | None = None
    """Link it joins."""
    at: int = -1
    """Place in the other's nodes where it joins."""


@dataclass
class Net:
    """All links into one item, in the order in which they are routed."""

    target: int
    links: list[int]
    routes: dict[int, Route] = field(default_factory=dict)
    kinds: dict[int, int] = field(default_factory=dict)
    lost: list[int] = field(default_factory=list)


class Wiring:
    """Routes all links of a mesh. `wide`: 1 if the floor's width decides the scale, −1 if its height, 0 if both."""

    def __init__(self, mesh: Mesh, rings: Sequence[Ring], wide: int) -> None:
        self.mesh, self.links = mesh, mesh.task.links
        self.ring = {ring.item: ring for ring in rings}
        size = mesh.size
        self.users = ([0] * size, [0] * size, [0] * size)
        self.history = [0.0] * size
        self.pressure = 5.0
        self.work = 0
        """Steps of all searches so far."""
        self.base = ([*mesh.toll], [*mesh.toll], [t + _BEND for t in mesh.toll])
        self._fix_rings(rings)
        self.cost = ([*self.base[0]], [*self.base[1]], [*self.base[2]])
        self.use_x, self.use_y = [0] * mesh.nx, [0] * mesh.ny
        across, down = (2.2, 0.3) if wide > 0 else (0.6, 2.2) if wide < 0 else (1.3, 1.3)
        self.price_x = [_OPEN * across if track else 0.0 for track in mesh.x_track]
        self.price_y = [_OPEN * down if track else 0.0 for track in mesh.y_track]
        for i in range(mesh.k):
            self.price_x[i] += 1.0
            self.price_x[-2 - i] += 1.0
        for i in range(mesh.kh):
            self.price_y[i] += 4.0
            self.price_y[-1 - i] += 4.0
        self.step_x = [b - a for a, b in pairwise(mesh.x_at)] + [0.0]
        self.step_y = [b - a for a, b in pairwise(mesh.y_at)] + [0.0]
        by_target: dict[int, list[int]] = {}
        for index, link in enumerate(self.links):
            by_target.setdefault(link.target, []).append(index)
        self.nets = [Net(target, sorted(links, key=self._rank_in_net)) for target, links in by_target.items()]
        self.nets.sort(key=self._rank)

    # ---- order ---------------------------------------------------------------------------------------------------

    def _far(self, link: Link) -> int:
        cells = self.mesh.cells
        c, r = cells[link.target]
        a, b = (0, r) if link.origin == WALL else cells[link.origin]
        return abs(a - c) + abs(b - r)

    def _rank_in_net(self, index: int) -> tuple[bool, bool, float, int]:
        link = self.links[index]
        return not link.queue, link.rework, -link.weight, index

    def _rank(self, net: Net) -> tuple[bool, bool, int, int]:
        """Queues first, then forward before rework, short before long."""
        first = self.links[net.links[0]]
        return not first.queue, first.rework, self._far(first), net.target

    # ---- the state of the floor ----------------------------------------------------------------------------------

    def _fix_rings(self, rings: Sequence[Ring]) -> None:
        level, upright, turn = self.base
        for ring in rings:
            ways = [self.mesh.moves.index(b - a) for a, b in pairwise(ring.nodes)]
            ways.append(RIGHT if ring.line[0] == LEFT else LEFT)
            before = ring.first
            for node, way in zip(ring.nodes, ways, strict=True):
                turn[node] = _NEVER
                if before != way or node == ring.nodes[0]:
                    level[node] = upright[node] = _NEVER
                elif way in (LEFT, RIGHT):
                    level[node] = _NEVER
                    upright[node] += _CROSSING
                else:
                    upright[node] = _NEVER
                    level[node] += _CROSSING
                before = way

    def _charge(self, nodes: Sequence[int] | set[int]) -> None:
        (h, v, x), (base_h, base_v, base_x) = self.users, self.base
        level, upright, turn = self.cost
        p = self.pressure
        for node in nodes:
            past = self.history[node]
            nh, nv, nx = h[node], v[node], x[node]
            level[node] = base_h[node] + past + p * (nh + nx + (nv > 1)) + _CROSSING * nv
            upright[node] = base_v[node] + past + p * (nv + nx + (nh > 1)) + _CROSSING * nh
            turn[node] = base_x[node] + past + p * (nh + nv + nx)

    def _occupy(self, net: Net, sign: int) -> None:
        users = self.users
        for node, kind in net.kinds.items():
            users[kind][node] += sign
        nx = self.mesh.nx
        for route in net.routes.values():
            for line, upright in _lines(route, nx):
                if upright:
                    self.use_x[line] += sign
                else:
                    self.use_y[line] += sign
        self._charge(net.kinds.keys())  # type: ignore[arg-type]

    def _clash(self, node: int) -> bool:
        h, v, x = self.users[0][node], self.users[1][node], self.users[2][node]
        return h + v + x > 1 and not (h == 1 and v == 1 and x == 0)

    def _clashing(self) -> list[Net]:
        bad = {node for net in self.nets for node in net.kinds if self._clash(node)}
        for node in bad:
            self.history[node] += 1.5 * sum(users[node] for users in self.users)
        return [net for net in self.nets if not bad.isdisjoint(net.kinds)]

    # ---- negotiation ---------------------------------------------------------------------------------------------

    def run(self) -> bool:
        """Route everything; False if some link finds no way."""
        for net in self.nets:
            self._route(net)
            self._occupy(net, 1)
        for _ in range(_ROUNDS):
            if any(net.lost for net in self.nets):
                return False
            clashing = self._clashing()
            if not clashing:
                break
            self.pressure *= 1.8
            self._charge(range(self.mesh.size))
            for net in clashing:
                self._occupy(net, -1)
                self._route(net)
                self._occupy(net, 1)
        else:
            return False
        self.history = [0.0] * self.mesh.size
        self.pressure = _HARD
        self._charge(range(self.mesh.size))
        for net in sorted(self.nets, key=lambda one: (-len(one.kinds), one.target)):
            self._improve(net)
        return True

    def _improve(self, net: Net) -> None:
        """Route a net again among all others as they lie; keep the better."""
        self._occupy(net, -1)
        old = net.routes, net.kinds, net.lost
        before = self._price(net)
        self._route(net)
        if net.lost or self._price(net) >= before - 1e-9:
            net.routes, net.kinds, net.lost = old
        self._occupy(net, 1)

    def _price(self, net: Net) -> float:
        """What a net costs among the others: its nodes once, its lengths, the tracks it opens."""
        mesh, cost = self.mesh, self.cost
        total = sum(cost[kind][node] for node, kind in net.kinds.items())
        opened: set[tuple[int, bool]] = set()
        for index, route in net.routes.items():
            link = self.links[index]
            rate = 0.6 + 0.7 * link.weight
            for a, b in pairwise(route.nodes):
                total += rate * (abs(mesh.x_at[a % mesh.nx] - mesh.x_at[b % mesh.nx])
                                 + abs(mesh.y_at[a // mesh.nx] - mesh.y_at[b // mesh.nx]))  # fmt: skip
            if route.joins is not None:
                total += _JOIN
            total += self._port_cost(link, route)
            opened.update(_lines(route, mesh.nx))
        for line, upright in opened:
            if not (self.use_x if upright else self.use_y)[line]:
                total += self.price_x[line] if upright else self.price_y[line]
        return total

    def _port_cost(self, link: Link, route: Route) -> float:
        cost = 0.0
        if route.exit is not None:
            cost += next(e.cost for e in self.mesh.exits(link.origin, link.rework) if e.line == route.exit)
        if route.entry is not None and link.target not in self.ring:
            cost += next(e.cost for e in self.mesh.entries(link.target, link.rework) if e.line == route.entry)
        return cost

    # ---- one net -------------------------------------------------------------------------------------------------

    def _route(self, net: Net) -> None:
        net.routes, net.lost = {}, []
        for index in net.links:
            route = self._find(index, net)
            if route is None:
                net.lost.append(index)
            else:
                net.routes[index] = route
        net.kinds = _kinds(net)

    def _find(self, index: int, net: Net) -> Route | None:
        """The cheapest way of a link, given those of its net that lie already."""
        mesh, link = self.mesh, self.links[index]
        nx, moves = mesh.nx, mesh.moves
        rate = 0.6 + 0.7 * link.weight
        shut = bytearray(mesh.closed)
        used_ports = {route.entry for route in net.routes.values()}
        ends: dict[int, float] = {}
        goals: dict[int, tuple[int, int] | None] = {}
        joins: dict[int, tuple[int, int]] = {}
        ring = self.ring.get(link.target) if link.queue else None
        if ring is not None:
            start = ring.nodes[0]
            for way in range(4):
                if way != (ring.first + 2) % 4:
                    key = (start - moves[way]) * 4 + way
                    ends[key] = 0.0 if way == ring.first else 1.0
            for node in ring.nodes:
                shut[node] = 1
        else:
            for entry in mesh.entries(link.target, link.rework):
                if entry.line not in used_ports:
                    key = entry.node * 4 + entry.way
                    ends[key] = entry.cost
                    goals[key] = entry.line
        for other, route in net.routes.items():
            self._offer_joins(link, other, route, ends, joins, shut)
        around = [node for route in net.routes.values() for node in route.nodes]
        far = [rate * way for way in mesh.distance(link.target, [*around, *(ring.nodes[:1] if ring else ())])]
        best = [1e15] * (mesh.size * 4)
        parent: dict[int, int] = {}
        leaves: dict[int, tuple[int, int] | None] = {}
        heap: list[tuple[float, float, int]] = []
        use_x, use_y, price_x, price_y = self.use_x, self.use_y, self.price_x, self.price_y
        half = 0.5 if link.thin else 1.0
        for state, cost, line in self._begins(link):
            best[state] = cost
            leaves[state] = line
            heappush(heap, (cost + far[state >> 2], cost, state))
        level, upright, turn = self.cost
        step_x = [rate * step for step in self.step_x]
        step_y = [rate * step for step in self.step_y]
        goal, goal_cost, goal_way = -1, 1e15, 0
        steps = 0
        while heap:
            estimate, cost, state = heappop(heap)
            if estimate >= goal_cost:
                break
            if cost > best[state]:
                continue
            node, way = state >> 2, state & 3
            steps += 1
            y, x = divmod(node, nx)
            bent = cost + turn[node]
            for step in (way, (way + 1) & 3, (way + 3) & 3):
                if step & 1:
                    now = cost + upright[node] if step == way else bent if use_x[x] else bent + price_x[x] * half
                else:
                    now = cost + level[node] if step == way else bent if use_y[y] else bent + price_y[y] * half
                key = node * 4 + step
                if key in ends and now + ends[key] < goal_cost:
                    goal, goal_cost, goal_way = state, now + ends[key], step
                onto = node + moves[step]
                if shut[onto]:
                    continue
                if step & 1:
                    now += step_y[y if step == DOWN else y - 1]
                else:
                    now += step_x[x if step == RIGHT else x - 1]
                key = onto * 4 + step
                if now < best[key]:
                    best[key] = now
                    parent[key] = state
                    heappush(heap, (now + far[onto], now, key))
        self.work += steps
        if goal < 0 or goal_cost >= _NEVER:
            return None
        states = [goal]
        while states[-1] in parent:
            states.append(parent[states[-1]])
        states.reverse()
        nodes, ways = [s >> 2 for s in states], [s & 3 for s in states] + [goal_way]
        key = nodes[-1] * 4 + goal_way
        if key in joins:
            other, at = joins[key]
            return Route(index, nodes, ways, leaves[states[0]], None, other, at)
        if ring is not None:
            ways = ways + [moves.index(b - a) for a, b in pairwise(ring.nodes)]
            ways.append(RIGHT if ring.line[0] == LEFT else LEFT)
            return Route(index, nodes + list(ring.nodes), ways, leaves[states[0]], ring.line)
        return Route(index, nodes, ways, leaves[states[0]], goals[key])

    def _begins(self, link: Link) -> Iterator[tuple[int, float, tuple[int, int] | None]]:
        """States in which a link may begin, with what each costs and its port."""
        mesh = self.mesh
        if link.origin != WALL:
            for way_out in mesh.exits(link.origin, link.rework):
                yield way_out.node * 4 + way_out.way, way_out.cost, way_out.line
            return
        row = mesh.y_at[mesh.hall(mesh.cells[link.target][1], 1)]
        for y in range(mesh.ny):
            price = 0.0 if self.use_y[y] else self.price_y[y]
            yield y * mesh.nx * 4 + RIGHT, 0.05 * abs(mesh.y_at[y] - row) + price, None

    def _offer_joins(
        self,
        link: Link,
        other: int,
        route: Route,
        ends: dict[int, float],
        joins: dict[int, tuple[int, int]],
        shut: bytearray,
    ) -> None:
        """Let a link end on the nodes of a belt into the same item instead of at a port of its own."""
        cost = 3.0 if link.rework or link.thin else _JOIN
        if WALL in (link.origin, self.links[other].origin):
            cost += 4.0
        ring = self.ring.get(link.target)
        barred = set(ring.nodes) if ring is not None else set()
        for at, node in enumerate(route.nodes):
            shut[node] = 1
            if at == 0 or node in barred or self.users[0][node] or self.users[1][node] or self.users[2][node]:
                continue
            come, go = route.ways[at], route.ways[at + 1]
            for way in range(4):
                if way in (come, (go + 2) & 3):
                    continue
                key = (node - self.mesh.moves[way]) * 4 + way
                if cost < ends.get(key, 1e15):
                    ends[key] = cost
                    joins[key] = (other, at)


def _lines(route: Route, nx: int) -> set[tuple[int, bool]]:
    """Lines along which a route runs, each with whether it is a vertical one."""
    found = set()
    for node, (come, go) in zip(route.nodes, pairwise(route.ways), strict=True):
        for way in (come, go):
            found.add((node % nx, True) if way & 1 else (node // nx, False))
    return found


def _kinds(net: Net) -> dict[int, int]:
    """How each node is passed by the net."""
    kinds: dict[int, int] = {}
    for route in net.routes.values():
        for node, (come, go) in zip(route.nodes, pairwise(route.ways), strict=True):
            kinds[node] = TURN if come != go else UPRIGHT if go & 1 else LEVEL
    for route in net.routes.values():
        if route.joins is not None:
            kinds[net.routes[route.joins].nodes[route.at]] = TURN
    return kinds
