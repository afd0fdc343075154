"""A factory as it is shown: its model in the language asked for."""

from __future__ import annotations

from collections.abc import Callable

from factoryview.cli.opening import language_for, progress_bar
from factoryview.factory.factory import Factory
from factoryview.view.model import Model
from factoryview.view.presentation import Presentation


def presentation_of(
    factory: Factory,
    lang: str | None,
    aspect: float = 2.1,
    title: str | None = None,
    progress: Callable[[float], None] | None = None,
) -> Presentation:
    """The plant in the language asked for, else its own, else the system's. title: instead of its name.

    progress: told which share is done, see `Model`; None: a bar on the terminal shows it.
    """
    language = language_for(factory.plant, lang)
    if progress is not None:
        return Presentation(Model(factory, aspect=aspect, progress=progress), language, title=title)
    with progress_bar() as bar:
        model = Model(factory, aspect=aspect, progress=lambda share: bar(share, factory.plant.name))
    return Presentation(model, language, title=title)
