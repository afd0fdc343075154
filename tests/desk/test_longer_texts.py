"""Cards, panel and filters in a language a third longer than ours: everything finds room, all of it a catalogue's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from factoryview.app.session import PAGES
from factoryview.language import Code
from factoryview.scene.text import Page, recording
from factoryview.store.selection import Repeated, Through
from factoryview.time import DAY
from factoryview.view.presentation import Presentation
from tests.desk.test_whatif import QuickPilot
from tests.kit.desk_pilot import DeskPilot
from tests.kit.pseudo import BEGIN, Pseudo
from tests.kit.small_plants import studied

SIZES = ((1366, 768),)
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
WORD = re.compile(r"[^\W\d_]{2,}")


def visit(code: Code, size: tuple[int, int]) -> tuple[Page, set[str]]:
    """Everything that a desk writes, and what stands on machines only for those who are near."""
    model = studied("piled", code).model
    shown = Presentation(model, Pseudo(code, "Europe/Berlin"))
    pilot = DeskPilot(shown, size, paused=True, start=model.worst_moment())
    with recording() as page:
        for node in ("stage/Approval/hall", "belt/Offer/Approval/0", "stage/Inquiry/bin", "stage/Paid/hall"):
            pilot.hover(node)
        pilot.run("select", "stage/Approval")
        for name in PAGES:
            pilot.run("page", name)
        pilot.run("select", "belt/Offer/Approval").run("filter", Through("Offer")).run("filter", Repeated("Offer"))
    return page, _far(shown, pilot)


def visit_more(code: Code, size: tuple[int, int], folder: Path) -> tuple[Page, set[str]]:
    """The pages of the whole plant, what would be, a future, notes, alarms, and what is asked for by typing."""
    model = studied("piled", code).model
    shown = Presentation(model, Pseudo(code, "Europe/Berlin"))
    model.factory.notes_folder = folder / "plant.notes"
    pilot = QuickPilot(shown, size, paused=True, start=model.last - 7 * DAY)
    with recording() as page:
        pilot.run("select", "stage/Approval").press("b").click("panel/try/person")
        pilot.press("s").press("escape")
        pilot.press("d").press("r").press("escape", "a").run("lens", "age").run("lens", "deadline")
        pilot.press("e").type("two more").press("return").press("j").press("escape")
        pilot.press("i").press("escape").press("f1").press("escape").press("/").press("escape")
        pilot.run("lens", "channel").press("u").wait(0)
    return page, _far(shown, pilot)


def _far(shown: Presentation, pilot: DeskPilot) -> set[str]:
    """What stands on machines only for those who are near."""
    model = pilot.screen.model
    moment = shown.moment(model.worst_moment(), pilot.session.playhead.pace)
    return {NUMBER.sub("#", station.rates) for station in moment.floor.stations}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("code", ["de", "en"])
def test_nothing_is_left_out_or_cut(code: Code, size: tuple[int, int]) -> None:
    page, far = visit(code, size)
    assert len(page.written) > 150
    assert_whole(page, far, size)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("code", ["de", "en"])
def test_nothing_of_what_would_be_of_forecasts_and_of_notes(code: Code, size: tuple[int, int], tmp_path: Path) -> None:
    page, far = visit_more(code, size, tmp_path)
    assert len(page.written) > 150
    assert_whole(page, far, size)


def assert_whole(page: Page, far: set[str], size: tuple[int, int]) -> None:
    """Nothing was left out that is no matter of distance, and nothing is cut or beyond the screen."""
    assert [
        text for text, _ in page.left_out if BEGIN in text and WORD.search(text) and NUMBER.sub("#", text) not in far
    ] == []
    for line in page.written:
        assert not line.text.endswith("…"), line.text
        assert line.ink.left >= 0
        assert line.ink.right <= size[0]
