"""What of a picture is the same at any time: the timeline, its marks and dates, legend and notes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from factoryview.language import Language
from factoryview.plant.models import Mark
from factoryview.sources.events import Guess
from factoryview.time import DAY
from factoryview.view.facts import facts_of
from tests.kit.plain import visits
from tests.kit.small_plants import FIRST, jammed, kept, simulate

DE, EN = Language("de", "Europe/Berlin"), Language("en", "Europe/Berlin")


def test_the_timeline_shows_the_cases_in_progress_and_the_worst_level_of_its_stretch() -> None:
    model = kept("jammed").model
    past, levels = model.counts.history, model.counts.levels_of_buckets
    facts = facts_of(model.counts, EN)
    stays = visits(simulate(jammed().line), ("Paid", "Lost"))
    step = -(-past.buckets // len(facts.bars))
    assert 100 <= len(facts.bars) <= 180
    for number in (0, len(facts.bars) // 2, len(facts.bars) - 1):
        buckets = range(number * step, min((number + 1) * step, past.buckets))
        ends = [past.origin + (bucket + 1) * past.width - 1 for bucket in buckets]
        standing = [sum(stay.present(end) for stay in stays) for end in ends]
        assert facts.bars[number].height == pytest.approx(sum(standing) / len(standing))
        assert facts.bars[number].level == levels[:, buckets.start : buckets.stop].max()
    assert (facts.first, facts.last) == (past.first, past.last)


def test_marks_outside_the_log_are_not_shown_and_those_without_an_offset_are_local() -> None:
    counts = kept("jammed").model.counts
    day = datetime(2025, 3, 10, 12)
    marks = (
        Mark(at=day, label={"de": "Mittag", "en": "Noon"}),
        Mark(at=datetime(2024, 1, 1, tzinfo=UTC), label={"de": "vorher"}),
        Mark(at=datetime(2026, 1, 1, tzinfo=UTC), label={"de": "später"}),
        Mark(at=datetime(2025, 3, 12, tzinfo=UTC), label={"fr": "seulement"}),
    )
    plant = counts.factory.plant.model_copy(update={"marks": marks})
    counts = replace(counts, factory=replace(counts.factory, plant=plant))
    noon = round(datetime(2025, 3, 10, 11, tzinfo=UTC).timestamp()) * 1_000_000
    assert [(mark.at, mark.label) for mark in facts_of(counts, DE).marks] == [
        (noon, "Mittag"),
        (FIRST + 9 * DAY, "seulement"),
    ]
    assert facts_of(counts, EN).marks[0].label == "Noon"


def test_the_legend_speaks_of_targets_only_where_there_are_some() -> None:
    counts = kept("jammed").model.counts
    legend = dict(facts_of(counts, EN).legend)
    assert [legend[sign] for sign in ("grey", "amber", "pallet", "rack", "bin, −20%")] == [
        "flowing", "waits much longer than usual", "10 cases", "100 cases", "lost in 30 days",
    ]  # fmt: skip
    assert {"empty chair", "lamps", "dusty crates", "number"} < legend.keys()
    plant = counts.factory.plant
    stages = (plant.stages[0].model_copy(update={"target_wait": "2 d"}), *plant.stages[1:])
    with_target = plant.model_copy(update={"stages": stages})
    counts = replace(counts, factory=replace(counts.factory, plant=with_target), weight=25.0)
    german = dict(facts_of(counts, DE).legend)
    assert german["gelb"] == "wartet länger als das Ziel"
    assert (german["Palette"], german["Regal"]) == ("250 Fälle", "2.500 Fälle")
    nobody = plant.model_copy(update={"workers": ()})
    counts = replace(counts, factory=replace(counts.factory, plant=nobody))
    assert "leerer Stuhl" not in dict(facts_of(counts, DE).legend)


def test_what_must_be_known_beside_the_picture_is_noted() -> None:
    counts = kept("calm").model.counts
    assert facts_of(counts, EN).notes == ()
    strange = replace(counts, weight=25.0, rejected=1, undated=1234, anonymous=True)
    assert facts_of(strange, EN).notes == (
        "1 crate = 25 cases",
        "Crates made from counts, not single cases",
        "1 row unreadable",
        "1,234 undated",
    )
    assert facts_of(replace(counts, rejected=2), DE).notes == ("2 Zeilen unlesbar",)


def test_what_was_guessed_stands_beside_the_picture_without_options_that_nobody_can_type_there() -> None:
    counts = kept("calm").model.counts
    guesses = (Guess("case", "Ticket"), Guess("times", "entry", ("--times completion", "--times interval")))
    guessed = replace(counts, factory=replace(counts.factory, guesses=guesses))
    assert facts_of(guessed, EN).notes == ("guessed: case = Ticket, times = entry",)
    assert facts_of(guessed, DE).notes == ("geraten: Fall = Ticket, Zeiten = entry",)
    unsure = replace(counts, factory=replace(counts.factory, guesses=(Guess("value", "x"),)))
    assert facts_of(unsure, EN).notes == ()


def test_signs_and_departments_have_the_words_of_the_language() -> None:
    counts = kept("calm").model.counts
    german, english = facts_of(counts, DE).floor, facts_of(counts, EN).floor
    assert {label for label, _ in german.signs} == {"Webseite", "Partner"}
    assert {label for label, _ in english.signs} == {"Website", "Partners"}
    assert german.departments == {0: "Marketing", 1: "Vertrieb", 2: "Lieferung"}
    assert english.plan is german.plan
