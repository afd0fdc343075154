"""The simulator beside SimPy on the same plant, and from a click to bands on the demo: 90 days, 50 and 200 futures."""

from __future__ import annotations

from time import perf_counter

from factoryview.factory.opening import open_factory
from factoryview.plant.scenario_file import parse_set
from factoryview.resources import data_file
from factoryview.whatif.document import NAMES, band
from factoryview.whatif.interventions import changed
from factoryview.whatif.kernel import prepare, simulate
from factoryview.whatif.lab import open_lab
from tests.kit.simpy_plant import random_plant, simpy_run

DAYS = 90.0


def _best(times: int, done: object) -> float:
    found = []
    for _ in range(times):
        begin = perf_counter()
        done()  # type: ignore[operator]
        found.append(perf_counter() - begin)
    return min(found)


def run(futures: int = 200) -> dict[str, object]:
    """futures: how many are drawn ahead."""
    begin = perf_counter()
    prepare()
    compiled = perf_counter() - begin
    steps, pools = random_plant(1, hours=8000)
    ours = _best(9, lambda: simulate(steps, pools))
    theirs = _best(3, lambda: simpy_run(steps, pools))

    factory = open_factory(data_file("umsatzwerk.toml"))
    at = factory.store.span()[1]
    begin = perf_counter()
    lab, _ = open_lab(factory.store, factory.plant, at, DAYS)
    setting = lab.setting
    ready = perf_counter() - begin
    begin = perf_counter()
    drawn = [lab.future(seed) for seed in range(futures)]
    drawing = perf_counter() - begin
    scenario = parse_set(["Approval.people+=1"])

    def click(number: int) -> None:
        (found,) = lab.outcomes(
            [lambda future, seed: changed(future, scenario, setting, seed)], range(number), drawn=drawn
        )
        assert all(band(found[name]) is not None for name in NAMES)

    return {
        "compile_or_load_seconds": round(compiled, 2),
        "steps": len(steps),
        "simpy_seconds": round(theirs, 3),
        "ours_seconds": round(ours, 5),
        "times_simpy": round(theirs / ours, 1),
        "calibration_seconds": round(ready, 2),
        "steps_a_future": len(drawn[0].replication.steps),
        "drawing_ms_a_future": round(1000 * drawing / futures, 1),
        "click_to_50_futures_seconds": round(_best(3, lambda: click(min(50, futures))), 3),
        "click_to_200_futures_seconds": round(_best(3, lambda: click(futures)), 3),
    }
