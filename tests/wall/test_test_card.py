"""The test card: frames where televisions crop, lines that can be read from their distance, what moves."""

from __future__ import annotations

import pygame

from factoryview.language import Language
from factoryview.plant.wall_file import read_wall
from factoryview.scene.art.raster import opaque
from factoryview.scene.legibility import LEAST, Viewing
from factoryview.scene.text import recording
from factoryview.wall import card
from factoryview.wall.card import card_tree
from tests.wall.kit import wall_text

SIZE = (1920, 1080)
WALL = read_wall(wall_text(extra="[screen]\ndistance_m = 7\nsafe_area_percent = 2\n"))


def test_frames_stand_where_televisions_crop_and_at_the_safe_area() -> None:
    tree = card_tree(SIZE, WALL, Language("en"), "night", 0.0)
    edges = {node.id: node.rect for node in tree.walk() if node.id.startswith("edge/")}
    assert edges["edge/0"] == pygame.Rect(0, 0, 1920, 1080)
    assert edges["edge/5"] == pygame.Rect(96, 54, 1728, 972)
    assert edges["edge/2"].x == 38
    assert "safe area 2%" in [node.label for node in tree.walk()]


def test_every_line_can_be_read_from_the_distance_it_names() -> None:
    surface = opaque(SIZE)
    shown = card.TestCard(WALL, Language("en"), "night")
    with recording() as page:
        shown.frame(surface, 0.0)
    lines = {line.text: line.size for line in page.written if line.text.startswith("Read from")}
    assert "Read from 7 m: 183 wait for approval" in lines
    for text, size in lines.items():
        metres = float(text.split()[2])
        arc = Viewing(55, metres, SIZE[0] / SIZE[1]).arc(size, SIZE[1])
        assert LEAST - 0.05 <= arc < LEAST + 1.2


def test_on_an_upright_screen_every_distance_has_its_line() -> None:
    surface = opaque((1080, 1920))
    with recording() as page:
        card.TestCard(WALL, Language("de"), "night").frame(surface, 0.0)
    said = [line.text for line in page.written]
    assert [words for words in said if words.startswith("Lesbar aus 2 m:")]
    for metres in (6, 7, 8):
        assert f"Aus {metres} m: 183" in said
    assert any("1,5" in words for words in said)


def test_the_bar_crosses_the_screen_and_comes_back() -> None:
    places = [card_tree(SIZE, WALL, Language("de"), "day", t).find("motion").rect.x for t in (0.0, 2.0, 4.0, 6.0, 8.0)]  # type: ignore[union-attr]
    assert places[0] < places[1] < places[2]
    assert places[3] == places[1]
    assert places[4] == places[0]
