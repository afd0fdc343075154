"""The window's loop, on SDL's own driver that shows nothing: opening, loading, resizing, losing the display."""

from __future__ import annotations

import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator

import pygame
import pytest

from factoryview.app import display as displays
from factoryview.app.display import Display, WindowOptions, faster_way
from factoryview.app.loading import Opened, Progress
from factoryview.app.window import show
from factoryview.errors import InputError, UsageError
from factoryview.scene.art.art import Art
from factoryview.scene.chrome.loading import Blank
from factoryview.scene.themes import NIGHT
from factoryview.scene.ui.node import Node

Step = Callable[["Fake"], None]


class Fake:
    """A screen that does one step of a script in every frame, and then quits."""

    def __init__(self, size: tuple[int, int], script: list[Step]) -> None:
        self.wishes: deque[str] = deque()
        self.art = Art(NIGHT)
        self.sizes = [size]
        self.handled: list[int] = []
        self._script = iter(script)

    def advance(self, seconds: float) -> None:  # noqa: ARG002
        step = next(self._script, None)
        if step is None:
            self.wishes.append("quit")
        else:
            step(self)

    def tree(self, size: tuple[int, int]) -> Node:
        self.sizes.append(size)
        ground = Node("ground", pygame.Rect((0, 0), size), Blank())
        return Node("screen", ground.rect, children=(ground,))

    def handle(self, event: pygame.Event, tree: Node) -> None:
        assert tree.children
        self.handled.append(event.type)


@pytest.fixture(autouse=True)
def _no_window_stays() -> Iterator[None]:
    yield
    pygame.display.quit()


def shown(*script: Step, fullscreen: bool = False) -> tuple[Fake, list[str]]:
    """The screen after its script, and what became of what it shows."""
    screens: list[Fake] = []
    life: list[str] = []

    def load(progress: Progress) -> Opened:
        progress(0.5, "half")

        def screen(size: tuple[int, int]) -> Fake:
            screens.append(Fake(size, list(script)))
            return screens[-1]

        return Opened(screen, lambda: life.append("begun"), lambda: life.append("stopped"))

    show(load, WindowOptions((320, 200), fullscreen))
    return screens[0], life


def test_it_loads_shows_and_stops_what_it_shows() -> None:
    screen, life = shown(lambda _: None)
    assert life == ["begun", "stopped"]
    assert set(screen.sizes) == {(320, 200)}
    assert not pygame.display.get_init()


def test_an_error_of_loading_is_raised_and_the_window_closed() -> None:
    def load(_: Progress) -> Opened:
        raise UsageError("no")

    with pytest.raises(UsageError, match="no"):
        show(load, WindowOptions((320, 200)))
    assert not pygame.display.get_init()


def test_escape_and_closing_end_it_while_it_loads() -> None:
    for event in (pygame.Event(pygame.QUIT), pygame.Event(pygame.KEYDOWN, key=pygame.K_ESCAPE, mod=0, unicode="")):
        held, seen = threading.Event(), []

        def load(progress: Progress, held: threading.Event = held, seen: list[str] = seen) -> Opened:
            pygame.event.post(event)  # noqa: B023  (it is loaded before the next event)
            while True:
                held.wait(0.01)
                seen.append("step")
                progress(0.1, "")

        show(load, WindowOptions((320, 200)))
        assert seen


def test_keys_reach_the_screen_and_closing_ends_it() -> None:
    keys = pygame.Event(pygame.KEYDOWN, key=pygame.K_a, mod=0, unicode="a")
    screen, _ = shown(lambda _: pygame.event.post(keys), lambda _: None)
    assert pygame.KEYDOWN in screen.handled
    forever = [lambda _: None] * 1_000
    screen, life = shown(lambda _: pygame.event.post(pygame.Event(pygame.QUIT)), *forever)
    assert life == ["begun", "stopped"]
    assert len(screen.sizes) < 100


