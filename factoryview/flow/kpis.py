"""The KPI table: one row per stage (or outcome) and bucket of local time."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from factoryview.errors import UsageError
from factoryview.factory.privacy import STRICT, Gate
from factoryview.flow.kpis_kept import again
from factoryview.language.said import said
from factoryview.store.database import Store
from factoryview.store.engine import Columns
from factoryview.time import HOUR, MINUTE, SECOND, utc

Bucket = Literal["hour", "day", "week", "month"]
_STEP = {"day": "D", "week": "W-MON", "month": "MS"}
_COUNTS = ("arrivals", "departures", "losses")
_TIMES = ("stay_mean_h", "stay_p50_h", "stay_p85_h", "wait_p50_h", "work_mean_h")
_NUMBERS = (*_COUNTS, *_TIMES, "waited_for")
_SIZES = dict.fromkeys(_TIMES, "departures") | {"wait_p50_h": "waited_for", "work_mean_h": "waited_for"}
"""Which count says of how many cases a time was taken."""

_AT_ONCE = 8_000_000
"""About so many stays are counted at once: beyond that the percentiles of their times do not fit into memory."""

Indexes = NDArray[np.intp]


def kpis(
    store: Store, *, bucket: Bucket, timezone: str, stages: tuple[str, ...] | None = None, gate: Gate = STRICT
) -> pd.DataFrame:
    """What came, went and stood, stage by stage along time.

    bucket: hours, days, weeks (from Monday) or months of local time; a day of clock change has 23 or 25 hours.
    timezone: an IANA name. stages: only these stages and outcomes, in this order; None: all, in order of first use.
    gate: how long cases stayed is reported where enough of them left in the bucket.
    Raises UsageError for an unknown zone or bucket, InputError if no event has a time.

    Rows are ordered by kind, stage and bucket; every bucket from the log's first moment to its last is there.
    Columns (cases are weights; durations in elapsed hours, NaN where nobody left in that bucket, or too few):

    kind: "stage" or "outcome".
    stage: name of the stage or outcome.
    bucket: the bucket's start, with time zone; the bucket is half open.
    arrivals: cases that came in.
    departures: cases that left; of an outcome: those reopened.
    losses: departures that ended the case, into an outcome of whatever kind.
    wip: cases there at the bucket's end; of an outcome: cases that have ended so by then and were not reopened.
    throughput_per_day: departures ÷ the bucket's length in days; of an outcome: arrivals ÷ it.
    stay_mean_h, stay_p50_h, stay_p85_h: how long those that left had stayed; the mean by weight, the percentiles
        per stay. NaN for outcomes.
    wait_p50_h: how long those that left had waited for their start, where starts are known (interval logs).
    work_mean_h: mean time from start to end of those that left, by weight, where starts are known.
    little_l: λ·W, arrivals per hour × mean stay. Far from the wip only where the flow is not steady, or where the
        times do not mean what was assumed (J. D. C. Little 1961, Oper. Res. 9(3)).
    """
    edges = _edges(*store.span(), bucket, timezone)
    starts = pd.DatetimeIndex(edges[:-1]).tz_convert(timezone)
    moments = edges.as_unit("us").asi8
    counted = again(store, moments, bucket, timezone, count=partial(_counted, store, moments))
    names = _names(store, stages)
    shape = (len(names), len(starts))
    asked, cell = _cells(counted, names)
    table = {}
    for column in _NUMBERS:
        grid = np.full(shape, 0.0 if column not in _TIMES else np.nan)
        grid[cell] = counted[column][asked]
        table[column] = grid if column in _TIMES else np.nan_to_num(grid)
    for column in _TIMES:
        table[column][table[_SIZES[column]] < gate.smallest] = np.nan
    hours = np.diff(moments) / HOUR
    of_stages = np.array([[kind == "stage"] for kind, _ in names])
    table["wip"] = np.cumsum(table["arrivals"] - table["departures"], axis=1).round(9) + 0.0  # nothing has no sign
    table["throughput_per_day"] = np.where(of_stages, table["departures"], table["arrivals"]) / hours * 24
    table["little_l"] = table["arrivals"] / hours * table["stay_mean_h"]
    order = (*_COUNTS, "wip", "throughput_per_day", *_TIMES, "little_l")
    return pd.DataFrame(
        {
            "kind": np.repeat(np.array([kind for kind, _ in names], dtype=object), len(starts)),
            "stage": np.repeat(np.array([name for _, name in names], dtype=object), len(starts)),
            "bucket": starts[np.tile(np.arange(len(starts)), len(names))],
            **{column: table[column].ravel() for column in order},
        }
    ).astype({"kind": "str", "stage": "str"})


def _counted(store: Store, moments: NDArray[np.int64], since: int, until: int) -> Columns:
    """What `counts/kpis` counts in the buckets [since, until) of those with these edges (µs); of a large log part by
    part.
    """
    [(stays,)] = store.rows("stays/number")
    size = max(1, (len(moments) - 1) * _AT_ONCE // max(stays, 1))
    parts = []
    for first in range(since, until, size):
        edges = moments[first : min(first + size, until) + 1]
        found = store.ask("counts/kpis", **_slots(edges))
        inside = np.asarray(found["bucket"]) < len(edges) - 1
        numbers = {name: np.ma.filled(np.ma.asarray(found[name]).astype(float), np.nan) for name in _NUMBERS}
        names = {name: np.asarray(found[name]) for name in ("kind", "stage")}
        part = numbers | names | {"bucket": np.asarray(found["bucket"]) + first}
        parts.append({name: values[inside] for name, values in part.items()})
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _slots(moments: NDArray[np.int64]) -> dict[str, object]:
    """How buckets with these edges (µs) are found by a division, as `counts/kpis` wants it. A bucket may be empty: of a
    day that a clock leaves out. What is after the last edge has a bucket beyond the last.
    """
    spans = np.diff(moments)
    origin, width = int(moments[0]), min(spans[spans > 0].tolist(), default=1)
    begins = origin + width * np.arange(max(-((origin - int(moments[-1])) // width), 1))
    buckets = np.minimum(moments.searchsorted(begins, side="right") - 1, len(moments) - 2)
    after = moments[buckets + 1]
    later = moments.searchsorted(after, side="right") - 1
    return {
        "origin": origin, "end": origin + width * len(begins), "width": width,
        "buckets": buckets.tolist(), "later": later.tolist(), "after": after.tolist(),
    }  # fmt: skip


def _cells(counted: Columns, names: list[tuple[str, str]]) -> tuple[NDArray[np.bool_], tuple[Indexes, Indexes]]:
    """Which counted rows are asked for, and their places in the table: row of names, bucket."""
    code = {name: i for i, name in enumerate(names)}
    rows = np.array([code.get(name, -1) for name in zip(counted["kind"], counted["stage"], strict=True)], dtype=np.intp)
    asked = rows >= 0
    return asked, (rows[asked], np.asarray(counted["bucket"], dtype=np.intp)[asked])


def _names(store: Store, wanted: tuple[str, ...] | None) -> list[tuple[str, str]]:
    outcomes = list(dict.fromkeys([*store.ends, *(name for name, dated in store.rows("counts/outcomes") if dated)]))
    every = [("stage", name) for name in store.stages()] + [("outcome", name) for name in outcomes]
    if wanted is None:
        return every
    return sorted((row for row in every if row[1] in wanted), key=lambda row: (row[0] != "stage", wanted.index(row[1])))


def _edges(first: int, last: int, bucket: Bucket, timezone: str) -> pd.DatetimeIndex:
    """Where the buckets begin that cover both moments (µs UTC), and where the last one ends; in UTC."""
    if bucket not in get_args(Bucket):
        raise UsageError(said("error.no_bucket", bucket=bucket, known=", ".join(get_args(Bucket))))
    try:
        zone = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(said("error.no_timezone", name=timezone)) from error
    since, until = (utc(moment) for moment in (first, last))
    if bucket == "hour":
        start = since - timedelta(microseconds=_past_the_hour(since.astimezone(zone)))
        return pd.date_range(start, until + timedelta(hours=1), freq="h").as_unit("us")
    day, until_day = (moment.astimezone(zone).replace(tzinfo=None) for moment in (since, until))
    opening = {"day": timedelta(0), "week": timedelta(day.weekday()), "month": timedelta(day.day - 1)}[bucket]
    local = pd.date_range((day - opening).date(), until_day + timedelta(31), freq=_STEP[bucket])
    both = np.ones(len(local), dtype=bool)
    edges = local.tz_localize(timezone, ambiguous=both, nonexistent="shift_forward").tz_convert("UTC").as_unit("us")
    # a day that a clock leaves out is empty: pandas lets that of 2011 in Apia end before it begins
    moments = np.minimum.accumulate(edges.asi8[::-1])[::-1]
    edges = pd.DatetimeIndex(moments.astype("datetime64[us]"), tz="UTC")
    return edges[: int(np.searchsorted(edges.asi8, last, side="right")) + 1]


def _past_the_hour(local: datetime) -> int:
    return local.minute * MINUTE + local.second * SECOND + local.microsecond
