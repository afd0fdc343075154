"""What became of an action item: counted by hand from the log, before the day it was due and after it."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import pytest

from factoryview.factory.factory import Factory
from factoryview.factory.privacy import Gate
from factoryview.flow.change.became import Became, became_of
from factoryview.flow.change.records import records_of
from factoryview.flow.change.sentences import became_sentences
from factoryview.language import Language
from factoryview.plant.notes import Note
from tests.kit.halved import BEGIN, DUE, halved


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> tuple[Factory, list[tuple[datetime, float]]]:
    return halved(tmp_path_factory.mktemp("became"))


def note(due: date | None = DUE, **said: object) -> Note:
    tables = {"at": BEGIN, "said": BEGIN, "text": "Half of it", "stage": "Check", "due": due, **said}
    return Note.model_validate(tables)


def became(works: Factory, said: Note, smallest: int = 1) -> Became | None:
    return became_of(said, records_of(works.store, works.plant), Gate(smallest))


def test_what_became_of_it_is_what_the_log_says(works: tuple[Factory, list[tuple[datetime, float]]]) -> None:
    factory, stays = works
    found = became(factory, note())
    assert found is not None
    [waiting] = [each for each in found.told if each.measure == "waiting"]
    working = sorted({at.date() for at, _ in stays if at.weekday() < 5})
    before = [day for day in working if day <= DUE][-60:]
    after = [day for day in working if day > DUE][:60]
    assert found.days == (len(before), len(after)) == (60, 60)
    for days, mean in ((before, waiting.before), (after, waiting.after)):
        by_hand = np.mean([hours for at, hours in stays if at.date() in days])
        assert mean / 3600e6 == pytest.approx(by_hand, rel=1e-3)
    assert waiting.high < 0
    words = became_sentences(found, factory.plant, Language("en"))
    assert words[0].startswith("Check: shorter")
    assert "(60 working days before the day it was due, 60 after it)" in words


def test_what_is_noise_is_said_to_be_none(works: tuple[Factory, list[tuple[datetime, float]]]) -> None:
    factory = works[0]
    found = became(factory, note(measure="throughput"))
    assert found is not None
    assert [each.measure for each in found.differences] == ["throughput"]
    assert found.told == ()
    assert "No difference beyond noise" in became_sentences(found, factory.plant, Language("en"))[0]
    assert "Kein Unterschied" in became_sentences(found, factory.plant, Language("de"))[0].replace(
        "Seitdem kein", "Kein"
    )


def test_too_early_none_and_few(works: tuple[Factory, list[tuple[datetime, float]]]) -> None:
    factory = works[0]
    early = became(factory, note(date(2025, 6, 27)))
    assert early is not None
    assert (early.differences, 0 < early.days[1] < 10) == ((), True)
    assert "Too early" in became_sentences(early, factory.plant, Language("en"))[0]
    assert became(factory, note(None)) is None
    assert became(factory, note(date(2026, 1, 1))) is None
    assert became(factory, note(stage="elsewhere")) is None
    guarded = became(factory, note(), smallest=100_000)
    assert guarded is not None
    assert {each.measure for each in guarded.differences} <= {"throughput"}
