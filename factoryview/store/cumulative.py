"""Stays from counts: the k-th arrival leaves at the k-th step of the departure curve, first in, first out.

Source: cumulative curves, G. F. Newell, "Applications of Queueing Theory" (1982), chapter 1.
"""

from __future__ import annotations

import math
from itertools import pairwise

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

MOST_CRATES = 200_000
"""More cases than this are drawn several to a crate."""


def crate_weight(total: float, most: int = MOST_CRATES) -> int:
    """Cases per crate: the smallest of 1, 2, 5, 10, … that keeps the crates below `most`.

    >>> crate_weight(150), crate_weight(900_000)
    (1, 5)
    """
    weight = 1
    for step in (size * 10**power for power in range(12) for size in (1, 2, 5)):
        weight = step
        if total / step <= most:
            break
    return weight


def stays_from_counts(con: duckdb.DuckDBPyConnection) -> None:
    """Fill `stays` and `outcomes` from the table `kpi` (see `EventLog`).

    Losses leave as departures do. Work in progress at the first bucket that says so arrives at its start.
    """
    kpi = con.execute(
        "select stage, epoch_us(bucket) as since, epoch_us(bucket_end) as until, arrivals, "
        "coalesce(departures, 0) as departures, coalesce(losses, 0) as losses, wip from kpi order by stage, bucket"
    ).df()
    order = {name: i for i, name in enumerate(pd.unique(kpi.sort_values("since", kind="stable")["stage"]))}
    weight = crate_weight(float(kpi["arrivals"].sum()))
    stays: list[pd.DataFrame] = []
    outcomes: list[pd.DataFrame] = []
    for stage, rows in sorted(kpi.groupby("stage"), key=lambda pair: order[pair[0]]):
        since, until = rows["since"].to_numpy(), rows["until"].to_numpy()
        first = rows.iloc[0]
        standing = max(0.0, (first["wip"] or 0) - first["arrivals"] + first["departures"] + first["losses"]) \
            if not math.isnan(first["wip"] if first["wip"] is not None else math.nan) else 0.0  # fmt: skip
        arrivals = _moments(since, until, rows["arrivals"].to_numpy(), weight)
        entered = np.concatenate([np.full(round(standing / weight), since[0]), arrivals])
        leaving = rows["departures"].to_numpy() + rows["losses"].to_numpy()
        left = _moments(since, until, leaving, weight)[: len(entered)]
        left = np.maximum(left, entered[: len(left)])
        lost = _lost(left, since, rows["losses"].to_numpy(), leaving)
        frame = pd.DataFrame({"stage": stage, "entered": entered})
        frame["left"] = pd.Series(left, dtype="Int64")
        frame["lost"] = pd.Series(lost, dtype="boolean")
        stays.append(frame)
        gone = frame[frame["lost"].fillna(False)]
        outcomes.append(pd.DataFrame({"via": stage, "at": gone["left"].astype("int64")}))
    names = sorted(order, key=lambda name: order[name])
    following = dict(pairwise(names))
    before = {after: stage for stage, after in following.items()}
    every = pd.concat(stays, ignore_index=True)
    every["next"] = every["stage"].map(following).where(~every["lost"].fillna(False), "Lost")
    every["via"] = every["stage"].map(before)
    ended = pd.concat(outcomes, ignore_index=True)
    con.register("counted", every[["stage", "entered", "left", "next", "via"]])
    con.execute(f"""
        create or replace table stays as
        select (row_number() over ())::bigint as id, '#' || row_number() over () as "case", stage::varchar as stage,
            make_timestamp(entered::bigint) as entered, null::timestamp as started,
            make_timestamp("left"::bigint) as "left",
            case when "left" is null then null else next end::varchar as next, via::varchar as via,
            null::varchar as channel, {float(weight)}::double as weight, null::varchar as resource,
            null::double as value, null::varchar as reason, "left" is null as last
        from counted""")
    con.unregister("counted")
    con.register("counted", ended)
    con.execute(f"""
        create or replace table outcomes as
        select '#' || row_number() over () as "case", 'Lost' as outcome, make_timestamp("at"::bigint) as "at",
            null::timestamp as until, via::varchar as via, null::varchar as channel, {float(weight)}::double as weight,
            null::double as value, null::varchar as reason
        from counted""")
    con.unregister("counted")


def _moments(
    since: NDArray[np.int64], until: NDArray[np.int64], counts: NDArray[np.float64], weight: int
) -> NDArray[np.int64]:
    """When the 1st, 2nd, … crate has come, each bucket's counts spread evenly over it."""
    curve = np.concatenate([[0.0], np.cumsum(np.nan_to_num(counts))])
    steps = np.arange(1, math.floor(curve[-1] / weight + 1e-9) + 1) * float(weight)
    bucket = np.clip(np.searchsorted(curve, steps - 0.5 * weight, side="left") - 1, 0, len(since) - 1)
    height = np.maximum(curve[bucket + 1] - curve[bucket], 1e-12)
    share = np.clip((steps - 0.5 * weight - curve[bucket]) / height, 0.0, 1.0)
    return (since[bucket] + share * (until[bucket] - since[bucket])).astype(np.int64)


def _lost(
    left: NDArray[np.int64],
    since: NDArray[np.int64],
    losses: NDArray[np.float64],
    leaving: NDArray[np.float64],
) -> NDArray[np.bool_]:
    """Which departures of each bucket are losses: the share of the bucket, spread evenly."""
    lost = np.zeros(len(left), dtype=bool)
    owed = 0.0
    bucket = np.clip(np.searchsorted(since, left, side="right") - 1, 0, max(len(since) - 1, 0))
    for i, b in enumerate(bucket):
        owed += losses[b] / leaving[b] if leaving[b] else 0.0
        if owed >= 0.5:
            lost[i] = True
            owed -= 1.0
    return lost
