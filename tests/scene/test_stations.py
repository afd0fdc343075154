"""A station laid over belts from its picture is the station that is painted where it stands."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pygame
import pytest

from factoryview.scene.art.art import Art
from factoryview.scene.art.raster import opaque
from factoryview.scene.floor.stations import Mouth, StationLook, paint_station
from factoryview.scene.picture import StationNow
from factoryview.scene.text import recording
from factoryview.scene.themes import NIGHT
from factoryview.scene.ui.look import Canvas

NOW = StationNow("Vollständigkeit", "checklist", "slow", "17", rates="3/day", busy=0.4, people=2, vacancies=1)
SIZE = (340, 300)


def look(now: StationNow = NOW, at: tuple[int, int] = (50, 60)) -> tuple[StationLook, pygame.Rect]:
    hall = pygame.Rect(at, (236, 172))
    ports = (Mouth("left", (hall.x, hall.centery), 0, 32), Mouth("top", (hall.centerx, hall.y), 2, 22))
    rect = pygame.Rect(hall.x, hall.y - 36, hall.w, hall.h + 36)
    return StationLook("x", now, hall, ports, 1.0, 25.0), rect


def painted(
    now: StationNow, at: tuple[int, int], art: Art, *, told: bool
) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    surface = opaque(SIZE)
    surface.fill((40, 60, 80))
    station, rect = look(now, at)
    surface.set_clip(rect)
    if told:
        with recording() as page:
            station.paint(Canvas(surface, surface, art), rect)
        assert {"17", "3/day"} & {line.text for line in page.written}
    else:
        station.paint(Canvas(surface, surface, art), rect)
    return pygame.surfarray.array3d(surface).astype(np.int64)


@pytest.mark.parametrize("at", [(50, 60), (71, 83)])
def test_both_are_the_same_pixels_but_for_rounding(at: tuple[int, int]) -> None:
    art = Art(NIGHT)
    found, expected = painted(NOW, at, art, told=False), painted(NOW, at, art, told=True)
    off = np.abs(found - expected)
    assert off.max() <= 32, "only half transparent edges are rounded twice"
    assert (off > 4).mean() < 0.002
    assert np.abs(found - np.array((40, 60, 80))).max() > 100


def test_what_changes_is_painted_again_what_moves_is_not() -> None:
    art = Art(NIGHT)
    first = painted(NOW, (50, 60), art, told=False)
    kept = {name: list(pictures) for name, pictures in art._latest.items()}
    assert np.array_equal(painted(NOW, (71, 83), art, told=False)[71:307, 47:255], first[50:286, 24:232])
    assert {name: list(pictures) for name, pictures in art._latest.items()} == kept
    assert not np.array_equal(painted(replace(NOW, count="18"), (50, 60), art, told=False), first)


@pytest.mark.parametrize("k", [0.42, 0.83, 1.0, 1.9])
@pytest.mark.parametrize("calm", [True, False])
def test_a_station_that_works_is_other_pixels_only_where_it_says_so(k: float, calm: bool) -> None:
    """And not all of it, or nothing would be gained."""
    first = replace(NOW, dress="calm" if calm else "alarm", leading=not calm, count="8")
    later = [{"frame": 1}, {"frame": 2, "count": "9,999"}, {"busy": 0.0}, {"count": "1,234,567"}, {"dim": True},
             {"busy": 1.0, "frame": 3, "count": "0", "low": False}]  # fmt: skip
    art, size = Art(NIGHT), (round(340 * k), round(320 * k))
    hall = pygame.Rect(round(50 * k), round(90 * k), round(236 * k), round(172 * k))
    rect = pygame.Rect(hall.x, hall.y - round(46 * k), hall.w, hall.h + round(46 * k))

    def shown(station: StationLook) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
        surface = opaque(size)
        surface.fill((40, 60, 80))
        station.paint(Canvas(surface, surface, art), rect)
        return pygame.surfarray.array3d(surface)

    stations = [StationLook("x", replace(first, **change), hall, (), k, 25.0 * k) for change in ({}, *later)]
    for was, now in pairwise(stations):
        off = (shown(was) != shown(now)).any(axis=2)
        places = [place.clip(rect) for place in now.differing(rect, was)]
        for place in places:
            off[place.left : place.right, place.top : place.bottom] = False
        assert not off.any()
        assert sum(place.w * place.h for place in places) < 0.8 * rect.w * rect.h
    assert list(stations[0].differing(rect, replace(stations[0], now=replace(first, rates="4/day")))) == [rect]


def written(now: StationNow, k: float = 1.0, smallest: float = 25.0) -> list[str]:
    """What is written on a station at a scale."""
    surface, hall = opaque((400, 300)), pygame.Rect(60, 60, round(236 * k), round(172 * k))
    with recording() as page:
        paint_station(surface, hall, now, Art(NIGHT), smallest=smallest)
    return [line.text for line in page.written]


def test_a_name_too_long_for_its_sign_is_said_in_fewer_words() -> None:
    now = StationNow("Determine confirmation of receipt", "checklist", "calm", "17",
                     shorter=("Determine confirmation", "Determine"))  # fmt: skip
    assert {"Determine confirmation of receipt"} == {" ".join(written(now, smallest=14.0)[:-1])}
    assert {"Determine", "confirmation", "17"} == set(written(now, smallest=38.0))
    assert {"Determine", "17"} == set(written(replace(now, shorter=now.shorter[1:]), smallest=38.0))
    assert [word for word in written(replace(now, shorter=()), smallest=38.0) if "…" in word]


def test_a_machine_that_is_well_says_what_it_does_to_those_who_step_near() -> None:
    now = StationNow("Offer", "checklist", "calm", "17", rates="3/day · Ø 2 d", code="T06")
    assert "T06 · 3/day · Ø 2 d" in written(now, smallest=18.0), "near by with the log's own code"
    assert {"Offer", "17"} == set(written(now))
    assert "3/day · Ø 2 d" in written(replace(now, dress="slow"))
    assert "as of 14:32" in written(replace(now, old="as of 14:32"))
    assert "3/day · Ø 2 d" in written(replace(now, dress="slow"), smallest=30.0), "as large as it has to be"
    assert {"Offer", "17"} == set(written(replace(now, dress="slow"), smallest=48.0))


def test_a_line_that_is_too_long_is_said_in_fewer_letters() -> None:
    said = {"rates": "12,345/day · Ø 1,200 d 23 h 59 min", "rates_in_short": "12,345/day"}
    now = StationNow("Offer", "checklist", "slow", "17", code="T06", **said)
    assert "12,345/day" in written(now)
    assert "1,200" not in " ".join(written(now))


@pytest.mark.parametrize(
    ("name", "k"), [("Antragsteller", 0.82), ("Vollständigkeit", 0.82), ("Completeness check", 0.92)]
)
def test_a_name_is_parted_before_it_is_cut_where_two_rows_just_find_room(name: str, k: float) -> None:
    rows = [text for text in written(StationNow(name, "checklist", "calm", "17"), k, smallest=43.0) if text != "17"]
    assert len(rows) == 2
    assert "".join(row.removesuffix("-") for row in rows).replace(" ", "") == name.replace(" ", "")


@pytest.mark.parametrize(("busy", "lit"), [(0.0, 0), (0.05, 1), (0.25, 1), (0.4, 2), (1.0, 4)])
@pytest.mark.parametrize(("now", "below"), [(NOW, 82), (replace(NOW, label="Offer", dress="calm"), 150)])
def test_as_many_lamps_or_windows_are_lit_as_places_are_taken(
    now: StationNow, below: int, busy: float, lit: int
) -> None:
    surface, hall = opaque((400, 300)), pygame.Rect(60, 60, 236, 172)
    paint_station(surface, hall, replace(now, busy=busy), Art(NIGHT), smallest=25.0)
    row = [tuple(surface.get_at((x, 60 + below))[:3]) == NIGHT.lamp for x in range(60, 296)]
    panes = sum(after and not before for before, after in pairwise([False, *row]))
    assert panes == lit


@pytest.mark.parametrize("low", [False, True])
def test_a_machine_rises_above_its_roof_unless_a_belt_lies_there(low: bool) -> None:
    surface, hall = opaque((400, 300)), pygame.Rect(60, 60, 236, 172)
    paint_station(surface, hall, replace(NOW, people=0, vacancies=0, low=low), Art(NIGHT), smallest=25.0)
    above = pygame.surfarray.array3d(surface)[60:296, :60]
    assert (above.max() > 0) is not low


def test_a_bay_is_lit_while_its_machine_has_work() -> None:
    art, hall = Art(NIGHT), pygame.Rect(60, 60, 236, 172)

    def brightness(busy: float) -> float:
        surface = opaque((400, 300))
        paint_station(surface, hall, replace(NOW, busy=busy, vacancies=0), art, smallest=25.0)
        return float(pygame.surfarray.array3d(surface)[65:157, 65:130].mean())

    assert brightness(0.25) > brightness(0.0)
    assert brightness(1.0) == brightness(0.25)
