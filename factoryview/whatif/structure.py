"""The structure of cases: which step released which, and how long each then took to begin.

Two stages are concurrent if their steps overlap in at least 5 % of the cases that have both, and in at least five. The
parent of a step is the earlier one of its case that ended last, no later than its start, at a stage not concurrent with
its own; without one, the case's arrival released it.

A branch whose clock runs from an earlier step may always end after the other one, so that nothing overlaps. Then the
longer that other one took, the shorter the gap after it: of the gap after a step over the time since that was
released, the slope is 0 where the step released what follows, and −1 where both were released together. Stages with a
slope nearer to −1, that chance does not explain, are concurrent, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factoryview.whatif.log import Floats, Ints, Log

SLACK_H = 1.0 / 3600
"""Clocks of different machines: an end up to a second after a start still came before it."""
SHARE, LEAST = 0.05, 5
SLOPE, SURE, PAIRS = -0.5, 4.0, 50
"""Steeper slopes, of so many pairs, count if their rank correlation is so many standard errors below zero."""
MOST_BACK = 300
"""Steps that are looked back in a case; only cases without end have more."""


@dataclass(frozen=True, eq=False)
class Structure:
    """Per step of a log."""

    concurrent: NDArray[np.bool_]
    """Stage × stage."""
    parent: Ints
    """Place of the step whose end released it; −1: the arrival of the case."""
    enabled: Floats
    """When that was, hours."""
    gap: Floats
    """From then to its start, hours; never negative."""


def structure_of(log: Log) -> Structure:
    """The structure of every case; of entries the order of the visits, each released when the case came."""
    if log.entered is not None:
        steps = np.arange(len(log.case))
        first = np.concatenate([[True], log.case[1:] != log.case[:-1]])
        nothing = np.zeros((len(log.stages), len(log.stages)), dtype=np.bool_)
        return Structure(nothing, np.where(first, -1, steps - 1), log.entered, np.maximum(log.start - log.entered, 0.0))
    together = concurrent(log)
    found = _released(log, together)
    beside = hidden_branches(log, found)
    return _released(log, together | beside) if beside.any() else found


def _released(log: Log, together: NDArray[np.bool_]) -> Structure:
    parent = parents(log, together)
    enabled = np.where(parent >= 0, log.end[parent], log.arrived[log.case])
    return Structure(together, parent, enabled, np.maximum(log.start - enabled, 0.0))


def hidden_branches(log: Log, structure: Structure) -> NDArray[np.bool_]:
    """Stages that were released together although one always ends before the other begins (stage × stage)."""
    kinds = len(log.stages)
    found = np.zeros((kinds, kinds), dtype=np.bool_)
    child = np.flatnonzero((structure.parent >= 0) & log.over)
    parent = structure.parent[child]
    pair = log.stage[parent] * kinds + log.stage[child]
    took, gap = log.end[parent] - structure.enabled[parent], structure.gap[child]
    for code in np.flatnonzero(np.bincount(pair, minlength=kinds * kinds) >= PAIRS).tolist():
        here = pair == code
        x, y = took[here], gap[here]
        before, after = divmod(code, kinds)
        if before == after or min(x.std(), y.std()) < SLACK_H:
            continue
        slope = float(np.cov(x, y)[0, 1] / x.var(ddof=1))
        rank = float(np.corrcoef(_ranks(x), _ranks(y))[0, 1])
        if slope < SLOPE and rank * np.sqrt(here.sum()) < -SURE:
            found[before, after] = found[after, before] = True
    return found


def _ranks(values: Floats) -> Ints:
    return np.argsort(np.argsort(values, kind="stable"), kind="stable")


def concurrent(log: Log) -> NDArray[np.bool_]:
    """Which stages go on beside one another (stage × stage, symmetric), of the steps that have ended."""
    kinds = len(log.stages)
    found: list[Ints] = []
    for before, after in _pairs(log):
        shared = np.minimum(log.end[before], log.end[after]) - log.start[after]
        hits = (shared > SLACK_H) & log.over[before] & log.over[after]
        one, two = log.stage[before[hits]], log.stage[after[hits]]
        found.append((log.case[before[hits]] * kinds + np.minimum(one, two)) * kinds + np.maximum(one, two))
    pairs = np.unique(np.concatenate(found)) if found else np.zeros(0, dtype=np.int64)
    overlaps = np.bincount(pairs % (kinds * kinds), minlength=kinds * kinds).reshape(kinds, kinds)
    visits = np.zeros((log.cases, kinds), dtype=np.float32)
    np.add.at(visits, (log.case, log.stage), 1)
    met = (visits > 0).astype(np.float32)
    both = (met.T @ met).astype(np.float64)
    np.fill_diagonal(both, (visits > 1).sum(axis=0))
    half = (overlaps >= LEAST) & (overlaps >= SHARE * both)
    return np.asarray(half | half.T)


def parents(log: Log, together: NDArray[np.bool_]) -> Ints:
    """Per step the place of the step that released it; −1 for the arrival."""
    parent, latest = np.full(len(log.case), -1, dtype=np.int64), np.full(len(log.case), -np.inf)
    for before, after in _pairs(log):
        fits = (log.end[before] <= log.start[after] + SLACK_H) & (log.end[before] > latest[after])
        fits &= ~together[log.stage[before], log.stage[after]]
        parent[after[fits]], latest[after[fits]] = before[fits], log.end[before[fits]]
    return parent


def _pairs(log: Log) -> Iterator[tuple[Ints, Ints]]:
    """Every step with the one before it in its case, then the one before that, and so on."""
    after = np.arange(len(log.case), dtype=np.int64)
    for back in range(1, MOST_BACK):
        after = after[after >= back]
        after = after[log.case[after - back] == log.case[after]]
        if not len(after):
            return
        yield after - back, after
