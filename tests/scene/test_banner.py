"""A banner says its sentence, however little room it has."""

from __future__ import annotations

import pygame
import pytest

from factoryview.scene.art.art import Art
from factoryview.scene.chrome.banner import paint_banner
from factoryview.scene.picture import Banner
from factoryview.scene.text import recording
from factoryview.scene.themes import NIGHT


@pytest.mark.parametrize("wide", [380, 500, 900, 1400])
def test_a_sentence_is_written_before_anything_else(wide: int) -> None:
    surface = pygame.display.set_mode((1920, 1080))
    banner = Banner(
        "slow", "LEFT LYING Qualification", "165 cases on which nobody works", "−6 cases/day", "since 3 Sep"
    )
    with recording() as page:
        paint_banner(surface, pygame.Rect(10, 10, wide, 108), banner, Art(NIGHT), 1.0)
    said = " ".join(line.text for line in page.written)
    assert "LEFT LYING" in said
    assert "Quali" in said
    assert all(line.ink.right <= 10 + wide for line in page.written)


@pytest.mark.parametrize(("wide", "shown"), [(1300, ["costs a lot", "most at Offer: 322"]), (520, ["costs a lot"])])
def test_beside_what_is_to_be_done_stand_as_many_details_as_find_room(wide: int, shown: list[str]) -> None:
    surface = pygame.display.set_mode((1920, 1080))
    banner = Banner("slow", "79 waiting", "costs a lot · most at Offer: 322", action="check inflow")
    with recording() as page:
        paint_banner(surface, pygame.Rect(10, 10, wide, 108), banner, Art(NIGHT), 1.0)
    said = " ".join(line.text for line in page.written)
    assert "check inflow" in said
    assert [part for part in banner.detail.split(" · ") if part in said] == shown


@pytest.mark.parametrize("high", [60, 79, 104, 208])
def test_descenders_stand_on_the_banner_and_not_in_the_row_below(high: int) -> None:
    """Of `gjpqy` in both rows."""
    surface = pygame.display.set_mode((1920, 1080))
    banner = Banner("slow", "gypsy jungle", "", action="why gypsies jog quickly")
    u = high / 104
    with recording() as page:
        paint_banner(surface, pygame.Rect(10, 10, 1400, high), banner, Art(NIGHT), u)
    title, action = (line.ink for line in page.written)
    assert action.bottom <= 10 + high
    assert title.top > 10
    assert title.bottom <= action.bottom - 20 * u


@pytest.mark.parametrize(("wide", "whole"), [(1400, True), (900, False)])
def test_what_is_to_be_done_stands_before_what_follows_the_last_comma_of_the_sentence(
    wide: int, *, whole: bool
) -> None:
    surface = pygame.display.set_mode((1920, 1080))
    banner = Banner("alarm", "16 waiting for Necessity of a stop advice, 15 too long", action="find out why")
    with recording() as page:
        paint_banner(surface, pygame.Rect(10, 10, wide, 108), banner, Art(NIGHT), 1.0)
    said = " ".join(line.text for line in page.written)
    assert "16 waiting for Necessity of a stop advice" in said
    assert "find out why" in said
    assert ("15 too long" in said) == whole
