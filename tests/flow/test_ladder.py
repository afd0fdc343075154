"""The ladder's spans, sums and shares against plain loops over visits, and time at work against minutes counted."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pytest

from factoryview.factory.staff import staff_of
from factoryview.flow.ladder import Work, ladder, main_road
from factoryview.flow.moment.history import history
from factoryview.flow.moment.judging import Wrecks
from factoryview.flow.office_hours import office_hours
from factoryview.flow.work import busy, work_of
from factoryview.plant.models import Calendar, Plant, Stage, Worker
from factoryview.store.database import Store
from factoryview.store.windows import FOREVER
from factoryview.time import DAY, HOUR
from tests.kit.event_logs import Event, event_log
from tests.kit.plain import visits
from tests.kit.small_plants import FIRST, jammed, simulate

MINUTE = HOUR // 60
OFFICE = Calendar(days=("mon", "tue", "wed", "thu", "fri"), start=time(8), end=time(17))


def test_the_main_road_is_what_most_take_from_where_most_come_in() -> None:
    ways: dict[tuple[str | None, str], float] = {
        ("web", "Ask"): 90, ("fair", "Offer"): 20, (None, "Ask"): 5,
        ("Ask", "Check"): 40, ("Ask", "Lost"): 50, ("Ask", "Offer"): 5,
        ("Check", "Ask"): 20, ("Check", "Offer"): 18, ("Offer", "Paid"): 15, ("Offer", "Audit"): 4,
        ("Audit", "Paid"): 4,
    }  # fmt: skip
    stages = ("Ask", "Audit", "Check", "Offer")
    assert main_road(ways, stages, {"Lost"}) == ("Ask", "Check", "Offer")
    assert main_road(ways, stages) == ("Ask",), "where losses count as an end, most leave at once"
    assert main_road({}, stages) == ("Ask",)
    assert main_road({}, ()) == ()


def interval_store() -> tuple[Store, list[Event]]:
    """The small plant with starts: work takes a known part of each visit; of some visits no start is known."""
    random, events = Random(4), []
    for event in simulate(jammed().line):
        assert event.time is not None
        start = None if random.random() < 0.1 else event.time - random.randint(1, 90) * MINUTE
        events.append(Event(event.row, event.case, event.stage, event.time, start, channel=event.channel))
    return Store.build(event_log(duckdb.connect(), "interval", events), ends=("Paid", "Lost")), events


def test_where_starts_are_known_work_is_from_start_to_end() -> None:
    store, _ = interval_store()
    rows = store.engine.connection.execute(  # type: ignore[attr-defined]
        'select stage, epoch_us(entered), epoch_us(started), epoch_us("left") from stays'
    ).fetchall()
    past = history(store, tuple(store.stages()))
    work = work_of(store, Plant(name="x"), past)
    assert not work.of_servers
    random = Random(1)
    for _ in range(12):
        at = random.randint(past.first, past.last)
        window = past.window(at)
        found = ladder(past, work, past.stages, at)
        for rung in found.rungs:
            gone = [r for r in rows if r[0] == rung.stage and r[1] and r[3] and window.since <= r[3] < window.until]
            started = [r for r in gone if r[2] is not None]
            assert rung.visits == len(gone)
            assert rung.stay == pytest.approx(sum(r[3] - r[1] for r in gone) / len(gone))
            spent = sum(r[3] - r[2] for r in started) / len(started)
            assert rung.work == pytest.approx(min(spent, rung.stay))
            assert rung.waiting == pytest.approx(rung.stay - min(spent, rung.stay))
        total = sum(rung.stay for rung in found.rungs)
        assert found.total == pytest.approx(total)
        if found.rungs:
            assert found.share == pytest.approx(sum(rung.work or 0 for rung in found.rungs) / total)


def test_a_stage_of_which_the_work_is_not_known_leaves_the_share_unknown() -> None:
    store, _ = interval_store()
    past = history(store, tuple(store.stages()))
    work = work_of(store, Plant(name="x"), past)
    unknown = Work(work.worked.copy(), work.served, of_servers=False)
    unknown.worked[0] = np.nan
    found = ladder(past, unknown, past.stages, past.last)
    assert (found.rungs[0].work, found.rungs[0].waiting) == (None, None)
    assert (found.work, found.share) == (None, None)
    assert found.total > 0
    grown = ladder(past, unknown, (*past.stages, "Came later"), past.last)
    assert (grown.rungs, grown.missing) == (found.rungs, ("Came later",))
    some = sorted(rung.visits for rung in found.rungs)[2]
    strict = ladder(past, unknown, past.stages, past.last, least=some)
    assert strict.rungs == tuple(rung for rung in found.rungs if rung.visits >= some)
    assert strict.missing == tuple(rung.stage for rung in found.rungs if rung.visits < some)
    assert strict.missing
    assert strict.rungs
    empty = ladder(past, work, past.stages, past.first)
    assert (empty.rungs, empty.total, empty.share) == ((), 0, None)


def test_servers_are_at_work_while_there_is_a_case_for_each_in_working_time() -> None:
    """Against minutes counted one by one, with staff that changes and cases that come at night."""
    day = date(2025, 3, 5)
    plant = Plant(
        name="x",
        timezone="Europe/Berlin",
        calendar=OFFICE,
        stages=(Stage(name="Ask"),),
        workers=(Worker(stage="Ask", count=2, until=day), Worker(stage="Ask", count=1, since=day + timedelta(days=1))),
    )
    random = Random(9)
    entered = np.sort(np.array([FIRST + random.randrange(6 * 24 * 60) * MINUTE for _ in range(60)], dtype=np.int64))
    left = entered + np.array([random.randrange(1, 2000) * MINUTE for _ in entered])
    left[::7] = FOREVER
    events = [Event(k, f"case {k}", "Ask", int(at)) for k, at in enumerate(entered)]
    events += [Event(99, "end", "Ask", FIRST + 9 * DAY)]
    past = history(Store.build(event_log(duckdb.connect(), "entry", events)), ("Ask",))
    hours = office_hours(OFFICE, "Europe/Berlin", past.first, past.last)
    staff = staff_of(plant, "Ask")
    assert staff is not None
    found = busy(entered, left, np.ones(len(entered)), staff, hours, past)
    zone, expected = ZoneInfo("Europe/Berlin"), np.zeros(past.buckets)
    for at in range(past.origin, past.origin + past.buckets * past.width, MINUTE):
        local = datetime.fromtimestamp(at / 1e6, UTC).astimezone(zone)
        if local.weekday() < 5 and 8 <= local.hour < 17:
            there = int(((entered <= at) & (at < left)).sum())
            expected[(at - past.origin) // past.width] += min(there, 2 if local.date() <= day else 1) * MINUTE
    assert expected.sum() > 0
    assert found == pytest.approx(expected)


def test_work_is_known_where_the_plant_names_staff_and_none_at_a_delay() -> None:
    events = simulate(jammed().line)
    store = Store.build(event_log(duckdb.connect(), "entry", events), ends=("Paid", "Lost"))
    past = history(store, ("Inquiry", "Qualify", "Offer", "Approval", "Delivery"))
    plant = Plant(
        name="x",
        stages=(Stage(name="Inquiry", posts=2), Stage(name="Qualify", kind="delay", posts=3), Stage(name="Offer")),
        workers=(Worker(stage="Approval", count=3),),
    )
    work = work_of(store, plant, past)
    assert work.of_servers
    whole = past.window(past.last)
    spent = dict(zip(past.stages, work.per_visit(whole).tolist(), strict=True))
    assert spent["Qualify"] == 0.0
    assert np.isnan(spent["Offer"])
    assert np.isnan(spent["Delivery"])
    for stage, heads in (("Inquiry", 2), ("Approval", 3)):
        stays = [s for s in visits(events, ("Paid", "Lost")) if s.stage == stage]
        minutes = range(whole.since // MINUTE * MINUTE, whole.until, 5 * MINUTE)
        there = [min(sum(s.present(at) for s in stays if s.entered > at - 20 * DAY), heads) for at in minutes[::6]]
        gone = sum(whole.since <= (s.left or 0) < whole.until for s in stays)
        assert spent[stage] == pytest.approx(sum(there) * 30 * MINUTE / gone, rel=0.03)


def test_a_case_that_nobody_works_on_any_more_occupies_nobody_from_when_that_is_known() -> None:
    plant = Plant(name="x", stages=(Stage(name="Ask", posts=3),))
    events = [Event(0, "left lying", "Ask", FIRST), Event(1, "quick", "Ask", FIRST + 2 * HOUR)]
    events += [Event(2, "quick", "Done", FIRST + 4 * HOUR), Event(3, "last", "Ask", FIRST + 9 * HOUR)]
    store = Store.build(event_log(duckdb.connect(), "entry", events), ends=("Done",))
    past = history(store, ("Ask",))
    [(lying,)] = store.engine.connection.execute(  # type: ignore[attr-defined]
        "select id from stays where \"case\" = 'left lying'"
    ).fetchall()
    wrecks = Wrecks(
        np.array([lying]), np.zeros(1, np.int16), np.array([FIRST]), np.array([FIRST + 3 * HOUR]), np.array([FOREVER]),
        np.ones(1), np.ones(1),
    )  # fmt: skip
    assert work_of(store, plant, past).worked.sum() == pytest.approx((9 + 2) * HOUR, abs=3 * past.width)
    assert work_of(store, plant, past, wrecks).worked.sum() == pytest.approx((3 + 2) * HOUR, abs=3 * past.width)
