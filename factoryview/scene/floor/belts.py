"""Belts as looks: those of which none lies over another are painted together; what moves restores itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import pygame

from factoryview.layout.plan import Belt
from factoryview.scene.floor.lane_painter import LanePainter, Piece
from factoryview.scene.floor.lanes import Lane
from factoryview.scene.theme import Level
from factoryview.scene.ui.look import Canvas, Look

_FEW = 0.1
"""Share of the strongest belt's cases."""


class BeltLook(NamedTuple):
    """One belt of a group at a moment."""

    level: Level
    stale: bool
    scrolled: int
    """Pixels by which its chevrons have moved on."""
    spots: tuple[tuple[int, int], ...]
    """Of each crate in sight its upper left pixel."""
    hues: bytes
    """Of each its channel."""
    hidden: int
    """Crates out of sight below other belts."""
    quiet: bool = False
    """The headline speaks of another machine than the one it leads to: its crates do not call."""


class LaidLane:
    """A lane where a camera sees it, with the pieces that it is painted of, kept from frame to frame."""

    def __init__(self, lane: Lane, corner: tuple[int, int], k: float, painter: LanePainter) -> None:
        """corner: the pixel of the floor's upper left corner. k: pixels per u."""
        self.lane, self._corner, self._k, self._painter = lane, corner, k, painter
        self._turns = [turn.box.move(corner) for turn in lane.corners]
        self._opening = lane.opening.move(corner) if lane.opening else None
        self._pieces: dict[tuple[Level, int], list[Piece]] = {}
        self._crates: tuple[BeltLook, list[tuple[pygame.Surface, tuple[int, int]]]] | None = None

    def turns(self) -> Sequence[pygame.Rect]:
        """Where its pictures do not cover the ground wholly."""
        return self._turns

    def pieces(self, now: BeltLook) -> Sequence[Piece]:
        """Rails, lane and chevrons."""
        pieces = self._pieces.get((now.level, now.scrolled))
        if pieces is None:
            pieces = self._painter.pieces(self.lane, self._corner, now.level, now.scrolled)
            self._pieces[now.level, now.scrolled] = pieces
        return pieces

    def open(self, surface: pygame.Surface, now: BeltLook) -> None:
        """Open the rail of the belt that this one joins."""
        if self._opening:
            surface.fill(self._painter.theme(self.lane).belt[now.level], self._opening)

    def crates(self, now: BeltLook) -> Sequence[tuple[pygame.Surface, tuple[int, int]]]:
        """The picture of each crate on it, and where that is painted."""
        last = self._crates
        if last is None or last[0].spots is not now.spots or last[0].level != now.level or last[0].quiet != now.quiet:
            pictures = self._painter.crates(self.lane, self._k, now.level, quiet=now.quiet)
            count = len(pictures)
            last = now, [(pictures[hue % count], spot) for hue, spot in zip(now.hues, now.spots, strict=True)]
            self._crates = last
        return last[1]

    def fade(self, surface: pygame.Surface) -> None:
        """Let it and what lies on it sink into the floor: what it shows is old."""
        self._painter.fade(surface, self.lane, self._corner)


class Part(NamedTuple):
    """Belts that share a lane."""

    belts: slice
    """Their places among all."""
    rect: pygame.Rect
    """Everything they cover."""


