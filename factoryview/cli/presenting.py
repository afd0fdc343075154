"""A factory as it is shown: its model in the language asked for."""

from __future__ import annotations

from factoryview.cli.opening import language_for
from factoryview.factory.factory import Factory
from factoryview.view.model import Model
from factoryview.view.presentation import Presentation


def presentation_of(factory: Factory, lang: str | None, aspect: float = 2.1, title: str | None = None) -> Presentation:
    """The plant in the language asked for, else its own, else the system's. title: instead of its name."""
    language = language_for(factory.plant, lang)
    return Presentation(Model(factory, aspect=aspect), language, title=title)
