"""Why cases wait at a stage, and what removing each cause would gain.

Where starts and resources are known, the wait from being enabled to the start is taken apart in this order:
batching (until the last of its batch was there), contention (the same person or machine worked on what had come
earlier), prioritisation (on what had come later), unavailability (outside its hours), rest. Source: Lashkevich,
Milani, Chapela-Campa, Suvorau, Dumas 2023, doi 10.1007/978-3-031-34560-9_11. Hours are discovered from activity.
With entries or completions only, what can be known is how much of the wait fell outside working time, into a batch
step's schedule, or into a delay nobody works on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factoryview.flow.verdict.basis import Basis
from factoryview.flow.verdict.bins import HIDDEN
from factoryview.flow.verdict.clock import Clock, discover
from factoryview.flow.verdict.stations import Station
from factoryview.flow.verdict.visits import Floats
from factoryview.store.database import Store
from factoryview.time import HOUR, moment_of

CAUSES = ("batching", "contention", "prioritisation", "unavailability", "rest")
SAMPLE = 4_000
"""Stays per stage that are taken apart; the newest of the period."""
TOGETHER = 1 / 60
"""Hours between two pieces of work of one batch."""


@dataclass(frozen=True)
class Waiting:
    """The wait before one stage over a period."""

    shares: dict[str, float]
    """Cause → share of the wait; they add to 1."""
    efficiency: float | None
    """Cycle-time efficiency: processing ÷ (processing + waiting); None where starts are unknown."""
    without: dict[str, float]
    """Cause → the efficiency if that cause were gone."""


def causes(store: Store, basis: Basis, window: tuple[float, float]) -> dict[str, Waiting]:
    """Per stage at which anything waited in the window (hours since 1970 UTC)."""
    known = basis.evidence.meaning == "interval" and bool(store.rows("verdict/starts_known")[0][0])
    found = {}
    for index, station in enumerate(basis.stations):
        apart = _taken_apart(store, basis, station, window) if known else None
        waiting = apart if known else _by_clock(basis, index, station, window)
        if waiting is not None:
            found[station.name] = waiting
    return found


def _by_clock(basis: Basis, index: int, station: Station, window: tuple[float, float]) -> Waiting | None:
    """What entries alone tell: a pure delay rests, a batch collects, a queue waits in and out of working time."""
    bins = basis.bins
    low, high = bins.bin_of(window[0]), bins.bin_of(window[1] - 1e-9) + 1
    if station.kind != "queue":
        if not bins.standing[low:high, index].any():
            return None
        return Waiting({"batching" if station.kind == "batch" else "rest": 1.0}, None, {})
    waiting = bins.waiting[low:high, index]
    waiting = np.where(waiting >= HIDDEN, 0.0, waiting)
    width = np.diff(bins.edges[low : high + 1])
    total = float(waiting @ width)
    if total <= 0:
        return None
    worked = np.diff(station.clock.worked(bins.edges[low : high + 1]))
    inside = float(waiting @ worked) / total
    shares = {"contention": inside, "unavailability": 1 - inside}
    return Waiting({cause: round(share, 4) for cause, share in shares.items() if share > 0}, None, {})


def _taken_apart(store: Store, basis: Basis, station: Station, window: tuple[float, float]) -> Waiting | None:
    since, until = window
    before = since - (until - since)  # work that began earlier explains waits in the window
    moments = {"since": moment_of(before).replace(tzinfo=None), "until": moment_of(until).replace(tzinfo=None)}
    columns = store.ask("verdict/work", stage=station.name, **moments)
    enabled, begun, done = (np.asarray(columns[name]).astype(float) / HOUR for name in ("entered", "started", "left"))
    hours = basis.evidence.hours
    people, who = np.unique(np.asarray(columns["resource"]).astype(str), return_inverse=True)
    chosen = np.flatnonzero(np.asarray(columns["here"]).astype(bool) & (begun >= since))[-SAMPLE:]
    if not len(chosen):
        return None
    parts = np.zeros((len(chosen), len(CAUSES)))
    for person in range(len(people)):
        mine = np.flatnonzero(who == person)
        asked = np.flatnonzero(who[chosen] == person)
        if len(asked):
            clock = discover(done[mine], hours)
            clock = clock if clock.share < 1 else station.clock
            work = (enabled[mine], begun[mine], done[mine])
            places = np.searchsorted(mine, chosen[asked])
            parts[asked] = _split(places, work, clock)
    wait, work_hours = parts.sum(axis=0), _processing(begun[chosen], done[chosen], station.clock)
    total = float(wait.sum())
    if total <= 0:
        return None
    return Waiting(
        {cause: round(float(part) / total, 4) for cause, part in zip(CAUSES, wait, strict=True) if part > 0},
        work_hours / (work_hours + total),
        {
            cause: work_hours / (work_hours + total - float(part))
            for cause, part in zip(CAUSES, wait, strict=True)
            if part > 0
        },
    )


def _processing(begun: Floats, done: Floats, clock: Clock) -> float:
    return float(np.maximum(clock.worked(done) - clock.worked(begun), 0.0).sum())


def _split(places: NDArray[np.int64], work: tuple[Floats, Floats, Floats], clock: Clock) -> Floats:
    """Hours of each wait by cause, for the stays at `places` among one resource's work (ordered by start)."""
    enabled, begun, done = work
    result = np.zeros((len(places), len(CAUSES)))
    busy_until = np.maximum.accumulate(done)
    full = _batch_full(enabled, begun, busy_until)
    for row, k in enumerate(places.tolist()):
        start, stop = enabled[k], begun[k]
        if stop <= start:
            continue
        collected = min(max(full[k], start), stop)
        result[row, 0] = collected - start
        low = int(np.searchsorted(busy_until[:k], collected, side="right"))
        over = np.minimum(done[low:k], stop) - np.maximum(begun[low:k], collected)
        over = np.maximum(over, 0.0)
        earlier = enabled[low:k] <= start
        left = stop - collected
        busy = float(over.sum())
        scale = min(1.0, left / busy) if busy > 0 else 0.0
        result[row, 1] = float(over[earlier].sum()) * scale
        result[row, 2] = float(over[~earlier].sum()) * scale
        idle = max(left - busy * scale, 0.0)
        ends = clock.worked(np.array([collected, stop]))
        closed = (stop - collected) - float(ends[1] - ends[0])
        result[row, 3] = min(max(closed, 0.0), idle)
        result[row, 4] = idle - result[row, 3]
    return result


def _batch_full(enabled: Floats, begun: Floats, busy_until: Floats) -> Floats:
    """Per piece of work: when the last of its batch was enabled; its own enabling where it is no batch.

    A batch: pieces done at once or one right after the other, all enabled before the first began, while the
    resource had been idle between the last enabling and that beginning or the pieces began at the same moment.
    """
    n = len(begun)
    full = enabled.copy()
    start = 0
    for k in range(1, n + 1):
        joined = k < n and begun[k] <= begun[start] + TOGETHER
        if joined:
            continue
        if k - start >= 2:
            latest = float(enabled[start:k].max())
            if latest <= begun[start] + TOGETHER and (start == 0 or busy_until[start - 1] <= begun[start]):
                full[start:k] = latest
        start = k
    return np.minimum(full, begun)
