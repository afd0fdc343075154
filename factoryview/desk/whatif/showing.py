"""When scenarios are asked for, and what of the answers is shown."""

from __future__ import annotations

from collections.abc import Iterator

import pygame

from factoryview.app.intervening import SCENARIOS, open_scenario
from factoryview.app.session import Session
from factoryview.desk.whatif.futures import Futures, Known
from factoryview.desk.whatif.words import scenario_words
from factoryview.factory.factory import Factory
from factoryview.scene.charts.ahead import FutureGround
from factoryview.scene.charts.scale import TimeScale
from factoryview.scene.chrome.chips import future_node
from factoryview.scene.ui.composition import Composition
from factoryview.scene.ui.node import Node
from factoryview.view.presentation import Presentation


def asks(session: Session) -> bool:
    """Whether anybody looks at what would be."""
    return (
        session.future_from is not None
        or session.selection == SCENARIOS
        or (session.page == "whatif" and session.selection.startswith(("stage/", "belt/")))
    )


def asked_of(futures: Futures, session: Session, factory: Factory) -> Known | None:
    """What is known of the session's scenarios from the moment of the playhead on; None: nothing.

    While it plays nothing new is begun, and what was found out from an earlier moment on stays.
    """
    head = session.playhead
    if not asks(session):
        futures.leave()
        return None
    if session.future_from is None and (head.playing or head.live):
        known = futures.known
        return known if known is not None and known.at <= head.at and known.factory.store is factory.store else None
    opened = open_scenario(session)
    others = [each for each in session.scenarios if each is not opened]
    since = head.at if session.future_from is None else session.future_from
    return futures.ask(factory, since, [*((opened,) if opened is not None else ()), *others])


def future_signs(
    root: Node, session: Session, shown: Presentation, composition: Composition, *, there: bool, busy: bool
) -> Iterator[Node]:
    """That what is shown has not happened: a row above the floor, and hatching on the timeline.

    there: a simulated future is shown; until it is, what happened is. busy: one is being made.
    """
    since, say = session.future_from, shown.language.text
    if since is None:
        return
    scenario = open_scenario(session)
    what = say("whatif.as_is") if scenario is None else scenario_words(scenario, shown)
    words = say("future.chip", date=shown.language.date(since, "date.day"), what=what)
    beside = say("future.beside" if there and not busy else "whatif.simulating")
    yield future_node(words, say("future.leave"), beside, composition.filters, composition.u)
    bars = root.find("timeline/bars")
    if bars is None or not there:
        return
    first, last = session.ribbon or (shown.model.first, shown.model.last)
    begin = max(bars.rect.x, TimeScale(first, last, bars.rect.x, bars.rect.w).column(since))
    if begin < bars.rect.right:
        ground = pygame.Rect(begin, bars.rect.y, bars.rect.right - begin, bars.rect.h)
        step = max(4, round(14 * composition.u))
        yield Node("future/ground", ground, FutureGround(step), "tip", say("future.word"))
