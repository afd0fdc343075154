"""Options of a picture, understood: theme, size, screen and viewers."""

from __future__ import annotations

from factoryview.cli.options import Picture, Pixels
from factoryview.scene.legibility import Viewing
from factoryview.scene.painter import SMALLEST_TEXT
from factoryview.scene.theme import Theme
from factoryview.scene.themes import THEMES
from factoryview.scene.ui.composition import composed

FULL_HD: Pixels = (1920, 1080)
"""The size of a picture of which none was said."""


def theme_of(picture: Picture) -> Theme:
    """The theme that was said; by night unless something else was."""
    return THEMES[picture.theme_name or "night"]


def viewing_of(picture: Picture, size: Pixels) -> Viewing | None:
    """The screen and its viewers, if both were said. size: pixels, for the screen's shape."""
    return Viewing(*picture.place, size[0] / size[1]) if picture.place else None


def smallest_text(picture: Picture, size: Pixels) -> float:
    """The least size of text that can be read from where the viewers are, as a share of the picture's height."""
    viewing = viewing_of(picture, size)
    return viewing.smallest_text() if viewing else SMALLEST_TEXT


def aspect_of(size: Pixels) -> float:
    """Width ÷ height of the part of a screen that the floor fills."""
    return composed(size).aspect