@dataclass(frozen=True)
class Belts(Look):
    """Belts of which none lies over another, unless it shares a lane with it. Lanes are opaque and crates lie inside
    them, so that a belt that moves can be painted over itself again and again.
    """

    belts: tuple[BeltLook, ...]
    """In painting order: those that join others first."""
    lanes: tuple[LaidLane, ...] = field(compare=False)
    corner: tuple[int, int]
    """The pixel of the floor's upper left corner."""
    k: float
    boxes: tuple[pygame.Rect, ...] = field(compare=False)
    parts: tuple[Part, ...] = field(compare=False)

    @property
    def renewing(self) -> bool:
        return True

    def places(self, rect: pygame.Rect) -> Sequence[pygame.Rect]:  # noqa: ARG002
        return self.boxes

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:  # noqa: ARG002
        clip, both = on.surface.get_clip(), list(zip(self.lanes, self.belts, strict=True))
        self._paint(on, [each for part in self.parts if part.rect.colliderect(clip) for each in both[part.belts]])

    def advance(self, on: Canvas, rect: pygame.Rect, before: Belts) -> Sequence[pygame.Rect] | None:
        if (self.corner, self.k) != (before.corner, before.k):
            return None
        on.surface.blits([(on.ground, box, box) for lane in self.lanes for box in lane.turns()], doreturn=False)
        self._paint(on, list(zip(self.lanes, self.belts, strict=True)))
        return self.places(rect)

    @staticmethod
    def _paint(on: Canvas, chosen: Sequence[tuple[LaidLane, BeltLook]]) -> None:
        """Lanes, then the openings of their rails, then crates: those of a belt that joins ride on the other's lane."""
        surface = on.surface
        surface.blits([piece for lane, now in chosen for piece in lane.pieces(now)], doreturn=False)
        for lane, now in chosen:
            lane.open(surface, now)
        surface.fblits([crate for lane, now in chosen for crate in lane.crates(now)])
        for lane, now in chosen:
            if now.stale:
                lane.fade(surface)


def layers_of(groups: Sequence[Sequence[int]], lanes: Sequence[Lane]) -> list[list[Sequence[int]]]:
    """Groups of belts, by their index, that can be painted together because none lies over another; the lowest first.

    groups: from the lowest to the highest.
    """
    found: list[tuple[list[Sequence[int]], list[pygame.Rect]]] = []
    for group in groups:
        own = [box for i in group for box in lanes[i].boxes]
        over = (n + 1 for n, (_, taken) in enumerate(found) if any(box.collidelist(taken) >= 0 for box in own))
        place = max(over, default=0)
        if place == len(found):
            found.append(([], []))
        found[place][0].append(group)
        found[place][1].extend(own)
    return [layer for layer, _ in found]


def groups_of(belts: Sequence[Belt]) -> list[list[int]]:
    """Belts that share a lane, to be painted together: in each group those that join others first. Groups with belts
    that dive come before those they dive under.
    """
    root = list(range(len(belts)))

    def of(i: int) -> int:
        while root[i] != i:
            i = root[i]
        return i

    for i, belt in enumerate(belts):
        if belt.join:
            root[of(i)] = of(belt.join.belt)
    found: dict[int, list[int]] = {}
    for i in range(len(belts)):
        found.setdefault(of(i), []).append(i)
    groups = [sorted(group, key=lambda i: (-_depth(belts, i), i)) for group in found.values()]
    return sorted(groups, key=lambda group: -sum(not c.over for i in group for c in belts[i].crossings))


def side_roads(belts: Sequence[Belt]) -> frozenset[int]:
    """Belts, by index, that few take: neither the way that most take out of where they begin nor that by which most
    come to where they lead, or less than `_FEW` of the strongest; what runs back is always one, a loop never.
    """
    out: dict[str, float] = {}
    into: dict[str, float] = {}
    for belt in belts:
        if belt.origin != belt.target and not belt.rework:
            out[belt.origin] = max(out.get(belt.origin, 0.0), belt.share)
            into[belt.target] = max(into.get(belt.target, 0.0), belt.share)
    few = _FEW * max(out.values(), default=0.0)
    return frozenset(
        i for i, belt in enumerate(belts)
        if belt.origin != belt.target
        and (belt.rework or belt.share < few or (belt.share < out[belt.origin] and belt.share < into[belt.target]))
    )  # fmt: skip


def _depth(belts: Sequence[Belt], i: int) -> int:
    """Over how many others a belt reaches its machine."""
    join = belts[i].join
    return 1 + _depth(belts, join.belt) if join else 0
