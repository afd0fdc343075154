"""The time ribbon: what stands on it, held against plain counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from factoryview.language import Language
from factoryview.plant.notes import Note, Notes
from factoryview.time import DAY, utc
from factoryview.view.lookback import look_back
from factoryview.view.model import Model
from factoryview.view.presentation import Presentation
from factoryview.view.ribbon import bars_between
from tests.kit.halved import BEGIN, DUE, halved
from tests.kit.small_plants import kept

NOTE = Note(
    id="a", at=BEGIN + timedelta(days=40), stage="Check", text="Half of it", who="sales", due=DUE, said=BEGIN,
)  # fmt: skip


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Presentation:
    factory, _ = halved(tmp_path_factory.mktemp("ribbon"))
    factory.notes = Notes(note=(NOTE, NOTE.model_copy(update={"id": "b", "due": date(2025, 6, 29), "at": BEGIN})))
    model = Model(factory)
    model.look_back()
    return Presentation(model, Language("en", "UTC"))


def test_a_stretch_has_the_bars_of_that_stretch() -> None:
    presentation = kept("jammed")
    model = presentation.model
    past = model.counts.history
    whole = presentation.ribbon()
    assert whole.bars == presentation.facts.bars
    since, until = model.first + 5 * DAY, model.first + 9 * DAY
    part = presentation.ribbon((since, until))
    assert (part.first, part.last, part.zoomed, whole.zoomed) == (since, until, True, False)
    wip = past.wip.sum(axis=0)
    inside = [wip[i] for i in range(past.buckets)
              if past.origin + (i + 1) * past.width > since and past.origin + i * past.width < until]  # fmt: skip
    per = -(-len(inside) // 180)
    assert [bar.height for bar in part.bars] == pytest.approx(
        [sum(inside[i : i + per]) / len(inside[i : i + per]) for i in range(0, len(inside), per)]
    )
    assert bars_between(model.counts, since, until) == part.bars
    assert all(since <= at <= until for level in part.ticks for at, _ in level)


def test_signs_say_what_changed_and_what_became_of_what_was_due(shown: Presentation) -> None:
    signs = shown.ribbon().signs
    [change] = [sign for sign in signs if sign.kind == "change"]
    assert utc(change.at).date() in (date(2025, 3, 31), date(2025, 4, 1), date(2025, 4, 2))
    assert (change.label[:7], change.worse, change.size) == ("Check −", -1, 2)
    assert "cases stay" in change.said
    [note, *_] = [sign for sign in signs if sign.kind == "note" and sign.at > shown.model.first + DAY]
    assert utc(note.at) == NOTE.at
    due, early = [sign for sign in signs if sign.kind == "due"]
    assert utc(due.at) == datetime(2025, 4, 1, tzinfo=BEGIN.tzinfo)
    assert (due.worse, early.worse) == (-1, 0)
    assert "Check: shorter" in due.said
    assert "Too early" in early.said


def test_before_anybody_looked_back_only_notes_stand_there(shown: Presentation) -> None:
    other = Presentation(shown.model, shown.language)
    lookback, other.model.lookback = other.model.lookback, None
    try:
        assert {sign.kind for sign in other.ribbon().signs} == {"note", "due"}
    finally:
        other.model.lookback = lookback
    assert {sign.kind for sign in other.ribbon().signs} == {"note", "due", "change"}


def test_a_log_too_large_is_not_looked_back_at(shown: Presentation) -> None:
    counts = shown.model.counts
    assert look_back(counts).changes
    assert not look_back(replace(counts, factory=replace(counts.factory, log_rows=10**8))).changes


def test_what_the_verdict_has_gathered_is_not_gathered_again(
    shown: Presentation, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = Model(shown.model.factory)
    alone = model.look_back()
    model.study()
    monkeypatch.setattr("factoryview.view.lookback.gather", lambda *_: pytest.fail("gathered again"))
    found = model.look_back()
    assert found.changes == alone.changes
    assert found.spans == alone.spans
    assert len(found.changes) == 1
