"""Units of time and every conversion: moments are µs since 1970 UTC; hours only inside numeric kernels, named `…_h`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

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


def ahead_of_utc(zone: tzinfo, since: int, until: int) -> list[tuple[int, int]]:
    """How much local time is ahead of UTC in [since, until], µs: from when on, and by how much, in order of time.

    One entry where the clock is never changed, and one more for each change, found to the second. Changes that are
    undone within a day of 86400 s after `since` are not seen.
    """

    def ahead(at: int) -> int:
        return span_of(utc(at).astimezone(zone).utcoffset() or timedelta())

    found = [(since, ahead(since))]
    for begin in range(since, until, DAY):
        end = min(begin + DAY, until)
        before, after = found[-1][1], ahead(end)
        if before == after:
            continue
        while end // SECOND - begin // SECOND > 1:
            middle = (begin + end) // 2 // SECOND * SECOND
            begin, end = (middle, end) if ahead(middle) == before else (begin, middle)
        found.append((end // SECOND * SECOND, after))
    return found
