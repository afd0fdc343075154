"""A plant in the words of one language: what the scene is given."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from factoryview.language import Language
from factoryview.plant.notes import Notes
from factoryview.scene.picture import Facts, Moment
from factoryview.view.facts import facts_of
from factoryview.view.health import SILENT, FeedHealth
from factoryview.view.lookback import Lookback
from factoryview.view.model import Model
from factoryview.view.ribbon import marked, ribbon_of
from factoryview.view.wording import Wording


class Presentation:
    """A model and a wording. Another language or title is another presentation of the same model, without a query."""

    def __init__(self, model: Model, language: Language, *, title: str | None = None) -> None:
        """title: instead of the plant's name."""
        self.model, self.language, self.title = model, language, title
        self._ribbon: tuple[tuple[tuple[int, int] | None, Notes], Lookback | None, Facts] | None = None
        self.wording = Wording(model.topology, model.factory.plant, language)

    @cached_property
    def facts(self) -> Facts:
        """What is the same at any moment."""
        return facts_of(self.model.counts, self.language, self.title)

    def ribbon(self, span: tuple[int, int] | None = None) -> Facts:
        """The facts with the time ribbon of a span (µs UTC); None: of the whole log, as pictures and films show it."""
        notes, lookback = self.model.factory.notes, self.model.lookback
        if self._ribbon is None or self._ribbon[0] != (span, notes) or self._ribbon[1] is not lookback:
            made = ribbon_of(self.facts, self.model.counts, self.language, lookback, span)
            self._ribbon = (span, notes), lookback, made
        return self._ribbon[2]

    def moment(self, at: int, pace: float, *, playing: bool = False, health: FeedHealth = SILENT) -> Moment:
        """What is drawn at a moment; see `Model.state`."""
        return self.wording.moment(self.model.state(at, pace, playing=playing, health=health))

    def marked(self, moment: Moment) -> Moment:
        """With marks on the ladder of a live plant for what has changed lately; in a replay nobody knew that yet."""
        ladder, lookback = moment.ladder, self.model.lookback
        if ladder is None or lookback is None or not self.model.live:
            return moment
        return replace(moment, ladder=marked(ladder, lookback.changes, moment.at, self.language))

    def of(self, model: Model) -> Presentation:
        """Another model in the same words. What is said of the same counts is not put into words again."""
        found = Presentation(model, self.language, title=self.title)
        if model.counts is self.model.counts:
            found.facts, found.wording, found._ribbon = self.facts, self.wording, self._ribbon
        return found
