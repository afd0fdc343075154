"""Units of time and every conversion: moments are µs since 1970 UTC; hours only inside numeric kernels, named `…_h`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

SECOND = 1_000_000
"""One second in µs, the unit of every moment and span outside numeric kernels."""
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY

DAY_H = 24.0
"""One day in hours, the unit inside numeric kernels."""
WEEK_H = 7 * DAY_H

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micros_of(moment: datetime) -> int:
    """µs since 1970 UTC, exactly; a naive moment is UTC.

    >>> micros_of(datetime(1970, 1, 2, microsecond=7)) == DAY + 7
    True
    """
    return span_of((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _EPOCH)


def utc(at: int) -> datetime:
    """The moment of µs since 1970 UTC, exactly: the inverse of `micros_of`."""
    return _EPOCH + timedelta(microseconds=at)


def span_of(span: timedelta) -> int:
    """A span in µs, cut to whole ones."""
    return span // timedelta(microseconds=1)


def hours_of(moment: datetime) -> float:
    """Hours since 1970 UTC; a naive moment is UTC."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() / 3600


def moment_of(hours: float) -> datetime:
    """The inverse of `hours_of`, to the second."""
    return datetime.fromtimestamp(round(hours * 3600), UTC)


def micros_of_hours(hours: float) -> int:
    """µs of hours since 1970 UTC, or of a span of hours."""
    return round(hours * HOUR)
