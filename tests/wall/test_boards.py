"""Boards, headlines and alarms on upright screens, and the view of one department."""

from __future__ import annotations

from dataclasses import replace

import pygame
import pytest

from factoryview.flow.ratios import GoalRatio
from factoryview.language import Code, Language
from factoryview.plant.models import Department, Plant, Stage, Target
from factoryview.plant.wall_file import WallScreen
from factoryview.scene.art.art import Art
from factoryview.scene.art.raster import opaque
from factoryview.scene.chrome.boards import named_in, told_in
from factoryview.scene.chrome.large import (
    CalmNotice,
    GoalBar,
    GoalLine,
    Headline,
    LossLine,
    Veil,
    goal_columns,
    loss_width,
)
from factoryview.scene.picture import Banner, BoardPicture, GoalRow, GoalScale, LossRow
from factoryview.scene.text import recording
from factoryview.scene.themes import NIGHT
from factoryview.scene.ui.compositor import Compositor
from factoryview.scene.ui.look import Canvas
from factoryview.scene.ui.node import Node
from factoryview.wall.alarms import AlarmLine, alarm_nodes
from factoryview.wall.boards import BOARDS, Board, departments_of, empty_boards
from factoryview.wall.layout import least_em, wall_layout
from factoryview.wall.strip import Strip, strip_node
from factoryview.wall.views import Scene
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
        said = wand.says("board/title") + wand.says("board/beside")
        assert (f"+{len(ladder.rungs) - shown}" in said) == (shown < len(ladder.rungs))
        assert shown


@pytest.mark.parametrize("code", ["en", "de"])
@pytest.mark.parametrize("metres", [9, 10])
def test_how_many_rungs_are_hidden_stands_where_no_word_is_cut_for_it(code: Code, metres: int) -> None:
    text = wall_text("ladder").replace("[[plant]]", f"[screen]\ninches = 55\ndistance_m = {metres}\n[[plant]]", 1)
    with Wand(lambda: Played(studied("piled", code)), text, size=(1080, 1920)) as wand:
        wand.until_open()
        heads = [node for name in ("board/title", "board/beside") if (node := wand.node(name)) is not None]
        assert any("+1" in node.label for node in heads)
        with recording() as page:
            for node in heads:
                node.key.paint(Canvas(wand.surface, wand.surface, wand.kiosk._shown.scene.art), node.rect)
        said = [part for node in heads for part in node.label.split(" · ")]
        assert sorted(line.text for line in page.written) == sorted(said)


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("190 lie at Qualify, nobody works", "190 lie at Qualify, nobody works"),
        ("189 of 190 lie at Qualification, nobody works on them", "189 of 190 lie at Qualification"),
        ("Something very long that nobody has shortened before it came here", "Something very long that nobody has …"),
    ],
)
def test_a_headline_for_which_there_is_no_room_ends_at_its_comma(title: str, said: str) -> None:
    surface = opaque((1000, 240))
    with recording() as page:
        Headline(Banner("slow", title), 100, 2).paint(Canvas(surface, surface, Art(NIGHT)), surface.get_rect())
    assert " ".join(line.text for line in page.written) == said
    assert bool(page.left_out) == said.endswith("…")


def test_on_an_upright_screen_what_an_alarm_is_of_stands_below_a_long_name() -> None:
    layout = wall_layout((1080, 1920), WallScreen(inches=55, distance_m=8), 8)
    text = "lies since 12 Sept. · not answered"
    for name, first in (("Offer", "lies since 12 Sept."), ("Qualification anew", "")):
        line = AlarmLine("offer", name, text, "slow")
        nodes = alarm_nodes((line,), layout.floor(ladder=False, below=300), layout, Language("en", "UTC"))
        above, below = nodes.children
        assert [phrase.text for phrase in above.key.left] == [name, *filter(None, [first])]
        assert below.key.left[0].text == ("not answered" if first else "lies since 12 Sept.")


@pytest.mark.parametrize("lasts", ["", "bottleneck since 1 Jan"])
def test_below_a_warning_that_is_no_alarm_stands_since_when(lasts: str) -> None:
    layout = wall_layout((1920, 1080), WallScreen(inches=55, distance_m=8), 8)
    english = Language("en", "UTC")
    node = alarm_nodes((), layout.floor(ladder=False, below=300), layout, english, lasts)
    assert [child.label for child in node.children] == [lasts or english.text("alarm.none")]


