"""Every number of a state against a plain loop over the events."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

import duckdb
import pytest

from factoryview.factory.factory import Factory
from factoryview.flow.moment.levels import AMBER, NEUTRAL, RED
from factoryview.flow.moment.ride import BELT_SPEED
from factoryview.plant.models import Outcome, Plant, Privacy, Stage, Worker
from factoryview.store.database import Store
from factoryview.time import DAY, MINUTE
from factoryview.view.model import Model
from factoryview.view.playhead import REAL_TIME, usual_pace
from factoryview.view.state import State
from tests.kit.event_logs import Event, event_log
from tests.kit.plain import Visit, visits
from tests.kit.small_plants import BEGIN, FIRST, jammed, late_health, piled, simulate

SMALLEST = 4
SMALL = {"jammed": jammed(), "piled": piled()}


@cache
def events_of(name: str) -> list[Event]:
    random = Random(name)
    reasons = ("price", "late", "late", None)
    return [
        replace(event, reason=random.choice(reasons)) if event.stage == "Lost" else event
        for event in simulate(SMALL[name].line)
    ]


@cache
def stays_of(name: str) -> list[Visit]:
    return visits(events_of(name), SMALL[name].ends)


@cache
def model(name: str) -> Model:
    log = event_log(duckdb.connect(config={"threads": 1}), "entry", events_of(name))
    plant = SMALL[name].plant.model_copy(update={"privacy": Privacy(smallest_group=SMALLEST)})
    return Model(Factory(plant, Store.build(log, ends=SMALL[name].ends), name, (), 0, {}, log.rows))


def moments(name: str, count: int = 12) -> list[int]:
    random, found = Random(name), model(name)
    return [found.first, *(random.randint(found.first, found.last) for _ in range(count)), found.last]


def state(name: str, at: int, pace: float = 86_400e6) -> State:
    return model(name).state(at, pace)


def local(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1e6, UTC).astimezone(ZoneInfo("Europe/Berlin"))


@pytest.fixture(params=sorted(SMALL))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_work_in_progress_is_who_has_come_and_not_gone(name: str) -> None:
    for at in moments(name):
        present = Counter(stay.stage for stay in stays_of(name) if stay.present(at))
        now = state(name, at)
        assert {stage.id: stage.here.wip for stage in now.stages} == {
            ("stage", stage): present[stage] for stage in model(name).topology.stages
        }
        for stage in now.stages:
            here = stage.here
            assert here.on_belt + here.in_pile + here.in_machine + here.wrecks == here.wip == here.crates
            assert here.wrecks == here.wrecked == stage.jam.wrecks
            assert stage.inside == here.in_machine
            assert len(stage.pile) == here.in_pile


def test_throughput_is_of_the_last_week_and_mean_stay_of_the_window(name: str) -> None:
    past, compared = model(name).counts.history, 0
    for at in moments(name):
        now = state(name, at)
        assert (now.rate.unit, now.rate.window) == (DAY, 7 * DAY)
        until = past.origin + (at - past.origin) // past.width * past.width
        since, begin = max(past.origin, until - 7 * DAY), max(past.origin, until - 30 * DAY)
        for stage in now.stages:
            gone = [s for s in stays_of(name) if s.stage == stage.id[1] and s.left and since <= s.left < until]
            assert stage.throughput == pytest.approx(len(gone) / max(until - since, past.width) * DAY)
            gone = [s for s in stays_of(name) if s.stage == stage.id[1] and s.left and begin <= s.left < until]
            if len(gone) < SMALLEST:
                assert stage.mean_stay is None
                continue
            compared += 1
            mean = sum((s.left or 0) - s.entered for s in gone) / len(gone)
            assert stage.mean_stay == pytest.approx(mean, abs=1)
    assert compared > 20


def test_a_bin_counts_the_losses_of_the_last_thirty_days_and_names_why(name: str) -> None:
    past, named = model(name).counts.history, set()
    for at in moments(name):
        now = state(name, at)
        until = past.origin + (at - past.origin) // past.width * past.width
        since = max(past.first, until - 30 * DAY)
        assert (now.window.since, now.window.until) == (since, max(since, until))
        for lost in now.bins:
            left = [s for s in stays_of(name) if s.stage == lost.id[1] and s.left and since <= s.left < until]
            why = Counter(s.reason or "Lost" for s in left if s.to == "Lost")
            assert (lost.lost, lost.left) == (why.total(), len(left))
            if 0 < why.total() < SMALLEST:
                assert lost.share is None
            else:
                assert lost.share == pytest.approx(why.total() / len(left) if left else 0.0)
            most = max(why.values(), default=0)
            if most < SMALLEST:
                assert lost.reason is None
            else:
                assert why[lost.reason or ""] == most
                named.add(lost.reason)
    assert named >= {"late"}


def test_in_the_first_bucket_nothing_is_lost_yet(name: str) -> None:
    first = state(name, model(name).first)
    assert first.bins
    assert {(lost.lost, lost.left, lost.share, lost.reason) for lost in first.bins} == {(0.0, 0.0, 0.0, None)}
    assert first.window.since == first.window.until


def test_docks_count_who_ended_so(name: str) -> None:
    for at in moments(name):
        ended = sum(s.to == "Paid" and (s.left or 0) <= at for s in stays_of(name))
        [dock] = state(name, at).outcomes
        assert (dock.id, dock.total) == (("outcome", "Paid"), ended)


def test_sources_count_who_came_in_by_them_and_hide_a_channel_of_few(name: str) -> None:
    past, hidden = model(name).counts.history, 0
    for at in [*moments(name), FIRST + DAY // 4]:
        until = past.origin + (at - past.origin) // past.width * past.width
        since = max(past.origin, until - 7 * DAY)
        sources = {source.id[1].removeprefix("→ "): source.throughput for source in state(name, at).sources}
        assert set(sources) == {"web", "partner"}
        for channel, rate in sources.items():
            came = [s.entered for s in stays_of(name) if s.came_from is None and s.channel == channel]
            so_far = sum(entered <= at for entered in came)
            if 0 < so_far < SMALLEST:
                assert rate is None
                hidden += 1
            else:
                lately = sum(since <= entered < until for entered in came)
                assert rate == pytest.approx(lately / max(until - since, past.width) * DAY)
    assert hidden


def test_goals_count_since_local_midnight(name: str) -> None:
    for at in moments(name):
        midnight = local(at).replace(hour=0, minute=0, second=0, microsecond=0)
        paid = sum(s.to == "Paid" and midnight <= local(s.left or 0) and (s.left or 0) <= at for s in stays_of(name))
        assert {of: goal.actual for of, goal in state(name, at).figures.goals.items()} == {"Paid": paid}


def test_staff_is_that_of_the_local_day_and_vacancies_are_posts_without_anybody() -> None:
    day = BEGIN.date() + timedelta(days=10)
    plant = Plant(
        name="x",
        timezone="Asia/Tokyo",
        stages=(Stage(name="Ask", posts=4),),
        workers=(
            Worker(stage="Ask", count=3, until=day),
            Worker(stage="Ask", count=1, since=day + timedelta(days=1)),
            Worker(stage="Ask", kind="robot", count=2, since=date(2025, 1, 1)),
        ),
        outcomes=(Outcome(name="Done"),),
    )
    events = [
        Event(2 * k + step, f"case {k}", stage, FIRST + (k + step) * DAY // 2)
        for k in range(60)
        for step, stage in enumerate(("Ask", "Done"))
    ]
    store = Store.build(event_log(duckdb.connect(), "entry", events), ends=("Done",))
    found = Model(Factory(plant, store, "x", (), 0, {}, len(events)))
    tokyo = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo("Asia/Tokyo")) + timedelta(days=1)
    midnight = round(tokyo.timestamp()) * 1_000_000
    for at, people, vacancies in ((midnight - 1, 3, 0), (midnight, 1, 1)):
        [stage] = found.state(at, REAL_TIME).stages
        assert (stage.people, stage.robots, stage.vacancies) == (people, 2, vacancies)


def test_busy_and_at_work_follow_the_machine(name: str) -> None:
    for at in moments(name):
        for stage in state(name, at).stages:
            heads = stage.people + stage.robots
            assert stage.at_work == min(heads, stage.here.in_machine)
            assert stage.busy == pytest.approx(min(1.0, stage.here.in_machine / heads))


def test_belts_run_at_full_half_or_no_speed_by_their_level() -> None:
    found = model("piled")
    levels, pace = found.counts.jams.levels, usual_pace(found.last - found.first)
    seen = set()
    for step in range(1, levels.steps - 1):
        begin, end = (int(at) for at in levels.moments[step : step + 2])
        before, after = found.state(begin, pace), found.state(end - 1, pace)
        for i, (one, other) in enumerate(zip(before.belts, after.belts, strict=True)):
            if i >= len(found.topology.ways):
                continue
            stage = found.topology.ways[i].stage
            level = int(levels.level[stage, step])
            if not (one.level == other.level == level) or (level == RED and levels.level[stage, step - 1] != RED):
                continue  # an empty belt is no jam; one that turns red comes to rest
            if level == NEUTRAL and levels.level[stage, :step].any():
                continue  # empty belts run on as if nothing had ever jammed
            speed = {NEUTRAL: 1.0, AMBER: 0.5, RED: 0.0}[level]
            expected = speed * (end - 1 - begin) / pace * BELT_SPEED
            assert other.phase - one.phase == pytest.approx(expected, abs=1e-3)
            seen.add(level)
    assert seen >= {NEUTRAL, RED}


def test_what_is_late_stands_still_and_says_since_when() -> None:
    found = model("jammed")
    at = found.first + 3 * (found.last - found.first) // 4
    since = at - 40 * MINUTE
    health = late_health(since, at, {"Approval": frozenset({"CRM"}), "Paid": frozenset({"CRM"})})
    late, soon = (found.state(moment, 86_400e6, health=health) for moment in (at, at + 20 * MINUTE))
    assert late.stale == {"Approval": since, "Paid": since}
    assert {stage.id[1] for stage in late.stages if stage.stale_since is not None} == {"Approval"}
    assert {dock.id[1] for dock in late.outcomes if dock.stale_since is not None} == {"Paid"}
    stale = [i for i, belt in enumerate(late.belts) if belt.stale]
    assert {late.belts[i].id[2] for i in stale} == {"Approval", "Paid"}
    assert [late.belts[i].phase for i in stale] == [soon.belts[i].phase for i in stale]
    assert late.belts[0].id[0] == "belt"
    assert late.feeds[0].name == "CRM"


def test_a_state_is_of_the_moment_alone(name: str) -> None:
    """Seeking equals playing: what was asked before changes nothing."""
    random, found = Random(3), model(name)
    asked = moments(name, 4)
    first = {at: found.state(at, 86_400e6) for at in asked}
    for _ in range(12):
        at = random.choice(asked)
        again = found.state(at, 86_400e6)
        assert again.stages == first[at].stages
        assert again.belts == first[at].belts
        assert again.news == first[at].news
        assert again.bins == first[at].bins


def test_a_moment_outside_the_log_is_its_nearest(name: str) -> None:
    found = model(name)
    assert found.state(found.first - DAY, REAL_TIME).at == found.first
    assert found.state(found.last + DAY, REAL_TIME).at == found.last
