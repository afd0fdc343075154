"""Puts the picture on a surface. With a still camera only what changed is painted again.

Every part of the picture owns its pixels (the floor's verifier sees to that), so a part whose key is the same as in
the frame before can stay. `paint` and `paint_anew` give the same pixels; a test holds them to it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import replace

import pygame

from factoryview.scene.art import Art
from factoryview.scene.belts import Strips, Track, track
from factoryview.scene.camera import Camera
from factoryview.scene.furniture import Screen, furniture_items, paint_frame
from factoryview.scene.ground import paint_ground
from factoryview.scene.items import Item
from factoryview.scene.machines import machine_items
from factoryview.scene.picture import Facts, Moment
from factoryview.scene.theme import Level, Theme


class Painter:
    """Paints one plant in one theme."""

    def __init__(self, facts: Facts, theme: Theme, *, smallest_text: float = 0.011, low_motion: bool = False) -> None:
        """smallest_text: size below which text is left out, as a share of the screen's height.

        low_motion: chevrons stand still; only crates move.
        """
        self.facts = facts
        self.art = Art(theme)
        self.smallest_text = smallest_text
        self.low_motion = low_motion
        self._strips = Strips(self.art)
        plan = facts.plan
        self._tracks: tuple[Track, ...] = tuple(
            track(belt, fact.shown, plan.machines[belt.target].box)
            for belt, fact in zip(plan.belts, facts.belts, strict=True)
        )
        self._order = sorted(range(len(self._tracks)), key=lambda i: -len(plan.belts[i].underpasses))
        self._ground: pygame.Surface | None = None
        self._view: tuple[Camera, Screen] | None = None
        self._keys: dict[str, Hashable] = {}

    def paint(self, surface: pygame.Surface, moment: Moment, camera: Camera) -> list[pygame.Rect]:
        """Bring the surface up to date; the rectangles that changed."""
        screen = Screen(*surface.get_size())
        if self._view != (camera, screen) or self._ground is None:
            self._ground = self._new_ground(surface, camera, screen)
            self._view = (camera, screen)
            self._keys.clear()
            surface.blit(self._ground, (0, 0))
        ground = self._ground
        view = pygame.Rect(camera.view)
        changed: list[pygame.Rect] = []
        surface.set_clip(view)
        for item in self._floor_items(moment, camera, screen):
            if self._keys.get(item.name) != item.key and item.rect.colliderect(view):
                self._keys[item.name] = item.key
                surface.set_clip(item.rect.clip(view))
                surface.blit(ground, item.rect, item.rect)
                item.paint(surface)
                changed.append(item.rect.clip(view))
        surface.set_clip(view)
        changed += self._paint_belts(surface, ground, moment, camera, view)
        surface.set_clip(None)
        for item in furniture_items(self.facts, moment, screen, self.art):
            if self._keys.get(item.name) != item.key:
                self._keys[item.name] = item.key
                surface.set_clip(item.rect)
                surface.blit(ground, item.rect, item.rect)
                item.paint(surface)
                changed.append(item.rect)
        surface.set_clip(None)
        return changed

    def paint_anew(self, surface: pygame.Surface, moment: Moment, camera: Camera) -> None:
        """Paint everything, whatever was there before."""
        self._view = None
        self.paint(surface, moment, camera)

    def _new_ground(self, surface: pygame.Surface, camera: Camera, screen: Screen) -> pygame.Surface:
        ground = pygame.Surface(surface.get_size()).convert(surface)
        paint_ground(ground, self.facts, camera, self.art)
        paint_frame(ground, screen, self.art)
        return ground

    def _floor_items(self, moment: Moment, camera: Camera, screen: Screen) -> Iterator[Item]:
        smallest = max(6, round(self.smallest_text * screen.height))
        yield from machine_items(self.facts, moment, camera, self.art, smallest)

    def _paint_belts(
        self, surface: pygame.Surface, ground: pygame.Surface, moment: Moment, camera: Camera, view: pygame.Rect
    ) -> list[pygame.Rect]:
        px = round(camera.tile)
        hues = self.art.theme.hues
        changed: list[pygame.Rect] = []
        for i in self._order:
            way, now, crates = self._tracks[i], moment.belts[i], moment.standing.belts[i]
            if self.low_motion:
                now = replace(now, phase=0.0)
            boxes = [box for box in map(camera.rect, way.boxes) if box.colliderect(view)]
            if not boxes:
                continue
            level: Level = now.level  # type: ignore[assignment]
            name = f"belt {i}"
            if self._keys.get(name) != level:
                self._keys[name] = level
                for box in boxes:
                    surface.blit(ground, box, box)
                self._strips.paint_body(surface, way, camera, level)
            look = (level, int(now.phase * px) % px, crates.hue.tobytes(),
                    (crates.position * px * 2).astype("i4").tobytes())  # fmt: skip
            if self._keys.get(f"lane {i}") != look:
                self._keys[f"lane {i}"] = look
                self._strips.paint_lanes(surface, ground, way, camera, now)
                self._strips.paint_crates(surface, way, camera, crates, hues)
                changed += boxes
        return changed
