"""What a page of the panel is made of: what it is asked about, and rows from top to bottom."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import pygame

from factoryview.app.session import Session
from factoryview.desk.filtering import NO_CHOICES, Choices
from factoryview.desk.whatif.futures import Known
from factoryview.flow.contributors import Trait
from factoryview.language import Language
from factoryview.scene.charts.plots import Heading
from factoryview.scene.chrome.timeline import PlayheadLook
from factoryview.scene.ui.composition import Composition
from factoryview.scene.ui.look import Look
from factoryview.scene.ui.memo import Memo
from factoryview.scene.ui.node import Action, Node
from factoryview.store.selection import RouteIs
from factoryview.view.charts import Stretch
from factoryview.view.connections import ENTRANCE
from factoryview.view.presentation import Presentation
from factoryview.view.routes import Route
from factoryview.view.series import StageLog
from factoryview.view.stages import StageState
from factoryview.view.state import State

if TYPE_CHECKING:
    from factoryview.desk.forecast import Outlook

_HEADING, _AIR = 38, 12
"""Height of a chart's heading and the room below a chart, in u."""
_TITLES = {"routes": "routes.title", "forecast": "forecast.title", "whatif": "whatif.title"}
"""Page of the whole plant → what it is called."""


class ChartFace(NamedTuple):
    """A chart: its title, its number now, and its look."""

    title: str
    value: str
    look: Look


@dataclass(frozen=True)
class Question:
    """What the panel is to show."""

    session: Session
    presentation: Presentation
    composition: Composition
    state: State
    log: Callable[[str], StageLog | None]
    traits: Callable[[StageLog], tuple[Trait, ...]]
    memo: Memo
    choices: Choices = NO_CHOICES
    """What cases may be selected by."""
    routes: tuple[Route, ...] | None = ()
    """Of the plant; None while they are counted."""
    known: Known | None = None
    """What is known of scenarios; None: nothing was asked."""
    outlook: Outlook | None = None
    """What is to be expected; None while that is found out."""

    @property
    def language(self) -> Language:
        return self.presentation.language

    @cached_property
    def stage(self) -> StageState | None:
        """The machine that was chosen, if it is one that holds work."""
        name = self.session.selection.removeprefix("stage/")
        return next((each for each in self.state.stages if each.id[1] == name), None)

    @cached_property
    def belt(self) -> int | None:
        """The place on the plan of the belt that was chosen, if it is one that leads to a stage."""
        topology, name = self.presentation.model.topology, self.session.selection.removeprefix("belt/")
        belts = topology.plan.belts[: len(topology.ways)]
        return next((i for i, belt in enumerate(belts) if f"{belt.origin}/{belt.target}" == name), None)

    @cached_property
    def source(self) -> str | None:
        """The channel of the source from which the belt comes that was chosen; empty: it is not told apart."""
        origin = self.session.selection.removeprefix("belt/").rpartition("/")[0]
        if self.belt is None or not origin.startswith(ENTRANCE):
            return None
        channel, told = origin.removeprefix(ENTRANCE), self.presentation.model.factory.sources()
        return channel if any(source.name == channel for source in told) else ""

    @property
    def label(self) -> str:
        """What was chosen, as people call it."""
        kind, _, name = self.session.selection.partition("/")
        wording = self.presentation.wording
        if kind == "plant":
            some = name == "routes" and any(not isinstance(each, RouteIs) for each in self.session.filters)
            return self.language.text("routes.title_some" if some else _TITLES[name])
        return wording.label(name) if kind == "stage" else wording.belt(name)

    @property
    def stretch(self) -> Stretch:
        """What the charts show."""
        head = self.session.playhead
        return Stretch.around(self.session.span, self.state.at, head.first, head.last)

    def day(self, at: int) -> str:
        """A day, with its year where that is another than the moment's."""
        other = self.language.moment(at).year != self.language.moment(self.state.at).year
        return self.language.day(self.language.moment(at).date()) if other else self.language.date(at, "date.day")


class Sheet:
    """Rows below one another in a rectangle. u: pixels per u."""

    def __init__(self, rect: pygame.Rect, u: float) -> None:
        self.rect, self.u = rect, u
        self._y = rect.y

    @property
    def left(self) -> float:
        """u that are not used yet."""
        return (self.rect.bottom - self._y) / self.u

    @property
    def rest(self) -> pygame.Rect:
        """What is not used yet."""
        return pygame.Rect(self.rect.x, self._y, self.rect.w, max(0, self.rect.bottom - self._y))

    def row(self, high: float) -> pygame.Rect:
        """The next so many u."""
        bottom = min(self.rect.bottom, self._y + round(high * self.u))
        found = pygame.Rect(self.rect.x, self._y, self.rect.w, max(0, bottom - self._y))
        self._y = bottom
        return found

    def chart(
        self, memo: Memo, name: str, of: object, make: Callable[[], ChartFace], high: float,
        over: Stretch | None = None, at: int = 0, pressed: Action | None = None,
    ) -> Iterator[Node]:  # fmt: skip
        """A chart with its heading, so many u high together; drawn anew only where what it is of has changed.

        pressed: what its heading does.

        over: what it shows from left to right; a press goes to a moment of it, and the playhead stands at `at`.
        """
        head, plot = self.row(_HEADING), self.row(max(1.0, high - _HEADING - _AIR))
        self.row(_AIR)
        u, seek = self.u, None if over is None else Action("within", (over.since, over.until))

        def made() -> Node:
            drawn = make()
            words = f"{drawn.title} {drawn.value}".strip()
            parts = (
                Node(
                    f"{name}/head",
                    head,
                    Heading(drawn.title, drawn.value, u),
                    "button" if pressed else "text",
                    words,
                    pressed,
                ),
                Node(f"{name}/plot", plot, drawn.look, "slider" if seek else "image", words, seek),
            )
            return Node(name, head.union(plot), None, "group", words, None, parts)

        yield memo.node(name, (of, over, head, plot), made)
        if over is not None:
            thick = max(2, round(3 * u))
            x = plot.x + round(over.share(at) * (plot.w - 1))
            yield Node(f"{name}/playhead", pygame.Rect(x - thick // 2, plot.y, thick, plot.h), PlayheadLook(), "image")
