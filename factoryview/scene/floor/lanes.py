"""Belts in whole pixels: where their straight runs, corners and tunnels lie, and where their crates are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

import numpy as np
import pygame
from numpy.typing import NDArray

from factoryview.flow.moment.lining import OnBelt
from factoryview.flow.moment.ride import EDGE
from factoryview.layout.plan import BELT, THIN_BELT, Belt, Point

Heading = Literal["e", "s", "w", "n"]

CRATE_SIDE = 20
"""u of a crate; the rest of `plan.CRATE` is the gap to the next."""
SIDE_ROAD = 24
"""u of the width of a side road: as much as its crates need, which are those of any belt."""
_PERIOD = 48
"""u from chevron to chevron."""
_RAIL = 3
"""u of the rail at each side of a lane."""
_MOUTH = 9
"""u before and after a belt above, over which the belt below lies in its shade."""


@dataclass(frozen=True)
class Run:
    """A straight stretch of lane, in pixels of the floor."""

    box: pygame.Rect
    heading: Heading


@dataclass(frozen=True)
class Corner:
    """A square in which a belt turns; the two sides that are open."""

    box: pygame.Rect
    entering: Heading
    leaving: Heading


@dataclass(frozen=True)
class Mouth:
    """A short stretch of lane in the shade of the belt that passes over it."""

    box: pygame.Rect
    heading: Heading
    diving: bool
    """Before that belt, not after it."""


class _Bridge(NamedTuple):
    """Where another belt passes over."""

    along: float
    """u along the belt below."""
    at: tuple[int, int]
    """The pixel of the crossing."""
    width: int
    """Pixels of the belt above."""

    def hides(self, begin: tuple[int, int], heading: Heading, odd: int) -> tuple[int, int]:
        """The first pixel out of sight and the first beyond, from the beginning of a run. odd: see `_box`."""
        at, origin = (self.at[0], begin[0]) if heading in "ew" else (self.at[1], begin[1])
        low = at - self.width // 2
        high = low + self.width
        return (low - origin, high - origin) if heading in "es" else (origin + odd - high, origin + odd - low)


@dataclass(frozen=True)
class Lane:
    """A belt at a scale, in pixels from the floor's upper left corner. Distances are u along the belt."""

    width: int
    rail: int
    period: int
    runs: tuple[Run, ...]
    corners: tuple[Corner, ...]
    mouths: tuple[Mouth, ...]
    """Where it dives below another belt or comes up: short stretches of lane in the shade of that one."""
    opening: pygame.Rect | None
    """Where it runs into the lane of another belt: that one's rail is open here."""
    knots: NDArray[np.float64]
    line: NDArray[np.float64]
    """2 × knots: the pixels of the centre line at those distances."""
    hidden: tuple[tuple[float, float], ...]
    """Stretches below another belt."""
    boxes: tuple[pygame.Rect, ...]
    """Everything it covers."""
    thin: bool
    side_road: bool
    """Drawn faintly, so that the main road can be followed."""

    @classmethod
    def of(cls, belt: Belt, k: float, widths: Mapping[int, int] | None = None, *, side_road: bool = False) -> Lane:
        """k: pixels per u. widths: u of those belts of the floor that are not as wide as most, by their index."""
        widths = widths or {}
        width = max(2, round(width_of(belt, side_road=side_road) * k))
        rail = 0 if width < 8 else max(1, round((_RAIL - side_road) * k))
        points = [(round(p.x * k), round(p.y * k)) for p in belt.points]
        knots = np.concatenate([[0.0], np.cumsum([_length(a, b) for a, b in zip(belt.points, belt.points[1:])])])  # noqa: B905
        own = belt.own_length
        passed = [(_along(belt.points, c.at), c.at, widths.get(c.belt, BELT))
                  for c in belt.crossings if not c.over]  # fmt: skip
        bridges = [_Bridge(along, (round(at.x * k), round(at.y * k)), max(2, round(over * k)))
                   for along, at, over in passed]  # fmt: skip
        tunnels = tuple((along - over / 2, along + over / 2) for along, _, over in passed)
        runs, corners, mouths = _pieces(points, knots, own, width, bridges, k)
        opening = (
            _opening(runs[-1], max(2, round(widths.get(belt.join.belt, BELT) * k)), rail)
            if belt.join and runs and rail
            else None
        )
        boxes = (*(run.box for run in runs), *(mouth.box for mouth in mouths), *(corner.box for corner in corners))
        line = np.array(points, dtype=float).T
        return cls(
            width,
            rail,
            max(4, round(_PERIOD * k)),
            runs,
            corners,
            mouths,
            opening,
            knots,
            line,
            tunnels,
            boxes,
            belt.thin,
            side_road,
        )

    def scrolled(self, phase: float) -> int:
        """Pixels by which the chevrons have moved on. phase: how far the belt has run, in u."""
        return round(phase * self.period / _PERIOD) % self.period

    def side(self, k: float) -> int:
        """Pixels of a crate."""
        return max(2, self.width - 2) if self.thin else max(2, round(CRATE_SIDE * k))


