"""A plant in the words of one language: what the scene is given."""

from __future__ import annotations

from functools import cached_property

from factoryview.language import Language
from factoryview.scene.picture import Facts, Moment
from factoryview.view.facts import facts_of
from factoryview.view.health import SILENT, FeedHealth
from factoryview.view.model import Model
from factoryview.view.wording import Wording


class Presentation:
    """A model and a wording. Another language or title is another presentation of the same model, without a query."""

    def __init__(self, model: Model, language: Language, *, title: str | None = None) -> None:
        """title: instead of the plant's name."""
        self.model, self.language, self.title = model, language, title
        self.wording = Wording(model.topology, model.factory.plant, language)

    @cached_property
    def facts(self) -> Facts:
        """What is the same at any moment."""
        return facts_of(self.model.counts, self.language, self.title)

    def moment(self, at: int, pace: float, *, playing: bool = False, health: FeedHealth = SILENT) -> Moment:
        """What is drawn at a moment; see `Model.state`."""
        return self.wording.moment(self.model.state(at, pace, playing=playing, health=health))

    def of(self, model: Model) -> Presentation:
        """Another model in the same words."""
        return Presentation(model, self.language, title=self.title)
