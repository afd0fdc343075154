"""A figure of a stage in each bucket of a stretch that is over: what the process behaviour chart shows."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np

from factoryview.factory.privacy import Gate
from factoryview.flow.office_hours import OfficeHours
from factoryview.store.windows import FOREVER, UNKNOWN
from factoryview.view.charts import Series, Stretch, buckets, passing
from factoryview.view.series import Floats, Moments, StageLog, counted

Figure = Literal["go", "come", "waiting", "queue", "losses"]
FIGURES: tuple[Figure, ...] = ("go", "come", "waiting", "queue", "losses")
"""Departures and arrivals (cases a working day or hour), how long those waited that left (µs; the whole stay where no
start is known), cases there at the end, and the share of those that left that was lost.
"""


def over_time(log: StageLog, over: Stretch, hours: OfficeHours, zone: ZoneInfo, figure: Figure, gate: Gate) -> Series:
    """The figure in each bucket with working time; a mean or a share only of enough cases."""
    if figure in ("go", "come"):
        found = passing(log, over, hours, zone)
        return found.go if figure == "go" else found.come
    edges, unit = buckets(over, zone)
    if len(edges) < 2:
        return Series(())
    open_ = np.array([unit != "day" or hours.days(a, b) > 0 for a, b in pairwise(edges.tolist())])
    if figure == "queue":
        values, known = log.wip(edges[1:]), open_
    elif figure == "waiting":
        values, cases = _mean_waits(log, edges)
        known = open_ & np.array([gate.enough(number) for number in cases.tolist()])
    else:
        cases = counted(log.gone, edges)
        place = np.searchsorted(edges, log.lost_at, side="right") - 1
        inside = (place >= 0) & (place < len(edges) - 1)
        lost = np.bincount(place[inside], log.lost_weight[inside], minlength=len(edges) - 1)
        values = lost / np.maximum(cases, 1e-9)
        known = open_ & np.array([gate.enough(number) for number in cases.tolist()])
    middle = (edges[:-1] + edges[1:]) // 2
    pairs = zip(middle[known].tolist(), values[known].tolist(), strict=True)
    return Series(tuple((over.share(at), float(value)) for at, value in pairs))


def _mean_waits(log: StageLog, edges: Moments) -> tuple[Floats, Floats]:
    """Of those that left in each bucket the mean wait, and how many they are."""
    chosen = (log.left >= edges[0]) & (log.left < edges[-1]) & (log.left < FOREVER)
    until = log.started if log.starts_known else log.left
    chosen &= until != UNKNOWN
    place = np.searchsorted(edges, log.left[chosen], side="right") - 1
    weight, spans = log.weight[chosen], np.maximum(until[chosen] - log.entered[chosen], 0).astype(float)
    cases = np.bincount(place, weight, minlength=len(edges) - 1).astype(float)
    sums = np.bincount(place, weight * spans, minlength=len(edges) - 1)
    return sums / np.maximum(cases, 1e-9), cases
