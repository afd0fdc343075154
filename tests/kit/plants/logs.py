"""What a log would show of a plant's visits: intervals, entries, completions, or daily counts, as stays."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd

from factoryview.store.database import Meaning, Store
from factoryview.store.engine.duckdb import DuckDB

from .simulate import Visits
from .spec import Spec

EPOCH = pd.Timestamp("2024-01-01")
COLUMNS = (
    'id BIGINT, "case" VARCHAR, stage VARCHAR, entered TIMESTAMP, started TIMESTAMP, "left" TIMESTAMP, '
    "next VARCHAR, via VARCHAR, channel VARCHAR, weight DOUBLE, resource VARCHAR, value DOUBLE, reason VARCHAR, "
    "last BOOLEAN"
)
ENDS = (
    '"case" VARCHAR, outcome VARCHAR, "at" TIMESTAMP, "until" TIMESTAMP, via VARCHAR, channel VARCHAR, '
    "weight DOUBLE, value DOUBLE, reason VARCHAR"
)


def moments(hours: np.ndarray) -> pd.Series:
    """Hours of the simulation as UTC timestamps; NaN becomes NaT."""
    return pd.Series(EPOCH + pd.to_timedelta(np.round(hours * 3600e6), unit="us"))


def _daily(entered: np.ndarray, left: np.ndarray, until: float) -> tuple[np.ndarray, np.ndarray]:
    """The first-in-first-out reading of daily counts: the n of one day stand evenly spread over it."""

    def spread(times: np.ndarray) -> np.ndarray:
        days = np.bincount((times[times <= until] // 24).astype(int), minlength=int(until // 24) + 1)
        return np.concatenate([day * 24 + (np.arange(n) + 0.5) / n * 24 for day, n in enumerate(days) if n])

    arrived = spread(entered)
    gone = np.full(len(arrived), np.nan)
    if np.isfinite(left).any():
        departed = spread(left[np.isfinite(left)])
        gone[: len(departed)] = np.maximum(departed, arrived[: len(departed)])
    return arrived, gone


def tables(spec: Spec, visits: Visits, meaning: Meaning) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Stays and outcomes of a log with that meaning of its times."""
    names = np.array([machine.name for machine in spec.machines])
    lengths = np.array([len(path) for path in spec.paths])
    order = np.lexsort((visits.step, visits.case))
    case, step, stage = visits.case[order], visits.step[order], visits.stage[order]
    entered, started, left = visits.entered[order], visits.started[order], visits.left[order]
    gave_up = visits.gave_up[order]
    ended = (step == lengths[case] - 1) | gave_up
    if meaning == "kpi":
        frames = []
        for index, name in enumerate(names):
            here = stage == index
            if here.any():
                arrived, gone = _daily(entered[here], left[here], spec.until)
                lost = np.zeros(len(arrived), bool)
                share = float((ended & ~(spec.won[case] & ~gave_up) & here).sum()) / max(int(here.sum()), 1)
                lost[:] = np.diff(np.floor(np.arange(len(arrived) + 1) * share)) > 0
                after = names[index + 1] if index + 1 < len(names) else None
                then = np.where(np.isnan(gone), None, np.where(lost, "Lost", after))
                frames.append(pd.DataFrame({"stage": name, "entered": arrived, "left": gone, "next": then}))
        table = pd.concat(frames, ignore_index=True)
        stays = pd.DataFrame({
            "id": np.arange(len(table)), "case": [f"#{n}" for n in range(len(table))], "stage": table["stage"],
            "entered": moments(table["entered"].to_numpy()), "started": pd.NaT,
            "left": moments(table["left"].to_numpy()), "next": table["next"],
            "via": None, "channel": None, "weight": 1.0,
            "resource": None, "value": np.nan, "reason": None, "last": False,
        })  # fmt: skip
        lost = stays[stays["next"] == "Lost"]
        return stays, pd.DataFrame({
            "case": lost["case"], "outcome": "Lost", "at": lost["left"], "until": pd.NaT, "via": lost["stage"],
            "channel": None, "weight": 1.0, "value": np.nan, "reason": None,
        })  # fmt: skip
    outcome = np.where(spec.won[case] & ~gave_up, "Won", "Lost")
    following = np.append(stage[1:], 0)
    done = ~np.isnan(left)
    then = np.where(ended, outcome, names[following])
    then = np.where(done, then, None)
    if meaning == "completion":
        entered = np.where(step == 0, left, entered)
        keep = done & ~gave_up
    elif meaning == "interval":  # nobody saw the first wait, nor those who still wait
        entered = np.where(step == 0, started, entered)
        keep = ~np.isnan(started)
    else:
        keep = np.ones(len(case), bool)
    begun = started if meaning == "interval" else np.full(len(case), np.nan)
    before = np.append("", names[stage[:-1]])
    stays = pd.DataFrame({
        "id": np.arange(len(case)), "case": pd.Series(case).astype(str), "stage": names[stage],
        "entered": moments(entered), "started": moments(begun), "left": moments(left), "next": then,
        "via": np.where(step == 0, None, before), "channel": None, "weight": 1.0, "resource": None,
        "value": np.nan, "reason": None,
    })[keep].reset_index(drop=True)  # fmt: skip
    stays["last"] = stays["case"] != stays["case"].shift(-1)
    if meaning != "entry":
        exits = stays["last"] & ~stays["next"].isin(["Won", "Lost"])
        stays.loc[exits, "next"] = None
    final = (ended & done)[keep]
    outcomes = pd.DataFrame({
        "case": stays["case"][final], "outcome": stays["next"][final], "at": stays["left"][final],
        "until": pd.NaT, "via": stays["stage"][final], "channel": None, "weight": 1.0, "value": np.nan, "reason": None,
    })  # fmt: skip
    return stays, outcomes


def store_of(stays: pd.DataFrame, outcomes: pd.DataFrame, meaning: Meaning) -> Store:
    """A database with the two tables, as the store would write them."""
    connection = duckdb.connect(config={"threads": 1})
    connection.execute(f"CREATE TABLE stays ({COLUMNS})")
    connection.execute(f"CREATE TABLE outcomes ({ENDS})")
    connection.register("stays_frame", stays)
    connection.execute("INSERT INTO stays SELECT * FROM stays_frame")
    connection.execute("ALTER TABLE stays ADD COLUMN first BOOLEAN")
    connection.execute('UPDATE stays SET first = id IN (SELECT arg_min(id, (entered, id)) FROM stays GROUP BY "case")')
    connection.register("outcomes_frame", outcomes)
    if len(outcomes):
        connection.execute("INSERT INTO outcomes SELECT * FROM outcomes_frame")
    return Store(DuckDB(connection), meaning)
