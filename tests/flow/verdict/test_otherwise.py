"""Where it is a guess whether times are entries or completions, both are tried, and a difference is said."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from factoryview.factory.factory import Opening
from factoryview.factory.opening import open_factory
from factoryview.flow.verdict.otherwise import Doubt, otherwise
from factoryview.language import Language
from factoryview.time import micros_of, utc
from factoryview.view.model import Model
from factoryview.view.playhead import usual_pace
from factoryview.view.presentation import Presentation
from tests.kit.command import factoryview


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Orders that wait for one person at Prüfung and are then soon through; times say when a step was entered."""
    random, free, rows = Random(2), datetime(2025, 1, 6), ["case;stage;time"]
    for k in range(700):
        came = datetime(2025, 1, 6) + timedelta(hours=3.1 * k + random.random())
        free = max(free, came) + timedelta(hours=random.uniform(2.6, 3.8))
        times = came, came + timedelta(minutes=20), free, free + timedelta(minutes=30), free + timedelta(hours=1)
        for stage, at in zip(("Eingang", "Prüfung", "Versand", "Rechnung", "Bezahlt"), times, strict=True):
            rows.append(f"{k};{stage};{at:%Y-%m-%d %H:%M}")
    path = tmp_path_factory.mktemp("log") / "log.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def test_explain_says_what_the_other_reading_would_name(log: Path) -> None:
    german, english = factoryview("--lang", "de", "explain", log), factoryview("--lang", "en", "explain", log)
    assert "Prüfung" in german.out.splitlines()[0]
    said = "Sagen die Zeiten, wann eine Stufe fertig ist, wird stattdessen Versand genannt: --times completion."
    assert german.out.splitlines()[-1] == said
    said = "If the times are those of finishing a stage, Versand is named instead: --times completion."
    assert english.out.splitlines()[-1] == said
    other = json.loads(factoryview("explain", log, "--json").out)["otherwise"]
    assert other == {"times": "completion", "stage": "Versand"}


def test_nothing_is_said_where_nobody_guessed(log: Path) -> None:
    for meaning, named in (("entry", "Prüfung"), ("completion", "Versand")):
        said = factoryview("--lang", "en", "explain", log, "--times", meaning).out
        assert named in said.splitlines()[0], said
        assert "instead" not in said
    assert otherwise(open_factory(log, Opening(times="entry"))) is None


def test_the_picture_says_it_as_explain_does(log: Path) -> None:
    factory = open_factory(log)
    model = Model(factory)
    assert model.state(model.last, usual_pace(model.last - model.first)).doubt is None, "not before it is known"
    model.study()
    state = model.state(model.last, usual_pace(model.last - model.first))
    assert state.doubt == Doubt("completion", "Versand")
    for code in ("de", "en"):
        notes = Presentation(model, Language(code, "UTC")).wording.moment(state).notes
        assert notes[0].endswith("--times completion.")
        assert "Versand" in notes[0]


def test_both_readings_are_those_of_the_option(log: Path) -> None:
    """The log read again is the log read with the option: the same stays, so the same names at every moment."""
    other = otherwise(open_factory(log))
    assert other is not None
    told = open_factory(log, Opening(times="completion"))
    query = 'select stage, count(*), sum(epoch_us("left") - epoch_us(entered)) from stays group by 1 order by 1'
    again, plain = (factory.store.engine.rows(query, {}) for factory in (other.factory, told))
    assert again == plain
    assert len(plain) == 5
    at = utc(micros_of(datetime.fromisoformat("2025-02-10T00:00:00+00:00")))
    assert other.doubt("Versand", at) is None
    assert other.doubt("Prüfung", at) == Doubt("completion", "Versand")