def test_a_window_of_another_size_and_full_screen_and_back() -> None:
    def resize(_: Fake) -> None:
        pygame.display.set_mode((200, 10), pygame.RESIZABLE)
        pygame.event.post(pygame.Event(pygame.VIDEORESIZE, size=(200, 10), w=200, h=10))

    def toggle(screen: Fake) -> None:
        screen.wishes.append("fullscreen")

    def wait(_: Fake) -> None:
        """Let the next frame come."""

    screen, _ = shown(resize, wait, toggle, wait, toggle, wait)
    sizes = list(dict.fromkeys(screen.sizes))
    desktop = pygame.display.get_desktop_sizes()[0] if pygame.display.get_init() else sizes[2]
    assert sizes[:2] == [(320, 200), (200, 10)]
    assert sizes[2] == desktop
    assert screen.sizes[-1] == (200, 10)


def test_a_display_that_is_gone_is_waited_for_and_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(displays, "_AGAIN", 0.01)
    refused = 3

    def lose(_: Fake) -> None:
        pygame.display.quit()

    def refuse(*arguments: object) -> pygame.Surface:
        nonlocal refused
        refused -= 1
        if refused >= 0:
            raise pygame.error("no display")
        return set_mode(*arguments)  # type: ignore[arg-type]

    set_mode = pygame.display.set_mode
    forever: list[Step] = [lambda _: monkeypatch.setattr(pygame.display, "set_mode", refuse), lose]
    screen, life = shown(*forever, lambda _: None, lambda _: None)
    assert life == ["begun", "stopped"]
    assert refused < 0
    assert len(screen.sizes) >= 4
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 2
    assert "the display is gone" in said[0]
    assert "back" in said[1]


def test_a_window_whose_display_never_comes_back_ends_with_that(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(displays, "_AGAIN", 0.01)
    monkeypatch.setattr(displays, "_PATIENCE", 0.05)

    def lose(_: Fake) -> None:
        pygame.display.quit()

        def refuse(*_: object) -> None:
            raise pygame.error("no display")

        monkeypatch.setattr(pygame.display, "set_mode", refuse)

    with pytest.raises(InputError, match="does not come back"):
        shown(lose, lambda _: None)


def test_a_mistake_in_drawing_is_not_told_as_a_missing_display() -> None:
    def wrong(_: Fake) -> None:
        raise pygame.error("width must not be negative")

    with pytest.raises(pygame.error, match="negative"):
        shown(wrong)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have a display of their own")
def test_no_display_is_said_with_a_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "x11")
    monkeypatch.delenv("DISPLAY", raising=False)
    pygame.display.quit()
    with pytest.raises(InputError, match=r"no window can be opened here .* render"):
        Display(WindowOptions())


def test_the_way_of_presenting_is_measured_at_the_start() -> None:
    display = Display(WindowOptions((320, 200)))
    assert display.way in ("flip", "update")
    slow = {"flip": 0.003, "update": 0.0}

    def waiting(name: str) -> Callable[..., None]:
        return lambda *_: threading.Event().wait(slow[name]) and None

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pygame.display, "flip", waiting("flip"))
        patch.setattr(pygame.display, "update", waiting("update"))
        assert faster_way(display.surface) == "update"
        slow.update(flip=0.0, update=0.003)
        assert faster_way(display.surface) == "flip"


@pytest.mark.parametrize(("driver", "asked", "found"), [("x11", None, "0"), ("x11", "1", "1"), ("wayland", None, None)])
def test_on_x11_the_window_is_no_texture_unless_somebody_wants_that(
    driver: str, asked: str | None, found: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "SDL_FRAMEBUFFER_ACCELERATION"
    monkeypatch.setenv(name, asked or "")
    if asked is None:
        monkeypatch.delenv(name)
    monkeypatch.setattr(pygame.display, "get_driver", lambda: driver)
    Display(WindowOptions((320, 200)))
    assert os.environ.get(name) == found


@pytest.mark.parametrize("way", ["flip", "update"])
def test_only_frames_that_changed_are_presented(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    display = Display(WindowOptions((320, 200)))
    display.way = way  # type: ignore[assignment]
    calls: list[object] = []
    monkeypatch.setattr(pygame.display, "flip", lambda: calls.append("flip"))
    monkeypatch.setattr(pygame.display, "update", lambda rects: calls.append(list(rects)))
    display.present([])
    assert calls == []
    display.present([pygame.Rect(1, 1, 2, 2)])
    assert calls == (["flip"] if way == "flip" else [[pygame.Rect(1, 1, 2, 2)]])
