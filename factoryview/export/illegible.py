"""What cannot be read or told apart on a picture."""

from __future__ import annotations

from collections.abc import Iterator

from factoryview.factory.factory import Factory
from factoryview.factory.remark import Remark
from factoryview.language.said import said
from factoryview.scene.legibility import Viewing, alike_colours, draw, faint_texts, lost_letters, small_texts
from factoryview.scene.theme import Theme
from factoryview.view.playhead import usual_pace
from factoryview.view.presentation import Presentation


def check_letters(factory: Factory) -> Iterator[Remark]:
    """What of the names on the floor no face at hand can write."""
    names = [stage.name for stage in factory.plant.stages] + [outcome.name for outcome in factory.plant.outcomes]
    names += [source.name for source in factory.plant.sources]
    for problem in lost_letters(names):
        yield Remark("warning", factory.name, problem.found, problem.cure)


def check_picture(
    presentation: Presentation, size: tuple[int, int], theme: Theme, viewing: Viewing
) -> Iterator[Remark]:
    """What cannot be read or told apart on the picture of the worst moment, as `render` and `play` draw it for the same
    screen and distance. size: pixels."""
    facts, model = presentation.facts, presentation.model
    moment = presentation.moment(model.worst_moment(), usual_pace(model.last - model.first))
    page = draw(facts, moment, size, theme, viewing.smallest_text())
    problems = [*small_texts(page, size[1], viewing), *faint_texts(page)]
    problems += alike_colours(theme, dict(facts.floor.signs))
    for problem in problems:
        place = said("legible.picture", name=model.factory.name, place=problem.place)
        yield Remark("illegible", place, problem.found, problem.cure)
