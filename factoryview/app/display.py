"""The window on the display: opened, resized, gone and back, and how a frame gets onto it."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

import pygame

from factoryview.app.menu import NAME
from factoryview.errors import InputError
from factoryview.language.said import said
from factoryview.resources import asset

_UNSEEN = ("offscreen", "dummy")
"""What SDL falls back on when no display answers: windows that nobody would ever see."""
_ACCELERATED = "SDL_FRAMEBUFFER_ACCELERATION"
"""Whether SDL brings the surface to the window as a texture. On X11 memory shared with the server is as good where
there is a graphics card, and where there is none a texture is painted by the processor, the whole window every time.
"""
_AGAIN = 1.0
"""Seconds between two tries to have the display back."""
_PATIENCE = 60.0
"""Seconds after which a window on a desk is given up; what fills a screen waits for ever."""
_TRIES = 8
"""Times that each way of presenting is measured."""

Way = Literal["flip", "update"]


@dataclass(frozen=True)
class WindowOptions:
    """What is asked of the window."""

    size: tuple[int, int] | None = None
    fullscreen: bool = False
    title: str = "factoryview"
    language: Literal["de", "en"] = "en"
    """Of what is said on the console."""


class Display:
    """One window. Every error of SDL is reported as what it is."""

    def __init__(self, options: WindowOptions) -> None:
        """Open it. Raises InputError where there is no display."""
        self.options = options
        self.fullscreen = options.fullscreen
        self._windowed = options.size
        self._place: tuple[int, int] | None = None
        try:
            self.surface = self._opened()
        except pygame.error as error:
            raise InputError(
                said("error.no_window", why=error),
                cure=said("error.picture_instead"),
            ) from error
        self.way: Way = faster_way(self.surface)

    def events(self) -> Iterator[pygame.Event]:
        """What happened to the window and to its keys and pointer."""
        yield from pygame.event.get()

    def present(self, rects: Sequence[pygame.Rect]) -> None:
        """Show what was painted in these rectangles."""
        if not rects:
            return
        if self.way == "flip":
            pygame.display.flip()
        else:
            pygame.display.update(rects)

    def resized(self) -> None:
        """Take the surface that the window has now."""
        surface = pygame.display.get_surface()
        if surface is not None:
            self.surface = surface

    def toggle_fullscreen(self) -> None:
        """Fill the screen, or come back as it was."""
        if not self.fullscreen:
            self._windowed = self.surface.get_size()
            self._place = pygame.display.get_window_position()
        self.fullscreen = not self.fullscreen
        self.surface = self._set_mode()
        if not self.fullscreen and self._place is not None:
            pygame.display.set_window_position(self._place)

    def alive(self) -> bool:
        """Whether there is a window to paint on."""
        return pygame.display.get_init() and pygame.display.get_surface() is not None

    def wait_until_back(self, why: pygame.error, *, still_wanted: Callable[[], bool] = lambda: True) -> bool:
        """After SDL has lost the display: have a window again, as soon as there is one. False: no longer wanted.

        Raises InputError if it does not come back; a full screen is waited for without end.
        """
        self._say("display.gone", why=why)
        since = time.monotonic()
        while still_wanted():
            try:
                pygame.display.quit()
                self.surface = self._opened()
                self._say("display.back")
                return True
            except pygame.error as error:
                if not self.fullscreen and time.monotonic() - since > _PATIENCE:
                    raise InputError(said("error.display_gone", why=error)) from error
            time.sleep(_AGAIN)
        return False

    def close(self) -> None:
        """No window any more."""
        pygame.display.quit()

    def _say(self, key: str, **values: object) -> None:
        from factoryview.language import Language  # what a window needs only then, it does not wait for at first

        print(f"factoryview: {Language(self.options.language).text(key, **values)}", file=sys.stderr)

    def _opened(self) -> pygame.Surface:
        for variable in ("SDL_VIDEO_X11_WMCLASS", "SDL_VIDEO_WAYLAND_WMCLASS"):
            os.environ.setdefault(variable, NAME)
        pygame.display.init()
        if pygame.display.get_driver() in _UNSEEN and "SDL_VIDEODRIVER" not in os.environ:
            pygame.display.quit()
            raise pygame.error("the display does not answer")
        if pygame.display.get_driver() == "x11":
            os.environ.setdefault(_ACCELERATED, "0")
        pygame.font.init()
        pygame.display.set_caption(self.options.title)
        pygame.display.set_icon(pygame.image.load_sized_svg(str(asset("desktop", f"{NAME}.svg")), (128, 128)))
        surface = self._set_mode()
        pygame.mouse.set_visible(not self.options.fullscreen)
        pygame.display.set_allow_screensaver(not self.options.fullscreen)
        return surface

    def _set_mode(self) -> pygame.Surface:
        if self.fullscreen:
            return pygame.display.set_mode(self.options.size or (0, 0), pygame.FULLSCREEN)
        width, height = pygame.display.get_desktop_sizes()[0]
        usual = (min(1920, round(width * 0.9)), min(1080, round(height * 0.85)))
        return pygame.display.set_mode(self._windowed or usual, pygame.RESIZABLE)


def faster_way(surface: pygame.Surface) -> Way:
    """Whether this display shows a frame faster as a whole or in those parts that usually change; measured now.

    The parts are those of a floor with a still camera: some forty pieces, a sixth of the surface.
    """
    width, height = surface.get_size()
    parts = [
        pygame.Rect(width * column // 8, height * row // 5, max(1, width // 12), max(1, height // 20))
        for column in range(8)
        for row in range(5)
    ]

    def seconds(show: Callable[[], None]) -> float:
        began = time.perf_counter()
        show()
        return time.perf_counter() - began

    flips, updates = [], []
    for _ in range(_TRIES):
        flips.append(seconds(pygame.display.flip))
        updates.append(seconds(lambda: pygame.display.update(parts)))
    return "flip" if median(flips) < median(updates) else "update"
