"""When things happened, as messages say it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factoryview.sources.feeds.moments import moment_of

BERLIN = ZoneInfo("Europe/Berlin")
LATEST = 4_000_000_000_000_000


def micros(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1e6)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026-03-31T14:00:00+02:00", "2026-03-31T12:00:00+00:00"),
        ("2026-03-31T12:00:00Z", "2026-03-31T12:00:00+00:00"),
        ("2026-03-31 12:00:00 UTC", "2026-03-31T12:00:00+00:00"),
        ("2026-03-31 14:00:00.25 +0200", "2026-03-31T12:00:00.250000+00:00"),
        ("2026-03-31T14:00", "2026-03-31T12:00:00+00:00"),
        ("2026-03-31", "2026-03-30T22:00:00+00:00"),
        ("31.03.2026", "2026-03-30T22:00:00+00:00"),
        ("31.3.2026 9:05", "2026-03-31T07:05:00+00:00"),
        ("31.3.2026, 14:05:06,5 Uhr", "2026-03-31T12:05:06.500000+00:00"),
        (1_774_958_400, "2026-03-31T12:00:00+00:00"),
        (1_774_958_400.5, "2026-03-31T12:00:00.500000+00:00"),
        (1_774_958_400_000, "2026-03-31T12:00:00+00:00"),
        (1_774_958_400_000_000, "2026-03-31T12:00:00+00:00"),
        (1_774_958_400_000_000_000, "2026-03-31T12:00:00+00:00"),
        ("1774958400", "2026-03-31T12:00:00+00:00"),
        (date(2026, 3, 31), "2026-03-30T22:00:00+00:00"),
        (datetime(2026, 3, 31, 14), "2026-03-31T12:00:00+00:00"),
        (datetime(2026, 3, 31, 14, tzinfo=timezone(timedelta(hours=2))), "2026-03-31T12:00:00+00:00"),
    ],
)
def test_a_moment_is_read(said: object, meant: str) -> None:
    assert moment_of(said, BERLIN, LATEST) == micros(meant)


@pytest.mark.parametrize(
    "said",
    ["", "yesterday", "2026-13-01", "03/31/2026", 17, -5, True, None, [], {}, float("nan"), "0001-01-01", 4.1e18],
)
def test_what_is_no_moment_is_refused(said: object) -> None:
    with pytest.raises(ValueError, match=r"no moment|no count|outside"):
        moment_of(said, BERLIN, LATEST)


def test_the_hour_that_comes_twice_is_the_later_unless_that_is_still_to_come() -> None:
    first, second = micros("2026-10-25T00:30:00+00:00"), micros("2026-10-25T01:30:00+00:00")
    assert moment_of("2026-10-25T02:30", BERLIN, LATEST) == second
    assert moment_of("2026-10-25T02:30", BERLIN, second) == second
    assert moment_of("2026-10-25T02:30", BERLIN, first + 60_000_000) == first


def test_the_hour_that_does_not_exist_goes_on_in_winter_time() -> None:
    assert moment_of("2026-03-29T02:30", BERLIN, LATEST) == micros("2026-03-29T01:30:00+00:00")


@given(st.datetimes(datetime(1970, 1, 2), datetime(2090, 1, 1), timezones=st.just(UTC)))
def test_every_way_of_writing_a_moment_says_the_same(at: datetime) -> None:
    meant = round((at - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))
    local = at.astimezone(BERLIN)
    assert moment_of(at.isoformat(), BERLIN, 0) == meant
    assert moment_of(local.isoformat(), BERLIN, 0) == meant
    assert moment_of(local, ZoneInfo("UTC"), 0) == meant
