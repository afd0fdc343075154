"""The picture in a language a third longer than ours: everything finds room, and all of it is a catalogue's."""

from __future__ import annotations

import re

import pytest

from factoryview.export.picture import render_frame
from factoryview.language import Code
from factoryview.scene.text import Page, recording
from factoryview.scene.themes import NIGHT
from factoryview.view.health import SILENT, FeedHealth
from factoryview.view.presentation import Presentation
from tests.kit.pseudo import BEGIN, Pseudo
from tests.kit.small_plants import kept, late_health

SIZES = ((1920, 1080), (1280, 720))
WORD = re.compile(r"[^\W\d_]{2,}")


def drawn(name: str, code: Code, size: tuple[int, int], health: FeedHealth = SILENT) -> tuple[Page, Presentation, int]:
    model = kept(name, code).model
    shown = Presentation(model, Pseudo(code, "Europe/Berlin"))
    at = model.worst_moment()
    with recording() as page:
        render_frame(shown, at, size=size, theme=NIGHT, health=health)
    return page, shown, at


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("code", ["de", "en"])
@pytest.mark.parametrize("name", ["jammed", "piled", "reworked"])
def test_nothing_is_left_out_and_nothing_leaves_the_picture(name: str, code: Code, size: tuple[int, int]) -> None:
    page, _, _ = drawn(name, code, size)
    assert len(page.written) > 20
    assert [text for text, _ in page.left_out if BEGIN in text and WORD.search(text)] == []
    for line in page.written:
        assert line.ink.left >= 0
        assert line.ink.right <= size[0]
        assert line.ink.bottom <= size[1]


@pytest.mark.parametrize("code", ["de", "en"])
@pytest.mark.parametrize("late", [False, True])
def test_every_word_is_of_a_catalogue_a_name_or_a_date(code: Code, late: bool) -> None:
    at = kept("jammed", code).model.worst_moment()
    health = late_health(at - 40 * 60_000_000, at, {"Approval": frozenset({"CRM"})}) if late else SILENT
    page, shown, at = drawn("jammed", code, SIZES[0], health)
    plant, facts = shown.model.factory.plant, shown.facts
    labelled = (*plant.targets, *plant.stages, *plant.outcomes, *plant.departments, *plant.sources, *plant.marks)
    names = {plant.name, "CRM", "Shop"} | {thing.label[code] for thing in labelled}
    names |= {name.upper() for name in names}
    dates = {shown.language.clock(at)} | {date for level in facts.ticks for _, date in level}
    marked = 0
    for line in page.written:
        if WORD.search(line.text) and line.text not in names | dates:
            assert BEGIN in line.text or "]" in line.text, line.text
            marked += 1
    assert marked > 5
