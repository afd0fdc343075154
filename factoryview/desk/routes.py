"""The list of routes: the ways that most cases took, of which a press looks at those cases alone."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pygame

from factoryview.desk.sheet import Question, Sheet
from factoryview.scene.chrome.tabs import HeadLine, Toggle
from factoryview.scene.ui.node import Action, Node
from factoryview.store.selection import RouteIs
from factoryview.view.model import Model
from factoryview.view.routes import Route, routes_at
from factoryview.view.wording import Wording

ROUTES = "plant/routes"
"""What is chosen while the list is open."""
_HEAD, _ROW, _GAP = 40, 44, 6
_ENDS = 2
"""Stages of a long route that are said at each end."""


class Routes:
    """The routes of one model at one working day after the other. `get` returns at once."""

    def __init__(self) -> None:
        self._worker = ThreadPoolExecutor(1, "routes")
        self._asked: tuple[Model, int, Future[tuple[Route, ...]]] | None = None
        self._known: tuple[Model, int, tuple[Route, ...]] | None = None

    def get(self, model: Model, at: int) -> tuple[Route, ...] | None:
        """As known at the end of the last working day before a moment; None while they are counted."""
        levels = model.counts.jams.levels
        day = int(levels.moments[levels.at(at)])
        if self._asked is not None and self._asked[2].done():
            of, when, found = self._asked
            self._known, self._asked = (of, when, found.result()), None
        if self._asked is None and (self._known is None or self._known[:2] != (model, day)):
            self._asked = model, day, self._worker.submit(routes_at, model.counts, day)
        known = self._known
        return known[2] if known is not None and known[0] is model and known[1] <= day else None

    def at_hand(self) -> object:
        """What has come."""
        return self._asked is not None and self._asked[2].done(), self._known

    def settle(self) -> None:
        """Wait until what was asked for has come."""
        if self._asked is not None:
            self._asked[2].exception()


def routes_list(asked: Question, sheet: Sheet) -> Iterator[Node]:
    """A button for each route, with its share and lead time; as many as find room."""
    say, language = asked.language.text, asked.language
    if asked.routes is None or not asked.routes:
        words = say("routes.counting" if asked.routes is None else "routes.none")
        yield Node("panel/routes/none", sheet.row(_HEAD), HeadLine(words, 28, sheet.u, "text_muted"), "text", words)
        return
    for k, route in enumerate(asked.routes):
        if sheet.left < _ROW:
            return
        condition = RouteIs(route.stages, route.outcome)
        lead = "–" if route.lead is None else language.duration(route.lead)
        numbers = f"{language.percent(route.share)} · {language.number(route.cases)} · {lead}"
        full = " › ".join(route_names(route.stages, route.outcome, asked.presentation.wording))
        short = f"{numbers} · {route_words(route.stages, route.outcome, asked.presentation.wording)}"
        look = Toggle(short, condition in asked.session.filters, sheet.u)
        line = sheet.row(_ROW)
        sheet.row(_GAP)
        rect = pygame.Rect(line.x, line.y, line.w, line.h)
        yield Node(f"panel/route/{k}", rect, look, "button", f"{numbers} · {full}", Action("route", (condition,)))


def route_names(stages: tuple[str, ...], outcome: str, wording: Wording) -> list[str]:
    """The stages of a route and its end, as people call them."""
    ended = [wording.label(outcome)] if outcome and outcome != stages[-1] else []
    return [*(wording.label(stage) for stage in stages), *ended]


def route_words(stages: tuple[str, ...], outcome: str, wording: Wording) -> str:
    """A route in few words: of a long one its first and last stages."""
    names = route_names(stages, outcome, wording)
    if len(names) > 2 * _ENDS + 1:
        names = [*names[:_ENDS], f"… {len(names) - 2 * _ENDS} …", *names[-_ENDS:]]
    return " › ".join(names)
