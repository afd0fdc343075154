"""A film from the window: the frames of `render`, while the window goes on; one that is given up leaves nothing."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pygame
import pytest

from factoryview.app.playback import Replay
from factoryview.export.captions import Caption
from factoryview.export.film import pixels_of
from factoryview.export.filming import moments_of
from factoryview.export.frames import Frames
from factoryview.language import Language
from factoryview.scene.chrome.caption import caption_node
from factoryview.scene.themes import NIGHT
from factoryview.scene.ui.composition import LARGE
from factoryview.store.selection import Through
from tests.kit.desk_pilot import DeskPilot
from tests.kit.pilot import Pilot
from tests.kit.small_plants import DAY, FIRST, jammed, presentation_of, studied

av = pytest.importorskip("av", reason="films need the package av")
SIZE = (321, 180)
SPAN = FIRST + 20 * DAY, FIRST + 24 * DAY


@pytest.fixture
def pilot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pilot:
    """At a plant that stands, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return Pilot(studied("jammed"), SIZE, paused=True, start=SPAN[0], seconds_per_day=0.1)


def looped(pilot: Pilot) -> Pilot:
    """A span of some days plays again and again."""
    pilot.run("to", SPAN[0]).run("loop_span").run("to", SPAN[1]).run("loop_span")
    assert pilot.session.playhead.within == SPAN
    return pilot


def finished(pilot: Pilot) -> list[str]:
    """Wait for the film, as long as it gets on; what was said of it meanwhile."""
    said = [""]
    until = time.monotonic() + 60
    while pilot.session.filming:
        assert time.monotonic() < until, said[-1]
        pilot.wait(0.02)
        said.append(pilot.label("notice"))
        if said[-1] != said[-2]:
            until = time.monotonic() + 60
        time.sleep(0.002)
    return said[1:]


def decoded(name: str) -> list[np.ndarray]:
    with av.open(name) as container:
        return [frame.to_ndarray(format="bgr24") for frame in container.decode(video=0)]


def test_the_looped_span_is_filmed_as_render_films_it(pilot: Pilot) -> None:
    looped(pilot).press("f9")
    said = finished(pilot)
    name = f"factoryview-{SPAN[0] // 1_000_000}-{SPAN[1] // 1_000_000}.mp4"
    assert os.listdir() == [name]
    assert said[-1] == f"Film kept: {name}"
    shares = [int(words.removeprefix("Film: ").split("%")[0]) for words in said[:-1]]
    assert shares == sorted(shares)
    assert len(set(shares)) > 3, "it says how far it is"
    pictures = decoded(name)
    moments, pace = moments_of(SPAN, 5.0, 30)
    assert len(pictures) == len(moments)
    frames = Frames(studied("jammed"), (320, 180), NIGHT)
    for k in (0, 70, len(moments) - 1):
        wanted = pixels_of(frames.at(moments[k], pace, playing=k < len(moments) - 1))[:, :, :3].astype(int)
        assert np.abs(pictures[k] - wanted).mean() < 4, f"frame {k} is that of its moment"


def test_without_a_loop_the_last_30_days_and_as_a_gif(pilot: Pilot) -> None:
    pilot.press("shift+f9")
    assert pilot.session.filming
    finished(pilot)
    last = pilot.session.playhead.last
    assert os.listdir() == [f"factoryview-{(last - 30 * DAY) // 1_000_000}-{last // 1_000_000}.gif"]
    assert len(decoded(os.listdir()[0])) > 50


def test_as_pictures_with_captions_and_a_logo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    logo = pygame.Surface((30, 10))
    logo.fill((250, 0, 250))
    captions = (Caption(SPAN[0] + 2 * DAY, "Half of it"),)
    pilot = Pilot(
        studied("jammed"), SIZE, paused=True, start=SPAN[0], seconds_per_day=0.1, captions=captions, logo=logo
    )
    looped(pilot).press("ctrl+f9")
    assert pilot.session.filming
    finished(pilot)
    names = sorted(os.listdir())
    moments, pace = moments_of(SPAN, 5.0, 30)
    assert names == [f"factoryview-{SPAN[0] // 1_000_000}-{SPAN[1] // 1_000_000}-{k:04d}.png" for k in range(1, 151)]
    frames = Frames(studied("jammed"), (320, 180), NIGHT, logo=logo)
    for k, words in ((0, ""), (74, ""), (75, "Half of it"), (140, "Half of it")):
        over = (caption_node(words, "", frames.composition, frames.taken()),) if words else ()
        wanted = frames.at(moments[k], pace, playing=True, overlay=over)
        got = pygame.image.load(names[k])
        assert pygame.image.tobytes(got, "RGB") == pygame.image.tobytes(wanted, "RGB"), k


