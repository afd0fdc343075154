"""What charts show, against plain counts along a stretch; nothing of it is of later than the moment."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factoryview.factory.privacy import REST, Gate
from factoryview.plant.models import Worker
from factoryview.plant.notes import Notes
from factoryview.time import DAY, micros_of
from factoryview.view.charts import (
    Series,
    Stretch,
    ageing,
    behaviour,
    cumulative,
    interventions,
    parts,
    passing,
    queue,
    rhythm,
    sojourn_now,
    waiting,
)
from factoryview.view.series import StageLog
from tests.kit.cut import cut
from tests.kit.plain import Visit, visits
from tests.kit.small_plants import kept, piled, simulate

SPANS = ("day", "week", "month", "quarter", "all")
ZONE = ZoneInfo("Europe/Berlin")
STAGE = "Approval"


@cache
def plain() -> list[Visit]:
    small = piled()
    return [visit for visit in visits(simulate(small.line), small.ends) if visit.stage == STAGE]


@cache
def logged() -> StageLog:
    model = kept("piled").model
    return StageLog.fetch(model.factory.store, model.topology, STAGE)


def stretch(span: str, share: float) -> Stretch:
    model = kept("piled").model
    return Stretch.around(span, model.first + round(share * (model.last - model.first)), model.first, model.last)


@given(st.sampled_from(SPANS), st.floats(0, 1), st.integers(1, 4_000), st.integers(-(10**15), 10**15))
def test_a_stretch_holds_its_moment_and_has_room_after_it(span: str, share: float, days: int, first: int) -> None:
    last = first + days * DAY
    at = first + round(share * (last - first))
    found = Stretch.around(span, at, first, last)
    assert found.since <= found.at <= found.now <= at <= found.until
    assert found.since >= first
    assert at - found.at <= (found.until - found.since) / 100
    if span == "all":
        assert (found.since, found.until) == (first, last)
    elif found.until - found.since < last - first:
        assert at <= found.until - (found.until - found.since) // 20


@pytest.mark.parametrize("span", SPANS)
def test_the_queue_is_who_is_there(span: str) -> None:
    over = stretch(span, 0.7)
    points = queue(logged(), over).points
    assert len(points) > 40
    assert points[-1][0] <= over.share(over.at) + 1e-6
    for k, (_, value) in list(enumerate(points))[::13]:
        at = over.since + k * max(1, (over.until - over.since) // 160)
        assert value == sum(visit.present(at) for visit in plain())


def test_the_cumulative_curves_are_as_far_apart_as_the_queue_is_long() -> None:
    over = stretch("week", 0.6)
    come, gone = cumulative(logged(), over)
    for (x, arrived), (same, left), (_, here) in zip(
        come.points, gone.points, queue(logged(), over).points, strict=True
    ):
        assert x == same
        assert arrived - left == here
    assert come.points[-1][1] - come.points[0][1] == sum(over.since < v.entered <= over.at for v in plain())
    at = over.now
    number = sum(bool(v.left and v.left <= at) for v in plain())
    next_one = sorted(visit.entered for visit in plain())[number]
    assert sojourn_now(logged(), at) == at - next_one


@pytest.mark.parametrize(("span", "unit"), [("day", "hour"), ("week", "day"), ("month", "day"), ("all", "day")])
def test_comings_and_goings_are_counted_in_local_days(span: str, unit: str) -> None:
    model = kept("piled").model
    over = stretch(span, 0.8)
    found = passing(logged(), over, model.counts.hours, ZONE)
    assert found.unit == unit
    assert len(found.come.points) == len(found.go.points) > 4
    if unit == "day":
        begin = datetime.fromtimestamp(over.since / 1e6, UTC).astimezone(ZONE).date() + timedelta(1)
        midnights = [micros_of(datetime(*(begin + timedelta(n)).timetuple()[:3], tzinfo=ZONE)) for n in range(60)]
    else:
        first = -(-over.since // (DAY // 24)) * (DAY // 24)
        midnights = [first + n * (DAY // 24) for n in range(30)]
    ended = [(a, b) for a, b in pairwise(midnights) if b <= over.at]
    assert [value for _, value in found.come.points] == [sum(a <= v.entered < b for v in plain()) for a, b in ended]
    assert [value for _, value in found.go.points] == [
        sum(bool(v.left and a <= v.left < b) for v in plain()) for a, b in ended
    ]


def test_limits_are_two_and_two_thirds_moving_ranges_from_the_mean() -> None:
    values = Series(tuple((k / 8, value) for k, value in enumerate([4.0, 6.0, 5.0, 5.0, 4.0, 6.0, 5.0, 15.0])))
    found = behaviour(values)
    mean, moving = 50 / 8, (2 + 1 + 0 + 1 + 2 + 1 + 10) / 7
    assert (found.mean, found.high) == (pytest.approx(mean), pytest.approx(mean + 2.66 * moving))
    assert (found.low, found.outside) == (max(0, mean - 2.66 * moving), (7,) if mean + 2.66 * moving < 15 else ())
    assert behaviour(Series(values.points[:5])).mean is None


def test_after_an_intervention_limits_are_reckoned_anew() -> None:
    numbers = [4.0, 6.0, 5.0, 5.0, 4.0, 6.0, 12.0, 14.0, 13.0, 12.0, 14.0, 13.0, 30.0]
    values = Series(tuple((k / 20, value) for k, value in enumerate(numbers)))
    found = behaviour(values, (6 / 20, 7 / 20, 12 / 20))
    second = numbers[6:]
    mean, moving = sum(second) / 7, sum(abs(b - a) for a, b in pairwise(second)) / 6
    assert [(phase.first, phase.last) for phase in found.phases] == [(0, 6), (6, 13)], "the others have too few values"
    assert found.phases[0].mean == pytest.approx(5.0)
    assert (found.mean, found.high) == (pytest.approx(mean), pytest.approx(mean + 2.66 * moving))
    assert found.outside == tuple(k for k in range(6, 13) if numbers[k] > mean + 2.66 * moving)
    assert behaviour(values).phases[0].last == 13
    assert 6 in behaviour(values, (6 / 20,)).outside or found.phases[1].low <= 12.0


def test_interventions_are_those_of_the_stage_that_are_known() -> None:
    model = kept("piled").model
    over = stretch("all", 0.5)
    day = datetime.fromtimestamp((over.since + over.now) / 2e6, UTC).astimezone(ZONE).date()
    workers = (
        Worker(stage="Check", since=day), Worker(stage="Check", until=day + timedelta(9_000)),
        Worker(stage="Offer", since=day - timedelta(2)),
    )  # fmt: skip
    plant = model.factory.plant.model_copy(update={"workers": workers, "marks": (), "timezone": ZONE.key})
    found = interventions(replace(model.factory, plant=plant, notes=Notes()), "Check", over)
    midnight = micros_of(datetime(day.year, day.month, day.day, tzinfo=ZONE))
    assert found == (over.share(midnight),)


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_how_long_was_waited_and_how_long_the_others_are_there(share: float) -> None:
    model, over, log = kept("piled").model, stretch("month", share), logged()
    lost, gate = model.counts.jams.wrecks.given_up, Gate(smallest=6)
    gone = sorted(v.left - v.entered for v in plain() if v.left and over.since <= v.left < over.now)
    found = waiting(log, over, gate, 5 * DAY)
    assert found is not None
    assert (found.cases, sum(found.bars)) == (len(gone), len(gone))
    assert found.median == gone[-(-len(gone) // 2) - 1]
    assert found.high == gone[-(-len(gone) * 85 // 100) - 1]
    assert found.top >= 5 * DAY
    first = sum(span < found.top / len(found.bars) for span in gone)
    assert found.bars[0] == first
    here = [over.now - visit.entered for visit in plain() if visit.present(over.now)]
    old = ageing(log, over.now, {}, None)
    assert (old.cases, sum(old.bars)) == (len(here), len(here))
    assert ageing(log, over.now, lost, None).cases <= old.cases
    assert waiting(log, over, Gate(smallest=len(gone) + 1), None) is None


def test_when_cases_come_is_counted_by_local_weekday_and_hour() -> None:
    over = stretch("month", 0.9)
    counts = [[0] * 24 for _ in range(7)]
    for visit in plain():
        if over.since <= visit.entered <= over.now:
            local = datetime.fromtimestamp(visit.entered / 1e6, UTC).astimezone(ZONE)
            counts[local.weekday()][local.hour] += 1
    assert [list(row) for row in rhythm(logged(), over, ZONE)] == counts
    assert sum(map(sum, counts)) > 100


def test_where_cases_came_from_and_went() -> None:
    log, over = logged(), stretch("month", 0.8)
    at = over.now
    here = [visit for visit in plain() if visit.present(at)]
    assert log.came_by(log.there(at)) == Counter(visit.channel for visit in here)
    assert log.came_from(log.there(at)) == Counter(visit.came_from for visit in here)
    gone = [visit for visit in plain() if visit.left and over.since <= visit.left < at]
    assert log.sent_on(over.since, at) == Counter(visit.to for visit in gone)
    assert len(log.sent_on(over.since, at)) == 3


def test_small_groups_stand_together() -> None:
    groups = {"a": 50.0, "b": 40.0, "c": 6.0, "d": 4.0}
    assert [(p.name, p.cases, p.share) for p in parts(groups, Gate(smallest=6))] == [
        ("a", 50.0, 0.5), ("b", 40.0, 0.4), (REST, 10.0, 0.1)
    ]  # fmt: skip
    assert [p.name for p in parts({"a": 50.0, "d": 3.0}, Gate(smallest=60))] == []
    assert sum(p.share for p in parts(groups, Gate(smallest=1))) == 1.0


def test_charts_know_nothing_later() -> None:
    model, over = kept("piled").model, stretch("all", 0.55)
    known = StageLog.fetch(cut(model.factory, over.now).store, model.topology, STAGE)
    for ask in (queue, cumulative):
        assert ask(known, over) == ask(logged(), over)
    hours = model.counts.hours
    assert passing(known, over, hours, ZONE) == passing(logged(), over, hours, ZONE)
    assert waiting(known, over, Gate(), DAY) == waiting(logged(), over, Gate(), DAY)
    assert ageing(known, over.now, {}, DAY) == ageing(logged(), over.now, {}, DAY)
    assert sojourn_now(known, over.now) == sojourn_now(logged(), over.now)
    assert rhythm(known, over, ZONE) == rhythm(logged(), over, ZONE)
    assert known.sent_on(over.since, over.now) == logged().sent_on(over.since, over.now)
