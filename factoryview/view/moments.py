"""Moments as people type them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from factoryview.errors import UsageError
from factoryview.language.said import said
from factoryview.time import micros_of

_SPAN = re.compile(r"(\d{4})(?:-(\d{2}))?")


def parse_span(text: str, first: int, last: int, timezone: str) -> tuple[int, int]:
    """A span as [since, until), µs since 1970 UTC: a month `2025-03`, a year `2025`, or two moments like
    `2025-03-01..2025-03-31` (a day at its end is part of it). Raises UsageError for anything else.
    """
    word, zone = text.strip(), ZoneInfo(timezone)
    month = _SPAN.fullmatch(word)
    begin, dots, end = word.partition("..")
    if month and 1900 <= int(month[1]) <= 2100 and 1 <= int(month[2] or 1) <= 12:
        year, number = int(month[1]), int(month[2] or 1)
        since = datetime(year, number, 1, tzinfo=zone)
        after = year * 12 + number if month[2] else (year + 1) * 12
        until = datetime(after // 12, after % 12 + 1, 1, tzinfo=zone)
        return micros_of(since), micros_of(until)
    if not dots:
        raise UsageError(said("error.no_span", text=text))
    since_at, until_at = parse_moment(begin, first, last, timezone), parse_moment(end, first, last, timezone)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", end.strip()):
        day = datetime.fromisoformat(end.strip()) + timedelta(days=1)
        until_at = micros_of(day.replace(tzinfo=zone))
    if until_at <= since_at:
        raise UsageError(said("error.ends_first", text=text))
    return since_at, until_at


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
        raise UsageError(said("error.no_moment", text=text)) from None
