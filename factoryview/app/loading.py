"""While something is being opened: a worker that opens it, and the screen that is seen meanwhile."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import pygame

from factoryview import background
from factoryview.app.screen import Screen
from factoryview.scene.art.art import Art
from factoryview.scene.chrome.loading import loading_tree
from factoryview.scene.theme import ThemeName
from factoryview.scene.themes import THEMES
from factoryview.scene.ui.node import Node

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Opened:
    """What was opened: the screen that shows it, on a surface of a size, and what goes on behind that."""

    screen: Callable[[tuple[int, int]], Screen]
    begin: Callable[[], None]
    stop: Callable[[], None]


class _NotWanted(Exception):
    """The window was closed while its plant was still being read."""


class Loading:
    """Opens something while the window is already there; stops at its next step once it is not `wanted`."""

    def __init__(self, load: Callable[[Progress], Opened]) -> None:
        """load: gets a callback for its progress: the share done (0 to 1) and what is being done."""
        self.share, self.doing = 0.0, ""
        self.wanted = True
        self.opened: Opened | None = None
        self.error: BaseException | None = None
        self._load = load
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to open it. Once."""
        self._thread = background.begin(self._run, "loading", stop=self._want_no_more)

    def is_alive(self) -> bool:
        """Whether it is still being opened."""
        return self._thread is not None and self._thread.is_alive()

    def _want_no_more(self) -> None:
        self.wanted = False

    def _run(self) -> None:
        def tell(share: float, doing: str) -> None:
            self.share, self.doing = share, doing
            if not self.wanted:
                raise _NotWanted

        try:
            self.opened = self._load(tell)
        except Exception as error:  # noqa: BLE001  (handed to the main thread, which raises it)
            self.error = error

    def end(self) -> None:
        """Whatever was opened is not wanted any more."""
        self._want_no_more()
        if self._thread is not None:
            self._thread.join()
        if self.opened is not None:
            self.opened.stop()


class LoadingScreen:
    """A bar that fills."""

    def __init__(self, loading: Loading, theme: ThemeName) -> None:
        self.wishes: deque[str] = deque()
        self.art = Art(THEMES[theme])
        self._loading = loading

    def advance(self, seconds: float) -> None:
        """It does not depend on time."""

    def tree(self, size: tuple[int, int]) -> Node:
        return loading_tree(size, self._loading.share, self._loading.doing)

    def handle(self, event: pygame.Event, tree: Node) -> None:  # noqa: ARG002
        if event.type == pygame.KEYDOWN and event.key in (pygame.K_ESCAPE, pygame.K_q):
            self.wishes.append("quit")
