"""The wall: views in turn, each with its strip; the next is drawn before the present one leaves; steering."""

from __future__ import annotations

import gc
import weakref
from copy import copy
from datetime import timedelta
from pathlib import Path

import pytest

from factoryview.flow.hours import goal_hours
from factoryview.flow.ratios import GoalRatio
from factoryview.plant.notes import HourReason
from factoryview.plant.noting import add_reason
from factoryview.scene.art.raster import opaque
from factoryview.scene.chrome.large import LineLook
from factoryview.scene.ui.node import Node
from factoryview.wall.control import Brightness, Next, Pause, Pin, Previous, Reason, Resume
from tests.kit.small_plants import studied
from tests.wall.kit import VIEWS, Played, Wand, wall_text
from tests.wall.spoiled import until

STRIP = ("strip/headline/0", "strip/clock", "strip/age", "strip/wall_clock")


def jammed() -> Played:
    return Played(studied("piled"))


def ids(tree: Node) -> list[str]:
    return [node.id for node in tree.walk()]


def test_every_view_comes_in_turn_with_the_strip_and_never_a_blank_frame() -> None:
    with Wand(
        jammed, wall_text(*VIEWS, "timelapse", 'kind = "department"\ndepartment = "Sales"\nseconds = 10')
    ) as wand:
        wand.until_open()
        before = wand.kiosk.counts.changes
        seen: dict[str, int] = {}
        while len(seen) < 7 or wand.kiosk.view != "whole":
            wand.frame(0.5).fetched()
            view = wand.kiosk.view
            seen[view] = seen.get(view, 0) + 1
            if wand.kiosk._glide is None:
                assert [wand.says(name) for name in STRIP[1:]]
                assert wand.node("strip/headline/0") or wand.node("strip/headline/1")
            assert not wand.blank()
            assert sum(seen.values()) < 200
        assert list(seen) == [*VIEWS, "timelapse", "department Sales"]
        assert {kind: n for kind, n in seen.items() if not 20 <= n <= 22} == {}
        assert wand.kiosk.counts.changes - before == 7


@pytest.mark.parametrize(
    ("view", "node"),
    [("whole", "ladder"), ("constraint", "alarms"), ("goals", "goal/0"), ("leaks", "loss/0"), ("ladder", "rung/0")],
)
def test_what_a_view_shows(view: str, node: str) -> None:
    with Wand(jammed, view=view) as wand:
        wand.until_open()
        wand.plant.playback.model.study()
        wand.frame()
        assert node in ids(wand.kiosk.tree)
        assert wand.kiosk.view == view


