"""One moment as a message says it, in microseconds since 1970 UTC."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from factoryview.language.said import said
from factoryview.sources import times
from factoryview.sources.times import EARLIEST, LATEST, Order, OrderUnknown
from factoryview.sources.times.moment import micros, since_1970

_FIRST, _LAST = (micros(datetime.fromisoformat(f"{day}T00:00Z")) for day in (EARLIEST, LATEST))
_CLOCKS_DIFFER = 5 * 60_000_000
"""µs by which the clocks of two computers may differ without anybody noticing."""


def is_blank(value: object) -> bool:
    """Whether a value stands for nothing."""
    return value is None or (isinstance(value, str) and times.is_blank(value))


def moment_of(value: object, zone: ZoneInfo, arrived: int, order: Order | None = None) -> int:
    """µs UTC of a date or moment, written as files may write it; ValueError, with the reason, for anything else.

    Written without an offset it is in `zone`. In the hour that the clocks of autumn show twice it is the later of
    the two, as DuckDB reads files, unless it would then be said before it happened (it arrived at `arrived`, µs): then
    the earlier. In the hour of spring that does not exist it is as if the clocks had not been set. order: which of day
    and month comes first in 03/04/2026, which nobody can tell from one message; with dots it is the day.

    >>> moment_of("1970-01-01 01:00:01", ZoneInfo("Europe/Berlin"), 0)
    1000000
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float | date):
        raise ValueError(said("trouble.no_moment", value=_shown(value)))
    found = _number(value) if isinstance(value, int | float) else _date(value, zone, arrived, order)
    if not _FIRST <= found < _LAST:
        raise ValueError(said("trouble.outside", value=_shown(value)))
    return found


def _number(value: int | float) -> int:
    found = since_1970(value)
    if found is None:
        raise ValueError(said("trouble.no_epoch", value=str(value)))
    return found


def _date(value: str | date, zone: ZoneInfo, arrived: int, order: Order | None) -> int:
    if isinstance(value, str):
        try:
            read = times.parse(value, order)
        except OrderUnknown:
            raise ValueError(said("trouble.no_order", value=_shown(value))) from None
        if read is None:
            key = "trouble.no_year_like" if times.lacks_year(value) else "trouble.no_moment_like"
            raise ValueError(said(key, value=_shown(value)))
        value = read
    elif not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    return micros(value) if value.tzinfo is not None else _local(value, zone, arrived)


def _local(value: datetime, zone: ZoneInfo, arrived: int) -> int:
    earlier, later = (micros(value.replace(tzinfo=zone, fold=fold)) for fold in (0, 1))
    return later if earlier < later <= arrived + _CLOCKS_DIFFER else earlier


def _shown(value: object) -> str:
    text = str(value)
    return f'"{text[:40]}…"' if len(text) > 40 else f'"{text}"'
