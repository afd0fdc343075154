"""Which stage limits the plant, at a moment or over a span, since when, and how sure that is.

A stage is the bottleneck if a quarter more speed there would have brought the most completed cases out of the log
(`lift`), its servers were nearly always at work, and at least one other method points at it too. Other methods:
the longest uninterrupted active period (Roser, Nakano, Tanaka 2002; with entries only, "work waiting" stands for
active), the highest utilisation, the growth of the queue, the longest expected wait.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from factoryview.flow.evidence import Evidence, Floats, Ints
from factoryview.flow.frames import HIDDEN, Frame, cut
from factoryview.flow.lift import Gain, lift
from factoryview.flow.stations import Station, stations

Kind = Literal["sole", "shifting", "none"]
QUARTER, FREE = 1.25, 4.0
USED = 0.84
"""A stage whose servers rest for more than a sixth of their time limits nothing."""
CLEAR = 2.0
"""How many times the runner-up's gain makes a sole bottleneck."""
STEPS = 400
"""Moments at which the whole log is judged."""


@dataclass(frozen=True)
class Phase:
    """A stretch of time with the same bottleneck (or none); hours since 1970 UTC."""

    stage: str | None
    since: float
    until: float


@dataclass(frozen=True)
class Bottleneck:
    """What limits the plant. `gains`: extra completed cases per stage at +25 % speed, on average over the window."""

    stage: str | None
    kind: Kind
    provisional: bool
    since: float | None
    until: float
    window: tuple[float, float]
    methods: dict[str, str | None]
    gains: dict[str, float]
    used: dict[str, float]
    reason: Literal["clear", "idle", "disagree", "no gain", "unseen", "no queue"]
    """Why there is a verdict, or none."""


@dataclass(frozen=True)
class Line:
    """Everything the verdict is taken from: fetched and cut once, asked many times."""

    evidence: Evidence
    stations: list[Station]
    frame: Frame

    def names(self, scores: Floats) -> dict[str, float]:
        return dict(zip(self.evidence.stages, (float(score) for score in scores), strict=True))


def line_of(evidence: Evidence) -> Line:
    """Cuts the evidence into what the methods need."""
    found = stations(evidence)
    return Line(evidence, found, cut(evidence, found))


def _best(gain: Gain) -> tuple[Ints, np.ndarray]:
    """Per window the stage that gains most, −1 where its servers rest too often or nothing is gained."""
    best = gain.mean.argmax(axis=1)
    rows = np.arange(len(best))
    sure = (gain.used[rows, best] >= USED) & (gain.mean[rows, best] > LEAST)
    return np.where(sure, best, -1), best


LEAST = 0.3
"""Fewer cases than this, on average over the window, are chance."""


