"""Selected cases: which they are, against plain Python, and that all numbers are those of a log of them alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factoryview.errors import InputError
from factoryview.factory.privacy import Gate
from factoryview.flow.kpis import kpis
from factoryview.flow.moment.docks import endings
from factoryview.flow.moment.history import history
from factoryview.sources.events import AttributeColumn, EventLog, Meaning
from factoryview.store.database import Store
from factoryview.store.selection import (
    AttributeBetween,
    AttributeIn,
    ChannelIn,
    First,
    Followed,
    InProgress,
    Last,
    LongerThan,
    Repeated,
    Selection,
    Through,
    ValueBetween,
)
from factoryview.store.windows import Numbering, Totals, Windows
from tests.kit.event_logs import CHANNELS, SECOND, STAGES, Event, event_log, logs

STAYS = """select "case", stage, entered, started, "left", next, via, channel, weight, resource, value, reason, first,
    last from stays order by id"""
OUTCOMES = """select "case", outcome, "at", until, via, channel, weight, value, reason from outcomes order by all"""
MEANINGS: list[Meaning] = ["entry", "completion", "interval"]
REGIONS = ("north", "south", None)
ENDS = ("Won", "Lost")


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": 1})


@pytest.fixture(scope="module")
def apart() -> duckdb.DuckDBPyConnection:
    """For a log of its own beside the one in `connection`."""
    return duckdb.connect(config={"threads": 1})


def with_attribute(
    connection: duckdb.DuckDBPyConnection, meaning: Meaning, events: list[Event], says: dict[int, str | None]
) -> EventLog:
    """A log of which each row says a text in the attribute "region"."""
    log = event_log(connection, meaning, events)
    connection.execute("create or replace table said (row bigint, text varchar)")
    connection.executemany("insert into said values (?, ?)", [[row, text] for row, text in says.items()])
    query = 'select events.row, events."case", said.text from events join said using (row)'
    log.attributes = (AttributeColumn("region", query),)
    return log


def numbers(store: Store) -> dict[str, object]:
    """Everything that is counted of a store: tables, key figures, history, windows, totals. Sums are rounded: the order
    in which weights are added is not told.
    """
    stages, span = tuple(store.stages()), store.span()
    past = history(store, stages)
    table = kpis(store, bucket="hour", timezone="UTC", gate=Gate(smallest=1))
    belts = tuple((via, stage) for via, stage, _ in store.rows("stays/flows"))
    window = Windows(store, Numbering(stages, belts, ("", "web"))).fetch(span[0], span[1] + 1)
    totals = Totals.of(store, stages)
    arrays = {name: getattr(window, name).tolist() for name in ("stage", "belt", "entered", "left", "weight", "hue")}
    return {
        "stages": stages,
        "span": span,
        "flows": [(via, stage, round(flow, 9)) for via, stage, flow in store.rows("stays/flows")],
        "kpis": table.to_csv(float_format="%.9g"),
        "history": [np.round(grid, 9).tolist() for grid in (past.arrivals, past.departures, past.stayed)],
        "window": sorted(zip(*arrays.values(), strict=True)),
        "totals": [
            (
                round(totals.in_progress(at), 9),
                {name: round(ended, 9) for name, ended in totals.outcomes(at).items()},
                [round(totals.at_exit(stage, at), 9) for stage in stages],
            )
            for at in range(span[0], span[1] + SECOND, SECOND)
        ],
    }


def ways(store: Store) -> tuple[object, ...]:
    """How the cases went, and how they ended."""
    found = store.ways()
    ended = {
        way: (sorted(zip(each.at.tolist(), each.hue.tolist(), strict=True)), each.reasons, each.tally.total[-1])
        for way, each in endings(store, ("", "web")).items()
    }
    by = [
        {said: round(cases, 9) for said, cases in store.cases_by(f"counts/{name}").items()}
        for name in ("came_by", "ended_in")
    ]
    flows = [(*way, round(flow, 9)) for *way, flow in found.flows]
    return flows, found.weight, found.undated, store.cases(), ended, by


def tables(store: Store) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """The tables as the store's queries see them."""
    only = store._only()
    return store.engine.rows(STAYS, {}, only), store.engine.rows(OUTCOMES, {}, only)


