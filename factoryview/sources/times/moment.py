"""One moment out of a text, a number or a date: the same for a cell of a file and a field of a message."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo

from factoryview.sources.times import words
from factoryview.sources.times.grammar import EPOCH, SERIAL, SERIAL_DIGITS, Match, match, prepare

Order = Literal["ymd", "dmy", "mdy"]

EARLIEST, LATEST = "1900-01-01", "2100-01-01"
"""An event outside of these years is a mistake of the file."""
PIVOT = 69
"""Years of two figures from here on are of the last century."""
SCALES = ((1e8, 1e11, 1e6), (1e11, 1e14, 1e3), (1e14, 1e17, 1.0), (1e17, 4e18, 1e-3))
"""Numbers from … to … count seconds, milli-, micro- and nanoseconds: factor to microseconds."""
_SINCE = datetime(1970, 1, 1, tzinfo=UTC)
_SHEET = datetime(1899, 12, 30)


class OrderUnknown(ValueError):
    """Nobody said whether day or month comes first; one moment alone cannot tell for those that follow."""


def micros(value: datetime) -> int:
    """µs since 1970 UTC of a moment that knows its offset; OverflowError beyond what 64 bits hold."""
    return (value - _SINCE) // timedelta(microseconds=1)


def parse(text: str, order: Order | None = "dmy") -> datetime | None:
    """The moment a text names, with its offset if it names one; None if it is none.

    order: which of day, month and year comes first where only the numbers say. None: OrderUnknown is raised there,
    but for dates with dots, in which the day comes first everywhere.

    >>> parse("3 mars 2025 à 18h09"), parse("soon")
    (datetime.datetime(2025, 3, 3, 18, 9), None)
    """
    if text[4:5] == text[7:8] == "-" and text.isascii():
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
    text = prepare(text)
    found = match(text)
    if found is not None:
        return written(found, order)
    if (digits := EPOCH.fullmatch(text)) is not None:
        count = since_1970(float(digits[1]) if "." in digits[1] else int(digits[1]))
        return None if count is None else _SINCE + timedelta(microseconds=count)
    if (digits := SERIAL.fullmatch(text)) is not None:
        step = 1 if len(digits[2] or "") <= SERIAL_DIGITS else 1000
        return _SHEET + timedelta(seconds=round(float(f"{digits[1]}.{digits[2] or 0}") * 86_400 * step) / step)
    return None


def since_1970(value: int | float) -> int | None:
    """µs of a count of seconds, milli-, micro- or nanoseconds since 1970, told apart by its size; None for others."""
    for low, high, factor in SCALES:
        if low <= value < high:
            return round(value * factor) if isinstance(value, float) or factor < 1 else value * int(factor)
    return None


def written(found: Match, order: Order | None) -> datetime | None:
    """The moment that a matched text names; None where there is no such day or hour."""
    date = _date(found, order)
    if date is None:
        return None
    hour, fraction = found.hour or 0, found["f"][:6].ljust(6, "0")
    late = hour == 24 and not int(found["mi"] or 0) and not int(found["s"] or 0)
    try:
        value = datetime(*date, 0 if late else hour, int(found["mi"] or 0), int(found["s"] or 0), int(fraction or 0))
        return (value + timedelta(days=late)).replace(tzinfo=_zone(found))
    except (ValueError, OverflowError):
        return None


def _date(found: Match, order: Order | None) -> tuple[int, int, int] | None:
    if found.shape.worded:
        month = int(found["mon"]) if found["mon"].isdigit() else words.month(found["mon"])
        return None if month is None else (_year(found["y"]), month, int(found["d"]))
    a, b, c = found["a"], found["b"], found["c"]
    if order is None and len(a) <= 2 and found["s1"].strip() != ".":
        raise OrderUnknown(found.found[0])
    if len(a) == 4 or (order == "ymd" and len(c) <= 2):
        return _year(a), int(b), int(c)
    return (_year(c), int(a), int(b)) if order == "mdy" else (_year(c), int(b), int(a))


def _year(digits: str) -> int:
    return int(digits) if len(digits) > 2 else int(digits) + (2000 if int(digits) < PIVOT else 1900)


def _zone(found: Match) -> tzinfo | None:
    if found["off"]:
        return timezone(offset_of(found["off"]))
    if found["zone"]:
        return timezone(offset_of(words.ZONES[found["zone"]]))
    return ZoneInfo(words.regions()[found["region"]]) if found["region"] else None


def offset_of(text: str) -> timedelta:
    """The offset from UTC written as `+1`, `+01`, `+0100`, `+01:00`.

    >>> offset_of("-0330").total_seconds() / 3600
    -3.5
    """
    digits = text[1:].replace(":", "")
    digits = digits.zfill(2) if len(digits) <= 2 else digits.zfill(4)
    size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:4] or 0), seconds=int(digits[4:6] or 0))
    return -size if text[0] == "-" else size
