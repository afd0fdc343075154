"""One registry: keys, palette, help and README say the same, and every change goes through it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from factoryview.app.commands import COMMANDS, listed, offered
from factoryview.app.dialogs import key_rows, keys_of
from factoryview.language import CODES, Language
from factoryview.view.presentation import Presentation
from tests.kit.pilot import Pilot

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def test_the_readme_lists_every_key_as_the_program_does() -> None:
    section = README.split("### Keys", 1)[1].split("###", 1)[0]
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", section, re.M)
    english = Language("en")
    assert rows == [(keys_of(command, english), command.title(english)) for command in listed()]


@pytest.mark.parametrize("code", CODES)
def test_every_command_has_a_title_and_keys_that_can_be_read(code: str) -> None:
    language = Language(code)
    titles = [row.words for row in key_rows(language)]
    assert len(titles) == len(set(titles)) > 20
    for row in key_rows(language):
        assert row.key, row.name
        assert "_" not in row.key


def test_two_commands_share_a_key_only_if_one_may_be_off(presentation: Presentation) -> None:
    session = Pilot(presentation).session
    for command in listed():
        others = [other for other in listed() if other is not command and set(other.keys) & set(command.keys)]
        for other in others:
            assert not (command.enabled(session) and other.enabled(session)), (command.name, other.name)


def test_commands_change_the_session_and_the_tree_shows_it(presentation: Presentation) -> None:
    """A whole visit without a pixel."""
    pilot = Pilot(presentation, paused=True)
    first, last = presentation.model.first, presentation.model.last
    assert pilot.run("seek", 0.5).session.playhead.at == first + round(0.5 * (last - first))
    middle = {node.id: node.label for node in pilot.tree.walk() if node.id.endswith("/count")}
    assert len(middle) == len(presentation.facts.floor.plan.blocks)
    pilot.run("last")
    assert {node.id: node.label for node in pilot.tree.walk() if node.id.endswith("/count")} != middle
    assert pilot.run("back").session.playhead.at == last - pilot.session.step
    assert pilot.run("play").session.playhead.playing
    assert "year" not in pilot.label("timeline/speed")
    assert pilot.run("select", "stage/Offer").session.selection == "stage/Offer"
    wide = pilot.node("stage/Offer").rect
    near = pilot.run("zoom", 6, wide.center).node("stage/Offer").rect
    assert near.w > 1.5 * wide.w
    assert near.collidepoint(wide.center)
    assert pilot.run("whole").node("stage/Offer").rect == wide
    assert pilot.run("help").node("help").role == "dialog"
    assert pilot.run("close").tree.find("help") is None


def test_undo_and_redo_give_views_back_and_leave_time_alone(presentation: Presentation) -> None:
    pilot = Pilot(presentation, paused=True)
    home = pilot.session.home
    pilot.press("t").wheel(2, "stage/Offer/hall").wheel(1, "stage/Offer/hall")
    pilot.drag("floor", (0.5, 0.5), (0.52, 0.5)).click("stage/Offer/hall")
    after = pilot.session
    pilot.run("seek", 0.7)
    at = pilot.session.playhead.at
    assert pilot.press("ctrl+z").session.selection == ""
    assert pilot.session.camera == after.camera
    assert pilot.press("ctrl+z").session.camera == home, "zooming and moving without a pause is one step"
    assert pilot.session.theme == "day"
    assert pilot.press("ctrl+z").session.theme == "night"
    assert pilot.press("ctrl+z").session.theme == "night"
    pilot.press("ctrl+y", "ctrl+y", "ctrl+shift+z")
    assert (pilot.session.theme, pilot.session.camera, pilot.session.selection) == (
        "day", after.camera, "stage/Offer"
    )  # fmt: skip
    assert pilot.session.playhead.at == at
    pilot.press("ctrl+z").press("t")
    assert pilot.press("ctrl+y").session.selection == "", "what is done anew leaves nothing to redo"


def test_steps_that_can_be_taken_back_are_bounded(presentation: Presentation) -> None:
    pilot = Pilot(presentation, paused=True)
    for _ in range(300):
        pilot.screen.run(pilot.node("stage/Offer").action, pilot.tree)  # type: ignore[arg-type]
        pilot.screen.run(pilot.node("stage/Decision").action, pilot.tree)  # type: ignore[arg-type]
    assert len(pilot.screen.past) == 200


def test_the_palette_finds_and_does_what_is_typed(presentation: Presentation) -> None:
    pilot = Pilot(presentation, paused=True).press("/")
    offered_now = {command.name for command in offered(pilot.session)}
    assert offered_now == {command.name for command in listed()} - {"now", "save_scenarios", "film_off", "beside"}, (
        "as in a replay"
    )
    pilot.type("night")
    assert [node.label for node in pilot.node("palette").children if node.role == "button"] == [
        "night, day or high contrast"
    ]
    assert pilot.label("palette/entry") == "night"
    assert pilot.press("return").session.theme == "day"
    assert pilot.session.dialog == ""
    assert "nothing" in pilot.press("ctrl+k").type("zzz").label("palette/none")
    pilot.press("return")
    assert (pilot.session.dialog, pilot.session.theme) == ("", "day")


def test_the_palette_is_walked_with_arrows_and_pressed_with_the_mouse(presentation: Presentation) -> None:
    pilot = Pilot(presentation, paused=True).press("/").type("see")
    assert pilot.press("backspace", "backspace", "backspace").label("palette/entry") == ""
    names = [command.name for command in offered(pilot.session)]
    pilot.press("down", "down", "up", "up", "up")
    assert pilot.node(f"palette/{names[-1]}").key.chosen  # type: ignore[union-attr]
    pilot.wheel(3, "palette").click("palette/quit")
    assert list(pilot.screen.wishes) == ["quit"]
    assert pilot.session.camera == pilot.session.home


def test_a_dialog_takes_all_keys_and_goes_with_escape_or_a_press_beside_it(presentation: Presentation) -> None:
    pilot = Pilot(presentation, paused=True).press("/").type("q t")
    assert pilot.session.typed == "q t"
    assert not pilot.screen.wishes
    pilot.press("escape")
    assert (pilot.session.dialog, list(pilot.screen.wishes)) == ("", [])
    pilot.press("?").click("help/beside", (0.01, 0.01))
    assert pilot.session.dialog == ""
    assert pilot.press("f1").click("help").session.dialog == "help"


def test_the_signs_of_the_picture_are_explained_inside_their_box(presentation: Presentation) -> None:
    pilot = Pilot(presentation, (1280, 720), paused=True)
    box = pilot.press("i").node("legend")
    rows = [node for node in box.children if node.role == "item"]
    assert [row.label for row in rows] == [meaning for _, meaning in presentation.facts.legend]
    assert len(rows) > 8
    assert all(box.rect.contains(row.rect) for row in rows)
    assert pilot.press("escape").tree.find("legend") is None


@pytest.mark.parametrize("code", CODES)
def test_help_names_every_key_and_shows_it_inside_its_box(presentation: Presentation, code: str) -> None:
    pilot = Pilot(presentation, (1280, 720), paused=True)
    if code == "de":
        pilot.press("f2")
    box = pilot.press("?").node("help")
    rows = [node for node in box.children if node.role == "item"]
    assert [row.label for row in rows] == [row.words for row in key_rows(Language(code))]
    assert all(box.rect.contains(row.rect) for row in rows)
    assert not any(a.rect.colliderect(b.rect) for k, a in enumerate(rows) for b in rows[:k])


def test_everything_that_can_be_pressed_is_reached_by_tab(presentation: Presentation) -> None:
    pilot = Pilot(presentation, paused=True)
    reached = []
    for _ in range(40):
        reached.append(pilot.press("tab").session.focus)
        assert pilot.node("focus").rect.contains(pilot.node(reached[-1]).rect)
        if reached[-1] == reached[0] and len(reached) > 1:
            break
    machines = {node.id for node in pilot.tree.walk() if node.role == "machine"}
    headlines = {node.id for node in pilot.tree.walk() if node.id.startswith("banner/") and node.action}
    assert set(reached) == {"timeline/play", *machines, *headlines}
    assert len(reached) - 1 == len(set(reached))
    while pilot.session.focus != "timeline/play":
        pilot.press("shift+tab")
    assert pilot.press("return").session.playhead.playing
    assert pilot.press("escape").session.focus == ""
    assert pilot.tree.find("focus") is None
    assert not pilot.screen.wishes


def test_every_command_is_known_by_its_name() -> None:
    assert all(name == command.name for name, command in COMMANDS.items())
    assert len(COMMANDS) > 30
