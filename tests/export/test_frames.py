"""Pictures are drawn beside the window, if there is one, and need none."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pygame
import pytest

from factoryview.errors import UsageError
from factoryview.export.frames import Frames
from factoryview.export.picture import render_frame
from factoryview.scene.themes import DAY, NIGHT
from factoryview.view.playhead import Playhead
from tests.kit.small_plants import kept

SIZE = (480, 270)
ROOT = Path(__file__).parents[2]


def pixels(surface: pygame.Surface) -> bytes:
    return bytes(pygame.image.tobytes(surface, "RGB"))


def test_a_window_that_is_open_stays_as_it_is() -> None:
    pygame.display.init()
    window = pygame.display.set_mode((320, 200))
    window.fill((1, 2, 3))
    before = pixels(window)
    presentation = kept("jammed")
    picture = render_frame(presentation, presentation.model.last, size=SIZE, theme=NIGHT)
    assert picture.get_size() == SIZE
    assert pygame.display.get_surface() is window
    assert pixels(window) == before


def test_a_picture_needs_no_display_at_all(tmp_path: Path) -> None:
    code = """
import pygame
from factoryview.export.picture import render_frame
from factoryview.scene.themes import NIGHT
from tests.kit.small_plants import kept
shown = kept("jammed")
picture = render_frame(shown, shown.model.last, size=(480, 270), theme=NIGHT)
assert not pygame.display.get_init()
pygame.image.save(picture, "alone.png")
"""
    env = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")}
    env["PYTHONPATH"] = str(ROOT)
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=env, check=True)
    presentation = kept("jammed")
    here = render_frame(presentation, presentation.model.last, size=SIZE, theme=NIGHT)
    assert pixels(pygame.image.load(tmp_path / "alone.png")) == pixels(here)


def test_a_film_has_the_frames_of_its_moments_and_ends_with_the_log() -> None:
    presentation = kept("jammed")
    model, fps = presentation.model, 25
    pace = (model.last - model.first) / 2
    head = Playhead(model.last - round(pace / 5), pace, model.first, model.last)
    film = [pixels(frame) for frame in Frames(presentation, SIZE, DAY).film(head, fps)]
    assert len(film) == 6, "a fifth of a second, and the last frame, which stands"
    for k, seen in enumerate(film):
        afresh = Frames(presentation, SIZE, DAY).at(
            min(model.last, head.at + round(k * pace / fps)), pace, playing=k < 5
        )
        assert pixels(afresh) == seen, k
    assert len(set(film)) == 6


def test_a_film_that_loops_goes_on() -> None:
    presentation = kept("jammed")
    model = presentation.model
    head = Playhead(model.last - 1, 1e12, model.first, model.last, loop=True)
    assert len(list(islice(Frames(presentation, SIZE, DAY).film(head, 25), 4))) == 4


def test_a_stage_that_is_not_there_is_named_with_those_that_are() -> None:
    presentation = kept("jammed")
    with pytest.raises(UsageError, match="Approval"):
        render_frame(presentation, presentation.model.last, size=SIZE, theme=NIGHT, centre="Nowhere")
