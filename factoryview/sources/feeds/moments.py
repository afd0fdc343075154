"""One moment as a message says it, in microseconds since 1970 UTC."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from factoryview.sources.times import BLANKS, EARLIEST, LATEST

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_GERMAN = re.compile(
    r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:,?[ T]+(\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?))?(?:\s*Uhr)?", re.I
)
_DIGITS = re.compile(r"\d{9,19}(\.\d+)?")
_FIRST, _LAST = (int((datetime.fromisoformat(f"{day}T00:00Z") - _EPOCH).total_seconds()) for day in (EARLIEST, LATEST))
_CLOCKS_DIFFER = 5 * 60_000_000
"""µs by which the clocks of two computers may differ without anybody noticing."""
_SCALES = ((1e8, 1e11, 1e6), (1e11, 1e14, 1e3), (1e14, 1e17, 1.0), (1e17, 4e18, 1e-3))
"""Numbers from … to … count seconds, milli-, micro- and nanoseconds: factor to microseconds."""


def is_blank(value: object) -> bool:
    """Whether a value stands for nothing."""
    return value is None or (isinstance(value, str) and value.strip().lower() in BLANKS)


def moment_of(value: object, zone: ZoneInfo, arrived: int) -> int:
    """µs UTC of a date or moment; ValueError, with the reason, for anything else.

    Written without an offset it is in `zone`. In the hour that the clocks of autumn show twice it is the later of
    the two, as DuckDB reads files, unless it would then be said before it happened (it arrived at `arrived`, µs): then
    the earlier. In the hour of spring that does not exist it is as if the clocks had not been set.

    >>> moment_of("1970-01-01 01:00:01", ZoneInfo("Europe/Berlin"), 0)
    1000000
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float | date):
        raise ValueError(f"{_shown(value)} is no moment")
    found = _number(value) if isinstance(value, int | float) else _date(value, zone, arrived)
    if not _FIRST <= found / 1e6 < _LAST:
        raise ValueError(f"{_shown(value)} is outside of the years 1900 to 2100")
    return found


def _number(value: int | float) -> int:
    for low, high, factor in _SCALES:
        if low <= value < high:
            return round(value * factor) if isinstance(value, float) or factor < 1 else value * int(factor)
    raise ValueError(f"{value} is no count of seconds or milliseconds since 1970")


def _date(value: str | date, zone: ZoneInfo, arrived: int) -> int:
    if isinstance(value, str):
        text = value.strip()
        if _DIGITS.fullmatch(text) and not (len(text) == 14 and text[:2] in ("19", "20")):
            return _number(float(text) if "." in text else int(text))
        value = _parsed(text)
    if not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    return _micros(value) if value.tzinfo is not None else _local(value, zone, arrived)


def _parsed(text: str) -> datetime:
    german = _GERMAN.fullmatch(text)
    try:
        if german:
            clock = (german[4] or "00:00").replace(",", ".").zfill(5)
            clock = clock if clock[1] != ":" else "0" + clock
            return datetime.fromisoformat(f"{german[3]}-{german[2]:0>2}-{german[1]:0>2}T{clock}")
        text = re.sub(r"\s+(?=[+-]\d\d|z$|utc$|gmt$)", "", text, flags=re.I)
        return datetime.fromisoformat(re.sub(r"(?:utc|gmt)$", "Z", text, flags=re.I))
    except ValueError:
        raise ValueError(f"{_shown(text)} is no moment; write it like 2026-03-31T14:00:00+02:00") from None


def _local(value: datetime, zone: ZoneInfo, arrived: int) -> int:
    earlier, later = (_micros(value.replace(tzinfo=zone, fold=fold)) for fold in (0, 1))
    return later if earlier < later <= arrived + _CLOCKS_DIFFER else earlier


def _micros(value: datetime) -> int:
    try:
        return (value - _EPOCH) // timedelta(microseconds=1)
    except OverflowError:
        raise ValueError(f"{value} is outside of the years 1900 to 2100") from None


def _shown(value: object) -> str:
    text = str(value)
    return f'"{text[:40]}…"' if len(text) > 40 else f'"{text}"'
