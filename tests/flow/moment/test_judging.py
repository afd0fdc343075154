"""What is derived from sorted stays in one go, against the plain way stay by stay."""

from __future__ import annotations

from dataclasses import fields
from datetime import time

import duckdb
import numpy as np
import pytest

from factoryview.flow.moment.crowd import NEVER, Crowd
from factoryview.flow.moment.history import history
from factoryview.flow.moment.judging import judge
from factoryview.flow.moment.levels import levels
from factoryview.flow.moment.presence import Presence, presence
from factoryview.flow.moment.workdays import Workdays, workdays
from factoryview.plant.models import Calendar, Plant
from factoryview.sources.events import Meaning
from factoryview.store.database import Store
from factoryview.store.windows import FOREVER
from factoryview.time import DAY, HOUR
from tests.kit.event_logs import Event, event_log

OFFICE = Calendar(days=("mon", "tue", "wed", "thu", "fri"), start=time(9), end=time(17))


def random_log(seed: int, meaning: Meaning, days: int = 200) -> Store:
    """Cases that come by day and night, of two weights, with ties, many of which stop or are left lying."""
    random, events = np.random.default_rng(seed), []
    for case in range(900):
        at, slow = int(random.integers(0, days * 24)), random.random() < 0.1
        for stage in ("Ask", "Check", "Offer", "Sold")[: int(random.integers(1, 5))]:
            weight = 1.0 if case % 3 else 2.5
            events.append(Event(len(events), f"c{case}", stage, at * HOUR, start=at * HOUR - HOUR, weight=weight))
            at += int(random.exponential(24 * (40 if slow else 3)))
    return Store.build(event_log(duckdb.connect(), meaning, events), ends=("Sold",))


def plain_clock(stays: Presence, calendar: Calendar, last: int) -> Workdays:
    gone = [np.sort(stays.left[stays.of(code)]) for code in range(len(stays.stages))]
    assert stays.span is not None
    return workdays([each[each < FOREVER] for each in gone], stays.span[0], last, "Europe/Berlin", calendar)


@pytest.mark.parametrize("meaning", ["entry", "completion", "interval"])
@pytest.mark.parametrize("calendar", [Calendar(), OFFICE], ids=["discovered", "office"])
def test_levels_and_wrecks_are_those_of_stays_that_are_put_in_order_one_by_one(
    meaning: Meaning, calendar: Calendar
) -> None:
    marked = 0
    for seed in range(3):
        store = random_log(seed, meaning)
        stages = tuple(store.stages())
        stays = presence(store, stages)
        assert stays.span is not None
        last = stays.span[1]
        found = judge(store, Plant(name="p", timezone="Europe/Berlin", calendar=calendar), stages)
        clock, crowds = plain_clock(stays, calendar, last), {}
        for code, name in enumerate(stages):
            here = stays.of(code)
            gone = np.array([np.inf if left == FOREVER else clock.passed(left) for left in stays.left[here]])
            come = np.array([clock.passed(entered) for entered in stays.entered[here]])
            crowds[name] = Crowd(come, gone, stays.weight[here], store.meaning != "entry")
        plain = levels(crowds, clock)
        for field in fields(plain):
            if isinstance(getattr(plain, field.name), np.ndarray):
                assert np.array_equal(getattr(found.levels, field.name), getattr(plain, field.name), equal_nan=True)
        wrecks = [
            (int(step), int(stays.id[stays.of(code).start + place]))
            for code, crowd in enumerate(crowds.values())
            for place, step in enumerate(crowd.wrecked.tolist())
            if step != NEVER
        ]
        assert sorted(found.wrecks.id.tolist()) == sorted(number for _, number in wrecks)
        assert found.wrecks.since.tolist() == [int(plain.moments[step]) for step, _ in sorted(wrecks)]
        marked += len(wrecks)
    assert marked or meaning != "entry"


@pytest.mark.parametrize("days", [3, 200])
def test_time_that_has_passed_is_the_same_whether_moments_are_in_order_or_not(days: int) -> None:
    random = np.random.default_rng(days)
    gone = np.sort(random.integers(0, days * DAY, 4_000))
    for calendar in (Calendar(), OFFICE):
        clock = workdays([gone, gone[::2]], 0, days * DAY, "Europe/Berlin", calendar)
        moments = np.sort(np.concatenate([random.integers(-DAY, (days + 3) * DAY, 5_000), clock.edges, clock.edges]))
        assert np.array_equal(clock.passed_in_order(moments), clock.passed(moments))
        assert len(clock.passed_in_order(moments[:0])) == 0


def test_the_hours_of_work_are_those_at_which_enough_has_gone_so_far() -> None:
    random = np.random.default_rng(3)
    hours = random.choice(24, 6_000, p=np.r_[np.full(8, 0.001), np.full(9, 0.984 / 9), np.full(7, 0.008 / 7)])
    gone = np.sort(random.integers(60, 200, 6_000) * DAY + hours * HOUR + random.integers(0, HOUR, 6_000))
    clock = workdays([gone[::3], gone[1::3], gone[2::3]], int(gone[0]), int(gone[-1]), "Europe/Berlin", Calendar())
    known = 0
    for slot, (begin, end) in enumerate(zip(clock.edges[:-1].tolist(), clock.edges[1:].tolist(), strict=True)):
        counts = [0] * 24
        for at in gone[gone < end].tolist():
            of = max(edge for edge in clock.edges.tolist() if edge <= at)
            counts[min((at - of) // HOUR, 23)] += 1
        if sum(counts) < 150:
            continue
        usual = [hour for hour in range(24) if counts[hour] >= 0.1 * max(counts)]
        closes = end if usual[-1] == 23 else begin + (usual[-1] + 1) * HOUR
        assert (clock.begins[slot], clock.closes[slot]) == (begin + usual[0] * HOUR, closes)
        known += 1
    assert known > 100


def test_the_history_counts_every_stay_once() -> None:
    store = random_log(5, "entry")
    stays = presence(store, tuple(store.stages()))
    found = history(store, stays.stages, known=stays)
    grids = {name: np.zeros_like(found.arrivals) for name in ("arrivals", "departures", "stayed")}
    for stage, come, left, weight in zip(stays.stage, stays.entered, stays.left, stays.weight, strict=True):
        grids["arrivals"][stage, (come - found.origin) // found.width] += weight
        if left < FOREVER:
            grids["departures"][stage, (left - found.origin) // found.width] += weight
            grids["stayed"][stage, (left - found.origin) // found.width] += weight * (left - come)
    for name, grid in grids.items():
        assert getattr(found, name) == pytest.approx(grid)
        assert grid.any()


def test_how_cases_went_is_asked_again_only_after_a_change() -> None:
    store = random_log(1, "entry")
    known = store.ways()
    before = store.engine.fetched.queries
    assert store.ways() is known
    assert store.engine.fetched.queries == before
    store.changed()
    assert store.ways() == known
    assert store.engine.fetched.queries > before
