"""After each frame: the pulse, and memory above the ceiling only between views."""

from __future__ import annotations

import os

import pytest

from factoryview.wall.control import Health
from factoryview.wall.keeping.caretaker import EARLIEST, Caretaker
from factoryview.wall.keeping.pulse import Pulse
from factoryview.wall.keeping.supervisor import AGAIN


class Loop:
    """A loop whose clock and memory are set by hand. `hears` is its supervisor's end."""

    def __init__(self, *, supervised: bool = True) -> None:
        self.now = 0.0
        self.health = Health()
        self.hears, self._tells = os.pipe()
        pulse = Pulse(self._tells, lambda: self.now) if supervised else None
        self.care = Caretaker(self.health, pulse=pulse, ceiling_mb=lambda: 500, clock=lambda: self.now)

    def frame(self, now: float, view: str, memory: float) -> bool:
        """Whether the loop is asked to end."""
        self.now = now
        self.health.beat(frame_at=0, view=view, views=("a", "b"), events={}, memory_mb=memory, version="1")
        self.care.after_frame()
        return self.care.leaving

    def close(self) -> None:
        for end in (self.hears, self._tells):
            os.close(end)


@pytest.fixture
def loop() -> Loop:
    return Loop()


def test_it_begins_anew_when_memory_is_above_the_ceiling_and_only_between_views(loop: Loop) -> None:
    asked = [
        loop.frame(now, view, memory)
        for now, view, memory in (
            (0.0, "a", 600), (1.0, "b", 600), (EARLIEST + 1, "b", 600), (EARLIEST + 2, "a", 400),
            (EARLIEST + 3, "a", 600),
        )
    ]  # fmt: skip
    assert (asked, loop.care.exit_status) == ([False] * 5, 0)
    assert loop.frame(EARLIEST + 4, "b", 600)
    assert loop.care.exit_status == AGAIN
    assert os.read(loop.hears, 1_000).startswith(b'"a"\n"b"\n')
    loop.close()


def test_a_wall_without_a_supervisor_goes_on() -> None:
    loop = Loop(supervised=False)
    assert not any(loop.frame(EARLIEST + n, "ab"[n % 2], 900) for n in range(4))
    loop.close()


def test_a_wall_whose_supervisor_is_gone_ends(loop: Loop) -> None:
    os.close(loop.hears)
    assert loop.frame(0.0, "a", 100)
    assert loop.care.exit_status == 0
    loop.frame(5.0, "a", 100)  # once is enough
