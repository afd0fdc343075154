"""The next view is drawn in steps of which none makes much: a wall goes on while it does."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pygame
import pytest

from factoryview.app.playback import Replay
from factoryview.plant.wall_file import read_wall
from factoryview.scene.art.art import Art
from factoryview.wall.buffers import Buffer
from factoryview.wall.plants import PlantOnWall, Speaking
from factoryview.wall.views import Now, Scene
from tests.kit.small_plants import DAY, studied
from tests.wall.kit import wall_text

SIZE = (3840, 2160)
MOST = 0.6
"""Of the display's pixels that may be made in one step: the light around a machine that is looked at closely."""


@contextmanager
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The pixels of every picture that is made."""
    pixels: list[int] = []

    def counting(make: Callable[[], pygame.Surface]) -> Callable[[], pygame.Surface]:
        def counted() -> pygame.Surface:
            picture = make()
            pixels.append(picture.get_width() * picture.get_height())
            return picture

        return counted

    keep, latest = Art.keep, Art.latest

    def kept(self: Art, key: Hashable, make: Callable[[], pygame.Surface]) -> pygame.Surface:
        return keep(self, key, counting(make))

    def kept_latest(
        self: Art, name: str, key: Hashable, make: Callable[[], pygame.Surface], *, most: int = 1
    ) -> pygame.Surface:
        return latest(self, name, key, counting(make), most=most)

    with monkeypatch.context() as patched:
        patched.setattr(Art, "keep", kept)
        patched.setattr(Art, "latest", kept_latest)
        yield pixels


@pytest.mark.parametrize("kind", ["whole", "constraint"])
def test_no_step_of_drawing_ahead_makes_much(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    wall, presentation = read_wall(wall_text(kind)), studied("piled")
    plant = PlantOnWall(wall.plant[0], Path("nowhere"), Speaking("en", "en", None), "night", low_motion=True, now=0)
    plant.show(Replay(presentation.model, presentation.language))
    at = presentation.model.last - DAY
    plant.head = replace(plant.head, at=at)
    now, buffer, steps = Now(0.0, at), Buffer(), []
    buffer.take(Scene(plant, wall, wall.view[0], SIZE), now, patient=False)
    with made(monkeypatch) as pixels:
        more = True
        while more:
            more = buffer.step()
            steps.append(sum(pixels))
            pixels.clear()
    whole = SIZE[0] * SIZE[1]
    assert sum(steps) > whole, "all of it would be too much for one step"
    assert max(steps) <= MOST * whole
    buffer.take(Scene(plant, wall, wall.view[0], SIZE), now, patient=False)
    with made(monkeypatch) as pixels:
        buffer.finish()
    assert sum(pixels) < 0.01 * whole, "what was made is kept"
