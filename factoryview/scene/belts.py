"""Belts as strips: every straight run is one opaque picture of belt and chevrons, blitted at its scroll offset.

Rails stand still; between them the lane scrolls. Crates lie on top of the lane, clear of the rails, so that a lane
can be painted again and again without touching anything beside it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pygame
from numpy.typing import NDArray

from factoryview.flow.standing import OnBelt
from factoryview.layout.floorplan import BeltPath, Rect
from factoryview.scene.art import CRATE, Art, BeltKind, Heading, belt_lane, turn
from factoryview.scene.camera import Camera
from factoryview.scene.picture import BeltNow
from factoryview.scene.theme import Level

EDGE = 0.25
"""Tiles between the middle of the first crate and the machine it waits for."""
_STEPS: dict[tuple[int, int], Heading] = {(1, 0): "e", (-1, 0): "w", (0, 1): "s", (0, -1): "n"}
_MOST_STRIPS = 600


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


def track(belt: BeltPath, shown: int, target: Rect) -> Track:
    """Cut the first `shown` tiles of a belt; target: the machine it leads to."""
    tiles = belt.tiles[:shown]
    ahead = list(_headings(belt, target))[:shown]
    entering = [ahead[0], *ahead[:-1]]
    singles: dict[int, BeltKind] = {}
    for i, (before, after) in enumerate(zip(entering, ahead, strict=True)):
        kind = turn(before, after)
        if kind != "straight":
            singles[i] = kind
        elif i + 1 in belt.underpasses:
            singles[i] = "under_in"
        elif i - 1 in belt.underpasses:
            singles[i] = "under_out"
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
    knots = np.array([0.0, *(k + 0.5 for k in range(len(tiles))), float(len(tiles))])
    line = np.array([_edge(tiles[0], entering[0], -0.5), *((x + 0.5, y + 0.5) for x, y in tiles),
                     _edge(tiles[-1], ahead[-1], 0.5)]).T  # fmt: skip
    hidden = tuple((i - 0.1, i + 1.1) for i in belt.underpasses if i < shown)
    boxes = tuple(run.box for run in runs) + tuple(Rect(p.x, p.y, 1, 1) for p in pieces)
    return Track(tuple(runs), tuple(pieces), knots, line, hidden, boxes)


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


class Strips:
    """Paints tracks with one art at any zoom."""

    def __init__(self, art: Art) -> None:
        self.art = art
        self._strips: OrderedDict[tuple[object, ...], pygame.Surface] = OrderedDict()

    def paint_body(self, surface: pygame.Surface, track: Track, camera: Camera, level: Level) -> None:
        """Rails and lanes of the whole belt; the ground must be clean beneath."""
        px = round(camera.tile)
        hatch = level == 2
        for run in track.runs:
            straight = self.art.belt_piece("straight", px, level, hatch, run.heading)
            box = run.box
            for x in range(box.x, box.right):
                for y in range(box.y, box.bottom):
                    surface.blit(straight, camera.point(x, y))
        for piece in track.pieces:
            picture = self.art.belt_piece(piece.kind, px, level, hatch, piece.heading)
            surface.blit(picture, camera.point(piece.x, piece.y))

    def paint_lanes(
        self, surface: pygame.Surface, ground: pygame.Surface, track: Track, camera: Camera, now: BeltNow
    ) -> None:
        """The moving part: every run at its scroll offset, and the pieces between."""
        px = round(camera.tile)
        level: Level = now.level  # type: ignore[assignment]
        offset = int(now.phase * px) % px
        for run in track.runs:
            strip, lane = self._strip(run, px, level)
            left, top = camera.point(run.box.x, run.box.y)
            along = px - offset if run.heading in "es" else offset
            if run.heading in "ew":
                surface.blit(strip, (left, top + lane), (along, 0, run.box.w * px, strip.get_height()))
            else:
                surface.blit(strip, (left + lane, top), (0, along, strip.get_width(), run.box.h * px))
        for piece in track.pieces:
            picture = self.art.belt_piece(piece.kind, px, level, level == 2, piece.heading)
            spot = camera.point(piece.x, piece.y)
            surface.blit(ground, spot, (*spot, px, px))
            surface.blit(picture, spot)

    def paint_crates(
        self,
        surface: pygame.Surface,
        track: Track,
        camera: Camera,
        crates: OnBelt,
        hues: tuple[tuple[int, int, int], ...],
    ) -> None:
        """The crates of a belt, each at its place on the middle line."""
        if not len(crates.id):
            return
        side = max(2, round(CRATE * round(camera.tile)))
        along = crates.position + EDGE
        x, y = track.points(along)
        left = np.rint((x - camera.x) * camera.tile + camera.view.x + camera.view.w / 2 - side / 2).astype(int)
        top = np.rint((y - camera.y) * camera.tile + camera.view.y + camera.view.h / 2 - side / 2).astype(int)
        seen = np.ones(len(along), dtype=bool)
        for start, end in track.hidden:
            seen &= (along < start) | (along > end)
        pictures = [self.art.crate(side, hue) for hue in hues]
        surface.fblits(
            [
                (pictures[hue], (px, py))
                for hue, px, py, shown in zip(
                    (crates.hue % len(hues)).tolist(), left.tolist(), top.tolist(), seen.tolist(), strict=True
                )
                if shown
            ]
        )

    def _strip(self, run: Run, px: int, level: Level) -> tuple[pygame.Surface, int]:
        """A run's lane one tile longer than the run, and how far it lies inside the tile."""
        length = max(run.box.w, run.box.h) + 1
        lane, rows = belt_lane(px)
        key = (run.heading, px, level, length)
        strip = self._strips.get(key)
        if strip is None:
            across = run.heading in "ew"
            strip = pygame.Surface((length * px, rows) if across else (rows, length * px))
            piece = self.art.belt_piece("straight", px, level, level == 2, run.heading)
            arrow = self.art.chevron(px, run.heading, level)
            for i in range(length):
                spot = (i * px, -lane) if across else (-lane, i * px)
                strip.blit(piece, spot)
                strip.blit(arrow, spot)
            self._strips[key] = strip
            if len(self._strips) > _MOST_STRIPS:
                self._strips.popitem(last=False)
        else:
            self._strips.move_to_end(key)
        return strip, lane
