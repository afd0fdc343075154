"""Moments as people type them."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factoryview.errors import UsageError
from factoryview.view.moments import parse_moment, parse_span

HOUR = 3_600_000_000
JUNE_18 = 20_257 * 24 * HOUR
FIRST, LAST = JUNE_18 - 100 * HOUR, JUNE_18 + 300 * HOUR


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("start", FIRST),
        ("end", LAST),
        (" end ", LAST),
        ("0", FIRST),
        ("1", LAST),
        ("0.25", JUNE_18),
        ("2025-06-18T00:00:00Z", JUNE_18),
        ("2025-06-18", JUNE_18 - 2 * HOUR),
        ("2025-06-18 14:20", JUNE_18 + 12 * HOUR + HOUR // 3),
        ("2025-06-18T14:20:00+05:00", JUNE_18 + 9 * HOUR + HOUR // 3),
        ("2025-06-18 14:20:00.25", JUNE_18 + 12 * HOUR + HOUR // 3 + 250_000),
        ("2025-01-18", JUNE_18 - 151 * 24 * HOUR - HOUR),
        ("1969-12-31T23:00:00Z", -HOUR),
    ],
)
def test_what_can_be_typed(text: str, moment: int) -> None:
    assert parse_moment(text, FIRST, LAST, "Europe/Berlin") == moment


@pytest.mark.parametrize(
    "text", ["", "soon", "1.5", "-0.1", "nan", "inf", "2025-13-01", "18.6.2025", "9", "0001-01-01", "9999-12-31 23:59"]
)
def test_what_is_no_moment_is_said_with_examples(text: str) -> None:
    with pytest.raises(UsageError, match="is no moment") as told:
        parse_moment(text, FIRST, LAST, "Asia/Tokyo")
    assert f'"{text}"' in str(told.value)
    assert "0.54" in str(told.value)
    assert told.value.exit_status == 2


@given(st.floats(0, 1))
def test_a_share_is_inside_the_log(share: float) -> None:
    assert FIRST <= parse_moment(repr(share), FIRST, LAST, "UTC") <= LAST


@given(st.text(max_size=30) | st.datetimes(timezones=st.none() | st.timezones()).map(str))
def test_any_text_is_a_moment_or_an_error_for_people(text: str) -> None:
    with suppress(UsageError):
        moment = parse_moment(text, FIRST, LAST, "Europe/Berlin")
        assert datetime.fromtimestamp(moment / 1e6, ZoneInfo("Asia/Tokyo")).year >= 1900


@pytest.mark.parametrize(
    ("text", "begin", "end"),
    [
        ("2025-03", "2025-03-01", "2025-04-01"),
        ("2025-12", "2025-12-01", "2026-01-01"),
        ("2025", "2025-01-01", "2026-01-01"),
        ("2025-03-30..2025-03-30", "2025-03-30", "2025-03-31"),
        ("2025-03-01 12:00..2025-03-02T00:00", "2025-03-01 12:00", "2025-03-02"),
    ],
)
def test_a_span_is_local_and_holds_its_last_day(text: str, begin: str, end: str) -> None:
    zone = ZoneInfo("Europe/Berlin")
    edges = tuple(round(datetime.fromisoformat(day).replace(tzinfo=zone).timestamp() * 1e6) for day in (begin, end))
    assert parse_span(text, FIRST, LAST, "Europe/Berlin") == edges


@pytest.mark.parametrize("text", ["", "March", "2025-13", "2025-03-02..2025-03-01", "..", "0.4", "2025-3", "9999-01"])
def test_what_is_no_span_is_said_with_examples(text: str) -> None:
    with pytest.raises(UsageError):
        parse_span(text, FIRST, LAST, "Europe/Berlin")
