"""Machines and what stands around them: name, number of waiting, throughput, pile, bin, source."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from functools import lru_cache, partial

import pygame

from factoryview.layout.floorplan import MachinePlace
from factoryview.scene.art.art import LAMP_SLOT, STATUS_SPOT, Art, LampKind
from factoryview.scene.floor.camera import Camera
from factoryview.scene.items import Item
from factoryview.scene.picture import BinNow, Facts, MachineNow, Moment
from factoryview.scene.text import broken, fit, leave_out, put, render, stamp, width
from factoryview.scene.theme import Colour, Level

_RING_STEPS = 40


def machine_items(
    facts: Facts,
    moment: Moment,
    camera: Camera,
    art: Art,
    smallest: int,
    is_new: Callable[[str, Hashable], bool] = lambda _name, _key: True,
    *,
    strict: bool = False,
) -> Iterator[Item]:
    """All parts that belong to machines and sources; of those that look as before (`is_new` says no) none.

    smallest: size in pixels below which text is left out. strict: names too, else these may be half a tile high.
    """
    for i, now in enumerate(moment.machines):
        if is_new(f"stage {i}", (now, moment.bins.get(i))):
            yield from _parts(i, facts, now, moment.bins.get(i), camera, art, smallest, strict)
    for name, (label, hue) in facts.sources.items():
        count = moment.sources.get(name, "")
        if is_new(f"entrance {name}", count):
            box = camera.rect(facts.plan.sources[name])
            paint = partial(
                _source, box=box, label=label, count=count, hue=hue, art=art, tile=camera.tile, smallest=smallest
            )
            yield Item(f"source {name}", box, count, paint)


def _parts(
    i: int,
    facts: Facts,
    now: MachineNow,
    bin_now: BinNow | None,
    camera: Camera,
    art: Art,
    smallest: int,
    strict: bool,
) -> Iterator[Item]:
    stage = facts.stages[i]
    place = facts.plan.machines[stage.name]
    level: Level = 0 if now.stale else now.level  # type: ignore[assignment]
    ring = round(now.busy * _RING_STEPS)
    box = camera.rect(place.box)
    look = (level, ring, now.status, now.people, now.robots, now.vacancies, now.at_work)
    machine = partial(_machine, box=box, icon=stage.icon, now=now, level=level, ring=ring, art=art)
    yield Item(f"machine {i}", box, look, machine)
    t = camera.tile
    plate, badge, numbers = camera.rect(place.plate), camera.rect(place.badge), camera.rect(place.numbers)
    size = name_size(facts.names, t, smallest)
    least = smallest if strict else min(size, smallest)
    name = partial(_plate, box=plate, label=stage.label, level=level, art=art, tile=t, size=size, smallest=least)
    yield Item(f"plate {i}", plate, level, name)
    count = partial(_badge, box=badge, now=now, art=art, tile=t, smallest=smallest)
    yield Item(f"badge {i}", badge, (now.level, now.stale, now.done, now.wip), count)
    rates = partial(_numbers, box=numbers, now=now, level=level, art=art, tile=t, smallest=smallest)
    yield Item(f"numbers {i}", numbers, (level, now.stale, now.throughput, now.stay), rates)
    if place.pile:
        pile = camera.rect(place.pile)
        yield Item(f"pile {i}", pile, now.pile, partial(_pile, box=pile, count=now.pile, art=art))
    if place.bin and bin_now:
        yield from _bin_items(i, place, bin_now, camera, art, smallest)


def _machine(
    surface: pygame.Surface,
    box: pygame.Rect,
    icon: str,
    now: MachineNow,
    level: Level,
    ring: int,
    art: Art,
) -> None:
    px = box.w // 4
    surface.blit(art.machine(px, level, icon), box)
    if ring:
        surface.blit(art.ring(px, ring / _RING_STEPS, level), box)
    _lamps(surface, box, now, art)
    side = max(4, round(box.w * 0.085))
    spot = (box.x + round(box.w * STATUS_SPOT[0]) - side // 2, box.y + round(box.h * STATUS_SPOT[1]) - side // 2)
    surface.blit(art.lamp(now.status, side), spot)


def _lamps(surface: pygame.Surface, box: pygame.Rect, now: MachineNow, art: Art) -> None:
    """One lamp per worker, those with a case in hand first; too many for the slot: the number beside one lamp."""
    staff: list[tuple[LampKind, int]] = [("person", now.people), ("robot", now.robots), ("vacancy", now.vacancies)]
    kinds = [kind for kind, number in staff for _ in range(number)]
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
        if kind != "vacancy" and k >= now.at_work:
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


def _plate(
    surface: pygame.Surface, box: pygame.Rect, label: str, level: Level, art: Art, tile: float, size: int, smallest: int
) -> None:
    theme = art.theme
    words = _words(box, tile)
    found = broken(label, words.size, size, smallest)
    if found is None:
        leave_out(label, words)
        return
    wide = max(width(line, found[0]) for line in found[1])
    plate = pygame.Rect(0, 0, min(box.w - round(tile * 0.2), wide + round(tile * 0.9)), words.h)
    plate.center = box.center
    radius = max(2, round(tile * 0.25))
    pygame.draw.rect(surface, theme.panel, plate, border_radius=radius)
    edge = theme.signal[level] if level else theme.panel_edge
    pygame.draw.rect(surface, edge, plate, max(1, round(tile / (12 if level else 20))), border_radius=radius)
    put(surface, label, words, theme.text, largest=size, smallest=smallest)


def _badge(surface: pygame.Surface, box: pygame.Rect, now: MachineNow, art: Art, tile: float, smallest: int) -> None:
    """How many cases stand here, loud in a jam, in a mere ring if that is old news; what is done is said quietly."""
    theme, text = art.theme, now.wip
    level: Level = now.level  # type: ignore[assignment]
    size = fit(text, (box.w - round(tile * 0.8), box.h), round(tile * 1.85), smallest, "Bold")
    if size is None:
        leave_out(text, box)
        return
    if level:
        pill = pygame.Rect(0, 0, min(box.w, width(text, size, "Bold") + round(tile * 1.4)), box.h - round(tile * 0.1))
        pill.midtop = box.midtop
        ring = max(1, round(tile / 8)) if now.stale else 0
        pygame.draw.rect(surface, theme.signal[level], pill, ring, border_radius=pill.h // 2)
        put(surface, text, pill, theme.text if ring else theme.on_signal[level], largest=size, weight="Bold")
    else:
        colour, share = (theme.text_muted, 0.65) if now.done else (theme.text, 0.85)
        put(surface, text, box, colour, largest=round(size * share), smallest=smallest, weight="Bold")


def _numbers(
    surface: pygame.Surface, box: pygame.Rect, now: MachineNow, level: Level, art: Art, tile: float, smallest: int
) -> None:
    theme = art.theme
    box = box.inflate(-round(tile * 0.3), 0)
    top, bottom = box.copy(), box.copy()
    top.h = box.h // 2
    bottom.y, bottom.h = box.y + box.h // 2, box.h // 2 - round(tile * 0.08)
    put(surface, now.throughput, top, theme.text, largest=round(tile * 1.05), smallest=smallest, align="left")
    colour = theme.text if now.stale else theme.signal_text[level] if level else theme.text_muted
    put(surface, now.stay, bottom, colour, largest=round(tile * 0.95), smallest=smallest, align="left")


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


def _pile(surface: pygame.Surface, box: pygame.Rect, count: int, art: Art) -> None:
    """Every crate of the pile is there: in racks, on pallets, or alone; the more there are, the smaller each."""
    cells = pile_cells(count)
    if not cells:
        return
    columns, rows = 4, 3
    while columns * rows < len(cells):
        columns, rows = columns + 4, rows + 3
    side = min(box.w // columns, box.h // rows)
    inner = max(2, side - max(1, round(side * 0.1)))
    hue = art.theme.hues[3]
    for k, unit in enumerate(cells):
        column, row = k % columns, k // columns
        # Nearest the intake first: the pile grows from the upper right corner to the left and down.
        cell = pygame.Rect(box.right - (column + 1) * side, box.y + row * side, side, side)
        if unit >= 10:
            picture = art.rack(inner, hue) if unit == 100 else art.pallet(inner, hue)
            surface.blit(picture, picture.get_rect(center=cell.center))
        else:
            _singles(surface, cell, unit, hue, art)


def _singles(surface: pygame.Surface, cell: pygame.Rect, count: int, hue: Colour, art: Art) -> None:
    """Up to nine crates in threes."""
    side = max(2, round(cell.w * 0.27))
    step = cell.w / 3
    for k in range(count):
        x = cell.x + round((k % 3 + 0.5) * step - side / 2)
        y = cell.y + round((k // 3 + 0.5) * step - side / 2)
        surface.blit(art.crate(side, hue), (x, y))


def _bin_items(i: int, place: MachinePlace, now: BinNow, camera: Camera, art: Art, smallest: int) -> Iterator[Item]:
    assert place.bin is not None
    box = camera.rect(place.bin)
    rows = round(now.fill * box.h)
    yield Item(f"bin {i}", box, rows, lambda surface: surface.blit(art.bin(box.w, rows / box.h), box) and None)
    if place.bin_text:
        words = camera.rect(place.bin_text)
        yield Item(
            f"bin text {i}",
            words,
            (now.share, now.reason),
            partial(_bin_text, box=words, now=now, art=art, tile=camera.tile, smallest=smallest),
        )


def _bin_text(surface: pygame.Surface, box: pygame.Rect, now: BinNow, art: Art, tile: float, smallest: int) -> None:
    pad = round(tile * 0.15)
    box = pygame.Rect(box.x + pad, box.y, box.w - pad, box.h)
    top, bottom = box.copy(), box.copy()
    if now.reason:
        top.h = box.h // 2
        bottom.y, bottom.h = box.y + box.h // 2, box.h // 2
        put(
            surface,
            now.reason,
            bottom,
            art.theme.text_muted,
            largest=round(tile * 0.8),
            smallest=smallest,
            align="left",
        )
    put(surface, now.share, top, art.theme.text, largest=round(tile * 0.95), smallest=smallest, align="left")


def _source(
    surface: pygame.Surface,
    box: pygame.Rect,
    label: str,
    count: str,
    hue: int,
    art: Art,
    tile: float,
    smallest: int,
) -> None:
    theme = art.theme
    tint = theme.hue(hue)
    line = max(1, round(tile / 10))
    panel = box.inflate(-line, -round(tile * 0.2))
    pygame.draw.rect(surface, theme.panel, panel, border_radius=round(tile * 0.4))
    pygame.draw.rect(surface, tint, panel, line, border_radius=round(tile * 0.4))
    words = panel.inflate(-round(tile * 0.5), -round(tile * 0.3))
    top = pygame.Rect(words.x, words.y, words.w, words.h // 2)
    bottom = pygame.Rect(words.x, top.bottom, words.w, words.h // 2)
    if put(surface, label, top, theme.text, largest=round(tile * 1.15), smallest=smallest):
        put(surface, count, bottom, theme.text, largest=round(tile * 1.15), smallest=smallest, weight="Bold")
