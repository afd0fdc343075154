"""The request as the engine sees it: items that take a slot, and links between them, by number."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum

from .plan import THIN, FloorRequest, StageSpec

WALL = -1
"""Origin of a link from the signs at the left wall."""


class Kind(IntEnum):
    """What stands in a slot."""

    STAGE = 0
    DEPOT = 1
    YARD = 2
    GATE = 3


@dataclass(frozen=True)
class Item:
    """Something that takes a slot: a stage or depot of the request, a yard of its own, a gate."""

    kind: Kind
    department: int
    spec: StageSpec | None = None
    """Of a stage or depot."""
    stage: int = -1
    """Of a yard: the item it belongs to; of a gate: the item it feeds."""

    @property
    def slow(self) -> bool:
        """Whether it needs a yard and room to grow."""
        return self.spec is not None and self.spec.slow

    @property
    def pinned(self) -> tuple[int, int] | None:
        """The slot set by hand."""
        return self.spec.position if self.spec else None


@dataclass(frozen=True)
class Link:
    """A belt to route, or the belts of all sources that feed one stage."""

    origin: int
    """Number of an item, or WALL."""
    target: int
    weight: float
    """Share ÷ largest share."""
    rework: bool
    thin: bool
    queue: bool
    """Leads round the yard of its target."""
    belts: tuple[int, ...]
    """Indices into the request's belts, the strongest first."""


@dataclass(frozen=True)
class Task:
    """All items and links for one kind of yards and sources."""

    request: FloorRequest
    items: tuple[Item, ...]
    """First the stages in the order of the request, then yards, then gates."""
    links: tuple[Link, ...]
    loops: tuple[int, ...]
    """Indices of belts that lead from a stage to itself."""
    slot_yards: bool
    gates: bool

    @property
    def stages(self) -> int:
        """Number of stages and depots; items from here on are yards and gates."""
        return len(self.request.stages)

    @property
    def slow(self) -> tuple[int, ...]:
        """Items with room to grow."""
        return tuple(i for i, item in enumerate(self.items) if item.slow)

    @property
    def queued(self) -> tuple[int, ...]:
        """Items with a yard: the slow ones to which a belt leads."""
        return tuple(sorted(link.target for link in self.links if link.queue))

    def yard_of(self, item: int) -> int | None:
        """The item that is the yard of a slow stage, if yards have slots."""
        return next((i for i, other in enumerate(self.items) if other.kind == Kind.YARD and other.stage == item), None)

    @property
    def wall(self) -> bool:
        """Whether signs stand at the left wall."""
        return any(link.origin == WALL for link in self.links)


def tasks_of(request: FloorRequest) -> list[Task]:
    """The request with each kind of yards (in slots or in corridors) and sources (at the wall or in gates)."""
    base = _base(request)
    groups = [link for link in base.links if link.origin == WALL]
    yards = (True, False) if base.queued else (False,)
    gates = (False,) if not groups else (False, True) if len(groups) <= 2 else (False,)
    return [_with(base, slot_yards, in_gates) for slot_yards in yards for in_gates in gates]


def _base(request: FloorRequest) -> Task:
    number = {stage.name: i for i, stage in enumerate(request.stages)}
    items = tuple(
        Item(Kind.DEPOT if stage.kind == "depot" else Kind.STAGE, stage.department, stage) for stage in request.stages
    )
    groups: dict[tuple[int, int], list[int]] = {}
    loops = []
    for index, belt in enumerate(request.belts):
        origin, target = number.get(belt.origin, WALL), number[belt.target]
        if origin == target:
            loops.append(index)
        else:
            groups.setdefault((origin, target), []).append(index)
    flows = {pair: sum(request.belts[i].share for i in belts) for pair, belts in groups.items()}
    largest = max(flows.values(), default=0.0) or 1.0
    links = []
    for (origin, target), belts in groups.items():
        belts.sort(key=lambda i: (-request.belts[i].share, i))
        rework = request.belts[belts[0]].rework and origin != WALL
        share = flows[origin, target]
        links.append(Link(origin, target, share / largest, rework, share < THIN, False, tuple(belts)))
    for target, item in enumerate(items):
        into = [i for i, link in enumerate(links) if link.target == target]
        if item.slow and into:
            first = min(into, key=lambda i: (links[i].rework, -links[i].weight, i))
            links[first] = replace(links[first], queue=True, thin=False)
    return Task(request, items, tuple(links), tuple(loops), False, False)


def _with(base: Task, slot_yards: bool, gates: bool) -> Task:
    items, links = list(base.items), list(base.links)
    if slot_yards:
        items += [Item(Kind.YARD, base.items[i].department, None, i) for i in base.queued]
    if gates:
        for i, link in enumerate(links):
            if link.origin == WALL:
                links[i] = replace(link, origin=len(items))
                items.append(Item(Kind.GATE, base.items[link.target].department, None, link.target))
    return replace(base, items=tuple(items), links=tuple(links), slot_yards=slot_yards, gates=gates)
