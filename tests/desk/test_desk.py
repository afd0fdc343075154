"""A visit at the desk: pointing, choosing, going back, and a panel whose charts move the playhead."""

from __future__ import annotations

import pytest

from factoryview.app.session import PAGES, SPANS
from factoryview.app.settings import Settings
from factoryview.view.databox import stage_box
from factoryview.view.series import StageLog
from tests.kit.desk_pilot import DeskPilot
from tests.kit.plain import visits
from tests.kit.small_plants import piled, simulate, studied

HALL = "stage/Approval/hall"
SIZES = [(1366, 768), (1920, 1080), (768, 1366)]


@pytest.fixture
def pilot() -> DeskPilot:
    model = studied("piled").model
    pilot = DeskPilot(studied("piled"), (1366, 768), paused=True, start=model.worst_moment())
    pilot.wait(0)
    return pilot


def test_pointing_at_a_machine_says_the_data_box_in_its_order(pilot: DeskPilot) -> None:
    assert pilot.tree.find("card") is None
    pilot.hover(HALL)
    rows = [node.id for node in pilot.node("card").children]
    order = ("work", "waiting", "busy", "oldest", "takt", "target", "accurate", "breach")
    assert rows == ["card/title", "card/beside", *(f"card/{name}" for name in order)]
    at, small = pilot.session.playhead.at, piled()
    here = [v for v in visits(simulate(small.line), small.ends) if v.stage == "Approval" and v.present(at)]
    english = pilot.screen.presentation.language
    assert pilot.label("card/title") == "Approval"
    assert pilot.label("card/beside") == f"{len(here)} in progress"
    assert pilot.label("card/oldest") == english.duration(at - min(visit.entered for visit in here))
    assert pilot.label("card/target") == "5 d"
    assert not pilot.node("card").rect.colliderect(pilot.node(HALL).rect)
    assert pilot.session.camera.view.contains(pilot.node("card").rect)
    pilot.hover("floor", (0.001, 0.001))
    assert pilot.tree.find("card") is None


def test_belts_bins_and_depots_answer_too(pilot: DeskPilot) -> None:
    pilot.hover("belt/Offer/Approval/0", (0.04, 0.5))
    crates = pilot.screen.model.state(pilot.session.playhead.at, 1e6).standing
    place = next(i for i, b in enumerate(pilot.screen.model.topology.plan.belts) if b.origin == "Offer")
    assert pilot.label("card/title") == "Offer › Approval"
    waiting = crates.belts[place].standing
    assert pilot.label("card/waiting") == str(waiting)
    assert pilot.label("card/late").endswith(f"of {len(crates.belts[place].id)}")
    pilot.hover("stage/Inquiry/bin")
    assert pilot.label("card/title") == "Inquiry: lost"
    assert "%" in pilot.label("card/reason/0")
    pilot.hover("stage/Paid/hall")
    assert pilot.label("card/ended") == pilot.label("stage/Paid/count")
    pilot.hover("belt/→ web/Inquiry/0", (0.5, 0.04))
    assert pilot.label("card/title") == "Website › Inquiry"


def test_a_click_opens_the_panel_beside_what_was_chosen_and_escape_closes_it(pilot: DeskPilot) -> None:
    home = pilot.session.camera
    seen = pilot.hover("floor", (0.001, 0.001)).seen
    pilot.click(HALL)
    panel, hall = pilot.node("panel").rect, pilot.node(HALL).rect
    assert pilot.label("panel/title") == "Approval"
    assert not panel.colliderect(hall)
    assert pilot.session.camera.view.contains(hall)
    assert pilot.session.camera.k == home.k
    assert pilot.node("chosen").rect.contains(hall)
    assert pilot.tree.find("card") is None, "the panel says it all"
    pilot.press("escape")
    assert pilot.tree.find("panel") is None
    assert pilot.session.camera == home
    assert pilot.hover("floor", (0.001, 0.001)).seen == seen
    assert list(pilot.screen.wishes) == []
    assert list(pilot.press("escape").screen.wishes) == ["quit"]


