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

from factoryview.flow.verdict.basis import Basis, basis_of
from factoryview.flow.verdict.bins import HIDDEN, Bins
from factoryview.flow.verdict.lift import Gain, lift
from factoryview.flow.verdict.ribbon import QUARTER, USED, Phase, matters, ribbon, winners
from factoryview.flow.verdict.visits import Floats

__all__ = ["Basis", "Bottleneck", "Phase", "basis_of", "find_bottleneck", "ribbon"]

Kind = Literal["sole", "shifting", "none"]
Reason = Literal["clear", "idle", "disagree", "no gain", "unseen", "no queue"]
BUSY = 0.7
"""A stage used less than this in the last week is no bottleneck any more."""
CLEAR = 2.0
"""How many times the runner-up's gain makes a sole bottleneck."""


@dataclass(frozen=True)
class Bottleneck:
    """What limits the plant. `gains`: extra completed cases per stage at +25 % speed, on average over the window."""

    stage: str | None
    kind: Kind
    since: float | None
    until: float
    window: tuple[float, float]
    methods: dict[str, str | None]
    gains: dict[str, float]
    used: dict[str, float]
    reason: Reason
    """Why there is a verdict, or none."""


def find_bottleneck(
    basis: Basis, span: tuple[float, float] | None = None, *, phases: list[Phase] | None = None
) -> Bottleneck:
    """The bottleneck at the end of the log, or over a span of it (hours since 1970 UTC).

    basis: as known at that moment. phases: the ribbon up to it, where the caller has it already.
    """
    bins, evidence = basis.bins, basis.evidence
    until = evidence.end if span is None else min(span[1], evidence.end)
    phases = ribbon(basis) if phases is None else phases
    first, length = _look(basis, span)
    gain = lift(bins, evidence, basis.stations, np.array([first]), length, QUARTER)
    scores = gain.mean[0]
    top = int(scores.argmax())
    methods = _methods(basis, first, length, gain)
    reason = _reason(basis, gain, top, methods)
    name = evidence.stages[top]
    second = float(np.sort(np.delete(scores, top))[-1]) if len(scores) > 1 else 0.0
    kind: Kind = "none" if reason != "clear" else "sole" if scores[top] >= CLEAR * second else "shifting"
    window = (float(bins.edges[first]), float(bins.edges[first + length]))
    clear = reason == "clear"
    since = _onset(phases, name, until, window[0]) if clear else None
    used = basis.names(gain.used[0])
    return Bottleneck(name if clear else None, kind, since, until, window, methods, basis.names(scores), used, reason)


def _look(basis: Basis, span: tuple[float, float] | None) -> tuple[int, int]:
    """First bin and length of the window to judge by.

    The whole usual window before the end of the log; a shorter one if the stage it names has since found time to rest.
    """
    bins = basis.bins
    count = len(bins.departures)
    usual = min(bins.per_window, count)
    if span is not None:
        low = bins.bin_of(span[0])
        return low, max(bins.bin_of(span[1]) + 1 - low, 1)
    for length in (usual, max(1, usual // 2)):
        found = int(winners(lift(bins, basis.evidence, basis.stations, np.array([count - length]), length, QUARTER))[0])
        if found < 0 or _lately(bins, found, max(1, usual // 4)) >= BUSY:
            return count - length, length
    return count - max(1, usual // 4), max(1, usual // 4)


def _lately(bins: Bins, stage: int, count: int) -> float:
    """Utilisation of a stage over the last bins of the log."""
    offered = bins.offered[-count:, stage].sum()
    return float(bins.used[-count:, stage].sum() / offered) if offered > 0 else 1.0


def _reason(basis: Basis, gain: Gain, top: int, methods: dict[str, str | None]) -> Reason:
    """Whether the stage that gains most is a bottleneck, and if not, why."""
    name = basis.evidence.stages[top]
    reason: Reason = "clear"
    if not any(station.kind == "queue" for station in basis.stations):
        reason = "no queue"
    elif not matters(gain)[0, top]:
        reason = "no gain"
    elif gain.used[0, top] < USED:
        reason = "idle"
    elif not any(stage == name for method, stage in methods.items() if method != "what_if"):
        return "disagree"
    unseen = basis.evidence.meaning == "completion" and basis.stations[0].blind
    return "unseen" if reason != "clear" and unseen else reason


def _onset(phases: list[Phase], stage: str, moment: float, otherwise: float) -> float:
    """The begin of the phase that holds at the moment, if it is the stage's; `otherwise` where it is too young."""
    now = next((phase for phase in reversed(phases) if phase.since <= moment), None)
    return now.since if now is not None and now.stage == stage else otherwise


def _methods(basis: Basis, first: int, length: int, gain: Gain) -> dict[str, str | None]:
    """What each method says about the window, by stage name; None where it sees nothing."""
    bins, evidence = basis.bins, basis.evidence
    scores, used, noticed = gain.mean[0], gain.used[0], matters(gain)[0]
    queue = np.array([station.kind == "queue" for station in basis.stations])
    rows = slice(first, first + length)
    waiting = np.where(bins.waiting[rows] >= HIDDEN, 0.0, bins.waiting[rows])
    gone = bins.departures[rows].sum(axis=0)
    growth = waiting[-max(1, length // 8) :].mean(axis=0) - waiting[: max(1, length // 8)].mean(axis=0)
    clear = np.divide(waiting.mean(axis=0), gone, out=np.zeros(len(gone)), where=gone > 0)
    periods = np.array([_active(bins, s, first + length - 1) if queue[s] else 0.0 for s in range(len(queue))])

    def of(values: Floats, least: float) -> str | None:
        masked = np.where(queue, values, -np.inf)
        best = int(masked.argmax())
        return evidence.stages[best] if queue.any() and masked[best] > least else None

    active = "active_period" if evidence.meaning == "interval" else "work_waiting"
    return {
        "what_if": of(np.where(noticed, scores, 0.0), 0.0),
        active: of(periods, 0.0),
        "utilisation": of(used, 0.0),
        "queue_growth": of(growth, 1.0),
        "expected_wait": of(clear, 0.0),
    }


def _active(bins: Bins, stage: int, last: int) -> float:
    """Length of the uninterrupted time, up to a bin, in which all servers of a stage were at work (hours of work)."""
    offered = bins.offered[: last + 1, stage]
    idle = np.flatnonzero((bins.used[: last + 1, stage] < 0.9 * offered) & (offered > 0))
    begin = int(idle[-1]) + 1 if len(idle) else 0
    heads = np.maximum(bins.servers[begin : last + 1, stage], 1)
    return float((offered[begin:] / heads).sum())
