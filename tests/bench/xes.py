"""A gzipped XES log of 260,000 events with attributes: how long reading takes, and how much memory.

Each reader runs in a process of its own, best of three rounds by turns. `memory` is the most that the process held
while reading, above what it held before, in MB; `memory_double` the same for twice the events, to show whether it
grows with the log. PM4Py is a peer, not a part: it is measured where its own environment can be made
(`pip install pm4py` into a temporary one), or where `FACTORYVIEW_PM4PY` names a Python that has it; otherwise `pm4py`
says why not.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import venv
from pathlib import Path
from typing import Any

from tests.kit.large_logs import write_xes
from tests.kit.memory import resident

EVENTS = 260_000
ROUNDS = 3
SECONDS, RATIO = 5.0, 3.0
"""The limits: seconds, and how many times faster than PM4Py's iterparse reader."""
_INSTALL = 300
"""Seconds that making PM4Py's environment may take."""

_PM4PY = """
import json, sys, time
import pm4py
from pm4py.objects.log.importer.xes import importer
begin = time.perf_counter()
log = importer.apply(sys.argv[1], variant=importer.Variants.ITERPARSE, parameters={"show_progress_bar": False})
seconds = time.perf_counter() - begin
print(json.dumps({"seconds": seconds, "events": sum(map(len, log)), "version": pm4py.__version__}))
"""


def run() -> dict[str, object]:
    """Seconds, events per second, memory and the peer; `kept` says whether the limits hold, null where not measured."""
    with tempfile.TemporaryDirectory() as folder:
        log, double = Path(folder) / "log.xes.gz", Path(folder) / "double.xes.gz"
        write_xes(log, EVENTS)
        write_xes(double, 2 * EVENTS)
        python, missing = _peer(Path(folder))
        rounds = []
        for _ in range(ROUNDS):
            rounds.append(_child([sys.executable, "-m", "tests.bench.xes", str(log)]))
            if python is not None:
                rounds[-1]["pm4py"] = _child([python, "-c", _PM4PY, str(log)])
        twice = _child([sys.executable, "-m", "tests.bench.xes", str(double)])
        size = log.stat().st_size
    assert all(each["events"] == EVENTS for each in rounds), "every event is read"
    best = min(each["seconds"] for each in rounds)
    peer = min((each["pm4py"]["seconds"] for each in rounds if "pm4py" in each), default=None)
    assert all(each["pm4py"]["events"] == EVENTS for each in rounds if "pm4py" in each), "and by the peer, too"
    return {
        "events": EVENTS,
        "megabytes": round(size / 1e6, 1),
        "value": round(best, 3),
        "events_per_second": round(EVENTS / best),
        "memory": max(each["memory"] for each in rounds),
        "memory_double": twice["memory"],
        "pm4py": missing if peer is None else round(peer, 3),
        "ratio": None if peer is None else round(peer / best, 2),
        "limits": {"value": SECONDS, "ratio": RATIO},
        "kept": {"value": best <= SECONDS, "ratio": None if peer is None else peer / best >= RATIO},
        "rounds": [round(each["seconds"], 3) for each in rounds],
    }


def read_log(path: Path) -> dict[str, Any]:
    """Reads the log in this process: seconds, events, and MB above what was held before."""
    from factoryview.sources import read

    before, peak = resident(), [0.0]
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.02):
            peak[0] = max(peak[0], resident())

    watcher = threading.Thread(target=watch)
    watcher.start()
    begin = time.perf_counter()
    log = read(path)
    seconds = time.perf_counter() - begin
    done.set()
    watcher.join()
    return {"seconds": seconds, "events": log.rows - log.rejected, "memory": round(max(peak[0], resident()) - before)}


def _peer(folder: Path) -> tuple[str | None, str]:
    """A Python that has PM4Py, or why there is none."""
    if said := os.environ.get("FACTORYVIEW_PM4PY"):
        return said, ""
    place = folder / "peer"
    venv.create(place, with_pip=True)
    python = place / ("Scripts" if os.name == "nt" else "bin") / "python"
    try:
        subprocess.run(
            [python, "-m", "pip", "install", "-q", "pm4py"], check=True, capture_output=True, timeout=_INSTALL
        )
    except (subprocess.SubprocessError, OSError) as error:
        return None, f"not measured: PM4Py cannot be installed here ({type(error).__name__})"
    return str(python), ""


def _child(command: list[str]) -> dict[str, Any]:
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    print(json.dumps(read_log(Path(sys.argv[1]))))