def test_the_camera_stays_where_somebody_moved_it_after_the_panel_opened(pilot: DeskPilot) -> None:
    pilot.click(HALL).drag("floor", (0.02, 0.5), (0.05, 0.5))
    middle = pilot.session.camera.floor_at((100, 300))
    pilot.click("panel/close")
    assert pilot.session.camera.floor_at((100, 300)) == pytest.approx(middle)


def test_a_double_click_flies_there_and_the_places_are_remembered(pilot: DeskPilot) -> None:
    home = pilot.session.camera
    pilot.double(HALL)
    near, opened = pilot.session.place, pilot.session.been[-1]
    assert opened.selection == near.selection == "stage/Approval"
    assert near.camera.k > 1.3 * home.k
    assert pilot.node(HALL).rect.collidepoint(near.camera.view.center)
    assert pilot.press("alt+left").session.place == opened
    assert pilot.press("alt+left").session.selection == ""
    assert pilot.session.camera == home
    assert pilot.press("alt+left").session.camera == home
    assert pilot.press("alt+right", "alt+right", "alt+right").session.place == near
    pilot.wait(1).click("floor", (0.001, 0.001))
    assert pilot.press("alt+left").session.place == near
    for _ in range(12):
        pilot.run("select", "stage/Offer").run("select", "stage/Qualify")
    assert len(pilot.session.been) == 10


def test_undo_gives_back_the_camera_from_before_the_panel(pilot: DeskPilot) -> None:
    home = pilot.session.camera
    pilot.click(HALL).press("ctrl+z")
    assert (pilot.session.selection, pilot.session.camera) == ("", home)
    assert pilot.press("ctrl+y").session.selection == "stage/Approval"
    assert pilot.session.camera.view.contains(pilot.node(HALL).rect)


@pytest.mark.parametrize("size", SIZES)
def test_every_page_stands_inside_its_panel(size: tuple[int, int]) -> None:
    model = studied("piled").model
    pilot = DeskPilot(studied("piled"), size, paused=True, start=model.worst_moment()).run("select", "stage/Approval")
    assert isinstance(pilot, DeskPilot)
    for page in PAGES:
        for span in SPANS:
            pilot.run("page", page).run("span", span)
            panel = pilot.node("panel")
            assert len(list(panel.walk())) > 15
            for node in panel.walk():
                assert panel.rect.contains(node.rect), node.id


def test_a_press_in_a_chart_moves_the_playhead_there(pilot: DeskPilot) -> None:
    pilot.click(HALL).click("panel/page/history").click("panel/span/week")
    before = pilot.session.playhead.at
    plot = pilot.node("panel/queue/plot")
    assert plot.action is not None
    since, until = plot.action.arguments
    pilot.click("panel/queue/plot", (0.25, 0.5))
    at = pilot.session.playhead.at
    assert at == pytest.approx(since + 0.25 * (until - since), abs=2 * (until - since) / plot.rect.w)
    assert at < before
    assert pilot.label("panel/queue").startswith(f"Queue {pilot.label('stage/Approval/count')}")
    later = pilot.node("panel/queue/plot")
    line = pilot.node("panel/queue/playhead").rect
    since, until = later.action.arguments if later.action else (0, 0)
    assert line.centerx == pytest.approx(later.rect.x + (at - since) / (until - since) * later.rect.w, abs=3)


def test_keys_turn_the_pages_and_change_the_span(pilot: DeskPilot) -> None:
    pilot.press("tab")
    while pilot.session.focus != "stage/Approval":
        pilot.press("tab")
    assert pilot.label("card/title") == "Approval", "what has the focus answers, too"
    pilot.press("return")
    assert pilot.session.selection == "stage/Approval"
    assert pilot.press("p").session.page == "history"
    assert pilot.press("w").session.span == "quarter"
    pilot.press("escape", "escape")
    assert (pilot.session.focus, pilot.session.selection) == ("", "")


def test_the_panel_says_the_numbers_of_the_box(pilot: DeskPilot) -> None:
    pilot.click(HALL)
    model, head = pilot.screen.model, pilot.session.playhead
    state = model.state(head.at, head.shown_pace)
    log = StageLog.fetch(model.factory.store, model.topology, "Approval")
    box, language = stage_box(model.counts, state, "Approval", log, model.studied), pilot.screen.presentation.language
    assert box.work is not None
    assert pilot.label("panel/box/work") == language.duration(box.work)
    assert pilot.label("panel/box/in_progress") == pilot.label("stage/Approval/count")
    english = {node.id: node.label for node in pilot.node("panel").walk() if node.label}
    pilot.press("f2")
    german = {node.id: node.label for node in pilot.node("panel").walk() if node.label}
    assert set(german) == set(english)
    assert german["panel/page/now"] == "Jetzt"


