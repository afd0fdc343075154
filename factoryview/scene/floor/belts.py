"""Belts as looks: groups that share a lane, painted together; a group that moves restores itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pygame

from factoryview.flow.moment.lining import OnBelt
from factoryview.layout.plan import Belt
from factoryview.scene.floor.lanes import Lane, LanePainter
from factoryview.scene.theme import Level
from factoryview.scene.ui.look import Canvas, Look


@dataclass(frozen=True)
class BeltLook:
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


@dataclass(frozen=True)
class Belts(Look):
    """A group of belts. Lanes are opaque and crates lie inside them, so that a belt that moves can be painted over
    itself again and again.
    """

    belts: tuple[BeltLook, ...]
    """In painting order: those that join others first."""
    lanes: tuple[Lane, ...] = field(compare=False)
    corner: tuple[int, int]
    """The pixel of the floor's upper left corner."""
    k: float
    boxes: tuple[pygame.Rect, ...] = field(compare=False)
    painter: LanePainter = field(compare=False)

    @property
    def renewing(self) -> bool:
        return True

    def places(self, rect: pygame.Rect) -> Sequence[pygame.Rect]:  # noqa: ARG002
        return self.boxes

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:  # noqa: ARG002
        self._paint(on)
        for lane, now in zip(self.lanes, self.belts, strict=True):
            if now.stale:
                self.painter.fade(on.surface, lane, self.corner)

    def advance(self, on: Canvas, rect: pygame.Rect, before: Belts) -> Sequence[pygame.Rect] | None:
        if (self.corner, self.k) != (before.corner, before.k) or any(now.stale for now in self.belts):
            return None
        if [belt.level for belt in self.belts] != [belt.level for belt in before.belts]:
            return None
        for lane in self.lanes:
            for turn in lane.corners:
                on.bare(turn.box.move(self.corner))
        self._paint(on)
        return self.places(rect)

    def _paint(self, on: Canvas) -> None:
        """Lanes, then the openings of their rails, then crates: those of a belt that joins ride on the other's lane."""
        surface, corner, painter = on.surface, self.corner, self.painter
        for lane, now in zip(self.lanes, self.belts, strict=True):
            painter.paint_lane(surface, lane, corner, now.level, now.scrolled)
        for lane, now in zip(self.lanes, self.belts, strict=True):
            painter.paint_opening(surface, lane, corner, now.level)
        for lane, now in zip(self.lanes, self.belts, strict=True):
            painter.paint_crates(surface, lane, self.k, now.level, now.spots, now.hues)


def belt_look(
    lane: Lane,
    crates: OnBelt,
    corner: tuple[int, int],
    k: float,
    level: Level,
    phase: float,
    *,
    stale: bool,
    before: BeltLook | None = None,
) -> BeltLook:
    """What a belt looks like. phase: how far it has run, in u. before: a look in which the crates stand so already."""
    if before is not None:
        return replace(before, level=level, stale=stale, scrolled=lane.scrolled(phase))
    spots, hues = lane.spots(crates, corner, k)
    return BeltLook(level, stale, lane.scrolled(phase), spots, hues, len(crates.id) - len(hues))


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
    """Belts, by index, that are neither the way that most take out of where they begin nor that by which most come to
    where they lead; what runs back is always one, a loop never.
    """
    out: dict[str, float] = {}
    into: dict[str, float] = {}
    for belt in belts:
        if belt.origin != belt.target and not belt.rework:
            out[belt.origin] = max(out.get(belt.origin, 0.0), belt.share)
            into[belt.target] = max(into.get(belt.target, 0.0), belt.share)
    return frozenset(
        i for i, belt in enumerate(belts)
        if belt.origin != belt.target
        and (belt.rework or (belt.share < out[belt.origin] and belt.share < into[belt.target]))
    )  # fmt: skip


def _depth(belts: Sequence[Belt], i: int) -> int:
    """Over how many others a belt reaches its machine."""
    join = belts[i].join
    return 1 + _depth(belts, join.belt) if join else 0
