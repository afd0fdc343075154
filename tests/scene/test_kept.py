"""Pictures that are kept: the ones used last, within their bytes."""

from __future__ import annotations

import pygame
import pytest

from factoryview.scene.art.raster import opaque
from factoryview.scene.floor import yards
from factoryview.scene.kept import Kept, weight


def test_what_is_kept_is_what_was_used_last_within_so_many_bytes() -> None:
    one = weight(opaque((10, 10)))
    kept: Kept[int] = Kept(3 * one)
    first = kept.of(0, lambda: opaque((10, 10)))
    for key in (1, 2, 0, 3):
        kept.of(key, lambda: opaque((10, 10)))
    assert kept.of(0, lambda: opaque((10, 10))) is first
    assert (len(kept), kept.bytes) == (3, 3 * one)
    assert kept.key_of(first) == 0
    made: list[int] = []
    kept.of(1, lambda: made.append(1) or opaque((10, 10)))  # type: ignore[func-returns-value]
    assert made == [1]


def test_one_that_is_larger_than_all_is_kept_alone_and_others_by_their_number() -> None:
    kept: Kept[str] = Kept(100)
    large = kept.of("large", lambda: opaque((100, 100)))
    assert kept.of("large", lambda: opaque((1, 1))) is large
    few: Kept[int] = Kept(1 << 20, 2)
    for key in range(5):
        few.of(key, lambda: opaque((4, 4)))
    assert len(few) == 2
    with pytest.raises(LookupError):
        few.key_of(pygame.Surface((1, 1)))
    few.clear()
    assert (len(few), few.bytes) == (0, 0)


def test_piles_of_all_kinds_take_no_more_than_their_share() -> None:
    """A pile whose first crate leaves is other pallets all along: for a wall that runs for months there is no end."""
    wood = ((90, 70, 40), (0, 0, 0))
    hues = ((200, 0, 0), (0, 200, 0), (0, 0, 200))
    for number in range(3**8):
        channels = bytes(number // 3**place % 3 for place in range(10))
        yards._pallet((60, 60), channels, hues, wood)
    assert yards._pallets.bytes <= yards._pallets.most_bytes
    assert len(yards._pallets) < 3**8
    for number in range(3**7):
        channels = bytes(number // 3**place % 3 for place in range(10))
        yards._pallet((6, 6), channels, hues, wood)
    assert len(yards._pallets) <= 1000  # small ones, whose bytes alone would allow them all
