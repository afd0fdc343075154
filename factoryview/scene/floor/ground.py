"""What lies beneath everything and never moves: floor, zones, shadows, chutes."""

from __future__ import annotations

from dataclasses import dataclass, field

import pygame

from factoryview.layout.floorplan import Floorplan, Rect
from factoryview.scene.art.art import Art, Heading
from factoryview.scene.floor.camera import Camera
from factoryview.scene.picture import Facts
from factoryview.scene.text import fit, leave_out, render, stamp
from factoryview.scene.ui.look import Canvas, Look

_CLOSE = 12
"""Pixels per tile from which shadows, chutes and fine lines are drawn."""
_NAME_ROWS = 2
"""Rows of tiles at the foot of a zone that belong to its name."""


@dataclass(frozen=True)
class Ground(Look):
    """Floor, zones with their names, shadows and chutes. `facts` are those of one floor; only words may differ."""

    camera: Camera
    smallest: int
    """Size in pixels below which a zone's name is left out."""
    names: tuple[tuple[str, str], ...]
    facts: Facts = field(compare=False)

    @classmethod
    def of(cls, facts: Facts, camera: Camera, smallest: int) -> Ground:
        return cls(camera, smallest, tuple(facts.zones.items()), facts)

    @property
    def opaque(self) -> bool:
        return True

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        surface, art, camera, plan = on.surface, on.art, self.camera, self.facts.plan
        theme, view = art.theme, pygame.Rect(self.camera.view)
        surface.fill(theme.panel, rect)
        surface.set_clip(view)
        surface.fill(theme.floor, view)
        radius = max(2, round(camera.tile * 0.35))
        for index, zone in enumerate(plan.zones.values()):
            pygame.draw.rect(surface, theme.zones[index % len(theme.zones)], camera.rect(zone), border_radius=radius)
        _grid(surface, plan, camera, art)
        for index, (name, zone) in enumerate(plan.zones.items()):
            edge = theme.zone_edges[index % len(theme.zone_edges)]
            line = max(1, round(camera.tile / 20))
            pygame.draw.rect(surface, edge, camera.rect(zone), line, border_radius=radius)
            colour = theme.zone_names[index % len(theme.zone_names)]
            _zone_name(surface, self.facts.zones.get(name, name), zone, camera, colour, self.smallest)
        if camera.tile >= _CLOSE:
            _things(surface, plan, camera, art)
        surface.set_clip(None)


def _things(surface: pygame.Surface, plan: Floorplan, camera: Camera, art: Art) -> None:
    """Shadows of the machines, and chutes to their bins."""
    px, reach = max(1, round(camera.tile)), max(2, round(camera.tile * 0.5))
    for place in plan.machines.values():
        box = camera.rect(place.box)
        if box.inflate(2 * reach, 2 * reach).colliderect(surface.get_clip()):
            surface.blit(art.shadow(box.size, reach), (box.x - reach, box.y - reach))
        for x, y, heading in _headings(place.chute, place.box):
            surface.blit(art.chute(px, heading), camera.point(x, y))


def _grid(surface: pygame.Surface, plan: Floorplan, camera: Camera, art: Art) -> None:
    """Fine lines every two tiles inside the zones, when near enough to carry meaning."""
    if camera.tile < _CLOSE:
        return
    for zone in plan.zones.values():
        box = camera.rect(zone).inflate(-2, -2)
        for x in range(zone.x + 2, zone.right, 2):
            left = camera.point(x, 0)[0]
            pygame.draw.line(surface, art.theme.floor_line, (left, box.top), (left, box.bottom - 1))
        for y in range(zone.y + 2, zone.bottom, 2):
            top = camera.point(0, y)[1]
            pygame.draw.line(surface, art.theme.floor_line, (box.left, top), (box.right - 1, top))


def _zone_name(
    surface: pygame.Surface, name: str, zone: Rect, camera: Camera, colour: tuple[int, int, int], smallest: int
) -> None:
    box = camera.rect(Rect(zone.x, zone.bottom - _NAME_ROWS, zone.w, _NAME_ROWS)).inflate(-camera.tile, 0)
    spaced = " ".join(name.upper())
    for text in (spaced, name.upper()):
        size = fit(text, box.size, round(camera.tile * 1.5), smallest, "Bold")
        if size:
            line = render(text, size, colour, "Bold")
            stamp(surface, line, (box.x, box.centery - line.get_height() // 2))
            return
    leave_out(name, box)


def _headings(tiles: tuple[tuple[int, int], ...], start: Rect) -> list[tuple[int, int, Heading]]:
    """Each tile of a chute with the way things slide there."""
    found: list[tuple[int, int, Heading]] = []
    for i, (x, y) in enumerate(tiles):
        if i + 1 < len(tiles):
            dx, dy = tiles[i + 1][0] - x, tiles[i + 1][1] - y
        elif i:
            dx, dy = x - tiles[i - 1][0], y - tiles[i - 1][1]
        else:
            dx = 1 if x >= start.right else -1 if x < start.x else 0
            dy = 0 if dx else 1 if y >= start.bottom else -1
        found.append((x, y, "e" if dx > 0 else "w" if dx < 0 else "s" if dy > 0 else "n"))
    return found
