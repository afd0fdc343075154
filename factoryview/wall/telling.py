"""What others are told of a wall: its phone page, whoever asks how it is, and who wants its picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pygame

from factoryview import __version__
from factoryview.language import Language
from factoryview.plant.wall_file import Wall
from factoryview.scene.ui.node import Node
from factoryview.wall.alarms import reports_of
from factoryview.wall.control import AlarmReport, Health, Picture, Pixels, PlantReport, Steering
from factoryview.wall.layout import WallLayout
from factoryview.wall.memory import resident_mb
from factoryview.wall.plants import PlantOnWall
from factoryview.wall.rotation import Turn, names_of

_REPORT, _MEMORY = 1.0, 5.0
"""Seconds between two looks at alarms and sources, and at memory."""

ShowsCode = Callable[[WallLayout, Language], tuple[Node, ...]]
"""What shows the code of the phone page."""


@dataclass
class Meeting:
    """Where the loop and its remote meet."""

    steering: Steering
    health: Health
    picture: Picture
    code: ShowsCode = lambda _layout, _language: ()


class Telling:
    """Tells after every frame; what takes longer is looked at now and then."""

    def __init__(self, remote: Meeting) -> None:
        self._remote = remote
        self._looked = self._measured = float("-inf")
        self._memory = 0.0
        self._alarms: tuple[AlarmReport, ...] = ()
        self._events: dict[str, int] = {}

    def tell(
        self, surface: pygame.Surface, wall: Wall, turn: Turn, plants: Mapping[str, PlantOnWall], *, brightness: float,
        seconds: float, micros: int,
    ) -> None:  # fmt: skip
        """A frame is finished, which is on the surface. seconds: on the clock that never jumps. micros: of the wall."""
        if seconds - self._looked >= _REPORT or seconds < self._looked:
            self._looked = seconds
            self._look_at(plants)
        if abs(seconds - self._measured) >= _MEMORY:
            self._measured, self._memory = seconds, resident_mb()
        names = names_of(wall)
        reports = tuple(
            PlantReport(plant.name, plant.head.at, plant.language.zone.key, plant.notes) for plant in plants.values()
        )
        self._remote.health.beat(
            frame_at=micros, view=names[turn.view], views=names, events=self._events, memory_mb=self._memory,
            version=__version__, alarms=self._alarms, plants=reports,
            pinned=names[turn.pinned] if turn.pinned is not None else "", paused=turn.paused, brightness=brightness,
        )  # fmt: skip
        if self._remote.picture.wanted():
            self._remote.picture.keep(Pixels(*surface.get_size(), pygame.image.tobytes(surface, "RGB")))

    def _look_at(self, plants: Mapping[str, PlantOnWall]) -> None:
        alarms: list[AlarmReport] = []
        events: dict[str, int] = {}
        for plant in plants.values():
            if plant.presentation is None:
                continue
            head, model = plant.head, plant.presentation.model
            state = model.state(head.at, head.shown_pace, playing=head.playing, health=plant.health())
            moment = plant.presentation.wording.moment(state)
            blocks = plant.presentation.facts.floor.plan.blocks
            labels = {name: station.label for name, station in zip(blocks, moment.floor.stations, strict=True)}
            alarms += reports_of(plant.name, state, labels, plant.language)
            for source in plant.health().states:
                if source.newest or source.heard:
                    events[f"{plant.name}/{source.name}"] = source.newest or source.heard or 0
        self._alarms, self._events = tuple(alarms), events
