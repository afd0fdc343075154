"""The plant from farther away: machines as plain blocks with their count, belts as bands whose width is their flow.

Two coarser levels of detail. From the middle distance names and counts stay, queues become solid bars; from afar only
counts in big digits and ribbons in the colour of their state remain.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pygame

from factoryview.flow.moment.standing import SPACING
from factoryview.scene.art.art import Art
from factoryview.scene.floor.belts import Track
from factoryview.scene.floor.camera import Camera
from factoryview.scene.picture import Facts, MachineNow
from factoryview.scene.text import broken, put
from factoryview.scene.theme import Level, mix
from factoryview.scene.ui.look import Canvas, Look
from factoryview.scene.ui.node import Action, Node


@dataclass(frozen=True)
class BlockScale:
    """How large words are, in pixels: of a name, and the least of anything."""

    name: int
    smallest: int

    @classmethod
    def of(cls, facts: Facts, camera: Camera, smallest: int) -> BlockScale:
        return cls(_name_size(facts, camera, smallest), smallest)


def block_node(i: int, facts: Facts, now: MachineNow, camera: Camera, scale: BlockScale, *, far: bool) -> Node:
    """A machine as a block. far: without its name."""
    stage = facts.stages[i]
    place = facts.plan.machines[stage.name]
    level: Level = 0 if now.stale else now.level  # type: ignore[assignment]
    name, box = f"stage/{stage.name}", camera.rect(place.box)
    count = f"{name}/count"
    parts: tuple[Node, ...]
    if far:
        box = box.inflate(box.w, box.h // 2)
        parts = (Node(count, box, Disc(now.wip, level, scale.smallest), "text", now.wip),)
    else:
        plate = camera.rect(place.plate).union(camera.rect(place.badge))
        look = Name(stage.label, level, scale.name, scale.smallest)
        parts = (
            Node(count, box, Block(now.wip, level, scale.smallest), "text", now.wip),
            Node(f"{name}/name", plate, look, "text", stage.label),
        )
    rect = parts[0].rect.unionall([part.rect for part in parts])
    return Node(name, rect, None, "machine", stage.label, Action("select", (name,)), parts)


def gate_node(source: str, facts: Facts, camera: Camera, scale: BlockScale, *, far: bool) -> Node:
    """A source as a block."""
    label, hue = facts.sources[source]
    look = Gate("" if far else label, hue, scale.smallest, far)
    return Node(f"source/{source}", camera.rect(facts.plan.sources[source]), look, "source", label)


@dataclass(frozen=True)
class Disc(Look):
    """From afar: the count in a circle, wider for more than two digits."""

    text: str
    level: Level
    smallest: int

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        shape = _outlined(rect)
        shape.w = min(shape.w, round(shape.h * max(1.0, 0.36 * len(self.text) + 0.4)))
        shape.center = rect.center
        _block(on, rect, shape, shape.h // 2, self.text, self.level, self.smallest)


@dataclass(frozen=True)
class Block(Look):
    """From the middle distance: the count in a box that stands on clean floor."""

    text: str
    level: Level
    smallest: int

    @property
    def opaque(self) -> bool:
        return True

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        on.bare(rect)
        shape = _outlined(rect)
        _block(on, rect, shape, max(2, shape.h // 8), self.text, self.level, self.smallest)


@dataclass(frozen=True)
class Name(Look):
    """A machine's name, on clean floor."""

    label: str
    level: Level
    size: int
    smallest: int

    @property
    def opaque(self) -> bool:
        return True

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        on.bare(rect)
        theme = on.art.theme
        colour = theme.signal_text[self.level] if self.level else theme.text
        put(on.surface, self.label, rect, colour, largest=self.size, smallest=self.smallest)


def _outlined(box: pygame.Rect) -> pygame.Rect:
    line = max(1, round(box.h / 24))
    return box.inflate(-line, -line)


