"""The list of routes: the ways that most cases took, of which a press looks at those cases alone."""

from __future__ import annotations

from collections.abc import Iterator

import pygame

from factoryview.desk.sheet import Question, Sheet
from factoryview.scene.chrome.tabs import HeadLine, Toggle
from factoryview.scene.ui.node import Action, Node
from factoryview.store.selection import RouteIs
from factoryview.view.wording import Wording

ROUTES = "plant/routes"
"""What is chosen while the list is open."""
_HEAD, _ROW, _GAP = 40, 44, 6
_ENDS = 2
"""Stages of a long route that are said at each end."""


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
