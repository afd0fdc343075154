"""What keeps a display well for months: the picture drifts, and is dark when it should be. Pure functions of time."""

from __future__ import annotations

from datetime import datetime, time
from typing import Literal

from factoryview.plant.wall_file import DisplayRule
from factoryview.scene.theme import ThemeName

_EVERY = 60.0
"""Seconds for which the picture stands before it drifts by a pixel."""
_DAY = (time(7), time(19))
"""When the theme `auto` is that of the day."""


def drift_at(seconds: float, most: int) -> tuple[int, int]:
    """By how many pixels the picture is moved, at most `most` each way: it walks a spiral of rows through all places,
    one pixel a minute, and back.
    """
    if most <= 0:
        return 0, 0
    side = 2 * most + 1
    steps = 2 * (side * side - 1)
    step = int(seconds // _EVERY) % steps
    step = min(step, steps - step)
    row, column = divmod(step, side)
    return (column if row % 2 == 0 else side - 1 - column) - most, row - most


def is_dark(rule: DisplayRule, local: datetime) -> bool:
    """Whether these are dark hours."""
    return rule.dark_hours is not None and _within(local.time(), *rule.dark_hours)


def theme_at(said: ThemeName | Literal["auto"], local: datetime) -> ThemeName:
    """The theme of a local moment. said: as the wall file has it."""
    if said == "auto":
        return "day" if _within(local.time(), *_DAY) else "night"
    return said


def _within(at: time, since: time, until: time) -> bool:
    return since <= at < until if since < until else at >= since or at < until
