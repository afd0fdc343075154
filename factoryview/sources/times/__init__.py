"""Moments written as text. One grammar of shapes serves the files, whose columns become SQL, and single messages."""

from __future__ import annotations

from factoryview.sources.times.grammar import BLANKS, is_blank, lacks_year
from factoryview.sources.times.moment import EARLIEST, LATEST, Order, OrderUnknown, parse
from factoryview.sources.times.style import TimeStyle, detect, looks_like_time

__all__ = [
    "BLANKS", "EARLIEST", "LATEST", "OPEN_YEAR", "Order", "OrderUnknown", "TimeStyle", "detect", "is_blank",
    "lacks_year", "looks_like_time", "parse",
]  # fmt: skip

OPEN_YEAR = 2050
"""An end in this year or later means: not ended."""
