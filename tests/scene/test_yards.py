"""Piles can be counted: every crate stands in a pallet, a rack or alone, and every one has its hue."""

from __future__ import annotations

import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factoryview.layout.plan import BELT, BIN, HALL, PALLET, SIDING, Block, Point, Port, Rect, Yard
from factoryview.scene.floor.trays import bin_of, siding_of, tray_of
from factoryview.scene.floor.yards import (
    HUNDRED,
    TEN,
    cells,
    first_cell,
    marked,
    paint_pile,
    piles,
    places_of,
    yard_places,
)
from factoryview.scene.themes import NIGHT


@given(st.integers(0, 3_000), st.integers(1, 40))
def test_every_crate_stands_somewhere(count: int, places: int) -> None:
    found = piles(count, places)
    assert sum(found) == count
    assert len(found) <= places
    if count <= TEN * places:
        assert all(unit <= TEN for unit in found), "pallets as long as they find room"
        assert found == sorted(found, reverse=True)


@given(st.integers(1, 400), st.integers(130, 420), st.integers(110, 300))
def test_pallets_up_to_four_hundred_and_inside_the_yard(count: int, width: int, height: int) -> None:
    yard = Yard("a", Rect(10, 20, width, height), (Rect(10 + width - 58, 20 + height - 56, 48, 46),), None)
    places = yard_places(yard, count)
    assert len(places) >= -(-count // TEN) or min(place.w for place in places) <= 20
    assert all(yard.rect.contains(place) for place in places)
    assert not any(a.meets(b) for i, a in enumerate(places) for b in places[:i])


def test_the_first_place_is_the_one_nearest_the_intake() -> None:
    rect = Rect(0, 0, 300, 240)
    for x, y in ((0, 0), (240, 0), (0, 190), (240, 190)):
        yard = Yard("a", rect, (Rect(x + 4, y + 2, 48, 46),), None)
        first, *others = yard_places(yard, 60)
        corner = Point(300 if x else 0, 240 if y else 0)
        assert all(_far(first, corner) < _far(place, corner) for place in others)


def _far(place: Rect, corner: Point) -> int:
    return abs(place.centre.x - corner.x) + abs(place.centre.y - corner.y)


def test_a_pile_fills_its_yard_with_crates_like_those_on_a_belt() -> None:
    yard = Yard("a", Rect(0, 0, 300, 240), (Rect(242, 190, 48, 46),), None)
    for count in (60, 140, 200, 300, 400):
        places = yard_places(yard, count)
        used = places[: -(-count // TEN)]
        assert sum(place.w * place.h for place in used) > 0.35 * 300 * 240
        assert all(2 <= place.w / place.h <= 3 for place in used), "five by two crates, each about square"


def test_pallets_stay_where_they_are_while_a_few_come() -> None:
    yard = Yard("a", Rect(0, 0, 300, 240), (Rect(242, 190, 48, 46),), None)
    assert len({tuple(yard_places(yard, count)) for count in range(1, 401)}) <= 9


@pytest.mark.parametrize("count", [3, 10, 27, HUNDRED, 234])
def test_as_many_crates_are_painted_as_there_are(count: int) -> None:
    """Of one channel each crate adds pixels of its hue; none is painted over another."""
    surface = pygame.Surface((900, 700))
    places = [pygame.Rect(20 + 60 * (i % 12), 20 + 60 * (i // 12), 48, 46) for i in range(24)]
    paint_pile(surface, places, bytes([0] * count), NIGHT, (0, 0, 0))
    mask = pygame.mask.from_threshold(surface, NIGHT.hues[0], (1, 1, 1, 255))
    assert mask.count() > 0
    if count <= 240:
        blobs = mask.connected_components(2)
        full, loose = divmod(count, TEN)
        assert len(blobs) >= full * TEN + loose


def block_of(*, siding: bool, belt_below: bool, factor: float = 1.0) -> Block:
    hall = Rect(100, 100, *HALL)
    ports = (Port(0, "bottom", Point(hall.centre.x, hall.bottom), True),) if belt_below else ()
    side = Rect(hall.x + 2, hall.bottom, *SIDING) if siding else None
    return Block("stage", hall, None, Rect(hall.x + 138, hall.bottom, *BIN), side, factor, ports, (0, 0))


@pytest.mark.parametrize(("kept", "count"), [(False, 5), (True, 5), (True, 10), (True, 60), (False, 60)])
def test_a_tray_lies_below_its_hall_clear_of_bin_and_belts_and_of_itself(kept: bool, count: int) -> None:
    block = block_of(siding=kept, belt_below=kept)
    places, hall = tray_of(block, count), block.hall
    assert len(places) * TEN >= count or len(places) == 3
    if kept and count == TEN:
        assert {(place.w, place.h) for place in places} == {PALLET}, "as large as in a yard"
    assert not any(a.meets(b) for i, a in enumerate(places) for b in places[i + 1 :])
    for place in places:
        assert place.y >= hall.bottom
        assert not place.meets(block.bin)  # type: ignore[arg-type]
        assert not kept or place.right <= block.ports[0].point.x - BELT // 2
        assert not kept or place.bottom <= hall.bottom + SIDING[1]


@pytest.mark.parametrize("kept", [False, True])
@pytest.mark.parametrize("belt_below", [False, True])
@pytest.mark.parametrize("count", range(1, TEN))
def test_a_few_before_a_hall_are_drawn_as_large_as_there_is_room(kept: bool, belt_below: bool, count: int) -> None:
    block = block_of(siding=kept, belt_below=belt_below)
    [place] = tray_of(block, count)
    [box] = places_of([place], 1.0, (0, 0))
    surface = pygame.Surface((400, 400))
    paint_pile(surface, [box], bytes(count), NIGHT, NIGHT.floor, room_for=1)
    mask = pygame.mask.from_threshold(surface, (0, 0, 0), (1, 1, 1, 255))
    mask.invert()
    blobs = mask.connected_components(2)
    assert len(blobs) == count
    for blob in blobs:
        drawn = blob.get_bounding_rects()[0]
        assert box.contains(drawn)
        assert min(drawn.size) >= (20 if count <= 4 else 16 if kept and count <= 8 else 9)
    assert not place.meets(block.bin)  # type: ignore[arg-type]


@pytest.mark.parametrize("belt_below", [False, True])
def test_wrecks_stand_in_a_row_of_their_own_below_the_tray(belt_below: bool) -> None:
    block = block_of(siding=True, belt_below=belt_below)
    row, tray = siding_of(block, below=True), tray_of(block, 30, wrecks=True)
    assert not any(place.meets(row) for place in tray)
    assert row.bottom <= block.hall.bottom + SIDING[1]
    assert row.w == (SIDING[0] if belt_below else HALL[0] - 4)
    assert len(tray) >= 3


@pytest.mark.parametrize("factor", [1.0, 1.2])
@pytest.mark.parametrize("belt_below", [False, True])
@pytest.mark.parametrize("standing", [0, 15])
def test_a_loss_is_told_in_all_the_room_there_is_clear_of_belt_and_tray(
    factor: float, belt_below: bool, standing: int
) -> None:
    block = block_of(siding=False, belt_below=belt_below, factor=factor)
    taken = tray_of(block, standing)[:2] if standing else []
    box = bin_of(block, standing=max((place.right for place in taken), default=0))
    assert box.contains(block.bin)  # type: ignore[arg-type]
    assert not any(box.meets(place) for place in taken) if standing else not taken
    if belt_below:
        belt = Rect(block.hall.centre.x - BELT // 2, block.hall.bottom, BELT, 60)
        assert not box.meets(belt)
        assert not block.scaled(box).meets(belt)
    elif not standing:
        assert box.w > 1.7 * BIN[0], "enough for a share with its noun"


@pytest.mark.parametrize("right", [False, True])
def test_the_frame_of_a_yard_holds_its_pile_and_little_else(right: bool) -> None:
    yard = Yard("a", Rect(0, 0, 300, 240), (Rect(242 if right else 10, 10, 48, 46),), None)
    spots = yard_places(yard, 200)
    for used in (1, 4, 5, 9, len(spots)):
        frame = marked(yard, spots, used)
        assert yard.rect.contains(frame)
        assert all(frame.contains(spot) for spot in spots[:used])
        columns = {spot.x for spot in spots if frame.contains(spot)}
        assert columns == {spot.x for spot in spots[:used]}


@pytest.mark.parametrize("size", [(24, 22), (48, 46), (61, 47), (12, 12)])
def test_every_crate_of_every_rack_has_its_hue(size: tuple[int, int]) -> None:
    """Four racks of a hundred and one with what is left, each crate looked for at its cell: those of one channel stand
    together.
    """
    each = [HUNDRED] * 4 + [132]
    hues = bytes(number * number // 7 % 5 for number in range(sum(each)))
    surface = pygame.Surface((400, 100), 0, 32)
    places = [pygame.Rect(5 + 70 * i, 5, *size) for i in range(len(each))]
    assert piles(len(hues), len(places)) == each
    paint_pile(surface, places, hues, NIGHT, (0, 0, 0))
    done = 0
    for place, count in zip(places, each, strict=True):
        edge, columns = max(1, size[0] // 20), 10 if count == HUNDRED else 15
        inner, rows = place.inflate(-3 * edge, -3 * edge), -(-count // columns)
        first = first_cell(inner, columns, rows, 1 if inner.w > 3 * columns else 0)
        gap = 1 if inner.w > 3 * columns else 0
        together = sorted(hues[done : done + count])
        for i in range(count):
            cell = first.move(i % columns * (first.w + gap), i // columns * (first.h + gap))
            if place.contains(cell):
                assert surface.get_at(cell.topleft)[:3] == NIGHT.hues[together[i]]
        done += count


def test_every_crate_of_a_pallet_has_its_hue_those_of_one_channel_together() -> None:
    hues, place = bytes((1, 0, 2, 0, 1, 1, 0, 2, 0, 1)), pygame.Rect(5, 5, 104, 44)
    surface = pygame.Surface((200, 100), 0, 32)
    paint_pile(surface, [place], hues, NIGHT, (0, 0, 0))
    spots = cells(place.inflate(-8, -8), 5, 2, 2)
    seen = [[surface.get_at(spots[row * 5 + column].center)[:3] for row in range(2)] for column in range(5)]
    assert seen == [[NIGHT.hues[0]] * 2, [NIGHT.hues[0]] * 2, [NIGHT.hues[1]] * 2, [NIGHT.hues[1]] * 2,
                    [NIGHT.hues[2]] * 2]  # fmt: skip
