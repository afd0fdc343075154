"""Where a plant stands, as the offsets from UTC in its file tell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from factoryview.sources import times

_OFFSET = re.compile(r".*\d([+-])(\d{2}):?(\d{2})\s*$", re.DOTALL)
_ZONES = (
    "Europe/Berlin", "Europe/London", "Europe/Helsinki", "America/New_York", "America/Chicago", "America/Denver",
    "America/Los_Angeles", "Europe/Moscow", "Asia/Dubai", "Asia/Kolkata", "Asia/Shanghai", "Asia/Tokyo",
    "Australia/Sydney", "Pacific/Auckland", "America/Sao_Paulo", "Asia/Karachi", "Asia/Dhaka", "Asia/Bangkok",
    "America/Halifax", "Australia/Brisbane",
)  # fmt: skip
"""One for each pair of offsets in summer and winter that many people live by, the likelier before those alike."""
_FEWEST, _AGREE = 5, 0.98
_MOST = 1000
"""So many moments are looked at, evenly chosen of all that are given."""


def likely(texts: Sequence[str]) -> str | None:
    """The IANA zone whose offsets the moments carry; None where they carry none, only that of UTC, or no zone's.

    >>> likely(["2025-01-07T09:00:00+01:00"] * 5 + ["2025-07-07T09:00:00+02:00"] * 5)
    'Europe/Berlin'
    """
    chosen = texts[:: -(-len(texts) // _MOST)] if texts else ()
    found = [pair for text in chosen if (pair := _offset(text)) is not None]
    if len(found) < _FEWEST or not any(offset for _, offset in found):
        return None
    for name in _ZONES:
        zone = ZoneInfo(name)
        right = sum(moment.astimezone(zone).utcoffset() == offset for moment, offset in found)
        if right >= _AGREE * len(found):
            return name
    return None


def _offset(text: str) -> tuple[datetime, timedelta] | None:
    match = _OFFSET.fullmatch(text)
    moment = times.parse(text) if match else None
    if match is None or moment is None:
        return None
    size = timedelta(hours=int(match[2]), minutes=int(match[3]))
    return moment.replace(tzinfo=UTC), size if match[1] == "+" else -size
