"""The list of routes: the ways that most cases took, of which a press looks at those cases alone."""

from __future__ import annotations

from collections.abc import Iterator

import pygame

from factoryview.desk.sheet import Question, Sheet
from factoryview.scene.chrome.tabs import HeadLine, WayHead, WayRow
from factoryview.scene.ui.node import Action, Node
from factoryview.store.selection import RouteIs
from factoryview.view.routes import Route
from factoryview.view.wording import Wording

ROUTES = "plant/routes"
"""What is chosen while the list is open."""
_HEAD, _TOP, _ROW, _GAP = 40, 34, 44, 6
_LEAST = 0.005
"""Smaller shares are not told apart."""


def routes_list(asked: Question, sheet: Sheet) -> Iterator[Node]:
    """A button for each route, with its share and lead time; as many as find room."""
    say, language = asked.language.text, asked.language
    if asked.routes is None or not asked.routes:
        words = say("routes.counting" if asked.routes is None else "routes.none")
        yield Node("panel/routes/none", sheet.row(_HEAD), HeadLine(words, 28, sheet.u, "text_muted"), "text", words)
        return
    head = WayHead((say("routes.share"), say("routes.cases"), say("routes.time")), say("routes.way"), sheet.u)
    words = " · ".join((*head.numbers, head.words))
    yield Node("panel/routes/head", sheet.row(_TOP), head, "text", words)
    for k, route in enumerate(asked.routes):
        if sheet.left < _ROW:
            return
        condition = RouteIs(route.stages, route.outcome)
        lead = "–" if route.lead is None else language.duration(route.lead)
        share = language.percent(route.share) if route.share >= _LEAST else say("routes.few")
        numbers, names = (share, language.number(route.cases), lead), route_names(route, asked.presentation.wording)
        look = WayRow(numbers, tuple(ways_said(names)), condition in asked.session.filters, sheet.u)
        line = sheet.row(_ROW)
        sheet.row(_GAP)
        rect = pygame.Rect(line.x, line.y, line.w, line.h)
        yield Node(f"panel/route/{k}", rect, look, "button", " · ".join((*numbers, " › ".join(names))),
                   Action("route", (condition,)))  # fmt: skip


def route_names(route: Route, wording: Wording) -> list[str]:
    """The stages of a route and its end, as people call them."""
    stages, outcome = route.stages, route.outcome
    ended = [wording.label(outcome)] if outcome and outcome != stages[-1] else []
    return [*(wording.label(stage) for stage in stages), *ended]


def ways_said(names: list[str]) -> Iterator[str]:
    """A way with all its stages, then with fewer and fewer at its ends."""
    yield " › ".join(names)
    for begin, end in ((3, 2), (2, 2), (2, 1), (1, 1)):
        if len(names) > begin + end + 1:
            yield " › ".join([*names[:begin], f"… {len(names) - begin - end} …", *names[-end:]])
