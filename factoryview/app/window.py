"""The window: a plant that plays, and what keys and mouse do to it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

import pygame

from factoryview.app.playback import Playback
from factoryview.scene.chrome.loading import paint_loading
from factoryview.scene.chrome.timeline import bars_of, scale_of
from factoryview.scene.floor.camera import Camera
from factoryview.scene.painter import SMALLEST_TEXT, Painter
from factoryview.scene.theme import DAY, NIGHT, Theme
from factoryview.scene.ui.composition import Composition, composed
from factoryview.view.model import Model
from factoryview.view.playhead import Playhead, usual_pace
from factoryview.view.presentation import Presentation

FRAMES = 60
_ZOOM = 1.15
_UNSEEN = ("offscreen", "dummy")
"""What SDL falls back on when no display answers: windows that nobody would ever see."""


@dataclass(frozen=True)
class ShowOptions:
    """How a plant is shown."""

    size: tuple[int, int] | None = None
    fullscreen: bool = False
    theme: Theme = NIGHT
    seconds_per_day: float | None = None
    start: int | None = None
    loop: bool = False
    paused: bool = False
    title: str | None = None
    low_motion: bool = False
    smallest_text: float = SMALLEST_TEXT
    """Size below which text on the floor is left out, as a share of the screen's height."""


class Show:
    """One plant on one surface: playhead, camera and painter. No window of its own, so that it can be tested."""

    def __init__(self, playback: Playback, surface: pygame.Surface, options: ShowOptions) -> None:
        self.playback = playback
        model = playback.model
        self.presentation = Presentation(model, playback.language, title=options.title)
        self.surface = surface
        self.options = options
        pace = 86_400e6 / options.seconds_per_day if options.seconds_per_day else None
        first, last = model.first, model.last
        self.playhead = Playhead(
            options.start if options.start is not None else first,
            pace or usual_pace(last - first),
            first,
            last,
            playing=not options.paused,
            loop=options.loop,
        )
        if playback.now() is not None and options.start is None:
            self.playhead = self.playhead.to_live()
        self.painter = self._painter(options.theme)
        self.camera = self.whole_floor()
        self.running = True
        self._grabbed: str | None = None

    @property
    def screen(self) -> Composition:
        return composed(self.surface.get_size())

    @property
    def model(self) -> Model:
        """What is shown of the playback."""
        return self.presentation.model

    def _painter(self, theme: Theme) -> Painter:
        options = self.options
        return Painter(
            self.presentation.facts, theme, smallest_text=options.smallest_text, low_motion=options.low_motion
        )

    def whole_floor(self) -> Camera:
        """The camera that sees everything."""
        plan = self.model.topology.plan
        return Camera.fit(plan.width, plan.height, self.screen.floor)

    def frame(self, seconds: float) -> list[pygame.Rect]:
        """Advance by so many seconds of display and paint; what changed."""
        if self.playback.model is not self.model:
            self._renew(self.playback.model)
        self.playhead = head = self.playhead.advanced(seconds, self.playback.now())
        self.playback.look(head.at, head.shown_pace)
        health = self.playback.health()
        moment = self.presentation.moment(head.at, head.shown_pace, playing=head.playing, health=health)
        return self.painter.paint(self.surface, moment, self.camera)

    def _renew(self, model: Model) -> None:
        """Go on with what has come since; on another floor the camera sees all of it."""
        same = model.topology.plan is self.model.topology.plan
        self.presentation = self.presentation.of(model)
        self.playhead = self.playhead.extended(model.first, model.last)
        if same:
            self.painter.renew(self.presentation.facts)
        else:
            self.painter = self._painter(self.painter.art.theme)
            self.camera = self.whole_floor()

    def resized(self, surface: pygame.Surface) -> None:
        """Go on on another surface."""
        self.surface = surface
        self.camera = self.whole_floor()

    def handle(self, event: pygame.Event) -> None:
        """One key, click or turn of the wheel."""
        if event.type == pygame.QUIT:
            self.running = False
        elif event.type == pygame.KEYDOWN:
            self._key(event.key)
        elif event.type == pygame.MOUSEWHEEL:
            self.camera = self.camera.zoomed(_ZOOM**event.y, pygame.mouse.get_pos())
        elif event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            self._press(event.pos)
        elif event.type == pygame.MOUSEBUTTONUP and event.button == 1:
            self._grabbed = None
        elif event.type == pygame.MOUSEMOTION and self._grabbed == "timeline":
            self._seek(event.pos[0])
        elif event.type == pygame.MOUSEMOTION and self._grabbed == "floor":
            self.camera = self.camera.panned(event.rel)

    def _key(self, key: int) -> None:
        step = self.model.counts.history.width
        head = self.playhead
        if key in (pygame.K_ESCAPE, pygame.K_q):
            self.running = False
        elif key == pygame.K_SPACE:
            self.playhead = head.toggled()
        elif key in (pygame.K_PLUS, pygame.K_KP_PLUS, pygame.K_EQUALS):
            self.playhead = head.faster()
        elif key in (pygame.K_MINUS, pygame.K_KP_MINUS):
            self.playhead = head.faster(-1)
        elif key in (pygame.K_LEFT, pygame.K_RIGHT):
            self.playhead = head.sought(head.at + (step if key == pygame.K_RIGHT else -step))
        elif key in (pygame.K_l, pygame.K_END) and self.playback.now() is not None:
            self.playhead = head.to_live()
        elif key in (pygame.K_HOME, pygame.K_END):
            self.playhead = head.sought(head.first if key == pygame.K_HOME else head.last)
        elif key == pygame.K_0:
            self.camera = self.whole_floor()
        elif key == pygame.K_t:
            theme = DAY if self.painter.art.theme is NIGHT else NIGHT
            self.painter = self._painter(theme)
        elif key == pygame.K_F12:
            pygame.image.save(self.surface, f"factoryview-{self.playhead.at // 1_000_000}.png")

    def _press(self, pixel: tuple[int, int]) -> None:
        screen = self.screen
        if screen.timeline.collidepoint(pixel):
            if pixel[0] < bars_of(screen).x:
                self.playhead = self.playhead.toggled()
            else:
                self._grabbed = "timeline"
                self._seek(pixel[0])
        elif not screen.header.collidepoint(pixel):
            self._grabbed = "floor"

    def _seek(self, column: int) -> None:
        self.playhead = self.playhead.sought(scale_of(self.presentation.facts, self.screen).moment(column))


