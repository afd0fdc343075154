"""Plants whose jams are known: a line of five stages and an archive, 500 working days, calm or overloaded for a time.

Simulated in working days, each stage after the other: servers that take the first who came, a delay at the customer,
a release of batches. Then put on a calendar of weeks with nights and weekends.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush, heapreplace

import numpy as np
from numpy.typing import NDArray

from factoryview.time import DAY, HOUR

Floats = NDArray[np.float64]
CALM = ("calm", "mondays", "bursts", "season", "closures", "batch10", "batch60", "handover")
JAMS = ("overload", "short", "growth", "from the start", "staff lost", "vacation", "batches left out")
VOLUMES = (1.0, 10.0, 60.0)
STAGES = ("Check", "Assess", "Customer", "Work", "Dispatch", "Archive")
DAYS = 500
NEVER = np.iinfo(np.int64).max
MONDAY = 19_723 * DAY
"""2024-01-01."""


@dataclass(frozen=True)
class Jams:
    """A plant's stays by stage (µs UTC, `NEVER` while open), in order of entry, and the truth about them."""

    kind: str
    stays: dict[str, tuple[NDArray[np.int64], NDArray[np.int64]]]
    jams: tuple[tuple[str, int, int], ...]
    """Stage, first day of an overload, and the day on which its pile is nearly gone."""
    lost: NDArray[np.intp]
    """Which stays at `Assess` were lost in a hand-over."""

    @property
    def span(self) -> tuple[int, int]:
        return MONDAY, MONDAY + (DAYS // 5) * 7 * DAY


def _arrivals(rng: np.random.Generator, rates: Floats) -> Floats:
    counts = rng.poisson(rates)
    return np.sort(np.repeat(np.arange(len(rates)), counts) + rng.random(counts.sum()))


def _serve(come: Floats, work: Floats, servers: list[tuple[float, int]]) -> Floats:
    """When each leaves, first come first served. servers: (since, number ≥ 1), ascending; who works, ends first."""
    changes = servers[1:]
    free = [0.0] * servers[0][1]
    left = np.empty(len(come))
    for i, (arrived, span) in enumerate(zip(come.tolist(), work.tolist(), strict=True)):
        while changes and changes[0][0] <= max(arrived, free[0]):
            since, number = changes.pop(0)
            for _ in range(number - len(free)):
                heappush(free, since)
            while len(free) > number:  # the first to be free goes
                heappop(free)
        left[i] = max(arrived, free[0]) + span
        heapreplace(free, float(left[i]))
    return left


def _on_calendar(days: Floats) -> NDArray[np.int64]:
    """Working days as moments: five days a week from eight to four."""
    finite = np.where(np.isfinite(days), days, 0.0)
    whole = np.floor(finite).astype(np.int64)
    at = MONDAY + (whole // 5 * 7 + whole % 5) * DAY + 8 * HOUR + np.round((finite - whole) * 8 * HOUR).astype(np.int64)
    return np.where(np.isfinite(days), at, NEVER)


def _piles(come: Floats, able: Floats) -> tuple[Floats, list[tuple[int, int]]]:
    """A fluid queue: what goes out on each day, and the stretches from overload until under two days of work wait,
    of those in which more than that did."""
    gone, backlog, found, since, high = np.zeros(len(come)), 0.0, [], -1, False
    for day, (new, can) in enumerate(zip(come.tolist(), able.tolist(), strict=True)):
        before = backlog
        gone[day] = min(backlog + new, can)
        backlog += new - gone[day]
        if since < 0 and backlog > before:
            since, high = day, False
        high = high or backlog >= 2 * can
        if since >= 0 and backlog < 2 * can and backlog <= before:
            if high:
                found.append((since, day))
            since = -1 if high or not backlog else since
    return gone, [*found, (since, len(come))] if since >= 0 and high else found


def generate(kind: str, volume: float, seed: int) -> Jams:
    """A plant of one kind with so many cases a day."""
    rng = np.random.default_rng([seed, round(volume), (*CALM, *JAMS).index(kind)])
    rates = np.full(DAYS, volume)
    load = float(rng.uniform(0.7, 0.85))
    loads = {"Check": 0.8 * load, "Assess": load, "Work": 0.8 * load}
    servers = {"Check": [(0.0, 2)], "Assess": [(0.0, 2)], "Work": [(0.0, 3)]}
    able = {name: np.full(DAYS, volume / load) for name, load in loads.items()}
    begin = int(rng.integers(220, 300))
    overload = {"overload": (1.35, begin, 60), "short": (1.4, begin, 15), "growth": (1.06, 210, DAYS),
                "from the start": (1.15, 0, DAYS)}  # fmt: skip
    if kind == "mondays":
        rates[::5] *= 1.8
        rates[np.arange(DAYS) % 5 > 0] *= 0.8
    elif kind == "bursts":
        rates[rng.choice(np.arange(60, DAYS), 8, replace=False)] *= 3
    elif kind == "season":
        rates *= 1 + 0.15 * np.sin(2 * np.pi * np.arange(DAYS) / 250)
    elif kind in overload:
        factor, since, days = overload[kind]
        rates[since : since + days] = factor * min(float(each[0]) for each in able.values())
    elif kind in ("staff lost", "vacation"):
        days = 60 if kind == "staff lost" else 10
        servers["Work"] = [(0.0, 3), (float(begin), 1), (float(begin + days), 3)]
        able["Work"][begin : begin + days] /= 3
    jams = _overloads(rates, able) if kind in JAMS else []
    closed = np.zeros(DAYS, bool)
    if kind == "closures":
        for since in (int(rng.integers(120, 180)), int(rng.integers(300, 400))):
            closed[since : since + 10] = True
    stays: dict[str, tuple[Floats, Floats]] = {}
    come = _arrivals(rng, rates)
    lost = np.zeros(0, np.intp)
    for stage in ("Check", "Assess"):
        gone = _finished(rng, come, volume, loads[stage], servers[stage])
        if kind == "handover" and stage == "Assess":
            since = int(rng.integers(220, 300))
            missing = (come >= since) & (come < since + 9) & (rng.random(len(come)) < 0.5)
            lost = np.flatnonzero(missing)
            gone = np.full(len(come), np.inf)
            gone[~missing] = _finished(rng, come[~missing], volume, loads[stage], servers[stage])
        stays[stage] = (come, gone)
        come = np.sort(gone[np.isfinite(gone)])
    gone = come + rng.lognormal(np.log(4) - 0.5, 1.0, len(come))
    stays["Customer"] = (come, gone)
    come = np.sort(gone)
    gone = _finished(rng, come, volume, loads["Work"], servers["Work"])
    stays["Work"] = (come, gone)
    come = np.sort(gone)
    every = {"batch10": 10, "batch60": 60, "batches left out": 10}.get(kind, 1)
    runs = np.arange(every, DAYS + every, every) - 0.3
    if kind == "batches left out":
        first = int(np.searchsorted(runs, begin))
        jams.append(("Dispatch", int(runs[first]), int(runs[first + 3])))
        runs = np.delete(runs, slice(first, first + 3))
    place = np.searchsorted(runs, come)
    gone = np.append(runs, np.inf)[place]
    stays["Dispatch"] = (come, gone + np.where(np.isfinite(gone), 0.1 * rng.random(len(gone)), 0.0))
    come = np.sort(stays["Dispatch"][1])
    stays["Archive"] = (come, np.full(len(come), np.inf))
    return Jams(kind, {stage: _cut(pair, closed) for stage, pair in stays.items()}, tuple(jams), lost)


def _overloads(rates: Floats, able: dict[str, Floats]) -> list[tuple[str, int, int]]:
    """The overloads of the line, what comes to each stage taken as a fluid."""
    flow, found = rates, []
    for stage, capacity in able.items():
        if stage == "Work":  # the customers before it take their time
            ages = np.arange(0, 60) + 0.5
            shares = np.exp(-((np.log(ages / 4) + 0.5) ** 2) / 2) / ages
            flow = np.convolve(flow, shares / shares.sum())[: len(flow)]
        flow, piles = _piles(flow, capacity)
        found += [(stage, *pile) for pile in piles]
    return found


def _finished(
    rng: np.random.Generator, come: Floats, volume: float, load: float, servers: list[tuple[float, int]]
) -> Floats:
    work = rng.gamma(2.0, 0.5, len(come)) * load * servers[0][1] / volume
    return _serve(come, work, servers)


def _cut(pair: tuple[Floats, Floats], closed: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """What is known at the end; nothing moves on closed days, which come on top."""
    come, gone = pair
    inside = come < DAYS
    gone = np.where(gone < DAYS, gone, np.inf)
    open_days = np.flatnonzero(~closed)
    if closed.any():

        def shifted(days: Floats) -> Floats:
            whole = np.floor(np.where(np.isfinite(days), days, 0)).astype(np.int64)
            late = whole >= len(open_days)
            moved = open_days[np.minimum(whole, len(open_days) - 1)] + (days - whole)
            return np.where(np.isfinite(days) & ~late, moved, np.inf)

        come, gone = shifted(come), shifted(gone)
        inside = np.isfinite(come)
    return _on_calendar(come[inside]), _on_calendar(gone[inside])
