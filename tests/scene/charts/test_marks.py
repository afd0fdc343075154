"""Marks and dates can be read: nothing lies over words."""

from __future__ import annotations

from itertools import combinations, permutations, product

import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factoryview.resources import data_file
from factoryview.scene.charts.axes import TimeAxis, time_axis
from factoryview.scene.charts.marks import ROW, MarkLook, Placed, Strokes, mark_nodes, placed
from factoryview.scene.charts.scale import TimeScale
from factoryview.scene.chrome.timeline import Bars
from factoryview.scene.text import width
from factoryview.scene.ui.node import Action
from tests.kit.pilot import Pilot, present

U = 2 / 3
SIZE = round(26 * U)
SCALE = TimeScale(0, 1_000, 90, 1_100)
INSIDE = (90, 1_270)

words = st.text("abc xyz", min_size=1, max_size=40).map(str.strip).filter(bool)
marks = st.lists(st.tuples(st.integers(0, 1_000), words), max_size=14).map(sorted)


def boxes(found: list[Placed]) -> list[tuple[int, pygame.Rect]]:
    """Row and pixels of all words that are shown."""
    return [(mark.row, pygame.Rect(mark.start, 0, width(mark.shown, SIZE), 1)) for mark in found if mark.shown]


@given(marks=marks, rows=st.integers(1, 3))
def test_words_stand_inside_and_over_no_words_and_no_diamond(marks: list[tuple[int, str]], rows: int) -> None:
    found = placed(marks, SCALE, INSIDE, U, rows)
    assert [(mark.at, mark.words) for mark in found] == marks
    for row, box in boxes(found):
        assert INSIDE[0] <= box.left
        assert box.right <= INSIDE[1]
        assert 0 <= row < rows
    for (row, one), (other_row, other) in combinations(boxes(found), 2):
        assert row != other_row or not one.colliderect(other)
    for upper, lower in permutations(found, 2):  # a stroke begins at the row of its words and ends at the bars
        assert upper.row >= lower.row or not lower.shown or not lower.start <= upper.column < lower.end
    for mark in found:
        assert mark.shown in (mark.words, "") or mark.shown.endswith("…")
        for row, box in boxes([other for other in found if other.column != mark.column]):
            assert row != mark.row or not box.collidepoint(mark.column, 0)


def test_every_mark_of_the_demo_can_be_read_where_it_stands_or_when_it_is_pointed_at() -> None:
    presentation = present(data_file("umsatzwerk.toml"))
    for size, cut in (((1280, 720), 2), ((1920, 1080), 2), ((3840, 2160), 2), ((1080, 1920), 3), ((640, 360), 3)):
        pilot = Pilot(presentation, size, paused=True)
        nodes = [node for node in pilot.tree.walk() if node.role == "mark"]
        assert [node.label for node in nodes] == [mark.label for mark in presentation.facts.marks]
        assert sum(node.key.shown != node.label for node in nodes) <= cut, size  # type: ignore[union-attr]
        for node in nodes:
            pilot.hover("floor", (0.5, 0.5))
            pilot.hover(node.id)
            assert pilot.label("tip").startswith(node.label)
            assert pilot.tree.rect.contains(pilot.node("tip").rect)
        pilot.hover("floor", (0.5, 0.5))
        assert pilot.tree.find("tip") is None


def test_a_mark_that_is_pressed_is_where_the_playhead_goes() -> None:
    presentation = present(data_file("umsatzwerk.toml"))
    pilot = Pilot(presentation, (1280, 720), paused=True)
    for k, mark in enumerate(presentation.facts.marks):
        assert pilot.click(f"timeline/mark/{k}").session.playhead.at == mark.at


def test_marks_are_nodes_around_what_is_seen_of_them() -> None:
    found = placed([(100, "one"), (500, "two")], SCALE, INSIDE, U, 1)
    strokes, one, two = mark_nodes("m", found, 10, 90, U, now=100)
    assert [isinstance(each.key, MarkLook) and each.key.ahead for each in (one, two)] == [False, True]
    assert one.rect.contains(pygame.Rect(found[0].start, 14, found[0].end - found[0].start, 2))
    assert not one.rect.colliderect(two.rect)
    assert (two.id, two.label, two.action) == ("m/1", "two", Action("to", (500,)))
    assert (strokes.rect.left, strokes.rect.bottom) == (found[0].column, 90)
    assert isinstance(strokes.key, Strokes)
    assert [y for _, y, _ in strokes.key.strokes] == [0, 2 * round(ROW * U)], "what is to come is short"
    assert list(mark_nodes("m", [], 10, 90, U, now=0)) == []


