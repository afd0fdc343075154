"""Moments that lie far from all others: typing errors in the year, and dates that stand for none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

import duckdb

_FAR = 3
"""So many times longer than all the others last is the gap to a moment that lies far away,"""
_YEARLY = timedelta(days=300)
"""and not less than this."""
_SHARE, _ROWS = 0.02, 3
"""More than this part of the moments, and more than so many, are no mistakes."""
_FEWEST = 10
"""Of fewer moments nobody can say which are the mistakes."""
PLACEHOLDERS = ("1899-12-30", "1899-12-31", "1900-01-01", "1904-01-01", "1970-01-01", "1753-01-01", "1980-01-01")
"""What software writes where there is no date; a third of all rows may have it."""


@dataclass(frozen=True)
class Bounds:
    """First and last moment of all that are no mistakes; None where there is no mistake on that side."""

    low: datetime | None = None
    high: datetime | None = None

    def sql(self, column: str) -> str:
        """The condition that a moment lies beyond; null moments do not."""
        parts = []
        if self.low is not None:
            parts.append(f"{column} < TIMESTAMP '{self.low}'")
        if self.high is not None:
            parts.append(f"{column} > TIMESTAMP '{self.high}'")
        return f"coalesce({' OR '.join(parts)}, false)" if parts else "false"

    def beyond(self, moment: datetime) -> bool:
        """Whether a moment is a mistake."""
        return (self.low is not None and moment < self.low) or (self.high is not None and moment > self.high)


def find(connection: duckdb.DuckDBPyConnection, moments: str) -> Bounds:
    """The bounds of the moments `t` (UTC, without nulls) of a query."""
    [(total, first, last)] = connection.execute(f"SELECT count(*), min(t), max(t) FROM ({moments})").fetchall()
    if total < _FEWEST or last - first < _YEARLY:
        return Bounds()
    [((early, late),)] = connection.execute(f"SELECT approx_quantile(t, [0.05, 0.95]) FROM ({moments})").fetchall()
    if last - first < _YEARLY + _FAR * (late - early):
        return Bounds()
    most = max(min(_ROWS, total // 10), int(_SHARE * total))
    placeholders = ", ".join(f"DATE '{day}'" for day in PLACEHOLDERS)
    query = f"SELECT t FROM ({moments}) WHERE NOT (t::DATE IN ({placeholders}) AND t < TIMESTAMP '{early}') ORDER BY t"
    lows = [row[0] for row in connection.execute(f"{query} LIMIT {most + 1}").fetchall()]
    highs = [row[0] for row in connection.execute(f"{query} DESC LIMIT {most + 1}").fetchall()]
    if not lows:
        return Bounds()
    span = highs[-1] - lows[-1]
    low = _edge([*([first] if first < lows[0] else []), *lows], span)
    high = _edge(highs, span)
    return Bounds(low, high)


def _edge(moments: list[datetime], span: timedelta) -> datetime | None:
    """The first of the moments, from the outside inwards, behind the last wide gap."""
    gap = max(_YEARLY, _FAR * abs(span))
    edge = None
    for outer, inner in pairwise(moments):
        if abs(inner - outer) > gap:
            edge = inner
    return edge
