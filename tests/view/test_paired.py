"""Two playheads run together by weekday and time of day, over changes of clocks and between time zones."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factoryview.time import DAY, micros_of, utc
from factoryview.view.paired import Paired

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")


def at(text: str, zone: ZoneInfo) -> int:
    return micros_of(datetime.fromisoformat(text).replace(tzinfo=zone))


@given(st.integers(0, 300), st.integers(0, 300), st.integers(15, 60), st.floats(0, 1))
def test_both_stand_on_the_same_weekday_at_the_same_time(one: int, two: int, length: int, share: float) -> None:
    begins = [at("2025-01-01 08:30", zone) + day * DAY for day, zone in ((one, BERLIN), (two, NEW_YORK))]
    paired = Paired((begins[0], begins[0] + length * DAY, BERLIN), (begins[1], begins[1] + length * DAY, NEW_YORK))
    first, second = (
        utc(moment).astimezone(zone) for moment, zone in zip(paired.at(share), (BERLIN, NEW_YORK), strict=True)
    )

    assert paired.length > timedelta(days=length - 9)
    if (
        first.utcoffset() == (first - timedelta(hours=2)).utcoffset()
        and second.utcoffset() == (second - timedelta(hours=2)).utcoffset()
    ):  # a time that a change of clocks leaves out is none
        assert first.weekday() == second.weekday()
        assert first.time() == second.time()
    for moment, begin in zip(paired.at(share), begins, strict=True):
        assert begin <= moment <= begin + length * DAY + DAY // 24


def test_march_and_september_begin_on_a_monday_and_end_with_the_shorter() -> None:
    march = at("2025-03-03", BERLIN), at("2025-04-01", BERLIN), BERLIN
    september = at("2025-09-01", BERLIN), at("2025-10-01", BERLIN), BERLIN
    paired = Paired(march, september)

    assert paired.at(0.0) == (march[0], september[0])
    assert paired.at(1.0) == (at("2025-04-01", BERLIN), at("2025-09-30", BERLIN))
    assert paired.at(2.0) == paired.at(1.0)


@pytest.mark.parametrize("days", [0, 3])
def test_spans_with_no_weekday_in_common_have_no_length(days: int) -> None:
    monday, tuesday = at("2025-03-03", BERLIN), at("2025-03-04", BERLIN)
    paired = Paired((monday, monday + days * DAY, BERLIN), (tuesday, tuesday + days * DAY, BERLIN))

    assert paired.length == timedelta(0)
    assert paired.at(0.3) == paired.at(0.9)
