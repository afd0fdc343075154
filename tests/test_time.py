"""Units and conversions of time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factoryview.time import (
    DAY,
    DAY_H,
    HOUR,
    MINUTE,
    SECOND,
    WEEK,
    WEEK_H,
    ahead_of_utc,
    hours_of,
    micros_of,
    micros_of_hours,
    moment_of,
    span_of,
    utc,
)


def test_units_are_what_the_calendar_says() -> None:
    for unit, span in ((SECOND, "seconds"), (MINUTE, "minutes"), (HOUR, "hours"), (DAY, "days"), (WEEK, "weeks")):
        assert unit == timedelta(**{span: 1}) / timedelta(microseconds=1)
        assert span_of(timedelta(**{span: 1})) == unit
    assert (micros_of_hours(DAY_H), micros_of_hours(WEEK_H)) == (DAY, WEEK)


@given(st.integers(-(10**15), 4 * 10**15))
def test_moments_come_back_exactly(at: int) -> None:
    assert micros_of(utc(at)) == at
    assert micros_of(utc(at).replace(tzinfo=None)) == at, "a naive moment is UTC"
    assert micros_of(utc(at).astimezone(timezone(timedelta(hours=5, minutes=30)))) == at


@given(st.datetimes(datetime(1970, 1, 1), datetime(2090, 1, 1)).map(lambda moment: moment.replace(microsecond=0)))
def test_hours_come_back_to_the_second(moment: datetime) -> None:
    assert moment_of(hours_of(moment)) == moment.replace(tzinfo=UTC)
    assert micros_of_hours(hours_of(moment)) // SECOND * SECOND in (micros_of(moment), micros_of(moment) - SECOND)


@pytest.mark.parametrize("name", ["Europe/Berlin", "Europe/London", "Australia/Lord_Howe", "Africa/Casablanca", "UTC"])
def test_changes_of_a_clock_are_found_to_the_second(name: str) -> None:
    zone, since = ZoneInfo(name), micros_of(datetime(2023, 2, 3, 4, 5, 6, 7, tzinfo=UTC))
    found = ahead_of_utc(zone, since, since + 900 * DAY)
    assert found[0][0] == since
    assert (len(found) == 1) == (name == "UTC")
    assert [at for at, _ in found] == sorted({at for at, _ in found})
    for k, (at, ahead) in enumerate(found):
        assert utc(at).astimezone(zone).utcoffset() == timedelta(microseconds=ahead)
        if k:
            before = utc(at - 1).astimezone(zone).utcoffset()
            assert before == timedelta(microseconds=found[k - 1][1]) != timedelta(microseconds=ahead)
