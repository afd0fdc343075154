"""Moments as people type them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from factoryview.errors import UsageError


def parse_moment(text: str, first: int, last: int, timezone: str) -> int:
    """A moment in µs since 1970 UTC.

    `2025-06-18`, `2025-06-18 14:20`, `2025-06-18T14:20:00+02:00` (without an offset: local time of the plant),
    `start`, `end`, or a share of the log from 0 to 1 such as `0.54`. Raises UsageError for anything else.
    """
    word = text.strip()
    if word in ("start", "end"):
        return first if word == "start" else last
    try:
        share = float(word)
    except ValueError:
        pass
    else:
        if 0 <= share <= 1:
            return first + round(share * (last - first))
    try:
        moment = datetime.fromisoformat(word)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(timezone))
        if not 1900 <= moment.year <= 2100:
            raise ValueError("no log reaches there")
        return round(moment.timestamp() * 1_000_000)
    except (ValueError, OverflowError):
        raise UsageError(
            f'"{text}" is no moment. Write "2025-06-18 14:20", "start", "end", or a share of the log like 0.54.'
        ) from None
