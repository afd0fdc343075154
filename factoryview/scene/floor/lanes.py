"""Belts in whole pixels: where their straight runs, corners and tunnels lie, and how they and their crates are painted.

A belt stands still but for its lane: every straight run is one opaque strip of lane and chevrons, blitted at its scroll
offset between rails that were painted once. Crates are opaque, so that painting lane and crates again restores itself.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
import pygame
from numpy.typing import NDArray

from factoryview.flow.moment.lining import OnBelt
from factoryview.flow.moment.ride import EDGE
from factoryview.layout.plan import BELT, THIN_BELT, Belt, Point
from factoryview.scene.art.crates import Crates
from factoryview.scene.art.raster import clear, opaque, ready
from factoryview.scene.colour import mix
from factoryview.scene.theme import Level, Theme

Heading = Literal["e", "s", "w", "n"]

CRATE_SIDE = 20
"""u of a crate; the rest of `plan.CRATE` is the gap to the next."""
_PERIOD = 48
"""u from chevron to chevron."""
_RAIL = 3
"""u of the rail at each side of a lane."""
_TUNNEL = 10
"""u before and after a belt above, over which the belt below is out of sight."""
_MOST_STRIPS = 400
_FADED = 165
"""Opacity, of 255, of the floor over a belt whose source is late."""


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
class Lane:
    """A belt at a scale, in pixels from the floor's upper left corner. Distances are u along the belt."""

    width: int
    rail: int
    period: int
    runs: tuple[Run, ...]
    corners: tuple[Corner, ...]
    mouths: tuple[Run, ...]
    """Where it dives below another belt or comes up: short dark stretches before and after the tunnel."""
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

    @classmethod
    def of(cls, belt: Belt, k: float) -> Lane:
        """k: pixels per u."""
        width = max(2, round((THIN_BELT if belt.thin else BELT) * k))
        rail = 0 if width < 8 else max(1, round(_RAIL * k))
        points = [(round(p.x * k), round(p.y * k)) for p in belt.points]
        knots = np.concatenate([[0.0], np.cumsum([_length(a, b) for a, b in zip(belt.points, belt.points[1:])])])  # noqa: B905
        own = belt.own_length
        tunnels = tuple((_along(belt.points, c.at) - BELT / 2 - _TUNNEL, _along(belt.points, c.at) + BELT / 2 + _TUNNEL)
                        for c in belt.crossings if not c.over)  # fmt: skip
        runs, corners, mouths = _pieces(points, knots, own, width, tunnels, k)
        opening = _opening(runs[-1], width, rail) if belt.join and runs and rail else None
        boxes = tuple(run.box for run in (*runs, *mouths)) + tuple(corner.box for corner in corners)
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
        )

    def scrolled(self, phase: float) -> int:
        """Pixels by which the chevrons have moved on. phase: how far the belt has run, in u."""
        return round(phase * self.period / _PERIOD) % self.period

    def side(self, k: float) -> int:
        """Pixels of a crate."""
        return max(2, self.width - 2) if self.thin else max(2, round(CRATE_SIDE * k))

    def spots(self, crates: OnBelt, corner: tuple[int, int], k: float) -> tuple[tuple[tuple[int, int], ...], bytes]:
        """Upper left pixel and channel of every crate in sight. corner: the pixel of the floor's upper left corner."""
        side = self.side(k)
        along, hue = crates.position + EDGE, crates.hue
        for start, end in self.hidden:
            seen = (along < start - side / k / 2) | (along > end + side / k / 2)
            along, hue = along[seen], hue[seen]
        x, y = self.points(along)
        left, top = np.rint(x + (corner[0] - side / 2)), np.rint(y + (corner[1] - side / 2))
        return tuple(zip(left.astype(int).tolist(), top.astype(int).tolist(), strict=True)), hue.tobytes()

    def points(self, along: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Pixels of the centre line at distances along the belt, in u."""
        return np.interp(along, self.knots, self.line[0]), np.interp(along, self.knots, self.line[1])


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
    tunnels: tuple[tuple[float, float], ...],
    k: float,
) -> tuple[tuple[Run, ...], tuple[Corner, ...], tuple[Run, ...]]:
    """The visible parts of a belt up to the distance `own`."""
    runs: list[Run] = []
    corners: list[Corner] = []
    mouths: list[Run] = []
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
        for start, stop in tunnels:
            low, high = round((start - knots[i]) * k), round((stop - knots[i]) * k)
            cut: list[tuple[int, int]] = []
            for a, b in stretches:
                if high <= a or low >= b:
                    cut.append((a, b))
                    continue
                cut += [(a, low)] if low > a else []
                cut += [(high, b)] if high < b else []
                depth = max(2, round(_TUNNEL * k))
                for m0, m1 in ((low - depth, low), (high, high + depth)):
                    if m0 >= a and m1 <= b:
                        mouths.append(Run(_box(points[i], heading, m0, m1, width), heading))
            stretches = cut
        runs += [Run(_box(points[i], heading, a, b, width), heading) for a, b in stretches if b > a]
        if i < last:
            x, y = points[i + 1]
            corners.append(Corner(pygame.Rect(x - half, y - half, width, width), heading,
                                  _heading(points[i + 1], points[i + 2])))  # fmt: skip
    return tuple(runs), tuple(corners), tuple(mouths)


def _opening(last: Run, width: int, rail: int) -> pygame.Rect:
    """The rail to be opened: half a belt before the end of the last run, which ends on the other belt's centre line."""
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


class LanePainter:
    """Paints lanes in one theme. corner: the pixel of the floor's upper left corner."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.crates = Crates(theme)
        self._strips: OrderedDict[tuple[object, ...], pygame.Surface] = OrderedDict()
        self._turns: OrderedDict[tuple[object, ...], pygame.Surface] = OrderedDict()

    def paint_lane(
        self, surface: pygame.Surface, lane: Lane, corner: tuple[int, int], level: Level, offset: int
    ) -> None:
        """Rails, lane and chevrons. offset: see `Lane.scrolled`."""
        for run in lane.runs:
            strip = self._strip(run, lane, level)
            spot = run.box.move(corner)
            if run.heading in "ew":
                begin = lane.period - offset if run.heading == "e" else offset
                surface.blit(strip, spot, (begin, 0, run.box.w, run.box.h))
            else:
                begin = lane.period - offset if run.heading == "s" else offset
                surface.blit(strip, spot, (0, begin, run.box.w, run.box.h))
        for turn in lane.corners:
            surface.blit(self._turn(turn, lane, level), turn.box.move(corner))
        for mouth in lane.mouths:
            surface.blit(self._mouth(mouth, lane), mouth.box.move(corner))

    def paint_opening(self, surface: pygame.Surface, lane: Lane, corner: tuple[int, int], level: Level) -> None:
        """Open the rail of the belt that this one joins."""
        if lane.opening:
            surface.fill(self.theme.belt[level], lane.opening.move(corner))

    def paint_crates(
        self,
        surface: pygame.Surface,
        lane: Lane,
        k: float,
        level: Level,
        spots: Sequence[tuple[int, int]],
        hues: bytes,
    ) -> None:
        """The crates of a belt at their pixels; see `Lane.spots`."""
        if hues:
            pictures = self.crates.on_belt(lane.side(k), level)
            count = len(pictures)
            surface.fblits([(pictures[hue % count], spot) for hue, spot in zip(hues, spots, strict=True)])

    def fade(self, surface: pygame.Surface, lane: Lane, corner: tuple[int, int]) -> None:
        """Let a belt and what lies on it sink into the floor: what it shows is old."""
        for box in lane.boxes:
            veil = opaque(box.size)
            veil.fill(self.theme.floor)
            veil.set_alpha(_FADED)
            surface.blit(veil, box.move(corner))

    def _strip(self, run: Run, lane: Lane, level: Level) -> pygame.Surface:
        """A run's lane with its rails, one period longer than the run."""
        across = run.heading in "ew"
        length = (run.box.w if across else run.box.h) + lane.period
        key = (run.heading, lane.width, lane.period, level, length)
        strip = self._strips.get(key)
        if strip is None:
            strip = self._draw_strip(run.heading, lane, level, length)
            self._strips[key] = strip
            if len(self._strips) > _MOST_STRIPS:
                self._strips.popitem(last=False)
        else:
            self._strips.move_to_end(key)
        return strip

    def _draw_strip(self, heading: Heading, lane: Lane, level: Level, length: int) -> pygame.Surface:
        theme, w, rail = self.theme, lane.width, lane.rail
        strip = opaque((length, w))
        strip.fill(theme.belt[level])
        if not lane.thin and w >= 8:
            self._chevrons(strip, lane, level, length)
        if rail:
            _rails(strip, pygame.Rect(0, 0, length, w), rail, theme, level)
        # drawn running east; mirrored or turned, but with the light from the upper left kept
        if heading == "w":
            strip = pygame.transform.flip(strip, True, False)
        elif heading in "ns":
            strip = pygame.transform.flip(pygame.transform.rotate(strip, 90), True, True) if heading == "s" else (
                pygame.transform.rotate(strip, 90))  # fmt: skip
            if heading == "s":
                strip = pygame.transform.flip(strip, True, False)
        return ready(strip)

    def _chevrons(self, strip: pygame.Surface, lane: Lane, level: Level, length: int) -> None:
        w, p = lane.width, lane.period
        reach, thick = w * 0.26, max(1, round(w * 0.14))
        for x in range(-p, length + p, p):
            tip, mid = x + p / 2 + reach, (w - 1) / 2
            upper, lower = (x + p / 2 - reach * 0.3, mid - w * 0.26), (x + p / 2 - reach * 0.3, mid + w * 0.26)
            for a, b in ((upper, (tip, mid)), ((tip, mid), lower)):
                pygame.draw.line(strip, self.theme.chevron[level], a, b, thick)
        if level >= 2:
            for x in range(-w, length + w, max(6, p // 3)):
                pygame.draw.line(strip, mix(self.theme.belt[level], self.theme.hatch[level], 0.45), (x, w), (x + w, 0),
                                 max(1, round(w * 0.06)))  # fmt: skip

    def _turn(self, turn: Corner, lane: Lane, level: Level) -> pygame.Surface:
        key = (turn.entering, turn.leaving, lane.width, level)
        found = self._turns.get(key)
        if found is None:
            found = self._turns[key] = _draw_turn(turn, lane, self.theme, level)
            if len(self._turns) > _MOST_STRIPS:
                self._turns.popitem(last=False)
        return found

    def _mouth(self, mouth: Run, lane: Lane) -> pygame.Surface:
        key = ("mouth", mouth.heading in "ew", mouth.box.size)
        found = self._turns.get(key)
        if found is None:
            found = opaque(mouth.box.size)
            found.fill(self.theme.contour.calm)
            pygame.draw.rect(found, self.theme.belt_edge.calm, found.get_rect(), max(1, lane.rail // 2))
            self._turns[key] = found
        return found


def _rails(strip: pygame.Surface, box: pygame.Rect, rail: int, theme: Theme, level: Level) -> None:
    """Both rails of a stretch that runs east: lit above, shaded below."""
    edge, shine, dark = theme.belt_edge[level], theme.rail_shine[level], mix(theme.belt[level], (0, 0, 0), 0.55)
    strip.fill(edge, (box.x, box.y, box.w, rail))
    strip.fill(edge, (box.x, box.bottom - rail, box.w, rail))
    if rail >= 2:
        strip.fill(shine, (box.x, box.y, box.w, 1))
        strip.fill(dark, (box.x, box.bottom - 1, box.w, 1))
        strip.fill(dark, (box.x, box.y + rail, box.w, max(1, rail // 3)))


def _draw_turn(turn: Corner, lane: Lane, theme: Theme, level: Level) -> pygame.Surface:
    """A corner of lane: round outside, four times oversampled."""
    w, rail, fine = lane.width, max(lane.rail, 0), 4
    big = clear((w * fine, w * fine))
    if rail:
        # the corner around which it turns: the end of the entering side that the leaving side touches
        sides = {turn.leaving, {"e": "w", "w": "e", "n": "s", "s": "n"}[turn.entering]}
        pivot = (w * fine if "e" in sides else 0, w * fine if "s" in sides else 0)
        outer = w * fine
        pygame.draw.circle(big, mix(theme.belt[level], (0, 0, 0), 0.35), pivot, outer)
        pygame.draw.circle(big, theme.belt_edge[level], pivot, outer - fine // 2)
        pygame.draw.circle(big, theme.belt[level], pivot, outer - rail * fine)
        pygame.draw.circle(big, theme.belt_edge[level], pivot, rail * fine)
    else:
        big.fill(theme.belt[level])
    small = pygame.transform.smoothscale(big, (w, w))
    return ready(small)
