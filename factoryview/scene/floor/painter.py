"""Puts the picture on a surface. With a still camera only what changed is painted again.

Every part of the picture owns its pixels (the floor's verifier sees to that), so a part whose key is the same as in
the frame before can stay. `paint` and `paint_anew` give the same pixels; a test holds them to it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from math import ceil
from typing import Literal

import pygame

from factoryview.layout.floorplan import BeltPath
from factoryview.scene.art.art import Art
from factoryview.scene.chrome.furniture import Screen, furniture_items, paint_frame
from factoryview.scene.floor.belts import Placed, Strips, Track, joints_of, track
from factoryview.scene.floor.camera import Camera
from factoryview.scene.floor.ground import paint_ground
from factoryview.scene.floor.machines import machine_items
from factoryview.scene.floor.overview import block_items, paint_band
from factoryview.scene.items import Item
from factoryview.scene.picture import BeltNow, Facts, Moment
from factoryview.scene.theme import Level, Theme

Detail = Literal["near", "middle", "far"]

SMALLEST_TEXT = 0.011
"""Text of the floor below this share of the screen's height is left out."""
NEAR, MIDDLE = (11.0, 12.0), (5.0, 6.0)
"""Pixels per tile between which one level of detail fades into the next: never where a camera comes to rest."""


def details(tile: float) -> tuple[tuple[Detail, float], ...]:
    """The levels of detail to see at that many pixels per tile, coarsest first, each with its opacity.

    >>> details(20.0), details(11.5)
    ((('near', 1.0),), (('middle', 1.0), ('near', 0.5)))
    """
    steps: tuple[tuple[tuple[float, float], Detail, Detail], ...] = (
        (NEAR, "middle", "near"),
        (MIDDLE, "far", "middle"),
    )
    for (low, high), coarse, fine in steps:
        if tile >= high:
            return ((fine, 1.0),)
        if tile > low:
            return ((coarse, 1.0), (fine, (tile - low) / (high - low)))
    return (("far", 1.0),)


