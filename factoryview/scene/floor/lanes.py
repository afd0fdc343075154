"""Belts with what rides on them, as parts of the picture: belts that join are one part, since crates cross over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pygame

from factoryview.flow.moment.standing import EDGE, OnBelt
from factoryview.layout.floorplan import BeltPath
from factoryview.scene.art.art import CRATE
from factoryview.scene.floor.belts import Placed, Strips
from factoryview.scene.theme import Level
from factoryview.scene.ui.look import Canvas, Look


class Crates(NamedTuple):
    """The crates seen on a belt: int32 arrays of their upper left pixels, int8 of their hues, as bytes."""

    left: bytes
    top: bytes
    hue: bytes


class LaneNow(NamedTuple):
    """How a belt looks now."""

    level: Level
    stale: bool
    phase: int
    """Pixels by which it has run, within a tile."""
    crates: Crates


class Lines:
    """The middle lines of all belts, for where crates lie: a table of their segments, one belt after the other.

    A belt of n tiles has n + 1 segments: from tile middle to tile middle, and half ones at both ends.
    """

    def __init__(self, ways: Sequence[Placed]) -> None:
        """All ways have the same pixels per tile."""
        self._ways = ways
        self._side = max(2, round(CRATE * ways[0].px)) if ways else 0
        sizes = [len(way.knots) - 1 for way in ways]
        self._begin = np.cumsum([0, *sizes[:-1]]) if ways else np.empty(0, int)
        self._most = np.array(sizes) - 1
        self._knot = np.concatenate([way.knots[:-1] for way in ways]) if ways else np.empty(0)
        self._at = np.concatenate([way.line[:, :-1] for way in ways], axis=1) if ways else np.empty((2, 0))
        self._slope = (
            np.concatenate([np.diff(way.line) / np.diff(way.knots) for way in ways], axis=1) if ways else self._at
        )

    def crates(self, belts: Sequence[OnBelt], corner: tuple[int, int]) -> list[Crates]:
        """Where the crates of every belt lie. corner: the pixel of the floor's upper left corner."""
        if not belts:
            return []
        counts = [len(belt.id) for belt in belts]
        along = np.concatenate([belt.position for belt in belts]) + EDGE
        segment = np.clip((along + 0.5).astype(int), 0, np.repeat(self._most, counts)) + np.repeat(self._begin, counts)
        middle = self._slope.take(segment, 1) * (along - self._knot.take(segment)) + self._at.take(segment, 1)
        shift = np.array([[corner[0] - self._side / 2], [corner[1] - self._side / 2]])
        left, top = np.rint(middle + shift).astype(np.int32)
        found, start = [], 0
        for belt, way, count in zip(belts, self._ways, counts, strict=True):
            part = left[start : start + count], top[start : start + count], belt.hue
            if way.hidden:
                here = along[start : start + count]
                seen = np.all([(here < begins) | (here > ends) for begins, ends in way.hidden], axis=0)
                part = part[0][seen], part[1][seen], part[2][seen]
            found.append(Crates(part[0].tobytes(), part[1].tobytes(), part[2].tobytes()))
            start += count
        return found


@dataclass(frozen=True)
class Lanes(Look):
    """A group of belts. Lanes are opaque and crates lie clear of the rails, so that a belt that moves can be painted
    over itself again and again.
    """

    belts: tuple[LaneNow, ...]
    ways: tuple[Placed, ...]
    corner: tuple[int, int]
    """The pixel of the floor's upper left corner."""
    boxes: tuple[pygame.Rect, ...] = field(compare=False)
    """Where its tiles are: it follows from `ways` and `corner`."""
    strips: Strips = field(compare=False)

    def places(self, rect: pygame.Rect) -> Sequence[pygame.Rect]:  # noqa: ARG002
        return self.boxes

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:  # noqa: ARG002
        for way, now in zip(self.ways, self.belts, strict=True):
            self.strips.paint_body(on.surface, way, self.corner, now.level)
        self._paint_moving(on)
        for way, now in zip(self.ways, self.belts, strict=True):
            if now.stale:
                self.strips.fade(on.surface, way, self.corner)

    def advance(self, on: Canvas, rect: pygame.Rect, before: Lanes) -> Sequence[pygame.Rect] | None:
        kept = self.ways == before.ways and self.corner == before.corner
        if not kept or any(now.stale for now in self.belts) or any(
            (now.level, now.stale) != (was.level, was.stale)
            for now, was in zip(self.belts, before.belts, strict=True)
        ):  # fmt: skip
            return None
        for way, now in zip(self.ways, self.belts, strict=True):
            for _, x, y in way.pieces:
                on.bare(pygame.Rect(self.corner[0] + x, self.corner[1] + y, way.px, way.px))
            self.strips.paint_pieces(on.surface, way, self.corner, now.level)
        self._paint_moving(on)
        return self.places(rect)

    def _paint_moving(self, on: Canvas) -> None:
        for way, now in zip(self.ways, self.belts, strict=True):
            self.strips.paint_lanes(on.surface, way, self.corner, now.level, now.phase)
        for way, now in zip(self.ways, self.belts, strict=True):
            _paint_crates(on, max(2, round(CRATE * way.px)), now.crates)


def _paint_crates(on: Canvas, side: int, crates: Crates) -> None:
    """Each in the hue of its channel."""
    if not crates.hue:
        return
    hues = np.frombuffer(crates.hue, np.int8).tolist()
    pictures = {hue: on.art.crate(side, on.art.theme.hue(hue)) for hue in set(hues)}
    left, top = (np.frombuffer(axis, np.int32).tolist() for axis in (crates.left, crates.top))
    on.surface.fblits(list(zip([pictures[hue] for hue in hues], zip(left, top, strict=True), strict=True)))


def groups_of(belts: Sequence[BeltPath], own: Sequence[int]) -> list[list[int]]:
    """Belts that share tiles, to be painted together; first those that dive beneath others."""
    found: list[list[int]] = []
    for i, belt in enumerate(belts):
        joined = [
            group for group in found
            if own[i] < len(belt.tiles) and any(belts[k].target == belt.target and belt.tiles[own[i]] in belts[k].tiles
                                                for k in group)
        ]  # fmt: skip
        found = [group for group in found if group not in joined]
        found.append([*(k for group in joined for k in group), i])
    return sorted(found, key=lambda group: -sum(len(belts[k].underpasses) for k in group))
