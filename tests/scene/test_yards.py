"""Piles can be counted: every crate stands in a pallet, a rack or alone, and every one has its hue."""

from __future__ import annotations

import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factoryview.layout.plan import BELT, BIN, HALL, SIDING, Block, Point, Port, Rect, Yard
from factoryview.scene.floor.yards import HUNDRED, TEN, paint_pile, piles, tray_of, yard_places
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
        first = yard_places(yard, 60)[0]
        assert abs(first.centre.x - (x + 28)) < 40
        assert abs(first.centre.y - (y + 25)) < 40


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


@pytest.mark.parametrize("kept", [False, True])
def test_a_tray_lies_below_its_hall_clear_of_bin_and_belts_and_of_itself(kept: bool) -> None:
    hall = Rect(100, 100, *HALL)
    port = Port(0, "bottom", Point(hall.centre.x, hall.bottom), True)
    siding = Rect(hall.x + 2, hall.bottom, *SIDING) if kept else None
    bin_ = Rect(hall.x + 138, hall.bottom, *BIN)
    block = Block("stage", hall, None, bin_, siding, 1.0, (port,) if kept else (), (0, 0))
    places = tray_of(block)
    assert len(places) >= (6 if kept else 3)
    assert not any(a.meets(b) for i, a in enumerate(places) for b in places[i + 1 :])
    for place in places:
        assert place.y >= hall.bottom
        assert not place.meets(bin_)
        assert not kept or place.right <= port.point.x - BELT // 2
        assert not kept or place.bottom <= hall.bottom + SIDING[1]
    assert len(tray_of(block, shared=True)) == 1
