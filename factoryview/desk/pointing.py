"""What is pointed at on a desk's floor: which crate lies there, and the card of a node."""

from __future__ import annotations

import pygame

from factoryview.app.session import Session
from factoryview.desk.cards import belt_card, bin_card, crate_card, depot_card, stage_card
from factoryview.desk.stage_logs import StageLogs
from factoryview.desk.whatif.ghosts import GHOST, ghost_card
from factoryview.flow.moment.standing import Standing
from factoryview.layout.plan import Plan
from factoryview.scene.chrome.card import Card
from factoryview.scene.floor.camera import Camera
from factoryview.scene.ui.node import Node
from factoryview.view.crates import crate_at, place_of
from factoryview.view.databox import belt_box, bin_box, stage_box
from factoryview.view.presentation import Presentation
from factoryview.view.state import State
from factoryview.view.topology import Topology

CRATE = "crate/"
"""What the id of a crate begins with."""
_HALF_CRATE = 10
"""Half the side of a crate, in u."""


def way_of(node: str, topology: Topology) -> int | None:
    """The place among the ways of the node of a belt that leads to a stage."""
    belts = topology.plan.belts[: len(topology.ways)]
    return next((i for i, belt in enumerate(belts) if node == f"belt/{belt.origin}/{belt.target}"), None)


def crate_under(pixel: tuple[int, int], way: int, topology: Topology, standing: Standing, camera: Camera) -> str:
    """The id of the crate on a belt under a pixel; empty where none is."""
    x, y = camera.floor_at(pixel)
    stay = crate_at(topology.plan.belts[way], standing.belts[way], x, y)
    return "" if stay is None else f"{CRATE}{stay}"


def crate_node(crate: str, plan: Plan, standing: Standing, camera: Camera) -> Node | None:
    """A node where a crate lies, which has none of its own in the picture."""
    stay = int(crate.removeprefix(CRATE))
    for belt, on in zip(plan.belts, standing.belts, strict=False):
        place = place_of(belt, on, stay)
        if place is not None:
            half = max(2, round(_HALF_CRATE * camera.k))
            rect = pygame.Rect(0, 0, 2 * half, 2 * half)
            rect.center = camera.point(*place)
            return Node(crate, rect, None, "item")
    return None


def card_of(node: Node, state: State, shown: Presentation, session: Session, logs: StageLogs) -> Card | None:
    """What there is to say of a node of the floor; nothing of most, and of what the panel says already."""
    _, _, name = node.id.partition("/")
    if node.id.startswith(CRATE):
        way = logs.journey(int(name))
        return None if way is None else crate_card(way.until(state.at), state.at, shown.wording.label, shown.language)
    if node.id.startswith(GHOST):
        return ghost_card(node, session, shown)
    if node.role == "bin":
        return _bin(name.removesuffix("/bin"), state, shown, logs)
    if node.role == "belt" and node.id != session.selection:
        return _belt(node.id, state, shown, logs)
    if node.role in ("machine", "pile") and f"stage/{name}" != session.selection:
        return _machine(name, state, shown, logs)
    return None


def _bin(stage: str, state: State, shown: Presentation, logs: StageLogs) -> Card | None:
    log, lost = logs.get(stage), next((each for each in state.bins if each.id[1] == stage), None)
    if log is None or lost is None:
        return None
    factory = shown.model.factory
    box = bin_box(state, log, lost.left, factory.gate)
    period = state.window.until - state.window.since
    return bin_card(shown.wording.label(stage), box, period, factory.plant, shown.language)


def _belt(node: str, state: State, shown: Presentation, logs: StageLogs) -> Card | None:
    way = way_of(node, shown.model.topology)
    if way is None:
        return None
    log = logs.get(shown.model.topology.plan.belts[way].target)
    label = shown.wording.belt(node.removeprefix("belt/"))
    return belt_card(label, belt_box(shown.model.counts, state, way, log), shown.language)


def _machine(name: str, state: State, shown: Presentation, logs: StageLogs) -> Card | None:
    model, label = shown.model, shown.wording.label(name)
    if name in model.topology.stages and name not in model.topology.depots:
        box = stage_box(model.counts, state, name, logs.get(name), model.studied)
        return stage_card(label, box, shown.language, model.factory.plant.stage(name))
    depot = next((each for each in state.outcomes if each.id[1] == name), None)
    if depot is None:
        return None
    all_of = sum(model.counts.totals.outcomes(state.at).values())
    return depot_card(label, depot, depot.total / all_of if all_of else None, state.rate, shown.language)
