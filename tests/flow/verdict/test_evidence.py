"""What a verdict of some cases is taken from: picked from all, asked for, or that of a log of them alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import duckdb
import numpy as np
import pytest

from factoryview.errors import InputError
from factoryview.flow.verdict.evidence import Evidence, gather
from factoryview.flow.verdict.visits import Visits
from factoryview.plant.models import Plant
from factoryview.sources.events import Meaning
from factoryview.store.database import Store
from factoryview.store.selection import ChannelIn, First, Selection, Through
from factoryview.time import HOUR
from tests.kit.event_logs import Event, event_log

PLANT = Plant(name="p")
CHOSEN: tuple[Selection, ...] = (Through("Check"), ~Through("Check"), First("Ask"), First("Offer"), ChannelIn(("web",)))


def random_events(seed: int) -> list[Event]:
    """Some cases skip stages, come by a channel that is called like a stage, or have moments that nobody wrote down."""
    random, events = np.random.default_rng(seed), []
    for case in range(120):
        at = int(random.integers(0, 2_000))
        way = [name for name in ("Ask", "Check", "Offer", "Won") if random.random() < 0.7] or ["Lost"]
        channel = (None, "web", "Offer", "shop")[case % 4]
        for stage in way:
            time = at * HOUR if random.random() < 0.95 else None
            start = None if time is None or random.random() < 0.3 else time - 3 * HOUR
            events.append(Event(len(events), f"c{case}", stage, time, start=start, channel=channel))
            at += int(random.integers(0, 90))
    return events


def store_of(events: list[Event], meaning: Meaning) -> Store:
    return Store.build(event_log(duckdb.connect(), meaning, events), ends=("Won", "Lost"))


def told(found: Evidence) -> list[object]:
    visits = []
    for parts in (*found.visits, *found.shown):
        rows = zip(parts.entered, parts.left, parts.started, parts.known, parts.next, parts.first, strict=False)
        assert (np.diff(parts.entered) >= 0).all()
        visits.append(sorted(repr(row) for row in rows))
    return [found.stages, found.ways, found.good.tolist(), found.begin, found.end, found.weight, visits]


@pytest.mark.parametrize("meaning", ["entry", "completion", "interval"])
def test_some_cases_are_as_if_the_log_had_no_others(meaning: Meaning) -> None:
    seen, orders = 0, set()
    for seed in range(4):
        events = random_events(seed)
        store, prepared = store_of(events, meaning), store_of(events, meaning)
        prepared.prepare()
        assert told(gather(prepared, PLANT)) == told(gather(store, PLANT))
        for selection in CHOSEN:
            cases = {case for case, _ in store.where(selection).rows("stays/numbered")}
            alone = store_of([event for event in events if event.case in cases], meaning)
            wanted = told(gather(alone, PLANT))
            assert told(gather(store.where(selection), PLANT)) == wanted
            assert told(gather(prepared.where(selection), PLANT)) == wanted
            seen += len(cases)
            orders.add(str(wanted[0]))
    assert seen > 200
    assert len(orders) > 3


def test_what_is_known_of_all_cases_is_asked_once() -> None:
    store = store_of(random_events(1), "completion")
    store.prepare()
    gather(store.where(Through("Check")), PLANT)
    before = replace(store.engine.fetched)
    gather(store.where(Through("Ask")), PLANT)
    rows = store.engine.fetched.since(before).rows
    assert rows < store.cases() + 20, "cases alone are asked for, and outcomes"


def test_where_no_stay_has_a_time_there_is_no_verdict() -> None:
    store = store_of([Event(0, "a", "Ask", None)], "entry")
    with pytest.raises(InputError):
        gather(store, PLANT)


@pytest.mark.parametrize("seed", range(6))
def test_who_left_when_is_known_of_any_part_without_sorting_again(seed: int) -> None:
    """Whole hours, so that many leave at once: those in the order in which they came."""
    random, size = np.random.default_rng(seed), 200
    entered = np.sort(random.integers(0, 90, size)).astype(float)
    left = np.where(random.random(size) < 0.2, np.inf, entered + random.integers(0, 30, size))
    started = np.where(random.random(size) < 0.3, np.nan, np.minimum(entered + 1, left))
    follow = np.where(np.isfinite(left), random.integers(-1, 3, size), -1).astype(np.int16)
    visits = Visits(entered, started, left, follow, random.random(size) < 0.5, left + random.integers(0, 9, size))
    chosen = random.random(size) < 0.6
    parts = [
        visits, visits.only(chosen), visits.only(slice(30, 170)), visits.only(chosen).only(slice(20, None)),
        visits.until(60.0), visits.until(45.0, hidden=True), visits.until(60.0).joined(np.array([3.0, 59.0, 3.0])),
    ]  # fmt: skip
    for part in parts:
        over = [place for place, moment in enumerate(part.left.tolist()) if moment < np.inf]
        assert part.leaving.tolist() == sorted(over, key=lambda place: part.left[place])
        assert part.departures.tolist() == sorted(moment for moment in part.left.tolist() if moment < np.inf)
        before = [sum(gone <= moment for gone in part.left.tolist()) for moment in part.entered.tolist()]
        assert part.gone_before.tolist() == before
        assert len(over) > 20
    assert [len(part.entered) for part in parts[:4]] == [size, chosen.sum(), 140, chosen.sum() - 20]


@pytest.mark.parametrize("meaning", ["entry", "interval"])
def test_of_a_span_there_is_what_touches_it_as_if_the_log_began_then(meaning: Meaning) -> None:
    standing = 0
    for seed in range(3):
        store = store_of(random_events(seed), meaning)
        since, until = 700 * HOUR, 1_500 * HOUR
        found = gather(store, PLANT, span=(since, until))
        rows = store.engine.rows(
            "select stage, epoch_us(entered), epoch_us(\"left\"), epoch_us(started), coalesce(next, '') from stays "
            "where entered is not null",
            {},
        )
        expected: dict[str, list[tuple[Any, ...]]] = {}
        for stage, entered, left, started, follows in rows:
            if entered < until and (left is None or left > since):
                standing += entered < since
                expected.setdefault(stage, []).append(
                    (
                        max(entered, since) / HOUR, float("inf") if left is None else left / HOUR,
                        None if started is None else max(started, since) / HOUR, follows,
                    )
                )  # fmt: skip
        told_of = {
            stage: [
                (entered, left, None if np.isnan(started) else started, found.ways[way] if way >= 0 else "")
                for entered, left, started, way in zip(
                    part.entered.tolist(), part.left.tolist(), part.started.tolist(), part.next.tolist(), strict=True
                )
            ]
            for stage, part in zip(found.stages, found.shown, strict=True)
        }
        for stage, here in expected.items():
            if meaning == "entry":
                assert sorted(told_of[stage], key=repr) == sorted(here, key=repr)
            else:  # a stay shows when it is over, and where its case goes when it is there
                over = [row[:3] for row in here if row[1] < 1_400]
                assert sorted((row[:3] for row in told_of[stage] if row[1] < 1_400), key=repr) == sorted(over, key=repr)
                assert over
        for part in found.shown:
            assert part.first[part.entered == since / HOUR].all()
        assert found.begin >= since / HOUR
    assert standing > 5
