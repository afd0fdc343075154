"""Spans of the calendar as text: a day, a week, a month, a quarter, a year, or from one day to another."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from factoryview.sources import times
from factoryview.sources.names import clean
from factoryview.sources.times import words

_FIRST, _LAST = datetime.fromisoformat(times.EARLIEST), datetime.fromisoformat(times.LATEST)
_WEEKS = r"(?:kw|cw|wk|week|woche|semaine|semana|settimana|sem|uge|vecka|tydzie[nń]|t[yý]den|неделя|нед|w|s|v)\.?"
_WEEK = re.compile(
    rf"(?P<y>\d{{4}})[ \-/]*{_WEEKS}[ \-]*(?P<w>\d{{1,2}})"
    rf"|{_WEEKS}[ \-]*(?P<w2>\d{{1,2}})[ \-/.,']*(?P<y2>\d{{4}}|\d{{2}})"
    rf"|(?P<w3>\d{{1,2}})\. ?{_WEEKS}[ ,]*(?P<y3>\d{{4}})"
)
_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})|(\d{1,2})[-/.](\d{4})")
_NAMED = re.compile(
    r"(?P<m>[^\W\d_]{3,14})\.?[ \-/.,']*(?P<y>\d{4}|\d{2})|(?P<y2>\d{4})[ \-/.,]*(?P<m2>[^\W\d_]{3,14})\.?"
)
_QUARTERS = r"(?:q|t|qu|quartal|quarter|trimestre|trim|kv|kwartal|кв|квартал)\.?"
_QUARTER = re.compile(
    rf"(\d{{4}})[ \-/]*{_QUARTERS}[ ]?([1-4])|{_QUARTERS}[ ]?([1-4])[ \-/']*(\d{{4}}|\d{{2}})"
    rf"|([1-4])\.? ?{_QUARTERS}[ \-/']*(\d{{4}}|\d{{2}})"
)
_HALF = re.compile(r"(\d{4})[ \-/]*h([12])|h([12])[ \-/']*(\d{4})|([12])\. ?(?:halbjahr|half|hj)[ \-/]*(\d{4})")
_YEAR = re.compile(r"(19|20)\d{2}")
_BETWEEN = re.compile(
    r" (?:-|to|bis|until|till|au|a|al|tot|do) |\s*/\s*|\s+-\s+|(?<=[\d.])\s*-\s*(?=\d{1,2}\.\d)|\.\.+"
)


def calendar_span(text: str) -> tuple[datetime, datetime] | None:
    """The week, month, quarter, half or year a text names, as naive start and end; None if it names none.

    >>> calendar_span("2025-W14")[0].date().isoformat(), calendar_span("Q2 2025")[1].date().isoformat()
    ('2025-03-31', '2025-07-01')
    >>> calendar_span("Jan 2023")[1].date().isoformat(), calendar_span("06.01.2025 - 12.01.2025")[1].date().isoformat()
    ('2023-02-01', '2025-01-13')
    """
    text = " ".join(clean(text).lower().replace("–", "-").replace("—", "-").replace("’", "'").split())
    if not text or len(text) > 60 or not any(map(str.isdigit, text)):
        return None
    try:
        span = _of_calendar(text) or _between(text)
    except (ValueError, OverflowError):
        return None
    return span if span and span[0] >= _FIRST and span[1] <= _LAST else None


def _of_calendar(text: str) -> tuple[datetime, datetime] | None:
    if match := _WEEK.fullmatch(text):
        year, week = _year(match["y"] or match["y2"] or match["y3"]), int(match["w"] or match["w2"] or match["w3"])
        start = datetime.fromisocalendar(year, week, 1)
        return start, start + timedelta(days=7)
    if match := _QUARTER.fullmatch(text):
        year = _year(match[1] or match[4] or match[6])
        start = datetime(year, 3 * int(match[2] or match[3] or match[5]) - 2, 1)
        return start, _months_on(start, 3)
    if match := _HALF.fullmatch(text):
        start = datetime(_year(match[1] or match[4] or match[6]), 6 * int(match[2] or match[3] or match[5]) - 5, 1)
        return start, _months_on(start, 6)
    if match := _MONTH.fullmatch(text):
        start = datetime(int(match[1] or match[4]), int(match[2] or match[3]), 1)
        return start, _months_on(start, 1)
    if match := _NAMED.fullmatch(text):
        number = words.month(match["m"] or match["m2"])
        if number is not None:
            start = datetime(_year(match["y"] or match["y2"]), number, 1)
            return start, _months_on(start, 1)
    if _YEAR.fullmatch(text):
        return datetime(int(text), 1, 1), datetime(int(text) + 1, 1, 1)
    return None


def _between(text: str) -> tuple[datetime, datetime] | None:
    """From one day to another, that one included; the first may leave the year to the second."""
    for sign in _BETWEEN.finditer(text):
        first, last = text[: sign.start()].strip(), text[sign.end() :].strip()
        end = times.parse(last)
        if end is None or end.tzinfo is not None:
            continue
        start = times.parse(first) or times.parse(f"{first.rstrip('.')}.{end.year}")
        if start is not None and start.tzinfo is None and start <= end and end - start < timedelta(days=400):
            return start, end + timedelta(days=1)
    return None


def _year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _months_on(start: datetime, months: int) -> datetime:
    month = start.month - 1 + months
    return start.replace(year=start.year + month // 12, month=month % 12 + 1)
