"""The pulse of a wall that is supervised: after finished frames it tells its supervisor which view stands."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, MutableMapping

SUPERVISED = "FACTORYVIEW_WALL_SUPERVISED"
"""The variable of the environment by which a wall knows that its standard output is its supervisor's."""
PAUSE = 1.0
"""Seconds between two beats."""


class SupervisorGone(Exception):
    """Nobody hears the pulse any more: the wall should end too, so that never two run."""


class Pulse:
    """Beats into a pipe. A pipe that is full is no reason to wait."""

    def __init__(self, pipe: int, clock: Callable[[], float] = time.monotonic) -> None:
        """pipe: a file descriptor to write to."""
        self._pipe, self._clock = pipe, clock
        self._beaten = float("-inf")
        os.set_blocking(pipe, False)

    def beat(self, view: str) -> None:
        """A frame is finished. Raises SupervisorGone."""
        now = self._clock()
        if now - self._beaten < PAUSE:
            return
        self._beaten = now
        try:
            os.write(self._pipe, json.dumps(view).encode() + b"\n")
        except BlockingIOError:
            return
        except BrokenPipeError:
            raise SupervisorGone from None


def pulse_from(environment: MutableMapping[str, str]) -> Pulse | None:
    """The pulse of this process, if it is supervised; from then standard output goes where errors go."""
    if environment.pop(SUPERVISED, "") != "1":
        return None
    pipe = os.dup(1)
    os.dup2(2, 1)
    return Pulse(pipe)
