from __future__ import annotations

from itertools import pairwise

import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factoryview.scene.floor import stacks
from factoryview.scene.theme import DAY, NIGHT, Theme, difference

both = pytest.mark.parametrize("theme", [NIGHT, DAY], ids=lambda theme: theme.name)


@given(st.integers(0, 80), st.integers(0, 80), st.integers(1, 6), st.integers(1, 6), st.integers(0, 3))
def test_cells_are_equal_and_apart(width: int, height: int, columns: int, rows: int, gap: int) -> None:
    boxes = list(stacks.cells(pygame.Rect(3, 5, width, height), columns, rows, gap))
    assert len(boxes) == columns * rows
    assert len({box.size for box in boxes}) == 1
    for one, other in pairwise(boxes):
        assert not one.colliderect(other)
        assert other.x - one.right == gap or other.y - one.bottom == gap
    if width >= columns + (columns - 1) * gap and height >= rows + (rows - 1) * gap:
        assert all(pygame.Rect(3, 5, width, height).contains(box) for box in boxes)


def runs(row: list[bool]) -> int:
    """How many unbroken stretches of True there are."""
    return sum(here and not before for before, here in zip([False, *row], row, strict=False))


def counted(surface: pygame.Surface, colour: pygame.Color) -> tuple[int, int]:
    """Boxes of the colour met along the row and along the column in which most are met."""
    width, height = surface.get_size()
    same = [[surface.get_at((x, y)) == colour for x in range(width)] for y in range(height)]
    return max(map(runs, same)), max(runs([same[y][x] for y in range(height)]) for x in range(width))


@both
@pytest.mark.parametrize("px", [20, 24, 30, 32, 48, 64, 128])
def test_the_eye_counts_ten_crates_on_a_pallet(theme: Theme, px: int) -> None:
    surface = stacks.pallet(theme, px, theme.hues[0])
    crate = surface.get_at((px // 2, px // 4))
    assert counted(surface, crate) == (5, 2)


@both
@pytest.mark.parametrize("px", [56, 62, 64, 96, 128])
def test_the_eye_counts_a_hundred_crates_in_a_rack(theme: Theme, px: int) -> None:
    surface = stacks.rack(theme, px, theme.hues[0])
    colours = {tuple(surface.get_at((x, y))) for x in range(px) for y in range(px)}
    crate = min(colours, key=lambda colour: difference((colour[0], colour[1], colour[2]), theme.hues[0]))
    columns, rows = counted(surface, pygame.Color(*crate))
    assert columns * rows == 100


@both
@pytest.mark.parametrize("px", [20, 32, 48])
def test_a_small_rack_shows_its_ten_slots(theme: Theme, px: int) -> None:
    surface = stacks.rack(theme, px, theme.hues[0])
    assert counted(surface, surface.get_at((px // 2, px // 4))) == (5, 2)


@both
@pytest.mark.parametrize("draw", [stacks.pallet, stacks.rack])
@pytest.mark.parametrize("px", range(1, 20))
def test_tiny_stacks_are_drawn_without_complaint(theme: Theme, draw: object, px: int) -> None:
    assert callable(draw)
    surface = draw(theme, px, theme.hues[1])
    assert surface.get_size() == (px, px)
    assert not surface.get_flags() & pygame.SRCALPHA