def test_what_is_still_to_be_played_is_said_clear_of_what_happened_until_the_end() -> None:
    presentation = present(data_file("umsatzwerk.toml"))
    pilot, first, last = (
        Pilot(presentation, (1280, 720), paused=True),
        presentation.facts.first,
        presentation.facts.last,
    )
    said = 0
    for size, share in product(((1280, 720), (1920, 1080), (1080, 1920)), (0.0, 0.2, 0.5, 0.7, 0.8, 0.9, 1.0)):
        pilot.resize(size).run("to", first + round(share * (last - first)))
        words, bars = pilot.tree.find("timeline/ahead"), pilot.node("timeline/bars").rect
        if words is None:
            continue
        said += 1
        assert words.rect.right <= bars.right
        assert not words.rect.colliderect(pilot.node("timeline/playhead").rect)
        for k, mark in enumerate(presentation.facts.marks):
            if mark.at <= pilot.session.playhead.at:
                assert not words.rect.colliderect(pilot.node(f"timeline/mark/{k}").rect)
    assert 9 <= said < 21
    assert pilot.tree.find("timeline/ahead") is None, "all of it has been played"


LEVELS = (((0, "a year"),), ((0, "a month"), (500, "b month")), tuple((k, f"{k} days") for k in range(0, 1_000, 50)))


@pytest.mark.parametrize(("pixels", "level"), [(3_000, 2), (300, 1), (60, 0)])
def test_the_finest_level_whose_words_do_not_touch_is_taken(pixels: int, level: int) -> None:
    scale = TimeScale(0, 1_000, 0, pixels)
    look = time_axis("axis", LEVELS, scale, pygame.Rect(0, 0, pixels, 20), U).key
    assert isinstance(look, TimeAxis)
    assert [words for _, words in look.ticks] == [words for _, words in LEVELS[level]]


def test_no_date_is_cut_by_the_edge() -> None:
    axis, left_out = TimeAxis(((10, "9 Sep"),), U), 0
    whole = 10 + round(5 * U) + width("9 Sep", SIZE + 2, "Medium")
    for right in range(10, 120):
        shown = axis.written(right)
        assert all(x + width(words, axis.size, "Medium") <= right for x, words in shown)
        left_out += not shown
    assert axis.written(whole)
    assert left_out


def test_of_a_level_that_never_fits_those_that_do_are_left() -> None:
    look = time_axis("axis", LEVELS[2:], TimeScale(0, 1_000, 0, 200), pygame.Rect(0, 0, 200, 20), U).key
    assert isinstance(look, TimeAxis)
    assert 1 < len(look.ticks) < 10
    for (x, one), (after, _) in zip(look.ticks, look.ticks[1:], strict=False):
        assert x + width(one, SIZE, "Medium") <= after
    empty = time_axis("axis", (), TimeScale(0, 1, 0, 9), pygame.Rect(0, 0, 9, 9), U).key
    assert isinstance(empty, TimeAxis)
    assert empty.ticks == ()


def test_a_bar_has_its_colour_once_it_is_over_and_nothing_of_it_is_later_than_the_playhead() -> None:
    presentation = present(data_file("umsatzwerk.toml"))
    pilot, first, last = (
        Pilot(presentation, (1280, 720), paused=True),
        presentation.facts.first,
        presentation.facts.last,
    )
    for share in (0.0, 0.1, 0.303, 0.5, 0.777, 1.0):
        pilot.run("to", first + round(share * (last - first)))
        node, playhead = pilot.node("timeline/bars"), pilot.node("timeline/playhead").rect.centerx
        look = node.key
        assert isinstance(look, Bars)
        ends = [node.rect.x + node.rect.w * (i + 1) // len(look.bars) for i in range(len(look.bars))]
        assert look.past == sum(end <= playhead for end in ends)
    assert look.past == len(look.bars), "at the end all are over"
