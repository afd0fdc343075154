"""Numbers and money as a language writes them."""

from __future__ import annotations

from functools import lru_cache
from math import floor, log10

_LARGEST = 10**18
_COMPACT = 10**6


def decimal(value: float, digits: int, code: str) -> str:
    """Grouped, with at most so many digits after the point: 1.234,5 or 1,234.5."""
    return _written(round(_bounded(value), digits) or 0, code)  # nothing has no sign


WHOLE = 9.95
"""From here on a rate is written in whole numbers."""


def digits_of_rate(value: float) -> int:
    """Digits after the point with which a rate is written: none from ten up, one below."""
    return 0 if value >= WHOLE else 1


def money(value: float, currency: str, code: str) -> str:
    """Whole units of a currency (ISO 4217): `−1.250 €`."""
    from babel.numbers import format_currency

    written = format_currency(round(_bounded(value)), currency, "#,##0 ¤", locale=code, currency_digits=False)
    return str(written).replace("-", "−")


def money_in_short(value: float, currency: str, code: str) -> str:
    """An amount as a table has room for it: three digits that count, millions as such: `170.000 €`, `8,94 Mio. €`."""
    from babel.numbers import format_compact_decimal, get_currency_symbol

    value = _bounded(value)
    size = floor(log10(abs(value))) if value else 0
    rounded = round(value, 2 - size)
    if abs(rounded) < _COMPACT:
        return money(rounded, currency, code)
    digits = max(0, 2 - floor(log10(abs(rounded))) % 3)
    written = format_compact_decimal(rounded, locale=code, fraction_digits=digits)
    return f"{written} {get_currency_symbol(currency, locale=code)}".replace("-", "−")


@lru_cache(maxsize=4096)
def _written(value: float, code: str) -> str:
    from babel.numbers import format_decimal

    return str(format_decimal(value, locale=code))


def _bounded(value: float) -> float:
    """No further from zero than a picture has room for and Babel can round."""
    return min(max(value, -_LARGEST), _LARGEST)