Spots = tuple[tuple[tuple[int, int], ...], bytes]
"""Of each crate in sight its upper left pixel, and its channel."""


_NONE: NDArray[np.float64] = np.empty(0)


class CentreLines:
    """The centre lines of all lanes as one table, in which the crates of many are placed at once."""

    def __init__(self, lanes: Sequence[Lane], corner: tuple[int, int], k: float) -> None:
        """corner: the pixel of the floor's upper left corner. k: pixels per u."""
        self._lanes, self._k = lanes, k
        self._sides = [lane.side(k) for lane in lanes]
        ends = np.array([lane.knots[-1] for lane in lanes])
        # one lane after the other, by powers of two, so that nothing is rounded that is not rounded alone
        apart = 2.0 ** np.ceil(np.log2(ends.max(initial=1.0) + 1.0)) * np.arange(len(lanes))
        self._knots = np.concatenate([_NONE, *(lane.knots + start for lane, start in zip(lanes, apart, strict=True))])
        self._line = np.concatenate([np.empty((2, 0)), *(lane.line for lane in lanes)], axis=1)
        shift = np.array([[corner[0] - side / 2, corner[1] - side / 2] for side in self._sides]).reshape(-1, 2)
        self._each = np.column_stack([apart, ends, shift])

    def spots(self, chosen: Sequence[int], crates: Sequence[OnBelt]) -> list[Spots]:
        """Of some lanes, by their index, the crates in sight. crates: of each of them."""
        placed = [self._in_sight(i, on) for i, on in zip(chosen, crates, strict=True)]
        counts = [len(hues) for _, hues in placed]
        along = np.concatenate([along for along, _ in placed])
        apart, ends, left, top = np.repeat(self._each[list(chosen)], counts, axis=0).T
        along = np.minimum(along, ends) + apart
        x = np.rint(np.interp(along, self._knots, self._line[0]) + left).astype(int).tolist()
        y = np.rint(np.interp(along, self._knots, self._line[1]) + top).astype(int).tolist()
        pixels, found, end = list(zip(x, y, strict=True)), [], 0
        for (_, hues), count in zip(placed, counts, strict=True):
            end += count
            found.append((tuple(pixels[end - count : end]), hues.tobytes()))
        return found

    def _in_sight(self, i: int, crates: OnBelt) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
        """How far along the lane each crate is that no other belt covers, and its channel."""
        along, hue, half = crates.position + EDGE, crates.hue, self._sides[i] / self._k / 2
        for start, end in self._lanes[i].hidden:
            seen = (along < start - half) | (along > end + half)
            along, hue = along[seen], hue[seen]
        return along, hue


def width_of(belt: Belt, *, side_road: bool) -> int:
    """u across."""
    return THIN_BELT if belt.thin else SIDE_ROAD if side_road else BELT


def _length(a: Point, b: Point) -> int:
    return abs(a.x - b.x) + abs(a.y - b.y)


