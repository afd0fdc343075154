"""Options of a picture, understood: theme, screen and viewers, and what a language is for a plant."""

from __future__ import annotations

from factoryview.cli.options import Picture, Pixels
from factoryview.errors import UsageError
from factoryview.scene.legibility import Viewing
from factoryview.scene.theme import DAY, NIGHT, Theme
from factoryview.scene.ui.composition import composed

FULL_HD: Pixels = (1920, 1080)
"""The size of a picture of which none was said."""


def theme_of(name: str | None) -> Theme:
    """The theme of that name; by night unless something else was said."""
    if name not in (None, "night", "day"):
        raise UsageError(f'--theme {name}: use "night" or "day".')
    return DAY if name == "day" else NIGHT


def viewing_of(picture: Picture, size: Pixels) -> Viewing | None:
    """The screen and its viewers, if both were said. size: pixels, for the screen's shape."""
    screen, distance = picture.screen, picture.distance
    if screen is None and distance is None:
        return None
    if screen is None or distance is None:
        raise UsageError("give both: --screen INCHES and --distance METRES.")
    if not (1 <= screen <= 1_000 and 0.1 <= distance <= 100):
        raise UsageError(f"--screen {screen:g} --distance {distance:g}: use 1 to 1000 inches and 0.1 to 100 metres.")
    return Viewing(screen, distance, size[0] / size[1])


def aspect_of(size: Pixels) -> float:
    """Width ÷ height of the part of a screen that the floor fills."""
    floor = composed(size).floor
    return floor.w / floor.h