@pytest.mark.parametrize("meaning", MEANINGS)
@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_all_numbers_of_a_selection_are_those_of_a_log_of_its_rows(
    connection: duckdb.DuckDBPyConnection, apart: duckdb.DuckDBPyConnection, meaning: Meaning, data: st.DataObject
) -> None:
    events = data.draw(logs(meaning))
    region = {case: data.draw(st.sampled_from(REGIONS)) for case in sorted({event.case for event in events})}
    folded = data.draw(st.sampled_from([None, ("Ask", "Offer")]))
    log = with_attribute(connection, meaning, events, {event.row: region[event.case] for event in events})
    whole = Store.build(log, ends=ENDS, milestones=folded)
    for selection, wanted in (
        (AttributeIn("region", ("north",)), {"north"}),
        (~AttributeIn("region", ("north",)), {"south", None}),
        (AttributeIn("region", ("north", "south")), {"north", "south"}),
    ):
        if data.draw(st.booleans()):
            whole.prepare()
        part = [event for event in events if region[event.case] in wanted]
        selected = whole.where(selection)
        if not any(event.time is not None or event.start is not None for event in part):
            with pytest.raises(InputError, match="no case fits"):
                selected.span()
            continue
        alone = Store.build(event_log(apart, meaning, part), ends=ENDS, milestones=folded)
        assert tables(selected) == tables(alone)
        assert numbers(selected) == numbers(alone)
        assert ways(selected) == ways(alone)
        if whole.prepared:
            every = Windows(whole, Numbering(tuple(whole.stages()), (), ("", "web")))
            span = whole.span()
            picked = Windows(selected, every.numbering, every).fetch(span[0], span[1] + 1)
            asked = Windows(alone, every.numbering).fetch(span[0], span[1] + 1)
            assert [(*map(int, stay),) for stay in zip(picked.id, picked.left, strict=True)] == [
                (*map(int, stay),) for stay in zip(asked.id, asked.left, strict=True)
            ]
    assert tables(whole.where(Through("nowhere"))) == ([], [])
    assert tables(whole.where(~Through("nowhere"))) == tables(whole)


def cases_by(events: list[Event], fits: Callable[[list[Event]], bool]) -> set[str]:
    """The cases whose events fit, in the order of the clock."""
    found = defaultdict(list)
    for event in sorted(events, key=lambda e: (e.time if e.time is not None else -1, e.row)):
        found[event.case].append(event)
    return {case for case, own in found.items() if fits(own)}


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    events=logs("entry"),
    at=st.integers(-3, 26),
    hours=st.integers(0, 20),
    joined=st.sets(st.integers(0, 12), max_size=4),
)
def test_conditions_select_the_cases_they_say(
    connection: duckdb.DuckDBPyConnection, events: list[Event], at: int, hours: int, joined: set[int]
) -> None:
    dated = [event for event in events if event.time is not None]
    if not dated:
        return
    says = {event.row: ("east" if event.value else None) for event in events}
    store = Store.build(with_attribute(connection, "entry", events, says), ends=ENDS)
    last = max(event.time for event in dated)  # type: ignore[type-var]
    moment = at * SECOND

    def ways(own: list[Event]) -> list[Event]:
        return [event for event in own if event.time is not None]

    def over(own: list[Event], by: float) -> bool:
        known = [event for event in ways(own) if event.time <= by]  # type: ignore[operator]
        return bool(known) and known[-1].stage in ENDS

    def lasted(own: list[Event]) -> bool:
        stood = [event.time for event in ways(own) if event.stage not in ENDS]
        if not stood:
            return False
        end = ways(own)[-1].time if over(own, float("inf")) else last
        return end - min(stood) > hours * 1000  # type: ignore[type-var, operator]

    def ended(own: list[Event]) -> bool:
        return any(event.stage in ENDS for event in own)

    def value_of(own: list[Event]) -> float | None:
        order = sorted(own, key=lambda event: (event.time is not None, event.time or 0, event.row))
        return next((event.value for event in reversed(order) if event.value is not None), None)

    conditions: list[tuple[Selection, Callable[[list[Event]], bool]]] = [
        (Through("Ask"), lambda own: any(event.stage == "Ask" for event in own)),
        (Through("Won"), lambda own: any(event.stage == "Won" for event in own)),
        (First("Ask"), lambda own: bool(ways(own)) and ways(own)[0].stage == "Ask"),
        (First("Won"), lambda own: bool(ways(own)) and ways(own)[0].stage == "Won"),
        (Followed("Ask", "Offer"), lambda own: ("Ask", "Offer") in pairs(ways(own))),
        (Followed("Ask", "Won"), lambda own: ("Ask", "Won") in pairs(ways(own))),
        (Repeated("Check"), lambda own: sum(event.stage == "Check" for event in own) >= 2),
        (ChannelIn(("web",)), lambda own: "web" in channels_of(own)),
        (ChannelIn(("web",), unknown=True), lambda own: not channels_of(own) or "web" in channels_of(own)),
        (AttributeIn("region", ("east",)), lambda own: any(event.value for event in own)),
        (ValueBetween(low=0), lambda own: (value_of(own) if value_of(own) is not None else -1.0) >= 0.0),  # type: ignore[operator]
        (
            InProgress(moment),
            lambda own: (
                any(event.stage not in ENDS and event.time <= moment for event in ways(own)) and not over(own, moment)  # type: ignore[operator]
            ),
        ),
        (LongerThan(hours * 1000 / 3.6e9), lasted),
    ]
    assert len(conditions) == 13
    every = {event.case for event in events}
    offered = cases_by(events, lambda own: any(event.stage == "Offer" for event in own))
    for k, (selection, fits) in enumerate(conditions):
        expected = cases_by(events, fits)
        assert cases_of(store.where(selection)) == expected, selection
        assert cases_of(store.where(~selection)) == every - expected, selection
        if k not in joined:
            continue
        both = store.where(selection & Through("Offer"))
        assert cases_of(both) == cases_of(store.where(selection).where(Through("Offer"))) == expected & offered
    store.prepare()  # after which they are picked from all cases
    names = [case for (case,) in store.engine.rows('select "case" from numbered order by number', {})]
    for k, (selection, fits) in enumerate(conditions):
        expected = cases_by(events, fits)
        for asked, wanted in ((selection, expected), (~selection, every - expected)):
            members = store.where(asked).members()
            assert members is not None
            assert {names[place] for place in np.flatnonzero(members)} == wanted, asked
        if k in joined:
            members = store.where(selection & Through("Offer")).members()
            assert members is not None
            assert {names[place] for place in np.flatnonzero(members)} == expected & offered


