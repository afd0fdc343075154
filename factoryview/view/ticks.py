"""The dates under a timeline: where they stand, in words."""

from __future__ import annotations

from datetime import datetime

from factoryview.language import Language
from factoryview.scene.charts.scale import Unit, levels


def micros(at: datetime, language: Language) -> int:
    local = at if at.tzinfo else at.replace(tzinfo=language.zone)
    return round(local.timestamp() * 1e6)


def tick_levels(first: int, last: int, language: Language) -> tuple[tuple[tuple[int, str], ...], ...]:
    """Round local times from `first` to `last` (µs UTC) as they are written, in levels, the coarsest first."""
    return tuple(
        tuple((at, language.date(at, _pattern(language.moment(at), step.unit))) for at in ticks)
        for step, ticks in levels(first, last, language.zone)
    )


def _pattern(local: datetime, unit: Unit) -> str:
    """The key of the pattern: what begins something larger is written as that."""
    if unit in ("hour", "minute"):
        return "date.day" if (local.hour, local.minute) == (0, 0) else "date.time"
    if unit == "day":
        return "date.day"
    return "date.year" if unit == "year" or local.month == 1 else "date.month"
