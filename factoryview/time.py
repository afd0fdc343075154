"""Units of time and every conversion: moments are µs since 1970 UTC; hours only inside numeric kernels."""

from __future__ import annotations

from datetime import UTC, datetime


def hours_of(moment: datetime) -> float:
    """Hours since 1970 UTC; a naive moment is UTC."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() / 3600


def moment_of(hours: float) -> datetime:
    """The inverse of `hours_of`, to the second."""
    return datetime.fromtimestamp(round(hours * 3600), UTC)
