"""What is said of a state, in both languages, without asking the store."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from factoryview.flow.goals import GoalByNow
from factoryview.language import Code, Language
from factoryview.plant.models import Plant, Stage, Target
from factoryview.scene.picture import LossRow
from factoryview.store.database import Store
from factoryview.time import DAY, MINUTE
from factoryview.view.health import FeedAge
from factoryview.view.news import Calm, Jam, Longest
from factoryview.view.playhead import usual_pace
from factoryview.view.presentation import Presentation
from factoryview.view.wording import Wording
from tests.kit.small_plants import kept

SOLD = Plant(name="Shop", timezone="Europe/Berlin", targets=(Target(of="Paid", per_day=8),))
NOON = 1_774_958_400_000_000
PLANT = Plant(
    name="Büro", timezone="Europe/Berlin", stages=(Stage(name="Offer", label={"de": "Angebot", "en": "Offer"}),)
)
GERMAN, ENGLISH = (
    Wording(kept("calm").model.topology, PLANT, Language(code, "Europe/Berlin")) for code in ("de", "en")
)


def test_sources_say_how_old_their_data_is() -> None:
    assert GERMAN.feed(FeedAge("CRM", NOON - 20 * MINUTE, 20 * MINUTE), NOON).text == "CRM · Stand 13:40"
    assert GERMAN.feed(FeedAge("Shop", None, 3 * MINUTE), NOON).text == "Shop · vor 3 Min."
    assert ENGLISH.feed(FeedAge("CRM", 0, None), NOON).text == "CRM · no data yet"
    assert ENGLISH.feed(FeedAge("CRM", None, None), NOON).text == "CRM · …"
    assert ENGLISH.feed(FeedAge("CRM", 0, None), NOON).late
    assert not ENGLISH.feed(FeedAge("CRM", None, None), NOON).late


@pytest.mark.parametrize("share", [0.2, 0.6, 0.97])
def test_another_language_is_another_wording_not_another_query(share: float, monkeypatch: pytest.MonkeyPatch) -> None:
    model = kept("jammed").model
    at = model.first + round(share * (model.last - model.first))
    state = model.state(at, usual_pace(model.last - model.first))

    def refuse(_store: Store, query: str, **_: object) -> None:
        pytest.fail(f"asked for {query}")

    for name in ("ask", "rows"):
        monkeypatch.setattr(Store, name, refuse)
    told: dict[Code, Presentation] = {
        "de": Presentation(model, Language("de", "Europe/Berlin")),
        "en": Presentation(model, Language("en", "Europe/Berlin")),
    }
    german, english = (each.wording.moment(state) for each in told.values())
    assert {station.label for station in german.floor.stations} == {
        "Anfrage", "Qualifizieren", "Angebot", "Freigabe", "Lieferung", "Bezahlt",
    }  # fmt: skip
    assert {station.label for station in english.floor.stations} == {
        "Inquiry", "Qualify", "Offer", "Approval", "Delivery", "Paid",
    }  # fmt: skip
    assert german.floor.stations != english.floor.stations, "days are written otherwise"
    assert german.floor.crates is english.floor.crates is state.standing.belts
    assert german.banners != english.banners


def test_a_title_is_of_the_wording_and_leaves_the_model_alone() -> None:
    plain = kept("jammed")
    first, second = (Presentation(plain.model, plain.language, title=title) for title in ("One", "Two"))
    assert (first.facts.title, second.facts.title, plain.facts.title) == ("One", "Two", "Schraubenwerk")
    assert first.facts.floor.plan is second.facts.floor.plan is plain.model.topology.plan


def test_a_jam_that_began_in_another_year_says_so() -> None:
    noon = round(datetime(2025, 3, 1, 12, tzinfo=UTC).timestamp()) * 1_000_000
    assert ENGLISH._whole_day(noon, noon + 200 * DAY) == "1 Mar"
    assert ENGLISH._whole_day(noon, noon + 400 * DAY) == "1 March 2025"


@pytest.mark.parametrize(
    ("actual", "passed", "opened", "said"),
    [
        (0.0, 0.0, True, ("0", "Tagesplan 8", "")),
        (1.0, 0.0, True, ("1", "Plan 0", "+1")),
        (0.0, 0.5, True, ("0", "Plan 4", "−4")),
        (4.0, 0.5, True, ("4", "Plan 4", "±0")),
        (2.0, 0.0, False, ("2", "kein Arbeitstag", "")),
    ],
)
def test_a_goal_is_held_against_the_plan_once_the_day_has_begun(
    actual: float, passed: float, opened: bool, said: tuple[str, str, str]
) -> None:
    wording = Wording(kept("calm").model.topology, SOLD, Language("de", "Europe/Berlin"))
    now = GoalByNow(8.0, actual, opened, passed, 8.0 * passed, None, None, None, None, None)
    row = wording._goal("Paid", now)
    assert (row.actual, row.plan, row.difference) == said


def test_of_a_day_that_is_over_nothing_is_foretold() -> None:
    wording = Wording(kept("calm").model.topology, SOLD, Language("de", "Europe/Berlin"))
    over = GoalByNow(8.0, 5.0, True, 1.0, 8.0, 5.0, 5.0, 5.0, 3.6e9, 5.8e9)
    row = wording._goal("Paid", over, over=True)
    assert (row.actual, row.plan, row.difference, row.forecast, row.takt) == ("5", "Plan 8", "−3", "", "")
    assert wording._goal("Paid", over).forecast, "while it lasts it is"


@pytest.mark.parametrize(
    ("late", "before", "title"),
    [
        (6.0, 2.0, "8 waiting for {}, 6 too long"),
        (0.2, 6.4, "8 waiting for {}, 6 a month ago"),
        (0.0, 6.5, "8 waiting for {}"),
        (0.0, None, "8 waiting for {}"),
    ],
)
def test_a_headline_says_what_makes_of_a_number_a_jam(late: float, before: float | None, title: str) -> None:
    model = kept("jammed").model
    wording = Wording(model.topology, model.factory.plant, ENGLISH.language)
    state = model.state(model.worst_moment(), 86_400e6)
    stages = tuple(replace(stage, here=replace(stage.here, wip=8.0)) for stage in state.stages)
    first = stages[0].id[1]
    told = replace(state, stages=stages, news=(Jam(first, 1, 8.0, state.at, None, late=late, before=before),))
    assert wording.moment(told).banners[0].title == title.format(wording.label(first))


@pytest.mark.parametrize(
    ("judged", "title", "detail"),
    [(True, "36 of 100 are lost at {}", "No jam · 70 in progress"),
     (False, "36 of 100 are lost at {}", "70 in progress · not judged yet")],
)  # fmt: skip
def test_while_nothing_jams_it_says_where_many_are_lost(*, judged: bool, title: str, detail: str) -> None:
    model = kept("calm").model
    wording = Wording(model.topology, model.factory.plant, ENGLISH.language)
    state = model.state(model.worst_moment(), 86_400e6)
    most, *others = state.bins
    assert others
    bins = (replace(most, lost=36.0, left=100.0, share=0.36), *(replace(one, lost=9.0, share=0.9) for one in others))
    name = wording.label(model.topology.stages[most.stage])
    told = replace(state, bins=bins, news=(Calm(70.0, judged=judged),))
    [banner] = wording.moment(told).banners
    assert (banner.title, banner.detail) == (title.format(name), detail.format(name))
    assert (banner.dress, banner.stage, banner.well) == ("longest", most.id[1], False)
    lit = [station.rates for station in wording.moment(told).floor.stations if station.dress == "longest"]
    assert lit == ["36 of 100 lost"], "no headline names a machine that is not marked"
    assert [type(row) for board in wording.moment(told).floor.boards for row in board.rows].count(LossRow) == len(bins)
    alone = wording.moment(replace(told, bins=bins[:1])).floor.boards
    assert not [row for board in alone for row in board.rows if isinstance(row, LossRow)], "the headline says it"
    longest = replace(told, news=(replace(told.news[0], judged=True, longest=Longest(most.id[1], 5e9, 9e9)),))
    assert wording.moment(longest).banners[0].title.endswith(f" are spent at {name}")
    assert wording.moment(longest).banners[0].detail.startswith(title.format(name))
    assert wording.moment(longest).banners[0].action == "find out what takes so long there"
    assert banner.action == "find out why"
    few = replace(told, bins=tuple(replace(one, share=0.2) for one in bins))
    assert "lost" not in wording.moment(few).banners[0].title + wording.moment(few).banners[0].detail


@pytest.mark.parametrize("name", ["jammed", "piled", "tangled"])
def test_only_a_belt_on_which_crates_wait_wears_the_colour_of_its_machine(name: str) -> None:
    presentation = kept(name)
    model, belts = presentation.model, presentation.facts.floor.plan.belts
    coloured, empty = 0, 0
    for n in range(1, 20):
        at = model.first + n * (model.last - model.first) // 20
        state, moment = model.state(at, 86_400e6), presentation.moment(at, 86_400e6)
        crates = state.standing.belts
        for belt, now, shown, on in zip(belts, state.belts, moment.floor.belts, crates, strict=True):
            queued = on.standing * 24 >= 0.2 * belt.length and on.standing > 0
            assert queued or not shown.level
            coloured += bool(shown.level)
            empty += bool(now.level and not shown.level)
    assert coloured
    assert empty
