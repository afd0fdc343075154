"""Moments as a language writes them."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from babel.dates import format_datetime


def local(at: int, zone: tzinfo) -> datetime:
    """Local time of a moment in µs UTC, to the second."""
    return datetime.fromtimestamp(at // 1_000_000, UTC).astimezone(zone)


def written(moment: datetime, pattern: str, code: str) -> str:
    """A moment in a Unicode date pattern (LDML), with the names of months and days of a language."""
    return str(format_datetime(moment, pattern, locale=code))
