"""How well a simulated period looks like the one that came, beside a copy of the past; and pure delays that are known.

Distances of the literature (`factoryview.whatif.distances`), the mean of ten runs; one variant for all logs. A log with
more cases is nearer to any other by chance alone, so a copy of as many cases as were simulated stands there, too. With
`check=1` one run of each is measured with `log-distance-measures`, too, by the Python named in
FACTORYVIEW_DISTANCES_PYTHON (an environment of its own where that is installed). With `published=1` so many runs of
Simod, installed there, too, stand beside it; it is told how many cases come. `last` names the measures in which the
model is farthest off of all that stand there.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from factoryview.whatif.calibration import calibrate
from factoryview.whatif.delays import turnbull
from factoryview.whatif.distances import Happened, distances
from factoryview.whatif.fidelity import happened, shifted, simulated
from factoryview.whatif.kernel import prepare, simulate
from factoryview.whatif.log import Log
from factoryview.whatif.replication import draw
from tests.kit.fidelity_logs import DATA, MONDAY, fidelity_logs, means, timers
from tests.kit.simod import simod

ALIKE = "copy of as many cases as were simulated"
_CHECK = """
import json, sys
import pandas as pd
from datetime import timedelta
from log_distance_measures.config import EventLogIDs
from log_distance_measures.cycle_time_distribution import cycle_time_distribution_distance as ctd
from log_distance_measures.n_gram_distribution import n_gram_distribution_distance as ngd
from log_distance_measures.absolute_event_distribution import absolute_event_distribution_distance as aed
from log_distance_measures.relative_event_distribution import relative_event_distribution_distance as red
from log_distance_measures.circadian_event_distribution import circadian_event_distribution_distance as ced
from log_distance_measures.case_arrival_distribution import case_arrival_distribution_distance as car
ids = EventLogIDs(case="case", activity="stage", start_time="start", end_time="end", resource="stage")
one, other = (pd.read_csv(path) for path in sys.argv[1:])
for frame in (one, other):
    for name in ("start", "end"):
        frame[name] = pd.to_datetime(frame[name], utc=True, format="ISO8601")
print(json.dumps({"CTD": ctd(one, ids, other, ids, bin_size=timedelta(hours=1)), "NGD": ngd(one, ids, other, ids, n=3),
    "AED": aed(one, ids, other, ids), "RED": red(one, ids, other, ids), "CED": ced(one, ids, other, ids),
    "CAR": car(one, ids, other, ids)}))
