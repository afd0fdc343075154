"""What Simod makes of a log's past, simulated by Prosimos: the published simulator beside which others are held.

It is run as it comes, once, without its search for better settings, in an environment of its own in which
`pip install simod` was said; it needs Java.
"""

from __future__ import annotations

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from factoryview.whatif.distances import Happened
from factoryview.whatif.log import Log
from tests.kit.fidelity_logs import MONDAY

_LONGEST_S = 500.0
"""Of one command."""


def simod(folder: Path, past: Log, cases: int, begin: float, runs: int) -> list[Happened]:
    """So many runs of so many cases each from an hour on. folder: of the environment's programs."""
    moments = {
        name: (MONDAY + pd.to_timedelta(hours, unit="h")).round("ms").tz_localize("UTC").map(pd.Timestamp.isoformat)
        for name, hours in (("start_time", past.start), ("end_time", past.end))
    }
    names = [past.stages[code] for code in past.stage]
    who = [f"P{number}" for number in past.person]
    made = []
    with TemporaryDirectory() as place:
        log = Path(place) / "past.csv"
        pd.DataFrame({"case_id": past.case, "activity": names, **moments, "resource": who}).to_csv(log, index=False)
        _said(place, str(folder / "simod"), "--one-shot", "-l", str(log), "-o", str(Path(place) / "found"))
        model = str(Path(place) / "found" / "best_result" / "past")
        since = (MONDAY + pd.to_timedelta(begin, unit="h")).tz_localize("UTC").isoformat()
        for number in range(runs):
            out = Path(place) / f"{number}.csv"
            _said(
                place, str(folder / "prosimos"), "start-simulation", "--bpmn_path", f"{model}.bpmn",
                "--json_path", f"{model}.json", "--total_cases", str(cases), "--starting_at", since,
                "--log_out_path", str(out),
            )  # fmt: skip
            made.append(_happened(pd.read_csv(out), past.stages))
    return made


def _said(place: str, *command: str) -> None:
    subprocess.run(command, cwd=place, capture_output=True, check=True, timeout=_LONGEST_S)


def _happened(frame: pd.DataFrame, stages: tuple[str, ...]) -> Happened:
    hours = []
    for name in ("start_time", "end_time"):
        moments = pd.to_datetime(frame[name], format="ISO8601", utc=True).dt.tz_localize(None)
        hours.append(((moments - MONDAY) / pd.Timedelta(hours=1)).to_numpy(dtype=np.float64))
    code = {name: number for number, name in enumerate(stages)}
    return Happened(pd.factorize(frame["case_id"])[0], frame["activity"].map(code).to_numpy(), *hours)
