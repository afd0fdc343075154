"""Forgetting: only what is long done goes away, and it does not come back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factoryview.sources.feeds.records import Count, Event, Interpreted, Rejected
from factoryview.store.journal.journal import Journal
from factoryview.store.journal.rows import AT_ONCE
from factoryview.store.journal.upkeep import compact, forget, last_upkeep, note_upkeep

DAY = 86_400_000_000
NOW = 100 * DAY
KEEP = 30 * DAY


def event(number: int, case: str, stage: str, day: float | None, start: float | None = None) -> Event:
    time, began = (None if moment is None else int(moment * DAY) for moment in (day, start))
    return Event(number.to_bytes(16, "big"), case, stage, time, began, None, None, None, None, 1.0)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.create_or_open(tmp_path / "werk.store", "", "entry") as journal:
        yield journal


def cases(journal: Journal) -> set[str]:
    return set(journal.events_after(0)["case"])


def test_only_cases_that_ended_long_ago_are_forgotten(journal: Journal) -> None:
    came = [
        event(1, "ended", "Ask", 1), event(2, "ended", "Won", 2),
        event(3, "still open", "Ask", 1),
        event(4, "ended lately", "Ask", 1), event(5, "ended lately", "Won", 80),
        event(6, "reopened", "Won", 1), event(7, "reopened", "Ask", 2),
        event(8, "same day", "Won", 1), event(9, "same day", "Ask", 1),
        event(10, "same day, ended", "Ask", 1), event(11, "same day, ended", "Won", 1),
    ]  # fmt: skip
    journal.commit("crm", Interpreted(came), "p", NOW)
    assert forget(journal, ["Won", "Lost"], NOW - KEEP) == 2
    assert cases(journal) == {"still open", "ended lately", "reopened", "same day"}
    assert journal.generation == 1
    assert forget(journal, ["Won", "Lost"], NOW - KEEP) == 0
    assert journal.generation == 1


def test_work_that_has_begun_is_not_over(journal: Journal) -> None:
    came = [event(1, "a", "Won", 2, 1), event(2, "a", "Check", None, 1), event(3, "b", "Won", 2, 1)]
    journal.commit("crm", Interpreted(came), "p", NOW)
    assert forget(journal, ["Won"], NOW - KEEP) == 1
    assert cases(journal) == {"a"}


def test_what_comes_late_of_a_forgotten_case_is_set_aside_but_news_begin_it_anew(journal: Journal) -> None:
    first = [event(1, "a", "Ask", 1), event(2, "a", "Won", 2), event(3, "b", "Ask", 1)]
    journal.commit("crm", Interpreted(first), "p", NOW, KEEP)
    forget(journal, ["Won"], NOW - KEEP)
    late = [
        event(1, "a", "Ask", 1),
        event(4, "a", "Check", 1.5),
        event(5, "b", "Check", 1.5),
        event(6, "new", "Ask", 1),
    ]
    assert journal.commit("crm", Interpreted(late), "p", NOW, KEEP) == (2, 0, 0, 2)
    assert cases(journal) == {"b", "new"}
    assert {reason for _, _, reason, _ in journal.set_aside()} == {"older than what the store keeps"}
    assert journal.commit("crm", Interpreted([event(7, "a", "Ask", 99)]), "p", NOW, KEEP).accepted == 1
    assert cases(journal) == {"a", "b", "new"}


def test_old_counts_and_messages_set_aside_are_forgotten(journal: Journal) -> None:
    counts = [Count("Ask", day * DAY, (day + 1) * DAY, 1.0, 1.0, 0.0, None) for day in (1, 68, 69, 70, 99)]
    journal.commit("kpi", Interpreted([], counts, [Rejected("no", "old")]), "p", 2 * DAY)
    journal.commit("kpi", Interpreted([], [], [Rejected("no", "new")]), "p", NOW)
    forget(journal, ["Won"], NOW - KEEP)
    assert [bucket // DAY for bucket in journal.counts_after(0)["bucket"]] == [69, 70, 99]
    assert [raw for *_, raw in journal.set_aside()] == ["new"]
    assert journal.generation == 1
    assert journal.commit("kpi", Interpreted([], counts), "p", NOW, KEEP) == (0, 5, 0, 0)
    assert len(journal.counts_after(0)["row"]) == 3


def test_whoever_follows_is_told_of_all_that_went_away_also_when_forgetting_is_cut_short(journal: Journal) -> None:
    came = [event(k, f"case {k}", "Won", 1) for k in range(2 * AT_ONCE + 1)]
    journal.commit("crm", Interpreted(came), "p", NOW)
    with journal.writing() as con:
        con.execute("""create trigger full before delete on events when old."case" = 'case 999'
            begin select raise(abort, 'no room'); end""")
    with pytest.raises(sqlite3.IntegrityError, match="no room"):
        forget(journal, ["Won"], NOW - KEEP)
    assert 0 < len(cases(journal)) < len(came)
    assert journal.generation > 0


def test_the_space_of_what_was_forgotten_is_given_back(journal: Journal) -> None:
    came = [event(k, f"case {k // 2}", ("Ask", "Won")[k % 2], k % 2 + 1) for k in range(60_000)]
    for k in range(0, len(came), 5_000):
        journal.commit("crm", Interpreted(came[k : k + 5_000]), "p", NOW)
    compact(journal)
    full = journal.path.stat().st_size
    assert forget(journal, ["Won"], NOW - KEEP) == 30_000
    given_back = compact(journal)
    left = journal.path.stat().st_size
    assert given_back == full - left
    assert left < full / 8
    assert not journal.path.with_name(journal.path.name + "-wal").stat().st_size
    assert journal.commit("crm", Interpreted(came[:2]), "p", NOW, KEEP).rejected == 2


def test_a_viewer_goes_on_while_the_store_is_put_in_order(journal: Journal) -> None:
    came = [event(k, f"case {k // 2}", ("Ask", "Won")[k % 2], k % 2 + 1) for k in range(2_000)]
    journal.commit("crm", Interpreted(came), "p", NOW)
    with Journal.read(journal.path) as viewer, viewer.reading():
        before = viewer.last_row, viewer.generation
        forget(journal, ["Won"], NOW - KEEP)
        compact(journal)
        assert (viewer.last_row, viewer.generation) == before
        assert len(viewer.events_after(0)["row"]) == 2_000
    with Journal.read(journal.path) as viewer:
        assert viewer.events_after(0)["row"] == ()
        assert viewer.generation > before[1]


def test_the_last_upkeep_is_remembered(journal: Journal) -> None:
    assert last_upkeep(journal) == journal.created
    note_upkeep(journal, NOW)
    assert last_upkeep(journal) == NOW


steps = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["Ask", "Won"]), st.integers(60, 80)), max_size=25)


@settings(max_examples=40, deadline=None)
@given(steps)
def test_any_case_is_forgotten_whole_or_not_at_all(
    tmp_path_factory: pytest.TempPathFactory, came: list[tuple[str, str, int]]
) -> None:
    events = [event(k, case, stage, day) for k, (case, stage, day) in enumerate(came)]
    before = NOW - KEEP
    last = {one.case: one for one in sorted(events, key=lambda one: one.time or 0)}
    done = {case for case, one in last.items() if one.stage == "Won" and (one.time or 0) < before}
    with Journal.create_or_open(tmp_path_factory.mktemp("upkeep") / "any.store", "", "entry") as journal:
        journal.commit("crm", Interpreted(events), "p", NOW)
        assert forget(journal, ["Won"], before) == len(done)
        assert sorted(journal.events_after(0)["case"]) == sorted(one.case for one in events if one.case not in done)
        assert journal.generation == bool(done)
