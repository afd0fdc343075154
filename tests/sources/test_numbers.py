"""Amounts with a point or a comma."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factoryview.sources import numbers

CON = duckdb.connect()


def read(values: list[str], delimiter: str = ",") -> list[float | None]:
    sql = numbers.sql("x", numbers.decimal_comma(values, delimiter))
    return [CON.execute(f"SELECT {sql} FROM (SELECT ? AS x)", [v]).fetchone()[0] for v in values]  # type: ignore[index]


@pytest.mark.parametrize(
    ("values", "delimiter", "expected"),
    [
        (["1.234,50", "7"], ";", [1234.5, 7.0]),
        (["1,234.50", "-7"], ",", [1234.5, -7.0]),
        (["1.234", "12.500"], ";", [1234.0, 12500.0]),
        (["1.234", "0.5"], ";", [1.234, 0.5]),
        (["€ 1.234.567,00"], ";", [1234567.0]),
        (["$1,234"], ",", [1234.0]),
        (["1 234,5 EUR"], ";", [1234.5]),
        (["USD 1200", "USD 950"], ",", [1200.0, 950.0]),
        (["1.200 €", "950 €"], ",", [1200.0, 950.0]),
        (["1.200", "9.500"], ",", [1.2, 9.5]),
        (["Fr. 1'200.50", "Fr. 80.00"], ",", [1200.5, 80.0]),
        (["Rs. 500", "kr. 1.250,00"], ";", [500.0, 1250.0]),
        (["1e3", "nan", "inf", "", "-"], ",", [1000.0, None, None, None, None]),
    ],
)
def test_styles(values: list[str], delimiter: str, expected: list[float | None]) -> None:
    assert read(values, delimiter) == expected


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=5))
def test_german_and_english_writing_agree(cents: list[int]) -> None:
    english = [f"{c / 100:,.2f}" for c in cents]
    german = [e.translate(str.maketrans(",.", ".,")) for e in english]
    assert read(english) == read(german, ";") == [c / 100 for c in cents]
