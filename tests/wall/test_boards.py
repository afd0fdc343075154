"""Boards, headlines and alarms on upright screens, and the view of one department."""

from __future__ import annotations

import pygame
import pytest

from factoryview.flow.ratios import GoalRatio
from factoryview.plant.models import Department, Plant, Stage, Target
from factoryview.scene.art.art import Art
from factoryview.scene.art.raster import opaque
from factoryview.scene.chrome.large import GoalBar, GoalLine, Headline, goal_columns
from factoryview.scene.picture import GoalRow, GoalScale
from factoryview.scene.text import recording
from factoryview.scene.themes import NIGHT
from factoryview.scene.ui.look import Canvas
from factoryview.wall.boards import departments_of
from tests.kit.small_plants import studied
from tests.wall.kit import Played, Wand, wall_text


def upright(*views: str, metres: int = 8) -> Wand:
    """On a tall screen that is read from so far."""
    text = wall_text(*views).replace("[[plant]]", f"[screen]\ninches = 55\ndistance_m = {metres}\n[[plant]]", 1)
    return Wand(lambda: Played(studied("piled")), text, size=(1080, 1920))


def test_on_an_upright_screen_headline_alarm_and_title_say_in_two_lines_what_they_say_in_one() -> None:
    with upright("constraint") as wand:
        wand.until_open()
        headline = wand.node("strip/headline/0")
        assert isinstance(headline.key, Headline)
        with recording() as page:
            headline.key.paint(Canvas(wand.surface, wand.surface, wand.kiosk._shown.scene.art), headline.rect)
        rows = {line.ink.centery // headline.key.em for line in page.written}
        assert len(rows) == 2
        assert [line.text for line in page.written][-1] == headline.key.banner.action
        assert wand.says("alarm/0/life") in wand.says("alarm/0")
        assert wand.node("alarm/0/life").rect.top >= wand.node("alarm/0").rect.bottom
    with upright("ladder", metres=11) as wand:
        wand.until_open()
        assert wand.says("board/title").startswith("Lead time")
        assert wand.node("board/beside").rect.top == wand.node("board/title").rect.bottom
        assert wand.node("rung/0").rect.top >= wand.node("board/beside").rect.bottom


def test_in_a_row_for_two_lines_the_takt_stands_below_its_bar() -> None:
    scale = GoalScale(actual=3, plan=6, target=8, low=4, high=6)
    row = GoalRow("Orders", "3", "plan 6", "−3", False, "", "takt 1.1 h · now 3.2 h", scale)
    surface, art = opaque((600, 200)), Art(NIGHT)
    for rect in (pygame.Rect(4, 4, 590, 130), pygame.Rect(4, 4, 590, 64)):
        with recording() as page:
            GoalBar(row, scale, 300, 50, 40).paint(Canvas(surface, surface, art), rect)
        assert [line.text for line in page.written] == [row.takt]
        assert (page.written[0].ink.top > rect.centery) == (rect.h > 2 * 50)


def test_how_goals_go_together_finds_room_in_two_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    ratio = GoalRatio("Paid", "Paid", 6.5, 52.0, 16.0)
    monkeypatch.setattr("factoryview.wall.boards.goal_ratios", lambda _goals, _at: (ratio,))
    with upright("goals") as wand:
        wand.until_open()
        shown = wand.node("ratio")
        with recording() as page:
            shown.key.paint(Canvas(wand.surface, wand.surface, wand.kiosk._shown.scene.art), shown.rect)
        assert " ".join(line.text for line in page.written) == shown.label
        assert len(page.written) == 2


def test_rungs_that_find_no_room_are_counted() -> None:
    with upright("ladder", metres=11) as wand:
        ladder = wand.until_open().kiosk._shown.scene.moment.ladder
        shown = sum(node.id.startswith("rung/") for node in wand.kiosk.tree.walk())
        beside = wand.says("board/beside")
        assert (f"+{len(ladder.rungs) - shown} shorter" in beside) == (shown < len(ladder.rungs))
        assert shown


def test_beside_a_department_all_is_covered() -> None:
    department = 'kind = "department"\ndepartment = "Sales"'
    with Wand(lambda: Played(studied("piled")), wall_text(department)) as wand:
        shades = wand.until_open().node("beside")
        presentation = wand.plant.presentation
        names = [one.name for one in presentation.model.factory.plant.departments]
        seen = wand.kiosk._shown.scene.seen_by
        for zone in presentation.facts.floor.plan.zones:
            covered = names[zone.department] != "Sales"
            for rect in zone.rects:
                middle = seen.rect(rect).clip(seen.view)
                if middle.w:
                    assert any(shade.rect.collidepoint(middle.center) for shade in shades.children) == covered


def test_a_goal_is_its_departments_where_there_are_several() -> None:
    sales, delivery = (Department(name=name, label={"de": de}) for name, de in (("S", "Vertrieb"), ("D", "Leistung")))
    stages = Stage(name="Offer", department="S"), Stage(name="Order", department="D"), Stage(name="Loose")
    targets = tuple(Target(of=name, per_day=1.0) for name in ("Offer", "Order", "Loose", "Paid"))
    plant = Plant(name="W", departments=(sales, delivery), stages=stages, targets=targets)
    assert departments_of(plant, "de") == {"Offer": "Vertrieb", "Order": "Leistung", "Loose": "", "Paid": ""}
    alone = plant.model_copy(update={"departments": (sales,), "stages": stages[:1]})
    assert departments_of(alone, "de") == {}


def test_the_department_stands_beside_its_goal_where_there_is_room() -> None:
    row = GoalRow("Orders", "3", "plan 6", "−3", False, "today 4–6")
    surface, art = opaque((1600, 120)), Art(NIGHT)
    for wide, told in ((1500, True), (600, False)):
        with recording() as page:
            line = GoalLine(row, goal_columns([row], 50), 50, whose="Sales")
            line.paint(Canvas(surface, surface, art), pygame.Rect(0, 0, wide, 70))
        assert ("Sales" in [line.text for line in page.written]) == told
        assert "Orders" in [line.text for line in page.written]
