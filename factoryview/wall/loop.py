"""The wall in its window: waits for a display, shows frames until it is closed, is back when the display was away."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import pygame

from factoryview.app.display import Display, WindowOptions
from factoryview.errors import InputError
from factoryview.language import Language
from factoryview.scene.art.art import Art
from factoryview.scene.chrome.loading import loading_tree
from factoryview.scene.theme import ThemeName
from factoryview.scene.themes import THEMES
from factoryview.scene.ui.compositor import Compositor

FRAMES = 30
"""Frames a second: what moves on a wall moves slowly."""
_AGAIN = 1.0
"""Seconds between two tries to have a display."""
_RESERVE = 0.004
"""Seconds of a frame that are left alone when the next view is drawn in what is spare."""


@dataclass(frozen=True)
class LoopOptions:
    """How the wall is shown."""

    window: WindowOptions
    theme: ThemeName = "night"
    """Of the first picture."""
    seconds: float | None = None
    """End after so long; None: never."""


class Shown(Protocol):
    """What fills the window: a wall, or its test card."""

    def begin(self) -> None:
        """It is shown from now on."""

    def frame(self, surface: pygame.Surface, seconds: float) -> list[pygame.Rect]:
        """The next frame, so many seconds after the last; the rectangles that changed."""

    def spare(self, seconds: float) -> None:
        """Time to prepare what comes next."""

    def forget(self) -> None:
        """What was painted is gone."""

    def stop(self) -> None:
        """It is shown no more."""


class Care(Protocol):
    """Who looks after a loop."""

    leaving: bool
    """The loop should end."""

    def after_frame(self) -> None:
        """A frame is finished."""

    def alive(self) -> None:
        """There is no display, and it is being waited for."""


class _Nobody:
    """Looks after nothing."""

    leaving = False

    def after_frame(self) -> None:
        return

    def alive(self) -> None:
        return


def show_wall(make: Callable[[], Shown], options: LoopOptions, care: Care | None = None) -> None:
    """Until it is closed, or its time is over. make: called when the first picture is there, which says since when data
    is waited for.
    """
    care = care or _Nobody()
    until = time.monotonic() + options.seconds if options.seconds is not None else float("inf")
    display = _awaited(options.window, until, care)
    if display is None:
        return
    try:
        _first_picture(display, options)
        kiosk = make()
        kiosk.begin()
        try:
            _Loop(display, kiosk, until, care).run()
        finally:
            kiosk.stop()
    finally:
        display.close()


def _first_picture(display: Display, options: LoopOptions) -> None:
    """Something true, before what takes longer."""
    words = Language(options.window.language).text("kiosk.waiting", time=f"{datetime.now().astimezone():%H:%M}")
    tree = loading_tree(display.surface.get_size(), 0.0, words)
    display.present(Compositor().paint(display.surface, tree, Art(THEMES[options.theme])))


def _awaited(window: WindowOptions, until: float, care: Care) -> Display | None:
    """A display as soon as there is one; None: the time is over. A window on a desk is not waited for."""
    told = False
    while time.monotonic() < until and not care.leaving:
        try:
            return Display(window)
        except InputError as error:
            if not window.fullscreen:
                raise
            if not told:
                told = True
                words = Language(window.language).text("kiosk.no_display", why=error.what)
                print(f"factoryview: {words}", file=sys.stderr)
            care.alive()
            time.sleep(_AGAIN)
    return None


class _Loop:
    """A display and what it shows."""

    def __init__(self, display: Display, kiosk: Shown, until: float, care: Care) -> None:
        self._display, self._kiosk, self._until, self._care = display, kiosk, until, care
        self._open = True

    def run(self) -> None:
        clock = pygame.Clock()
        while self._open and not self._care.leaving and time.monotonic() < self._until:
            seconds = clock.tick(FRAMES) / 1000
            try:
                self._frame(seconds)
            except pygame.error as error:
                if self._display.alive():
                    raise
                self._open = self._display.wait_until_back(error, still_wanted=self._still_wanted)
                self._kiosk.forget()

    def _frame(self, seconds: float) -> None:
        began = time.perf_counter()
        for event in self._display.events():
            self._handle(event)
        self._display.present(self._kiosk.frame(self._display.surface, seconds))
        self._care.after_frame()
        self._kiosk.spare(max(0.0, 1 / FRAMES - _RESERVE - (time.perf_counter() - began)))

    def _still_wanted(self) -> bool:
        self._care.alive()
        return not self._care.leaving

    def _handle(self, event: pygame.Event) -> None:
        if event.type == pygame.QUIT or (event.type == pygame.KEYDOWN and event.key in (pygame.K_ESCAPE, pygame.K_q)):
            self._open = False
        elif event.type == pygame.KEYDOWN and event.key in (pygame.K_F11,):
            self._display.toggle_fullscreen()
            self._kiosk.forget()
        elif event.type in (pygame.VIDEORESIZE, pygame.WINDOWSIZECHANGED):
            self._display.resized()
        elif event.type in (pygame.WINDOWEXPOSED, pygame.WINDOWRESTORED):
            self._kiosk.forget()
