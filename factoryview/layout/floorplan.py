"""Plain geometry: what is to be placed, and where it stands. Unit: tiles of the integer grid, origin top left."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Rect(NamedTuple):
    """A box of tiles: `x ≤ column < x + w`, `y ≤ row < y + h`."""

    x: int
    y: int
    w: int
    h: int

    @property
    def right(self) -> int:
        return self.x + self.w

    @property
    def bottom(self) -> int:
        return self.y + self.h

    def meets(self, other: Rect) -> bool:
        """Whether the boxes share a tile.

        >>> Rect(0, 0, 2, 2).meets(Rect(2, 0, 1, 1))
        False
        """
        return self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom


@dataclass(frozen=True)
class StageSpec:
    """A machine to place."""

    name: str
    zone: int
    """Index into `FloorRequest.zones`."""
    label: str = ""
    """What the plate will say; its length decides the plate's width (6 to 9 tiles, always 2 high)."""
    loses: bool = False
    """Needs a chute, a bin and the bin's text."""
    pile: bool = False
    """Needs floor beside the intake for pallets."""
    position: tuple[int, int] | None = None
    """Set by hand: the machine's upper left tile; it wins."""


@dataclass(frozen=True)
class BeltSpec:
    """A belt to route between two names (a source or stage → a stage). origin == target: a self-loop."""

    origin: str
    target: str
    share: float
    """Share of all flow, 0 to 1."""
    rework: bool = False
    """Runs back in the process."""
    queue: bool = False
    """Work stands here: it should be long (≥ 12 tiles where room allows, it may snake)."""


@dataclass(frozen=True)
class FloorRequest:
    """Everything a layout depends on."""

    zones: tuple[str, ...]
    sources: tuple[str, ...]
    stages: tuple[StageSpec, ...]
    belts: tuple[BeltSpec, ...]
    aspect: float = 2.1
    """Width ÷ height of the part of the screen the floor may fill."""


@dataclass(frozen=True)
class MachinePlace:
    """A machine and all that belongs to it; no two of these boxes share a tile with each other or a belt."""

    box: Rect
    """4×4."""
    plate: Rect
    """The name, 2 high, directly above the machine."""
    badge: Rect
    """The number of waiting cases, 4×2, directly above the plate."""
    numbers: Rect
    """Throughput and waiting time, 4×2, at the right of the machine's rows 0–1."""
    pile: Rect | None = None
    """Pallets, 4×3, beside or below the machine near the intake."""
    bin: Rect | None = None
    """2×2, with its chute touching the machine."""
    bin_text: Rect | None = None
    """4×2, beside the bin."""
    chute: tuple[tuple[int, int], ...] = ()
    """Tiles from the machine to the bin."""


@dataclass(frozen=True)
class BeltPath:
    """A routed belt: orthogonally adjacent tiles from the first outside the origin to the last before the target."""

    origin: str
    target: str
    tiles: tuple[tuple[int, int], ...]
    underpasses: frozenset[int] = frozenset()
    """Indexes of tiles at which this belt runs beneath another one (perpendicular, straight)."""
    rework: bool = False
    merges: int | None = None
    """Index of the first tile shared with another belt into the same target; None: none shared."""


@dataclass(frozen=True)
class Floorplan:
    """A finished floor."""

    width: int
    height: int
    zones: dict[str, Rect]
    sources: dict[str, Rect]
    machines: dict[str, MachinePlace]
    belts: tuple[BeltPath, ...]
    unrouted: tuple[tuple[str, str], ...] = field(default=())
    """Belts that found no way; always empty on a floor that passes its verifier."""
    cells: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Column and row of each machine within its zone: what a later layout keeps when a stage is added."""
