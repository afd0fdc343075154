"""Machines and what stands around them: name, number of waiting, throughput, pile, bin, source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import pygame

from factoryview.layout.floorplan import MachinePlace
from factoryview.scene.art.art import LAMP_SLOT, STATUS_SPOT, Art, LampKind
from factoryview.scene.floor.camera import Camera
from factoryview.scene.picture import BinNow, Facts, MachineNow, Status
from factoryview.scene.text import broken, fit, leave_out, put, render, stamp, width
from factoryview.scene.theme import Colour, Level
from factoryview.scene.ui.look import Canvas, Look
from factoryview.scene.ui.node import Action, Node

_RING_STEPS = 40


@dataclass(frozen=True)
class Scale:
    """How large things are: pixels per tile, and the size below which text is left out."""

    tile: float
    smallest: int
    name: int
    """The size in which names are written."""
    smallest_name: int

    @classmethod
    def of(cls, facts: Facts, camera: Camera, smallest: int, *, strict: bool) -> Scale:
        """strict: no name is smaller than `smallest` either; else names may be half a tile high."""
        size = name_size(facts.names, camera.tile, smallest)
        return cls(camera.tile, smallest, size, smallest if strict else min(size, smallest))


def machine_node(i: int, facts: Facts, now: MachineNow, bin_now: BinNow | None, camera: Camera, scale: Scale) -> Node:
    """A machine with everything that belongs to it."""
    stage = facts.stages[i]
    name = f"stage/{stage.name}"
    parts = tuple(_parts(name, facts, i, now, bin_now, camera, scale))
    rect = parts[0].rect.unionall([part.rect for part in parts[1:]])
    return Node(name, rect, None, "machine", stage.label, Action("select", (name,)), parts)


def source_node(source: str, facts: Facts, count: str, camera: Camera, scale: Scale) -> Node:
    """A source with its recent arrivals, as written."""
    label, hue = facts.sources[source]
    look = Source(label, count, hue, scale)
    return Node(f"source/{source}", camera.rect(facts.plan.sources[source]), look, "source", label)


def _parts(
    name: str, facts: Facts, i: int, now: MachineNow, bin_now: BinNow | None, camera: Camera, scale: Scale
) -> Iterator[Node]:
    stage, place = facts.stages[i], facts.plan.machines[facts.stages[i].name]
    level: Level = 0 if now.stale else now.level  # type: ignore[assignment]
    ring = round(now.busy * _RING_STEPS)
    staff = (now.people, now.robots, now.vacancies)
    hall = Hall(stage.icon, level, ring, now.status, staff, now.at_work)
    yield Node(f"{name}/hall", camera.rect(place.box), hall, "image")
    yield Node(f"{name}/name", camera.rect(place.plate), Plate(stage.label, level, scale), "text", stage.label)
    count = Badge(now.wip, now.level, now.stale, now.done, scale)  # type: ignore[arg-type]
    yield Node(f"{name}/count", camera.rect(place.badge), count, "text", now.wip)
    rates = Numbers(now.throughput, now.stay, level, now.stale, scale)
    yield Node(f"{name}/rates", camera.rect(place.numbers), rates, "text", f"{now.throughput} {now.stay}".strip())
    if place.pile:
        yield Node(f"{name}/pile", camera.rect(place.pile), Pile(now.pile), "image", str(now.pile))
    if place.bin and bin_now:
        yield from _bin_nodes(name, place, bin_now, camera, scale)


def _bin_nodes(name: str, place: MachinePlace, now: BinNow, camera: Camera, scale: Scale) -> Iterator[Node]:
    assert place.bin is not None
    box = camera.rect(place.bin)
    yield Node(f"{name}/bin", box, Bin(round(now.fill * box.h)), "image")
    if place.bin_text:
        words = BinText(now.share, now.reason, scale)
        yield Node(f"{name}/lost", camera.rect(place.bin_text), words, "text", f"{now.share} {now.reason}".strip())


@dataclass(frozen=True)
class Hall(Look):
    """The machine itself with its lamps."""

    icon: str
    level: Level
    ring: int
    """How busy it is, in fortieths of the ring."""
    status: Status
    staff: tuple[int, int, int]
    """People, robots, vacancies."""
    at_work: int

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        surface, art, px = on.surface, on.art, rect.w // 4
        surface.blit(art.machine(px, self.level, self.icon), rect)
        if self.ring:
            surface.blit(art.ring(px, self.ring / _RING_STEPS, self.level), rect)
        self._lamps(surface, rect, art)
        side = max(4, round(rect.w * 0.085))
        x, y = rect.x + round(rect.w * STATUS_SPOT[0]), rect.y + round(rect.h * STATUS_SPOT[1])
        surface.blit(art.lamp(self.status, side), (x - side // 2, y - side // 2))

    def _lamps(self, surface: pygame.Surface, box: pygame.Rect, art: Art) -> None:
        """One lamp per worker, those with a case in hand first; too many for the slot: the number beside one lamp."""
        lamps: tuple[LampKind, LampKind, LampKind] = ("person", "robot", "vacancy")
        kinds = [kind for kind, number in zip(lamps, self.staff, strict=True) for _ in range(number)]
        if not kinds:
            return
        left, top, wide, high = (round(share * box.w) for share in LAMP_SLOT)
        area = pygame.Rect(box.x + left, box.y + top, wide, high)
        side = min(round(area.h * 0.8), round(box.w * 0.13))
        most = max(1, area.w // (side + 2))
        if len(kinds) > most:
            text = render(f"{len(kinds)}", max(6, side), art.theme.person, "Bold")
            start = area.centerx - (side + 2 + text.get_width()) // 2
            surface.blit(art.lamp(kinds[0], side), (start, area.centery - side // 2))
            stamp(surface, text, (start + side + 2, area.centery - text.get_height() // 2))
            return
        step = min(area.w / len(kinds), side * 1.3)
        start_at = area.centerx - step * len(kinds) / 2 + (step - side) / 2
        for k, kind in enumerate(kinds):
            picture = art.lamp(kind, side)
            if kind != "vacancy" and k >= self.at_work:
                picture = picture.copy()
                picture.set_alpha(110)
            surface.blit(picture, (round(start_at + k * step), area.centery - side // 2))


@lru_cache(maxsize=64)
def name_size(names: tuple[tuple[str, int, int], ...], tile: float, smallest: int) -> int:
    """The size in which names are written: three of four fit at it, the longest are written smaller.

    names: each with the width and height of its plate in tiles.
    """
    px = int(tile)
    boxes = [_words(pygame.Rect(0, 0, w * px, h * px), tile).size for _, w, h in names]
    found = [broken(name, box, round(tile * 1.25), smallest) for (name, _, _), box in zip(names, boxes, strict=True)]
    sizes = sorted(size[0] if size else 0 for size in found)
    return max(round(tile * 0.62), sizes[len(sizes) // 4] if sizes else 0)


def _words(plate: pygame.Rect, tile: float) -> pygame.Rect:
    """The part of a plate on which its name is written."""
    return plate.inflate(-round(tile * 0.55), -round(tile * 0.24))


@dataclass(frozen=True)
class Plate(Look):
    """The machine's name."""

    label: str
    level: Level
    scale: Scale

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, tile = on.art.theme, self.scale.tile
        words = _words(rect, tile)
        found = broken(self.label, words.size, self.scale.name, self.scale.smallest_name)
        if found is None:
            leave_out(self.label, words)
            return
        wide = max(width(line, found[0]) for line in found[1])
        plate = pygame.Rect(0, 0, min(rect.w - round(tile * 0.2), wide + round(tile * 0.9)), words.h)
        plate.center = rect.center
        radius = max(2, round(tile * 0.25))
        pygame.draw.rect(on.surface, theme.panel, plate, border_radius=radius)
        edge = theme.signal[self.level] if self.level else theme.panel_edge
        pygame.draw.rect(
            on.surface, edge, plate, max(1, round(tile / (12 if self.level else 20))), border_radius=radius
        )
        largest, smallest = self.scale.name, self.scale.smallest_name
        put(on.surface, self.label, words, theme.text, largest=largest, smallest=smallest)


