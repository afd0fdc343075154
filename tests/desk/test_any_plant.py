"""Every page of every thing, on windows of any size, of counts without cases, and of a plant that has hardly begun."""

from __future__ import annotations

from pathlib import Path

import pytest

from factoryview.app.session import PAGES
from factoryview.factory.factory import Opening
from factoryview.factory.opening import open_factory
from factoryview.language import Language
from factoryview.store.selection import Through
from factoryview.view.model import Model
from factoryview.view.presentation import Presentation
from tests.kit.desk_pilot import DeskPilot
from tests.kit.small_plants import studied

SIZES = [(1, 1), (12, 10), (10, 640), (2_000, 300)]


def open_everything(pilot: DeskPilot) -> int:
    """Choose every machine, depot and belt, and turn to every page; how many things there were."""
    topology = pilot.screen.model.topology
    things = [f"stage/{name}" for name in topology.plan.blocks]
    things += [f"belt/{belt.origin}/{belt.target}" for belt in topology.plan.belts]
    for thing in things:
        pilot.run("select", thing)
        assert pilot.label("panel/title")
        for page in PAGES:
            pilot.run("page", page)
    return len(things)


@pytest.mark.parametrize("size", SIZES)
def test_a_window_of_any_size_goes_on(size: tuple[int, int]) -> None:
    model = studied("piled").model
    pilot = DeskPilot(studied("piled"), size, paused=True, start=model.worst_moment())
    pilot.run("select", "stage/Approval").run("tray").run("filter", Through("Offer"))
    for page in PAGES:
        pilot.run("page", page)
    pilot.press("escape", "pageup", "0", "x", "alt+left")
    pilot.resize((960, 540)).wait(0.1)
    assert pilot.session.camera == pilot.session.home


def test_a_plant_of_counts(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    lines = ["stage,day,arrivals,departures,losses"]
    for day in range(1, 31):
        for stage, came, went, lost in (("Call", 20, 19, 0), ("Visit", 18, 16, 4), ("Contract", 12, 12, 1)):
            lines.append(f"{stage},2025-03-{day:02d},{came + day % 3},{went + day % 2},{lost}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    model = Model(open_factory(path, Opening()))
    model.study()
    pilot = DeskPilot(Presentation(model, Language("en")), (960, 540), paused=True, start=model.last)
    assert open_everything(pilot) > 3
    wip = next(stage.here.wip for stage in model.state(model.last, 1e6).stages if stage.id[1] == "Visit")
    pilot.run("select", "stage/Visit").run("page", "now")
    assert pilot.label("panel/box/in_progress") == pilot.screen.presentation.language.number(wip)
    assert pilot.label("panel/box/accurate") == "–"


@pytest.mark.parametrize("share", [0.0, 0.02])
def test_a_plant_that_has_hardly_begun_says_what_it_does_not_know(share: float) -> None:
    model = studied("piled").model
    at = model.first + round(share * (model.last - model.first))
    pilot = DeskPilot(studied("piled"), (960, 540), paused=True, start=at)
    assert open_everything(pilot) > 5
    pilot.run("select", "stage/Delivery").run("page", "now")
    assert pilot.label("panel/box/work") == "–"
    assert pilot.label("panel/waiting").endswith("too few cases")
