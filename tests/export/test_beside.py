"""Two plants in one picture: each half is what a picture of that plant and moment shows."""

from __future__ import annotations

from pathlib import Path

import pygame
import pytest

from factoryview.export.beside import Beside, film_beside, write_beside
from factoryview.export.filming import Format
from factoryview.export.frames import Frames
from factoryview.scene.themes import NIGHT
from factoryview.time import DAY
from factoryview.view.paired import Paired
from tests.kit.small_plants import jammed, presentation_of

FORM = Format((640, 724), 10.0, NIGHT)


def test_each_half_is_the_frame_of_its_moment() -> None:
    shown = presentation_of(jammed())
    first, last = shown.model.first, shown.model.last
    beside = Beside((shown, shown), FORM)
    for moments in ((first + DAY, last), (last, first + 2 * DAY)):
        picture = beside.at(moments, DAY / 10)
        high = (FORM.size[1] - 4) // 2
        alone = Frames(shown, (FORM.size[0], high), NIGHT, smallest_text=2 * FORM.smallest_text)
        for at, top in zip(moments, (0, FORM.size[1] - high), strict=True):
            half = picture.subsurface((0, top, FORM.size[0], high))
            assert pygame.image.tobytes(half, "RGB") == pygame.image.tobytes(alone.at(at, DAY / 10), "RGB")


def test_a_picture_and_a_film_of_both(tmp_path: Path) -> None:
    shown = presentation_of(jammed())
    model, zone = shown.model, shown.language.zone
    middle = (model.first + model.last) // 2
    paired = Paired((model.first, middle, zone), (middle, model.last, zone))
    both = shown, shown
    done: list[float] = []

    assert write_beside(both, paired, tmp_path / "both.png", FORM) == paired.at(1.0)
    assert pygame.image.load(tmp_path / "both.png").get_size() == FORM.size
    assert film_beside(both, paired, tmp_path / "both-%02d.png", FORM, 0.5, done.append) == 5
    assert len(list(tmp_path.glob("both-*.png"))) == 5
    assert done == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0])