def test_what_is_asked_for_comes_from_a_worker_while_the_picture_goes_on(pilot: DeskPilot) -> None:
    pilot.hover(HALL)
    pilot.desk.logs.renew(pilot.screen.model)
    assert pilot.desk.logs.at_hand() == ()
    assert pilot.desk.logs.get("Approval") is not None, "what was known stays until the new has come"
    pilot.desk.settle()
    assert [log.stage for log in pilot.desk.logs.at_hand() if isinstance(log, StageLog)] == ["Approval"]


def test_why_and_routes_are_told_in_parts_of_a_whole(pilot: DeskPilot) -> None:
    pilot.click(HALL).click("panel/page/routes")
    at, small = pilot.session.playhead.at, piled()
    here = [v for v in visits(simulate(small.line), small.ends) if v.stage == "Approval" and v.present(at)]
    web = sum(visit.channel == "web" for visit in here)
    assert pilot.label("panel/by/head") == f"The {len(here)} that are here came by"
    assert pilot.label("panel/by/0") == f"Website · {web} · {round(100 * web / len(here))}%"
    assert pilot.label("panel/from/0").startswith("Offer · ")
    pilot.run("select", "stage/Inquiry").run("page", "why")
    assert pilot.label("panel/lost/0").startswith("Lost · ")
    assert pilot.tree.find("panel/rhythm/plot")


def test_fingers_pan_pinch_tap_and_tap_twice(pilot: DeskPilot) -> None:
    home, middle = pilot.session.camera, (0.5, 0.5)
    pilot.touch(HALL, [middle])
    assert pilot.session.selection == "stage/Approval", "a tap chooses"
    assert pilot.label("panel/title") == "Approval"
    pilot.touch("panel/page/history", [middle])
    assert pilot.session.page == "history"
    pilot.touch("panel/queue/plot", [(0.2, 0.5)])
    assert pilot.session.playhead.at < pilot.screen.model.worst_moment(), "charts are touched, too"
    pilot.touch("panel/close", [middle])
    assert (pilot.session.selection, pilot.session.camera) == ("", home)
    pilot.touch("floor", [(0.02, 0.5), (0.1, 0.5), (0.2, 0.6)])
    panned = pilot.session.camera
    assert panned.k == home.k
    assert panned.x < home.x
    pilot.touch("floor", [(0.4, 0.5), (0.35, 0.5), (0.1, 0.5)], [(0.6, 0.5), (0.65, 0.5), (0.9, 0.5)])
    assert pilot.session.camera.k > 1.5 * home.k, "two fingers that part bring it nearer"
    pilot.press("0").wait(1)
    at = pilot.pixel(HALL)
    view = pilot.tree.rect
    spot = (at[0] - view.x) / view.w, (at[1] - view.y) / view.h
    pilot.touch("screen", [spot]).touch("screen", [spot])
    assert pilot.session.camera.k > 1.3 * home.k, "two taps are a double click"


def test_large_letters_are_kept_and_everything_finds_room() -> None:
    kept: list[Settings] = []
    model = studied("piled").model
    pilot = DeskPilot(studied("piled"), (1366, 768), paused=True, start=model.worst_moment(), keep=kept.append)
    small = pilot.screen.composition.u
    pilot.press("f3")
    assert pilot.screen.composition.u == pytest.approx(1.25 * small)
    assert kept[-1].large_text is True
    pilot.hover(HALL)
    assert pilot.session.camera.view.contains(pilot.node("card").rect)
    pilot.click(HALL)
    for page in PAGES:
        pilot.run("page", page)
        panel = pilot.node("panel").rect
        assert all(panel.contains(node.rect) for node in pilot.node("panel").walk()), page
    assert pilot.press("escape", "f3").screen.composition.u == small
    assert pilot.press("ctrl+z").session.large_text
