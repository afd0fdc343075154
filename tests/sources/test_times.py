"""Every way of writing a moment becomes the same moment in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factoryview.sources import times

CON = duckdb.connect()


def parsed(values: list[str], zone: str = "UTC") -> list[datetime | None]:
    style = times.detect(values)
    assert style is not None, values
    CON.execute(f"SET TimeZone = '{zone}'")
    return [CON.execute(f"SELECT {style.sql('x')} FROM (SELECT ? AS x)", [v]).fetchone()[0] for v in values]  # type: ignore[index]


@pytest.mark.parametrize(
    "text",
    [
        "2025-12-31 14:05:00",
        "2025-12-31T14:05",
        "2025-12-31T15:05:00+01:00",
        "2025-12-31 15:05:00.000 +0100",
        "2025-12-31T14:05:00Z",
        "2025-12-31 14:05:00 UTC",
        "2025-12-31 14:05:00,000",
        "2025/12/31 14:05",
        "2025.12.31 14:05",
        "31.12.2025 14:05",
        "31.12.2025, 14:05 Uhr",
        "31.12.2025T14:05",
        "31.12.25 14:05",
        "31-12-2025 14:05:00.0000000",
        "31/12/2025 2:05 pm",
        "12/31/2025 2:05 PM",
        "12/31/2025 02:05:00PM",
        "12/31/25 14:05",
        "Dec 31, 2025 2:05 p.m.",
        "December 31, 2025 14:05",
        "31 Dec 2025 14:05",
        "31-DEC-25 14:05:00",
        "31. Dezember 2025 14:05",
        "20251231T140500",
        "202512311405",
        "1767189900",
        "1767189900.0",
        "1767189900000",
        "1767189900000000",
        "1767189900000000000",
        "46022.586805555555",
    ],
)
def test_one_moment_in_many_styles(text: str) -> None:
    assert parsed([text]) == [datetime(2025, 12, 31, 14, 5)]


def test_unpadded_short_year() -> None:
    assert parsed(["9.3.10 8:05", "19.3.10 18:05"]) == [datetime(2010, 3, 9, 8, 5), datetime(2010, 3, 19, 18, 5)]


def test_offsets_mixed_in_one_column_become_utc() -> None:
    values = ["2011-10-11 13:45:40.276+02:00", "2011-12-06 13:41:31.788+01:00", "2011-12-06 13:00:00"]
    assert parsed(values, "Europe/Berlin") == [
        datetime(2011, 10, 11, 11, 45, 40, 276000),
        datetime(2011, 12, 6, 12, 41, 31, 788000),
        datetime(2011, 12, 6, 12, 0),
    ]


def test_naive_times_are_in_the_zone_of_the_connection() -> None:
    assert parsed(["1.7.2025 10:00", "31.12.2025 10:00"], "Europe/Berlin") == [
        datetime(2025, 7, 1, 8),
        datetime(2025, 12, 31, 9),
    ]


@pytest.mark.parametrize(
    ("values", "order", "ambiguous"),
    [
        (["13.1.2024"], "dmy", False),
        (["1/13/2024"], "mdy", False),
        (["1/2/2024", "3/4/2024"], "dmy", True),
        (["5.5.2024"], "dmy", False),
        (["20-10-16", "01-03-17", "31-12-16"], "dmy", False),
        (["16-10-20", "17-03-01", "16-12-31"], "ymd", False),
    ],
)
def test_order_of_day_and_month(values: list[str], order: str, ambiguous: bool) -> None:
    style = times.detect(values)
    assert style is not None
    assert (style.order, style.ambiguous) == (order, ambiguous)


@pytest.mark.parametrize("values", [["hello", "world"], ["12", "13"], ["", "NULL"], ["Q4 2016"], ["10.5", "3.2"]])
def test_what_is_no_moment(values: list[str]) -> None:
    assert times.detect(values) is None


def test_special_words_and_impossible_dates_are_null() -> None:
    good = ["2024-01-01"] * 9
    assert parsed([*good, "epoch", "infinity", "2024-02-30", "2024-13-01"])[9:] == [None] * 4


def test_midnight_and_days_are_found_before_conversion() -> None:
    style = times.detect(["2024-07-01T00:00:00+02:00", "2024-07-02T10:00:00+02:00", "2024-07-03", "2024-07-04"])
    assert style is not None
    assert (style.midnight, style.bare, style.offset) == (0.75, 0.5, 0.5)


FORMATS = [
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S.%f",
    "%d.%m.%Y %H:%M:%S",
    "%m/%d/%Y %I:%M:%S %p",
    "%d %b %Y %H:%M:%S",
    "%Y%m%d%H%M%S",
]
MOMENTS = st.datetimes(datetime(1948, 1, 1), datetime(2049, 12, 31))


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(FORMATS), MOMENTS)
def test_what_was_written_is_read(layout: str, moment: datetime) -> None:
    moment = moment if "%f" in layout else moment.replace(microsecond=0)
    witness = moment.replace(day=28, month=12)
    assert parsed([moment.strftime(layout), witness.strftime(layout)])[0] == moment


@settings(max_examples=80, deadline=None)
@given(MOMENTS, st.integers(-12 * 4, 14 * 4))
def test_an_offset_is_always_taken_off(moment: datetime, quarters: int) -> None:
    zone = timezone(timedelta(minutes=15 * quarters))
    written = moment.replace(tzinfo=UTC).astimezone(zone).isoformat()
    assert parsed([written], "Asia/Tokyo") == [moment]
