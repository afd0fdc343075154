"""The alarms below each other, and the plant in small."""

from __future__ import annotations

import pygame
import pytest

from factoryview.scene.chrome.tray import map_node
from factoryview.scene.floor.camera import Camera
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


def test_an_arrow_at_the_edge_points_to_the_machine_of_the_alarm_that_is_pointed_at(pilot: DeskPilot) -> None:
    pilot.press("a")
    place = next(k for k, row in enumerate(pilot.node("tray").children) if "Approval" in row.label)
    pilot.hover(f"tray/{place}")
    hall = pilot.node("stage/Approval/hall").rect
    assert pilot.node("tray/ring").rect.contains(hall), "it is in sight: a ring"
    assert pilot.tree.find("tray/arrow") is None
    for _ in range(4):
        pilot.wheel(4, "floor", (0.02, 0.3))
    pilot.hover(f"tray/{place}")
    view, plan = pilot.session.camera.view, pilot.screen.presentation.facts.floor.plan
    there = pilot.session.camera.rect(plan.blocks["Approval"].hall)
    assert not view.collidepoint(there.center)
    arrow = pilot.node("tray/arrow")
    assert view.contains(arrow.rect)
    assert arrow.label == "Approval"
    off, there_off = (
        (x - view.centerx, y - view.centery) for x, y in (arrow.rect.center, there.center)
    )  # fmt: skip
    assert off[0] * there_off[0] + off[1] * there_off[1] > 0, "towards it"
    foot = pilot.node("tray").rect.y
    assert not arrow.rect.colliderect(pilot.node("tray").rect)
    assert min(abs(arrow.rect.right - view.right), abs(arrow.rect.bottom - foot),
               abs(arrow.rect.x - view.x), abs(arrow.rect.y - view.y)) < 8, "at the edge"  # fmt: skip
    pilot.hover("floor", (0.5, 0.2))
    assert pilot.tree.find("tray/arrow") is None
    pilot.click(f"tray/{place}").wait(1)
    assert pilot.session.camera.view.collidepoint(pilot.node("stage/Approval/hall").rect.center), "a press flies there"


def test_the_plant_in_small_lies_where_it_covers_least() -> None:
    plan, u = studied("piled").facts.floor.plan, 0.7
    view, moved, gap = pygame.Rect(0, 60, 1366, 560), 0, round(12 * u)
    inner = view.inflate(-2 * gap, -2 * gap)
    k = 1.6 * Camera.fit(plan, view).k
    for spot in ((120, 560), (120, 120), (1250, 560), (680, 330)):  # where the sign of a source is seen
        x, y = plan.signs[0].rect.centre
        camera = Camera(x + (view.centerx - spot[0]) / k, y + (view.centery - spot[1]) / k, k, view)
        small = map_node(plan, {}, camera, "small", u).rect
        things = [camera.rect(sign.rect) for sign in plan.signs]
        things += [camera.rect(part) for block in plan.blocks.values() for part in block.parts()]
        for corner in ("bottomleft", "bottomright", "topleft", "topright"):
            other = small.copy()
            setattr(other, corner, getattr(inner, corner))
            here, there = (sum(box.clip(each).w * box.clip(each).h for each in things) for box in (small, other))
            assert here <= there, (spot, corner)
        assert view.contains(small)
        moved += small.bottomleft != inner.bottomleft
    assert moved
