"""Events become stays by what their times mean: the SQL against the definitions in plain Python."""

from __future__ import annotations

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import duckdb
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factoryview.errors import InputError
from factoryview.sources.events import Meaning
from factoryview.store.database import Store
from factoryview.store.windows import Numbering, Totals, Windows
from tests.kit.event_logs import SECOND, Event, event_log, logs

Row = tuple[Any, ...]

STAYS = """select id, "case", stage, epoch_us(entered), epoch_us(started), epoch_us("left"), next, via, channel, weight,
    resource, value, reason, first, last from stays order by id"""
OUTCOMES = """select "case", outcome, epoch_us("at"), epoch_us(until), via, channel, weight, value, reason
    from outcomes order by all"""


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": 1})


def told(meaning: Meaning, events: list[Event], ends: set[str]) -> tuple[list[Row], list[Row]]:
    """Stays and outcomes, case by case."""
    stays: list[Row] = []
    outcomes: list[Row] = []
    cases = defaultdict(list)
    for event in events:
        cases[event.case].append(event)
    for events_of_case in cases.values():
        dated = [event for event in events_of_case if event.time is not None or event.start is not None]
        for event in events_of_case:
            if event in dated:
                continue
            rest = (event.channel, event.weight, event.resource, event.value, event.reason)
            if meaning == "entry" and event.stage in ends:
                outcomes.append((event.case, event.stage, None, None, None, *rest[:2], *rest[3:]))
            else:
                stays.append((event.row, event.case, event.stage, *[None] * 4, event.channel, *rest, False, not dated))
        {"entry": _entries, "completion": _completions, "interval": _intervals}[meaning](dated, ends, stays, outcomes)
    return sorted(stays), sorted(outcomes, key=lambda row: [(value is None, value) for value in row])


def _facts(event: Event, case: list[Event]) -> Row:
    channel = next((e.channel for e in case if e.channel is not None), None)
    return channel, event.weight, event.resource, event.value, event.reason


def _entries(case: list[Event], ends: set[str], stays: list[Row], outcomes: list[Row]) -> None:
    case = sorted(case, key=lambda e: (e.time, e.row))
    for i, event in enumerate(case):
        following = case[i + 1] if i + 1 < len(case) else None
        channel, *facts = _facts(event, case)
        until, way = (following.time, following.stage) if following else (None, None)
        if event.stage in ends:
            via = case[i - 1].stage if i else None
            outcomes.append(
                (event.case, event.stage, event.time, until, via, channel, event.weight, event.value, event.reason)
            )
        else:
            via = case[i - 1].stage if i else channel
            times = (event.time, None, until)
            stays.append((event.row, event.case, event.stage, *times, way, via, channel, *facts, not i, not following))


def _completions(case: list[Event], ends: set[str], stays: list[Row], outcomes: list[Row]) -> None:
    case = sorted(case, key=lambda e: (e.time, e.row))
    for i, event in enumerate(case):
        channel, *facts = _facts(event, case)
        last = event is case[-1]
        way = case[i + 1].stage if not last else event.stage if event.stage in ends else None
        via, entered = (case[i - 1].stage, case[i - 1].time) if i else (channel, event.time)
        times = (entered, None, event.time)
        stays.append((event.row, event.case, event.stage, *times, way, via, channel, *facts, not i, last))
        if last and event.stage in ends:
            outcomes.append(_outcome(event, channel))


def _outcome(event: Event, channel: str | None) -> Row:
    ends = event.case, event.stage, event.time, None, event.stage
    return (*ends, channel, event.weight, event.value, event.reason)


