"""What lies at the edges of the floor: the alarms one below the other, and the whole plant in small."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import atan2, cos, degrees, radians, sin

import pygame

from factoryview.layout.plan import Plan
from factoryview.scene.colour import Colour
from factoryview.scene.floor.camera import Camera
from factoryview.scene.text import cut, render, stamp
from factoryview.scene.theme import Dress, Theme
from factoryview.scene.ui.look import Canvas, Look
from factoryview.scene.ui.node import Action, Node

_ROW, _WIDE, _MAP = 62, 520, 250
"""Height of an alarm, width of the tray and of the plant in small, in u."""
_GAP = 12
_ARROW = 64
"""u of the arrow towards what lies beyond the edge."""
_CAPITALS_MIDDLE = 0.54
_ACROSS, _DOWN = (0.0, 1.0, *(part / 8 for part in range(1, 8))), (1.0, 0.0)
"""Where the plant in small may lie, at the foot and at the top, in shares of the room that it leaves free."""


@dataclass(frozen=True)
class AlarmRow:
    """An alarm as it is written."""

    stage: str
    title: str
    detail: str
    loud: bool
    action: Action


def tray_node(rows: Sequence[AlarmRow], title: str, inside: pygame.Rect, left: int, u: float) -> Node:
    """The alarms, the worst at the top, at the foot of the floor. left: pixels that are taken at its left."""
    gap, high = round(_GAP * u), max(1, round(_ROW * u))
    x = inside.x + gap + left
    wide = max(1, min(round(_WIDE * u), inside.right - gap - x))
    shown = rows[: max(1, (inside.h - 2 * gap) // high)]
    box = pygame.Rect(x, inside.bottom - gap - high * len(shown), wide, high * len(shown))
    parts = []
    for k, row in enumerate(shown):
        rect, look = pygame.Rect(box.x, box.y + k * high, wide, high), TrayLook(row.title, row.detail, row.loud, u)
        parts.append(Node(f"tray/{k}", rect, look, "alarm", f"{row.title} · {row.detail}", row.action))
    return Node("tray", box, None, "list", title, None, tuple(parts))


@dataclass(frozen=True)
class TrayLook(Look):
    """One alarm: what it is, and since when or what is done about it."""

    title: str
    detail: str
    loud: bool
    u: float

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, pad = on.art.theme, round(16 * self.u)
        on.surface.fill(theme.panel, rect)
        on.surface.fill(theme.panel_edge, (rect.x, rect.bottom - 1, rect.w, 1))
        stripe = pygame.Rect(rect.x, rect.y, max(2, round(6 * self.u)), rect.h)
        on.surface.fill(theme.signal.red if self.loud else theme.brick, stripe)
        inner = rect.inflate(-2 * pad, 0)
        half = rect.h // 2
        for words, size, ink, y in ((self.title, 26, theme.headline, 0), (self.detail, 24, theme.text_muted, half)):
            em = max(4, round(size * self.u))
            line = render(cut(words, inner.w, em), em, ink)
            stamp(on.surface, line, (inner.x, rect.y + y + round(half / 2 - _CAPITALS_MIDDLE * line.get_height())))


def arrow_node(to: tuple[int, int], inside: pygame.Rect, words: str, u: float) -> Node:
    """An arrow at the edge of the floor towards what lies beyond it. to: its pixel; words: what lies there."""
    size = max(8, round(_ARROW * u))
    room = inside.inflate(-size, -size)
    dx, dy = to[0] - inside.centerx, to[1] - inside.centery
    reach = [half / abs(off) for half, off in ((room.w / 2, dx), (room.h / 2, dy)) if off]
    share = min([1.0, *reach])
    box = pygame.Rect(0, 0, size, size)
    box.center = round(inside.centerx + share * dx), round(inside.centery + share * dy)
    box.clamp_ip(inside)
    return Node("tray/arrow", box, Arrow(round(degrees(atan2(dy, dx)))), "image", words)


@dataclass(frozen=True)
class Arrow(Look):
    """A head that points somewhere."""

    degrees: int
    """From right, down is positive."""

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        turn, reach = radians(self.degrees), min(rect.w, rect.h) / 2 - 2
        tip, *wings = (
            (rect.centerx + far * reach * cos(turn + off), rect.centery + far * reach * sin(turn + off))
            for off, far in ((0.0, 1.0), (2.4, 0.95), (3.1416, 0.35), (-2.4, 0.95))
        )
        pygame.draw.polygon(on.surface, on.art.theme.headline, (tip, *wings))
        pygame.draw.aalines(on.surface, on.art.theme.panel, True, (tip, *wings))


def map_node(plan: Plan, dresses: Mapping[str, Dress], camera: Camera, title: str, u: float) -> Node:
    """The whole plant in small, with what the camera sees; a press shows all of it. dresses: of machines.

    It lies in the lower left, or where it covers less of machines and signs of sources.
    """
    wide = round(_MAP * u)
    high = max(1, round(wide * plan.height / max(1, plan.width)))
    box = _place((wide, high), plan, camera, u)
    k = wide / max(1, plan.width)
    blocks = tuple(
        (
            (round(b.hall.x * k), round(b.hall.y * k), max(2, round(b.hall.w * k)), max(2, round(b.hall.h * k))),
            dresses.get(name, "depot"),
        )
        for name, b in plan.blocks.items()
    )
    x0, y0 = camera.floor_at(camera.view.topleft)
    x1, y1 = camera.floor_at(camera.view.bottomright)
    seen = (round(x0 * k), round(y0 * k), round((x1 - x0) * k), round((y1 - y0) * k))
    return Node("map", box, SmallPlant(blocks, seen, u), "button", title, Action("whole"))


def _place(size: tuple[int, int], plan: Plan, camera: Camera, u: float) -> pygame.Rect:
    """Where the plant in small lies: the first of the places that cover as little."""
    inner = camera.view.inflate(-2 * round(_GAP * u), -2 * round(_GAP * u))
    free_x, free_y = inner.w - size[0], inner.h - size[1]
    things = [*(part for block in plan.blocks.values() for part in block.parts()), *(sign.rect for sign in plan.signs)]
    seen = [camera.rect(thing) for thing in things]
    boxes = [
        pygame.Rect((inner.x + round(x * free_x), inner.y + round(y * free_y)), size) for y in _DOWN for x in _ACROSS
    ]
    return min(boxes, key=lambda box: sum(part.w * part.h for part in map(box.clip, seen)))


@dataclass(frozen=True)
class SmallPlant(Look):
    """Every machine as a box in the colour of its state, and the frame of what is seen."""

    blocks: tuple[tuple[tuple[int, int, int, int], Dress], ...]
    seen: tuple[int, int, int, int]
    u: float

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, radius = on.art.theme, round(6 * self.u)
        pygame.draw.rect(on.surface, theme.panel, rect, border_radius=radius)
        pygame.draw.rect(on.surface, theme.panel_edge, rect, max(1, round(1.5 * self.u)), border_radius=radius)
        for (x, y, w, h), dress in self.blocks:
            machine = pygame.Rect(rect.x + x, rect.y + y, w, h).clip(rect)
            pygame.draw.rect(on.surface, _dress_colour(theme, dress), machine)
        frame = pygame.Rect(rect.x + self.seen[0], rect.y + self.seen[1], self.seen[2], self.seen[3]).clip(rect)
        if frame:
            pygame.draw.rect(on.surface, theme.work, frame, max(2, round(2.5 * self.u)))


def _dress_colour(theme: Theme, dress: Dress) -> Colour:
    return {
        "calm": theme.rung, "longest": theme.longest, "slow": theme.signal.amber, "alarm": theme.signal.red,
        "known": theme.brick, "depot": theme.good,
    }[dress]  # fmt: skip
