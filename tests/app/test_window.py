"""What keys, mouse and fingers do to a plant that plays."""

from __future__ import annotations

from pathlib import Path

import pygame
import pytest

from factoryview.app.settings import Settings
from factoryview.export.frames import Frames
from factoryview.scene.themes import CONTRAST, DAY, NIGHT
from factoryview.view.presentation import Presentation
from tests.kit.pilot import FRAME, Pilot, Spot

TRACK = "timeline/track"


def share(pilot: Pilot) -> float:
    """How far into the log the playhead is."""
    head = pilot.session.playhead
    return (head.at - head.first) / (head.last - head.first)


def under(pilot: Pilot, spot: Spot) -> tuple[float, float]:
    """The floor point at a spot of the floor's node."""
    return pilot.session.camera.floor_at(pilot.pixel("floor", spot))


def test_it_plays_at_once_at_its_pace(pilot: Pilot) -> None:
    pilot.wait(2)
    head = pilot.session.playhead
    assert head.playing
    assert head.at - head.first == pytest.approx(2 * head.pace, rel=1e-6)


def test_space_pauses_and_plays_on(pilot: Pilot) -> None:
    pilot.wait(1).press("space")
    at, seen = pilot.session.playhead.at, pilot.seen
    pilot.wait(1)
    assert (pilot.session.playhead.at, pilot.seen) == (at, seen)
    pilot.press("space").wait(1)
    assert pilot.session.playhead.at > at
    assert pilot.seen != seen


def test_a_click_on_the_play_sign_is_the_space_bar(pilot: Pilot) -> None:
    assert not pilot.click("timeline/play").session.playhead.playing
    assert pilot.click("timeline/play").session.playhead.playing


def test_plus_and_minus_change_the_speed_and_undo_each_other(pilot: Pilot) -> None:
    usual = pilot.session.playhead.pace
    assert pilot.press("+").session.playhead.pace == pytest.approx(1.5 * usual)
    assert pilot.press("-").session.playhead.pace == pytest.approx(usual)
    at = pilot.press("=").session.playhead.at
    assert pilot.wait(1).session.playhead.at - at == pytest.approx(1.5 * usual, rel=1e-6)


def test_home_and_end_and_the_arrows(pilot: Pilot) -> None:
    head, step = pilot.session.playhead, pilot.session.step
    pilot.press("space", "end")
    assert pilot.session.playhead.at == head.last
    assert pilot.press("left", "left").session.playhead.at == head.last - 2 * step
    assert pilot.press("right").session.playhead.at == head.last - step
    assert pilot.press("home").session.playhead.at == head.first
    assert pilot.press("left").session.playhead.at == head.first


def test_it_stops_at_the_end_and_begins_anew(presentation: Presentation) -> None:
    last = presentation.model.last
    pilot = Pilot(presentation, seconds_per_day=0.01, start=last - 1)
    pilot.wait(0.1)
    head = pilot.session.playhead
    assert (head.at, head.playing) == (last, False)
    assert pilot.press("space").session.playhead.at == head.first
    looping = Pilot(presentation, seconds_per_day=0.01, start=last - 1, loop=True).wait(FRAME).session.playhead
    assert (looping.at, looping.playing) == (head.first, True)


def test_a_click_on_the_timeline_goes_there(pilot: Pilot) -> None:
    pilot.press("space")
    for part in (0.25, 0.75, 0.5):
        pilot.click(TRACK, (part, 0.5))
        assert share(pilot) == pytest.approx(part, abs=1 / pilot.node(TRACK).rect.w)
    pilot.click("timeline/end")
    assert share(pilot) == 1


def test_dragging_along_the_timeline_follows_and_stays_inside(pilot: Pilot) -> None:
    pilot.press("space")
    pilot.drag(TRACK, (0.2, 0.5), (0.4, 0.5), (0.6, 0.5))
    assert share(pilot) == pytest.approx(0.6, abs=0.01)
    pilot.drag(TRACK, (0.6, 0.5), (7.0, -9.0))
    assert share(pilot) == 1
    camera = pilot.session.camera
    pilot.hover(TRACK, (0.9, 0.5), (0.1, 0.5))
    assert share(pilot) == 1
    assert pilot.session.camera == camera


@pytest.mark.parametrize("spot", [(0.5, 0.5), (0.1, 0.2), (0.93, 0.8)])
def test_the_wheel_zooms_to_the_pointer(pilot: Pilot, spot: Spot) -> None:
    before, tile = under(pilot, spot), pilot.session.camera.k
    for turns in (1, 3, 2, -1, -4, 9, -30, 60):
        pilot.wheel(turns, "floor", spot)
        assert under(pilot, spot) == pytest.approx(before, abs=1e-6)
    assert pilot.session.camera.k > tile
    assert pilot.press("0").session.camera == pilot.session.home


