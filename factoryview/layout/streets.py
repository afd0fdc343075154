"""The ground as the router sees it: what is built over, what a tile costs, who runs there."""

from __future__ import annotations

from .boxes import NAME_STRIP, boxes_of, solid_boxes
from .floorplan import Floorplan, Rect

BEND = 4.0
CROSSING = 9.0
NEAR = 0.9
"""Charged for each belt of another target that runs directly alongside."""

_LEVEL = ("numbers", "pile", "bin", "bin_text", "chute")
"""Boxes beside which the belts of their own machine run."""

ACROSS, ALONG, TURN = range(3)
"""How a belt passes a tile: straight along the row, straight along the column, or turning, ending or merging."""


class Streets:
    """Costs of the tiles, flat, with a ring of blocked tiles around the floor: tile = (y + 1)·stride + x + 1.

    `across`, `along` and `turn` are what it costs now to pass a tile in these ways.
    """

    def __init__(self, plan: Floorplan) -> None:
        self.stride = plan.width + 2
        self.size = self.stride * (plan.height + 2)
        self.moves = (1, self.stride, -1, -self.stride)
        self.blocked = bytearray(self.size)
        self.base_across = [1.0] * self.size
        self.base_along = [1.0] * self.size
        self.users = ([0] * self.size, [0] * self.size, [0] * self.size)
        self.beside_across = [0] * self.size
        self.beside_along = [0] * self.size
        self.history = [0.0] * self.size
        self.pressure = 5.0
        self._survey(plan)
        self.across = list(self.base_across)
        self.along = list(self.base_along)
        self.turn = [BEND + (a + b) / 2 for a, b in zip(self.base_across, self.base_along, strict=True)]

    def tile(self, x: int, y: int) -> int:
        """The flat number of a tile."""
        return (y + 1) * self.stride + x + 1

    def place(self, tile: int) -> tuple[int, int]:
        """Column and row of a flat number."""
        y, x = divmod(tile, self.stride)
        return x - 1, y - 1

    def _survey(self, plan: Floorplan) -> None:
        for x in range(-1, plan.width + 1):
            self.blocked[self.tile(x, -1)] = self.blocked[self.tile(x, plan.height)] = 1
        for y in range(-1, plan.height + 1):
            self.blocked[self.tile(-1, y)] = self.blocked[self.tile(plan.width, y)] = 1
        for place in plan.machines.values():
            for kind, box in boxes_of(place):
                self._toll(box, 1.5 if kind == "box" else 0.5, level=kind not in _LEVEL)
        for box in plan.sources.values():
            self._toll(box, 0.5)
        for zone in plan.zones.values():
            for y in range(zone.y, zone.bottom):
                for x, toll in ((zone.x - 1, 4.0), (zone.x, 1.2), (zone.right - 1, 1.2), (zone.right, 4.0)):
                    self.base_along[self.tile(x, y)] += toll
            for x in range(zone.x, zone.right):
                strip = [(zone.bottom - i, 1.5) for i in range(2, NAME_STRIP + 1)]
                for y, toll in (
                    (zone.y - 1, 4.0),
                    (zone.y, 1.2),
                    (zone.bottom - 1, 1.2),
                    (zone.bottom, 4.0),
                    *strip,
                ):
                    self.base_across[self.tile(x, y)] += toll
        for box in solid_boxes(plan):
            for y in range(box.y, box.bottom):
                first = self.tile(box.x, y)
                self.blocked[first : first + box.w] = b"\x01" * box.w

    def _toll(self, box: Rect, toll: float, level: bool = True) -> None:
        """Running along a box costs a little (above and below it only if `level`), ending at it does not."""
        for y in range(box.y, box.bottom):
            self.base_along[self.tile(box.x - 1, y)] += toll
            self.base_along[self.tile(box.right, y)] += toll
        for x in range(box.x, box.right if level else box.x):
            self.base_across[self.tile(x, box.y - 1)] += toll
            self.base_across[self.tile(x, box.bottom)] += toll

    def occupy(self, kinds: dict[int, int], sign: int) -> None:
        """Enter (+1) or strike (−1) the tiles of all belts into one target."""
        stride = self.stride
        touched = set(kinds)
        for tile, kind in kinds.items():
            self.users[kind][tile] += sign
            if kind != ALONG:
                self.beside_across[tile - stride] += sign
                self.beside_across[tile + stride] += sign
                touched.add(tile - stride)
                touched.add(tile + stride)
            if kind != ACROSS:
                self.beside_along[tile - 1] += sign
                self.beside_along[tile + 1] += sign
                touched.add(tile - 1)
                touched.add(tile + 1)
        self._charge(touched)

    def press(self, pressure: float) -> None:
        """Change what it costs to run over others."""
        self.pressure = pressure
        across, along, turn = self.users
        self._charge({t for t in range(self.size) if across[t] or along[t] or turn[t] or self.history[t]})

    def _charge(self, tiles: set[int]) -> None:
        across, along, turn = self.users
        pressure = self.pressure
        for t in tiles:
            h, v, x, old = across[t], along[t], turn[t], self.history[t]
            near_across, near_along = NEAR * self.beside_across[t], NEAR * self.beside_along[t]
            cost_across = self.base_across[t] + old + near_across
            cost_along = self.base_along[t] + old + near_along
            cost_turn = BEND + (cost_across + cost_along) / 2
            if h or v or x:
                cost_turn += pressure * (h + v + x)
                cost_across += pressure * (h + x + (v > 1)) + CROSSING * v
                cost_along += pressure * (v + x + (h > 1)) + CROSSING * h
            self.across[t], self.along[t], self.turn[t] = cost_across, cost_along, cost_turn

    def clash(self, tile: int) -> bool:
        """Whether belts to different targets meet here otherwise than by one straight underpass."""
        h, v, x = self.users[0][tile], self.users[1][tile], self.users[2][tile]
        return h + v + x > 1 and not (h == 1 and v == 1 and x == 0)

    def taken(self, tile: int) -> bool:
        """Whether a belt of another target runs here."""
        return bool(self.users[0][tile] or self.users[1][tile] or self.users[2][tile])
