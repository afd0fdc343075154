"""What a window shows over time: a log that is replayed, or a plant that is live."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from factoryview import background
from factoryview.language import Language
from factoryview.plant.files import load_plant
from factoryview.view.health import SILENT, FeedHealth
from factoryview.view.model import Model


class Playback(Protocol):
    """What a `PlantScreen` plays. Every method is quick."""

    language: Language
    """What it speaks at first."""

    model: Model
    """The latest; another one when more has come."""

    def begin(self) -> None:
        """Somebody looks from now on."""

    def now(self) -> int | None:
        """The clock of a live plant, µs UTC; None: a log that has ended."""

    def health(self) -> FeedHealth:
        """How the live sources are."""

    def look(self, at: int, pace: float) -> None:
        """The moment somebody looks at, and data µs per second: what is needed then and next should be at hand."""

    def stop(self) -> None:
        """Nobody looks any more."""


def is_live(path: Path) -> bool:
    """Whether an input is the file of a plant with live sources."""
    return path.suffix == ".toml" and bool(load_plant(path).feeds)


class Replay:
    """A log, from its first to its last moment; its verdict is found while it plays."""

    def __init__(self, model: Model, language: Language) -> None:
        self.model, self.language = model, language

    def begin(self) -> None:
        background.begin(self._look, "verdict")

    def _look(self) -> None:
        self.model.study()
        if not background.ending():
            self.model.look_back()

    def now(self) -> int | None:
        return None

    def health(self) -> FeedHealth:
        return SILENT

    def look(self, at: int, pace: float) -> None:
        self.model.look_ahead(at, pace)

    def stop(self) -> None:
        """Nothing to do."""
