"""Stays from counts: the k-th arrival leaves at the k-th step of the departure curve, first in, first out.

Source: cumulative curves, G. F. Newell, "Applications of Queueing Theory" (1982), chapter 1.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import TYPE_CHECKING

import duckdb
import numpy as np
from numpy.typing import NDArray

from factoryview.errors import InputError
from factoryview.language.said import said
from factoryview.plant.outcome_words import kind_of
from factoryview.store.queries import sql
from factoryview.time import utc

if TYPE_CHECKING:
    import pandas as pd

MOST_CRATES = 200_000
"""More cases than this are drawn several to a crate."""
KEPT, MANY, LONG = 0.02, 30, 8
"""An end lets at most this share of what came go, of so many cases or more that came in so many buckets or more."""
LOST = "Lost"
"""The outcome of counted losses."""

BESIDE = 2**62
"""Stays from counts that stand beside stays from events have ids above this."""


def crate_weight(total: float, most: int = MOST_CRATES) -> int:
    """Cases per crate: the smallest of 1, 2, 5, 10, … that keeps the crates below `most`.

    >>> crate_weight(150), crate_weight(900_000)
    (1, 5)
    """
    steps: list[int] = [size * 10**power for power in range(16) for size in (1, 2, 5)]
    return next(step for step in steps if total / step <= most)


def ends_of_counts(con: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Stages of the table `kpi` that take cases in and let none go: there they are done, and wait for nothing.

    The last stage is one, too, if its name says that cases are won or lost there. Never all of them.
    """
    rows = con.execute(sql("counts/through")).fetchall()
    ends = [
        name
        for place, (name, arrivals, departures, buckets) in enumerate(rows, 1)
        if (departures <= KEPT * arrivals and arrivals >= MANY and buckets >= LONG)
        or (place == len(rows) and kind_of(name) != "neutral")
    ]
    return tuple(ends) if len(ends) < len(rows) else ()


def stays_from_counts(
    con: duckdb.DuckDBPyConnection,
    *,
    prefix: str = "",
    after: int = 0,
    without: Iterable[str] = (),
) -> None:
    """Create the tables `stays` and `outcomes` (see `Store`) of the table `kpi` (see `EventLog`).

    Stages follow each other in the order in which the table first names them. Losses leave as departures do, spread
    evenly among them. What stood there before the first bucket arrives at its start: as many as the first `wip`
    (counted at its bucket's end) says, and at least as many as later depart without having arrived.
    Counts are met to within half a crate. Ids count up from `after`; the counts of stages in `without` are left out.
    prefix: put before the tables' names; they are temporary then.
    Raises InputError for counts that are negative or not finite, and where there are none.
    """
    import pandas as pd  # here, for it takes a seventh of a second, and few logs need it

    kpi = con.execute(sql("counts/curves"), {"without": sorted(without)}).df()
    kpi = kpi.fillna({"arrivals": 0.0, "departures": 0.0, "losses": 0.0})
    _refuse_impossible(kpi)
    weight = crate_weight(float(kpi["arrivals"].sum()))
    parts = [_stays(stage, rows, weight) for stage, rows in kpi.groupby("stage", sort=False)]
    every = pd.concat(parts, ignore_index=True)
    names = [str(name) for name in kpi["stage"].unique()]
    every["next"] = every["stage"].map(dict(pairwise(names)))
    every["via"] = every["stage"].map({after: before for before, after in pairwise(names)})
    every.insert(0, "id", after + np.arange(1, len(every) + 1))
    table = "temp table" if prefix else "table"
    con.register("counted", every.astype({"next": object, "via": object}))
    con.execute(sql("counts/crates").format(table=table, prefix=prefix, weight=weight, lost=LOST))
    con.unregister("counted")


def _refuse_impossible(kpi: pd.DataFrame) -> None:
    if kpi.empty:
        raise InputError(said("error.no_counts"), cure=said("error.row_per_bucket"))
    for column in ("arrivals", "departures", "losses", "wip"):
        counts = kpi[column].astype(float)
        wrong = kpi[(counts < 0) | np.isinf(counts)]
        if len(wrong):
            row = wrong.sort_values("place").iloc[0]
            raise InputError(
                said("error.cannot_count", number=row[column], column=column),
                where=said("error.stage_at", stage=row["stage"], since=utc(int(row["since"]))),
                cure=said("error.counts_positive"),
            )


def _stays(stage: object, rows: pd.DataFrame, weight: int) -> pd.DataFrame:
    """One crate a row: stage, entered, left (µs, null while open), lost."""
    import pandas as pd

    since, until = rows["since"].to_numpy(np.int64), rows["until"].to_numpy(np.int64)
    arrivals, losses = rows["arrivals"].to_numpy(float), rows["losses"].to_numpy(float)
    leaving = rows["departures"].to_numpy(float) + losses
    missing = np.cumsum(leaving - arrivals)
    wip = rows["wip"].to_numpy(float)
    said = np.flatnonzero(~np.isnan(wip))[:1]
    standing = max(0.0, float(missing.max()), *(wip[said] + missing[said]))
    entered = _moments(since, until, arrivals, weight, standing)
    left = np.maximum(_moments(since, until, leaving, weight), entered[: _crates(leaving.sum(), weight)])
    lost = _lost(losses, leaving, weight)
    frame = pd.DataFrame({"stage": str(stage), "entered": entered})
    frame["left"] = pd.Series(left, dtype="Int64")
    frame["lost"] = pd.Series(lost, dtype="boolean")
    frame["lost"] = frame["lost"].fillna(False).astype(bool)
    return frame


def _crates(cases: float, weight: int) -> int:
    return int(cases / weight + 0.5 + 1e-9)


def _moments(
    since: NDArray[np.int64],
    until: NDArray[np.int64],
    counts: NDArray[np.float64],
    weight: int,
    standing: float = 0.0,
) -> NDArray[np.int64]:
    """When the 1st, 2nd, … crate has come: those standing at the start, then each bucket's, spread evenly over it."""
    curve = standing + np.concatenate([[0.0], np.cumsum(counts)])
    middle = (np.arange(_crates(curve[-1], weight)) + 0.5) * weight
    bucket = np.clip(np.searchsorted(curve, middle, side="left") - 1, 0, len(since) - 1)
    height = np.maximum(curve[bucket + 1] - curve[bucket], 1e-12)
    share = np.clip((middle - curve[bucket]) / height, 0.0, 1.0)
    moments = since[bucket] + (share * (until[bucket] - since[bucket])).astype(np.int64)
    return np.asarray(np.minimum(moments, until[bucket] - 1))


def _lost(losses: NDArray[np.float64], leaving: NDArray[np.float64], weight: int) -> NDArray[np.bool_]:
    """Which departures are losses: every time the curve of losses, read along that of departures, rounds up."""
    steps = np.arange(_crates(leaving.sum(), weight) + 1) * weight
    curve = np.interp(steps, np.cumsum([0.0, *leaving]), np.cumsum([0.0, *losses]))
    return np.asarray(np.diff(np.floor(curve / weight + 0.5 + 1e-9)) > 0)
