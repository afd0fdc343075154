"""What cannot be read or told apart on a picture."""

from __future__ import annotations

from collections.abc import Iterator

from factoryview.factory.remark import Remark
from factoryview.scene.legibility import Viewing, alike_colours, draw, faint_texts, small_texts
from factoryview.scene.theme import Theme
from factoryview.view.playhead import usual_pace
from factoryview.view.presentation import Presentation


def check_picture(
    presentation: Presentation, size: tuple[int, int], theme: Theme, viewing: Viewing
) -> Iterator[Remark]:
    """What cannot be read or told apart on the picture of the worst moment. size: pixels."""
    facts, model = presentation.facts, presentation.model
    moment = presentation.moment(model.worst_moment(), usual_pace(model.last - model.first))
    page = draw(facts, moment, size, theme)
    problems = [*small_texts(page, size[1], viewing), *faint_texts(page)]
    problems += alike_colours(theme, dict(facts.floor.signs))
    for problem in problems:
        place = f"picture of {model.factory.name}, {problem.place}"
        yield Remark("illegible", place, problem.found, problem.cure)
