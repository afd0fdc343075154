"""What of a floor is the same from wherever it is seen at one scale: a camera that moves need not measure it again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pygame

from factoryview.layout.plan import Rect
from factoryview.scene.floor.aprons import aprons, skip_of
from factoryview.scene.floor.belts import groups_of, layers_of, side_roads
from factoryview.scene.floor.lanes import Lane, width_of
from factoryview.scene.floor.trays import apron_places, tray_of
from factoryview.scene.floor.yards import marked, piles, places_of, yard_places
from factoryview.scene.picture import FloorFacts


class Heap(NamedTuple):
    """Where a pile stands, in pixels from the floor's upper left corner."""

    crates: int
    shared: bool
    rect: pygame.Rect
    places: tuple[pygame.Rect, ...]


class Scaled:
    """A floor at `k` pixels per u. It remembers of each pile where it stood last."""

    def __init__(self, facts: FloorFacts, k: float) -> None:
        self.facts, self.k = facts, k
        belts = facts.plan.belts
        aside = side_roads(belts)
        widths = {i: width_of(belt, side_road=i in aside) for i, belt in enumerate(belts)}
        self.lanes = tuple(Lane.of(belt, k, widths, side_road=i in aside) for i, belt in enumerate(belts))
        self.layers = layers_of(groups_of(belts), self.lanes)
        """The belts that are painted together, in groups that share a lane; the lowest first."""
        self.yards = {yard.stage: yard for yard in facts.plan.yards}
        self._aprons = aprons(facts.plan)
        self._spots: dict[str, tuple[Sequence[Rect], tuple[pygame.Rect, ...]]] = {}
        """Of each pile its places, in u and in pixels."""
        self._heaps: dict[str, Heap] = {}
        self._reached: dict[str, tuple[int, int]] = {}
        """Of each tray how many crates stood before it last, and up to where."""
        self._skips: dict[tuple[str, bool, tuple[int, ...]], Rect] = {}

    def heap(self, name: str, count: int, *, shared: bool) -> Heap:
        """Where so many crates stand at a stage. shared: wrecks stand below them."""
        found = self._heaps.get(name)
        if found is None or found.crates != count or found.shared != shared:
            found = self._heaps[name] = self._heap(name, count, shared=shared)
        return found

    def _heap(self, name: str, count: int, *, shared: bool) -> Heap:
        yard = self.yards.get(name)
        spots = yard_places(yard, count) if yard else self._before(name, count, shared=shared)
        places = self._pixels(name, spots)
        if yard is None:
            return Heap(count, shared, places[0].unionall(list(places[1:])), places)
        [rect] = places_of([marked(yard, spots, len(piles(count, len(places))))], self.k, (0, 0))
        return Heap(count, shared, rect, places)

    def _before(self, name: str, count: int, *, shared: bool = False) -> list[Rect]:
        """Places before a hall without a yard."""
        apron = self._aprons.get(name)
        if apron is not None and not shared:
            return apron_places(*apron, count)
        return tray_of(self.facts.plan.blocks[name], count, wrecks=shared)

    def _pixels(self, name: str, spots: Sequence[Rect]) -> tuple[pygame.Rect, ...]:
        known = self._spots.get(name)
        if known is None or known[0] != spots:
            known = self._spots[name] = spots, tuple(places_of(spots, self.k, (0, 0)))
        return known[1]

    def reached(self, name: str, count: int) -> int:
        """u to where so many crates stand on the tray of a stage; 0 where they stand in a yard, or none does."""
        if not count or name in self.yards:
            return 0
        known = self._reached.get(name)
        if known is None or known[0] != count:
            places = self._before(name, count)
            reach = max(place.right for place in places[: len(piles(count, len(places)))])
            known = self._reached[name] = count, reach
        return known[1]

    def skip(self, name: str, *, beside: bool, boards: tuple[int, ...]) -> Rect:
        """Where what a stage loses falls, in u. beside: crates stand before the hall, too. boards: which hang."""
        found = self._skips.get((name, beside, boards))
        if found is None:
            apron, plan = self._aprons.get(name) if beside else None, self.facts.plan
            found = skip_of(plan, name, apron, [plan.boards[i] for i in boards])
            self._skips[name, beside, boards] = found
        return found
