"""What keys and mouse do to a plant that plays."""

from __future__ import annotations

import pygame
import pytest

from factoryview.scene.chrome.timeline import bars_of
from factoryview.scene.theme import DAY, NIGHT
from factoryview.view.presentation import Presentation
from tests.kit.pilot import FRAME, Pilot


def span(pilot: Pilot) -> int:
    return pilot.show.model.last - pilot.show.model.first


def share(pilot: Pilot) -> float:
    """How far into the log the playhead is."""
    return (pilot.show.playhead.at - pilot.show.model.first) / span(pilot)


def timeline(pilot: Pilot, part: float) -> tuple[int, int]:
    """The pixel of a share of the timeline."""
    bars = bars_of(pilot.show.screen)
    return bars.x + round(part * bars.w), bars.centery


def on_floor(pilot: Pilot, x: float = 0.5, y: float = 0.5) -> tuple[int, int]:
    floor = pilot.show.screen.floor
    return round(floor.x + x * floor.w), round(floor.y + y * floor.h)


def test_it_plays_at_once_at_its_pace(pilot: Pilot) -> None:
    pilot.wait(2)
    head = pilot.show.playhead
    assert head.playing
    assert head.at - head.first == pytest.approx(2 * head.pace, rel=1e-6)


def test_space_pauses_and_plays_on(pilot: Pilot) -> None:
    pilot.wait(1).press(pygame.K_SPACE)
    at, seen = pilot.show.playhead.at, pilot.seen
    pilot.wait(1)
    assert (pilot.show.playhead.at, pilot.seen) == (at, seen)
    pilot.press(pygame.K_SPACE).wait(1)
    assert pilot.show.playhead.at > at
    assert pilot.seen != seen