def _intervals(case: list[Event], ends: set[str], stays: list[Row], outcomes: list[Row]) -> None:
    forever = float("inf")

    def span(event: Event) -> tuple[float, float, int]:
        begun = event.start if event.start is not None else event.time
        return begun, forever if event.time is None else event.time, event.row  # type: ignore[return-value]

    case = sorted(case, key=span)
    busy = -forever
    for i, event in enumerate(case):
        begun, end, _ = span(event)
        channel, *facts = _facts(event, case)
        last = event is max(case, key=lambda e: (span(e)[1], span(e)[0], e.row))
        ended = last and event.time is not None and event.stage in ends
        way = event.stage if ended else case[i + 1].stage if not last and i + 1 < len(case) else None
        via = case[i - 1].stage if i else channel
        entered = min(begun, busy) if i else begun
        times = (int(entered), event.start, event.time)
        stays.append((event.row, event.case, event.stage, *times, way, via, channel, *facts, not i, last))
        if ended:
            outcomes.append(_outcome(event, channel))
        busy = max(busy, end)


@pytest.mark.parametrize("meaning", ["entry", "completion", "interval"])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_stays_are_what_the_times_mean(
    connection: duckdb.DuckDBPyConnection, meaning: Meaning, data: st.DataObject
) -> None:
    events = data.draw(logs(meaning))
    ends = data.draw(st.sets(st.sampled_from(["Won", "Lost", "Check"])))
    Store.build(event_log(connection, meaning, events), ends=ends)
    stays, outcomes = told(meaning, events, ends)
    assert connection.execute(STAYS).fetchall() == stays
    assert connection.execute(OUTCOMES).fetchall() == outcomes


def test_a_deal_that_is_reopened_counts_again_as_open(connection: duckdb.DuckDBPyConnection) -> None:
    events = [
        Event(0, "a", "Offer", 0),
        Event(1, "a", "Lost", 10),
        Event(2, "a", "Offer", 20),
        Event(3, "a", "Won", 30),
    ]
    totals = Totals.of(Store.build(event_log(connection, "entry", events), ends=("Won", "Lost")), ("Offer",))
    assert [totals.outcomes(at) for at in (9, 10, 20, 30)] == [
        {"Won": 0, "Lost": 0}, {"Won": 0, "Lost": 1}, {"Won": 0, "Lost": 0}, {"Won": 1, "Lost": 0},
    ]  # fmt: skip
    assert [totals.in_progress(at) for at in (-1, 9, 10, 20, 30)] == [0, 1, 0, 1, 0]


def test_an_end_that_nobody_reached_counts_nothing(connection: duckdb.DuckDBPyConnection) -> None:
    store = Store.build(event_log(connection, "entry", [Event(0, "a", "Ask", 0)]), ends=("Won",))
    assert Totals.of(store, ("Ask",)).outcomes(5) == {"Won": 0}


def test_span_and_stages(connection: duckdb.DuckDBPyConnection) -> None:
    events = [
        Event(0, "a", "Offer", 50),
        Event(1, "b", "Ask", 20),
        Event(2, "c", "Later", None),
        Event(3, "a", "Won", 70),
    ]
    store = Store.build(event_log(connection, "entry", events), ends=("Won",))
    assert store.span() == (20, 70)
    assert store.stages() == ["Ask", "Offer", "Later"]


def test_a_log_without_any_time_is_refused(connection: duckdb.DuckDBPyConnection) -> None:
    store = Store.build(event_log(connection, "entry", [Event(0, "a", "Ask", None)]))
    with pytest.raises(InputError, match="no event in this log has a time"):
        store.span()


def test_many_threads_may_ask(connection: duckdb.DuckDBPyConnection) -> None:
    events = [Event(i, f"case {i % 700}", ("Ask", "Check", "Offer")[i % 3], i * SECOND) for i in range(6000)]
    store = Store.build(event_log(connection, "entry", events), ends=("Won",))
    windows = Windows(store, Numbering(tuple(store.stages()), (("Ask", "Check"),), ()))
    other = Windows(store, Numbering(("Offer",), (), ()))
    moments = [n * 100 * SECOND for n in range(1, 25)]

    def look(at: int) -> tuple[int, int, float, tuple[int, int]]:
        counts = store.each("counts/beginnings")
        around, offers = windows.fetch(at, at + 9 * SECOND), other.fetch(at, at + 9 * SECOND)
        assert set(offers.stage.tolist()) == {0}
        return len(around), len(offers), float(np.sum(counts["weight"])), store.span()

    alone = [look(at) for at in moments]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(look, moments)) == alone
