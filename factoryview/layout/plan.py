"""What is to be placed and what stands where: the plain data between the layout and those who draw it.

Unit of every length and coordinate: u, whole numbers, origin in the upper left corner of the floor. A hall is always
236 × 172 u, a belt 32 u wide, a crate takes 24 u of it; `Plan.scale` says how much the whole is to be shrunk or
enlarged so that it fills the floor that was asked for. One u of the plan is `scale` of the u in which the request is
measured (1/1080 of the picture's height), so the scene draws at

    k = plan.scale × picture height / 1080 × zoom      pixels per u of the plan

and rounds *points*, not lengths: a coordinate c lies at pixel round(k·c), the edges of a rectangle are rounded each for
itself, and a belt is a strip of round(k·32) pixels around its rounded centre line. Points that are equal in u (a belt's
end and the hall's edge, a branch and the belt it joins) are then equal in pixels, at every zoom.

It is long, for it is the one language of all who place, check and draw.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil, floor
from typing import Literal, NamedTuple

HALL = (236, 172)
"""Width and height of a hall at factor 1."""
PEOPLE = 28
"""Height of the strip directly above a hall in which its people stand."""
RISING = (104, 40)
"""Width and height of what a machine covers of the floor above the left of its hall."""
BIN = (96, 32)
"""Width and height of the bin for losses at the hall's right lower edge."""
SIDING = (96, 52)
"""Width and height of the side track for wrecks (a row of crates, below it count and date), at the left lower edge."""
SIGN = (116, 72)
"""Width and height of a source's sign."""
BELT, THIN_BELT = 32, 8
"""Width of a belt, and of one that is seldom used."""
CRATE = 24
"""What a crate takes of a belt's length."""
PALLET = (48, 46)
"""Width and height of a place for a pallet of ten crates."""
ENLARGED = 1.2
"""How much larger the constraint's block is drawn."""
THIN = 0.02
"""Belts with a smaller share of the cases are thin."""


Side = Literal["left", "top", "right", "bottom"]


class Point(NamedTuple):
    """A point of the floor."""

    x: int
    y: int


