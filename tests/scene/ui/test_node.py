"""What is under a pixel, and what a tree says of a plant."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pygame
import pytest

from factoryview.scene.floor.camera import Camera
from factoryview.scene.painter import Painter
from factoryview.scene.picture import Moment
from factoryview.scene.themes import NIGHT
from factoryview.scene.ui.composition import Composition, composed
from factoryview.scene.ui.node import Action, Node, group, unpainted
from factoryview.view.playhead import usual_pace
from tests.kit.small_plants import kept

WHOLE = pygame.Rect(0, 0, 100, 100)


def names(path: tuple[Node, ...]) -> list[str]:
    return [node.id for node in path]


def test_the_topmost_innermost_node_is_hit_and_groups_only_through_their_parts() -> None:
    low = Node("low", pygame.Rect(10, 10, 50, 50), role="button")
    inner = Node("inner", pygame.Rect(40, 40, 40, 40), role="button")
    high = Node("high", pygame.Rect(30, 30, 20, 20), role="list", children=(inner,))
    tree = group("screen", WHOLE, (low, high))
    assert names(tree.hit((15, 15))) == ["screen", "low"]
    assert names(tree.hit((35, 35))) == ["screen", "high"]
    assert names(tree.hit((45, 45))) == ["screen", "high", "inner"]
    assert names(tree.hit((70, 70))) == [], "what its parent does not let through is not seen"
    assert names(tree.hit((99, 1))) == []
    assert names(tree.hit((200, 200))) == []


def test_what_is_painted_by_another_can_still_be_found() -> None:
    tree = Node("a", WHOLE, children=(Node("b", WHOLE, role="button", label="B", action=Action("play")),))
    found = unpainted(tree).find("b")
    assert found is not None
    assert (found.label, found.action) == ("B", Action("play"))
    assert tree.find("c") is None


@pytest.mark.parametrize("zoom", [0.1, 0.3, 0.6, 1.0, 3.0])
def test_the_tree_of_a_plant_is_complete_at_every_distance(zoom: float) -> None:
    presentation = kept("tangled")
    facts, model = presentation.facts, presentation.model
    composition = composed((960, 540))
    camera = Camera.fit(facts.floor.plan, composition.view)
    camera = replace(camera, k=camera.k * zoom)
    moment = presentation.moment((model.first + model.last) // 2, usual_pace(model.last - model.first))
    tree = Painter(facts, NIGHT).tree(moment, camera, composition)
    every = list(tree.walk())
    assert len(every) == len({node.id for node in every}), "every id is there once"
    assert facts.floor.plan.blocks
    for name, now in zip(facts.floor.plan.blocks, moment.floor.stations, strict=True):
        machine, count = tree.find(f"stage/{name}"), tree.find(f"stage/{name}/count")
        assert machine is not None
        assert count is not None
        assert (machine.role, machine.label, machine.action) == ("machine", now.label, Action("select", (machine.id,)))
        assert count.label == now.count
    assert tree.children[0].id == "ground"
    assert [layer.id for layer in tree.children[1:]] == ["floor", "chrome", "overlay"]


def test_belts_are_hit_where_they_lie() -> None:
    presentation = kept("tangled")
    facts, composition = presentation.facts, composed((1920, 1080))
    camera = Camera.fit(facts.floor.plan, composition.view)
    tree = Painter(facts, NIGHT).tree(presentation.moment(presentation.model.last, 1e6), camera, composition)
    belts = [belt for belt in facts.floor.plan.belts if belt.own_length > 150 and not (belt.thin or belt.crossings)]
    assert belts
    for belt in belts:
        a, b = max(pairwise(belt.points), key=lambda leg: abs(leg[0].x - leg[1].x) + abs(leg[0].y - leg[1].y))
        pixel = camera.point((a.x + b.x) / 2, (a.y + b.y) / 2)
        hit = names(tree.hit(pixel))
        assert any(name.startswith("belt/") and name.endswith(f"/{belt.target}") for name in hit)
    assert names(tree.hit(composition.timeline.center))[-1] == "timeline/track"
    assert names(tree.hit((composition.floor.x + 9, composition.floor.y + 2))) == ["screen", "floor"]


def test_a_node_knows_whether_anything_of_it_is_painted() -> None:
    tree = Painter(kept("jammed").facts, NIGHT).tree(*seen_of("jammed"))
    for node in tree.walk():
        assert node.painted == any(below.key is not None for below in node.walk())
    assert not unpainted(tree).painted


def seen_of(name: str) -> tuple[Moment, Camera, Composition]:
    presentation, whole = kept(name), composed((960, 540))
    model = presentation.model
    moment = presentation.moment((model.first + model.last) // 2, usual_pace(model.last - model.first))
    return moment, Camera.fit(presentation.facts.floor.plan, whole.view), whole
