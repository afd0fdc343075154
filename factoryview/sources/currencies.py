"""In which currency the amounts of a file are: amounts in several are never added up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

import duckdb
from babel import Locale
from babel.numbers import list_currencies

from factoryview.language.said import said
from factoryview.sources.columns import headers
from factoryview.sources.columns.roles import Roles, listed
from factoryview.sources.reading import Reading
from factoryview.sources.table import RAW, TextTable

_SIGNS = {
    "€": "EUR", "euro": "EUR", "euros": "EUR", "$": "USD", "us$": "USD", "dollar": "USD", "dollars": "USD", "£": "GBP",
    "¥": "JPY", "zł": "PLN", "kč": "CZK", "ft": "HUF", "fr": "CHF", "sfr": "CHF", "tl": "TRY", "₺": "TRY", "₽": "RUB",
    "₹": "INR", "rs": "INR", "r$": "BRL", "₩": "KRW", "₴": "UAH", "lei": "RON", "c$": "CAD", "a$": "AUD",
}  # fmt: skip
"""What people write for a currency; of signs that several share, the commonest."""
_COMMON = frozenset((*_SIGNS.values(), "SEK", "NOK", "DKK", "CNY", "SGD", "NZD", "ZAR", "MXN"))
"""Codes that are no other word of a header."""
_HEADERS = frozenset(
    ("currency", "currency code", "whg", "wkz", "wkz umsatz", "wahrungskennzeichen", "transaction currency",
      "currency iso code", "deal currency", "ccy", "curr", "wahrung", "waehrung", "devise",
     "wahrungscode", "moneda", "divisa", "valuta", "waluta", "moeda", "mena", "para birimi", "валюта", "iso code")
)  # fmt: skip
MOST = 30
"""More different texts than this are no currencies."""


def settle(reading: Reading, roles: Roles) -> str | None:
    """The currency (ISO 4217) of the amounts in `events`; None where nothing tells it.

    Where there are several, the events have no value any more, and the report says so. Attributes of a case have to
    be known (`keep_cases`), and the table of text has to be there.
    """
    if "value" not in roles.index:
        return None
    con = reading.connection
    found = of_column(con, RAW, reading.table, roles.index["value"]) | _exported(reading)
    if len(found) > 1:
        con.execute("UPDATE events SET value = NULL")
        del roles.index["value"]
        reading.note(
            "warning", "", said("reading.currencies", listed=listed(sorted(found))), said("reading.one_currency")
        )
    return next(iter(found)) if len(found) == 1 else None


def of_column(con: duckdb.DuckDBPyConnection, source: str, table: TextTable, value: int) -> set[str]:
    """The currencies of the amounts in a column of a table of text: by its header, in its cells, in a column beside.

    source: the name that the table has now.
    """
    names = table.names
    columns = [index for index, name in enumerate(names) if is_named(name) or _holds_codes(table.sample[index])]
    beside = [f"SELECT DISTINCT trim(c{index}) FROM {source}" for index in columns]
    found = {code for question in beside for code in _coded(con, question)}
    return found | named(names[value]) | _written(con, source, f"c{value}")


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


def _holds_codes(texts: Sequence[str]) -> bool:
    """Whether a column has the codes of currencies and nothing else, whatever it is called."""
    found = {text.strip() for text in texts} - {""}
    return bool(found) and len(found) <= MOST and all(len(text) == 3 and code_of(text) in _COMMON for text in found)


def named(header: str) -> set[str]:
    """The currency that a header says: `Amount (USD)`."""
    words = re.findall(r"[^\W\d_]+\$?|[€$£¥₺₽₹₩₴]", header)
    return {code for word in words[1:] if (code := code_of(word)) is not None and code in _COMMON}


def _exported(reading: Reading) -> set[str]:
    """The currencies in a column of the export that the table was made of."""
    questions = [
        f"SELECT DISTINCT trim(text) FROM ({attribute.query})"
        for attribute in reading.table.attributes
        if is_named(attribute.name)
    ]
    return {code for question in questions for code in _coded(reading.connection, question)}


def _written(con: duckdb.DuckDBPyConnection, source: str, column: str) -> set[str]:
    """The currencies that stand beside the amounts in their cells."""
    beside = f"trim(regexp_replace({column}, '[-+0-9.,''’\\s\u00a0\u202f]', '', 'g'))"
    return _coded(con, f"SELECT DISTINCT {beside} FROM {source} WHERE NOT regexp_full_match({column}, '[-+0-9.,]*')")


def _coded(con: duckdb.DuckDBPyConnection, question: str) -> set[str]:
    return coded(con.execute(f"{question} LIMIT {MOST}").fetchall())


def coded(rows: Iterable[tuple[str | None]]) -> set[str]:
    """The currencies that texts name."""
    return {code for (text,) in rows if text and (code := code_of(text))}
