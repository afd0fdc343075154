"""Numbers, money, dates and durations in both languages."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from babel.dates import format_datetime
from hypothesis import given
from hypothesis import strategies as st

from factoryview.language import CODES, Code, Language
from factoryview.language.dates import written
from factoryview.language.durations import fitting
from factoryview.language.numbers import digits_of_rate

SECOND = 1_000_000
MINUTE, HOUR, DAY = 60 * SECOND, 3600 * SECOND, 86_400 * SECOND
DE, EN = Language("de", "Europe/Berlin"), Language("en", "Europe/Berlin")
JUNE = round(datetime(2025, 6, 18, 12, 20, 5, tzinfo=UTC).timestamp()) * SECOND


@pytest.mark.parametrize(
    ("value", "digits", "german", "english"),
    [
        (1234.5, 1, "1.234,5", "1,234.5"),
        (1234.5, 0, "1.234", "1,234"),
        (0, 0, "0", "0"),
        (2.0, 1, "2", "2"),
        (-1234567, 0, "-1.234.567", "-1,234,567"),
    ],
)
def test_numbers(value: float, digits: int, german: str, english: str) -> None:
    assert (DE.number(value, digits), EN.number(value, digits)) == (german, english)


@pytest.mark.parametrize(("value", "said"), [(9.94, "9.9"), (9.95, "10"), (12.4, "12"), (0.05, "0.1")])
def test_rates_are_whole_from_ten_up(value: float, said: str) -> None:
    assert EN.rate(value) == said
    assert EN.number(value, digits_of_rate(value)) == said


def test_a_rate_of_next_to_nothing_is_not_said_to_be_nothing() -> None:
    assert (EN.rate(0.03), DE.rate(0.03), EN.rate(0.0)) == ("<0.1", "<0,1", "0")


@pytest.mark.parametrize(
    "pattern", ["HH:mm", "EEE d MMM y · HH:mm", "d.M. HH:mm:ss", "'um' HH:mm", "HH:mm 'Uhr'", "H:mm"]
)
def test_a_clock_is_what_the_standard_says_of_its_pattern(pattern: str) -> None:
    for moment in (datetime(2025, 6, 18, 4, 5, 9), datetime(2024, 2, 29, 0, 0), datetime(2025, 12, 31, 23, 59, 59)):
        for code in ("de", "en"):
            assert written(moment, pattern, code) == format_datetime(moment, pattern, locale=code)


def test_money_percent_and_clock() -> None:
    assert (DE.money(1234567.5), EN.money(1234567.5)) == ("1.234.568 €", "1,234,568 €")
    assert Language("en", currency="USD").money(3) == "3 $"
    assert (DE.money(-1250), EN.money(-0.4)) == ("−1.250 €", "0 €")
    assert (DE.percent(0.354), EN.percent(0.354)) == ("35 %", "35%")
    assert (DE.clock(JUNE), EN.clock(JUNE)) == ("Mi. 18.06.2025 · 14:20", "Wed 18 Jun 2025 · 14:20")
    assert DE.clock(JUNE, seconds=True) == "Mi. 18.06.2025 · 14:20:05"
    assert (DE.date(JUNE, "date.long"), EN.date(JUNE, "date.long")) == ("18. Juni 2025", "18 June 2025")
    assert (DE.date(JUNE, "date.day"), EN.date(JUNE, "date.day")) == ("18. Juni", "18 Jun")


@pytest.mark.parametrize(
    ("span", "short", "german", "english"),
    [
        (6.2 * DAY, "6,2 d", "6 Tagen", "6 days"),
        (DAY, "1 d", "1 Tag", "1 day"),
        (1.4 * DAY, "1,4 d", "1 Tag", "1 day"),
        (35 * DAY, "35 d", "35 Tagen", "35 days"),
        (23.9 * HOUR, "1 d", "1 Tag", "1 day"),
        (20 * HOUR, "20 h", "20 Std.", "20 h"),
        (90 * MINUTE, "1,5 h", "2 Std.", "2 h"),
        (45 * SECOND, "45 s", "45 s", "45 s"),
        (0, "0 s", "0 s", "0 s"),
    ],
)
def test_durations(span: float, short: str, german: str, english: str) -> None:
    assert (DE.duration(span), DE.since(span), EN.since(span)) == (short, german, english)


@given(st.floats(0, 1e18))
def test_a_duration_has_at_least_nearly_one_of_its_unit_and_less_than_one_of_the_next(span: float) -> None:
    sizes = {"days": DAY, "hours": HOUR, "minutes": MINUTE, "seconds": SECOND}
    unit, count = fitting(span)
    assert count == span / sizes[unit]
    assert unit == "seconds" or count >= 0.995
    above = [size for size in sizes.values() if size > sizes[unit]]
    assert not above or span < 0.995 * min(above)


@pytest.mark.parametrize("code", CODES)
@given(n=st.floats(0, 1e6), digits=st.integers(0, 2))
def test_a_count_is_written_as_its_number_with_the_form_of_it(code: Code, n: float, digits: int) -> None:
    language = Language(code)
    said = language.count("cases.count", n, digits=digits)
    assert said.startswith(language.number(n, digits) + " ")
    one = {"de": "Fall", "en": "case"}[code]
    assert (said.split()[-1] == one) == (language.number(n, digits) == "1")


def test_local_time_is_the_plants() -> None:
    assert Language("en", "Asia/Tokyo").clock(JUNE) == "Wed 18 Jun 2025 · 21:20"
    assert Language("en").moment(JUNE).hour == 12
    assert EN.moment(JUNE).utcoffset() != Language("en").moment(JUNE).utcoffset()


def test_nothing_has_no_sign_whoever_asked_before() -> None:
    """Minus nothing is equal to nothing, so that one kept for the other would show its sign."""
    for value in (-0.0, 0.0, 0, -0.001):
        assert [Language(code).number(value) for code in CODES] == ["0", "0"]
