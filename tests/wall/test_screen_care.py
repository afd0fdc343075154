"""Drift against burn-in, dark hours, and the theme of the hour."""

from __future__ import annotations

import itertools
from datetime import datetime, time

from factoryview.plant.wall_file import DisplayRule
from factoryview.wall.screen_care import drift_at, is_dark, theme_at


def test_the_picture_visits_every_place_within_its_reach_by_single_pixels() -> None:
    places = [drift_at(minute * 60.0, 3) for minute in range(2 * 48 + 1)]
    assert {(x, y) for x in range(-3, 4) for y in range(-3, 4)} == set(places)
    for before, after in itertools.pairwise(places):
        assert abs(before[0] - after[0]) + abs(before[1] - after[1]) == 1
    assert places[0] == places[-1]
    assert {drift_at(seconds, 0) for seconds in (0.0, 1e9)} == {(0, 0)}
    assert drift_at(59.9, 3) == drift_at(0.0, 3)


def test_dark_hours_may_reach_past_midnight() -> None:
    rule = DisplayRule(dark_hours=(time(20), time(6)))
    dark = {hour for hour in range(24) if is_dark(rule, datetime(2026, 3, 2, hour))}
    assert dark == {20, 21, 22, 23, 0, 1, 2, 3, 4, 5}
    assert not is_dark(DisplayRule(), datetime(2026, 3, 2, 23))


def test_the_theme_of_the_hour() -> None:
    assert [theme_at("auto", datetime(2026, 3, 2, hour)) for hour in (6, 7, 18, 19)] == ["night", "day", "day", "night"]
    assert theme_at("day", datetime(2026, 3, 2, 3)) == "day"
