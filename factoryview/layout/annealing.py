"""Finds seatings: starts in the order of the flow, then simulated annealing over the slots of each department."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import log
from random import Random

from .seating import Placer, Seating

Change = tuple[int, int, int]
"""Item (or −1 for an empty slot), slot it leaves, slot it goes to."""
Chance = Callable[[], float]
Below = Callable[[int], int]

_HOT, _COLD = 16.0, 0.4
_WORST_CROSSINGS = 21.0
"""A move that costs more than this beyond what is allowed is not saved by fewer crossings."""


def starts(placer: Placer) -> list[list[int]]:
    """Seatings in the order of the flow: along rows, along columns, each also as a serpentine; the best first."""
    order = _flow_order(placer)
    items = placer.task.items
    found = []
    for path in zip(*(_paths(placer, slots) for slots in placer.slots), strict=True):
        at = [-1] * len(items)
        for department, slots in enumerate(path):
            members = [i for i in order if items[i].department == department]
            for item, slot in zip(members, slots, strict=False):
                at[item] = slot
        found.append(placer.pinned(at))
    return sorted(found, key=placer.total)


def _paths(placer: Placer, slots: Sequence[int]) -> list[list[int]]:
    """Slots in four orders: along rows, along rows to and fro, along columns, along columns to and fro."""
    columns = placer.shape.columns
    found = []
    for upright in (False, True):
        for fro in (False, True):

            def key(slot: int, upright: bool = upright, fro: bool = fro) -> tuple[int, int]:
                major, minor = (slot % columns, slot // columns) if upright else (slot // columns, slot % columns)
                return major, -minor if fro and major % 2 else minor

            found.append(sorted(slots, key=key))
    return found


def _flow_order(placer: Placer) -> list[int]:
    """Stages as they come, each yard before its stage, each gate before the stage it feeds."""
    task = placer.task
    before: dict[int, list[int]] = {}
    for i, item in enumerate(task.items):
        if item.stage >= 0:
            before.setdefault(item.stage, []).append(i)
    return [i for stage in range(task.stages) for i in (*reversed(before.get(stage, [])), stage)]


def anneal(placer: Placer, start: Sequence[int], moves: int, seed: int, fixed: frozenset[int] = frozenset()) -> Seating:
    """The best seating found from a start in so many moves; `fixed` items stay where they are."""
    random = Random(seed)
    chance, below = random.random, random.randrange
    fixed = fixed | frozenset(placer.home)
    at = list(start)
    home = [-1] * placer.board.size
    for item, slot in enumerate(at):
        home[slot] = item
    mover = _Mover(placer, home, fixed)
    taken = sum(1 << slot for slot in at)
    ways = placer.ways(at, taken)
    now = best = placer.total(at)
    best_at = list(at)
    if not mover.movable:
        return _seating(placer, best_at, best)
    cooling = (_COLD / _HOT) ** (1 / max(1, moves))
    temperature = _HOT
    for _ in range(moves):
        temperature *= cooling
        changes = mover.shift(chance, below) if chance() < 0.25 else mover.jump(at, chance, below)
        if not changes:
            continue
        items = [item for item, _, _ in changes if item >= 0]
        mask = taken
        if len(items) < len(changes):
            for item, old, _ in changes:
                mask &= ~(1 << old) if item >= 0 else mask
            for item, _, slot in changes:
                mask |= 1 << slot if item >= 0 else 0
        touched = items if mask == taken else None
        before = ways if touched is None else placer.ways(at, taken, touched)
        for item, _, slot in changes:
            if item >= 0:
                at[item] = slot
        bound = -temperature * log(1.0 - chance())
        change = in_ways = placer.ways(at, mask, touched) - before
        kept = change <= bound + _WORST_CROSSINGS
        if kept:
            change += placer.crossings(at, items)
            for item, old, _ in changes:
                if item >= 0:
                    at[item] = old
            change -= placer.crossings(at, items)
            kept = change <= bound
            if kept:
                for item, _, slot in changes:
                    home[slot] = item
                    if item >= 0:
                        at[item] = slot
                taken, ways = mask, ways + in_ways
                now += change
                if now < best - 1e-9:
                    best, best_at = now, list(at)
        if not kept:
            for item, old, _ in changes:
                if item >= 0:
                    at[item] = old
    return _seating(placer, best_at, best)


def _seating(placer: Placer, at: Sequence[int], cost: float) -> Seating:
    columns = placer.shape.columns
    return Seating(tuple((slot % columns, slot // columns) for slot in at), cost)


class _Mover:
    """Proposes moves within departments."""

    def __init__(self, placer: Placer, home: list[int], fixed: frozenset[int]) -> None:
        self.placer, self.home, self.fixed = placer, home, fixed
        items = placer.task.items
        self.movable = [i for i in range(len(items)) if i not in fixed]
        self.department = [item.department for item in items]
        self.member = [frozenset(slots) for slots in placer.slots]
        self.paths: list[list[int]] = []
        for department, slots in enumerate(placer.slots):
            own = [s for s in slots if home[s] < 0 or (home[s] not in fixed and self.department[home[s]] == department)]
            if len(own) > 2:
                self.paths += _paths(placer, own)

    def jump(self, at: Sequence[int], chance: Chance, below: Below) -> list[Change]:
        """An item to a random slot, or beside one it is linked to; who stands there takes its place."""
        columns, rows = self.placer.shape.columns, self.placer.shape.rows
        item = self.movable[below(len(self.movable))]
        department, slot = self.department[item], -1
        links = self.placer.by_item[item]
        if links and chance() < 0.5:
            origin, target, _, _ = self.placer.links[links[below(len(links))]]
            other = at[target if origin == item else origin]
            c, r = other % columns, other // columns
            if chance() < 0.5:
                c += 1 if chance() < 0.5 else -1
            else:
                r += 1 if chance() < 0.5 else -1
            if 0 <= c < columns and 0 <= r < rows:
                slot = r * columns + c
        if slot not in self.member[department]:
            slots = self.placer.slots[department]
            slot = slots[below(len(slots))]
        old, there = at[item], self.home[slot]
        if slot == old or (there >= 0 and (there in self.fixed or self.department[there] != department)):
            return []
        return [(item, old, slot), (there, slot, old)]

    def shift(self, chance: Chance, below: Below) -> list[Change]:
        """Everything between two slots of an order goes on by one, the last to the place of the first."""
        if not self.paths:
            return []
        path = self.paths[below(len(self.paths))]
        a = below(len(path))
        b = min(len(path) - 1, a + 2 + below(4))
        if b - a < 2:
            return []
        slots = path[a : b + 1]
        if chance() < 0.5:
            slots.reverse()
        return [(self.home[slot], slot, slots[(i + 1) % len(slots)]) for i, slot in enumerate(slots)]
