"""What a stage has held back since its jam began: cases a working day, with an interval, and the stock that waits.

As if it had been fast since the jam began: the growth of what it holds up, and the cases that left because they
waited, times the share that is finished well, at most what the next constraint lets through, counted when they would
have been finished. Tried on simulated plants; the point is judged against the plant's realised history, the interval
against the average over its chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from factoryview.flow.verdict.basis import Basis
from factoryview.flow.verdict.losses import out_of_turn, with_the_wait
from factoryview.flow.verdict.stations import Station
from factoryview.flow.verdict.visits import Floats, Visits
from factoryview.flow.verdict.ways import Settled, Ways, counted, ways_of
from factoryview.flow.verdict.worktime import working_days
from factoryview.store.database import Store
from factoryview.time import moment_of

Case = Literal["sure", "possible", "time", "shrinking", "none", "unseen"]
FREE = 4.0
"""So many times as fast a stage limits nothing any more."""
FIRST = 20
"""The count is trusted when so many of the first that came have left: before, some may stand there that nobody saw."""
LAGS = np.arange(0.05, 1.0, 0.1)
NINETY = 1.645
"""Standard errors of a 90 % interval."""
SURE, SOME, ONE = 0.05, 0.3, 1.0
"""Cases a day that are surely more than none, that are worth a word, and cases held up that are."""
GRID = 2_000
"""Moments at which what is held up is looked at, at least; at most every hour."""


@dataclass(frozen=True)
class Held:
    """What one stage held back over a window; hours since 1970 UTC, cases per working day."""

    stage: str
    since: float
    """Since when the stage is taken as fast."""
    window: tuple[float, float]
    working_days: float
    case: Case
    point: float
    low: float
    high: float
    lost: float
    """Of `point`, those that left because they waited: they do not come later."""
    standing: float
    """Cases held up, on average."""
    wait: float
    """Working days per case that they wait."""
    limited_by: str | None
    """The next constraint, where it and not the stage sets the number."""
    shrinks: float
    """By how many cases a working day the pile shrinks, where it does."""
    gone: float | None
    """When it is gone at that pace."""


@dataclass(frozen=True)
class _Curve:
    """A step function of time: sorted moments, and the value from each on."""

    at: Floats
    value: Floats

    @classmethod
    def of(cls, ups: Floats, downs: Floats, weight: Floats | None = None) -> _Curve:
        moments = np.concatenate([ups, downs])
        steps = np.concatenate([np.ones(len(ups)) if weight is None else weight, -np.ones(len(downs))])
        order = np.argsort(moments, kind="stable")
        return cls(moments[order], np.concatenate([[0.0], np.cumsum(steps[order])]))

    def __call__(self, moments: Floats) -> Floats:
        return np.asarray(self.value[np.searchsorted(self.at, moments, side="right")])


class HeldUp:
    """X(t): the cases before one stage that would not wait if it were fast; evidence as known at its end."""

    def __init__(self, basis: Basis, stage: int) -> None:
        self.basis, self.stage = basis, stage
        evidence, station = basis.evidence, basis.stations[stage]
        self.visits: Visits = evidence.shown[stage] if evidence.hidden else station.visits
        self.settled = Settled(evidence, [each.clock for each in basis.stations]) if evidence.hidden else None
        left = self.visits.left[np.isfinite(self.visits.left)]
        entered, weight = self.visits.entered, np.ones(len(self.visits.entered))
        if self.settled is not None:
            begun, chance = self.settled.waiting_at(stage)
            entered, weight = np.concatenate([entered, begun]), np.concatenate([weight, chance])
        self._standing = _Curve.of(entered, left, weight)
        span = max(evidence.end - evidence.begin, 1e-6)
        self.step = min(1.0, span / GRID)
        steps = np.arange(int(np.ceil(span / self.step)) + 2)
        self.grid: Floats = (evidence.begin + self.step * steps).astype(np.float64)
        worked = np.diff(station.clock.worked(self.grid))
        come = np.histogram(entered, self.grid, weights=weight)[0]
        pace = len(left) / max(float(station.clock.worked(np.array([evidence.end]))[0]), 1e-9)
        growth = np.concatenate([[0.0], np.cumsum(come - FREE * pace * worked)])
        self._anyway = growth - np.minimum.accumulate(np.minimum(growth, 0.0))

    def __call__(self, moments: Floats) -> Floats:
        """Cases held up at each moment."""
        waiting = np.maximum(self._standing(moments) - _servers(self.basis.stations[self.stage], moments), 0.0)
        place = np.clip(((moments - self.grid[0]) / self.step).astype(np.int64), 0, len(self._anyway) - 1)
        return np.asarray(np.maximum(waiting - self._anyway[place], 0.0))

    @property
    def trusted(self) -> float:
        """From when on the count of who stands there can be trusted."""
        early = self.visits.left[:FIRST]
        return float(early.max()) if len(early) and np.isfinite(early).all() else self.basis.evidence.begin

    def mean(self, since: float, until: float) -> float:
        """Cases held up on average."""
        moments: Floats = self.grid[(self.grid >= since) & (self.grid < until)]
        return float(self(moments if len(moments) else np.array([until])).mean())


def held_back(
    basis: Basis, stage: str, since: float, window: tuple[float, float] | None = None, *, lags: Floats | None = None
) -> Held:
    """What a stage held back over a window (default: all the time since its jam began).

    basis: as known at the end of the window. since: when the jam began. lags: hours from leaving the stage to being
    finished well (`lags_of`), at the quantiles `LAGS`.
    """
    evidence, s = basis.evidence, basis.evidence.index(stage)
    station = basis.stations[s]
    end = evidence.end
    begin, until = window or (since, end)
    until = min(until, end)
    begin = min(begin, until - 1e-6)
    days, worked = max(until - begin, 1e-6) / 24, working_days(evidence, begin, until)
    if station.blind:
        return _held(stage, since, (begin, until), worked, "unseen")
    held = HeldUp(basis, s)
    onset = max(since, held.trusted)
    lost, ways = _losses(basis, s, held)
    delays = np.zeros(len(LAGS)) if lags is None else lags

    def total(moments: Floats) -> Floats:
        value = held(moments) + lost(moments) - lost(np.array([onset]))
        return np.where(moments < onset, 0.0, value)

    raw = float((total(until - delays) - total(begin - delays)).mean()) / days
    spread = _spread(basis, held, lost, onset, until, days, worked)
    share = float(ways.finished[s])
    slack, next_stage = _slack(basis, s, ways, begin, until, days)
    scale = evidence.weight * days / worked
    point, low, high = (
        float(share * min(max(value, 0.0), slack) * scale) for value in (raw, raw - spread, raw + spread)
    )
    mean = held.mean(begin, until) * evidence.weight
    come = float(((held.visits.entered >= begin) & (held.visits.entered < until)).sum()) * evidence.weight
    shrinking = (raw * share + spread * share) * scale < -SURE
    pace = -raw * scale
    still = float(held(np.array([until]))[0]) * evidence.weight
    losses = float((lost(np.array([until])) - lost(np.array([max(begin, onset)])))[0]) * evidence.weight / worked
    case = _case(point, low, mean, shrinking=shrinking)
    return Held(
        stage, since, (begin, until), worked, case, point, low, high, min(max(share * losses, 0.0), point),
        standing=mean,
        wait=mean * worked / come if come else 0.0,
        limited_by=evidence.stages[next_stage] if next_stage is not None and raw > slack else None,
        shrinks=pace if shrinking else 0.0,
        gone=until + 24 * (still / pace) * days / worked if shrinking and pace > 0 else None,
    )  # fmt: skip


def _servers(station: Station, moments: Floats) -> Floats:
    """How many work there at each moment."""
    if station.staff is not None:
        return station.staff.at(moments)
    return np.full(len(moments), float(station.servers))


def _held(stage: str, since: float, window: tuple[float, float], worked: float, case: Case) -> Held:
    return Held(stage, since, window, worked, case, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, None, 0.0, None)


def _case(point: float, low: float, mean: float, *, shrinking: bool) -> Case:
    if shrinking and mean >= ONE:
        return "shrinking"
    if low > SURE:
        return "sure"
    if point >= SOME:
        return "possible"
    return "time" if mean >= ONE else "none"


def _losses(basis: Basis, s: int, held: HeldUp) -> tuple[_Curve, Ways]:
    """Cases that left because they waited, as a running sum; and where those go that are served."""
    evidence, station = basis.evidence, basis.stations[s]
    nobody = np.zeros(len(evidence.stages))
    if held.settled is not None:
        set_out, missing = with_the_wait(evidence, s, held.settled, held)
        return _Curve.of(set_out, np.zeros(0), missing), held.settled.ways
    counts, total = counted(evidence)
    if evidence.meaning == "kpi":
        return _Curve.of(np.zeros(0), np.zeros(0)), ways_of(evidence, counts, nobody, total)
    bad = evidence.lost
    at, weight = out_of_turn(station.visits, bad, _servers(station, station.visits.left))
    lost = counts[s, bad].sum()
    if len(at) and lost:
        left = max(1 - weight * len(at) / lost, 0.0)
        total[s] -= float(counts[s, bad].sum() * (1 - left))
        counts[s, bad] *= left
    return _Curve.of(at, np.zeros(0), np.full(len(at), weight)), ways_of(evidence, counts, nobody, total)


def _spread(basis: Basis, held: HeldUp, lost: _Curve, onset: float, until: float, days: float, worked: float) -> float:
    """Half the 90 % interval, cases a day, from the daily changes since the jam began."""
    edges: Floats = np.arange(until, onset, -24.0)[::-1].astype(np.float64)
    change = np.diff(held(edges) + lost(edges))
    busy = np.diff(basis.stations[held.stage].clock.worked(edges)) > 0
    if len(change) < 2:
        return NINETY * float(np.sqrt(max(float(held(np.array([until]))[0]), 1.0))) / days
    if worked < 0.95 * days and busy.sum() >= 2:
        return NINETY * float(change[busy].std(ddof=1) * np.sqrt(worked)) / days
    return NINETY * float(change.std(ddof=1) / np.sqrt(days))


def _slack(basis: Basis, s: int, ways: Ways, begin: float, until: float, days: float) -> tuple[float, int | None]:
    """How many cases a day more the stages after this one could take, and which could take the fewest."""
    bins = basis.bins
    low, high = bins.bin_of(begin), bins.bin_of(until - 1e-9) + 1
    least: float = np.inf
    place: int | None = None
    for j, station in enumerate(basis.stations):
        visits = ways.visits[s, j]
        used = float(bins.used[low:high, j].sum())
        if j == s or station.kind != "queue" or visits < 1e-6 or used <= 0:
            continue
        idle = max(float(bins.offered[low:high, j].sum()) - used, 0.0)
        more = idle * float(bins.departures[low:high, j].sum()) / used / days / visits
        if more < least:
            least, place = more, j
    return least, place


def lags_of(basis: Basis, store: Store, stage: str) -> NDArray[np.float64]:
    """Hours from leaving a stage for the last time to being well done, at the quantiles `LAGS`."""
    evidence = basis.evidence
    if evidence.meaning == "kpi":
        return np.zeros(len(LAGS))
    good = [name for name, well in zip(evidence.ways, evidence.good, strict=True) if well]
    end = moment_of(evidence.end).replace(tzinfo=None)
    found = store.ask("verdict/lags", stage=stage, good=good, until=end)
    spans = np.asarray(found["hours"], dtype=float)
    return np.asarray(np.quantile(spans, LAGS)) if len(spans) > FIRST else np.zeros(len(LAGS))
