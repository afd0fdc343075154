"""A pilot who presses keys, clicks, drags, turns the wheel, touches and lets time pass: on nodes, not on pixels, and
without a window or a clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pygame

from factoryview.app.commands import COMMANDS
from factoryview.app.options import PlantOptions
from factoryview.app.plant_screen import PlantScreen
from factoryview.app.playback import Playback, Replay
from factoryview.app.screen import Screens
from factoryview.app.session import Session
from factoryview.factory.factory import Opening
from factoryview.factory.opening import open_factory
from factoryview.language import Language
from factoryview.scene.art.raster import opaque
from factoryview.scene.ui.node import Action, Node
from factoryview.view.model import Model
from factoryview.view.presentation import Presentation

FRAME = 1 / 60
Pixel = tuple[int, int]
Spot = tuple[float, float]
"""Shares of a node's width and height; outside it they may be below 0 and above 1."""
MIDDLE: Spot = (0.5, 0.5)
_KEYS = {"pageup": "page up", "pagedown": "page down"}
_MODS = {"ctrl": pygame.KMOD_LCTRL, "shift": pygame.KMOD_LSHIFT, "alt": pygame.KMOD_LALT}


def present(log: Path, *, ends: tuple[str, ...] | None = None) -> Presentation:
    """Everything the scene needs of a log."""
    return Presentation(Model(open_factory(log, Opening(ends=ends))), Language("en", "UTC", "EUR"))


class Pilot:
    """Sits at a plant on a surface of that size. Every action is followed by one frame, in which no time passes.

    A presentation is of a log that is replayed; a playback has begun already.
    """

    SCREEN: type[PlantScreen] = PlantScreen

    def __init__(self, plays: Presentation | Playback, size: Pixel = (960, 540), **options: object) -> None:
        pygame.display.init()
        playback = Replay(plays.model, plays.language) if isinstance(plays, Presentation) else plays
        self.screen = self.SCREEN(playback, size, PlantOptions(**options))  # type: ignore[arg-type]
        self.surface = opaque(size)
        self.painted: list[pygame.Rect] = []
        """What the last frame changed."""
        self._screens = Screens(self.screen)
        self.wait(0)

    @property
    def session(self) -> Session:
        return self.screen.session

    @property
    def tree(self) -> Node:
        """What was shown last."""
        return self._screens.tree()

    @property
    def seen(self) -> bytes:
        """Every pixel on the surface."""
        return bytes(pygame.image.tobytes(self.surface, "RGB"))

    def node(self, name: str) -> Node:
        """A node that is shown."""
        found = self.tree.find(name)
        assert found is not None, f"no node {name}; there are {[node.id for node in self.tree.walk()]}"
        return found

    def label(self, name: str) -> str:
        """What a node says."""
        return self.node(name).label

    def pixel(self, name: str, spot: Spot = MIDDLE) -> Pixel:
        """The pixel at a spot of a node."""
        rect = self.node(name).rect
        return round(rect.x + spot[0] * rect.w), round(rect.y + spot[1] * rect.h)

    def wait(self, seconds: float, frame: float = FRAME) -> Pilot:
        """So many seconds of display pass, in frames of that length."""
        for _ in range(max(1, round(seconds / frame))):
            self.painted = self._screens.frame(self.surface, frame if seconds else 0.0)
        return self

    def run(self, command: str, *arguments: object) -> Pilot:
        """A command."""
        assert command in COMMANDS
        self.screen.run(Action(command, arguments), self.tree)
        return self.wait(0)

    def press(self, *keys: str) -> Pilot:
        """Keys by the names that commands are bound to, one after the other."""
        for key in keys:
            *held, base = [key] if len(key) == 1 else key.split("+")
            mod = sum(_MODS[name] for name in held)
            code = pygame.key.key_code(_KEYS.get(base, base))
            self._do(pygame.KEYDOWN, key=code, mod=mod, unicode=base if len(base) == 1 and not held else "")
            self._do(pygame.KEYUP, key=code, mod=mod)
            self.wait(0)
        return self

    def type(self, text: str) -> Pilot:
        """Letters, one after the other."""
        for letter in text:
            self._do(pygame.KEYDOWN, key=ord(letter.lower()), mod=0, unicode=letter)
        return self.wait(0)

    def click(self, name: str, spot: Spot = MIDDLE) -> Pilot:
        """The left button on a node, down and up."""
        return self.drag(name, spot)

    def double(self, name: str, spot: Spot = MIDDLE) -> Pilot:
        """Two clicks on the same pixel, one right after the other."""
        pixel = self.pixel(name, spot)
        self._move(pixel, pixel)
        for _ in range(2):
            self._do(pygame.MOUSEBUTTONDOWN, pos=pixel, button=1)
            self._do(pygame.MOUSEBUTTONUP, pos=pixel, button=1)
            self.wait(0)
        return self

    def drag(self, name: str, *path: Spot) -> Pilot:
        """The left button held from the first spot of a node over all others."""
        pixels = [self.pixel(name, spot) for spot in path]
        self._move(pixels[0], pixels[0])
        self._do(pygame.MOUSEBUTTONDOWN, pos=pixels[0], button=1)
        for before, at in pairwise(pixels):
            self._move(before, at)
            self.wait(0)
        self._do(pygame.MOUSEBUTTONUP, pos=pixels[-1], button=1)
        return self.wait(0)

    def hover(self, name: str, *path: Spot) -> Pilot:
        """The pointer without a button."""
        pixels = [self.pixel(name, spot) for spot in path or (MIDDLE,)]
        for before, at in pairwise([pixels[0], *pixels]):
            self._move(before, at)
        return self.wait(0)

    def wheel(self, turns: int, name: str = "floor", spot: Spot = MIDDLE) -> Pilot:
        """The wheel, with the pointer there; up (nearer) is positive."""
        self.hover(name, spot)
        self._do(pygame.MOUSEWHEEL, x=0, y=turns, flipped=False)
        return self.wait(0)

    def touch(self, name: str, *fingers: Sequence[Spot]) -> Pilot:
        """Fingers down at the first spots of their paths, along them together, and up; SDL's mouse events come, too."""
        paths = [[self.pixel(name, spot) for spot in path] for path in fingers]
        assert len({len(path) for path in paths}) == 1
        for finger, path in enumerate(paths):
            self._finger(pygame.FINGERDOWN, finger, path[0])
        for step in range(1, len(paths[0])):
            for finger, path in enumerate(paths):
                self._finger(pygame.FINGERMOTION, finger, path[step])
            self.wait(0)
        for finger, path in enumerate(paths):
            self._finger(pygame.FINGERUP, finger, path[-1])
        return self.wait(0)

    def resize(self, size: Pixel) -> Pilot:
        """The window has another size now."""
        self.surface = opaque(size)
        return self.wait(0)

    def _move(self, before: Pixel, at: Pixel) -> None:
        self._do(pygame.MOUSEMOTION, pos=at, rel=(at[0] - before[0], at[1] - before[1]))

    def _finger(self, kind: int, finger: int, at: Pixel) -> None:
        width, height = self.surface.get_size()
        self._do(kind, finger_id=finger, touch_id=1, x=at[0] / width, y=at[1] / height)
        if finger == 0:
            mouse = {pygame.FINGERDOWN: pygame.MOUSEBUTTONDOWN, pygame.FINGERUP: pygame.MOUSEBUTTONUP}
            self._do(mouse.get(kind, pygame.MOUSEMOTION), pos=at, rel=(0, 0), button=1, touch=True)

    def _do(self, kind: int, **values: object) -> None:
        self._screens.handle(pygame.Event(kind, values))