def test_a_view_that_needs_a_part_of_the_log_that_is_not_there_yet_holds_up_no_frame(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with Wand(jammed, wall_text("whole", "timelapse")) as wand:
        model = wand.until_open().plant.presentation.model
        there, asked = model.has_window, [0]
        monkeypatch.setattr(type(model), "has_window", lambda _self, at: at == wand.plant.head.at and there(at))
        monkeypatch.setattr(type(model), "look_ahead", lambda *_: asked.__setitem__(0, asked[0] + 1))
        wand.kiosk.remote.steering.put(Next())
        for _ in range(4):
            assert wand.frame().kiosk._shown.scene.view.kind == "whole"
        assert wand.kiosk._next.waiting
        assert asked[0] >= 4
        monkeypatch.undo()
        until(wand, lambda: wand.kiosk._shown.scene.view.kind == "timelapse")


def test_steering() -> None:
    with Wand(jammed) as wand:
        wand.until_open()
        assert wand.order(Next()).kiosk.view == "constraint"
        assert wand.order(Previous()).kiosk.view == "whole"
        assert wand.order(Pause()).wait(40).kiosk.view == "whole"
        assert wand.order(Pin("ladder")).wait(40).kiosk.view == "ladder"
        assert wand.node("board/title")
        wand.order(Brightness(0.3))
        assert max(wand.surface.get_at((x, 20))[0] for x in range(0, 640, 7)) <= 80
        wand.order(Brightness(1.0), Resume()).wait(11)
        assert wand.kiosk.view == "whole"
        report = wand.kiosk.remote.health.snapshot()
        assert (report.view, report.views, report.paused) == ("whole", VIEWS, False)
        assert report.frames == wand.kiosk.counts.frames
        assert [alarm.stage for alarm in report.alarms if alarm.kind == "jam"] == ["Approval"]


def test_the_camera_comes_near_what_is_worst_and_goes_back_within_the_view() -> None:
    with Wand(jammed, wall_text('kind = "whole"\nseconds = 30', "goals")) as wand:
        wand.until_open()
        wand.order(Next(), Previous())
        cameras = set()
        for _ in range(116):
            wand.frame(0.25)
            scene = wand.kiosk._shown.scene
            assert wand.kiosk.view == "whole"
            cameras.add((scene.stage, round(scene.seen_by.k, 3)))
        assert {stage for stage, _ in cameras} == {"", "Approval"}
        assert max(k for stage, k in cameras if stage) > 1.5 * max(k for stage, k in cameras if not stage)
        assert wand.kiosk._shown.scene.stage == ""


def test_low_motion_tells_no_story() -> None:
    with Wand(jammed, wall_text('kind = "whole"\nseconds = 30', extra="low_motion = true")) as wand:
        wand.until_open()
        for _ in range(60):
            wand.frame(0.5)
            assert wand.kiosk._shown.scene.stage == ""


def test_another_display_is_laid_out_anew_at_once() -> None:
    with Wand(jammed) as wand:
        wand.until_open()
        from factoryview.scene.art.raster import opaque

        for size in ((540, 960), (1280, 720), (400, 225)):
            wand.surface = opaque(size)
            wand.frame()
            assert not wand.blank()
            assert wand.kiosk.tree.rect.size == (size[0] + 6, size[1] + 6)


def test_what_must_be_read_stands_in_the_safe_area_however_the_picture_drifts() -> None:
    extra = "[screen]\nsafe_area_percent = 5\ndrift_px = 6\n"
    with Wand(jammed, extra + wall_text()) as wand:
        wand.until_open()
        for name in ("strip/clock", "strip/wall_clock", "foot/sources"):
            rect = wand.node(name).rect
            assert rect.left >= 6 + 32
            assert rect.right <= 640 + 6 - 32
            assert rect.top >= 6 + 18
            assert rect.bottom <= 360 + 6 - 18


def test_hour_by_hour_with_what_people_said_of_an_hour_and_nothing_said_later(tmp_path: Path) -> None:
    with Wand(jammed, wall_text("hours"), folder=tmp_path) as wand:
        wand.until_open()
        plant, language = wand.plant, wand.plant.language
        hours = goal_hours(plant.presentation.model.counts.goals["Paid"], plant.head.at)
        shown = [node.label for node in wand.kiosk.tree.walk() if node.id.startswith("hour/")]
        assert len(shown) > 3
        assert [words.split()[1] for words in shown] == [f"{hour.actual:.0f}" for hour in hours[-len(shown) :]]
        local = language.moment(hours[-1].since)
        for text, said in (("a machine stood", local), ("not known yet", local + timedelta(days=30))):
            add_reason(plant.notes, HourReason(day=local.date(), hour=local.hour, text=text, said=said))
        wand.order(Reason("Works", local.date(), local.hour, "a machine stood"))
        told = [node.label for node in wand.kiosk.tree.walk() if node.id.startswith("hour/")]
        assert sum("a machine stood" in words for words in told) == 1
        assert not any("not known yet" in words for words in told)


def test_how_goals_go_together_stands_below_them_in_letters_as_large(monkeypatch: pytest.MonkeyPatch) -> None:
    ratio = GoalRatio("Paid", "Paid", 8.66, 52.0, 16.0)
    monkeypatch.setattr("factoryview.wall.boards.goal_ratios", lambda _goals, _at: (ratio,))
    with Wand(jammed, wall_text("goals")) as wand:
        wand.until_open()
        shown = wand.node("ratio")
        assert shown.label.endswith(" = 8.7 : 1 · today 52 : 16")
        assert isinstance(shown.key, LineLook)
        scene = wand.kiosk._shown.scene
        assert scene is not None
        assert shown.key.em == scene.layout.em
        assert shown.rect.top >= wand.node("goal/0").rect.bottom


def test_a_display_of_another_shape_gets_another_floor_and_is_never_blank() -> None:
    played = jammed()
    played.model = copy(played.model)
    played.model.look_back()
    with Wand(lambda: played, wall_text("whole"), size=(640, 360)) as wand:
        wand.until_open()
        lying = wand.plant.presentation.model.topology.plan
        wand.surface = opaque((360, 640))
        assert not wand.frame().blank()
        assert wand.plant.presentation.model.topology.plan is lying
        wand.plant._relaying.settle()
        assert not wand.frame().blank()
        upright = wand.plant.presentation.model.topology.plan
        assert upright.height > upright.width
        assert not wand.wait(3).blank()
        assert {node.id for node in wand.kiosk.tree.walk() if node.role == "machine"} == {
            f"stage/{name}" for name in upright.blocks
        }


def test_a_plant_that_is_exchanged_leaves_nothing(tmp_path: Path) -> None:
    """Its pictures are some twenty megabytes; a wall file is changed again and again."""
    with Wand(jammed, wall_text("whole", "goals", extra='title = "A"\n'), folder=tmp_path) as wand:
        gone = [weakref.ref(each) for each in (wand.until_open().plant, wand.plant.painter, wand.plant.presentation)]
        (tmp_path / "wall.toml").write_text(wall_text("whole", "goals", extra='title = "B"\n'), encoding="utf-8")
        for _ in range(2):
            wand.kiosk._watch.look()
        wand.frame().until_open().wait(12)
        gc.collect()
        assert wand.kiosk.counts.reloads == 1
        assert [each() for each in gone] == [None, None, None]