def test_a_board_of_which_half_would_be_seen_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    department = 'kind = "department"\ndepartment = "Sales"'
    with Wand(lambda: Played(studied("piled")), wall_text(department), size=(960, 540)) as wand:
        wand.until_open()
        scene, plan = wand.kiosk._shown.scene, wand.plant.presentation.facts.floor.plan
        assert wand.node("board/0") is not None
        assert scene.seen_by.view.contains(wand.node("board/0").rect)
        cut = replace(
            scene.seen_by, x=plan.boards[0].x + plan.boards[0].w / 3 + scene.seen_by.view.w / scene.seen_by.k / 2
        )
        assert cut.rect(plan.boards[0]).clip(cut.view).w > 50
        monkeypatch.setattr(Scene, "camera", lambda *_: cut)
        wand.frame()
        assert wand.kiosk._shown.scene.seen_by is cut
        assert wand.node("board/0") is None


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


def test_the_headline_is_read_by_all_who_look_at_the_wall_also_in_a_view_for_those_who_are_near() -> None:
    near = 'kind = "whole"\ndistance_m = 4'
    text = wall_text(near).replace("[[plant]]", "[screen]\ninches = 55\ndistance_m = 8\n[[plant]]", 1)
    with Wand(lambda: Played(studied("piled")), text, size=(1920, 1080)) as wand:
        headline, clock = wand.until_open().node("strip/headline/0").key, wand.node("strip/clock").key
        screen = WallScreen(inches=55, distance_m=8)
        assert headline.em >= least_em((1920, 1080), screen, 8) > clock.em >= least_em((1920, 1080), screen, 4)


def test_few_rows_are_set_wide_apart_and_a_share_that_is_lost_stands_to_scale() -> None:
    with Wand(lambda: Played(studied("piled")), wall_text("leaks"), size=(1280, 720)) as wand:
        rows = [node for node in wand.until_open().kiosk.tree.walk() if node.id.startswith("loss/")]
        body = wand.kiosk._shown.scene.layout.body
        assert rows
        assert rows[-1].rect.bottom - rows[0].rect.top > 0.4 * body.h
        assert rows[-1].rect.bottom <= body.bottom
        assert rows[0].key.row.part == pytest.approx(int(rows[0].key.row.share.split()[0]) / 100, abs=0.005)
    surface, art = opaque((400, 100)), Art(NIGHT)
    LossLine(LossRow("Offer", "25 %", part=0.25), 50).paint(Canvas(surface, surface, art), pygame.Rect(0, 0, 400, 100))
    line = [tuple(surface.get_at((x, 98)))[:3] for x in range(400)]
    assert line.count(art.theme.loss_text) == 100
    assert line.count(art.theme.rung) == 300


@pytest.mark.parametrize(("width", "stacked"), [(1100, False), (560, True)])
def test_where_a_loss_has_two_lines_its_name_has_the_first_for_itself(width: int, stacked: bool) -> None:
    row, em = LossRow("Qualification", "68 of 100 lost", "competitor", 0.68), 50
    assert loss_width(row, em, stacked=False) > 560
    assert loss_width(row, em, stacked=stacked) <= width
    surface, art = opaque((width, 140 if stacked else 70)), Art(NIGHT)
    with recording() as page:
        LossLine(row, em).paint(Canvas(surface, surface, art), surface.get_rect())
    assert {line.text for line in page.written} == {row.label, row.share, row.reason}
    assert not page.left_out
    ink = {line.text: line.ink for line in page.written}
    assert (ink[row.share].top > ink[row.label].bottom) == stacked
    assert not ink[row.reason].colliderect(ink[row.share])