def test_a_click_on_the_play_sign_is_the_space_bar(pilot: Pilot) -> None:
    screen = pilot.show.screen
    pilot.click((bars_of(screen).x // 2, screen.timeline.centery))
    assert not pilot.show.playhead.playing


def test_plus_and_minus_change_the_speed_and_undo_each_other(pilot: Pilot) -> None:
    usual = pilot.show.playhead.pace
    for faster, slower in ((pygame.K_PLUS, pygame.K_MINUS), (pygame.K_KP_PLUS, pygame.K_KP_MINUS)):
        assert pilot.press(faster).show.playhead.pace == pytest.approx(1.5 * usual)
        assert pilot.press(slower).show.playhead.pace == pytest.approx(usual)
    at = pilot.press(pygame.K_EQUALS).show.playhead.at
    assert pilot.wait(1).show.playhead.at - at == pytest.approx(1.5 * usual, rel=1e-6)


def test_home_and_end_and_the_arrows(pilot: Pilot) -> None:
    first, last, step = pilot.show.model.first, pilot.show.model.last, pilot.show.model.counts.history.width
    pilot.press(pygame.K_SPACE, pygame.K_END)
    assert pilot.show.playhead.at == last
    assert pilot.press(pygame.K_LEFT, pygame.K_LEFT).show.playhead.at == last - 2 * step
    assert pilot.press(pygame.K_RIGHT).show.playhead.at == last - step
    assert pilot.press(pygame.K_HOME).show.playhead.at == first
    assert pilot.press(pygame.K_LEFT).show.playhead.at == first


def test_it_stops_at_the_end_and_begins_anew(presentation: Presentation) -> None:
    pilot = Pilot(presentation, seconds_per_day=0.01, start=presentation.model.last - 1)
    pilot.wait(0.1)
    assert (pilot.show.playhead.at, pilot.show.playhead.playing) == (presentation.model.last, False)
    assert pilot.press(pygame.K_SPACE).show.playhead.at == presentation.model.first
    looping = Pilot(presentation, seconds_per_day=0.01, start=presentation.model.last - 1, loop=True).wait(FRAME)
    assert (looping.show.playhead.at, looping.show.playhead.playing) == (presentation.model.first, True)


def test_a_click_on_the_timeline_goes_there(pilot: Pilot) -> None:
    pilot.press(pygame.K_SPACE)
    for part in (0.25, 0.75, 0.5):
        pilot.click(timeline(pilot, part))
        assert share(pilot) == pytest.approx(part, abs=1 / bars_of(pilot.show.screen).w)


def test_dragging_along_the_timeline_follows_and_stays_inside(pilot: Pilot) -> None:
    pilot.press(pygame.K_SPACE)
    pilot.drag(*(timeline(pilot, part) for part in (0.2, 0.4, 0.6)))
    assert share(pilot) == pytest.approx(0.6, abs=0.01)
    pilot.drag(timeline(pilot, 0.6), (5_000, 3))
    assert share(pilot) == 1
    camera = pilot.show.camera
    pilot.move(timeline(pilot, 0.9), timeline(pilot, 0.1))
    assert share(pilot) == 1
    assert pilot.show.camera == camera


@pytest.mark.parametrize("spot", [(0.5, 0.5), (0.1, 0.2), (0.93, 0.8)])
def test_the_wheel_zooms_to_the_pointer(pilot: Pilot, spot: tuple[float, float]) -> None:
    pixel = on_floor(pilot, *spot)
    under = pilot.show.camera.tile_at(pixel)
    tile = pilot.show.camera.tile
    for turns in (1, 3, 2, -1, -4, 9, -30, 60):
        pilot.wheel(turns, pixel)
        assert pilot.show.camera.tile_at(pixel) == pytest.approx(under, abs=1e-6)
    assert pilot.show.camera.tile > tile
    assert pilot.press(pygame.K_0).show.camera == pilot.show.whole_floor()


def test_dragging_the_floor_moves_it_with_the_hand(pilot: Pilot) -> None:
    start, on, to = on_floor(pilot), on_floor(pilot, 0.55, 0.6), on_floor(pilot, 0.7, 0.3)
    under, playing = pilot.show.camera.tile_at(start), pilot.show.playhead
    pilot.drag(start, on, to)
    assert pilot.show.camera.tile_at(to) == pytest.approx(under, abs=1e-6)
    assert pilot.show.playhead == playing
    still = pilot.show.camera
    pilot.move(to, start)
    assert pilot.show.camera == still


def test_dragging_the_header_moves_nothing(pilot: Pilot) -> None:
    camera = pilot.show.camera
    pilot.drag((100, 5), (300, 200))
    assert pilot.show.camera == camera


def test_t_changes_the_theme_and_back(pilot: Pilot) -> None:
    pilot.press(pygame.K_SPACE)
    night = pilot.seen
    assert pilot.press(pygame.K_t).show.painter.art.theme is DAY
    assert pilot.seen != night
    assert pilot.press(pygame.K_t).show.painter.art.theme is NIGHT
    assert pilot.seen == night


def test_the_title_and_the_themes_options_are_kept(presentation: Presentation) -> None:
    named, plain = (Pilot(presentation, paused=True, title=title) for title in ("Our office", None))
    assert named.press(pygame.K_t).show.painter.facts.title == "Our office"
    assert named.seen != plain.press(pygame.K_t).seen


def test_another_size_shows_the_whole_floor_again(pilot: Pilot, presentation: Presentation) -> None:
    pilot.press(pygame.K_SPACE).wheel(5, on_floor(pilot))
    pilot.resize((1200, 500))
    assert pilot.show.camera == pilot.show.whole_floor()
    resized = pilot.seen
    assert resized == Pilot(presentation, (1200, 500), paused=True, start=pilot.show.playhead.at).seen
    assert len(resized) == 1200 * 500 * 3


def test_escape_q_and_the_windows_button_end_it(presentation: Presentation) -> None:
    assert not Pilot(presentation).press(pygame.K_ESCAPE).show.running
    assert not Pilot(presentation).press(pygame.K_q).show.running
    assert not Pilot(presentation).close().show.running
    assert Pilot(presentation).press(pygame.K_x).click((3, 3)).show.running


def test_f12_keeps_the_picture(
    pilot: Pilot, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("shots")
    monkeypatch.chdir(folder)
    pilot.press(pygame.K_SPACE).press(pygame.K_F12)
    [shot] = folder.glob("*.png")
    assert pygame.image.tobytes(pygame.image.load(str(shot)), "RGB") == pilot.seen


@pytest.mark.parametrize("frame", [1 / 60, 1 / 25, 1 / 7])
def test_seeking_to_a_moment_is_playing_to_it(presentation: Presentation, frame: float) -> None:
    played = Pilot(
        presentation, start=presentation.model.first + (presentation.model.last - presentation.model.first) // 3
    )
    for _ in range(4):
        played.wait(1.3, frame).press(pygame.K_SPACE)
        sought = Pilot(presentation, paused=True, start=played.show.playhead.at)
        assert sought.seen == played.seen
        played.press(pygame.K_SPACE)


def test_seeking_there_and_back_changes_nothing(presentation: Presentation) -> None:
    pilot = Pilot(presentation, paused=True)
    before: dict[float, bytes] = {}
    for part in (0.3, 0.9, 0.5, 0.9, 0.3, 0.05, 0.5):
        pilot.click(timeline(pilot, part))
        assert before.setdefault(part, pilot.seen) == pilot.seen
    assert len(set(before.values())) == 4


def test_a_hiccup_does_not_jump(pilot: Pilot) -> None:
    at = pilot.show.playhead.at
    pilot.show.frame(30)
    assert pilot.show.playhead.at - at == round(0.1 * pilot.show.playhead.pace)


def test_only_what_changed_is_painted(pilot: Pilot) -> None:
    pilot.press(pygame.K_SPACE)
    pilot.show.frame(0)
    assert pilot.show.frame(0) == []