def pairs(own: list[Event]) -> set[tuple[str, str]]:
    return {(a.stage, b.stage) for a, b in pairwise(own)}


def channels_of(own: list[Event]) -> set[str]:
    """The first that a dated event says, and what undated ones say."""
    dated = [event.channel for event in own if event.time is not None and event.channel is not None]
    return {*dated[:1], *(event.channel for event in own if event.time is None and event.channel is not None)}


def cases_of(store: Store) -> set[str]:
    query = 'select "case" from stays union select "case" from outcomes'
    return {case for (case,) in store.engine.rows(query, {}, store._only())}


def test_last_is_where_nothing_is_known_to_follow(connection: duckdb.DuckDBPyConnection) -> None:
    def case(name: str, *stages: str) -> list[Event]:
        return [Event(0, name, stage, k * SECOND) for k, stage in enumerate(stages)]

    rows = case("a", "Ask", "Offer") + case("b", "Ask", "Offer", "Won") + case("c", "Ask", "Won", "Ask")
    store = Store.build(event_log(connection, "entry", [replace(e, row=k) for k, e in enumerate(rows)]), ends=ENDS)
    assert cases_of(store.where(Last("Offer"))) == {"a"}
    assert cases_of(store.where(Last("Won"))) == {"b"}, "c was reopened"
    assert cases_of(store.where(Last("Ask"))) == {"c"}


