"""The parts of a screen cover any rectangle, and nothing twice."""

from __future__ import annotations

import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factoryview.scene.ui.composition import Composition, composed, desk, fitted, portrait, side_by_side, wall

rects = st.builds(pygame.Rect, st.integers(0, 500), st.integers(0, 500), st.integers(0, 4_000), st.integers(0, 4_000))


def parts(composition: Composition) -> list[pygame.Rect]:
    return [composition.header, pygame.Rect(composition.floor), composition.legend, composition.timeline]


@pytest.mark.parametrize("compose", [desk, wall, portrait, fitted])
@given(rect=rects)
def test_the_parts_lie_below_each_other_and_cover_the_rectangle(compose: object, rect: pygame.Rect) -> None:
    found = parts(compose(rect))  # type: ignore[operator]
    assert [(part.x, part.w) for part in found] == [(rect.x, rect.w)] * 4
    assert min(part.h for part in found) >= 0
    edges = [rect.top, *(part.bottom for part in found)]
    assert [part.top for part in found] == edges[:-1]
    assert edges[-1] == rect.bottom


@given(rect=rects, count=st.integers(1, 4))
def test_plants_side_by_side_share_the_rectangle(rect: pygame.Rect, count: int) -> None:
    found = side_by_side(rect, count)
    assert sum(part.rect.w * part.rect.h for part in found) == rect.w * rect.h
    assert all(rect.contains(part.rect) or not part.rect for part in found)
    sizes = [part.rect.h if rect.h > rect.w else part.rect.w for part in found]
    assert max(sizes) - min(sizes) <= 1


def test_an_upright_screen_has_the_type_of_a_lying_one_as_wide() -> None:
    lying, upright = composed((1920, 1080)), composed((1080, 1920))
    assert lying.unit == upright.unit
    assert upright.upright
    assert not lying.upright
    assert upright.floor.h > 0.7 * 1920
    assert wall(pygame.Rect(0, 0, 1920, 1080)).legend.h == 0
