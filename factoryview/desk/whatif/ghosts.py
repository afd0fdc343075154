"""What the open scenario changes, on the floor: a ghost over each machine and source that would be another."""

from __future__ import annotations

from collections.abc import Iterator

import pygame

from factoryview.app.intervening import open_scenario
from factoryview.app.session import Session
from factoryview.desk.whatif.words import change_words, scenario_words
from factoryview.plant.scenario_edits import is_named
from factoryview.plant.scenario_file import ChangeArrivals, ChangePeople, Scenario
from factoryview.plant.words import PlantModel
from factoryview.scene.chrome.card import Card, CardRow
from factoryview.scene.chrome.dialog import Dashes
from factoryview.scene.floor.ghosts import GhostSign
from factoryview.scene.ui.composition import Composition
from factoryview.scene.ui.node import Action, Node
from factoryview.view.connections import ENTRANCE
from factoryview.view.presentation import Presentation

_RIM, _NARROW = 16, 6
"""u between a hall or a source and the outline: around a hall, the ring around what is chosen lies within."""
GHOST = "ghost/"
"""What the id of a ghost begins with."""


def ghost_nodes(root: Node, session: Session, shown: Presentation, composition: Composition) -> Iterator[Node]:
    """Outline and sign of everything that the open scenario changes and that is seen."""
    scenario = open_scenario(session)
    if scenario is None:
        return
    view, u, parts = session.camera.view, composition.u, list[Node]()
    for place, changes in _places(scenario):
        hall = root.find(f"{place}/hall") or root.find(place)
        if place.startswith("source/"):
            hall = next((node for node in root.walk() if node.id.startswith(f"{place}/")), None)
        if hall is None or not hall.rect.colliderect(view):
            continue
        words = " · ".join(change_words(change, shown) for change in changes)
        people = [change for change in changes if isinstance(change, ChangePeople)]
        figures = tuple(change.kind for change in people for _ in range(max(0, change.add)))
        line, rim = max(2, round(3 * u)), round((_NARROW if place.startswith("source/") else _RIM) * u)
        box = hall.rect.inflate(2 * rim, 2 * rim)
        look = GhostSign(words, figures, u)
        sign = pygame.Rect((0, 0), look.size(view.w))
        sign.midbottom = (box.centerx, box.top - round(10 * u))
        sign.clamp_ip(view)
        parts.append(Node(f"{GHOST}{place}/outline", box, Dashes("ghost", line, max(4, round(12 * u))), "tip", words))
        parts.append(Node(f"{GHOST}{place}", sign, look, "pile", words, _to(place)))
    yield Node("ghosts", view, None, "group", "", None, tuple(parts))


def ghost_card(node: Node, session: Session, shown: Presentation) -> Card | None:
    """What a ghost stands for: the changes that are tried there, unless the title says them."""
    scenario = open_scenario(session)
    if scenario is None:
        return None
    place = node.id.removeprefix(GHOST)
    changes = next((changes for each, changes in _places(scenario) if each == place and is_named(scenario)), [])
    rows = tuple(CardRow(f"change/{k}", change_words(each, shown), "") for k, each in enumerate(changes))
    return Card(scenario_words(scenario, shown), shown.language.text("ghost.tried"), rows, 1)


def _to(place: str) -> Action | None:
    return Action("select", (place,)) if place.startswith("stage/") else None


def _places(scenario: Scenario) -> list[tuple[str, list[PlantModel]]]:
    """Node of the floor → what is changed there."""
    found: dict[str, list[PlantModel]] = {}
    for change in scenario.changes():
        if isinstance(change, ChangeArrivals):
            found.setdefault(f"source/{ENTRANCE}{change.channel or ''}", []).append(change)
        elif (stage := getattr(change, "stage", None)) is not None:
            found.setdefault(f"stage/{stage}", []).append(change)
    return list(found.items())