def test_large_letters_and_the_camera_are_as_in_the_window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    pilot = Pilot(studied("jammed"), (320, 180), paused=True, start=SPAN[0], seconds_per_day=0.1)
    home = pilot.session.home
    looped(pilot).press("f3").run("zoom", 2.0, pilot.session.home.view.center)
    camera = pilot.session.camera
    assert pilot.session.large_text
    assert camera.view != home.view
    assert camera.k > 1.3 * pilot.session.home.k
    pilot.press("f12").press("ctrl+f9")
    finished(pilot)
    moments, pace = moments_of(SPAN, 5.0, 30)
    frames = Frames(studied("jammed"), (320, 180), NIGHT, camera=camera, scale=LARGE)
    assert frames.composition == pilot.screen.composition
    for name, wanted in (
        (
            f"factoryview-{pilot.session.playhead.at // 1_000_000}.png",
            (pilot.session.playhead.at, pilot.session.playhead.shown_pace),
        ),
        (f"factoryview-{SPAN[0] // 1_000_000}-{SPAN[1] // 1_000_000}-0011.png", (moments[10], pace)),
    ):
        got = pygame.image.load(name)
        picture = frames.at(*wanted, playing=name.endswith("-0011.png"))
        assert pygame.image.tobytes(got, "RGB") == pygame.image.tobytes(picture, "RGB"), name


def test_pictures_that_are_given_up_are_taken_away(pilot: Pilot) -> None:
    looped(pilot).press("ctrl+f9").wait(0.5)
    until = time.monotonic() + 30
    while not os.listdir() and time.monotonic() < until:
        pilot.wait(0.02)
    assert os.listdir()
    pilot.press("escape")
    assert os.listdir() == []


@pytest.mark.parametrize("key", ["escape", "f9"])
def test_one_that_is_given_up_leaves_nothing_and_the_window_stays(pilot: Pilot, key: str) -> None:
    looped(pilot).press("f9").wait(0.2)
    before = pilot.session.playhead.at
    pilot.press("space").wait(0.2)
    assert pilot.session.playhead.at > before, "it plays meanwhile"
    pilot.press(key)
    assert pilot.label("notice") == "The film has been given up."
    assert not pilot.session.filming
    assert not pilot.screen.wishes, "the program goes on"
    assert os.listdir() == []


def test_it_waits_for_what_is_studied_and_not_for_what_never_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    desk = DeskPilot(presentation_of(jammed()), (320, 180), paused=True, seconds_per_day=0.1)
    desk.press("shift+f9").wait(0.5)
    assert desk.label("notice").startswith("Film: 0%")
    desk.press("escape").run("filter", Through("Approval")).wait(0)
    desk.press("shift+f9")
    finished(desk)
    assert len(decoded(os.listdir()[0])) > 50


def test_what_is_found_out_of_another_plant_meanwhile_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As inside a machine that is entered while the film of the whole plant waits."""
    monkeypatch.chdir(tmp_path)
    pilot = Pilot(presentation_of(jammed()), (320, 180), paused=True, seconds_per_day=0.1)
    pilot.press("f9").wait(0.5)
    begun = pilot.screen.playback
    pilot.screen.playback = Replay(studied("jammed").model, Language("en"))
    pilot.wait(0.5)
    assert pilot.label("notice").startswith("Film: 0%")
    begun.model.study()
    finished(pilot)
    assert len(decoded(os.listdir()[0])) > 50


def test_what_cannot_be_written_is_said(pilot: Pilot) -> None:
    name = Path(f"factoryview-{SPAN[0] // 1_000_000}-{SPAN[1] // 1_000_000}.mp4")
    name.mkdir()
    looped(pilot).press("f9")
    assert not pilot.session.filming
    assert "this is a folder" in pilot.label("notice")


def test_of_a_plant_that_goes_on_what_was_found_out_later_is_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    pilot = Pilot(presentation_of(jammed()), (320, 180), paused=True, seconds_per_day=0.1)
    pilot.press("f9").wait(0.5)
    assert pilot.label("notice").startswith("Film: 0%")
    begun = pilot.screen.playback.model
    pilot.screen.playback.model = later = begun.with_latest(begun.last)
    later.study()
    finished(pilot)
    assert begun.studied is None
    assert len(decoded(os.listdir()[0])) > 50