class Painter:
    """Paints one plant in one theme."""

    def __init__(
        self, facts: Facts, theme: Theme, *, smallest_text: float = SMALLEST_TEXT, low_motion: bool = False
    ) -> None:
        """smallest_text: size below which text is left out, as a share of the screen's height.

        low_motion: chevrons stand still; only crates move.
        """
        self.facts = facts
        self.art = Art(theme)
        self.smallest_text = smallest_text
        self.low_motion = low_motion
        self._strips = Strips(self.art)
        plan = facts.plan
        own = [fact.own for fact in facts.belts]
        self._tracks: tuple[Track, ...] = tuple(
            track(belt, count, plan.machines[belt.target].box, joints)
            for belt, count, joints in zip(plan.belts, own, joints_of(plan.belts, own), strict=True)
        )
        self._groups = _groups(plan.belts, own)
        self._placed: tuple[Placed, ...] = ()
        self._floors: dict[Detail, _Canvas] = {}
        self._frame: _Canvas | None = None

    def renew(self, facts: Facts) -> None:
        """Other facts of the same floor: the log has grown."""
        assert facts.plan is self.facts.plan, "another floor needs another painter"
        self.facts = facts

    def paint(self, surface: pygame.Surface, moment: Moment, camera: Camera) -> list[pygame.Rect]:
        """Bring the surface up to date; the rectangles that changed."""
        screen = Screen(*surface.get_size())
        if self._frame is None or self._frame.view != (camera, screen) or camera.tile % 1:
            # Between whole pixels per tile, while zooming, parts overlap: nothing of the frame before can stay.
            self._begin(surface, camera, screen)
        assert self._frame is not None
        view = pygame.Rect(camera.view)
        shown = details(camera.tile)
        smallest = self._smallest(screen)
        changed: list[pygame.Rect] = []
        for detail, _ in shown:
            changed += self._paint_floor(self._floors[detail], detail, moment, camera, view, smallest)
        if len(shown) > 1:
            (coarse, _), (fine, opacity) = shown
            surface.blit(self._floors[coarse].surface, view, view)
            over = self._floors[fine].surface
            over.set_alpha(round(255 * opacity))
            surface.blit(over, view, view)
            changed = [view]
        around = list(furniture_items(self.facts, moment, screen, self.art))
        changed += self._frame.wipe_others(around)
        return changed + self._frame.paint(around, surface.get_rect())

    def paint_anew(self, surface: pygame.Surface, moment: Moment, camera: Camera) -> None:
        """Paint everything, whatever was there before."""
        self._frame = None
        self.paint(surface, moment, camera)

    def _smallest(self, screen: Screen) -> int:
        """The size in pixels below which text on the floor is left out."""
        return max(6, ceil(self.smallest_text * screen.height))

    def _begin(self, surface: pygame.Surface, camera: Camera, screen: Screen) -> None:
        """Lay clean ground for a new camera or screen."""
        ground = self._frame.ground if self._frame and self._frame.ground.get_size() == surface.get_size() else None
        ground = ground or pygame.Surface(surface.get_size()).convert(surface)
        paint_ground(ground, self.facts, camera, self.art, self._smallest(screen))
        paint_frame(ground, screen, self.art)
        surface.blit(ground, (0, 0))
        self._frame = _Canvas(surface, ground, (camera, screen))
        px = round(camera.tile)
        if not self._placed or self._placed[0].px != px:
            self._placed = tuple(Placed.of(way, px) for way in self._tracks)
        shown = details(camera.tile)
        self._floors = {
            detail: _Canvas(surface if len(shown) == 1 else ground.copy(), ground, (camera, screen))
            for detail, _ in shown
        }

    def _paint_floor(
        self, canvas: _Canvas, detail: Detail, moment: Moment, camera: Camera, view: pygame.Rect, smallest: int
    ) -> list[pygame.Rect]:
        """Belts first where they are bands (blocks stand on them), machines first where belts own their pixels."""
        if detail == "near":
            strict = self.smallest_text > SMALLEST_TEXT
            items = machine_items(self.facts, moment, camera, self.art, smallest, canvas.is_new, strict=strict)
            return canvas.paint(items, view) + self._paint_belts(canvas, moment, camera.offset, view)
        changed = self._paint_bands(canvas, moment, camera, view)
        if changed:
            canvas.forget()
        blocks = block_items(self.facts, moment, camera, self.art, smallest, far=detail == "far")
        return changed + canvas.paint(blocks, view, clean=detail == "middle")

    def _paint_belts(
        self, canvas: _Canvas, moment: Moment, corner: tuple[int, int], view: pygame.Rect
    ) -> list[pygame.Rect]:
        surface, ground = canvas.surface, canvas.ground
        changed: list[pygame.Rect] = []
        surface.set_clip(view)
        for group in self._groups:
            fresh = False
            for i in group:
                way, now, crates = self._placed[i], self._belt_now(i, moment), moment.standing.belts[i]
                position = (crates.position * (2 * way.px)).astype("i4").tobytes()
                phase = int(now.phase * way.px) % way.px
                fresh |= canvas.is_new(f"lane {i}", (phase, now.stale, crates.hue.tobytes(), position))
            for i in group:
                way, now = self._placed[i], self._belt_now(i, moment)
                level: Level = now.level  # type: ignore[assignment]
                if canvas.is_new(f"belt {i}", (level, now.stale)) or (fresh and now.stale):
                    for box in way.boxes:
                        spot = box.move(corner)
                        surface.blit(ground, spot, spot)
                    self._strips.paint_body(surface, way, corner, level)
                    fresh = True
            if fresh:
                for i in group:
                    self._strips.paint_lanes(surface, ground, self._placed[i], corner, self._belt_now(i, moment))
                for i in group:
                    self._strips.paint_crates(surface, self._placed[i], corner, moment.standing.belts[i])
                    changed += [spot for box in self._placed[i].boxes if (spot := box.move(corner)).colliderect(view)]
                for i in group:
                    if moment.belts[i].stale:
                        self._strips.fade(surface, self._placed[i], corner)
        surface.set_clip(None)
        return changed

    def _belt_now(self, i: int, moment: Moment) -> BeltNow:
        return replace(moment.belts[i], phase=0.0) if self.low_motion else moment.belts[i]

    def _paint_bands(self, canvas: _Canvas, moment: Moment, camera: Camera, view: pygame.Rect) -> list[pygame.Rect]:
        """All belts as bands, or none if none changed: bands may touch each other."""
        look = (
            tuple(
                (belt.level, crates.standing) for belt, crates in zip(moment.belts, moment.standing.belts, strict=True)
            ),
            tuple(len(machine.wip) for machine in moment.machines),
        )
        if not canvas.is_new("bands", look):
            return []
        canvas.surface.set_clip(view)
        canvas.surface.blit(canvas.ground, view, view)
        strongest = max((fact.share for fact in self.facts.belts), default=0.0) or 1.0
        for i in range(len(self._tracks)):
            level: Level = moment.belts[i].level  # type: ignore[assignment]
            share = self.facts.belts[i].share / strongest
            paint_band(canvas.surface, self._tracks[i], camera, self.art, level, share, moment.standing.belts[i])
        canvas.surface.set_clip(None)
        return [view]


def _groups(belts: Sequence[BeltPath], own: Sequence[int]) -> list[list[int]]:
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


class _Canvas:
    """A surface, the clean ground beneath, and what was last painted where."""

    def __init__(self, surface: pygame.Surface, ground: pygame.Surface, view: tuple[Camera, Screen]) -> None:
        self.surface, self.ground, self.view = surface, ground, view
        self._keys: dict[str, Hashable] = {}
        self._places: dict[str, pygame.Rect] = {}

    def wipe_others(self, items: Iterable[Item]) -> list[pygame.Rect]:
        """Lay clean ground over what was there when this was last called and is no more; these are all there are."""
        places = {item.name: item.rect for item in items}
        gone = [self._places[name] for name in self._places.keys() - places.keys()]
        for name in self._places.keys() - places.keys():
            self._keys.pop(name, None)
        for box in gone:
            self.surface.blit(self.ground, box, box)
        self._places = places
        return gone

    def is_new(self, name: str, key: Hashable) -> bool:
        """Whether a part looks different from when this was last asked."""
        if self._keys.get(name, self) == key:
            return False
        self._keys[name] = key
        return True

    def forget(self) -> None:
        """Everything but what has just been painted will be painted again."""
        self._keys = {"bands": self._keys.get("bands")}

    def paint(self, items: Iterable[Item], view: pygame.Rect, *, clean: bool = True) -> list[pygame.Rect]:
        """Paint the items that look different. clean: put clean ground beneath them first."""
        changed: list[pygame.Rect] = []
        for item in items:
            seen = item.rect.clip(view)
            if seen and self.is_new(item.name, (item.key, tuple(seen))):
                self.surface.set_clip(seen)
                if clean:
                    self.surface.blit(self.ground, seen, seen)
                item.paint(self.surface)
                changed.append(seen)
        self.surface.set_clip(None)
        return changed
