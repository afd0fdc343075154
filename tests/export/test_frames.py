"""Pictures are drawn beside the window, if there is one, and need none."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pygame
import pytest

from factoryview.errors import UsageError
from factoryview.export.frames import Frames
from factoryview.export.picture import render_frame
from factoryview.scene.themes import DAY, NIGHT
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


def test_frames_one_after_another_are_those_made_afresh() -> None:
    presentation = kept("jammed")
    model, fps = presentation.model, 25
    pace = (model.last - model.first) / 2
    frames = Frames(presentation, SIZE, DAY)
    moments = [model.last - round(k * pace / fps) for k in range(5, -1, -1)]
    seen = [pixels(frames.at(at, pace, playing=at < model.last)) for at in moments]
    assert seen == [pixels(Frames(presentation, SIZE, DAY).at(at, pace, playing=at < model.last)) for at in moments]
    assert len(set(seen)) == 6


def test_a_stage_that_is_not_there_is_named_with_those_that_are() -> None:
    presentation = kept("jammed")
    with pytest.raises(UsageError, match="Approval"):
        render_frame(presentation, presentation.model.last, size=SIZE, theme=NIGHT, centre="Nowhere")
