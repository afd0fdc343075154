"""The time ribbon and notes under the hands: wheel, drag, keys, and what is written."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from factoryview.language import Language
from factoryview.plant.notes import notes_path, read_notes
from factoryview.time import DAY, utc
from factoryview.view.model import Model
from factoryview.view.presentation import Presentation
from tests.kit.halved import halved
from tests.kit.pilot import Pilot
from tests.kit.small_plants import kept

TRACK, GRIP = "timeline/track", "timeline/grip"


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> tuple[Presentation, Path]:
    folder = tmp_path_factory.mktemp("works")
    model = Model(halved(folder)[0])
    model.look_back()
    return Presentation(model, Language("en", "UTC")), notes_path(folder / "deals.csv")


@pytest.fixture
def pilot(works: tuple[Presentation, Path]) -> Pilot:
    return Pilot(works[0], (1280, 720), paused=True)


def test_the_wheel_brings_the_ribbon_nearer_about_the_pointer_and_away_again(pilot: Pilot) -> None:
    head = pilot.session.playhead
    long = head.last - head.first
    pilot.wheel(4, TRACK, (0.25, 0.5))
    since, until = pilot.session.ribbon or (0, 0)
    assert until - since == pytest.approx(long / 1.25**4, rel=1e-6)
    assert (head.first + long / 4 - since) / (until - since) == pytest.approx(0.25, abs=0.01)
    assert pilot.session.camera == pilot.session.home
    pilot.click(TRACK, (0.5, 0.2))
    assert pilot.session.playhead.at == pytest.approx((since + until) / 2, abs=long / 500)
    pilot.wheel(60, TRACK)
    assert (pilot.session.ribbon or (0, 0))[1] - (pilot.session.ribbon or (0, 0))[0] == 12 * pilot.session.step
    assert pilot.wheel(-80, TRACK).session.ribbon is None


def test_the_dates_are_dragged_and_stay_inside_the_log(pilot: Pilot) -> None:
    pilot.wheel(6, TRACK, (0.5, 0.5))
    since, until = pilot.session.ribbon or (0, 0)
    at = pilot.session.playhead.at
    wide = pilot.node(GRIP).rect.w
    pilot.drag(GRIP, (0.5, 0.5), (0.25, 0.5))
    moved = pilot.session.ribbon or (0, 0)
    assert moved[0] - since == pytest.approx((until - since) / 4, rel=4 / wide)
    assert moved[1] - moved[0] == until - since
    assert pilot.session.playhead.at == at
    for _ in range(8):
        pilot.drag(GRIP, (0.1, 0.5), (0.9, 0.5))
    assert (pilot.session.ribbon or (0, 0))[0] == pilot.session.playhead.first
    pilot.click(GRIP)
    assert pilot.session.playhead.at == at


def test_a_near_ribbon_follows_the_playhead(pilot: Pilot) -> None:
    pilot.press("home", ".", ".", ".", ".")
    since, until = pilot.session.ribbon or (0, 0)
    pilot.run("to", until - DAY // 10).press("space").wait(3)
    after = pilot.session.ribbon or (0, 0)
    assert after[0] > since
    assert after[0] <= pilot.session.playhead.at <= after[1]
    assert pilot.press("end").session.ribbon is None


def test_n_goes_to_the_next_change_and_says_it(pilot: Pilot) -> None:
    pilot.press("home", "n")
    assert utc(pilot.session.playhead.at).date() in (date(2025, 3, 31), date(2025, 4, 1), date(2025, 4, 2))
    assert "Check" in pilot.label("notice")
    assert "(10" in pilot.label("notice")
    assert "No change later" in pilot.press("n").label("notice")
    assert "Check" in pilot.press("end", "v").label("notice")
    assert "No change before" in pilot.press("v").label("notice")
    mark = next(node for node in pilot.tree.walk() if node.id.startswith("timeline/sign/"))
    assert "Check" in pilot.hover(mark.id).label("tip")


def test_before_anybody_looked_back_that_is_said(works: tuple[Presentation, Path]) -> None:
    model = works[0].model
    lookback, model.lookback = model.lookback, None
    try:
        assert "Still looking" in Pilot(works[0], paused=True).press("n").label("notice")
    finally:
        model.lookback = lookback


def test_a_span_is_looped_and_let_go(pilot: Pilot) -> None:
    pilot.run("seek", 0.2).press("o")
    begin = pilot.session.playhead.at
    assert pilot.node("timeline/loop").rect.w >= 2
    pilot.run("seek", 0.202).press("o")
    end = pilot.session.playhead.within[1] if pilot.session.playhead.within else 0
    assert (pilot.session.playhead.at, pilot.session.playhead.within) == (begin, (begin, end))
    pilot.press("space")
    seen = [pilot.wait(0.1, 0.1).session.playhead.at for _ in range(60)]
    assert all(begin <= at < end for at in seen)
    assert any(after < before for before, after in pairwise(seen))
    assert pilot.press("o").session.playhead.within is None


def test_pace_by_interest_and_without_free_days_is_said_and_done(pilot: Pilot) -> None:
    assert "Paced by events" in pilot.press("g").label("notice")
    assert "Paced by interest" in pilot.press("g").label("notice")
    assert "without nights" in pilot.press("k").label("notice")
    assert "Paced by interest" in pilot.label("timeline/foot")
    friday = round((date(2025, 2, 14) - date(1970, 1, 1)).days * DAY + 0.99 * DAY)
    pilot.run("to", friday).press("space").wait(1 / 60)
    assert utc(pilot.session.playhead.at).weekday() == 0


def test_a_note_is_typed_written_listed_and_its_state_changed(works: tuple[Presentation, Path], pilot: Pilot) -> None:
    folder = works[1]
    pilot.run("seek", 0.5).run("select", "stage/Check").press("e").type("Hire one! @head of sales !2025-07-31 =half")
    assert pilot.label("note/who") == "head of sales"
    assert "Check" in pilot.label("note/place")
    at = pilot.session.playhead.at
    pilot.press("return")
    assert pilot.session.dialog == ""
    [note] = read_notes(folder).note
    assert (note.text, note.who, note.due, note.expected, note.stage) == (
        "Hire one!", "head of sales", date(2025, 7, 31), "half", "Check",
    )  # fmt: skip
    assert note.at == utc(at)
    assert any("Hire one" in sign.said for sign in works[0].ribbon().signs)
    pilot.run("seek", 0.1).run("select", "").press("j").type("hire")
    assert [node.label for node in pilot.tree.walk() if node.id == f"notes/{note.id}"]
    pilot.press("tab")
    assert read_notes(folder).note[0].state == "begun"
    assert read_notes(folder).note[0].changed is not None
    pilot.press("return")
    assert pilot.session.playhead.at == at
    assert (pilot.session.selection, pilot.session.dialog) == ("stage/Check", "")


def test_what_cannot_be_noted_is_said_and_stays_in_the_line(works: tuple[Presentation, Path], pilot: Pilot) -> None:
    before = read_notes(works[1]).note
    pilot.press("e").type("x !soon").press("return")
    assert "no day" in pilot.label("notice")
    assert (pilot.session.dialog, pilot.session.typed) == ("note", "x !soon")
    assert read_notes(works[1]).note == before


def test_pointing_at_what_limited_the_plant_names_the_stage_in_both_languages() -> None:
    model = Model(kept("jammed").model.factory)
    model.look_back()
    assert model.lookback is not None
    pilot = Pilot(Presentation(model, Language("en", "UTC")), (1280, 720), paused=True)
    [(k, span)] = [each for each in enumerate(model.lookback.spans) if each[1].stage == "Approval"]
    assert span.late is not None
    pilot.hover(f"timeline/limit/{k}")
    assert "Approval limited the plant from" in pilot.label("tip")
    assert pilot.label("tip").endswith("in hindsight")
    pilot.press("f2").hover(f"timeline/limit/{k}")
    assert "war der Engpass vom" in pilot.label("tip")
    pilot.click(f"timeline/limit/{k}")
    assert pilot.session.playhead.at == max(span.since, model.first)
    until = (span.since + span.until) // 2
    part = pilot.screen.presentation.ribbon((until, model.last))
    assert [each.said for each in part.limits if each.since == span.since], "a part of it is seen in a part of the log"
    assert not pilot.screen.presentation.ribbon((model.first, span.since)).limits
