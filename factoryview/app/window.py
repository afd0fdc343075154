"""The window's loop: events in, frames out, until it is closed."""

from __future__ import annotations

import gc
from collections.abc import Callable

import pygame

from factoryview.app.display import Display, WindowOptions
from factoryview.app.loading import Loading, LoadingScreen, Opened, Progress
from factoryview.app.screen import Screens
from factoryview.scene.theme import ThemeName

FRAMES = 60


def show(load: Callable[[Progress], Opened], options: WindowOptions, theme: ThemeName = "night") -> None:
    """Open a window at once, load behind a progress bar, go on until it is closed.

    load: called on a worker thread. theme: of the progress bar. Errors of loading are raised here. Raises InputError
    where there is no display.
    """
    display = Display(options)
    loading = Loading(load)
    loading.start()
    try:
        _Window(display, loading, Screens(LoadingScreen(loading, theme))).run()
    finally:
        display.close()
        loading.end()
        gc.unfreeze()


class _Window:
    """A display, what is loaded for it, and what it shows."""

    def __init__(self, display: Display, loading: Loading, screens: Screens) -> None:
        self._display, self._loading, self._screens = display, loading, screens
        self._open = True
        self._begun = False

    def run(self) -> None:
        clock = pygame.Clock()
        while self._open:
            seconds = clock.tick(FRAMES) / 1000
            try:
                self._frame(seconds)
            except pygame.error as error:
                if self._display.alive():
                    raise
                self._open = self._display.wait_until_back(error)
                self._screens.forget()

    def _frame(self, seconds: float) -> None:
        for event in self._display.events():
            self._handle(event)
        if not self._begun and not self._loading.is_alive():
            self._begin()
        wishes = self._screens.top.wishes
        while wishes:
            self._grant(wishes.popleft())
        if self._open:
            self._display.present(self._screens.frame(self._display.surface, seconds))

    def _begin(self) -> None:
        """Show what was loaded."""
        if self._loading.error is not None:
            raise self._loading.error
        opened = self._loading.opened
        assert opened is not None, "loading ends with something opened or an error"
        opened.begin()
        gc.freeze()  # to look through all of that for garbage would hold up a frame for some 30 ms again and again
        self._screens.replace(opened.screen(self._display.surface.get_size()))
        self._begun = True

    def _handle(self, event: pygame.Event) -> None:
        if event.type == pygame.QUIT:
            self._open = False
        elif event.type in (pygame.VIDEORESIZE, pygame.WINDOWSIZECHANGED):
            self._display.resized()
        elif event.type in (pygame.WINDOWEXPOSED, pygame.WINDOWRESTORED):
            self._screens.forget()
        else:
            self._screens.handle(event)

    def _grant(self, wish: str) -> None:
        """What a screen asks of the window."""
        if wish == "quit":
            self._open = False
        elif wish == "fullscreen":
            self._display.toggle_fullscreen()
            self._screens.forget()
