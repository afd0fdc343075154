"""The law of the picture, read back from the tree of nodes: what is drawn of a stage is what the log says."""

from __future__ import annotations

import csv
import gzip
from bisect import bisect_right
from collections import defaultdict
from datetime import datetime
from functools import cache
from random import Random

import pytest

from factoryview.factory.opening import open_factory
from factoryview.language import Language
from factoryview.resources import data_file
from factoryview.scene.floor.belts import Belts
from factoryview.scene.floor.blocks import SidingLook
from factoryview.scene.floor.camera import Camera
from factoryview.scene.floor.yards import PileLook
from factoryview.scene.painter import Painter
from factoryview.scene.themes import NIGHT
from factoryview.scene.ui.composition import composed
from factoryview.scene.ui.node import Node
from factoryview.view.model import Model
from factoryview.view.playhead import usual_pace
from factoryview.view.presentation import Presentation

MOMENTS = 500


@cache
def changes() -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """Stage → sorted µs at which a case came, and at which one went, counted from the rows of the file."""
    cases: dict[str, list[tuple[int, str]]] = defaultdict(list)
    with gzip.open(data_file("umsatzwerk.csv.gz"), "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            at = round(datetime.fromisoformat(row["time"]).timestamp() * 1e6)
            cases[row["case"]].append((at, row["stage"]))
    came: dict[str, list[int]] = defaultdict(list)
    went: dict[str, list[int]] = defaultdict(list)
    for events in cases.values():
        events.sort(key=lambda event: event[0])
        for i, (at, stage) in enumerate(events):
            came[stage].append(at)
            if i + 1 < len(events):
                went[stage].append(events[i + 1][0])
    for times in (*came.values(), *went.values()):
        times.sort()
    return came, went


def drawn(tree: Node, presentation: Presentation) -> dict[str, dict[str, int]]:
    """Stage → what the tree says of it: its number, and the crates of each place."""
    found: dict[str, dict[str, int]] = {}
    nodes = {node.id: node for node in tree.walk()}
    for name in presentation.model.topology.stages:
        pile, siding = nodes.get(f"pile/{name}"), nodes.get(f"stage/{name}/wrecks")
        assert pile is None or isinstance(pile.key, PileLook)
        assert siding is None or isinstance(siding.key, SidingLook)
        found[name] = {
            "said": int(nodes[f"stage/{name}/count"].label.replace(".", "")),
            "machine": int(nodes[f"stage/{name}/machine"].label),
            "pile": len(pile.key.hues) if pile is not None else 0,  # type: ignore[union-attr]
            "wrecks": siding.key.now.crates if siding is not None else 0,  # type: ignore[union-attr]
            "belts": 0,
        }
    for group in (node for node in nodes.values() if isinstance(node.key, Belts)):
        for belt, look in zip(group.children, group.key.belts, strict=True):  # type: ignore[union-attr]
            target = belt.id.rpartition("/")[2]
            if target in found:
                found[target]["belts"] += len(look.hues) + look.hidden
    return found


def test_crates_of_all_places_are_the_number_on_the_machine_and_that_of_the_log() -> None:
    size, random = (960, 540), Random(500)
    factory = open_factory(data_file("umsatzwerk.toml"))
    model = Model(factory, aspect=composed(size).aspect)
    presentation = Presentation(model, Language("de", factory.plant.timezone))
    painter, camera = Painter(presentation.facts, NIGHT), Camera.fit(model.topology.plan, composed(size).view)
    came, went = changes()
    seen: dict[str, int] = defaultdict(int)
    for at in sorted(random.randint(model.first, model.last) for _ in range(MOMENTS)):
        moment = presentation.moment(at, usual_pace(model.last - model.first))
        tree = painter.tree(moment, camera, composed(size))
        for name, parts in drawn(tree, presentation).items():
            there = bisect_right(came[name], at) - bisect_right(went[name], at)
            assert parts["said"] == there, (name, at)
            assert parts["belts"] + parts["pile"] + parts["machine"] + parts["wrecks"] == there, (name, at, parts)
            for place, count in parts.items():
                seen[place] += count > 0
    assert min(seen[place] for place in ("belts", "pile", "machine", "wrecks")) > 20, dict(seen)


@pytest.mark.parametrize("plant", ["permits.toml", "permits.csv.gz"])
def test_crates_are_the_number_of_another_plant_and_of_its_log_without_a_plant_file(plant: str) -> None:
    size, random = (640, 360), Random(60)
    factory = open_factory(data_file(plant))
    model = Model(factory, aspect=composed(size).aspect)
    presentation = Presentation(model, Language("de", factory.plant.timezone))
    painter, camera = Painter(presentation.facts, NIGHT), Camera.fit(model.topology.plan, composed(size).view)
    most = 0
    for at in sorted(random.randint(model.first, model.last) for _ in range(60)):
        moment = presentation.moment(at, usual_pace(model.last - model.first))
        for name, parts in drawn(painter.tree(moment, camera, composed(size)), presentation).items():
            if name in model.topology.depots:
                continue
            crates = parts["belts"] + parts["pile"] + parts["machine"] + parts["wrecks"]
            assert crates == parts["said"], (name, at, parts)
            most = max(most, crates)
    assert most > 200


def test_who_is_left_lying_stands_on_the_siding_and_not_on_the_belt() -> None:
    """The spreadsheet hand-over of September lost cases: they stay lying, and the belt is free for those who come."""
    size = (960, 540)
    factory = open_factory(data_file("umsatzwerk.toml"))
    presentation = Presentation(Model(factory, aspect=composed(size).aspect), Language("de", factory.plant.timezone))
    model = presentation.model
    at = round(datetime.fromisoformat("2025-11-19T15:00:00+01:00").timestamp() * 1e6)
    moment = presentation.moment(at, usual_pace(model.last - model.first))
    tree = Painter(presentation.facts, NIGHT).tree(
        moment, Camera.fit(model.topology.plan, composed(size).view), composed(size)
    )
    parts = drawn(tree, presentation)["Qualify"]
    assert parts["wrecks"] > 100 > 10 > parts["belts"] + parts["pile"]
    words = next(node.label for node in tree.walk() if node.id == "stage/Qualify/wrecks")
    assert str(parts["wrecks"]) in words
    assert "seit" in words
