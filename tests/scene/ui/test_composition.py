"""The parts of a screen cover any rectangle, and nothing twice."""

from __future__ import annotations

import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factoryview.scene.ui.composition import Composition, composed, fitted

rects = st.builds(pygame.Rect, st.integers(0, 500), st.integers(0, 500), st.integers(0, 4_000), st.integers(0, 4_000))


def parts(composition: Composition) -> list[pygame.Rect]:
    return [composition.header, composition.floor, composition.ladder, composition.timeline]


@given(rect=rects)
def test_the_parts_cover_the_rectangle_and_nothing_twice(rect: pygame.Rect) -> None:
    found = parts(fitted(rect))
    assert min(min(part.size) for part in found) >= 0
    assert all(rect.contains(part) for part in found if part)
    assert sum(part.w * part.h for part in found) == rect.w * rect.h
    assert not any(part.colliderect(other) for i, part in enumerate(found) for other in found[i + 1 :])
    header, floor, *_ = found
    assert (header.topleft, floor.topleft, floor.w) == (rect.topleft, (rect.x, header.bottom), rect.w)


def test_on_a_lying_screen_ladder_and_timeline_share_a_strip_on_an_upright_one_they_do_not() -> None:
    lying, upright = composed((1920, 1080)), composed((1080, 1920))
    assert (lying.ladder.y, lying.ladder.right) == (lying.timeline.y, lying.timeline.x)
    assert (upright.ladder.bottom, upright.ladder.w) == (upright.timeline.y, 1080)
    assert lying.floor.h >= 780


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768), (3840, 2160), (1080, 1920), (1024, 768), (640, 360)])
def test_what_stands_in_a_part_stands_inside_it(size: tuple[int, int]) -> None:
    found = composed(size)
    for inner, outer in (
        (found.title, found.header), (found.banner, found.header), (found.view, found.floor),
        (found.bars, found.timeline), (found.foot, found.timeline),
    ):  # fmt: skip
        assert outer.contains(inner)
    assert not found.title.colliderect(found.banner)
    assert not found.bars.colliderect(found.foot)


def test_an_upright_screen_has_the_type_of_a_lying_one_as_wide() -> None:
    lying, upright = composed((1920, 1080)), composed((1080, 1920))
    assert lying.u == upright.u
    assert upright.upright
    assert not lying.upright
    assert upright.floor.h > 0.7 * 1920
