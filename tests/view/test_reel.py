"""A reel shows what truly happened when it did, and its captions know nothing of later."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from factoryview.factory.opening import open_factory
from factoryview.language import Language
from factoryview.resources import data_file
from factoryview.view.model import Model
from factoryview.view.presentation import Presentation
from factoryview.view.reel import MOST, captions, chapters, cuts, highlights, shots
from tests.kit import cut as kit
from tests.kit.small_plants import kept

NAMES = ("jammed", "calm")


@pytest.fixture(scope="module")
def demo() -> Presentation:
    return Presentation(Model(open_factory(data_file("umsatzwerk.toml"))), Language("en", "Europe/Berlin", "EUR"))


def _day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_the_reel_of_the_demo_has_its_four_true_events(demo: Presentation) -> None:
    truth = json.loads(data_file("umsatzwerk.truth.json").read_text("utf-8"))
    staff = {(change["stage"], change["change"]): _day(change["date"]) for change in truth["staff"]}
    automated, third = staff["Offer", 0], staff["Approval", 2]
    jams = [period for period in truth["periods"] if period["constraint"] == "Approval"]
    begun, ended = _day(jams[0]["from"]), _day(jams[-1]["to"])
    free = next(_day(period["from"]) for period in truth["periods"] if period["kind"] == "none")
    lost = truth["handover"]
    spans = {
        "offers automated": (automated, automated + timedelta(days=1), "mark", "AI offers"),
        "approval jams": (begun, ended, "began", "Approval"),
        "hand-over loses": (
            datetime.fromisoformat(lost["from"]), datetime.fromisoformat(lost["to"]), "lying", lost["stage"],
        ),
        "it recovers": (third, free, "ended", "Approval"),
    }  # fmt: skip
    found = highlights(demo, demo.model.first, demo.model.last)
    assert len(found) <= MOST
    for what, (since, until, kind, words) in spans.items():
        assert any(
            one.kind == kind and words in one.stage + one.label
            and since <= datetime.fromtimestamp(one.at / 1e6, UTC) <= until
            for one in found
        ), what  # fmt: skip


@pytest.mark.parametrize("share", [0.48, 0.62])
def test_a_reel_up_to_a_moment_is_that_of_the_log_cut_there(demo: Presentation, share: float) -> None:
    model = demo.model
    until = model.first + round(share * (model.last - model.first))
    shorter = Presentation(Model(kit.cut(model.factory, until)), demo.language)
    found = highlights(demo, model.first, until)
    assert len(found) > 2
    assert found == highlights(shorter, model.first, until)


@pytest.mark.parametrize("name", NAMES)
def test_a_reel_goes_through_the_whole_span_and_never_back(name: str) -> None:
    presentation = kept(name)
    first, last = presentation.model.first, presentation.model.last
    film = cuts(presentation, first, last)
    assert film[0].since == first
    assert film[-1].until == last
    for before, after in pairwise(film):
        assert before.until == after.since
    seen = list(shots(film, 10))
    assert all(a.at <= b.at for a, b in pairwise(seen))
    assert len(seen) == round(10 * sum(cut.seconds for cut in film))
    assert {shot.near for shot in seen if not shot.stage} <= {0.0}
    parts = chapters(film)
    assert len(parts) == len(captions(film))
    assert all(a[1] == b[0] for a, b in pairwise(parts))


def test_a_caption_comes_when_its_moment_has_come(demo: Presentation) -> None:
    film = cuts(demo, demo.model.first, demo.model.last)
    spoken = [cut for cut in film if cut.title]
    assert spoken
    for shot in shots(film, 8):
        if shot.title:
            assert any(cut.title == shot.title and shot.at >= cut.caption_at for cut in spoken)
    for cut in spoken:
        assert cut.since <= cut.caption_at <= cut.until


def test_the_number_of_a_caption_is_that_of_its_moment(demo: Presentation) -> None:
    model = demo.model
    cut = next(cut for cut in cuts(demo, model.first, model.last) if cut.stage == "Approval")
    state = model.state(cut.caption_at, 1e6)
    here = next(stage for stage in state.stages if stage.id[1] == "Approval").here
    assert cut.detail.startswith(f"{here.wip - here.wrecks:.0f} ")
