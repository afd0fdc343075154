"""Amounts written as text, with a decimal point or a decimal comma, with or without a currency."""

from __future__ import annotations

import re
from collections.abc import Iterable

from factoryview.sources.limits import LARGEST_AMOUNT

_COMMA = re.compile(r"[+-]?(\d{1,3}([. '’\u00a0\u202f]\d{3})+|\d+),\d+")
_POINT = re.compile(r"[+-]?(\d{1,3}([, '’\u00a0\u202f]\d{3})+|\d+)\.\d+")
_DOTS = re.compile(r"[+-]?\d{1,3}(\.\d{3})+")
_COMMAS = re.compile(r"[+-]?\d{1,3}(,\d{3})+")


def decimal_comma(values: Iterable[str], delimiter: str = ",") -> bool:
    """Whether the comma is the decimal sign of these amounts; `1.234` alone is told by the file's delimiter.

    >>> decimal_comma(["1.234,50", "7"]), decimal_comma(["1,234.50"])
    (True, False)
    """
    comma = point = dots = commas = 0
    for value in values:
        text = re.sub(r"[^\d.,+\-'’ \u00a0\u202f]", "", value).strip()
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
    return delimiter == ";" and dots > commas


def sql(column: str, comma: bool) -> str:
    """A DOUBLE, null where the text is no finite number. Spaces, thousands signs and currencies are dropped."""
    text = f"regexp_replace({column}, '[^0-9.,+\\-]', '', 'g')"
    if comma:
        amount = f"try_cast(replace(replace({text}, '.', ''), ',', '.') AS DOUBLE)"
    else:
        amount = f"coalesce(try_cast({column} AS DOUBLE), try_cast(replace({text}, ',', '') AS DOUBLE))"
    return f"CASE WHEN abs({amount}) <= {LARGEST_AMOUNT:.0f} THEN {amount} END"
