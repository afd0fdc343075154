"""The journal against plain Python: sets, dicts and lists."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factoryview.sources.feeds.follower import FeedState
from factoryview.sources.feeds.records import Count, Event, Interpreted, Rejected
from factoryview.store.journal.clock import Clock
from factoryview.store.journal.journal import (
    COUNT_COLUMNS,
    Journal,
)
from factoryview.store.journal.rows import MOST_REJECTED
from tests.kit.journals import HOUR, PLANT, event, plain, rows


def test_what_was_committed_is_there_when_it_is_opened_again(
    journal: Journal, open_journal: Callable[..., Journal]
) -> None:
    first = Event(b"1" * 16, "NA", "Zürich", 5, None, "Ada", 1.5, "web", "price", 2.0)
    assert journal.commit("crm", Interpreted([first, event(2)]), "p1", 7) == (2, 0, 0, 0)
    journal.close()
    journal = open_journal()
    assert rows(journal.events_after(0)) == [
        (1, "NA", "Zürich", 5, None, "Ada", 1.5, "web", "price", 2.0),
        (2, "a", "Ask", 0, None, None, None, None, None, 1.0),
    ]
    assert (journal.position("crm"), journal.position("other"), journal.last_row) == ("p1", None, 2)
    assert (journal.times, journal.plant, journal.generation) == ("entry", PLANT, 0)


def test_duplicates_are_dropped_within_a_batch_and_between_feeds(journal: Journal) -> None:
    assert journal.commit("one", Interpreted([event(1), event(1), event(2)]), "p", 1) == (2, 1, 0, 0)
    assert journal.commit("two", Interpreted([event(2), event(3)]), "q", 2) == (1, 1, 0, 0)
    assert len(rows(journal.events_after(0))) == 3
    counted = {state.name: (state.accepted, state.duplicates, state.newest) for state in journal.states()}
    assert counted == {"one": (2, 1, 1), "two": (1, 1, 2)}


events = st.builds(
    lambda number, case: event(number, case, f"s{number % 3}", number * HOUR),
    st.integers(0, 40),
    st.sampled_from("abc"),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["one", "two"]), st.lists(events, max_size=8)), max_size=10))
def test_any_batches_leave_each_event_once(tmp_path_factory: pytest.TempPathFactory, batches: list) -> None:  # type: ignore[type-arg]
    path = tmp_path_factory.mktemp("journal") / "any.store"
    with Journal.create_or_open(path, PLANT, "entry") as journal:
        known: dict[bytes, Event] = {}
        for k, (feed, batch) in enumerate(batches):
            before = len(known)
            for one in batch:
                known.setdefault(one.identity, one)
            taken = journal.commit(feed, Interpreted(batch), str(k), k)
            assert (taken.accepted, taken.duplicates) == (len(known) - before, len(batch) - len(known) + before)
            assert journal.position(feed) == str(k)
        assert plain(journal) == Counter(tuple(one[1:-1]) for one in known.values())
        wanted = {"a", "c", "nobody"}
        assert Counter(rows(journal.events_of(wanted))) == Counter(
            row for row in rows(journal.events_after(0)) if row[1] in wanted
        )
        half = journal.last_row // 2
        rest = [row for row in rows(journal.events_after(0)) if row[0] > half]  # type: ignore[operator]
        assert rows(journal.events_after(half, 2)) == rest[:2]
    shutil.rmtree(path.parent)


work = st.builds(
    lambda case, start, length, copy: event(
        (ord(case) * 100 + start * 10 + (length or 0)) * 10 + copy,
        case,
        "Ask",
        None if length is None else (start + length) * HOUR,
        start * HOUR,
    ),
    st.sampled_from("ab"),
    st.integers(0, 3),
    st.sampled_from([None, None, 1, 2]),
    st.integers(0, 1),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(work, max_size=6), max_size=6))
def test_work_that_ended_takes_the_place_of_its_beginning(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[Event]]
) -> None:
    path = tmp_path_factory.mktemp("journal") / "any.store"
    with Journal.create_or_open(path, PLANT, "interval") as journal:
        for batch in batches:
            last = journal.last_row
            journal.commit("one", Interpreted(batch), "", 0)
            new = [row for row in rows(journal.events_after(0)) if row[0] > last]  # type: ignore[operator]
            assert rows(journal.events_after(last)) == new
        sent = {one.identity: one for batch in batches for one in batch}.values()
        done = [one for one in sent if one.time is not None]
        finished = {(one.case, one.start) for one in done}
        begun = {(one.case, one.start) for one in sent if one.time is None} - finished
        found = rows(journal.events_after(0))
        assert Counter((row[1], row[3], row[4]) for row in found) == Counter(
            [(one.case, one.time, one.start) for one in done] + [(case, None, start) for case, start in begun]
        )
    shutil.rmtree(path.parent)


BEGIN, END = event(1, time=None, start=HOUR), event(1, time=2 * HOUR, start=HOUR)
"""One piece of work, as sources tell it that give it one id: when it begins, and again when it ends."""


@pytest.mark.parametrize(
    "sent", [[BEGIN, END], [BEGIN, END, BEGIN], [BEGIN, END, END], [BEGIN, BEGIN, END, BEGIN, END], [END, BEGIN, END]]
)
@pytest.mark.parametrize("together", [False, True])
def test_work_with_one_id_for_its_beginning_and_its_end_is_there_once(
    open_journal: Callable[..., Journal], sent: list[Event], together: bool
) -> None:
    journal = open_journal("interval")
    taken = [
        journal.commit("mes", Interpreted(batch), "p", 1) for batch in ([sent] if together else [[e] for e in sent])
    ]
    assert plain(journal) == Counter([tuple(END[1:-1])])
    began_first = sent[0] is BEGIN and not together
    assert sum(one.accepted for one in taken) == 1 + began_first
    assert sum(one.replaced for one in taken) == began_first
    assert sum(one.accepted + one.duplicates for one in taken) == len(sent)
    assert rows(journal.events_after(began_first)) == rows(journal.events_after(0))


def test_an_end_that_corrects_or_omits_the_start_still_ends_what_has_its_id(
    open_journal: Callable[..., Journal],
) -> None:
    journal = open_journal("interval")
    for number, start in ((1, HOUR + 1), (2, None)):
        begin = event(number, time=None, start=number * HOUR)
        end = event(number, time=9 * HOUR, start=start)
        assert journal.commit("mes", Interpreted([begin]), "p", 1) == (1, 0, 0, 0)
        assert journal.commit("mes", Interpreted([end]), "p", 1) == (1, 0, 1, 0)
        assert journal.commit("mes", Interpreted([begin, end]), "p", 1) == (0, 2, 0, 0)
    assert [row[3:5] for row in rows(journal.events_after(0))] == [(9 * HOUR, HOUR + 1), (9 * HOUR, None)]


@pytest.mark.parametrize("together", [False, True])
def test_an_end_whose_id_another_event_has_takes_nothing_away(
    open_journal: Callable[..., Journal], together: bool
) -> None:
    journal = open_journal("interval")
    other, begun = event(7, "other", time=HOUR), event(1, time=None, start=HOUR)
    journal.commit("mes", Interpreted([begun]), "p", 1)
    end = begun._replace(identity=other.identity, time=2 * HOUR)
    for batch in [[other, end]] if together else [[other], [end]]:
        taken = journal.commit("mes", Interpreted(batch), "p", 1)
    assert taken[1:] == (1, 0, 0)
    assert plain(journal) == Counter([tuple(other[1:-1]), tuple(begun[1:-1])])
    waits = event(8, "waits", time=None, start=HOUR)
    assert journal.commit("mes", Interpreted([waits]), "p", 1).accepted == 1
    journal.commit("mes", Interpreted([waits._replace(case="b", time=2 * HOUR)]), "p", 1)
    assert tuple(waits[1:-1]) in plain(journal)


def count(bucket: int, arrivals: float, stage: str = "Ask", wip: float | None = None) -> Count:
    return Count(stage, bucket * HOUR, (bucket + 1) * HOUR, arrivals, 1.0, 0.0, wip)


def test_a_corrected_count_takes_the_place_of_the_earlier_one_with_a_new_row(journal: Journal) -> None:
    assert journal.commit("kpi", Interpreted([], [count(1, 5), count(2, 6)]), "", 0).accepted == 2
    assert journal.commit("kpi", Interpreted([], [count(1, 5), count(2, 8), count(2, 7)]), "", 0) == (1, 2, 1, 0)
    journal.commit("other", Interpreted([], [count(2, 9, wip=3.0)]), "", 0)
    found = journal.counts_after(2)
    assert tuple(found) == COUNT_COLUMNS
    assert [row[1:] for row in rows(found)] == [
        (1, "Ask", 2 * HOUR, 3 * HOUR, 7.0, 1.0, 0.0, None),
        (2, "Ask", 2 * HOUR, 3 * HOUR, 9.0, 1.0, 0.0, 3.0),
    ]
    assert len(rows(journal.counts_after(0))) == 3
    assert journal.last_count == found["row"][-1]


def test_only_the_newest_messages_set_aside_are_kept_but_all_are_counted(journal: Journal) -> None:
    for start in range(0, MOST_REJECTED + 20, 20_000):
        poison = [Rejected("no JSON", str(k)) for k in range(start, min(start + 20_000, MOST_REJECTED + 20))]
        journal.commit("crm", Interpreted([], [], poison), "", 9)
    found = journal.set_aside(10**6)
    assert (len(found), found[0], found[-1][3]) == (
        MOST_REJECTED,
        (9, "crm", "no JSON", str(MOST_REJECTED + 19)),
        "20",
    )
    assert journal.states()[0].rejected == MOST_REJECTED + 20


def test_what_no_database_can_hold_is_set_aside_and_blocks_nothing(journal: Journal) -> None:
    poison = [
        event(1, "half \ud800"),
        event(2, time=2**70),
        event(3)._replace(weight=float("nan")),
        event(4, stage="\udfff"),
    ]
    assert journal.commit("crm", Interpreted([*poison, event(5)]), "p", 1) == (1, 0, 0, 4)
    assert journal.position("crm") == "p"
    assert {reason for _, _, reason, _ in journal.set_aside()} == {"cannot be stored"}
    journal.commit("crm", Interpreted([], [], [Rejected("no", "half \ud800")]), "q", 1)
    assert journal.set_aside()[0][3] == "half \\ud800"


def test_states_are_written_beside_what_is_counted(journal: Journal) -> None:
    journal.commit("crm", Interpreted([event(1)]), "p", 50)
    journal.write_states([
        FeedState("crm", "retrying", 60, trouble="refused", accepted=99), FeedState("new", "live", 61, heard=62)
    ])  # fmt: skip
    assert journal.states() == [
        FeedState("crm", "retrying", 60, 50, 50, "refused", 1, 0, 0),
        FeedState("new", "live", 61, 62, None, "", 0, 0, 0),
    ]
    assert journal.position("crm") == "p"


@pytest.mark.parametrize("name", ["Aufträge", "auftr\udce4ge", "\\udce4", "a\0b", ""])
def test_text_that_is_no_utf_8_comes_back_as_a_position_and_can_be_read_as_trouble(journal: Journal, name: str) -> None:
    """File names are such text where they were written in another encoding."""
    journal.commit("crm", Interpreted([event(1)]), name, 1)
    assert journal.position("crm") == name
    journal.write_states([FeedState("crm", "retrying", 2, trouble=name)])
    assert journal.states()[0].trouble == name.replace("\udce4", "\\udce4")


def test_the_last_arrival_is_that_of_news_and_the_beginning_where_there_are_none(journal: Journal) -> None:
    began = journal.created
    assert journal.clock == Clock(began)
    news = Interpreted([event(1)])
    for k, (feed, reading) in enumerate([("crm", Interpreted()), ("crm", news), ("kpi", news), ("kpi", Interpreted())]):
        journal.commit(feed, reading, "p", began + k)
        assert journal.clock == Clock(began + min(k, 1))
    journal.commit("kpi", Interpreted([], [count(1, 5)]), "p", began + 9)
    assert journal.clock == Clock(began + 9)


def test_a_clock_that_leapt_is_believed_once_it_has_gone_on_for_a_week(journal: Journal) -> None:
    day, began = 86_400_000_000, journal.created
    for passed in range(6):
        journal.commit("crm", Interpreted([event(passed)]), "p", began + (30 + passed) * day)
        assert journal.clock == Clock(began, (began + 30 * day, began + (30 + passed) * day))
    assert journal.see_clock(began + 36 * day).leapt
    assert journal.see_clock(began + 37 * day) == journal.clock == Clock(began + 37 * day)
    assert journal.see_clock(began + 60 * day).leapt
    assert journal.see_clock(began + 38 * day) == journal.clock == Clock(began + 37 * day)


def test_by_a_clock_that_leapt_nothing_is_too_old(journal: Journal) -> None:
    day, began = 86_400_000_000, journal.created
    old = Interpreted([], [count((began - 2 * day) // HOUR, 5)])
    assert journal.commit("kpi", old, "p", began, day).duplicates == 1
    assert journal.commit("kpi", old, "p", began + 365 * day, day).accepted == 1


def test_reading_goes_on_through_large_stores_in_pieces(journal: Journal) -> None:
    for start in range(0, 12_000, 4_000):
        journal.commit(
            "crm", Interpreted([event(k, f"c{k % 700}") for k in range(start, start + 4_000)]), str(start), 1
        )
    seen: list[object] = []
    while found := rows(journal.events_after(len(seen), 5_000)):
        seen += [row[0] for row in found]
    assert seen == list(range(1, 12_001))
    assert len(rows(journal.events_of(f"c{k}" for k in range(700)))) == 12_000
