"""Belts at right angles: A* for one belt, negotiation between all (PathFinder: McMurchie and Ebeling 1995).

All belts into one target form a net, a tree whose branches may merge before the machine.
"""

from __future__ import annotations

from dataclasses import replace

from .floorplan import BeltPath, Floorplan, FloorRequest
from .search import Net, Search
from .streets import ACROSS, ALONG, TURN, Streets

_ROUNDS = 16


class Router:
    """Routes the belts of a request over a floor whose machines stand."""

    def __init__(self, plan: Floorplan, request: FloorRequest) -> None:
        self.plan, self.request = plan, request
        self.streets = Streets(plan)
        self.search = Search(plan, request, self.streets)
        by_target: dict[str, list[int]] = {}
        for index, belt in enumerate(request.belts):
            by_target.setdefault(belt.target, []).append(index)
        self.nets = [Net(target, sorted(members, key=self._rank)) for target, members in by_target.items()]
        self.nets.sort(key=lambda net: self._rank(net.belts[0]))
        self.dropped: list[int] = []

    def _rank(self, index: int) -> tuple[bool, bool, int, float, int]:
        """Forward before rework, near before far, much before little."""
        belt = self.request.belts[index]
        a = self.search.box(belt.origin)
        b = self.plan.machines[belt.target].box
        way = abs(a.x - b.x) + abs(a.y - b.y)
        source = belt.origin in self.plan.sources
        return belt.rework, not source, way // 8, -belt.share, index

    def _route(self, net: Net) -> None:
        """Route all belts of a net anew; the net must not be entered in the streets."""
        net.lines, net.lost = {}, []
        for index in net.belts:
            line = self.search.find(self.request.belts[index], net)
            if line is None:
                net.lost.append(index)
            else:
                net.lines[index] = line
        net.kinds = self._kinds(net)

    def _kinds(self, net: Net) -> dict[int, int]:
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

    def _clashing(self) -> list[Net]:
        streets = self.streets
        bad = {t for net in self.nets for t in net.kinds if streets.clash(t)}
        for tile in bad:
            streets.history[tile] += 1.5 * sum(users[tile] for users in streets.users)
        return [net for net in self.nets if not bad.isdisjoint(net.kinds)]

    def run(self, partial: bool = False) -> Floorplan | None:
        """The floor with its belts; None if they do not fit, or with `partial` without those that do not."""
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
            if any(net.lost for net in self.nets) and not partial:
                return None
        else:
            if not partial:
                return None
            self._give_up()
        streets.history = [0.0] * streets.size
        streets.press(1e5)
        for _ in range(2):
            for net in sorted(self.nets, key=lambda one: (-len(one.kinds), one.target)):
                self._improve(net)
        lost = sorted([*self.dropped, *(index for net in self.nets for index in net.lost)])
        if lost and not partial:
            return None
        names = [(self.request.belts[i].origin, self.request.belts[i].target) for i in lost]
        return replace(self.plan, belts=self._paths(), unrouted=tuple(names))

    def _give_up(self) -> None:
        """Take up the belts with the least share until no two clash."""
        while clashing := self._clashing():
            weakest = min(
                (index for net in clashing for index in net.lines),
                key=lambda index: (self.request.belts[index].share, index),
            )
            net = next(net for net in clashing if weakest in net.lines)
            self.streets.occupy(net.kinds, -1)
            net.belts.remove(weakest)
            self.dropped.append(weakest)
            self._route(net)
            self.streets.occupy(net.kinds, 1)

    def _improve(self, net: Net) -> None:
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

    def _price(self, net: Net) -> float:
        """What the tree of a net costs on the streets as they are now, shared tiles once, and its ports."""
        streets = self.streets
        costs = (streets.across, streets.along, streets.turn)
        tiles = sum(costs[kind][t] for t, kind in net.kinds.items())
        return tiles + sum(line.extra for line in net.lines.values()) + 1e6 * len(net.lost)

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


def route(plan: Floorplan, request: FloorRequest, partial: bool = False) -> Floorplan | None:
    """The floor with all belts laid; if they do not fit None, or with `partial` those that do."""
    return Router(plan, request).run(partial)
