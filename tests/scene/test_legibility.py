"""What can be read from where: the arithmetic, and what the check finds in real drawings."""

from __future__ import annotations

from dataclasses import replace
from math import atan2, degrees, hypot, pi

import pygame
import pytest

from factoryview.scene.floor.camera import Camera
from factoryview.scene.legibility import (
    Viewing,
    alike_colours,
    draw,
    faint_texts,
    meanings,
    small_texts,
)
from factoryview.scene.painter import Painter
from factoryview.scene.picture import Moment
from factoryview.scene.text import Page, Written, font, put, recording, render, stamp
from factoryview.scene.theme import Theme
from factoryview.scene.themes import DAY, NIGHT
from factoryview.scene.ui.composition import composed
from tests.kit.small_plants import jammed, kept, presentation_of

MEASURED = {
    (55, 5): (3.4, 4.2), (55, 8): (5.4, 6.8), (65, 5): (2.9, 3.6), (65, 8): (4.6, 5.8),
    (75, 5): (2.5, 3.1), (75, 8): (4.0, 5.0), (86, 5): (2.2, 2.7), (86, 8): (3.5, 4.3),
}  # fmt: skip
"""Diagonal in inches, distance in metres → height of capitals for 16′ and 20′, in per cent of the screen's height."""
LONG = "Widerspruchsverfahrensstelle"
WORDS = pygame.Rect(0, 0, 400, 60)
both = pytest.mark.parametrize("theme", [NIGHT, DAY], ids=lambda theme: theme.name)


def surface() -> pygame.Surface:
    ground = pygame.Surface((400, 200))
    ground.fill((10, 20, 30))
    return ground


def line(text: str, size: int, colour: tuple[int, int, int] = (255, 255, 255)) -> Written:
    return Written(text, size, colour, (0, 0, 0), pygame.Rect(5, 6, 50, size), pygame.Rect(0, 0, 99, 99))


@pytest.mark.parametrize(("inches", "metres"), MEASURED)
def test_capitals_are_as_high_as_the_table_of_measured_screens_says(inches: int, metres: int) -> None:
    viewing = Viewing(inches, metres)
    for arc, share in zip((16, 20), MEASURED[inches, metres], strict=True):
        assert 100 * viewing.capitals(arc) == pytest.approx(share, abs=0.051)


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 1024)])
def test_the_angle_is_that_of_a_triangle_on_the_screen(size: tuple[int, int]) -> None:
    wide, high = size
    viewing = Viewing(55, 4, wide / high)
    inches_per_pixel = 55 / hypot(wide, high)
    capital = 30 * 0.7 * inches_per_pixel * 0.0254
    assert viewing.arc(30, high) == pytest.approx(2 * degrees(atan2(capital / 2, 4)) * 60)
    assert viewing.arc(viewing.smallest_text(20) / 0.7 * high, high) == pytest.approx(20)
    assert viewing.smallest_text() == pytest.approx(
        16 / 60 * pi / 180 * 4 / (high * inches_per_pixel * 0.0254), rel=1e-4
    )


@pytest.mark.parametrize("size", [20, 50, 120])
def test_capitals_are_seven_tenths_of_the_size_of_the_face(size: int) -> None:
    ink = font(size).render("H", True, (255, 255, 255)).get_bounding_rect()
    assert ink.h / size == pytest.approx(0.7, abs=1.2 / size)


def test_what_is_written_is_told_with_size_place_and_ground() -> None:
    ground = surface()
    with recording() as page:
        assert put(ground, "Offer", WORDS, (200, 210, 220), largest=30, align="left")
    [written] = page.written
    assert (written.text, written.size, written.colour, written.ground) == ("Offer", 30, (200, 210, 220), (10, 20, 30))
    changed = pygame.mask.from_threshold(ground, (10, 20, 30), (1, 1, 1, 255))
    changed.invert()
    [shape] = [pygame.Rect(box) for box in [changed.get_bounding_rects()[0].unionall(changed.get_bounding_rects())]]
    assert written.ink == shape


def test_two_lines_are_told_as_two_and_what_has_no_room_as_left_out() -> None:
    with recording() as page:
        put(surface(), "Determine confirmation", pygame.Rect(0, 0, 130, 60), (255, 255, 255), largest=26)
        assert not put(surface(), "Determine", pygame.Rect(0, 0, 40, 60), (255, 255, 255), largest=26, smallest=20)
    assert [written.text for written in page.written] == ["Determine", "confirmation"]
    assert page.left_out == [("Determine", pygame.Rect(0, 0, 40, 60))]


def test_nothing_is_told_when_nobody_asks() -> None:
    with recording() as page:
        pass
    put(surface(), "Offer", WORDS, (255, 255, 255), largest=30)
    stamp(surface(), render("Offer", 30, (255, 255, 255)), (0, 0))
    assert not page.written


