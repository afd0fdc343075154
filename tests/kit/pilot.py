"""A pilot who presses keys, clicks, drags, turns the wheel and lets time pass, without a window or a clock."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from unittest.mock import patch

import pygame

from factoryview.app.playback import Playback, Replay
from factoryview.app.window import Show, ShowOptions
from factoryview.factory.factory import Opening, open_factory
from factoryview.language import Language
from factoryview.view.model import Model
from factoryview.view.presentation import Presentation

FRAME = 1 / 60
Pixel = tuple[int, int]


def present(log: Path, *, ends: tuple[str, ...] | None = None) -> Presentation:
    """Everything the scene needs of a log."""
    return Presentation(Model(open_factory(log, Opening(ends=ends))), Language("en", "UTC", "EUR"))


class Pilot:
    """Sits at a plant on a surface of that size. Every action is followed by one frame, in which no time passes.

    A presentation is of a log that is replayed; a playback has begun already.
    """

    def __init__(self, plays: Presentation | Playback, size: Pixel = (960, 540), **options: object) -> None:
        pygame.display.init()
        pygame.font.init()
        playback = Replay(plays.model, plays.language) if isinstance(plays, Presentation) else plays
        self.show = Show(playback, pygame.display.set_mode(size), ShowOptions(**options))  # type: ignore[arg-type]
        self.wait(0)

    def wait(self, seconds: float, frame: float = FRAME) -> Pilot:
        """So many seconds of display pass, in frames of that length."""
        for _ in range(max(1, round(seconds / frame))):
            self.show.frame(frame if seconds else 0.0)
        return self

    def press(self, *keys: int) -> Pilot:
        """Keys, one after the other."""
        for key in keys:
            self._do(pygame.KEYDOWN, key=key, mod=0)
            self._do(pygame.KEYUP, key=key, mod=0)
        return self.wait(0)

    def click(self, at: Pixel) -> Pilot:
        """The left button, down and up."""
        self._do(pygame.MOUSEBUTTONDOWN, pos=at, button=1)
        self._do(pygame.MOUSEBUTTONUP, pos=at, button=1)
        return self.wait(0)

    def drag(self, *path: Pixel) -> Pilot:
        """The left button held from the first pixel over all others."""
        self._do(pygame.MOUSEBUTTONDOWN, pos=path[0], button=1)
        for before, at in pairwise(path):
            rel = (at[0] - before[0], at[1] - before[1])
            self._do(pygame.MOUSEMOTION, pos=at, rel=rel, buttons=(1, 0, 0))
            self.wait(0)
        self._do(pygame.MOUSEBUTTONUP, pos=path[-1], button=1)
        return self.wait(0)

    def move(self, before: Pixel, at: Pixel) -> Pilot:
        """The pointer without a button."""
        self._do(pygame.MOUSEMOTION, pos=at, rel=(at[0] - before[0], at[1] - before[1]), buttons=(0, 0, 0))
        return self.wait(0)

    def wheel(self, turns: int, at: Pixel) -> Pilot:
        """The wheel, with the pointer there; up (nearer) is positive."""
        with patch.object(pygame.mouse, "get_pos", return_value=at):
            self._do(pygame.MOUSEWHEEL, x=0, y=turns, flipped=False)
        return self.wait(0)

    def resize(self, size: Pixel) -> Pilot:
        """The window has another size now."""
        self.show.resized(pygame.display.set_mode(size))
        return self.wait(0)

    def close(self) -> Pilot:
        """The window's own button."""
        self._do(pygame.QUIT)
        return self

    @property
    def seen(self) -> bytes:
        """Every pixel on the surface."""
        return bytes(pygame.image.tobytes(self.show.surface, "RGB"))

    def _do(self, kind: int, **values: object) -> None:
        self.show.handle(pygame.Event(kind, values))
