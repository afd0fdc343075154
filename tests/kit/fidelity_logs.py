"""Logs on which simulators are compared, each split in time into what a model may learn and what is to come."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from factoryview.whatif.log import Log, log_of_steps

DATA = Path(__file__).parents[3] / "shared" / "data"
MONDAY = pd.Timestamp("2000-01-03")
_NAMES = {
    "activity_name": "activity",
    "Activity": "activity",
    "start_timestamp": "start_time",
    "end_timestamp": "end_time",
    "Resource": "resource",
}


def read(path: Path) -> pd.DataFrame:
    """A log with case_id, activity, resource, and start_time and end_time in hours since a Monday."""
    frame = pd.read_csv(path).rename(columns=_NAMES).drop_duplicates()
    for name in ("start_time", "end_time"):
        moments = pd.to_datetime(frame[name], format="ISO8601", utc=True).dt.tz_localize(None)
        frame[name] = (moments - MONDAY) / pd.Timedelta(hours=1)
    return frame


def log_of(frame: pd.DataFrame, stages: list[str]) -> Log:
    """The frame as a log that holds complete cases only."""
    return log_of_steps(
        stages,
        pd.factorize(frame["case_id"])[0],
        frame["activity"].map({name: code for code, name in enumerate(stages)}).to_numpy(),
        frame["start_time"].to_numpy(),
        frame["end_time"].to_numpy(),
        person=pd.factorize(frame["resource"])[0],
        open_seen=False,
    )


def split_by_start(frame: pd.DataFrame, share: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The first so many cases by their start, without those that were not done when the next began; and the rest."""
    times = frame.groupby("case_id").agg(start=("start_time", "min"), end=("end_time", "max")).sort_values("start")
    first = int(len(times) * share)
    past = times.index[:first][times["end"].iloc[:first] <= times["start"].iloc[first]]
    return frame[frame["case_id"].isin(past)], frame[frame["case_id"].isin(times.index[first:])]


def fidelity_logs() -> Iterator[tuple[str, Log, Log]]:
    """Name, past and future of every log that is there, with the same stages in the same order."""
    found: list[tuple[str, pd.DataFrame, pd.DataFrame]] = []
    for path in sorted(DATA.glob("fidelity/*_train.csv.gz")):
        name = path.name.removesuffix("_train.csv.gz")
        found.append((name, read(path), read(path.with_name(f"{name}_test.csv.gz"))))
    shop = DATA / "production" / "Production.csv.gz"
    if shop.exists():
        frame = read(shop)
        found += [(f"Production split by start at {share:.0%}", *split_by_start(frame, share)) for share in (0.8, 0.5)]
    for name, past, future in found:
        stages = sorted({*past["activity"], *future["activity"]})
        yield name, log_of(past, stages), log_of(future, stages)


def timers() -> Iterator[tuple[str, Log, dict[str, float], np.ndarray]]:
    """Simulated logs whose pure delays are known: name, log, stage → mean delay, and the delay of each step; hours."""
    for path in sorted(DATA.glob("fidelity/timers/*.csv.gz")):
        frame = read(path)
        frame = frame.assign(number=pd.factorize(frame["case_id"])[0]).sort_values(["number", "start_time", "end_time"])
        stages = sorted(set(frame["activity"]))
        mean = frame.groupby("activity")["extraneous_delay"].mean() / 3600
        true = {str(stage): float(delay) for stage, delay in mean.items()}
        delays = frame["extraneous_delay"].to_numpy(dtype=np.float64) / 3600
        yield (
            path.name.removesuffix(".csv.gz"),
            log_of(frame, stages),
            {str(k): float(v) for k, v in true.items()},
            delays,
        )


def means(values: list[dict[str, float]]) -> dict[str, tuple[float, float]]:
    """Mean and standard deviation of each measure."""
    return {
        name: (float(np.mean([one[name] for one in values])), float(np.std([one[name] for one in values], ddof=1)))
        for name in values[0]
    }
