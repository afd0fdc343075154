"""The dates under a timeline: local, few, evenly spaced."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factoryview.language import Language
from factoryview.time import DAY, HOUR
from factoryview.view.ticks import micros, tick_moments

BERLIN = Language("de", "Europe/Berlin")
MARCH = round(datetime(2025, 3, 20, 9, 41, tzinfo=UTC).timestamp()) * 1_000_000


@given(st.integers(0, 4 * 10**15), st.floats(0.01, 20_000))
def test_ticks_lie_in_the_log_are_few_and_ascend(first: int, days: float) -> None:
    last = first + round(days * DAY)
    found = tick_moments(first, last, BERLIN)
    assert len(found) <= 27
    for (one, _), (other, _) in pairwise(found):
        assert one < other
    for at, key in found:
        assert first <= at <= last
        local = BERLIN.moment(at)
        assert (local.second, local.microsecond) == (0, 0)
        if key in ("date.day", "date.month", "date.year"):
            assert local.hour in (0, 1, 23), "midnight, but for a day on which the clock changes"
        if key in ("date.month", "date.year"):
            assert local.day == 1


@pytest.mark.parametrize(
    ("span", "written", "count"),
    [
        (8 * HOUR, ["11:00", "12:00", "13:00"], 8),
        (30 * HOUR, ["13:00", "16:00", "19:00"], 10),
        (20 * DAY, ["22. März", "24. März", "26. März"], 10),
        (300 * DAY, ["Apr.", "Mai", "Juni"], 10),
        (3_000 * DAY, ["2026", "2027", "2028"], 8),
    ],
)
def test_they_are_written_in_the_unit_that_fits(span: int, written: list[str], count: int) -> None:
    found = [BERLIN.date(at, key) for at, key in tick_moments(MARCH, MARCH + span, BERLIN)]
    assert found[:3] == written
    assert abs(len(found) - count) <= 1
    if span == 300 * DAY:
        assert "2026" in found, "January is written as its year"


def test_a_mark_without_an_offset_is_local() -> None:
    naive, aware = datetime(2025, 7, 1, 12), datetime(2025, 7, 1, 10, tzinfo=UTC)
    assert micros(naive, BERLIN) == micros(aware, BERLIN) == round(aware.timestamp()) * 1_000_000
