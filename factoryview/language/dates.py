"""Moments as a language writes them."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale


def local(at: int, zone: tzinfo) -> datetime:
    """Local time of a moment in µs UTC, to the second."""
    return datetime.fromtimestamp(at // 1_000_000, UTC).astimezone(zone)


def written(moment: datetime, pattern: str, code: str) -> str:
    """A moment in a Unicode date pattern (LDML), with the names of months and days of a language."""
    head, clock, seconds = pattern.partition("HH:mm")
    if clock and seconds in ("", ":ss") and not _TIME & set(head):  # in a replay it is another text in every frame
        return (written(moment, head, code) if head else "") + f"{moment:{'%H:%M:%S' if seconds else '%H:%M'}}"
    to_the_minute = moment if "s" in pattern else moment.replace(second=0)
    whole = to_the_minute if _TIME & set(pattern) else to_the_minute.replace(hour=0, minute=0)
    return _written(whole.replace(tzinfo=None), pattern, code)


_TIME = frozenset("aHhKkms")
"""Letters of a pattern that write a time of day; in a word they do no harm."""


@lru_cache(maxsize=1024)
def _written(moment: datetime, pattern: str, code: str) -> str:
    """moment: no finer than what is written of it, so that it is asked for again."""
    from babel.dates import format_datetime

    return str(format_datetime(moment, pattern, locale=_locale(code)))


@cache
def _locale(code: str) -> Locale:
    """Read once: a clock that plays is another text in every frame."""
    from babel import Locale

    return Locale.parse(code)
