"""Every kind of work has a machine of its own, and a machine at work moves."""

from __future__ import annotations

from itertools import combinations

import pygame
import pytest

from factoryview.plant import icons
from factoryview.resources import asset
from factoryview.scene.art.art import Art
from factoryview.scene.art.motifs import FRAMES, motif, motif_of
from factoryview.scene.themes import NIGHT

MOTIFS = sorted(path.stem for path in asset("motif").glob("*.svg"))
SIZE = (78, 93)


@pytest.fixture(scope="module")
def art() -> Art:
    pygame.display.set_mode((64, 64))
    return Art(NIGHT)


def shape(art: Art, name: str) -> pygame.Mask:
    return pygame.mask.from_surface(motif(art, name, SIZE, "calm", 0).picture)


def test_there_are_two_dozen_silhouettes_and_no_two_alike(art: Art) -> None:
    assert len(MOTIFS) >= 24
    for a, b in combinations(MOTIFS, 2):
        one, other = shape(art, a), shape(art, b)
        common = one.overlap_area(other, (0, 0))
        assert common < 0.97 * max(one.count(), other.count()), f"{a} and {b} look alike from afar"


@pytest.mark.parametrize("name", MOTIFS)
def test_a_machine_moves_while_it_works(art: Art, name: str) -> None:
    frames = {pygame.image.tobytes(motif(art, name, SIZE, "calm", step).picture, "RGBA") for step in range(1, FRAMES)}
    assert len(frames) > 1
    assert motif(art, name, SIZE, "calm", 0).picture.get_size() == SIZE


def test_every_icon_has_a_machine() -> None:
    found = {icon: motif_of(icon) for icon in icons.icons()}
    assert set(found.values()) <= set(MOTIFS)
    assert {icon for icon, name in found.items() if name == motif_of("no such icon")} == {"gear", "rework", "wrench"}
    assert len(set(found.values())) >= 24


def test_the_constraint_is_told_by_colour_and_by_nothing_else(art: Art) -> None:
    calm, alarm = (motif(art, "press", SIZE, dress, 1).picture for dress in ("calm", "alarm"))
    assert pygame.mask.from_surface(calm).count() == pygame.mask.from_surface(alarm).count()
    assert pygame.image.tobytes(calm, "RGBA") != pygame.image.tobytes(alarm, "RGBA")