def test_an_attribute_is_of_the_case_or_of_the_event_and_a_text_or_a_number(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    events = [Event(k, f"case {k // 2}", "Ask", k * SECOND) for k in range(6)]
    says: dict[int, str | None] = {0: "1,200", 1: None, 2: "-7.5", 3: "-7.5", 4: "0", 5: "12 %"}
    store = Store.build(with_attribute(connection, "entry", events, says))
    found = store.attribute("region")
    assert (found.scope, found.kind, found.cases, found.distinct) == ("event", "number", 3, 4)
    assert store.values("region", 2) == [("-7.5", 1), ("0", 1)]
    assert store.extremes("region", 1) == (-7.5, 1200.0)
    assert store.extremes("region", 3) == (1200.0, -7.5)
    assert store.extremes("region", 4) == (None, None)
    assert cases_of(store.where(AttributeBetween("region", low=0, high=100))) == {"case 2"}
    assert cases_of(store.where(AttributeBetween("region", high=-7.5))) == {"case 1"}
    same = Store.build(with_attribute(connection, "entry", events, dict.fromkeys(range(6), "R-3")))
    found = same.attribute("region")
    assert (found.scope, found.kind, found.cases, found.distinct, found.workers) == ("case", "text", 3, 1, 0.0)


def test_cases_are_counted_by_the_channel_they_came_by(connection: duckdb.DuckDBPyConnection) -> None:
    channels = ["web", "Check", None, "web", "shop", "web"]
    events = [Event(k, f"case {k}", "Ask", k * SECOND, channel=name) for k, name in enumerate(channels)]
    events.append(Event(6, "case 0", "Offer", 9 * SECOND, channel="shop"))
    store = Store.build(event_log(connection, "entry", events), ends=ENDS)
    for _ in range(2):
        assert list(store.cases_by("counts/came_by").items()) == [("web", 3.0), ("Check", 1.0), ("shop", 1.0)]
        part = store.where(~ChannelIn(("Check",)) & ~Through("Offer"))
        assert list(part.cases_by("counts/came_by").items()) == [("web", 2.0), ("shop", 1.0)]
        store.prepare()


def test_an_attribute_that_is_not_there_is_named(connection: duckdb.DuckDBPyConnection) -> None:
    store = Store.build(with_attribute(connection, "entry", [Event(0, "a", "Ask", 0)], {0: "north"}))
    for ask in (lambda: store.where(~AttributeIn("colour", ("red",))), lambda: store.attribute("colour")):
        with pytest.raises(InputError, match=r'no attribute "colour".*There are: region'):
            ask()


def test_a_selection_sees_what_comes_later(connection: duckdb.DuckDBPyConnection) -> None:
    store = Store.build(event_log(connection, "entry", [Event(0, "a", "Ask", 0), Event(1, "b", "Check", 0)]))
    asked = store.where(Through("Ask"))
    assert cases_of(asked) == {"a"}
    store.engine.connection.execute("update stays set stage = 'Ask' where \"case\" = 'b'")
    store.changed()
    assert cases_of(asked) == {"a", "b"}


def test_of_two_ends_at_one_moment_the_one_that_stands_has_the_value(connection: duckdb.DuckDBPyConnection) -> None:
    for first, second in ((-5.5, 0.0), (0.0, -5.5)):
        events = [
            Event(0, "case 1", "Ask", 0), Event(1, "case 1", "Won", 1, value=first),
            Event(2, "case 1", "Won", 1, value=second),
        ]  # fmt: skip
        store = Store.build(event_log(connection, "entry", events), ends=ENDS)
        assert cases_of(store.where(ValueBetween(low=0))) == ({"case 1"} if second >= 0 else set())


def test_what_is_selected_is_let_go_of(connection: duckdb.DuckDBPyConnection) -> None:
    store = Store.build(event_log(connection, "entry", [Event(0, "a", "Ask", 0)]))
    kept = "select table_name from duckdb_tables() where table_name like 'chosen_%'"
    others = set(store.engine.rows(kept, {}))  # of selections that an earlier test still holds
    view = store.where(Through("Ask"))
    view.stages()
    [mine] = set(store.engine.rows(kept, {})) - others
    del view
    assert mine not in store.engine.rows(kept, {})


def test_many_threads_may_ask_a_selection_while_it_changes(connection: duckdb.DuckDBPyConnection) -> None:
    events = [Event(k, f"case {k}", STAGES[k % 3], k * SECOND, channel=CHANNELS[k % 3]) for k in range(300)]
    store = Store.build(event_log(connection, "entry", events))
    view = store.where(ChannelIn(("web",)))

    def ask(k: int) -> tuple[float, list[str]]:
        if k % 5 == 0:
            store.changed()
        return float(np.sum(view.ask("counts/beginnings")["weight"])), view.stages()

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(ask, range(40)))
    assert answers == [(100.0, ["Check"])] * 40
    assert pd.Series(store.ask("counts/beginnings")["weight"]).sum() == 300
