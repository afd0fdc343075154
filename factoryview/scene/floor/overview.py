"""The plant from farther away: machines as plain blocks with their count, belts as bands whose width is their flow.

Two coarser levels of detail. From the middle distance names and counts stay, queues become solid bars; from afar only
counts in big digits and ribbons in the colour of their state remain.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import pairwise

import numpy as np
import pygame

from factoryview.flow.moment.standing import SPACING, OnBelt
from factoryview.scene.art.art import Art
from factoryview.scene.floor.belts import Track
from factoryview.scene.floor.camera import Camera
from factoryview.scene.items import Item
from factoryview.scene.picture import Facts, Moment
from factoryview.scene.text import broken, put
from factoryview.scene.theme import Level, mix


def block_items(facts: Facts, moment: Moment, camera: Camera, art: Art, smallest: int, *, far: bool) -> Iterator[Item]:
    """Machines and sources as blocks. far: without names."""
    size = _name_size(facts, camera, smallest)
    for i, (stage, now) in enumerate(zip(facts.stages, moment.machines, strict=True)):
        place = facts.plan.machines[stage.name]
        level: Level = 0 if now.stale else now.level  # type: ignore[assignment]
        box = camera.rect(place.box)
        if far:
            box = box.inflate(box.w, box.h // 2)
        yield Item(
            f"block {i}",
            box,
            (level, now.wip),
            partial(_block, box=box, text=now.wip, level=level, art=art, smallest=smallest, round_=far),
        )
        if not far:
            plate = camera.rect(place.plate).union(camera.rect(place.badge))
            yield Item(
                f"name {i}",
                plate,
                level,
                partial(_name, box=plate, label=stage.label, level=level, art=art, size=size, smallest=smallest),
            )
    for name, (label, hue) in facts.sources.items():
        box = camera.rect(facts.plan.sources[name])
        yield Item(
            f"gate {name}",
            box,
            None,
            partial(_gate, box=box, label="" if far else label, hue=hue, art=art, smallest=smallest),
        )


def _block(
    surface: pygame.Surface, box: pygame.Rect, text: str, level: Level, art: Art, smallest: int, round_: bool
) -> None:
    theme = art.theme
    line = max(1, round(box.h / 24))
    shape = box.inflate(-line, -line)
    if round_:
        # A circle, or wider for more than two digits.
        shape.w = min(shape.w, round(shape.h * max(1.0, 0.36 * len(text) + 0.4)))
        shape.center = box.center
    radius = shape.h // 2 if round_ else max(2, shape.h // 8)
    pygame.draw.rect(surface, theme.signal[level] if level else theme.body.calm, shape, border_radius=radius)
    pygame.draw.rect(surface, theme.rim_light[level], shape, line, border_radius=radius)
    colour = theme.on_signal[level] if level else theme.headline
    inner = shape.inflate(-round(shape.h * 0.16), -round(shape.h * 0.2))
    put(surface, text, inner, colour, largest=round(shape.h * 0.62), smallest=smallest, weight="Bold")


def _name(
    surface: pygame.Surface, box: pygame.Rect, label: str, level: Level, art: Art, size: int, smallest: int
) -> None:
    colour = art.theme.signal_text[level] if level else art.theme.text
    put(surface, label, box, colour, largest=size, smallest=smallest)


def _name_size(facts: Facts, camera: Camera, smallest: int) -> int:
    """The size in which all names are written: as large as the longest allows."""
    places = [facts.plan.machines[stage.name] for stage in facts.stages]
    boxes = [camera.rect(place.plate).union(camera.rect(place.badge)).size for place in places]
    largest = round(2.2 * camera.tile)
    found = [broken(stage.label, box, largest, smallest) for stage, box in zip(facts.stages, boxes, strict=True)]
    return min((size[0] for size in found if size), default=smallest)


def _gate(surface: pygame.Surface, box: pygame.Rect, label: str, hue: int, art: Art, smallest: int) -> None:
    theme = art.theme
    pygame.draw.rect(surface, theme.panel, box, border_radius=max(2, box.h // 6))
    pygame.draw.rect(surface, theme.hue(hue), box, max(1, box.h // 16), border_radius=max(2, box.h // 6))
    inner = box.inflate(-box.w // 8, -box.h // 4)
    if not label or not put(surface, label, inner, theme.text, largest=box.h, smallest=smallest):
        pygame.draw.rect(surface, theme.hue(hue), inner, border_radius=max(2, box.h // 8))


def paint_band(
    surface: pygame.Surface, track: Track, camera: Camera, art: Art, level: Level, share: float, crates: OnBelt
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
    if crates.standing > 1:
        end = float(track.knots[-1])
        start = max(0.0, end - SPACING * crates.standing)
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
