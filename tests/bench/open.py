"""A log of a million events, from the file to the first frame, and beside it pandas doing a part of the same.

`first_frame`: a new process is started, reads the CSV, builds the stays, lays out the floor and draws the plant in
the middle of the log at 1920×1080, through the code of `render`; `again`: the same a second time, when what was counted
of the log is found in the cache. `pandas`: pandas alone reads, sorts by case and time,
shifts and averages every edge. `engine`: factoryview reads, builds the stays with all their columns and averages
every edge; `same_work`: it reads and averages the edges of the sorted events, as pandas does, without stays. None of
the three counts the start of the interpreter and imports. Every number is the best of three rounds, in new processes
by turns.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.kit.large_logs import write_csv

EVENTS = 1_000_000
ROUNDS = 3
FIRST_FRAME, RATIO = 4.0, 4.0
"""The limits: seconds, and how many times faster than pandas."""
_PARTS = ("first_frame", "again", "engine", "same_work", "pandas")

Edges = dict[tuple[str, str], float]
"""Seconds from an activity to the next one of the case, on average."""


def run() -> dict[str, object]:
    """Seconds, the ratio and the limits; raises AssertionError if the two do not find the same edges."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log.csv"
        cases = write_csv(log, EVENTS)
        rounds = [
            {name: _child(name, log, Path(folder) / f"cache-{number}") for name in _PARTS} for number in range(ROUNDS)
        ]
        size = log.stat().st_size
    theirs = rounds[0]["pandas"]["edges"]
    for ours in (rounds[0]["engine"]["edges"], rounds[0]["same_work"]["edges"]):
        assert ours.keys() == theirs.keys(), "both find the same edges"
        assert all(abs(ours[edge] - theirs[edge]) < 1e-3 for edge in ours), "and the same means"
    best = {name: min(each[name]["seconds"] for each in rounds) for name in rounds[0]}
    ratio = best["pandas"] / best["engine"]
    return {
        "events": EVENTS,
        "cases": cases,
        "edges": len(theirs),
        "megabytes": round(size / 1e6, 1),
        "value": round(best["first_frame"], 3),
        "again": round(best["again"], 3),
        "engine": round(best["engine"], 3),
        "same_work": round(best["same_work"], 3),
        "baseline": round(best["pandas"], 3),
        "ratio": round(ratio, 2),
        "ratio_same_work": round(best["pandas"] / best["same_work"], 2),
        "limits": {"value": FIRST_FRAME, "ratio": RATIO},
        "kept": {"value": best["first_frame"] <= FIRST_FRAME, "ratio": ratio >= RATIO},
        "rounds": [{name: round(each[name]["seconds"], 3) for name in each} for each in rounds],
    }


def first_frame(log: Path) -> None:
    """Opens the log and draws the plant in the middle of it."""
    from factoryview.export.picture import render_frame
    from factoryview.factory.factory import Opening
    from factoryview.factory.opening import open_factory
    from factoryview.language import Language
    from factoryview.scene.themes import NIGHT
    from factoryview.view.model import Model
    from factoryview.view.moments import parse_moment
    from factoryview.view.presentation import Presentation

    factory = open_factory(log, Opening())
    language = Language("en", factory.plant.timezone, factory.plant.currency)
    presentation = Presentation(Model(factory), language)
    moment = parse_moment("0.5", presentation.model.first, presentation.model.last, factory.plant.timezone)
    render_frame(presentation, moment, size=(1920, 1080), theme=NIGHT)


def engine() -> Callable[[Path], Edges]:
    """Reads the log, builds the stays and averages every edge, with factoryview."""
    from factoryview.sources import read
    from factoryview.sources.events import ReadOptions
    from factoryview.store.database import Store

    def edges(log: Path) -> Edges:
        store = Store.build(read(log, ReadOptions()))
        into = "via, stage" if store.meaning == "completion" else "stage, next"
        known = {stage: stage for stage in store.stages()}
        answer = store.engine.connection.execute(
            f'select {into}, avg(epoch_us("left") - epoch_us(entered)) / 1e6 from stays group by all'
        )
        return {(a, b): mean for a, b, mean in answer.fetchall() if a in known and b in known}

    return edges


def same_work() -> Callable[[Path], Edges]:
    """Reads the log and averages every edge of its events, with factoryview."""
    from factoryview.sources import read

    def edges(log: Path) -> Edges:
        answer = read(log).connection.execute(
            "select previous, stage, avg(seconds) from ("
            "select stage, lag(stage) over past as previous, "
            "(epoch_us(time) - epoch_us(lag(time) over past)) / 1e6 as seconds "
            'from events window past as (partition by "case" order by time, row)'
            ") where previous is not null group by all"
        )
        return {(a, b): mean for a, b, mean in answer.fetchall()}

    return edges


def pandas() -> Callable[[Path], Edges]:
    """The same with pandas alone, which finds the format of the times by itself and keeps a case called NA, too."""
    import pandas as pd

    def edges(log: Path) -> Edges:
        table = pd.read_csv(log, keep_default_na=False)
        table["timestamp"] = pd.to_datetime(table["timestamp"], utc=True)
        table = table.sort_values(["case_id", "timestamp"], kind="stable")
        cases = table.groupby("case_id", sort=False)
        table["next"] = cases["activity"].shift(-1)
        table["seconds"] = (cases["timestamp"].shift(-1) - table["timestamp"]).dt.total_seconds()
        return dict(table.groupby(["activity", "next"])["seconds"].mean())

    return edges


def _child(name: str, log: Path, cache: Path) -> dict[str, Any]:
    begin = time.time()
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.open", name, str(log)],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"SDL_VIDEODRIVER": "dummy", "XDG_CACHE_HOME": str(cache)},
    )
    said = json.loads(done.stdout.splitlines()[-1])
    if name in ("first_frame", "again"):
        return {"seconds": said["drawn"] - begin}
    return {"seconds": said["seconds"], "edges": {(a, b): mean for a, b, mean in said["edges"]}}


def _main(name: str, log: Path) -> None:
    if name in ("first_frame", "again"):
        first_frame(log)
        print(json.dumps({"drawn": time.time()}))
        return
    work = {"engine": engine, "same_work": same_work, "pandas": pandas}[name]()
    begin = time.perf_counter()
    edges = work(log)
    seconds = time.perf_counter() - begin
    print(json.dumps({"seconds": seconds, "edges": [(a, b, mean) for (a, b), mean in edges.items()]}))


if __name__ == "__main__":
    _main(sys.argv[1], Path(sys.argv[2]))
