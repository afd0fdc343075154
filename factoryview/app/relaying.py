"""The floor laid out anew when the window has got another shape, on a thread: until then the old one stays, scaled.

A live plant goes on meanwhile. Its newest model then takes the floor that was laid out of an earlier one; it is never
waited for that nothing comes, which in a busy plant never is.
"""

from __future__ import annotations

from functools import partial
from threading import Thread

from factoryview import background
from factoryview.app.playback import Playback
from factoryview.view.model import Model

MUCH = 1.25
"""By what factor width ÷ height must have changed."""
_NARROWEST, _WIDEST = 0.45, 4.0
"""Between these a floor is laid out."""


class Relaying:
    """Gives a playback a floor for the shape in which it is seen."""

    def __init__(self, playback: Playback) -> None:
        self._playback = playback
        self._thread: Thread | None = None
        self._made: tuple[Model, Model] | None = None
        """Of which model, and that on another floor. Kept until what comes is of the new floor, for a thread that is
        just making another model of the old one shows that afterwards."""
        self._given: Model | None = None
        """What was shown of it."""
        self._failed = 0.0
        """The shape for which no floor could be laid out."""

    def look(self, aspect: float) -> None:
        """See to it that the floor fits; returns at once. aspect: width ÷ height of its part of the screen."""
        if self._thread is not None and self._thread.is_alive():
            return
        aspect = min(max(aspect, _NARROWEST), _WIDEST)
        self._thread = None
        model = self._with_floor(self._playback.model)
        # what is found out beside the picture is put down at the model there was
        found_out = model.studied is not None and model.lookback is not None
        if found_out and aspect != self._failed and not fits(model.topology.aspect, aspect):
            self._failed, self._made = aspect, None
            self._thread = background.begin(partial(self._lay_out, model, aspect), "relaying")

    def _with_floor(self, model: Model) -> Model:
        """What is shown from now on, on the new floor if there is one for it."""
        if self._made is None:
            return model
        was, made = self._made
        if model.factory is was.factory and model.topology.plan is was.topology.plan:
            model = self._playback.model = self._given = made if model is was else made.with_latest(model.last)
            if model.live:
                return model
        if model is not self._given or not model.live:
            self._made = self._given = None
        return model

    def settle(self) -> None:
        """Wait until what was begun is there."""
        if self._thread is not None:
            self._thread.join()

    def _lay_out(self, model: Model, aspect: float) -> None:
        self._made = model, model.laid_out(aspect)
        self._failed = 0.0


def fits(laid_out: float, seen: float) -> bool:
    """Whether a floor for one shape is good enough for another.

    >>> fits(2.1, 1.9), fits(2.1, 0.7)
    (True, False)
    """
    return max(laid_out / seen, seen / laid_out) <= MUCH
