"""What is freed goes back to the system, also what threads had."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import NamedTuple

import pygame
import pytest

from factoryview.wall.memory import give_back, resident_mb
from tests.kit.memory import empty_bounded_caches, heap
from tests.kit.small_plants import studied
from tests.wall.kit import VIEWS, Played, Wand, wall_text

ARRAYS = """
import threading
import numpy as np
from factoryview.wall.memory import give_back, resident_mb
if {told}:
    assert give_back()
before, kept = resident_mb(), []
def work(number):
    for _ in range(3):
        held = [np.ones(40_000 + 100 * number) for _ in range(60)]
        kept.append(np.ones(100))
        del held
for _ in range(3):
    threads = [threading.Thread(target=work, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
print(resident_mb() - before)
"""


def held_after(*, told: bool, program: str = ARRAYS) -> float:
    """MB that a program holds more, after what its threads had is gone: of `ARRAYS` 200 MB."""
    text = program.format(told=told)
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True, timeout=60)
    return float(done.stdout)


@pytest.mark.skipif(not give_back(), reason="no allocator that can be told to give memory back")
def test_arrays_that_came_and_went_on_threads_leave_nothing() -> None:
    assert resident_mb() > 10
    assert held_after(told=True) < min(30, 0.6 * held_after(told=False))


HOLES = """
from factoryview.wall.memory import resident_mb, trim
blocks = [bytes(3000) for _ in range(30_000)]
full = resident_mb()
kept = blocks[::20]
del blocks
before = resident_mb()
assert trim()
print(full - before, full - resident_mb())
"""


@pytest.mark.skipif(not give_back(), reason="no allocator that can be told to give memory back")
def test_what_is_free_between_what_is_kept_is_given_back() -> None:
    done = subprocess.run([sys.executable, "-c", HOLES], capture_output=True, text=True, check=True, timeout=60)
    of_itself, told = map(float, done.stdout.split())
    assert told > 60 > of_itself


SMALL = """
import threading
from factoryview.wall.memory import give_back, resident_mb
if {told}:
    assert give_back()
before, kept, together = resident_mb(), [], threading.Barrier(12)
def work():
    for _ in range(4):
        together.wait()
        held = [bytes(3000) for _ in range(1000)]
        kept.append(bytes(3000))
        del held
threads = [threading.Thread(target=work) for _ in range(12)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(resident_mb() - before)
"""


@pytest.mark.skipif(not give_back(), reason="no allocator that can be told to give memory back")
def test_small_things_of_many_threads_lie_in_few_arenas() -> None:
    assert held_after(told=True, program=SMALL) < 0.6 * held_after(told=False, program=SMALL)


def test_a_wall_gives_back_what_is_free_every_minute() -> None:
    with Wand(lambda: Played(studied("calm")), wall_text("whole", plant="")) as wand:
        wand.until_open()
        for seconds, times in ((50, 0), (20, 1), (20, 1), (50, 2)):
            wand.wait(seconds, 10.0)
            assert wand.kiosk.counts.trims == times


class Growth(NamedTuple):
    """By what is held more at the end of some rounds of all views than before, for each frame; caches emptied."""

    blocks: float
    """Of Python's allocator: an object is one or two."""
    kilobytes: float
    """Of the C library's, where pictures and arrays lie."""


def growth(rounds: int, each_frame: Callable[[], object] = lambda: None) -> Growth:
    """Of a wall that replays a plant again and again, after a round of all views."""
    kinds = (*VIEWS, "hours", "timelapse")
    presentation = studied("calm")
    model = presentation.model
    text = wall_text(
        *[f'kind = "{kind}"\nseconds = 3' for kind in kinds],
        plant=f"start = 2020-01-01T00:00:00\nseconds_per_day = {4 * 86_400e6 / (model.last - model.first)}",
    )
    held: list[tuple[int, int, float]] = []
    with Wand(lambda: Played(presentation), text, size=(320, 180)) as wand:
        wand.until_open()
        at, counts = wand.hands.at, wand.kiosk.counts
        while counts.changes <= len(kinds) * (1 + rounds):
            wand.frame(0.1, spare=0.0)
            each_frame()
            while wand.kiosk._next.scene is not None and not wand.kiosk._next.ready:
                wand.kiosk.spare(0.0)
            if counts.changes == len(kinds) * (1 + len(held)) + 1:
                empty_bounded_caches()
                held.append((counts.frames, sys.getallocatedblocks(), heap()))
                wand.hands.at = at
    frames, blocks, megabytes = (last - first for first, last in zip(held[0], held[-1], strict=True))
    return Growth(blocks / frames, 1000 * megabytes / frames)


def test_nothing_but_bounded_caches_grows_while_a_wall_runs() -> None:
    found = growth(4)
    assert (found.blocks < 1, found.kilobytes < 3) == (True, True), found


def test_an_object_or_a_small_picture_kept_of_each_frame_would_be_seen() -> None:
    kept: list[object] = []
    assert growth(1, lambda: kept.append([object()])).blocks > 2
    assert growth(1, lambda: kept.append(pygame.Surface((32, 32), depth=32))).kilobytes > (3 if heap() else -1)
