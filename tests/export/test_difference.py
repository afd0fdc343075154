"""A difference plant: what stands on the machines and beside the floor is what the comparison found."""

from __future__ import annotations

from pathlib import Path

import pygame

from factoryview.export.difference import badges, draw_difference, short
from factoryview.export.filming import Format
from factoryview.export.frames import whole_floor
from factoryview.flow.change.compare import Span, compare
from factoryview.flow.change.records import records_of
from factoryview.language import Language
from factoryview.scene.chrome.board_panel import Board, Lines, board_node
from factoryview.scene.painter import Painter
from factoryview.scene.themes import NIGHT
from factoryview.scene.ui.composition import composed, with_panel
from factoryview.time import DAY
from factoryview.view.model import Model
from factoryview.view.presentation import Presentation
from tests.kit.command import factoryview
from tests.kit.halved import halved


def test_the_machine_says_by_how_much_it_is_otherwise(tmp_path: Path) -> None:
    factory, stays = halved(tmp_path, 150)
    presentation = Presentation(Model(factory), Language("en", "UTC"))
    records, first = records_of(factory.store, factory.plant), presentation.model.first
    spans = Span.between(records, first, first + 60 * DAY), Span.between(records, first + 90 * DAY, first + 140 * DAY)
    found = compare(*spans, factory.gate)
    [own] = [each for each in found.differences if (each.stage, each.measure) == ("Check", "waiting")]
    by_hand = [[hours for at, hours in stays if span.first <= at.timestamp() * 1e6 < span.end] for span in spans]
    means = [sum(hours) / len(hours) for hours in by_hand]
    said = f"{means[0] - means[1]:.1f}".removesuffix(".0")
    assert short(own, presentation.language) == f"stay −{said} h"
    composition = with_panel(composed((1280, 720)))
    facts = presentation.facts
    root = Painter(facts, NIGHT).tree(
        presentation.moment(spans[1].end, DAY), whole_floor(facts, composition), composition
    )
    nodes = {
        node.id: node
        for node in badges(root, found.differences, presentation.language, composition.view, composition.u)
    }
    machine = root.find("stage/Check")
    assert machine is not None
    assert set(nodes) == {f"difference/{each.stage}/{each.measure}" for each in found.differences}
    assert machine.rect.inflate(60, 60).colliderect(nodes["difference/Check/waiting"].rect)
    picture = draw_difference(presentation, found, spans, Format((1280, 720), 10.0, NIGHT))
    assert picture.get_size() == (1280, 720)
    assert pygame.image.tobytes(picture, "RGB") != bytes(1280 * 720 * 3)


def test_which_spans_they_are_is_said_to_the_end() -> None:
    hint = " ".join(f"word{k}" for k in range(40))
    for lines, whole in ((4, False), (8, True)):
        root = board_node(Board("Title", "", hint, (), hint_lines=lines), with_panel(composed((1280, 720))))
        said = root.find("meeting/hint")
        assert said is not None
        assert isinstance(said.key, Lines)
        assert (" ".join(said.key.lines) == hint) == whole


def test_it_is_a_picture_and_nothing_else(tmp_path: Path) -> None:
    halved(tmp_path, 40)
    said = factoryview("compare", tmp_path / "deals.csv", "--difference", "-o", tmp_path / "a.mp4")
    assert (said.status, ".png" in said.err) == (2, True)
