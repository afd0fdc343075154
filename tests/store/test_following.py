"""Stays that are kept as events come, against those built at once, and against plain Python."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factoryview.errors import InputError, UsageError
from factoryview.plant.words import Times
from factoryview.sources.feeds.records import Count, Event, Interpreted
from factoryview.store.database import Store
from factoryview.store.journal.following import Advance, Following
from factoryview.store.journal.journal import Journal
from factoryview.store.journal.recorded import read_recorded
from factoryview.store.journal.upkeep import forget
from factoryview.store.windows import Totals
from tests.kit import event_logs as logs
from tests.kit.event_logs import SECOND, STAGES
from tests.store.test_database import OUTCOMES, STAYS, Row, told

HOUR = 3_600 * SECOND
WIP = """select stage, sum(weight) from stays where entered <= make_timestamp($at)
    and ("left" is null or "left" > make_timestamp($at)) group by stage"""


@contextmanager
def recording(times: Times) -> Iterator[tuple[Journal, Journal]]:
    """A journal to record into, and one that looks at it."""
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal.create_or_open(Path(folder) / "plant.store", 'name = "Plant"', times)
        reader = Journal.read(journal.path)
        try:
            yield journal, reader
        finally:
            reader.close()
            journal.close()


def event(case: str, stage: str, time: int | None, start: int | None = None, channel: str | None = None) -> Event:
    return Event(os.urandom(16), case, stage, time, start, None, None, channel, None, 1.0)


def count(stage: str, hour: int, arrivals: float, departures: float, losses: float = 0.0) -> Count:
    return Count(stage, hour * HOUR, (hour + 1) * HOUR, arrivals, departures, losses, None)


def put(journal: Journal, *things: Event | Count, feed: str = "CRM") -> None:
    events = [thing for thing in things if isinstance(thing, Event)]
    counts = [thing for thing in things if isinstance(thing, Count)]
    journal.commit(feed, Interpreted(events, counts, []), "", 0)


def built(
    reader: Journal, ends: Sequence[str] = (), milestones: frozenset[str] | None = None, order: Sequence[str] = ()
) -> tuple[Store, Following]:
    """The store of all that is in a journal now, and what keeps it."""
    recorded = read_recorded(reader, order=order)
    store = Store.build(recorded.log, ends=ends, milestones=milestones, counted=recorded.counted)
    return store, Following(reader, store, recorded.mark, order=order)


def content(store: Store) -> tuple[list[Row], list[Row]]:
    cursor = store.engine.connection.cursor()
    return cursor.execute(STAYS).fetchall(), cursor.execute(OUTCOMES).fetchall()


def caught_up(following: Following, limit: int = 5_000) -> list[Advance]:
    return list(iter(lambda: following.advance(limit), None))


def recorded_events(reader: Journal) -> list[logs.Event]:
    """What is in a journal, as plain events."""
    return [logs.Event(*row) for row in zip(*reader.events_after(0).values(), strict=True)]


def without_repeats(events: list[logs.Event]) -> list[logs.Event]:
    """Messages tell the present stage again and again: an entry into the stage that the case is in is none."""
    kept, present = [], {}
    for event in sorted(events, key=lambda e: (e.time is None, e.time or 0, e.row)):
        if event.time is None or present.get(event.case) != event.stage:
            kept.append(event)
        if event.time is not None:
            present[event.case] = event.stage
    return kept


@st.composite
def arrivals(draw: st.DrawFn, meaning: Times) -> list[Event]:
    """The events of a log in any order of arrival; of work that has ended, sometimes its beginning before that."""
    events = []
    for row in draw(logs.logs(meaning)):
        number = row.row.to_bytes(16, "big")
        rest = (row.resource, row.value, row.channel, row.reason, row.weight)
        if row.start is not None and row.time is not None and draw(st.booleans()):
            events.append(Event(b"begun" + number, row.case, row.stage, None, row.start, *rest))
        events.append(Event(number, row.case, row.stage, row.time, row.start, *rest))
    return events


@pytest.mark.parametrize("meaning", ["entry", "completion", "interval"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_however_events_come_the_stays_are_those_of_all_at_once(meaning: Times, data: st.DataObject) -> None:
    events = data.draw(arrivals(meaning))
    ends = data.draw(st.sets(st.sampled_from(["Won", "Lost", "Check"])).map(sorted))
    milestones = data.draw(st.one_of(st.none(), st.frozensets(st.sampled_from(STAGES))))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(events)), max_size=4)))
    with recording(meaning) as (journal, reader):
        following = None
        for since, until in zip([0, *cuts], [*cuts, len(events)], strict=True):
            put(journal, *events[since:until])
            if following is None:
                store, following = built(reader, ends, milestones)
            limit = data.draw(st.integers(1, 4))
            for _ in range(data.draw(st.integers(0, 3))):
                following.advance(limit)
        caught_up(following, data.draw(st.integers(1, 20)))
        stays, outcomes = content(store)
        assert (stays, outcomes) == content(built(reader, ends, milestones)[0])
        if milestones is None:
            recorded = recorded_events(reader)
            expected = without_repeats(recorded) if meaning == "entry" else recorded
            assert (stays, outcomes) == told(meaning, expected, set(ends))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_counts_stand_beside_events_where_no_event_names_their_stage(data: st.DataObject) -> None:
    stages = ("Lead", "Check", "Offer")
    number = st.integers(0, 6).map(float)
    counts = data.draw(
        st.lists(st.builds(count, st.sampled_from(stages), st.integers(0, 3), number, number, number), max_size=8)
    )
    events = data.draw(st.lists(st.builds(event, st.sampled_from("ab"), st.sampled_from(STAGES),
                                          st.integers(0, 4).map(lambda hour: hour * HOUR)), max_size=6))  # fmt: skip
    things = [event("first", "Ask", 0), *data.draw(st.permutations([*counts, *events]))]
    begin = data.draw(st.integers(1, len(things)))
    with recording("entry") as (journal, reader):
        put(journal, *things[:begin])
        store, following = built(reader, ("Won",), order=stages)
        for thing in things[begin:]:
            put(journal, thing, feed=data.draw(st.sampled_from(["CRM", "ERP"])))
            if data.draw(st.booleans()):
                following.advance()
        caught_up(following)
        assert content(store) == content(built(reader, ("Won",), order=stages)[0])
        names = [row.stage for row in recorded_events(reader)]
        shown = {name for (name,) in store.engine.connection.execute("select stage from stays").fetchall()}
        assert store.counted() == [stage for stage in stages if stage in shown.difference(names)]
        with recording("entry") as (alone, counted_reader):
            put(alone, *[thing for thing in things if isinstance(thing, Event)])
            cases = Totals.of(built(counted_reader, ("Won",))[0], STAGES)
        both = Totals.of(store, (*STAGES, "Lead"))
        for at in range(-1, 5 * HOUR, HOUR // 2):
            standing = dict(store.engine.connection.execute(WIP, {"at": at}).fetchall())
            counted = sum(many for stage, many in standing.items() if stage in store.counted())
            assert both.in_progress(at) == pytest.approx(cases.in_progress(at) + counted)


def test_the_first_event_of_a_counted_stage_takes_its_place_until_it_is_forgotten() -> None:
    with recording("entry") as (journal, reader):
        put(journal, event("a", "Ask", 0), count("Call", 50, 3.0, 1.0), count("Offer", 50, 2.0, 0.0))
        store, following = built(reader, ("Won",))
        assert store.counted() == ["Call", "Offer"]
        put(journal, event("b", "Call", 1))
        following.advance()
        assert store.counted() == ["Offer"]
        assert content(store) == content(built(reader, ("Won",))[0])
        put(journal, event("b", "Won", 2))
        forget(journal, ("Won",), HOUR)
        following.advance()
        assert store.counted() == ["Call", "Offer"]
        assert content(store) == content(built(reader, ("Won",))[0])


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_counts_alone_are_corrected_as_they_come(data: st.DataObject) -> None:
    number = st.integers(0, 6).map(float)
    made = st.builds(count, st.sampled_from(["Ask", "Offer"]), st.integers(0, 3), number, number, number)
    with recording("entry") as (journal, reader):
        put(journal, count("Ask", 0, 3.0, 1.0))
        store, following = built(reader)
        for one in data.draw(st.lists(made, max_size=6)):
            put(journal, one)
            following.advance()
        assert content(store) == content(built(reader)[0])


@pytest.mark.parametrize("events", [(), (event("a", "Ask", 0),)], ids=["counts alone", "beside events"])
def test_an_end_of_counts_stays_one_as_counts_come(events: tuple[Event, ...]) -> None:
    first = [count("Call", 0, 5.0, 3.0), count("Signed", 0, 3.0, 0.0)]
    with recording("entry") as (journal, reader):
        put(journal, *events, *first)
        recorded = read_recorded(reader)
        done = {"ends": ("Signed",)} if not events else {"counted": True, "counted_ends": ("Signed",)}
        store = Store.build(recorded.log, **done)  # type: ignore[arg-type]
        following = Following(reader, store, recorded.mark)
        put(journal, count("Call", 1, 5.0, 3.0), count("Signed", 1, 3.0, 0.0))
        following.advance()
        assert store.counted() == ["Call"]
        assert Totals.of(store, ("Call", "Signed")).in_progress(2 * HOUR) == 4 + len(events)


def test_the_order_of_stages_outlasts_a_correction() -> None:
    with recording("entry") as (journal, reader):
        put(journal, count("Ask", 0, 3.0, 1.0), count("Offer", 0, 1.0, 0.0))
        put(journal, count("Ask", 0, 3.0, 2.0))
        store, following = built(reader, order=("Ask", "Offer"))
        assert store.counted() == ["Ask", "Offer"]
        put(journal, count("Ask", 0, 4.0, 2.0))
        assert following.advance() == Advance(0, 1, 0, frozenset({"Ask", "Offer"}))
        assert store.counted() == ["Ask", "Offer"]


def test_the_first_events_beside_counts_alone_ask_for_a_new_store() -> None:
    with recording("entry") as (journal, reader):
        put(journal, count("Ask", 0, 3.0, 1.0))
        store, following = built(reader)
        before = content(store)
        put(journal, event("a", "Ask", 0))
        assert following.advance() == following.advance() == Advance(0, 0, 0, frozenset({"Ask"}))
        assert content(store) == before


def test_nothing_new_is_nothing() -> None:
    with recording("entry") as (journal, reader):
        put(journal, event("a", "Ask", 0))
        _, following = built(reader)
        assert following.advance() is None
        put(journal, event("a", "Offer", 1), event("b", "Ask", 1))
        assert following.advance(1) == Advance(1, 0, 1, frozenset({"Ask", "Offer"}))
        assert [advance.events for advance in caught_up(following)] == [1]


def test_a_store_begins_empty() -> None:
    with recording("entry") as (journal, reader):
        store, following = built(reader, ("Won",))
        assert content(store) == ([], [])
        put(journal, event("a", "Ask", 0), event("a", "Won", 5))
        following.advance()
        assert Totals.of(store, ("Ask",)).outcomes(5) == {"Won": 1}


def test_what_is_forgotten_is_gone() -> None:
    with recording("entry") as (journal, reader):
        put(journal, event("a", "Ask", 0), event("b", "Ask", 0), event("a", "Won", 5), count("Lead", 0, 5.0, 1.0))
        put(journal, count("Lead", 20, 5.0, 1.0), event("c", "Offer", 30 * HOUR))
        store, following = built(reader, ("Won",))
        assert forget(journal, ("Won",), 10 * HOUR) == 1
        put(journal, event("b", "Offer", 30 * HOUR))
        assert following.advance() == Advance(3, 1, 2, frozenset({"Ask", "Offer", "Lead"}))
        assert {row[1] for row in content(store)[0] if not row[1].startswith("#")} == {"b", "c"}
        assert content(store) == content(built(reader, ("Won",))[0])
        assert following.advance() is None


def test_impossible_counts_change_nothing() -> None:
    with recording("entry") as (journal, reader):
        put(journal, event("a", "Ask", 0))
        store, following = built(reader)
        before = content(store)
        put(journal, event("a", "Offer", 0), count("Lead", 0, -1.0, 0.0))
        for _ in range(2):
            with pytest.raises(InputError, match="cannot be counted"):
                following.advance()
            assert content(store) == before


def test_a_name_without_a_place_is_told_until_the_store_is_built_anew() -> None:
    with recording("entry") as (journal, reader):
        put(journal, event("a", "Ask", 0))
        recorded = read_recorded(reader)
        store = Store.build(recorded.log, ends=("Won", "Lost"))
        following = Following(reader, store, recorded.mark, known=("Ask", "Won"))
        told = []
        for stage in ("Won", "Call", "Ask", "Lost"):
            put(journal, event("b", stage, 1))
            told.append(sorted(following.advance().unknown))
        assert told == [[], ["Call"], ["Call"], ["Call", "Lost"]]


def test_the_feeds_of_a_stage() -> None:
    with recording("entry") as (journal, reader):
        put(journal, event("a", "Ask", 0), feed="CRM")
        put(journal, count("Lead", 0, 1.0, 0.0), feed="BI")
        _, following = built(reader, ("Won",), frozenset({"Ask", "Offer"}))
        put(journal, event("a", "Ask", 1), event("a", "a call", 2), event("a", "Won", 3), feed="ERP")
        following.advance()
        assert following.feeds_of == {
            "Ask": {"CRM", "ERP"}, "Lead": {"BI"}, "Other": {"ERP"}, "Won": {"ERP"},
        }  # fmt: skip


def test_readers_see_the_stays_before_or_after() -> None:
    cases = [f"case {number}" for number in range(300)]
    with recording("entry") as (journal, reader):
        put(journal, *[event(case, "Ask", 0) for case in cases])
        store, following = built(reader, ("Won",))
        over, seen = threading.Event(), set()

        def look() -> None:
            cursor = store.engine.connection.cursor()
            while not over.is_set():
                seen.add(cursor.execute('select count(*), count(*) - count("left") from stays').fetchone())

        looking = threading.Thread(target=look)
        looking.start()
        for step in range(1, 9):
            put(journal, *[event(case, STAGES[step % 2], step) for case in cases])
            following.advance()
        over.set()
        looking.join()
    assert seen <= {(300 * step, 300) for step in range(1, 10)}
    assert len(seen) > 1


def test_the_meaning_of_the_times_may_be_said_otherwise() -> None:
    with recording("entry") as (journal, reader):
        put(journal, event("a", "Ask", 0), event("a", "Offer", 5))
        log = read_recorded(reader, times="completion").log
        assert log.meaning == "completion"
        with pytest.raises(UsageError, match="recorded with times = entry"):
            read_recorded(reader, times="interval")
