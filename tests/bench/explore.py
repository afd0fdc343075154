"""How fast the desk answers: pointing, choosing, turning pages with 100,000 stays; a filter over 1,000,000.

All on the dummy video driver at 1080p. Input to changed picture: the event, the tree and the painting of what changed;
what workers still look up for it comes in a later frame.
A filter is timed from its command to the model of the selected cases, on the thread that counts it: plant and numbers
first, then its levels, then the verdict.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable

import numpy as np

from factoryview.app.window import FRAMES
from factoryview.desk.filtering import judged, narrowed
from factoryview.scene.ui.node import Action
from factoryview.store.selection import First, Through
from factoryview.view.model import Model
from factoryview.view.presentation import Presentation
from tests.bench.frame import crowded
from tests.kit.desk_pilot import DeskPilot
from tests.kit.pilot import Pilot

SIZE = (1920, 1080)
STAGES = [f"Stage {k:02d}" for k in range(20)]


def run() -> dict[str, object]:
    """See the module."""
    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
    small = crowded(4_000, days=120)
    answers = _answers(small)
    large = crowded(4_000, days=1_200)
    return {
        "stays": _stays(small.model),
        "input_to_picture_ms": answers,
        "filter_stays": _stays(large.model),
        "filter_s": {"small": _filter(small), "large": _filter(large)},
    }


def _stays(model: Model) -> int:
    return int(model.counts.history.arrivals.sum())


def _answers(shown: Presentation) -> dict[str, dict[str, float]]:
    """Median and 99th percentile of each kind of input, ms; the stays of every stage have been fetched before."""
    model = shown.model
    pilot = DeskPilot(shown, SIZE, paused=True, start=model.first + (model.last - model.first) // 2)
    for stage in STAGES:
        pilot.desk.logs.get(stage)
    pilot.wait(0)
    kinds: dict[str, Callable[[int], Action]] = {
        "hover": lambda k: Action("hover", (f"stage/{STAGES[k % 20]}",)),
        "select": lambda k: Action("select", (f"stage/{STAGES[k % 20]}",)),
        "page": lambda _: Action("page_next"),
        "span": lambda _: Action("span_next"),
        "seek": lambda k: Action("seek", (0.2 + 0.005 * (k % 100),)),
        "panel": lambda k: Action("select", ("" if k % 2 else f"stage/{STAGES[k % 20]}",)),
    }
    return {name: _timed(pilot, act) for name, act in kinds.items()}


def _timed(pilot: DeskPilot, act: Callable[[int], Action], count: int = 120) -> dict[str, float]:
    """ms from an input to the picture that it changes, and `later` until all has come that workers add to it; of the
    first also the time that the processor worked on it, which a busy machine does not lengthen, and how many took
    longer than a frame of the window.
    """
    spent, worked, later = [], [], []
    for k in range(count):
        action = act(k)
        begun, busy = time.perf_counter(), time.thread_time()
        pilot.screen.run(action, pilot.tree)
        Pilot.wait(pilot, 0)
        spent.append(1e3 * (time.perf_counter() - begun))
        worked.append(1e3 * (time.thread_time() - busy))
        pilot.wait(0)
        later.append(1e3 * (time.perf_counter() - begun))
    return {
        "median": round(float(np.median(spent)), 2), "p99": round(float(np.quantile(spent, 0.99)), 2),
        "cpu_median": round(float(np.median(worked)), 2), "cpu_p99": round(float(np.quantile(worked, 0.99)), 2),
        "later_p99": round(float(np.quantile(later, 0.99)), 2),
        "over_a_frame": sum(each > 1e3 / FRAMES for each in spent),
        "cpu_over_a_frame": sum(each > 1e3 / FRAMES for each in worked),
    }  # fmt: skip


def _filter(shown: Presentation) -> dict[str, float]:
    """Seconds from the command to the plant of some cases (the median and the longest of some filters), to its levels,
    and to its verdict; the log has been made ready for it before.
    """
    model, spent = shown.model, []
    begun = time.perf_counter()
    model.prepare()
    ready = time.perf_counter() - begun
    for condition in (Through("Done"), *(First(stage) for stage in STAGES[:3]), *map(Through, STAGES[5:15])):
        begun = time.perf_counter()
        found = narrowed(model, (condition,))
        spent.append(time.perf_counter() - begun)
    begun = time.perf_counter()
    done = judged(found)
    levels = time.perf_counter() - begun
    begun = time.perf_counter()
    done.model.study()
    times = {
        "plant": statistics.median(spent), "plant_longest": max(spent), "levels": levels,
        "verdict": time.perf_counter() - begun, "ready_once": ready,
    }  # fmt: skip
    return {name: round(value, 3) for name, value in times.items()}
