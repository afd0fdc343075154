"""A plain picture of a plan, to look at while working on the layout: boxes, belts with arrows, yards, boards."""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")

import pygame

from factoryview.layout.plan import BELT, CRATE, THIN_BELT, Belt, Plan, Point, Rect

_ZONES = ((24, 34, 46), (38, 32, 50), (26, 40, 36), (44, 38, 30), (30, 40, 46))
_BELTS = ((92, 98, 110), (104, 92, 122), (96, 112, 100))
_QUEUE, _REWORK, _EDGE = (196, 74, 46), (140, 112, 60), (18, 20, 24)


def draw(plan: Plan, path: Path, note: str = "", pixels: float = 1.0) -> None:
    """Write a picture of the plan, `pixels` per u of the request."""
    pygame.font.init()
    k = plan.scale * pixels
    surface = pygame.Surface((round(plan.width * k), round(plan.height * k)))
    font = pygame.font.Font(None, max(14, round(30 * k)))

    def box(rect: Rect, fill: tuple[int, int, int], edge: tuple[int, int, int] | None = None) -> pygame.Rect:
        x, y = round(rect.x * k), round(rect.y * k)
        shape = pygame.Rect(x, y, round(rect.right * k) - x, round(rect.bottom * k) - y)
        surface.fill(fill, shape)
        if edge:
            pygame.draw.rect(surface, edge, shape, 2)
        return shape

    def text(words: str, x: float, y: float, colour: tuple[int, int, int] = (225, 228, 235)) -> None:
        surface.blit(font.render(words, True, colour), (round(x * k), round(y * k)))

    for zone in plan.zones:
        for rect in zone.rects:
            box(rect, _ZONES[zone.department % len(_ZONES)])
        box(zone.label, (70, 76, 88))
    for a, b in plan.borders:
        pygame.draw.line(surface, (130, 140, 155), (a.x * k, a.y * k), (b.x * k, b.y * k), 3)
    for board in plan.boards:
        box(board, (12, 16, 22), (90, 110, 130))
        text("BOARD", board.x + 8, board.y + 8, (120, 140, 160))
    for yard in plan.yards:
        box(yard.rect, (44, 42, 30), (150, 130, 60))
        for i, place in enumerate(yard.places):
            box(place, (130, 122, 70))
            text(str(i), place.x + 2, place.y + 2, (40, 36, 20))
    for gate in plan.gates:
        box(gate, (20, 26, 30), (90, 150, 110))
    queues = {yard.belt for yard in plan.yards}
    for i in sorted(range(len(plan.belts)), key=lambda i: (i in queues, plan.belts[i].share)):
        _belt(surface, plan.belts[i], i, i in queues, k)
    for block in plan.blocks.values():
        for part in block.parts():
            box(part, (34, 38, 46))
        if block.people:
            box(block.people, (52, 58, 70))
        if block.bin:
            box(block.bin, (74, 44, 38))
        if block.siding:
            box(block.siding, (60, 54, 44))
    for number, (name, block) in enumerate(plan.blocks.items()):
        slow = block.factor > 1
        box(
            block.hall,
            (140, 42, 36) if slow else (48, 66, 58) if block.kind == "depot" else (64, 70, 84),
            (180, 186, 198),
        )
        text(str(number), block.hall.x + 8, block.hall.y + 8)
        text(name[:22], block.hall.x + 8, block.hall.y + 110)
        for port in block.ports:
            at = (round(port.point.x * k), round(port.point.y * k))
            pygame.draw.circle(surface, (220, 220, 120) if port.out else (120, 220, 220), at, 4)
    for sign in plan.signs:
        box(sign.rect, (18, 22, 22), (110, 180, 140))
        text(sign.source[:12], sign.rect.x + 4, sign.rect.y + 4, (170, 220, 190))
    text(note, 6, plan.height - 26, (230, 230, 120))
    path.parent.mkdir(parents=True, exist_ok=True)
    pygame.image.save(surface, path)


def _belt(surface: pygame.Surface, belt: Belt, index: int, queue: bool, k: float) -> None:
    colour = _QUEUE if queue else _REWORK if belt.rework else _BELTS[index % len(_BELTS)]
    half = (THIN_BELT if belt.thin else BELT) / 2
    for strip in belt.strips():
        rect = pygame.Rect(round(strip.x * k), round(strip.y * k), round(strip.w * k), round(strip.h * k))
        surface.fill(_EDGE, rect.inflate(2, 2))
        surface.fill(colour, rect)
    along = 0.0
    for a, b in pairwise(belt.points):
        run = abs(a.x - b.x) + abs(a.y - b.y)
        if not run:
            continue
        dx, dy = (b.x - a.x) / run, (b.y - a.y) / run
        step = CRATE if queue else 70
        at = step / 2
        while at < run:
            x, y = (a.x + dx * at) * k, (a.y + dy * at) * k
            if queue:
                pygame.draw.rect(surface, (236, 214, 110), pygame.Rect(x - 9 * k, y - 9 * k, 18 * k, 18 * k))
            size = min(7.0, half) * k
            tip = Point(round(x + dx * size), round(y + dy * size))
            sides = [
                (x - dx * size - dy * size, y - dy * size + dx * size),
                (x - dx * size + dy * size, y - dy * size - dx * size),
            ]
            pygame.draw.polygon(surface, (228, 230, 236) if not queue else (150, 60, 40), [tip, *sides])
            at += step
        along += run
