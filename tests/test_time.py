"""Units and conversions of time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

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
