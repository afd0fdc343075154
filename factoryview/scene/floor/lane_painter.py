"""How belts are painted: rails, lanes and chevrons as strips and corners that are kept, and what is old as sunk.

A belt stands still but for its lane: every straight run is one opaque strip of lane and chevrons, blitted at its scroll
offset between rails that were painted once. Crates are opaque, so that painting lane and crates again restores itself.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace

import pygame

from factoryview.scene.art.crates import MOVING, Crates, quiet
from factoryview.scene.art.raster import clear, opaque, ready
from factoryview.scene.colour import mix
from factoryview.scene.floor.lanes import Corner, Heading, Lane, Mouth, Run
from factoryview.scene.theme import ByLevel, Level, Theme

_SUNK = 0.45
"""How far a side road sinks into the floor."""
_SHADE = 0.75
"""How much darker a lane is at the edge of a belt that passes over it."""
_MOST_STRIPS = 400
_FADED = 165
"""Opacity, of 255, of the floor over a belt whose source is late."""

Piece = tuple[pygame.Surface, pygame.Rect, tuple[int, int, int, int]]
"""A picture, where it is painted, and which part of it."""


class LanePainter:
    """Paints lanes in one theme. corner: the pixel of the floor's upper left corner."""

    def __init__(self, theme: Theme) -> None:
        self._themes = theme, _faint(theme)
        self._crates = tuple((Crates(each), Crates(quiet(each, MOVING))) for each in self._themes)
        self._strips: OrderedDict[tuple[object, ...], pygame.Surface] = OrderedDict()
        self._turns: OrderedDict[tuple[object, ...], pygame.Surface] = OrderedDict()

    def pieces(self, lane: Lane, corner: tuple[int, int], level: Level, offset: int) -> list[Piece]:
        """Rails, lane and chevrons. offset: see `Lane.scrolled`."""
        found: list[Piece] = []
        for run in lane.runs:
            begin = lane.period - offset if run.heading in "es" else offset
            area = (begin, 0, *run.box.size) if run.heading in "ew" else (0, begin, *run.box.size)
            found.append((self._strip(run, lane, level), run.box.move(corner), area))
        for turn in lane.corners:
            found.append((self._turn(turn, lane, level), turn.box.move(corner), (0, 0, *turn.box.size)))
        for mouth in lane.mouths:
            found.append((self._mouth(mouth, lane, level), mouth.box.move(corner), (0, 0, *mouth.box.size)))
        return found

    def crates(self, lane: Lane, k: float, level: Level, *, quiet: bool = False) -> list[pygame.Surface]:
        """The picture of a crate of each channel. quiet: of those that do not call."""
        return self._crates[lane.side_road][quiet].on_belt(lane.side(k), level)

    def fade(self, surface: pygame.Surface, lane: Lane, corner: tuple[int, int]) -> None:
        """Let a belt and what lies on it sink into the floor: what it shows is old."""
        for box in lane.boxes:
            key = ("veil", box.size)
            veil = self._turns.get(key)
            if veil is None:
                veil = self._turns[key] = opaque(box.size)
                veil.fill(self.theme(lane).floor)
                veil.set_alpha(_FADED)
            surface.blit(veil, box.move(corner))

    def theme(self, lane: Lane) -> Theme:
        """The colours of a lane."""
        return self._themes[lane.side_road]

    def _strip(self, run: Run, lane: Lane, level: Level) -> pygame.Surface:
        """A run's lane with its rails, one period longer than the run."""
        across = run.heading in "ew"
        length = (run.box.w if across else run.box.h) + lane.period
        key = (run.heading, lane.width, lane.period, lane.side_road, level, length)
        strip = self._strips.get(key)
        if strip is None:
            strip = self._draw_strip(run.heading, lane, level, length)
            self._strips[key] = strip
            if len(self._strips) > _MOST_STRIPS:
                self._strips.popitem(last=False)
        else:
            self._strips.move_to_end(key)
        return strip

    def _draw_strip(self, heading: Heading, lane: Lane, level: Level, length: int) -> pygame.Surface:
        theme, w, rail = self.theme(lane), lane.width, lane.rail
        strip = opaque((length, w))
        strip.fill(theme.belt[level])
        if not lane.thin and w >= 8:
            self._chevrons(strip, lane, level, length)
        if rail:
            _rails(strip, pygame.Rect(0, 0, length, w), rail, theme, level)
        return ready(_turned(strip, heading))

    def _chevrons(self, strip: pygame.Surface, lane: Lane, level: Level, length: int) -> None:
        theme, w, p = self.theme(lane), lane.width, lane.period
        reach, thick = w * 0.26, max(1, round(w * 0.14))
        for x in range(-p, length + p, p):
            tip, mid = x + p / 2 + reach, (w - 1) / 2
            upper, lower = (x + p / 2 - reach * 0.3, mid - w * 0.26), (x + p / 2 - reach * 0.3, mid + w * 0.26)
            for a, b in ((upper, (tip, mid)), ((tip, mid), lower)):
                pygame.draw.line(strip, theme.chevron[level], a, b, thick)
        if level >= 2:
            for x in range(-w, length + w, max(6, p // 3)):
                pygame.draw.line(strip, mix(theme.belt[level], theme.hatch[level], 0.45), (x, w), (x + w, 0),
                                 max(1, round(w * 0.06)))  # fmt: skip

    def _turn(self, turn: Corner, lane: Lane, level: Level) -> pygame.Surface:
        key = (turn.entering, turn.leaving, lane.width, lane.side_road, level)
        found = self._turns.get(key)
        if found is None:
            found = self._turns[key] = _draw_turn(turn, lane, self.theme(lane), level)
            if len(self._turns) > _MOST_STRIPS:
                self._turns.popitem(last=False)
        return found

    def _mouth(self, mouth: Mouth, lane: Lane, level: Level) -> pygame.Surface:
        key = ("mouth", mouth.heading, mouth.diving, mouth.box.size, lane.side_road, level)
        found = self._turns.get(key)
        if found is None:
            theme = self.theme(lane)
            length = mouth.box.w if mouth.heading in "ew" else mouth.box.h
            strip = opaque((length, lane.width))
            strip.fill(theme.belt[level])
            if lane.rail:
                _rails(strip, strip.get_rect(), lane.rail, theme, level)
            for x in range(length):
                near = (x + 1) / length if mouth.diving else (length - x) / length
                light = round(255 * (1 - _SHADE * near))
                strip.fill((light, light, light), (x, 0, 1, lane.width), pygame.BLEND_RGB_MULT)
            found = self._turns[key] = ready(_turned(strip, mouth.heading))
        return found


def _faint(theme: Theme) -> Theme:
    """The theme of side roads: what flows calmly there sinks halfway into the floor; a jam is a jam."""

    def sunk(colours: ByLevel) -> ByLevel:
        return colours._replace(calm=mix(colours.calm, theme.floor, _SUNK))

    return replace(theme, belt=sunk(theme.belt), chevron=sunk(theme.chevron), belt_edge=sunk(theme.belt_edge),
                   rail_shine=sunk(theme.rail_shine))  # fmt: skip


def _turned(strip: pygame.Surface, heading: Heading) -> pygame.Surface:
    """A strip drawn running east, mirrored or turned, but with the light from the upper left kept."""
    if heading == "w":
        return pygame.transform.flip(strip, True, False)
    if heading == "n":
        return pygame.transform.rotate(strip, 90)
    return pygame.transform.flip(pygame.transform.rotate(strip, 90), False, True) if heading == "s" else strip


def _rails(strip: pygame.Surface, box: pygame.Rect, rail: int, theme: Theme, level: Level) -> None:
    """Both rails of a stretch that runs east: lit above, shaded below."""
    edge, shine, dark = theme.belt_edge[level], theme.rail_shine[level], mix(theme.belt[level], (0, 0, 0), 0.55)
    strip.fill(edge, (box.x, box.y, box.w, rail))
    strip.fill(edge, (box.x, box.bottom - rail, box.w, rail))
    if rail >= 2:
        strip.fill(shine, (box.x, box.y, box.w, 1))
        strip.fill(dark, (box.x, box.bottom - 1, box.w, 1))
        strip.fill(dark, (box.x, box.y + rail, box.w, max(1, rail // 3)))


def _draw_turn(turn: Corner, lane: Lane, theme: Theme, level: Level) -> pygame.Surface:
    """A corner of lane: round outside, four times oversampled."""
    w, rail, fine = lane.width, max(lane.rail, 0), 4
    big = clear((w * fine, w * fine))
    if rail:
        # the corner around which it turns: the end of the entering side that the leaving side touches
        sides = {turn.leaving, {"e": "w", "w": "e", "n": "s", "s": "n"}[turn.entering]}
        pivot = (w * fine if "e" in sides else 0, w * fine if "s" in sides else 0)
        outer = w * fine
        pygame.draw.circle(big, mix(theme.belt[level], (0, 0, 0), 0.35), pivot, outer)
        pygame.draw.circle(big, theme.belt_edge[level], pivot, outer - fine // 2)
        pygame.draw.circle(big, theme.belt[level], pivot, outer - rail * fine)
        pygame.draw.circle(big, theme.belt_edge[level], pivot, rail * fine)
    else:
        big.fill(theme.belt[level])
    small = pygame.transform.smoothscale(big, (w, w))
    return ready(small)
