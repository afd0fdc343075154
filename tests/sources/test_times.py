"""Every way of writing a moment becomes the same moment in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import duckdb
import pytest
from babel.dates import format_date
from hypothesis import given, settings
from hypothesis import strategies as st

from factoryview.sources import times

CON = duckdb.connect()
DATES = st.datetimes(datetime(1970, 1, 1), datetime(2049, 12, 31)).map(lambda d: d.replace(second=0, microsecond=0))


def parsed(values: list[str], zone: str = "UTC") -> list[datetime | None]:
    style = times.detect(values)
    assert style is not None, values
    CON.execute(f"SET TimeZone = '{zone}'")
    return [CON.execute(f"SELECT {style.sql('x')} FROM (SELECT ? AS x)", [v]).fetchone()[0] for v in values]  # type: ignore[index]


STYLES = """
2025-12-31 14:05:00
2025-12-31T14:05
2025-12-31T15:05:00+01:00
2025-12-31 15:05:00.000 +0100
2025-12-31T14:05:00Z
2025-12-31 14:05:00 UTC
2025-12-31 14:05:00,000
2025/12/31 14:05
2025.12.31 14:05
31.12.2025 14:05
31.12.2025, 14:05 Uhr
31.12.2025T14:05
31.12.25 14:05
31-12-2025 14:05:00.0000000
31/12/2025 2:05 pm
12/31/2025 2:05 PM
12/31/2025 02:05:00PM
12/31/25 14:05
Dec 31, 2025 2:05 p.m.
December 31, 2025 14:05
31 Dec 2025 14:05
31-DEC-25 14:05:00
31. Dezember 2025 14:05
20251231T140500
202512311405
20251231 14:05:00
20251231140500.123+0000
1767189900
1767189900.0
1767189900000
1767189900000000
1767189900000000000
/Date(1767189900000)/
/Date(1767189900000+0100)/
46022.586805555555
46022,586805555555
31/Dec/25 2:05 PM
31/Dec/2025:14:05:00 +0000
[31/Dec/2025:15:05:00 +0100]
31-DEC-25 02.05.00.000000 PM
31-DEC-25 03.05.00.000000000 PM +01:00
31-DEC-25 03.05.00.000000 PM EUROPE/BERLIN
Wed Dec 31 2025 15:05:00 GMT+0100 (Central European Standard Time)
Wed Dec 31 14:05:00 2025
Wed Dec 31 15:05:00 CET 2025
Wed, 31 Dec 2025 14:05:00 +0000
Wednesday, December 31, 2025 2:05 PM
Wednesday, 31 December 2025 14:05:00
Mittwoch, 31. Dezember 2025 14:05
Mi, 31.12.2025 14:05
Mi. 31.12.2025 14:05
mercredi 31 décembre 2025 à 14:05
31 décembre 2025 14h05
31/12/2025 à 14h05
31 déc. 2025 14:05
31 de diciembre de 2025, 14:05
miércoles, 31 de diciembre de 2025, 14:05
31 dicembre 2025 alle 14:05
31 dicembre 2025 alle ore 14.05
31 december 2025 om 14.05 uur
31 grudnia 2025 14:05
31 de dezembro de 2025 às 14:05
quarta-feira, 31 de dezembro de 2025 14:05
31 december 2025 kl. 14:05
den 31 december 2025 14:05
onsdag den 31. december 2025 kl. 14.05
31. 12. 2025 14:05
31. prosince 2025 14:05
31.12.2025 klo 14.05
2025. december 31. 14:05
2025. 12. 31. 14:05
31 декабря 2025 г. 14:05
31 декабря 2025 г., 14:05
31 Aralık 2025 14:05
2025年12月31日 14:05
2025年12月31日 下午2:05
2025年12月31日14时05分
2025년 12월 31일 오후 2:05
2025. 12. 31. 오후 2:05
2025-12-31 15:05:00 CET
2025-12-31 09:05 EST
2025-12-31T15:05:00+01:00[Europe/Berlin]
2025-12-31 15:05 Europe/Berlin
2025-12-31 15:05:00.123 +0100 CET m=+0.000012
2025-12-31-14.05.00.000000
31-12-2025:14.05
31DEC2025:14:05:00
31Dec2025 14:05
14:05 31.12.2025
14:05:00, 31 December 2025
14:05 on 12/31/2025
Dec 31, 2025, 2:05:00 PM
12/31/25, 2:05 PM
31st December 2025 14:05
31st of December 2025 at 14:05
December 31st, 2025 at 2:05 PM
2025-Dec-31 14:05:00
2025 Dec 31 14:05
31/12/2025 14h05m00s
31.12.2025 14:05 h
31.12.2025 14.05
31.12.2025 - 14:05
31.12.2025_14:05
'2025-12-31 14:05
2025-12-31 14:05:00
31.12.2025 14:05
2025-12-31 14:05:00 PM
2025-12-31 14:05:00.123456789Z
Wed Dec 31 14:05:00 +0000 2025
Wed 31 Dec 14:05:00 UTC 2025
12-31-2025 14:05
Dec-31-2025 14:05
2025-12-31T14:05:00.000+0000
2025-12-31T14:05:00+00
Dec 31 2025  2:05PM
31 Dec 2025 | 14:05
31.12.2025 um 14:05 Uhr
31.12.2025 14 Uhr 05
Mi 31.12.25, 14:05
"""


@pytest.mark.parametrize("text", [line for line in STYLES.splitlines() if line])
def test_one_moment_in_many_styles(text: str) -> None:
    """The database and Python, which reads single messages, read the same."""
    meant = datetime(2025, 12, 31, 14, 5)
    [found] = parsed([text])
    assert found is not None
    assert found.replace(microsecond=0) == meant
    style = times.detect([text])
    assert style is not None
    alone = times.parse(text, next(iter(style.orders.values()), "dmy"))
    assert alone is not None
    assert (alone.astimezone(UTC).replace(tzinfo=None) if alone.tzinfo else alone) == found


@pytest.mark.parametrize(
    "text",
    [
        "２０２５/１２/３１ １４:０５",
        "2025-12-31\u00a014:05",
        "\ufeff31.12.2025\u202f14:05\u200b",
        "\t2025-12-31  14:05 ",
        '"2025-12-31 14:05"',
        "2025-12-31T13:05:00\u221201:00",
    ],
)
def test_what_cannot_be_seen_does_not_matter(text: str) -> None:
    assert parsed([text]) == [datetime(2025, 12, 31, 14, 5)]
    alone = times.parse(text)
    assert alone is not None
    assert (alone.astimezone(UTC).replace(tzinfo=None) if alone.tzinfo else alone) == datetime(2025, 12, 31, 14, 5)


@pytest.mark.parametrize("text", ["Mar 3 18:09", "03/03 18:09", "3. März", "Mon Mar 3 18:09:00"])
def test_a_date_without_a_year_is_none(text: str) -> None:
    assert times.lacks_year(text)
    assert times.parse(text) is None
    assert times.detect([text]) is None


@pytest.mark.parametrize(
    "text", ["foo 03.03.2025", "1.2.3", "10.0.0.1", "v1.2.2025", "3 Foo 2025", "2025-03-03 18:09 XYZ", "24/7", "3-4"]
)
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert times.parse(text) is None


def test_two_orders_in_one_column_are_seen() -> None:
    style = times.detect(["13/03/2025", "14/03/2025", "03/15/2025", "03/16/2025"])
    assert style is not None
    assert style.clash == ("13/03/2025", "03/15/2025")


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
    assert (set(style.orders.values()), bool(style.ambiguous)) == ({order}, ambiguous)


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


LOCALES = ("de", "en", "fr", "es", "it", "nl", "pl", "pt", "sv", "da", "cs", "fi", "hu", "ru", "tr", "el")


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(LOCALES), st.sampled_from(["long", "medium", "full"]), st.lists(DATES, min_size=1, max_size=12))
def test_dates_as_many_languages_write_them(locale: str, width: str, days: list[datetime]) -> None:
    """A column of Babel's dates is read as it was meant, by the database and one by one."""
    written = [f"{format_date(day, width, locale=locale)} {day:%H:%M}" for day in days]
    style = times.detect(written)
    assert style is not None, written
    known = style.settled(next((o for o in style.orders.values()), "dmy"))
    if style.ambiguous:
        return
    CON.execute("SET TimeZone = 'UTC'")
    found = [CON.execute(f"SELECT {known.sql('x')} FROM (SELECT ? AS x)", [text]).fetchone()[0] for text in written]  # type: ignore[index]
    assert found == days
    assert [times.parse(text, next(iter(style.orders.values()), "dmy")) for text in written] == days


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