def test_the_wheel_beside_the_floor_does_nothing(pilot: Pilot) -> None:
    assert pilot.wheel(3, "header").session.camera == pilot.session.home


def test_dragging_the_floor_moves_it_with_the_hand(pilot: Pilot) -> None:
    start, on, to = (0.5, 0.5), (0.55, 0.6), (0.7, 0.3)
    before, playing = under(pilot, start), pilot.session.playhead
    pilot.drag("floor", start, on, to)
    assert under(pilot, to) == pytest.approx(before, abs=1e-6)
    assert pilot.session.playhead == playing
    still = pilot.session.camera
    pilot.hover("floor", to, start)
    assert pilot.session.camera == still


def test_a_machine_is_chosen_by_a_click_and_dragged_with_the_floor(pilot: Pilot) -> None:
    pilot.click("stage/Offer/hall")
    assert pilot.session.selection == "stage/Offer"
    camera = pilot.session.camera
    pilot.drag("stage/Decision/hall", (0.5, 0.5), (3.0, 0.5))
    assert pilot.session.selection == "stage/Offer"
    assert pilot.session.camera != camera
    pilot.click("floor", (0.001, 0.001))
    assert pilot.session.selection == ""


def test_a_hand_that_shakes_still_clicks(pilot: Pilot) -> None:
    rect = pilot.node("stage/Offer/hall").rect
    pilot.drag("stage/Offer/hall", (0.5, 0.5), (0.5 + 2 / rect.w, 0.5))
    assert pilot.session.selection == "stage/Offer"
    assert pilot.session.camera == pilot.session.home


def test_dragging_the_header_moves_nothing(pilot: Pilot) -> None:
    camera = pilot.session.camera
    pilot.drag("header", (0.01, 0.05), (0.3, 3.0))
    assert pilot.session.camera == camera


def test_fingers_tap_drag_and_pinch(pilot: Pilot) -> None:
    pilot.touch("stage/Offer/hall", [(0.5, 0.5)])
    assert pilot.session.selection == "stage/Offer"
    before = under(pilot, (0.4, 0.5))
    pilot.touch("floor", [(0.4, 0.5), (0.5, 0.6), (0.6, 0.4)])
    assert under(pilot, (0.6, 0.4)) == pytest.approx(before, abs=1e-6)
    assert pilot.press("0").session.camera == pilot.session.home
    middle = under(pilot, (0.5, 0.5))
    pilot.touch("floor", [(0.45, 0.5), (0.3, 0.5)], [(0.55, 0.5), (0.7, 0.5)])
    assert pilot.session.camera.k > 2 * pilot.session.home.k
    assert under(pilot, (0.5, 0.5)) == pytest.approx(middle, abs=2)
    pilot.touch(TRACK, [(0.3, 0.5), (0.75, 0.5)])
    assert share(pilot) == pytest.approx(0.75, abs=0.01)


def test_t_changes_the_theme_and_back(pilot: Pilot) -> None:
    pilot.press("space")
    night = pilot.seen
    for theme in (DAY, CONTRAST):
        assert pilot.press("t").screen.art.theme is theme
        assert pilot.seen != night
    assert pilot.press("t").screen.art.theme is NIGHT
    assert pilot.seen == night


def test_the_title_and_the_themes_options_are_kept(presentation: Presentation) -> None:
    named, plain = (Pilot(presentation, paused=True, title=title) for title in ("Our office", None))
    assert named.press("t").label("title").startswith("Our office")
    assert named.seen != plain.press("t").seen


def test_another_language_while_it_runs(pilot: Pilot) -> None:
    pilot.press("space")
    english, seen = pilot.label("banner/0"), pilot.seen
    assert pilot.press("f2").label("banner/0") != english
    assert pilot.session.language == "de"
    assert pilot.press("f2").label("banner/0") == english
    assert pilot.seen == seen


def test_another_size_shows_the_whole_floor_again(pilot: Pilot, presentation: Presentation) -> None:
    pilot.press("space").wheel(5)
    pilot.resize((1200, 500))
    assert pilot.session.camera == pilot.session.home
    resized = pilot.seen
    at = pilot.session.playhead.at
    assert resized == Pilot(presentation, (1200, 500), paused=True, start=at).seen
    assert len(resized) == 1200 * 500 * 3


SIZES = [(1, 1), (1, 400), (400, 1), (12, 10), (640, 10), (10, 640), (90, 120), (300, 2_000), (2_000, 300)]


@pytest.mark.parametrize("size", SIZES)
def test_a_window_of_any_size_goes_on(presentation: Presentation, size: tuple[int, int]) -> None:
    pilot = Pilot(presentation).resize(size).wait(0.1)
    for keys in (("?", "escape"), ("/", "a", "escape"), ("t", "f2", "tab", "pageup", "0", "escape")):
        pilot.press(*keys)
    assert pilot.resize((960, 540)).wait(0.1).tree.find("stage/Offer")


