"""Belts as strips: every straight run is one opaque picture of belt and chevrons, blitted at its scroll offset.

Rails stand still; between them the lane scrolls. Crates lie on top of the lane, clear of the rails, so that a lane
can be painted again and again without touching anything beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pygame
from numpy.typing import NDArray

from factoryview.layout.floorplan import BeltPath, Rect
from factoryview.scene.art.art import Art, BeltKind, Heading, belt_lane, turn
from factoryview.scene.art.raster import opaque
from factoryview.scene.theme import Level

_STEPS: dict[tuple[int, int], Heading] = {(1, 0): "e", (-1, 0): "w", (0, 1): "s", (0, -1): "n"}
_FADED = 165
"""Opacity, of 255, of the floor over a belt whose source is late."""
_BEFORE = 0.25
"""Tiles before an underpass at which a crate is gone, so that none of it lies on the belt above."""


@dataclass(frozen=True)
class Run:
    """Straight tiles in a row, all of one heading."""

    box: Rect
    heading: Heading


@dataclass(frozen=True)
class Piece:
    """A tile that does not scroll: a turn, or the mouth of an underpass."""

    x: int
    y: int
    kind: BeltKind
    heading: Heading


@dataclass(frozen=True)
class Track:
    """A belt's way over the floor, cut into runs and single pieces; and the middle line its crates follow."""

    runs: tuple[Run, ...]
    pieces: tuple[Piece, ...]
    knots: NDArray[np.float64]
    line: NDArray[np.float64]
    """2 × knots: the floor points at those distances from the belt's beginning."""
    hidden: tuple[tuple[float, float], ...]
    """Stretches that run beneath another belt."""
    boxes: tuple[Rect, ...]
    """Everything it covers."""

    def points(self, along: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Floor points, in tiles, at distances from the beginning."""
        return np.interp(along, self.knots, self.line[0]), np.interp(along, self.knots, self.line[1])


def track(belt: BeltPath, own: int, target: Rect, joints: Mapping[tuple[int, int], Heading]) -> Track:
    """Cut a belt into what is painted (its first `own` tiles) and the line its crates follow (all of it).

    target: the machine it leads to. joints: tiles at which other belts join it, with the way these come.
    """
    every = list(_headings(belt, target))
    tiles, ahead = belt.tiles[:own], every[:own]
    entering = [every[0], *every[:-1]][:own]
    singles: dict[int, BeltKind] = {}
    for i, (before, after) in enumerate(zip(entering, ahead, strict=True)):
        kind = turn(before, after)
        side = joints.get(tiles[i])
        if kind != "straight":
            singles[i] = kind
        elif i + 1 in belt.underpasses:
            singles[i] = "under_in"
        elif i - 1 in belt.underpasses:
            singles[i] = "under_out"
        elif side is not None and side != after:
            singles[i] = "tee_right" if turn(side, after) == "right" else "tee_left"
    runs: list[Run] = []
    pieces: list[Piece] = []
    i = 0
    while i < len(tiles):
        if i in belt.underpasses:
            i += 1
        elif i in singles:
            pieces.append(Piece(*tiles[i], singles[i], entering[i]))
            i += 1
        else:
            end = i
            while end + 1 < len(tiles) and end + 1 not in belt.underpasses and end + 1 not in singles:
                end += 1
            (x0, y0), (x1, y1) = tiles[i], tiles[end]
            runs.append(Run(Rect(min(x0, x1), min(y0, y1), abs(x1 - x0) + 1, abs(y1 - y0) + 1), ahead[i]))
            i = end + 1
    middles = [(x + 0.5, y + 0.5) for x, y in belt.tiles]
    knots = np.array([0.0, *(k + 0.5 for k in range(len(middles))), float(len(middles))])
    line = np.array([_edge(belt.tiles[0], every[0], -0.5), *middles, _edge(belt.tiles[-1], every[-1], 0.5)]).T
    hidden = tuple((i - _BEFORE, i + 1 + _BEFORE) for i in belt.underpasses)
    boxes = tuple(run.box for run in runs) + tuple(Rect(p.x, p.y, 1, 1) for p in pieces)
    return Track(tuple(runs), tuple(pieces), knots, line, hidden, boxes)


def joints_of(belts: Sequence[BeltPath], own: Sequence[int]) -> list[dict[tuple[int, int], Heading]]:
    """Of each belt, the tiles at which others join it, with the way these come."""
    found: list[dict[tuple[int, int], Heading]] = [{} for _ in belts]
    for belt, count in zip(belts, own, strict=True):
        if count < len(belt.tiles):
            (x0, y0), (x1, y1) = belt.tiles[count - 1], belt.tiles[count]
            for k, other in enumerate(belts):
                if other.target == belt.target and (x1, y1) in other.tiles[: own[k]]:
                    found[k][x1, y1] = _STEPS[x1 - x0, y1 - y0]
    return found


def _headings(belt: BeltPath, target: Rect) -> Iterator[Heading]:
    """The way cases leave each tile."""
    for (x0, y0), (x1, y1) in zip(belt.tiles, belt.tiles[1:], strict=False):
        yield _STEPS[(x1 - x0, y1 - y0)]
    x, y = belt.tiles[-1]
    inside = [
        heading
        for (dx, dy), heading in _STEPS.items()
        if target.x <= x + dx < target.right and target.y <= y + dy < target.bottom
    ]
    yield inside[0] if inside else "e"


def _edge(tile: tuple[int, int], heading: Heading, ahead: float) -> tuple[float, float]:
    dx, dy = next(step for step, name in _STEPS.items() if name == heading)
    return tile[0] + 0.5 + dx * ahead, tile[1] + 0.5 + dy * ahead


@dataclass(frozen=True, eq=False)
class Placed:
    """A track at so many pixels per tile, in pixels from the floor's upper left corner."""

    px: int
    boxes: tuple[pygame.Rect, ...]
    runs: tuple[tuple[Run, int, int], ...]
    """Each run with its upper left pixel."""
    pieces: tuple[tuple[Piece, int, int], ...]
    knots: NDArray[np.float64]
    line: NDArray[np.float64]
    """2 × knots: the middle line."""
    hidden: tuple[tuple[float, float], ...]

    @classmethod
    def of(cls, track: Track, px: int) -> Placed:
        return cls(
            px,
            tuple(pygame.Rect(box.x * px, box.y * px, box.w * px, box.h * px) for box in track.boxes),
            tuple((run, run.box.x * px, run.box.y * px) for run in track.runs),
            tuple((piece, piece.x * px, piece.y * px) for piece in track.pieces),
            track.knots,
            track.line * px,
            track.hidden,
        )


_Laid = tuple[pygame.Surface, int, int, int, int, Heading]
"""A strip; left, top, width and height of its lane, from the floor's corner; the way it runs."""


class Strips:
    """Paints placed tracks with one art. corner: the pixel of the floor's upper left corner."""

    def __init__(self, art: Art) -> None:
        self.art = art
        self._px = 0
        """Pixels per tile of all that is kept: as many strips as kinds of runs, never those of two sizes."""
        self._strips: dict[tuple[Heading, Level, int], pygame.Surface] = {}
        self._ways: dict[tuple[Placed, Level], list[_Laid]] = {}

    def paint_body(self, surface: pygame.Surface, way: Placed, corner: tuple[int, int], level: Level) -> None:
        """Rails and lanes of the whole belt; the ground must be clean beneath."""
        px, hatch = way.px, level == 2
        for run, x, y in way.runs:
            straight = self.art.belt_piece("straight", px, level, hatch, run.heading)
            left, top = corner[0] + x, corner[1] + y
            tiles = [(left + k * px, top + n * px) for k in range(run.box.w) for n in range(run.box.h)]
            surface.fblits([(straight, tile) for tile in tiles])
        self.paint_pieces(surface, way, corner, level)

    def paint_lanes(
        self, surface: pygame.Surface, way: Placed, corner: tuple[int, int], level: Level, phase: int
    ) -> None:
        """The moving part: every run at its scroll offset. phase: pixels by which the belt has run, within a tile."""
        x, y = corner
        for strip, left, top, width, height, heading in self._laid(way, level):
            along = way.px - phase if heading in "es" else phase
            area = (along, 0, width, height) if heading in "ew" else (0, along, width, height)
            surface.blit(strip, (x + left, y + top), area)

    def paint_pieces(self, surface: pygame.Surface, way: Placed, corner: tuple[int, int], level: Level) -> None:
        """What does not scroll: turns and the mouths of underpasses."""
        for piece, x, y in way.pieces:
            picture = self.art.belt_piece(piece.kind, way.px, level, level == 2, piece.heading)
            surface.blit(picture, (corner[0] + x, corner[1] + y))

    def fade(self, surface: pygame.Surface, way: Placed, corner: tuple[int, int]) -> None:
        """Let a belt and what lies on it sink into the floor: what it shows is old."""
        veil = opaque((way.px, way.px))
        veil.fill(self.art.theme.floor)
        veil.set_alpha(_FADED)
        for box in way.boxes:
            for x in range(box.x, box.right, way.px):
                for y in range(box.y, box.bottom, way.px):
                    surface.blit(veil, (x + corner[0], y + corner[1]))

    def _laid(self, way: Placed, level: Level) -> list[_Laid]:
        """The strips of a belt, each with the place of its lane."""
        if self._px != way.px:
            self._px = way.px
            self._strips.clear()
            self._ways.clear()
        key = (way, level)
        if key not in self._ways:
            lane, rows = belt_lane(way.px)
            self._ways[key] = [
                (self._strip(run, way.px, level), x, y + lane, run.box.w * way.px, rows, run.heading)
                if run.heading in "ew"
                else (self._strip(run, way.px, level), x + lane, y, rows, run.box.h * way.px, run.heading)
                for run, x, y in way.runs
            ]
        return self._ways[key]

    def _strip(self, run: Run, px: int, level: Level) -> pygame.Surface:
        """A run's lane one tile longer than the run."""
        length = max(run.box.w, run.box.h) + 1
        key = (run.heading, level, length)
        if key not in self._strips:
            lane, rows = belt_lane(px)
            across = run.heading in "ew"
            self._strips[key] = strip = opaque((length * px, rows) if across else (rows, length * px))
            piece = self.art.belt_piece("straight", px, level, level == 2, run.heading)
            arrow = self.art.chevron(px, run.heading, level)
            for i in range(length):
                spot = (i * px, -lane) if across else (-lane, i * px)
                strip.blit(piece, spot)
                strip.blit(arrow, spot)
        return self._strips[key]
