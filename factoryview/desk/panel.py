"""The panel of what was chosen: head, tabs and the page that is open, as nodes in the words of one language."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pygame

from factoryview.app.intervening import SCENARIOS
from factoryview.app.session import PAGES
from factoryview.desk.belt import belt_page
from factoryview.desk.cases import cases_page
from factoryview.desk.forecast import FORECAST, forecast_page
from factoryview.desk.pages import history_page, now_page
from factoryview.desk.reasons import routes_page, why_page
from factoryview.desk.routes import ROUTES, routes_list
from factoryview.desk.sheet import Question, Sheet
from factoryview.desk.whatif.front import scenarios_page
from factoryview.desk.whatif.page import whatif_page
from factoryview.scene.chrome.panel import Edge, Panel
from factoryview.scene.chrome.tabs import HeadLine, tab_nodes
from factoryview.scene.text import width
from factoryview.scene.ui.node import Action, Node
from factoryview.view.news import Constraint
from factoryview.view.stages import StageState

_RIM, _HEAD, _TABS = 22, 58, 54
"""Rim, height of the head and of the tabs, in u."""
_PAGES: dict[str, Callable[[Question, StageState, Sheet], Iterator[Node]]] = {
    "now": now_page,
    "history": history_page,
    "why": why_page,
    "routes": routes_page,
}
_OF_ANY: dict[str, Callable[[Question, Sheet], Iterator[Node]]] = {"cases": cases_page, "whatif": whatif_page}
"""Pages of a machine or a belt."""
_OF_PLANT: dict[str, Callable[[Question, Sheet], Iterator[Node]]] = {
    ROUTES: routes_list,
    FORECAST: forecast_page,
    SCENARIOS: scenarios_page,
}
"""Pages of the whole plant."""


def panel_node(asked: Question) -> Node:
    """The whole panel beside the floor."""
    box, u = asked.composition.panel, asked.composition.u
    edge = pygame.Rect(box.x, box.y, max(1, round(1.5 * u)), box.h)
    parts = (Node("panel/edge", edge, Edge(), "image"), *_parts(asked, box.inflate(-2 * round(_RIM * u), 0), u))
    return Node("panel", box, Panel(), "list", asked.label, None, parts)


def _parts(asked: Question, inner: pygame.Rect, u: float) -> Iterator[Node]:
    say = asked.language.text
    head = pygame.Rect(inner.x, inner.y + round(6 * u), inner.w, round(_HEAD * u))
    shut = pygame.Rect(head.right - round(34 * u), head.y, round(34 * u), head.h)
    yield from _title(asked, pygame.Rect(head.x, head.y, head.w - shut.w, head.h), u)
    yield Node("panel/close", shut, HeadLine("×", 40, u, "text_muted", right=True), "button", say("panel.close"),
               Action("select", ("",)))  # fmt: skip
    tabs = pygame.Rect(inner.x, head.bottom, inner.w, round(_TABS * u))
    if asked.session.selection in _OF_PLANT:
        body = pygame.Rect(inner.x, tabs.y, inner.w, inner.bottom - tabs.y - round(20 * u))
        yield from _OF_PLANT[asked.session.selection](asked, Sheet(body, u))
        return
    belt = asked.belt
    of_belt = ("now", "cases") if belt is not None else ("cases",)
    of_belt = (*of_belt, "whatif") if asked.source is not None else of_belt
    pages = [page for page in PAGES if asked.stage is not None or page in of_belt]
    names = [(page, say(f"sheet.{page}")) for page in pages]
    open_ = asked.session.page if asked.session.page in pages else pages[0]
    yield from tab_nodes("panel/page", names, open_, "page", tabs, u, 27)
    body = pygame.Rect(inner.x, tabs.bottom + round(8 * u), inner.w, inner.bottom - tabs.bottom - round(20 * u))
    if belt is not None and open_ == "now":
        yield from belt_page(asked, belt, Sheet(body, u))
    elif open_ in _OF_ANY:
        yield from _OF_ANY[open_](asked, Sheet(body, u))
    elif asked.stage is not None:
        yield from _PAGES[open_](asked, asked.stage, Sheet(body, u))


def _title(asked: Question, rect: pygame.Rect, u: float) -> Iterator[Node]:
    name = HeadLine(asked.label, 44, u)
    wide = min(rect.w, width(asked.label, max(4, round(44 * u)), "Bold"))
    yield Node("panel/title", pygame.Rect(rect.x, rect.y, wide, rect.h), name, "text", asked.label)
    since, ink = _since(asked)
    left = rect.x + wide + round(16 * u)
    if since and rect.right - left > round(120 * u):
        box = pygame.Rect(left, rect.y + round(4 * u), rect.right - left, rect.h)
        yield Node("panel/since", box, HeadLine(since, 28, u, ink, "SemiBold"), "status", since)


def _since(asked: Question) -> tuple[str, str]:
    """Since when it limits the plant, or jams; and the colour of that."""
    stage: StageState | None = asked.stage
    if stage is None:
        return "", ""
    day, say = asked.day, asked.language.text
    for news in asked.state.news:
        if isinstance(news, Constraint) and news.stage == stage.id[1]:
            return say("panel.constraint", date=day(news.since)), "red"
    if stage.level and stage.jam.since is not None:
        return say("panel.slow", date=day(stage.jam.since)), "amber" if stage.level == 1 else "red"
    return "", ""
