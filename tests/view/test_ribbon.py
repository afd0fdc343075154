"""The time ribbon: what stands on it, held against plain counts."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from datetime import date, datetime, timedelta

import pygame
import pytest

from factoryview.flow.change.changes import Change, Effect
from factoryview.language import Language
from factoryview.plant.notes import Note, Notes
from factoryview.scene.art.art import Art
from factoryview.scene.art.raster import opaque
from factoryview.scene.chrome.ladder import paint_ladder
from factoryview.scene.picture import LadderPicture, RungPicture
from factoryview.scene.text import recording
from factoryview.scene.themes import NIGHT
from factoryview.time import DAY, utc
from factoryview.view.lookback import Lookback, look_back
from factoryview.view.model import Model
from factoryview.view.presentation import Presentation
from factoryview.view.ribbon import bars_between
from tests.kit.halved import BEGIN, DUE, halved
from tests.kit.small_plants import kept, studied

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
    level, news = model.counts.levels_of_buckets, model.counts.jams.news[model.counts.steps_of_buckets]
    first = (since - past.origin) // past.width
    groups = [range(first + i, first + min(i + per, len(inside))) for i in range(0, len(inside), per)]
    assert [bar.level for bar in part.bars] == [max(int(level[:, i].max()) for i in group) for group in groups]
    assert [bar.fresh for bar in part.bars] == [any(news[i] for i in group) for group in groups]
    assert {bar.level for bar in whole.bars} > {0}
    assert bars_between(model.counts, since, until) == part.bars
    assert bars_between(model.counts, model.last + 9 * DAY, model.last + 10 * DAY) == ()
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
    monkeypatch.setattr("factoryview.flow.verdict.evidence.gather", lambda *_: pytest.fail("gathered again"))
    found = model.look_back()
    assert found.changes == alone.changes
    assert found.spans == alone.spans
    assert len(found.changes) == 1


def test_what_has_changed_lately_is_marked_on_the_ladder_of_a_live_plant_alone() -> None:
    model, hour = copy(studied("piled").model), 3_600_000_000
    at, here = model.last - DAY, Language("en")

    def change(stage: str, days_ago: int, before: float, after: float) -> Change:
        day, difference = at - days_ago * DAY, (after - before) * hour
        effect = Effect(before * hour, after * hour, difference - 1, difference + 1)
        return Change(stage, day, day, day, "contention", {"waiting": effect}, None, waits=True)

    slower, quicker, before = change("Approval", 3, 10, 14), change("Offer", 9, 5, 3), change("Offer", 20, 4, 5)
    early, late = change("Enquiry", 40, 1, 9), change("Enquiry", -1, 1, 9)
    model.lookback = Lookback((early, before, quicker, slower, late), {})
    for model.live in (False, True):
        presentation = Presentation(model, here)
        moment = presentation.moment(at, 1e6)
        names = {rung.stage for rung in moment.ladder.rungs}
        assert {"Approval", "Offer"} <= names, names
        found = {rung.stage: (rung.longer, rung.change) for rung in presentation.marked(moment).ladder.rungs}
        wanted = dict.fromkeys(names, (0, ""))
        if model.live:
            days = [here.date(each.at, "date.day") for each in (slower, quicker)]
            wanted |= {"Approval": (1, f"+4 h since {days[0]}"), "Offer": (-1, f"−2 h since {days[1]}")}
        assert found == wanted


def test_a_mark_stands_on_its_rung_and_is_said_where_there_is_room() -> None:
    rungs = (
        RungPicture("Offer", 5.0, 0.1),
        RungPicture("Approval", 90.0, 0.1, "3.8 d", "slow", "", "+4 h since 3 Jun", 1),
        RungPicture("Order", 8.0, 0.1, "8 h", "calm", "", "−2 h since 3 Jun", -1),
    )
    surface, art = opaque((900, 76)), Art(NIGHT)
    arrows = []
    for shown in (rungs, tuple(replace(rung, change="", longer=0) for rung in rungs)):
        surface.fill((0, 0, 0))
        with recording() as page:
            paint_ladder(
                surface, surface.get_rect(), LadderPicture("Lead time", "4 d", "1 h", shown), art, 1.0, 200, 29
            )
        arrows.append(surface.copy())
        said = {line.text for line in page.written}
        assert ("Approval 3.8 d · +4 h since 3 Jun" in said) == (shown is rungs)
    marked, plain = (pygame.surfarray.array3d(each).astype(int) for each in arrows)
    different = (marked != plain).any(axis=2).any(axis=1)
    assert different[200:].any()
    assert not different[:200].any(), "nothing but the rungs"
