"""Scales are their own inverse; ticks stand at round local times, whatever the clock does that day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factoryview.scene.charts.scale import STEPS, TickStep, TimeScale, levels

HOUR, DAY = 3_600 * 10**6, 86_400 * 10**6
ZONES = [ZoneInfo(name) for name in ("Europe/Berlin", "America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Apia", "UTC")]
moments = st.integers(-(10**15), 4 * 10**15)
BERLIN = ZONES[0]


def micros(*local: int, zone: ZoneInfo = BERLIN) -> int:
    return round(datetime(*local, tzinfo=zone).timestamp()) * 10**6  # type: ignore[arg-type, misc]


def local(at: int, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime.fromtimestamp(at // 10**6, UTC).astimezone(zone)


@given(first=moments, span=st.integers(1, 10**15), left=st.integers(0, 3_000), width=st.integers(1, 4_000))
def test_a_moment_has_its_column(first: int, span: int, left: int, width: int) -> None:
    scale = TimeScale(first, first + span, left, width)
    assert scale.column(first - 5) == scale.column(first) == left
    assert scale.column(first + span + 5) == scale.column(first + span) == left + width


@given(first=moments, span=st.integers(0, 40 * 365 * DAY), zone=st.sampled_from(ZONES))
def test_ticks_ascend_lie_inside_and_are_at_round_local_times(first: int, span: int, zone: ZoneInfo) -> None:
    found = list(levels(first, first + span, zone))
    assert [step for step, _ in found] == [step for step in STEPS if step in dict(found)], "coarsest first"
    for step, ticks in found:
        assert 0 < len(ticks) <= 62
        assert first <= ticks[0]
        assert ticks[-1] <= first + span
        assert all(one < other for one, other in pairwise(ticks))
        for tick in ticks:
            assert_round(step, local(tick, zone))


def assert_round(step: TickStep, moment: datetime) -> None:
    if step.unit == "minute":
        assert (moment.minute % step.every, moment.second) == (0, 0)
        return
    if step.unit == "hour":
        assert (moment.hour % step.every, moment.minute) == (0, 0)
        return
    begins = moment - timedelta(minutes=1)
    assert begins.astimezone(UTC).astimezone(moment.tzinfo).date() != moment.date() or moment.hour == 0, "a day begins"
    if step == TickStep(7, "day"):
        assert moment.weekday() == 0
    elif step.unit == "month":
        assert (moment.month - 1) % step.every == 0
        assert moment.day == 1
    elif step.unit == "year":
        assert (moment.year % step.every, moment.month, moment.day) == (0, 1, 1)


def hours(first: int, last: int, every: int) -> list[str]:
    ticks = dict(levels(first, last, BERLIN))[TickStep(every, "hour")]
    return [f"{local(tick):%H:%M}" for tick in ticks]


def test_the_hour_that_is_missing_in_spring_has_no_tick() -> None:
    assert hours(micros(2025, 3, 30, 0, 30), micros(2025, 3, 30, 5), 1) == ["01:00", "03:00", "04:00", "05:00"]
    assert hours(micros(2025, 3, 29, 12), micros(2025, 3, 31), 6) == ["12:00", "18:00", "00:00", "06:00", "12:00",
                                                                      "18:00", "00:00"]  # fmt: skip


def test_the_hour_that_comes_twice_in_autumn_has_one_tick() -> None:
    ticks = dict(levels(micros(2025, 10, 26, 0, 30), micros(2025, 10, 26, 5), BERLIN))[TickStep(1, "hour")]
    assert [f"{local(tick):%H:%M}" for tick in ticks] == ["01:00", "02:00", "03:00", "04:00", "05:00"]
    assert [(b - a) // HOUR for a, b in pairwise(ticks)] == [1, 2, 1, 1]


def test_days_are_as_long_as_the_clock_makes_them() -> None:
    ticks = dict(levels(micros(2025, 3, 28), micros(2025, 4, 2), BERLIN))[TickStep(1, "day")]
    assert [(b - a) // HOUR for a, b in pairwise(ticks)] == [24, 24, 23, 24, 24]


def test_a_day_without_a_midnight_begins_with_its_first_hour() -> None:
    sao_paulo = ZONES[1]
    ticks = dict(levels(micros(2018, 11, 2, zone=sao_paulo), micros(2018, 11, 6, zone=sao_paulo), sao_paulo))
    days = [f"{local(tick, sao_paulo):%d %H}" for tick in ticks[TickStep(1, "day")]]
    assert days == ["02 00", "03 00", "04 01", "05 00", "06 00"]


@pytest.mark.parametrize("years", [1, 900, 7_000])
def test_the_end_of_the_calendar_is_the_end_of_the_ticks(years: int) -> None:
    last = round(datetime(9999, 12, 30, tzinfo=UTC).timestamp()) * 10**6
    found = dict(levels(last - years * 365 * DAY, last, ZoneInfo("UTC")))
    assert found
    assert max(max(ticks) for ticks in found.values()) <= last
