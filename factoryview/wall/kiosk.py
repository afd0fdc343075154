"""The wall without its window: views in turn on any surface, steered, true, for months.

It is long, for whatever may stand on a wall comes and goes in one order, which can be seen in one place only.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pygame

from factoryview.language import Code, Language
from factoryview.plant.wall_file import Wall
from factoryview.scene.theme import ThemeName
from factoryview.scene.ui.node import Node
from factoryview.wall.boards import empty_boards
from factoryview.wall.buffers import Buffer
from factoryview.wall.clock import WallClock
from factoryview.wall.control import (
    DARKEST,
    Answer,
    Brightness,
    Health,
    Order,
    Picture,
    Reason,
    ShowCode,
    Steering,
)
from factoryview.wall.director import Shot, shots_of, subject_of
from factoryview.wall.layout import wall_layout
from factoryview.wall.memory import trim
from factoryview.wall.panel import Glide, Panel, darken
from factoryview.wall.plants import Closing, Open, PlantOnWall, Speaking, aspect_for, open_playback, path_of
from factoryview.wall.reload import Watch
from factoryview.wall.rotation import adopted, first_turn, left, names_of, steered, turned, upcoming
from factoryview.wall.screen_care import drift_at, is_dark, theme_at
from factoryview.wall.telling import Meeting, Telling
from factoryview.wall.views import Now, Scene

_LONGEST_END = 10.0
"""Seconds that the end of the wall waits for its plants together."""
LEAD = 3.0
"""Seconds before a change in which the next view is drawn."""

_TRIM = 60.0
"""Seconds after which memory that is free is given back, when nothing is to be drawn ahead."""


@dataclass
class WallCounts:
    """What the wall did, for tests and measurements."""

    frames: int = 0
    changes: int = 0
    reloads: int = 0
    late_changes: int = 0
    """Changes of view whose first frame came later than `LATE` after the frame before."""
    trims: int = 0
    """How often memory that was free was given back."""
    longest_change: float = 0.0
    """Seconds from the last frame of a view to the first of the next."""


LATE = 0.1
"""Seconds."""


class Kiosk:
    """Everything of a wall but the window. One thread calls `frame` and `spare`."""

    def __init__(
        self, path: Path, wall: Wall, system: Code, *, clock: WallClock | None = None, remote: Meeting | None = None,
        view: str = "", lang: Code | None = None, open_it: Open = open_playback,
    ) -> None:  # fmt: skip
        """path: of the wall file. system: the language where nobody says one. view: to begin with, by its name. lang:
        which holds whatever the wall file says.
        """
        self.path, self.wall, self.system = path, wall, system
        self.clock = clock or WallClock(ZoneInfo(wall.timezone) if wall.timezone else None)
        self.remote = remote or Meeting(Steering(), Health(), Picture())
        self.counts = WallCounts()
        self.turn = first_turn(wall, self.clock.local(), self.clock.seconds(), view)
        self.brightness = wall.display.brightness
        self.plants: dict[str, PlantOnWall] = {}
        self._closing: list[Closing] = []
        self._open, self._lang = open_it, lang
        self._watch = Watch(path, wall)
        self._size = (0, 0)
        self._shown, self._next = Buffer(), Buffer()
        self._shown_key = self._next_key = (-1, 0)
        """View and shot of each buffer."""
        self._shots: tuple[Shot, ...] = ()
        self._glide: Glide | None = None
        self._due_now = self._refreshed = False
        """It is time for the next view, and it was brought up to date for that: its first frame is quickly there."""
        self._panel = Panel()
        self._telling = Telling(self.remote)
        self._code_until = 0.0
        self._trimmed = self.clock.seconds()
        self._told = ""
        self._told_of: dict[str, str] = {}
        """Plant → the machine that its last story told of."""
        self._empty_of: dict[str, frozenset[str]] = {}
        """Plant → the kinds of boards that have nothing to show."""

    @property
    def tree(self) -> Node:
        """What is seen."""
        return self._shown.tree

    @property
    def view(self) -> str:
        """The name of the view that stands."""
        return names_of(self.wall)[self.turn.view]

    def show_code(self, seconds: float) -> None:
        """Show the code of the phone page for so long."""
        self._code_until = self.clock.seconds() + seconds

    def begin(self) -> None:
        """Look at files that may change."""
        self._watch.begin()

    def stop(self) -> None:
        self._watch.stop()
        closing = [*self._closing, *(plant.stop() for plant in self.plants.values())]
        until = time.monotonic() + _LONGEST_END
        for each in closing:
            each.is_over(max(0.0, until - time.monotonic()))

    def frame(self, surface: pygame.Surface, seconds: float) -> list[pygame.Rect]:
        """The next frame, so many seconds of display after the last; the rectangles that changed."""
        began, now = time.perf_counter(), self._now()
        if surface.get_size() != self._size:
            self._begin_on(surface.get_size())
        self._reload(now)
        self._obey(now)
        for plant in self.plants.values():
            plant.dress(self._theme())
            plant.advance(seconds)
        changed = self._change(now, self.clock.local())
        rects = self._paint(surface, now)
        self.counts.frames += 1
        if changed:
            took = time.perf_counter() - began
            self.counts.changes += 1
            self.counts.longest_change = max(self.counts.longest_change, took)
            self.counts.late_changes += took > LATE
        self._telling.tell(
            surface, self.wall, self.turn, self.plants, brightness=self.brightness, seconds=now.seconds,
            micros=self.clock.micros(),
        )  # fmt: skip
        return rects

    def spare(self, seconds: float) -> None:
        """Use so much spare time to draw what comes next."""
        end = time.perf_counter() + seconds
        while self._next.step() and not self._next.waiting and time.perf_counter() < end:
            pass
        if self._due_now and self._next.ready and not self._refreshed:
            self._next.paint(self._now())
            self._refreshed = True
        if self._next.scene is None and self.clock.seconds() - self._trimmed >= _TRIM:
            self._trimmed = self.clock.seconds()
            trim()
            self.counts.trims += 1

    def forget(self) -> None:
        """What was painted on the display is gone."""
        self._panel.forget()

    # ---- what stands ----

    def _now(self) -> Now:
        seconds = self.clock.seconds()
        over: tuple[Node, ...] = ()
        if seconds < self._code_until and self._size != (0, 0):
            layout = wall_layout(self._size, self.wall.screen, self.wall.distance_of(self.wall.view[self.turn.view]))
            over = self.remote.code(layout, self._language())
        corner = self._watch.said(self._language()) or self._told or self._not_opened()
        return Now(seconds, self.clock.micros(), corner, over)

    def _language(self) -> Language:
        return next((plant.language for plant in self.plants.values()), Language(self.wall.language or self.system))

    def _not_opened(self) -> str:
        """What is wrong with a plant of which a picture stands all the same; empty: nothing."""
        broken = (plant.broken for plant in self.plants.values() if plant.presentation is not None)
        return next((each.said(self._language()) for each in broken if each is not None), "")

    def _theme(self) -> ThemeName:
        return theme_at(self.wall.theme, self.clock.local())

    def _plant_of(self, view: int) -> PlantOnWall:
        return self.plants[self.wall.plant_of(self.wall.view[view]).name]

    def _begin_on(self, size: tuple[int, int]) -> None:
        """A display of another size: everything is laid out anew, the plants stay as they are."""
        self._size = size
        self._shown.drop()
        self._next.drop()
        self._glide = None
        self._panel.forget()
        for plant in self.plants.values():
            plant.fit(aspect_for(self.wall, plant.said, size))
        if not self.plants:
            self._make_plants()

    def _make_plants(self) -> None:
        """Those that the wall file names; those that were there and are the same stay. Whoever recorded what is opened
        now ends before.
        """
        wall, old = self.wall, self.plants
        speaking = Speaking(wall.language, self.system, wall.title if len(wall.plant) == 1 else None)
        self.plants = {}
        for said in wall.plant:
            before = old.get(said.name)
            if before is not None and before.same(said, speaking, low_motion=wall.low_motion):
                self.plants[said.name] = old.pop(said.name)
        self._closing = [each for each in self._closing if not each.is_over()]
        self._closing += [plant.stop() for plant in old.values()]
        for said in wall.plant:
            if said.name not in self.plants:
                path = path_of(said, self.path.parent)
                plant = PlantOnWall(
                    said, self.path.parent, speaking, self._theme(), low_motion=wall.low_motion,
                    now=self.clock.micros(), aspect=aspect_for(wall, said, self._size), open_it=self._open,
                    after=[each for each in self._closing if each.recorded or each.path == path],
                )  # fmt: skip
                plant.begin()
                self.plants[said.name] = plant
        self.plants = {said.name: self.plants[said.name] for said in wall.plant}
        self._watch.follow(wall, {plant.name: plant.path for plant in self.plants.values()})

    def _reload(self, now: Now) -> None:
        """Take what has changed in the files of wall and plants."""
        fresh, changed = self._watch.take()
        if fresh is not None and self._lang is not None:
            fresh = fresh.model_copy(update={"language": self._lang})
        if fresh is not None and fresh != self.wall:
            if fresh.timezone != self.wall.timezone:
                self.clock.zone = ZoneInfo(fresh.timezone) if fresh.timezone else None
            self.turn = adopted(self.wall, fresh, self.turn, self.clock.local(), now.seconds)
            self.wall, self.brightness = fresh, fresh.display.brightness
            self.counts.reloads += 1
            self._make_plants()
            self._glide = None
            self._next.drop()
            if self._shown.scene is not None:
                self._shown.scene.edition = -1
        for name in changed & set(self.plants):
            self.counts.reloads += 1
            self.plants[name].reopen()

    def _obey(self, now: Now) -> None:
        orders: list[Order] = self.remote.steering.take()
        for order in orders:
            if isinstance(order, Brightness):
                self.brightness = order.value
            elif isinstance(order, ShowCode):
                self.show_code(order.seconds)
            elif isinstance(order, Answer | Reason):
                of = f"{order.plant}/" if isinstance(order, Reason) else order.alarm
                for name, plant in self.plants.items():
                    if of.startswith(f"{name}/"):
                        self._told = plant.read_notes()
        self.turn = steered(self.wall, self.turn, orders, self.clock.local(), now.seconds)

    def _change(self, now: Now, local: datetime) -> bool:
        """Let the next view come when it is time and it is drawn; whether one came."""
        if self._shown.scene is None:
            self.turn = turned(self.wall, self.turn, local, now.seconds)
            key = (self.turn.view, 0)
            self._shown.take(self._scene(key), now, patient=False)
            self._shown.finish()
            self._arrive(key, now)
            return False
        if self._glide is not None:
            if self._glide.is_over(now.seconds):
                self._glide = None
                self._swap(now)
            return False
        due = self._due(local, now)
        if due is None:
            return False
        if self._next.scene is None or self._next_key != due or not self._next.scene.holds():
            self._next_key, self._due_now, self._refreshed = due, False, False
            self._next.take(self._scene(due), now)
        stale = not self._shown.scene.holds()
        if not self._next.ready or not (stale or self._is_time(due, local, now)):
            return False
        self._due_now = True
        if not self._refreshed:
            return False
        if due[0] != self.turn.view:
            self.turn = turned(self.wall, self.turn, local, now.seconds)
        if not stale and due[0] == self._shown_key[0] and due != self._shown_key:
            self._glide = Glide(now.seconds, nearer=bool(self._shots[due[1]].stage))
            return False
        self._swap(now)
        return True

    def _due(self, local: datetime, now: Now) -> tuple[int, int] | None:
        """View and shot to be drawn now: what was steered to, what is stale, or what comes soon; None: nothing."""
        assert self._shown.scene is not None
        if self.turn.view != self._shown_key[0]:
            return self.turn.view, 0
        if not self._shown.scene.holds():
            return self._shown_key
        self.turn = replace(self.turn, empty=self._empty())
        rest = left(self.wall, self.turn, local, now.seconds)
        shot = self._shown_key[1]
        if shot + 1 < len(self._shots):
            return (self.turn.view, shot + 1) if self._shot_ends() - now.seconds <= LEAD else None
        if rest <= LEAD:
            following = upcoming(self.wall, self.turn, local)
            return (following, 0) if following != self.turn.view else None
        return None

    def _empty(self) -> frozenset[int]:
        """Boards that have nothing to show, each plant's as it was when it was last seen."""
        scene = self._shown.scene
        if scene is not None and scene.moment is not None and scene.plant.presentation is not None:
            self._empty_of[scene.plant.name] = empty_boards(scene.moment, scene.plant.presentation)
        return frozenset(
            place for place, view in enumerate(self.wall.view)
            if view.kind in self._empty_of.get(self.wall.plant_of(view).name, ())
        )  # fmt: skip

    def _is_time(self, due: tuple[int, int], local: datetime, now: Now) -> bool:
        if self.turn.view != self._shown_key[0]:
            return True
        if due[0] == self.turn.view:
            return now.seconds >= self._shot_ends()
        return left(self.wall, self.turn, local, now.seconds) <= 0

    def _shot_ends(self) -> float:
        """When the shot that is seen is over, on the clock that never jumps."""
        return self.turn.since + sum(shot.seconds for shot in self._shots[: self._shown_key[1] + 1])

    def _scene(self, key: tuple[int, int]) -> Scene:
        view = self.wall.view[key[0]]
        shots = self._shots if key[0] == self._shown_key[0] and key[1] else ()
        shot = shots[key[1]] if key[1] < len(shots) else Shot("", 0.0)
        return Scene(self._plant_of(key[0]), self.wall, view, self._size, stage=shot.stage, seconds=shot.seconds)

    def _swap(self, now: Now) -> None:
        """The next view stands."""
        self._shown, self._next = self._next, self._shown
        self._arrive(self._next_key, now)
        self._next.drop()
        self._due_now = self._refreshed = False

    def _arrive(self, key: tuple[int, int], now: Now) -> None:
        scene = self._shown.scene
        assert scene is not None
        again = key == self._shown_key and scene.floor
        self._shown_key = key
        self._panel.forget()
        scene.begin(now.seconds)
        if key[1] == 0 and not again:
            self._shots = self._story(scene)

    def _story(self, scene: Scene) -> tuple[Shot, ...]:
        """The shots of the view that has just come."""
        seconds, presentation = self.wall.seconds_of(scene.view), scene.plant.presentation
        if scene.view.kind != "whole" or presentation is None or scene.moment is None:
            return (Shot("", seconds),)
        subject = subject_of(scene.moment, presentation.facts.floor.plan, self._told_of.get(scene.plant.name, ""))
        self._told_of[scene.plant.name] = subject
        return shots_of(seconds, subject, low_motion=self.wall.low_motion)

    # ---- the display ----

    def _paint(self, surface: pygame.Surface, now: Now) -> list[pygame.Rect]:
        """Bring the display up to date."""
        scene = self._shown.scene
        assert scene is not None
        wide = self._shown
        if self._glide is not None and not self._glide.nearer:
            wide = self._next
        rects = wide.paint(now) if wide.scene is not None and wide.scene.holds() else []
        dim = DARKEST if is_dark(self.wall.display, self.clock.local()) else self.brightness
        most, drift = self.wall.screen.drift_px, drift_at(now.seconds, self.wall.screen.drift_px)
        offset = (most + drift[0], most + drift[1])
        found = self._panel.lay(surface, wide.canvas, rects, offset, dim, moving=self._glide is not None)
        if self._glide is not None:
            near = self._next if wide is self._shown else self._shown
            self._glide.paint(surface, wide, near, now.seconds, offset)
        darken(surface, found, dim)
        return found
