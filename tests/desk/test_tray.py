"""The alarms below each other, and the plant in small."""

from __future__ import annotations

import pytest

from tests.kit.desk_pilot import DeskPilot
from tests.kit.small_plants import studied


@pytest.fixture
def pilot() -> DeskPilot:
    model = studied("piled").model
    return DeskPilot(studied("piled"), (1366, 768), paused=True, start=model.worst_moment())


def test_the_tray_says_every_alarm_that_goes_on_and_flies_there(pilot: DeskPilot) -> None:
    assert pilot.tree.find("tray") is None
    pilot.press("a")
    state = pilot.screen.model.state(pilot.session.playhead.at, 1e6)
    going = [alarm for alarm in state.alarms if alarm.state != "ended"]
    rows = pilot.node("tray").children
    assert len(rows) == len(going) > 0
    place = next(k for k, row in enumerate(rows) if "Approval" in row.label)
    assert f"Approval · {pilot.label('stage/Approval/count')} waiting" in pilot.label(f"tray/{place}")
    assert "since " in pilot.label(f"tray/{place}")
    pilot.click(f"tray/{place}")
    assert pilot.session.selection == "stage/Approval"
    assert pilot.node("stage/Approval/hall").rect.collidepoint(pilot.session.camera.view.center)
    pilot.press("a")
    assert pilot.tree.find("tray") is None


def test_where_nothing_is_the_matter_the_tray_says_so() -> None:
    model = studied("calm").model
    pilot = DeskPilot(studied("calm"), (1366, 768), paused=True, start=model.first + 5 * 86_400_000_000).press("a")
    assert pilot.label("tray/0").startswith("No alarm")


def test_the_plant_in_small_shows_what_is_seen_and_leads_back(pilot: DeskPilot) -> None:
    home = pilot.session.camera
    assert pilot.tree.find("map") is None
    pilot.wheel(5, "floor", (0.9, 0.8))
    small = pilot.node("map")
    assert pilot.session.camera.view.contains(small.rect)
    look = small.key
    plan, k = (
        pilot.screen.presentation.facts.floor.plan,
        small.rect.w / pilot.screen.presentation.facts.floor.plan.width,
    )
    left, top = pilot.session.camera.floor_at(pilot.session.camera.view.topleft)
    assert look.seen[:2] == (round(left * k), round(top * k))  # type: ignore[union-attr]
    assert len(look.blocks) == len(plan.blocks)  # type: ignore[union-attr]
    pilot.click("map")
    assert pilot.session.camera == home
    assert pilot.tree.find("map") is None
