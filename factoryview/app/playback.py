"""What a window shows over time: a log that is replayed, or a plant that is live."""

from __future__ import annotations

import threading
from typing import Protocol

from factoryview.view.health import SILENT, Pulse
from factoryview.view.present import Presenter


class Playback(Protocol):
    """What `Show` plays. Every method is quick."""

    @property
    def presenter(self) -> Presenter:
        """The latest; another one when more has come."""

    def begin(self) -> None:
        """Somebody looks from now on."""

    def now(self) -> int | None:
        """The clock of a live plant, µs UTC; None: a log that has ended."""

    def pulse(self) -> Pulse:
        """How the live sources are."""

    def look(self, at: int) -> None:
        """The moment somebody looks at: what is needed for it should be at hand."""

    def stop(self) -> None:
        """Nobody looks any more."""


class Replay:
    """A log, from its first to its last moment; its verdict is found while it plays."""

    def __init__(self, presenter: Presenter) -> None:
        self.presenter = presenter

    def begin(self) -> None:
        threading.Thread(target=self.presenter.study, daemon=True).start()

    def now(self) -> int | None:
        return None

    def pulse(self) -> Pulse:
        return SILENT

    def look(self, at: int) -> None:
        """Nothing to do: the presenter keeps the windows of a log."""

    def stop(self) -> None:
        """Nothing to do."""