def _along(points: Sequence[Point], at: Point) -> float:
    """How far along the line a point of it lies."""
    done = 0
    for a, b in pairwise(points):
        if min(a.x, b.x) <= at.x <= max(a.x, b.x) and min(a.y, b.y) <= at.y <= max(a.y, b.y):
            return float(done + _length(a, at))
        done += _length(a, b)
    return float(done)


def _heading(a: tuple[int, int], b: tuple[int, int]) -> Heading:
    if a[1] == b[1]:
        return "e" if b[0] >= a[0] else "w"
    return "s" if b[1] >= a[1] else "n"


def _pieces(
    points: list[tuple[int, int]],
    knots: NDArray[np.float64],
    own: float,
    width: int,
    bridges: Sequence[_Bridge],
    k: float,
) -> tuple[tuple[Run, ...], tuple[Corner, ...], tuple[Mouth, ...]]:
    """The visible parts of a belt up to the distance `own`."""
    runs: list[Run] = []
    corners: list[Corner] = []
    mouths: list[Mouth] = []
    half = width // 2
    last = next((i for i in range(len(points) - 1) if knots[i + 1] >= own), len(points) - 2)
    for i in range(last + 1):
        heading = _heading(points[i], points[i + 1])
        odd = width - 2 * half if heading in "wn" else 0
        begin = odd if i == 0 else width - half
        full = abs(points[i + 1][0] - points[i][0]) + abs(points[i + 1][1] - points[i][1])
        end = full - half if i < last else full + odd
        if i == last and own < knots[i + 1]:
            end = round((own - knots[i]) * k) + odd
        stretches = [(begin, end)]
        for bridge in bridges:
            if not knots[i] <= bridge.along <= knots[i + 1]:
                continue
            low, high = bridge.hides(points[i], heading, odd)
            deep = max(1, round(_MOUTH * k))
            before, after = max(begin, low - deep), min(end, high + deep)
            stretches = [piece for a, b in stretches for piece in ((a, min(b, before)), (max(a, after), b))]
            mouths += [Mouth(_box(points[i], heading, a, b, width), heading, diving)
                       for a, b, diving in ((before, low, True), (high, after, False)) if b > a]  # fmt: skip
        runs += [Run(_box(points[i], heading, a, b, width), heading) for a, b in stretches if b > a]
        if i < last:
            x, y = points[i + 1]
            corners.append(Corner(pygame.Rect(x - half, y - half, width, width), heading,
                                  _heading(points[i + 1], points[i + 2])))  # fmt: skip
    return tuple(runs), tuple(corners), tuple(mouths)


def _opening(last: Run, width: int, rail: int) -> pygame.Rect:
    """The rail to be opened: half the other belt before the end of the last run, which ends on its centre line.

    width: pixels of the other belt.
    """
    box, half = last.box, width // 2
    if last.heading == "e":
        return pygame.Rect(box.right - half - 1, box.y + rail, rail + 2, box.h - 2 * rail)
    if last.heading == "w":
        return pygame.Rect(box.left + half - rail - 1, box.y + rail, rail + 2, box.h - 2 * rail)
    if last.heading == "s":
        return pygame.Rect(box.x + rail, box.bottom - half - 1, box.w - 2 * rail, rail + 2)
    return pygame.Rect(box.x + rail, box.top + half - rail - 1, box.w - 2 * rail, rail + 2)


def _box(origin: tuple[int, int], heading: Heading, begin: int, end: int, width: int) -> pygame.Rect:
    """The pixels from `begin` to `end` along a heading, `width` across; upper and left side for both ways alike."""
    x, y = origin
    half = width // 2
    if heading == "e":
        return pygame.Rect(x + begin, y - half, end - begin, width)
    if heading == "w":
        return pygame.Rect(x - end + (width - 2 * half), y - half, end - begin, width)
    if heading == "s":
        return pygame.Rect(x - half, y + begin, width, end - begin)
    return pygame.Rect(x - half, y - end + (width - 2 * half), width, end - begin)