@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920), (3840, 2160)])
@pytest.mark.parametrize("metres", [4.0, 8.0])
def test_no_letter_of_the_strip_is_cut(size: tuple[int, int], metres: float) -> None:
    layout = wall_layout(size, WallScreen(inches=55, distance_m=8), metres)
    strip = Strip((), "Änderung (gj) 14:45", "Aufzeichnung", False, "Überlandjagd", "14:45", "jetzt 14:45 Àj")
    root = Node("screen", layout.whole, children=(Node("ground", layout.whole, Veil()), strip_node(strip, layout, 0.0)))
    with recording() as page:
        Compositor().paint(opaque(layout.whole.size), root, Art(NIGHT))
    assert len(page.written) >= 3
    for line in page.written:
        assert line.clip.contains(line.ink), f"{line.text} is cut"


def test_names_too_long_to_stand_beside_their_bars_stand_above_them() -> None:
    with Wand(lambda: Played(studied("piled")), wall_text("ladder"), size=(1280, 720)) as wand:
        scene = wand.until_open().kiosk._shown.scene
        ladder, presentation, board = scene.moment.ladder, wand.plant.presentation, Board(scene.layout)
        for words, above in (("", False), (" of everything that was asked for by anybody in this town", True)):
            rungs = tuple(replace(rung, label=rung.label + words) for rung in ladder.rungs)
            moment = replace(scene.moment, ladder=replace(ladder, rungs=rungs))
            shown = [node for node in BOARDS["ladder"](board, moment, presentation) if node.id.startswith("rung/")]
            assert shown
            assert {node.rect.h > 2 * node.key.em for node in shown} == {above}


def test_a_board_without_rows_says_so_in_the_middle_and_gets_no_turn() -> None:
    with Wand(lambda: Played(studied("piled")), wall_text("whole", "goals", "leaks", "ladder")) as wand:
        scene = wand.until_open().kiosk._shown.scene
        moment, presentation = scene.moment, wand.plant.presentation
        assert empty_boards(moment, presentation) == frozenset()
        bare = replace(moment, floor=replace(moment.floor, boards=()), ladder=None)
        assert empty_boards(bare, presentation) == {"leaks", "ladder"}
        (notice,) = BOARDS["leaks"](Board(scene.layout), bare, presentation)
        assert isinstance(notice.key, CalmNotice)
        assert notice.rect.center == scene.layout.body.center
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("factoryview.wall.kiosk.empty_boards", lambda *_: frozenset({"goals", "leaks"}))
            seen = {wand.frame(0.5).kiosk.view for _ in range(60)}
        assert seen == {"whole", "ladder"}


def test_a_board_on_the_floor_is_written_as_large_as_it_must_be_where_what_it_says_finds_room_then() -> None:
    losses = BoardPicture("LOST", (LossRow("Offer", "25 %", part=0.25),))
    assert told_in(400, losses, 1.0)
    assert not told_in(200, losses, 1.0)
    assert named_in(400, losses, 1.0)
    assert not named_in(140, losses, 1.0)


@pytest.mark.parametrize(
    ("metres", "size", "beside"),
    [(4, (1920, 1080), True), (4, (3840, 2160), True), (8, (1920, 1080), False), (4, (1080, 1920), False)],
)
def test_name_and_clock_stand_left_of_a_headline_of_two_rows_where_there_is_room(
    metres: float, size: tuple[int, int], *, beside: bool
) -> None:
    layout = wall_layout(size, WallScreen(inches=55, distance_m=metres), metres)
    banner = Banner("alarm", "187 waiting for Approval, 131 too long", "loses 39,000 €", action="fill 1 vacant post")
    strip = Strip((banner,), "Tue 15 Jul 2025 · 12:20", "Replay", False, "Works", "09:00", "")
    node = strip_node(strip, layout, 0.0)
    headline, clock = node.find("strip/headline/0"), node.find("strip/clock")
    assert headline is not None
    assert clock is not None
    assert (clock.rect.right <= headline.rect.left) == beside == layout.beside
    surface = opaque(layout.whole.size)
    with recording() as page:
        Compositor().paint(surface, node, Art(NIGHT))
    said = " ".join(line.text for line in page.written)
    for words in ("187 waiting for Approval", "fill 1 vacant post", strip.clock, strip.age):
        assert words in said
    assert ("Works" in said) == (not layout.upright)
    for line in page.written:
        assert line.size >= layout.least
        assert layout.strip.inflate(2, 2).contains(line.ink), line.text