def ribbon(line: Line) -> list[Phase]:
    """The bottleneck along the whole log: windows around each moment, as far as the log reaches."""
    frame = line.frame
    length, bins = frame.per_window, len(frame.departures)
    half = max(1, length // 2)
    step = max(1, bins // STEPS)
    centres = np.arange(0, bins, step)
    first = np.clip(centres - half // 2, 0, max(bins - half, 0))
    size = min(half, bins)
    winners, _ = _best(lift(frame, line.evidence, line.stations, first, size, QUARTER))
    winners = _calmed(winners, max(1, half // (2 * step)))
    phases: list[Phase] = []
    edges = np.append(centres - step / 2, bins).clip(0, bins).astype(int)
    for start in np.flatnonzero(np.append(True, np.diff(winners) != 0)):
        later = np.flatnonzero(winners[start:] != winners[start])
        stop = start + int(later[0]) if len(later) else len(winners)
        stage = line.evidence.stages[winners[start]] if winners[start] >= 0 else None
        phases.append(Phase(stage, float(frame.edges[edges[start]]), float(frame.edges[edges[stop]])))
    return phases


def _calmed(winners: Ints, least: int) -> Ints:
    """Runs shorter than `least` moments take the verdict of the longer neighbour, the shortest first."""
    calm = winners.copy()
    while True:
        starts = np.flatnonzero(np.append(True, np.diff(calm) != 0))
        lengths = np.diff(np.append(starts, len(calm)))
        if len(starts) < 2 or lengths.min() >= least:
            return calm
        k = int(lengths.argmin())
        left = lengths[k - 1] if k > 0 else -1
        right = lengths[k + 1] if k + 1 < len(lengths) else -1
        calm[starts[k] : starts[k] + lengths[k]] = calm[starts[k] - 1] if left >= right else calm[starts[k + 1]]


def find_bottleneck(
    line: Line,
    at: float | None = None,
    span: tuple[float, float] | None = None,
    *,
    live: bool = False,
    phases: list[Phase] | None = None,
) -> Bottleneck:
    """The bottleneck at a moment (default: the end of the log) or over a span; hours since 1970 UTC.

    live: the log ends now, so a period that is still going on may yet change the answer: provisional. `phases`: the
    ribbon, where the caller has it already.
    """
    frame, evidence = line.frame, line.evidence
    bins = len(frame.departures)
    length = min(frame.per_window, bins)
    moment = evidence.end if at is None else min(max(at, evidence.begin), evidence.end)
    if span is not None:
        low, high = frame.bin_of(span[0]), frame.bin_of(span[1]) + 1
        first, length = low, max(high - low, 1)
        moment = min(span[1], evidence.end)
    else:
        first = int(np.clip(frame.bin_of(moment) - length // 2, 0, bins - length))
    gain = lift(frame, evidence, line.stations, np.array([first]), length, QUARTER)
    scores, used = gain.mean[0], gain.used[0]
    methods = _methods(line, first, length, scores, used)
    top = int(scores.argmax())
    name = evidence.stages[top]
    window = (float(frame.edges[first]), float(frame.edges[first + length]))
    queues = [station for station in line.stations if station.kind == "queue"]
    reason: Literal["clear", "idle", "disagree", "no gain", "unseen", "no queue"] = "clear"
    others = [method for method, stage in methods.items() if method != "what_if" and stage == name]
    if not queues:
        reason = "no queue"
    elif scores[top] <= LEAST:
        reason = "no gain"
    elif used[top] < USED:
        reason = "idle"
    elif not others:
        reason = "disagree"
    if reason != "clear" and line.stations[0].blind and evidence.meaning == "completion":
        reason = "unseen" if reason in ("no gain", "idle", "no queue") else reason
    clear = reason == "clear"
    second = float(np.sort(scores)[-2]) if len(scores) > 1 else 0.0
    kind: Kind = "none" if not clear else "sole" if scores[top] >= CLEAR * max(second, 1e-9) else "shifting"
    since = None
    if clear:
        since = _onset(phases if phases is not None else ribbon(line), name, moment, window[0])
    return Bottleneck(
        name if clear else None, kind, live or (at is None and span is None), since, moment, window, methods,
        line.names(scores), line.names(used), reason,
    )  # fmt: skip


def _onset(phases: list[Phase], stage: str, moment: float, otherwise: float) -> float:
    """Since when the stage has been the bottleneck at that moment."""
    found = [phase for phase in phases if phase.stage == stage and phase.since <= moment]
    return found[-1].since if found else otherwise


def _methods(line: Line, first: int, length: int, scores: Floats, used: Floats) -> dict[str, str | None]:
    """What each method says about the window, by stage name; None where it sees nothing."""
    frame, evidence = line.frame, line.evidence
    queue = np.array([station.kind == "queue" for station in line.stations])
    rows = slice(first, first + length)
    waiting = np.where(frame.waiting[rows] >= HIDDEN, 0.0, frame.waiting[rows])
    gone = frame.departures[rows].sum(axis=0)
    growth = waiting[-max(1, length // 8) :].mean(axis=0) - waiting[: max(1, length // 8)].mean(axis=0)
    clear = np.divide(waiting.mean(axis=0), gone, out=np.zeros(len(gone)), where=gone > 0)
    periods = np.array([_active(frame, s, first + length - 1) if queue[s] else 0.0 for s in range(len(queue))])

    def of(values: Floats, least: float) -> str | None:
        masked = np.where(queue, values, -np.inf)
        best = int(masked.argmax())
        return evidence.stages[best] if queue.any() and masked[best] > least else None

    active = "active_period" if evidence.meaning == "interval" else "work_waiting"
    return {
        "what_if": of(scores, LEAST),
        active: of(periods, 0.0),
        "utilisation": of(used, 0.0),
        "queue_growth": of(growth, 1.0),
        "expected_wait": of(clear, 0.0),
    }


def _active(frame: Frame, stage: int, last: int) -> float:
    """Length of the uninterrupted time, up to a bin, in which all servers of a stage were at work (hours of work)."""
    offered = frame.offered[: last + 1, stage]
    idle = np.flatnonzero((frame.used[: last + 1, stage] < 0.9 * offered) & (offered > 0))
    begin = int(idle[-1]) + 1 if len(idle) else 0
    heads = np.maximum(frame.servers[begin : last + 1, stage], 1)
    return float((offered[begin:] / heads).sum())
