"""At the desk on the demo, in frames of real time: from a press to first and to all futures, and how long frames take
meanwhile, beside those of a desk at rest in the same run.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from time import perf_counter, sleep

import numpy as np

from factoryview.desk.screen import Desk
from factoryview.desk.whatif.futures import ALL, FIRST
from factoryview.factory.opening import open_factory
from factoryview.language import Language
from factoryview.plant.scenario_file import ChangePeople, ChangeWork
from factoryview.resources import data_file
from factoryview.scene.ui.node import Action
from factoryview.view.model import Model
from factoryview.view.presentation import Presentation
from tests.kit.pilot import FRAME, Pilot

_LONGEST = 120.0


class _Sitting(Pilot):
    """Waits for nothing."""

    SCREEN = Desk


def run(frames: int = 120) -> dict[str, object]:
    """frames: of the desk at rest, and of the future that is played."""
    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
    factory = open_factory(data_file("umsatzwerk.toml"))
    model = Model(factory)
    model.study()
    shown = Presentation(model, Language("en", factory.plant.timezone, factory.plant.currency))
    pilot = _Sitting(shown, (1920, 1080), paused=True, start=model.last)
    desk = pilot.screen
    assert isinstance(desk, Desk)
    found: dict[str, object] = {}

    def measure(name: str, done: Callable[[int], bool]) -> None:
        begin, times = perf_counter(), list[float]()
        while not times or not (done(len(times)) or perf_counter() - begin > _LONGEST):
            at = perf_counter()
            pilot.wait(FRAME)
            times.append(perf_counter() - at)
            sleep(max(0.0, FRAME - times[-1]))
        ms = 1000 * np.array(times)
        found[f"{name}_seconds"] = round(perf_counter() - begin, 2)
        found[f"{name}_frame_ms"] = {"p95": round(float(np.quantile(ms, 0.95)), 1), "max": round(float(ms.max()), 1)}

    def futures() -> int:
        known = desk._whatif.known
        scenario = pilot.session.scenarios[0] if pilot.session.scenarios else None
        answer = known.of(scenario) if known is not None else None
        return 0 if answer is None else answer.futures

    pilot.run("select", "stage/Approval")
    measure("at_rest", lambda count: count >= frames)
    pilot.run("whatif")
    measure("open_to_as_is", lambda _: futures() == ALL)
    for name, change in (
        ("person", ChangePeople(stage="Approval", add=1)),
        ("work", ChangeWork(stage="Approval", factor=0.8)),
    ):
        desk.run(Action("intervene", (change,)), pilot.tree)
        measure(f"{name}_to_first_{FIRST}", lambda _: futures() >= FIRST)
        measure(f"{name}_then_to_{ALL}", lambda _: futures() == ALL)
    desk.run(Action("future"), pilot.tree)
    measure("to_the_simulated_future", lambda _: desk.model is not model)
    measure("playing_it", lambda count: count >= frames)
    return found