def test_escape_q_and_quitting_end_it(presentation: Presentation) -> None:
    assert list(Pilot(presentation).press("escape").screen.wishes) == ["quit"]
    assert list(Pilot(presentation).press("q").screen.wishes) == ["quit"]
    assert list(Pilot(presentation).press("f11", "alt+return").screen.wishes) == ["fullscreen", "fullscreen"]
    assert not Pilot(presentation).press("x").click("header", (0.01, 0.05)).screen.wishes


def test_f12_keeps_the_picture_and_says_so(
    pilot: Pilot, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("shots")
    monkeypatch.chdir(folder)
    seen = pilot.press("space").wheel(4).seen
    pilot.press("f12")
    [shot] = folder.glob("*.png")
    assert pygame.image.tobytes(pygame.image.load(str(shot)), "RGB") == seen
    assert shot.name in pilot.label("notice")
    assert pilot.seen != seen
    assert pilot.wait(5).tree.find("notice") is None
    assert pilot.seen == seen


def test_f12_draws_what_the_command_line_draws(
    presentation: Presentation, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("shots")
    monkeypatch.chdir(folder)
    at = (presentation.model.first + presentation.model.last) // 2
    pilot = Pilot(presentation, (640, 360), paused=True, start=at, theme="day").press("f12")
    [shot] = folder.glob("*.png")
    frame = Frames(presentation, (640, 360), DAY).at(at, pilot.session.playhead.pace)
    assert pygame.image.tobytes(pygame.image.load(str(shot)), "RGB") == pygame.image.tobytes(frame, "RGB")


def test_f12_without_a_disk_goes_on_and_says_so(pilot: Pilot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("factoryview.export.picture.replacing", full)
    assert "no space left" in pilot.press("f12").label("notice")
    at = pilot.session.playhead.at
    assert pilot.wait(1).session.playhead.at > at
    assert list(tmp_path.iterdir()) == []


def test_f12_over_a_link_leaves_alone_what_it_leads_to(
    pilot: Pilot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dear").write_text("letters")
    (tmp_path / f"factoryview-{pilot.press('space').session.playhead.at // 1_000_000}.png").symlink_to("dear")
    pilot.press("f12")
    assert (tmp_path / "dear").read_text() == "letters"
    assert "cannot be kept" in pilot.label("notice")


@pytest.mark.parametrize("frame", [1 / 60, 1 / 25, 1 / 7])
def test_seeking_to_a_moment_is_playing_to_it(presentation: Presentation, frame: float) -> None:
    first, last = presentation.model.first, presentation.model.last
    played = Pilot(presentation, start=first + (last - first) // 3)
    for _ in range(4):
        played.wait(1.3, frame).press("space")
        sought = Pilot(presentation, paused=True, start=played.session.playhead.at)
        assert sought.seen == played.seen
        played.press("space")


def test_seeking_there_and_back_changes_nothing(presentation: Presentation) -> None:
    pilot = Pilot(presentation, paused=True)
    before: dict[float, bytes] = {}
    for part in (0.3, 0.9, 0.5, 0.9, 0.3, 0.05, 0.5):
        pilot.click(TRACK, (part, 0.5))
        assert before.setdefault(part, pilot.seen) == pilot.seen
    assert len(set(before.values())) == 4


def test_a_hiccup_does_not_jump(pilot: Pilot) -> None:
    head = pilot.session.playhead
    pilot.wait(30, frame=30)
    assert pilot.session.playhead.at - head.at == round(0.1 * head.pace)


def test_only_what_changed_is_painted(pilot: Pilot) -> None:
    pilot.press("space").wait(0)
    assert pilot.wait(0).painted == []
    pilot.press("t", "t")
    assert pilot.painted == [pilot.surface.get_rect()]


def test_what_a_user_chooses_is_kept_and_nothing_else(presentation: Presentation) -> None:
    kept: list[Settings] = []
    pilot = Pilot(presentation, theme="day", settings=Settings(low_motion=True), keep=kept.append)
    pilot.press("f2")
    assert kept == [Settings(language="de", low_motion=True)]
    pilot.press("t", "m")
    assert kept[-1] == Settings(theme="contrast", language="de", low_motion=True)


def test_a_choice_that_cannot_be_kept_holds_and_is_told(presentation: Presentation) -> None:
    def refuse(_: Settings) -> None:
        raise PermissionError(13, "Permission denied")

    pilot = Pilot(presentation, keep=refuse).press("t")
    assert pilot.session.theme == "day"
    assert "permission denied" in pilot.label("notice")


def test_a_camera_that_is_given_back_fits_the_window(pilot: Pilot) -> None:
    pilot.wheel(4).resize((700, 500)).press("ctrl+z")
    assert pilot.session.camera == pilot.session.home
