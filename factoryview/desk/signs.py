"""What stands over the floor of a desk beside card and panel: filters, what hues mean, the plant in small, alarms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pygame

from factoryview.app.session import Session
from factoryview.desk.alarms import alarm_rows
from factoryview.desk.conditions import words
from factoryview.desk.filtering import Conditions, Narrowed
from factoryview.desk.lenses import hue_words, lens_words
from factoryview.scene.chrome.card import ring_node
from factoryview.scene.chrome.chips import filters_node, lens_node
from factoryview.scene.chrome.tray import AlarmRow, arrow_node, map_node, tray_node
from factoryview.scene.ui.composition import Composition
from factoryview.scene.ui.node import Action, Node
from factoryview.view.lens import CHANNEL
from factoryview.view.presentation import Presentation
from factoryview.view.state import State


def chosen_ring(root: Node, session: Session, composition: Composition) -> Iterator[Node]:
    """A ring around the machine that is chosen."""
    chosen = root.find(session.selection) if session.selection else None
    if chosen is not None and chosen.role == "machine":
        hall, lost = root.find(f"{chosen.id}/hall") or chosen, root.find(f"{chosen.id}/bin")
        around = hall.rect if lost is None else hall.rect.union(lost.rect)  # no line goes through what is lost there
        yield Node("chosen/view", session.camera.view, children=(ring_node(around, composition),))


def corner(root: Node, state: State, session: Session, shown: Presentation, composition: Composition) -> Iterator[Node]:
    """At the edges: the plant in small while not all of it is seen, and alarms while they are open."""
    plan, view, say, u = shown.facts.floor.plan, session.camera.view, shown.language.text, composition.u
    out = not all(view.contains(session.camera.rect(block.hall)) for block in plan.blocks.values())
    small = map_node(plan, shown.wording.dresses(state), session.camera, say("map.title"), u) if out else None
    if small is not None:
        yield small
    if session.tray:
        rows, title = alarm_rows(state, shown, session.camera), say("tray.title")
        tray = tray_node(rows, title, view, 0, u)
        if small is not None and tray.rect.colliderect(small.rect):
            tray = tray_node(rows, title, view, small.rect.right - view.x, u)
        yield tray
        yield from _towards(rows, root, session, shown, composition, tray.rect)


def _towards(
    rows: Sequence[AlarmRow],
    root: Node,
    session: Session,
    shown: Presentation,
    composition: Composition,
    tray: pygame.Rect,
) -> Iterator[Node]:
    """Where the machine of the alarm is that is pointed at or has the focus: a ring, or an arrow at the edge."""
    told = (session.hover or session.focus).removeprefix("tray/")
    row = rows[int(told)] if told.isdecimal() and int(told) < len(rows) else None
    block = None if row is None else shown.facts.floor.plan.blocks.get(row.stage)
    if row is None or block is None:
        return
    view, hall = session.camera.view, session.camera.rect(block.hall)
    if not view.collidepoint(hall.center):
        free = pygame.Rect(view.x, view.y, view.w, max(1, tray.y - view.y))
        yield arrow_node(hall.center, free, shown.wording.label(row.stage), composition.u)
    elif (seen := root.find(f"stage/{row.stage}/hall")) is not None:
        yield Node("tray/at", view, children=(ring_node(seen.rect, composition, "tray/ring"),))


def chips(
    session: Session, shown: Presentation, composition: Composition, narrowed: Narrowed | None, held: Conditions
) -> Iterator[Node]:
    """The filters, and how many cases fit. narrowed: what is shown; held: the conditions that hold for it."""
    if not session.filters:
        return
    say, number = shown.language.text, shown.language.number
    count = say("only.counting")
    if narrowed is not None and held == session.filters:
        count = say("only.count", n=number(narrowed.cases), of=number(narrowed.of))
        if narrowed.part is not None:
            count = say("only.judging", count=count)
    named = ((each, words(each, shown)) for each in session.filters)
    buttons = [(said, say("only.remove", what=said), Action("filter", (each,))) for each, said in named]
    yield filters_node(buttons, count, composition.filters, composition.u)


def legend(session: Session, shown: Presentation, composition: Composition) -> Iterator[Node]:
    """What the hues say, while that is not the channel."""
    if session.lens == CHANNEL:
        return
    language, lens, title = shown.language, shown.model.lens, lens_words(session.lens, shown.language)
    hues = list(hue_words(lens, language)) if lens is not None and lens.name == session.lens else []
    yield lens_node(title, language.text("lens.remove", lens=title), hues, composition.lens, composition.u)
