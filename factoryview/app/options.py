"""How a plant is shown at first, and where it begins to play."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pygame

from factoryview.app.settings import Settings
from factoryview.export.captions import Caption
from factoryview.plant.scenario_file import Scenario
from factoryview.scene.painter import SMALLEST_TEXT
from factoryview.scene.theme import ThemeName
from factoryview.view.model import Model
from factoryview.view.playhead import Playhead, usual_pace


@dataclass(frozen=True)
class PlantOptions:
    """How a plant is shown at first."""

    theme: ThemeName = "night"
    seconds_per_day: float | None = None
    start: int | None = None
    loop: bool = False
    paused: bool = False
    title: str | None = None
    low_motion: bool = False
    large_text: bool = False
    smallest_text: float = SMALLEST_TEXT
    """Size below which text on the floor is left out, as a share of the screen's height."""
    scenarios: tuple[Scenario, ...] = ()
    """What would be changed, to be at hand."""
    captions: tuple[Caption, ...] = ()
    """Of films that are made in the window."""
    logo: pygame.Surface | None = None
    settings: Settings = field(default_factory=Settings)
    """What the user has chosen so far."""
    keep: Callable[[Settings], None] = lambda _settings: None
    """Keeps what the user chooses now; raises OSError where that cannot be."""

    def playhead(self, model: Model, *, live: bool) -> Playhead:
        """Where a model begins to play, and how fast: that what is known of it lasts. One that is live as it is now."""
        first, last = model.first, model.last
        known = last if model.until is None else model.until
        pace = 86_400e6 / self.seconds_per_day if self.seconds_per_day else usual_pace(known - first)
        at = self.start if self.start is not None else first
        head = Playhead(at, pace, first, last, playing=not self.paused, loop=self.loop, until=model.until)
        return head.to_live() if live and self.start is None else head