"""


def run(runs: int = 10, check: int = 0, published: int = 0) -> dict[str, Any]:
    if not DATA.exists():
        return {"skipped": f"there are no logs in {DATA}"}
    prepare()
    return {
        "logs": {name: _log(past, future, runs, check, published) for name, past, future in fidelity_logs()},
        "timers": _timers(),
    }


def _log(past: Log, future: Log, runs: int, check: int, published: int) -> dict[str, Any]:
    begin, end = float(future.arrived.min()), float(future.end.max())
    true = happened(future, begin, end)
    halves = []
    for seed in range(10):
        one = np.random.default_rng(seed).permutation(future.cases)[: future.cases // 2]
        mine = np.isin(future.case, one)
        halves.append(distances(_part(true, mine), _part(true, ~mine)))
    began = time.perf_counter()
    calibration = calibrate(past)
    ready = time.perf_counter()
    made = [simulated(calibration, seed, begin, end) for seed in range(runs)]
    done = time.perf_counter()
    weeks = round((begin - past.arrived.min()) / 168.0)
    whole = shifted(happened(past, past.since, past.now), weeks)
    copy, alike = distances(true, whole), []
    number = round(float(np.mean([_cases(one) for one in made])))
    for seed in range(10):
        alike.append(distances(true, copies(whole, number, np.random.default_rng(seed))))
    rows = means([distances(true, one) for one in made])
    others = {"copy": copy, ALIKE: {name: mean for name, (mean, _) in means(alike).items()}}
    if published:
        theirs = [distances(true, one) for one in _published(past, future.cases, begin, runs)]
        others["Simod"] = {name: mean for name, (mean, _) in means(theirs).items()}
    found: dict[str, Any] = {
        "cases": {
            "past": past.cases,
            "future": future.cases,
            "simulated": number,
        },
        "model": {name: f"{mean:.3f} ± {spread:.3f}" for name, (mean, spread) in rows.items()},
        **{other: {name: f"{value:.3f}" for name, value in row.items()} for other, row in others.items()},
        "last": [name for name, (mean, _) in rows.items() if all(mean > row[name] for row in others.values())],
        "two halves of the future": {name: f"{mean:.3f}" for name, (mean, _) in means(halves).items()},
        "seconds": {"calibration": round(ready - began, 2), "runs": round(done - ready, 2)},
        "capacity visible": calibration.capacity_visible,
    }
    if check:
        found["first run, measured with log-distance-measures"] = _checked(true, made[0])
        found["first run, measured here"] = {name: round(v, 4) for name, v in distances(true, made[0]).items()}
    return found


def _cases(one: Happened) -> int:
    return len(np.unique(one.case))


def _published(past: Log, cases: int, begin: float, runs: int) -> list[Happened]:
    python = os.environ.get("FACTORYVIEW_DISTANCES_PYTHON")
    assert python, "FACTORYVIEW_DISTANCES_PYTHON names no Python"
    return simod(Path(python).parent, past, cases, begin, runs)


def copies(log: Happened, number: int, rng: np.random.Generator) -> Happened:
    """So many of its cases, none more than once more often than another."""
    cases = np.unique(log.case)
    times = np.zeros(int(cases.max()) + 1, dtype=np.int64)
    times[cases] = number // len(cases)
    times[rng.permutation(cases)[: number % len(cases)]] += 1
    place = np.repeat(np.arange(len(log.case)), times[log.case])
    again = np.arange(len(place)) - np.searchsorted(place, place)
    return Happened(log.case[place] + len(times) * again, log.stage[place], log.start[place], log.end[place])


def _part(log: Happened, chosen: Any) -> Happened:
    return Happened(log.case[chosen], log.stage[chosen], log.start[chosen], log.end[chosen])


def _checked(one: Happened, other: Happened) -> Any:
    python = os.environ.get("FACTORYVIEW_DISTANCES_PYTHON")
    if not python:
        return "skipped: FACTORYVIEW_DISTANCES_PYTHON names no Python"
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, log in enumerate((one, other)):
            paths.append(str(Path(folder) / f"{number}.csv"))
            pd.DataFrame({
                "case": log.case,
                "stage": log.stage,
                "start": MONDAY + pd.to_timedelta(log.start, unit="h"),
                "end": MONDAY + pd.to_timedelta(log.end, unit="h"),
            }).to_csv(paths[-1], index=False)  # fmt: skip
        said = subprocess.run([python, "-c", _CHECK, *paths], capture_output=True, text=True, check=True)
    return {name: round(value, 4) for name, value in json.loads(said.stdout).items()}


def _timers() -> dict[str, Any]:
    """Per log the delays that are there, as found; what was found where there is none; what one more would change.

    Where people do other work, too, and that waits for them, one more of them does change something: as much as with
    the delays that are true.
    """
    told: dict[str, Any] = {}
    for name, log, true, known in timers():
        calibration = calibrate(log)
        truly = replace(
            calibration,
            delays=tuple(
                turnbull(some, some) for some in (known[log.stage == stage] for stage in range(len(log.stages)))
            ),
        )
        found = {stage: delays.mean for stage, delays in zip(log.stages, calibration.delays, strict=True)}
        more = {}
        for stage, delay in true.items():
            pool = calibration.pool_of(stage)
            if delay > 0 and pool is not None:
                more[stage] = {
                    "limited by its servers": pool.constrained,
                    "hours": round(_one_more(calibration, stage), 2),
                    "hours with the true delays": round(_one_more(truly, stage), 2),
                }
        told[name] = {
            "delays": {
                stage: f"true {delay * 3600:.0f} s, found {found[stage] * 3600:.0f} s ({found[stage] / delay - 1:+.1%})"
                for stage, delay in true.items()
                if delay > 0
            },
            "longest found where there is none, s": round(max(found[s] for s, d in true.items() if d == 0) * 3600, 1),
            "one more person, change of lead time": more,
        }
    return told


def _one_more(calibration: Any, stage: str, runs: int = 10) -> float:
    """Hours by which the mean lead time changes with one more server in the pool of a stage."""
    place = next(k for k, pool in enumerate(calibration.pools) if calibration.log.stages.index(stage) in pool.stages)
    changes = []
    for seed in range(runs):
        made = draw(calibration, seed, calibration.log.since, calibration.log.span_h / 24, level=True)
        pools = list(made.pools)
        before = simulate(made.steps, pools, seed)
        pools[place] = replace(pools[place], servers=pools[place].servers + 1)
        after = simulate(made.steps, pools, seed)
        last = [np.full(len(made.arrived), -np.inf) for _ in range(2)]
        for ends, one in zip(last, (before, after), strict=True):
            np.maximum.at(ends, made.steps.case, one.end)
        changes.append(float((last[1] - last[0]).mean()))
    return float(np.median(changes))
