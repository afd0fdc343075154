"""Which dates stand under a timeline, and how they are written."""

from __future__ import annotations

import math
from datetime import datetime

from factoryview.language import Language
from factoryview.time import DAY, HOUR


def micros(at: datetime, language: Language) -> int:
    local = at if at.tzinfo else at.replace(tzinfo=language.zone)
    return round(local.timestamp() * 1e6)


def tick_moments(first: int, last: int, language: Language) -> list[tuple[int, str]]:
    """Local midnights (or hours) to write under the timeline, about fourteen at most, and the key of their pattern."""
    span = last - first
    begin = language.moment(first)
    found: list[tuple[int, str]] = []
    if span <= 2 * DAY:
        hour = begin.replace(minute=0, second=0, microsecond=0)
        step = max(1, math.ceil(span / HOUR / 12)) * HOUR
        at = micros(hour, language)
        while at <= last:
            if at >= first:
                found.append((at, "date.time"))
            at += step
        return found
    if span <= 45 * DAY:
        step = max(1, math.ceil(span / DAY / 12)) * DAY
        at = micros(begin.replace(hour=0, minute=0, second=0, microsecond=0), language)
        while at <= last:
            if at >= first:
                found.append((at, "date.day"))
            at += step
        return found
    months = max(1, math.ceil(span / (30.4 * DAY) / 14))
    months = next((m for m in (1, 2, 3, 6, 12) if m >= months), 12 * math.ceil(months / 12))
    year, month = begin.year, 1
    while True:
        at = micros(datetime(year, month, 1), language)
        if at > last:
            return found
        if at >= first:
            found.append((at, "date.year" if month == 1 or months >= 12 else "date.month"))
        month += months
        year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
