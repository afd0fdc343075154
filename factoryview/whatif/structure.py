"""The structure of cases: which step released which, and how long each then took to begin.

Two stages are concurrent if their steps overlap in at least 5 % of the cases that have both, and in at least five. The
parent of a step is the earlier one of its case that ended last, no later than its start, at a stage not concurrent with
its own; without one, the case's arrival released it.
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
    parent = parents(log, together)
    enabled = np.where(parent >= 0, log.end[parent], log.arrived[log.case])
    return Structure(together, parent, enabled, np.maximum(log.start - enabled, 0.0))


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