class _NotWanted(Exception):
    """The window was closed while its plant was still being read."""


class _Loading(threading.Thread):
    """Opens a plant while the window is already there; stops at its next step once it is not `wanted`."""

    def __init__(self, open_playback: Callable[[Callable[[float, str], None]], Playback]) -> None:
        super().__init__(daemon=True)
        self.share, self.doing = 0.0, ""
        self.wanted = True
        self.playback: Playback | None = None
        self.error: BaseException | None = None
        self._open = open_playback

    def run(self) -> None:
        def tell(share: float, doing: str) -> None:
            self.share, self.doing = share, doing
            if not self.wanted:
                raise _NotWanted

        try:
            self.playback = self._open(tell)
        except Exception as error:  # noqa: BLE001  (handed to the main thread, which raises it)
            self.error = error


def show(
    open_playback: Callable[[Callable[[float, str], None]], Playback],
    options: ShowOptions,
    make_start: Callable[[Model], int | None] = lambda _model: None,
) -> None:
    """Open a window at once, load behind a progress bar, play until it is closed.

    open_playback: called on a worker thread with a progress function. make_start: the first moment shown.
    Errors of loading are raised here. Raises pygame.error where no window can be had.
    """
    pygame.display.init()
    if pygame.display.get_driver() in _UNSEEN and "SDL_VIDEODRIVER" not in os.environ:
        pygame.display.quit()
        raise pygame.error("the display does not answer")
    pygame.font.init()
    pygame.display.set_caption(options.title or "factoryview")
    surface = _window(options)
    loading = _Loading(open_playback)
    loading.start()
    clock = pygame.Clock()
    try:
        while loading.is_alive():
            if any(event.type == pygame.QUIT or _is_escape(event) for event in pygame.event.get()):
                return
            paint_loading(surface, options.theme, loading.share, loading.doing)
            pygame.display.flip()
            clock.tick(30)
        if loading.error is not None:
            raise loading.error
        assert loading.playback is not None, "loading ends with a playback or an error"
        loading.playback.begin()
        start = make_start(loading.playback.model)
        _play(Show(loading.playback, surface, replace(options, start=start)), clock)
    finally:
        pygame.display.quit()
        loading.wanted = False
        loading.join()
        if loading.playback is not None:
            loading.playback.stop()


def _play(running: Show, clock: pygame.Clock) -> None:
    pygame.mouse.set_visible(not running.options.fullscreen)
    while running.running:
        seconds = clock.tick(FRAMES) / 1000
        for event in pygame.event.get():
            if event.type == pygame.KEYDOWN and (
                event.key == pygame.K_F11 or (event.key == pygame.K_RETURN and event.mod & pygame.KMOD_ALT)
            ):
                pygame.display.toggle_fullscreen()
            elif event.type == pygame.VIDEORESIZE and (surface := pygame.display.get_surface()) is not None:
                running.resized(surface)
            else:
                running.handle(event)
        pygame.display.update(running.frame(seconds))


def _is_escape(event: pygame.Event) -> bool:
    return event.type == pygame.KEYDOWN and event.key == pygame.K_ESCAPE


def _window(options: ShowOptions) -> pygame.Surface:
    if options.fullscreen:
        return pygame.display.set_mode(options.size or (0, 0), pygame.FULLSCREEN)
    width, height = pygame.display.get_desktop_sizes()[0]
    size = options.size or (min(1920, round(width * 0.9)), min(1080, round(height * 0.85)))
    return pygame.display.set_mode(size, pygame.RESIZABLE)