def _block(
    on: Canvas, box: pygame.Rect, shape: pygame.Rect, radius: int, text: str, level: Level, smallest: int
) -> None:
    theme, line = on.art.theme, max(1, round(box.h / 24))
    pygame.draw.rect(on.surface, theme.signal[level] if level else theme.body.calm, shape, border_radius=radius)
    pygame.draw.rect(on.surface, theme.rim_light[level], shape, line, border_radius=radius)
    colour = theme.on_signal[level] if level else theme.headline
    inner = shape.inflate(-round(shape.h * 0.16), -round(shape.h * 0.2))
    put(on.surface, text, inner, colour, largest=round(shape.h * 0.62), smallest=smallest, weight="Bold")


def _name_size(facts: Facts, camera: Camera, smallest: int) -> int:
    """The size in which all names are written: as large as the longest allows."""
    places = [facts.plan.machines[stage.name] for stage in facts.stages]
    boxes = [camera.rect(place.plate).union(camera.rect(place.badge)).size for place in places]
    largest = round(2.2 * camera.tile)
    found = [broken(stage.label, box, largest, smallest) for stage, box in zip(facts.stages, boxes, strict=True)]
    return min((size[0] for size in found if size), default=smallest)


@dataclass(frozen=True)
class Gate(Look):
    """A source; from afar without its name, on whatever bands end there."""

    label: str
    hue: int
    smallest: int
    far: bool

    @property
    def opaque(self) -> bool:
        return not self.far

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        if not self.far:
            on.bare(rect)
        theme, surface, radius = on.art.theme, on.surface, max(2, rect.h // 6)
        pygame.draw.rect(surface, theme.panel, rect, border_radius=radius)
        pygame.draw.rect(surface, theme.hue(self.hue), rect, max(1, rect.h // 16), border_radius=radius)
        inner = rect.inflate(-rect.w // 8, -rect.h // 4)
        if not self.label or not put(surface, self.label, inner, theme.text, largest=rect.h, smallest=self.smallest):
            pygame.draw.rect(surface, theme.hue(self.hue), inner, border_radius=max(2, rect.h // 8))


@dataclass(frozen=True)
class Bands(Look):
    """All belts as bands: they may touch each other."""

    bands: tuple[tuple[Level, float, int], ...]
    """Of each belt its level, its flow as a share of the strongest's, and how many crates stand on it."""
    camera: Camera
    tracks: tuple[Track, ...] = field(compare=False)
    """The same as long as the camera looks at the same floor."""

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:  # noqa: ARG002
        for (level, share, standing), track in zip(self.bands, self.tracks, strict=True):
            paint_band(on.surface, track, self.camera, on.art, level, share, standing)


def paint_band(
    surface: pygame.Surface, track: Track, camera: Camera, art: Art, level: Level, share: float, standing: int
) -> None:
    """A belt as a band. share: its flow as a share of the strongest belt's; it decides the width.

    The standing queue is a solid bar at the end, in the colour of crates.
    """
    theme = art.theme
    tile = camera.tile
    width = max(2, round(tile * (0.25 + 0.6 * share)))
    colour = theme.signal[level] if level else mix(theme.belt.calm, theme.rail_shine.calm, 0.35)
    visible = [camera.point(x, y) for x, y in zip(*track.line, strict=True)]
    _polyline(surface, visible, colour, width)
    if standing > 1:
        end = float(track.knots[-1])
        start = max(0.0, end - SPACING * standing)
        knots = [start, *(k for k in track.knots.tolist() if start < k < end), end]
        xs, ys = track.points(np.array(knots))
        bar = [camera.point(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)]
        _polyline(surface, bar, theme.outline if level else theme.rail_shine.calm, max(2, round(width * 0.45)))


def _polyline(surface: pygame.Surface, points: list[tuple[int, int]], colour: tuple[int, int, int], width: int) -> None:
    """Axis-parallel legs as rectangles, so that corners are square and closed."""
    half = width // 2
    for (x0, y0), (x1, y1) in pairwise(points):
        left, top = min(x0, x1) - half, min(y0, y1) - half
        surface.fill(colour, (left, top, abs(x1 - x0) + width, abs(y1 - y0) + width))
