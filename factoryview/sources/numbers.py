"""Amounts written as text, with a decimal point or a decimal comma, with or without a currency."""

from __future__ import annotations

import re
from collections.abc import Iterable

from factoryview.sources.limits import LARGEST_AMOUNT

_COMMA = re.compile(r"[+-]?(\d{1,3}([. '’\u00a0\u202f]\d{3})+|\d+),\d+")
_POINT = re.compile(r"[+-]?(\d{1,3}([, '’\u00a0\u202f]\d{3})+|\d+)\.\d+")
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}((,\d{3})+|(\.\d{3})+)")
_DOTS = re.compile(r"[+-]?\d{1,3}(\.\d{3})+")
_COMMAS = re.compile(r"[+-]?\d{1,3}(,\d{3})+")
_PRICE = re.compile(r"([^\d\s.,+-]*)\.?\s*([+-]?[\d.,'’ \u00a0\u202f]*\d)\s*([^\d\s.,+-]*)\.?")
_MONEY = frozenset(
    (
        *("€", "$", "£", "¥", "₺", "₽", "₹", "₩", "₴", "zł", "Kč", "kr", "Fr", "SFr", "US$", "R$", "C$", "A$", "Euro"),
        *("EUR", "USD", "GBP", "JPY", "PLN", "CZK", "HUF", "CHF", "TRY", "RUB", "INR", "BRL", "KRW", "UAH", "RON"),
        *("CAD", "AUD", "SEK", "NOK", "DKK", "CNY", "SGD", "NZD", "ZAR", "MXN"),
    )
)
"""What stands beside an amount of money, written as it is there: "Top 5" and "Try 2" are no amounts."""


def amount(text: str) -> str:
    """The digits of an amount of money, without its currency; any other text as it is.

    >>> amount("USD 1200"), amount("1.200 €"), amount("Fr. 1'200.50"), amount("-5"), amount("Room 7")
    ('1200', '1.200', "1'200.50", '-5', 'Room 7')
    """
    found = _PRICE.fullmatch(text.strip())
    if found is None or not {found[1], found[3]} <= {"", *_MONEY} or (found[1] and found[3]):
        return text
    return found[2]


def decimal_comma(values: Iterable[str], delimiter: str = ",") -> bool:
    """Whether the comma is the decimal sign of these amounts; `1.234` alone is told by the file's delimiter.

    >>> decimal_comma(["1.234,50", "7"]), decimal_comma(["1,234.50"])
    (True, False)
    """
    comma = point = dots = commas = priced = 0
    for value in values:
        bare = amount(value)
        priced += bare != value and _DOTS.fullmatch(bare) is not None
        text = re.sub(r"[^\d.,+\-'’ \u00a0\u202f]", "", bare).strip()
        if _COMMAS.fullmatch(text):
            commas += 1
        elif _DOTS.fullmatch(text):
            dots += 1
        elif _COMMA.fullmatch(text):
            comma += 1
        elif _POINT.fullmatch(text):
            point += 1
    if comma or point:
        return comma > point
    if dots and any(v.count(".") > 1 for v in values):
        return True
    if priced and not commas:  # money has two digits behind its point, never three
        return True
    return delimiter == ";" and dots > commas


def grouped(values: Iterable[str]) -> bool:
    """Whether all amounts with a sign in them are whole numbers, with one sign between thousands: `1,234` beside
    `950`, or `1.234.567`. Where all have three digits behind one sign, these may as well be decimals.

    >>> grouped(["1,234", "950"]), grouped(["1.234.567", "1.200"]), grouped(["1,234", "0.5"]), grouped(["950"])
    (True, True, False, False)
    >>> grouped(["12.000", "15.250"]), grouped(["1,234", "1.234", "7"])
    (False, False)
    """
    bare = [value.strip() for value in values]
    signed = [value for value in bare if "," in value or "." in value]
    if not signed or not all(_GROUPED.fullmatch(value) for value in signed):
        return False
    sure = any(re.fullmatch(r"\d{1,3}", value) for value in bare) or any(len(re.findall("[.,]", v)) > 1 for v in signed)
    return sure and len({sign for value in signed for sign in ",." if sign in value}) == 1


def sql(column: str, comma: bool) -> str:
    """A DOUBLE, null where the text is no finite number. Spaces, thousands signs and currencies are dropped."""
    spelled = f"regexp_replace({column}, '\\p{{L}}+\\.', '', 'g')"  # "Fr. 5" is not ".5"
    text = f"regexp_replace({spelled}, '[^0-9.,+\\-]', '', 'g')"
    if comma:
        amount = f"try_cast(replace(replace({text}, '.', ''), ',', '.') AS DOUBLE)"
    else:
        amount = f"coalesce(try_cast({column} AS DOUBLE), try_cast(replace({text}, ',', '') AS DOUBLE))"
    return f"CASE WHEN abs({amount}) <= {LARGEST_AMOUNT:.0f} THEN {amount} END"
