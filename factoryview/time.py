"""Units of time and every conversion: moments are µs since 1970 UTC; hours only inside numeric kernels, named `…_h`."""

from __future__ import annotations

from datetime import UTC, datetime

SECOND = 1_000_000
"""One second in µs, the unit of every moment and span outside numeric kernels."""
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY

DAY_H = 24.0
"""One day in hours."""
WEEK_H = 7 * DAY_H


def hours_of(moment: datetime) -> float:
    """Hours since 1970 UTC; a naive moment is UTC."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() / 3600


def moment_of(hours: float) -> datetime:
    """The inverse of `hours_of`, to the second."""
    return datetime.fromtimestamp(round(hours * 3600), UTC)


def micros_of(hours: float) -> int:
    """µs since 1970 UTC of hours since 1970 UTC; or a span of hours in µs."""
    return round(hours * HOUR)