def test_ink_beyond_its_clip_is_known() -> None:
    ground = surface()
    ground.set_clip((0, 0, 40, 60))
    with recording() as page:
        put(ground, "Approval", WORDS, (255, 255, 255), largest=40, align="left")
    assert not page.written[0].clip.contains(page.written[0].ink)


def test_small_text_is_told_once_with_what_it_needs_and_how_to_cure_it() -> None:
    page = Page([line("Ø 3 d", 15), line("Ø 3 d", 15), line("192", 60)], [("Lost", pygame.Rect(1, 2, 3, 4))])
    viewing = Viewing(55, 2)
    small, lost = small_texts(page, 1080, viewing)
    assert small.place == 'text "Ø 3 d" at 5,6'
    assert f"{viewing.arc(15, 1080):.1f}′" in small.found
    assert "15 px" in small.found
    assert "(21 px)" in small.found
    metres = float(small.cure.split()[2])
    inches = int(small.cure.split()[-3].rstrip("″"))
    assert Viewing(55, metres).arc(15, 1080) >= 16 > Viewing(55, metres + 0.1).arc(15, 1080)
    assert Viewing(inches, 2).arc(15, 1080) >= 16 > Viewing(inches - 1, 2).arc(15, 1080)
    assert "Lost" in lost.place


def test_faint_text_is_told() -> None:
    [faint] = faint_texts(Page([line("grey", 20, (90, 90, 90)), line("white", 20)]))
    assert '"grey"' in faint.place
    assert "3.0:1" in faint.found


@both
def test_the_colours_that_carry_meaning_are_apart_for_everybody(theme: Theme) -> None:
    channels = {f"c{i}": i for i in range(len(theme.hues))}
    assert not list(alike_colours(theme, channels))
    assert len(list(meanings(theme, channels))) > 30


def test_red_beside_green_is_told_with_whom_it_concerns() -> None:
    bad = replace(NIGHT, hues=((200, 90, 60), (120, 130, 40)))
    found = [problem for problem in alike_colours(bad, {"Ads": 0, "Web": 1}) if "alarm" not in problem.place]
    [problem] = found
    assert problem.place == "theme night, channel Ads and channel Web"
    assert "without green cones" in problem.found


def test_a_hue_used_twice_is_told_for_everybody() -> None:
    [problem] = alike_colours(NIGHT, {"Ads": 0, "Web": len(NIGHT.hues)})
    assert "anybody (ΔE 0)" in problem.found


def with_label(moment: Moment, label: str) -> Moment:
    """The moment with another name on its second station."""
    stations = moment.floor.stations
    renamed = (stations[0], replace(stations[1], label=label), *stations[2:])
    return replace(moment, floor=replace(moment.floor, stations=renamed))


def test_a_floor_with_too_small_a_text_is_caught() -> None:
    presentation = presentation_of(jammed())
    moment = with_label(presentation.moment(presentation.model.worst_moment(), 86_400e6), LONG)
    page = draw(presentation.facts, moment, (1920, 1080), NIGHT)
    [written] = [line for line in page.written if line.text.startswith(LONG[:9])]
    far = Viewing(55, 1.02 * Viewing(55, 1).arc(written.size, 1080) / 16)
    told = [problem for problem in small_texts(page, 1080, far) if LONG[:9] in problem.place]
    assert len(told) == 1
    near = Viewing(55, 0.95 * far.distance)
    assert not [problem for problem in small_texts(page, 1080, near) if LONG[:9] in problem.place]


@pytest.mark.parametrize("metres", [1.0, 1.4, 2.5, 5.0])
@pytest.mark.parametrize("zoom", [2.0, 1.0, 0.6, 0.3])
def test_what_could_not_be_read_from_there_is_hidden_not_shrunk(metres: float, zoom: float) -> None:
    """On the floor; the frame around it has sizes of its own."""
    presentation = kept("jammed")
    facts = presentation.facts
    moment = with_label(presentation.moment(presentation.model.worst_moment(), 86_400e6), LONG)
    viewing = Viewing(55, metres)
    camera = Camera.fit(facts.floor.plan, composed((1920, 1080)).view)
    camera = replace(camera, k=camera.k * zoom)
    with recording() as page:
        painter = Painter(facts, NIGHT, smallest_text=viewing.smallest_text())
        painter.paint(pygame.Surface((1920, 1080)), moment, camera)
    words = [written for written in page.written if camera.view.contains(written.ink)]
    names = {station.label for station in moment.floor.stations} | {station.count for station in moment.floor.stations}
    words = [written for written in words if written.text in names]
    assert words or zoom * 2 < metres or zoom > 1, "at twice the size the stations may lie beside the view"
    assert min((viewing.arc(written.size, 1080) for written in words), default=16) >= 15.6
    if metres * 0.4 > zoom:
        assert page.left_out
