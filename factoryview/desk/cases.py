"""The page of a panel on which one chooses which cases are looked at."""

from __future__ import annotations

from collections.abc import Iterator

import pygame

from factoryview.desk.conditions import Offer, of_plant, of_stage, of_way, words
from factoryview.desk.sheet import Question, Sheet
from factoryview.scene.chrome.tabs import Toggle
from factoryview.scene.ui.node import Action, Node

_ROW, _GAP = 44, 6
"""Height of a button and the room below it, in u."""


def cases_page(asked: Question, sheet: Sheet) -> Iterator[Node]:
    """A button for every condition, those by what was chosen first; pressed while it holds. As many as find room."""
    held = asked.session.filters
    offers = [*of_chosen(asked), *of_plant(asked.presentation, asked.state.at, asked.choices)]
    pairs = [offers[k : k + 2] for k in range(0, len(offers), 2)]
    for pair in pairs:
        if sheet.left < _ROW:
            return
        line = sheet.row(_ROW)
        sheet.row(_GAP)
        gap = round(12 * sheet.u)
        half = (line.w - gap) // 2
        for offer, x in zip(pair, (line.x, line.right - half), strict=False):
            said = words(offer.condition, asked.presentation)
            look = Toggle(said, offer.condition in held, sheet.u)
            rect = pygame.Rect(x, line.y, half, line.h)
            yield Node(f"panel/only/{offer.name}", rect, look, "button", said, Action("filter", (offer.condition,)))


def of_chosen(asked: Question) -> Iterator[Offer]:
    """Conditions by what was chosen: a machine, or a belt between two."""
    kind, _, name = asked.session.selection.partition("/")
    if kind == "stage":
        yield from of_stage(name)
        return
    belts = asked.presentation.model.topology.plan.belts
    belt = next((each for each in belts if f"{each.origin}/{each.target}" == name), None)
    if belt is not None:
        yield from of_way(belt.origin, belt.target)