class Rect(NamedTuple):
    """A rectangle: `x ≤ horizontal < x + w`, `y ≤ vertical < y + h`."""

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

    @property
    def centre(self) -> Point:
        """The point in the middle, rounded down."""
        return Point(self.x + self.w // 2, self.y + self.h // 2)

    def meets(self, other: Rect) -> bool:
        """Whether the two have an area in common.

        >>> Rect(0, 0, 2, 2).meets(Rect(2, 0, 1, 1))
        False
        """
        return self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom

    def contains(self, other: Rect) -> bool:
        """Whether `other` lies wholly inside.

        >>> Rect(0, 0, 4, 4).contains(Rect(1, 0, 3, 4))
        True
        """
        return self.x <= other.x and self.y <= other.y and other.right <= self.right and other.bottom <= self.bottom

    def grown(self, by: int) -> Rect:
        """The rectangle with a rim of `by` around it (a negative rim is taken away)."""
        return Rect(self.x - by, self.y - by, self.w + 2 * by, self.h + 2 * by)

    def scaled(self, factor: float, about: Point) -> Rect:
        """The rectangle `factor` times as large, seen from `about`; rounded outwards.

        >>> Rect(100, 100, 236, 172).scaled(1.2, Point(218, 186))
        Rect(x=76, y=82, w=284, h=208)
        """
        left = floor(about.x + (self.x - about.x) * factor)
        top = floor(about.y + (self.y - about.y) * factor)
        right = ceil(about.x + (self.right - about.x) * factor)
        bottom = ceil(about.y + (self.bottom - about.y) * factor)
        return Rect(left, top, right - left, bottom - top)


# ---- what is asked for -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class StageSpec:
    """A machine, or an end of the line, to place."""

    name: str
    department: int
    """Index into `FloorRequest.departments`."""
    kind: Literal["stage", "depot"] = "stage"
    """A depot is an end of the line: work is counted there and waits for nobody."""
    loses: bool = False
    """Needs a bin."""
    slow: bool = False
    """Is or was the constraint, or more work stands before it than a belt holds: needs a yard, a long belt round it,
    and room to be drawn larger."""
    wrecks: bool = False
    """Needs a side track for cases that nobody works on any more."""
    position: tuple[int, int] | None = None
    """Set by hand: column and row of its slot, from 0; it wins. On a floor with fewer columns or rows: the last."""


@dataclass(frozen=True)
class BeltSpec:
    """A belt to lay from a source or stage to a stage or depot; origin == target: a loop at the hall."""

    origin: str
    target: str
    share: float
    """Cases that ride it ÷ cases that enter the plant, in the same time. Below `THIN` the belt is thin."""
    rework: bool = False
    """Runs back in the process."""


@dataclass(frozen=True)
class FloorRequest:
    """Everything a plan depends on."""

    departments: tuple[str, ...]
    """Labels, in the order of the process."""
    sources: tuple[str, ...]
    stages: tuple[StageSpec, ...]
    """In the order of the process."""
    belts: tuple[BeltSpec, ...]
    width: int = 1900
    """Of the part of the picture the floor may fill, in 1/1080 of the picture's height."""
    height: int = 724
    boards: bool = True
    """There is something to write on boards: a floor that would be larger than 1 gives room for one."""


# ---- what is found -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Port:
    """Where a belt leaves or enters a hall: draw a hood from here to the hall as it is drawn."""

    belt: int
    """Index into `Plan.belts`."""
    side: Side
    point: Point
    """On the edge of `Block.room`, where the belt's centre line ends: 79, 0 or −79 u from the middle of an upper or
    lower side, 54, 0 or −54 u from that of a left or right one; for a loop 20 and 60 u from the upper left corner."""
    out: bool
    """Whether the belt leaves here."""


@dataclass(frozen=True)
class Block:
    """A machine or depot with all that belongs to it, as it lies at factor 1.

    The floor is kept free for any drawing of hall, people, bin and siding scaled about the hall's centre by 1 to
    `factor`; belts end at `room`, the edge of the largest hall, so that they need not change when it grows.
    """

    kind: Literal["stage", "depot"]
    hall: Rect
    """236 × 172."""
    people: Rect | None
    """28 high, directly above the hall; None for a depot. Belts from above run through it to the hall's edge."""
    bin: Rect | None
    """96 × 32, directly below the hall at its right."""
    siding: Rect | None
    """96 × 52, directly below the hall at its left: the side track for wrecks."""
    factor: float
    """1, or 1.2 where the block may be the constraint."""
    ports: tuple[Port, ...]
    cell: tuple[int, int]
    """Column and row of the slot it stands in, as in `StageSpec.position`."""

    @property
    def rising(self) -> Rect | None:
        """What the machine covers above the hall; belts may lie there, words may not. None of a depot."""
        return Rect(self.hall.x, self.hall.y - RISING[1], *RISING) if self.kind == "stage" else None

    @property
    def room(self) -> Rect:
        """The hall at its largest: belts begin and end at its edge."""
        return self.scaled(self.hall)

    def scaled(self, part: Rect) -> Rect:
        """A part of the block at the block's largest."""
        return part if self.factor == 1 else part.scaled(self.factor, self.hall.centre)

    def parts(self) -> tuple[Rect, ...]:
        """All rectangles of the block at its largest; nobody else may be there."""
        return tuple(self.scaled(part) for part in (self.hall, self.people, self.bin, self.siding) if part)


@dataclass(frozen=True)
class Sign:
    """A source, once for each stage it feeds."""

    source: str
    target: str
    rect: Rect
    """116 × 72."""
    gate: int | None
    """Index into `Plan.gates`; None: it stands at the left wall and its belt begins at its right edge."""


@dataclass(frozen=True)
class Yard:
    """Marked floor before an intake for what does not fit on the belt."""

    stage: str
    rect: Rect
    places: tuple[Rect, ...]
    """For pallets, the first to be filled first; a place holds ten crates, or a rack of a hundred."""
    belt: int | None
    """Index of the belt that runs round it; None if none could."""
    cell: tuple[int, int] | None = None
    """Its slot, if it takes one of its own; None: it stands in the corridor beside its machine."""


@dataclass(frozen=True)
class Crossing:
    """Two belts at right angles; the upper one is drawn whole, the other dives under it."""

    at: Point
    belt: int
    """Index of the other one."""
    over: bool
    """Whether this one is the upper one."""


@dataclass(frozen=True)
class Join:
    """From here on a belt shares its way with another one into the same target."""

    belt: int
    """Index of the other one, which carries more and does not join back."""
    distance: int
    """Along this belt, from its beginning."""
    other_distance: int
    """Along the other one, from its beginning."""


@dataclass(frozen=True)
class Belt:
    """A belt: a centre line of right angles from the origin's port to the target's port."""

    origin: str
    target: str
    share: float
    rework: bool
    thin: bool
    """8 u wide instead of 32."""
    points: tuple[Point, ...]
    """Corners with both ends; neighbours differ in exactly one coordinate. A belt that joins another one repeats
    the other's corners from there on. Of several sources in a gate all belts begin at the gate's one port. A loop
    leaves its hall by the roof, at the left beside the people, and comes back there."""
    join: Join | None = None
    crossings: tuple[Crossing, ...] = ()
    """Of its own part, before it joins, in the order of the ride."""

    @property
    def length(self) -> int:
        """Length of the centre line."""
        return path_length(self.points)

    def strips(self) -> tuple[Rect, ...]:
        """What the belt covers, a rectangle for each straight run, corners included in both."""
        half = (THIN_BELT if self.thin else BELT) // 2
        last = len(self.points) - 2
        made = []
        for i, (a, b) in enumerate(pairwise(self.points)):
            before, after = half * (i > 0), half * (i < last)
            if a.x == b.x:
                top, bottom = (a.y - before, b.y + after) if a.y < b.y else (b.y - after, a.y + before)
                made.append(Rect(a.x - half, top, 2 * half, bottom - top))
            else:
                left, right = (a.x - before, b.x + after) if a.x < b.x else (b.x - after, a.x + before)
                made.append(Rect(left, a.y - half, right - left, 2 * half))
        return tuple(made)

    @property
    def own_length(self) -> int:
        """Length until it joins another belt."""
        return self.join.distance if self.join else self.length


@dataclass(frozen=True)
class Zone:
    """The floor of a department."""

    department: int
    """Index into `FloorRequest.departments`."""
    rects: tuple[Rect, ...]
    """Disjoint; together the department's floor, not always in one piece. All zones together cover the floor but
    for a strip with the signs at the wall, if several departments begin there."""
    label: Rect
    """Where its name can stand in letters of 20 u: along the upper edge, free of belts and blocks."""


@dataclass(frozen=True)
class Plan:
    """A finished floor."""

    width: int
    height: int
    """In u of the plan: the requested size ÷ scale, rounded down."""
    scale: float
    blocks: dict[str, Block]
    """Stages and depots by name, in the order of the request."""
    signs: tuple[Sign, ...]
    gates: tuple[Rect, ...]
    """Plates in slots of their own on which all signs of one target stand; the belt begins at the plate's edge."""
    yards: tuple[Yard, ...]
    belts: tuple[Belt, ...]
    """In the order of the request, without those in `unrouted`."""
    zones: tuple[Zone, ...]
    """Of departments with stages."""
    borders: tuple[tuple[Point, Point], ...]
    """Straight lines between zones; belts may cross them at right angles."""
    boards: tuple[Rect, ...]
    """Free floor for boards, the largest first, large enough to be read: in units of the request at
    least 195 × 143 and 49,400 in area, or 450 × 96."""
    columns: int
    """Of the slot grid."""
    rows: int
    gate_cells: tuple[tuple[int, int], ...] = ()
    """The slots of the gates."""
    slots: tuple[tuple[Rect, ...], ...] = ()
    """`slots[column][row]`: the floor around one slot, together that of all zones; for dropping a machine by hand."""
    unrouted: tuple[tuple[str, str], ...] = field(default=())
    """Belts for which a stage has no port left; empty for all but absurd plants."""


def path_length(points: tuple[Point, ...]) -> int:
    """Length of a line of right angles.

    >>> path_length((Point(0, 0), Point(5, 0), Point(5, 3)))
    8
    """
    return sum(abs(a.x - b.x) + abs(a.y - b.y) for a, b in pairwise(points))
