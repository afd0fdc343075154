"""In which currency the amounts of a file are: amounts in several are never added up."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from babel import Locale
from babel.numbers import list_currencies

from factoryview.language.said import said
from factoryview.sources.columns import headers
from factoryview.sources.columns.roles import Roles, listed
from factoryview.sources.reading import Reading
from factoryview.sources.table import RAW

_SIGNS = {
    "€": "EUR", "euro": "EUR", "euros": "EUR", "$": "USD", "us$": "USD", "dollar": "USD", "dollars": "USD", "£": "GBP",
    "¥": "JPY", "zł": "PLN", "kč": "CZK", "ft": "HUF", "fr": "CHF", "sfr": "CHF", "tl": "TRY", "₺": "TRY", "₽": "RUB",
    "₹": "INR", "rs": "INR", "r$": "BRL", "₩": "KRW", "₴": "UAH", "lei": "RON", "c$": "CAD", "a$": "AUD",
}  # fmt: skip
"""What people write for a currency; of signs that several share, the commonest."""
_COMMON = frozenset((*_SIGNS.values(), "SEK", "NOK", "DKK", "CNY", "SGD", "NZD", "ZAR", "MXN"))
"""Codes that are no other word of a header."""
_HEADERS = frozenset(
    ("currency", "currency code", "currency iso code", "deal currency", "ccy", "curr", "wahrung", "waehrung", "devise",
     "wahrungscode", "moneda", "divisa", "valuta", "waluta", "moeda", "mena", "para birimi", "валюта", "iso code")
)  # fmt: skip
_MOST = 30
"""More different texts than this are no currencies."""


def settle(reading: Reading, roles: Roles) -> str | None:
    """The currency (ISO 4217) of the amounts in `events`; None where nothing tells it.

    Where there are several, the events have no value any more, and the report says so. Attributes of a case have to
    be known (`keep_cases`), and the table of text has to be there.
    """
    if "value" not in roles.index:
        return None
    found = _named(roles.name("value")) | _beside(reading) | _written(reading, roles.column("value"))
    if len(found) > 1:
        reading.connection.execute("UPDATE events SET value = NULL")
        del roles.index["value"]
        text = said("reading.currencies", listed=listed(sorted(found)))
        reading.note("warning", "", text, said("reading.one_currency"))
    return next(iter(found)) if len(found) == 1 else None


def code_of(text: str) -> str | None:
    """The code of a currency as people write it.

    >>> code_of("€"), code_of("US$"), code_of("chf"), code_of("Fr."), code_of("ABC")
    ('EUR', 'USD', 'CHF', 'CHF', None)
    """
    plain = text.strip().strip(".").casefold()
    return _SIGNS.get(plain) or (plain.upper() if len(plain) == 3 and plain.upper() in _codes() else None)


def is_named(header: str) -> bool:
    """Whether a column or a field with this name says the currency of the amount beside it."""
    return headers.fold(header) in _HEADERS


@lru_cache(maxsize=1)
def _codes() -> frozenset[str]:
    return frozenset(list_currencies(Locale("en")))


def _named(header: str) -> set[str]:
    """The currency that a header says: `Amount (USD)`."""
    words = re.findall(r"[^\W\d_]+\$?|[€$£¥₺₽₹₩₴]", header)
    return {code for word in words[1:] if (code := code_of(word)) is not None and code in _COMMON}


def _beside(reading: Reading) -> set[str]:
    """The currencies in a column of their own, of the table or of the export it was made of."""
    questions = [
        f"SELECT DISTINCT trim(c{index}) FROM {RAW}"
        for index, name in enumerate(reading.table.names)
        if headers.fold(name) in _HEADERS
    ]
    questions += [
        f"SELECT DISTINCT trim(text) FROM ({attribute.query})"
        for attribute in reading.table.attributes
        if headers.fold(attribute.name) in _HEADERS
    ]
    return {code for question in questions for code in _coded(reading, question)}


def _written(reading: Reading, column: str) -> set[str]:
    """The currencies that stand beside the amounts in their cells."""
    beside = f"trim(regexp_replace({column}, '[-+0-9.,''’\\s\u00a0\u202f]', '', 'g'))"
    return _coded(reading, f"SELECT DISTINCT {beside} FROM {RAW} WHERE NOT regexp_full_match({column}, '[-+0-9.,]*')")


def _coded(reading: Reading, question: str) -> set[str]:
    rows: Iterable[tuple[str | None]] = reading.connection.execute(f"{question} LIMIT {_MOST}").fetchall()
    return {code for (text,) in rows if text and (code := code_of(text))}
