"""What `whatif` draws: one future of the plant as it is, and the same future with a scenario."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from factoryview.cli.pairs import draw_pair
from factoryview.cli.presenting import presentation_of
from factoryview.cli.viewing import aspect_of
from factoryview.desk.whatif.ahead import future_of, middle_seed, variant_of
from factoryview.desk.whatif.words import scenario_words
from factoryview.export.difference import draw_difference
from factoryview.export.filming import Format
from factoryview.export.picture import save_picture
from factoryview.factory.factory import Factory
from factoryview.flow.change.compare import Span, compare
from factoryview.flow.change.records import records_of
from factoryview.plant.scenario_file import Scenario, Scenarios
from factoryview.view.paired import Paired
from factoryview.view.presentation import Presentation
from factoryview.whatif.lab import Lab
from factoryview.whatif.remembering import RememberingLab


@dataclass(frozen=True)
class Pair:
    """What is to be drawn: a plant from a moment on (µs UTC), with one scenario and without."""

    factory: Factory
    lang: str | None
    at: int
    wanted: Scenarios
    form: Format
    seconds: float | None
    """Of a film, as typed."""


def write_pair(asked: Pair, lab: Lab, output: Path) -> None:
    """Both, one above the other, from the moment on; of the future that is the middle one as it is."""
    wide, high = asked.form.size
    both = _both(asked, lab, aspect_of((wide, high // 2)))
    zone = both[0].language.zone
    as_is, to_be = ((asked.at, each.model.last, zone) for each in both)
    draw_pair(output, asked.form, both, Paired(as_is, to_be), asked.seconds)


def write_difference(asked: Pair, lab: Lab, output: Path) -> None:
    """The plant with the scenario at the end, and what is different there from the plant as it is."""
    wide, high = asked.form.size
    both = _both(asked, lab, aspect_of((round(0.7 * wide), high)))
    spans = []
    for each, title in zip(both, titles_of(asked.wanted.scenario[0], both[0]), strict=True):
        named = each.model.factory.plant.model_copy(update={"name": title})
        records = records_of(each.model.factory.store, named)
        spans.append(Span.between(records, asked.at, each.model.last + 1))
    pair = spans[0], spans[1]
    save_picture(draw_difference(both[1], compare(*pair, asked.factory.gate), pair, asked.form), output)


def titles_of(scenario: Scenario, shown: Presentation) -> tuple[str, str]:
    """What both are called: the scenario by its name or, where it has none of its own, by what it changes."""
    return shown.language.text("whatif.as_is"), scenario_words(scenario, shown)


def _both(asked: Pair, lab: Lab, aspect: float) -> tuple[Presentation, Presentation]:
    shown = presentation_of(asked.factory, asked.lang, aspect)
    remembers = RememberingLab.like(lab)
    seed = middle_seed(remembers, variant_of(shown.model, remembers, None), asked.wanted.replications)
    [scenario] = asked.wanted.scenario
    language = shown.language
    titles = titles_of(scenario, shown)
    models = (future_of(shown.model, asked.at, remembers, each, seed) for each in (None, scenario))
    as_is, to_be = (
        Presentation(model, language, title=language.text("whatif.drawn", what=what))
        for model, what in zip(models, titles, strict=True)
    )
    return as_is, to_be