@dataclass(frozen=True)
class Badge(Look):
    """How many cases stand here, loud in a jam, in a mere ring if that is old news; what is done is said quietly."""

    wip: str
    level: Level
    stale: bool
    done: bool
    scale: Scale

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        surface, theme, text, tile = on.surface, on.art.theme, self.wip, self.scale.tile
        smallest = self.scale.smallest
        size = fit(text, (rect.w - round(tile * 0.8), rect.h), round(tile * 1.85), smallest, "Bold")
        if size is None:
            leave_out(text, rect)
        elif self.level:
            high = rect.h - round(tile * 0.1)
            pill = pygame.Rect(0, 0, min(rect.w, width(text, size, "Bold") + round(tile * 1.4)), high)
            pill.midtop = rect.midtop
            ring = max(1, round(tile / 8)) if self.stale else 0
            pygame.draw.rect(surface, theme.signal[self.level], pill, ring, border_radius=pill.h // 2)
            put(surface, text, pill, theme.text if ring else theme.on_signal[self.level], largest=size, weight="Bold")
        else:
            colour, share = (theme.text_muted, 0.65) if self.done else (theme.text, 0.85)
            put(surface, text, rect, colour, largest=round(size * share), smallest=smallest, weight="Bold")


@dataclass(frozen=True)
class Numbers(Look):
    """What a machine passes on, and how long a case stays."""

    throughput: str
    stay: str
    level: Level
    stale: bool
    scale: Scale

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, tile, smallest = on.art.theme, self.scale.tile, self.scale.smallest
        box = rect.inflate(-round(tile * 0.3), 0)
        top, bottom = box.copy(), box.copy()
        top.h = box.h // 2
        bottom.y, bottom.h = box.y + box.h // 2, box.h // 2 - round(tile * 0.08)
        largest = round(tile * 1.05)
        put(on.surface, self.throughput, top, theme.text, largest=largest, smallest=smallest, align="left")
        colour = theme.text if self.stale else theme.signal_text[self.level] if self.level else theme.text_muted
        put(on.surface, self.stay, bottom, colour, largest=round(tile * 0.95), smallest=smallest, align="left")


def pile_cells(count: int) -> list[int]:
    """A pile as racks of a hundred, pallets of ten, and the last few crates together on the floor, biggest first.

    >>> pile_cells(123)
    [100, 10, 10, 3]
    """
    cells: list[int] = []
    for unit in (100, 10):
        number, count = divmod(count, unit)
        cells += [unit] * number
    return [*cells, count] if count else cells


@dataclass(frozen=True)
class Pile(Look):
    """Every crate of the pile is there: in racks, on pallets, or alone; the more there are, the smaller each."""

    count: int

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        cells = pile_cells(self.count)
        if not cells:
            return
        columns, rows = 4, 3
        while columns * rows < len(cells):
            columns, rows = columns + 4, rows + 3
        side = min(rect.w // columns, rect.h // rows)
        inner = max(2, side - max(1, round(side * 0.1)))
        art, hue = on.art, on.art.theme.hues[3]
        for k, unit in enumerate(cells):
            column, row = k % columns, k // columns
            # Nearest the intake first: the pile grows from the upper right corner to the left and down.
            cell = pygame.Rect(rect.right - (column + 1) * side, rect.y + row * side, side, side)
            if unit >= 10:
                picture = art.rack(inner, hue) if unit == 100 else art.pallet(inner, hue)
                on.surface.blit(picture, picture.get_rect(center=cell.center))
            else:
                _singles(on.surface, cell, unit, hue, art)


def _singles(surface: pygame.Surface, cell: pygame.Rect, count: int, hue: Colour, art: Art) -> None:
    """Up to nine crates in threes."""
    side = max(2, round(cell.w * 0.27))
    step = cell.w / 3
    for k in range(count):
        x = cell.x + round((k % 3 + 0.5) * step - side / 2)
        y = cell.y + round((k // 3 + 0.5) * step - side / 2)
        surface.blit(art.crate(side, hue), (x, y))


@dataclass(frozen=True)
class Bin(Look):
    """The bin of lost cases."""

    rows: int
    """Pixels to which it is full."""

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        on.surface.blit(on.art.bin(rect.w, self.rows / rect.h), rect)


@dataclass(frozen=True)
class BinText(Look):
    """Which share is lost, and why."""

    share: str
    reason: str
    scale: Scale

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, tile, smallest = on.art.theme, self.scale.tile, self.scale.smallest
        pad = round(tile * 0.15)
        box = pygame.Rect(rect.x + pad, rect.y, rect.w - pad, rect.h)
        top, bottom = box.copy(), box.copy()
        if self.reason:
            top.h = box.h // 2
            bottom.y, bottom.h = box.y + box.h // 2, box.h // 2
            largest = round(tile * 0.8)
            put(on.surface, self.reason, bottom, theme.text_muted, largest=largest, smallest=smallest, align="left")
        put(on.surface, self.share, top, theme.text, largest=round(tile * 0.95), smallest=smallest, align="left")


@dataclass(frozen=True)
class Source(Look):
    """Where cases come in: the channel's name and its recent arrivals."""

    label: str
    count: str
    hue: int
    scale: Scale

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, tile, smallest = on.art.theme, self.scale.tile, self.scale.smallest
        line = max(1, round(tile / 10))
        panel = rect.inflate(-line, -round(tile * 0.2))
        pygame.draw.rect(on.surface, theme.panel, panel, border_radius=round(tile * 0.4))
        pygame.draw.rect(on.surface, theme.hue(self.hue), panel, line, border_radius=round(tile * 0.4))
        words = panel.inflate(-round(tile * 0.5), -round(tile * 0.3))
        top = pygame.Rect(words.x, words.y, words.w, words.h // 2)
        bottom = pygame.Rect(words.x, top.bottom, words.w, words.h // 2)
        largest = round(tile * 1.15)
        if put(on.surface, self.label, top, theme.text, largest=largest, smallest=smallest):
            put(on.surface, self.count, bottom, theme.text, largest=largest, smallest=smallest, weight="Bold")
