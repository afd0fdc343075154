"""What a log says about each stage, as plain arrays: fetched once, in the order of the clock.

Times are hours since 1970 UTC as float64 (exact to a microsecond for centuries); +inf where a stay is open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from factoryview.errors import InputError
from factoryview.plant.models import Plant
from factoryview.store.database import Meaning, Store

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FAR = 3.0
"""Times the 99th percentile of the usual waits."""
LATELY = 300
"""Visits that say how long one waits at a stage now."""


@dataclass(frozen=True)
class Visits:
    """The dated stays at one stage, ordered by entry. `next` is a code of `Evidence.ways`, −1 unknown or open."""

    entered: Floats
    started: Floats
    """NaN where unknown."""
    left: Floats
    """+inf while open."""
    next: Ints
    first: NDArray[np.bool_]
    """The case was first seen here, so nobody knows how long it had waited."""

    @cached_property
    def departures(self) -> Floats:
        """Moments of leaving, ascending."""
        return np.sort(self.left[np.isfinite(self.left)])

    def only(self, chosen: NDArray[np.bool_]) -> Visits:
        """Some of the visits."""
        return Visits(
            self.entered[chosen], self.started[chosen], self.left[chosen], self.next[chosen], self.first[chosen]
        )

    def until(self, at: float) -> Visits:
        """What was known at that moment: later entries are gone, later departures open."""
        seen = self.entered <= at
        left = self.left[seen]
        known = left <= at
        started = self.started[seen]
        return Visits(
            self.entered[seen],
            np.where(started <= at, started, np.nan),
            np.where(known, left, np.inf),
            np.where(known, self.next[seen], -1),
            self.first[seen],
        )


@dataclass(frozen=True)
class Evidence:
    """All stages of a log up to `end`."""

    plant: Plant
    meaning: Meaning
    stages: tuple[str, ...]
    """In the order in which cases first use them."""
    ways: tuple[str, ...]
    """Where a case can go: the stages, then the outcomes."""
    visits: tuple[Visits, ...]
    good: NDArray[np.bool_]
    """Per way: a case that goes there counts as completed."""
    begin: float
    end: float
    weight: float
    """Cases per stay, on average."""
    exits: int = 0
    """Cases of a completion or interval log that wait for a step not known yet."""
    notes: tuple[str, ...] = field(default=())

    @property
    def bad(self) -> list[str]:
        """Outcomes that count as lost."""
        ends = range(len(self.stages), len(self.ways))
        return [self.ways[way] for way in ends if not self.good[way]]

    def index(self, stage: str) -> int:
        return self.stages.index(stage)


def good_outcomes(plant: Plant, outcomes: list[str]) -> list[bool]:
    """Which outcomes count as completed: the won ones; where none is known as won, all that are not lost."""
    kinds = {outcome.name: outcome.kind for outcome in plant.outcomes}
    if any(kinds.get(name) == "won" for name in outcomes):
        return [kinds.get(name) == "won" for name in outcomes]
    words = ("lost", "verloren", "lose")
    return [kinds.get(name, "neutral") != "lost" and name.lower() not in words for name in outcomes]


def gather(store: Store, plant: Plant, *, until: float | None = None) -> Evidence:
    """Reads `stays` and `outcomes`. `until`: pretend that it is this hour and nothing later is known.

    Raises InputError when no stay has a time.
    """
    stages = [name for (name,) in store.rows("verdict/stages")]
    if not stages:
        raise InputError("no event in this log has a time.", cure="Name the column with the moment: --map time=…")
    outcomes = sorted(name for name, _ in store.rows("counts/outcomes"))
    ways = [*stages, *(name for name in outcomes if name not in stages)]
    columns = store.ask("verdict/visits", stages=stages, ways=ways)
    return _sorted_out(columns, plant, store.meaning, stages, ways, set(outcomes), until)


def _sorted_out(
    columns: Mapping[str, Any],
    plant: Plant,
    meaning: Meaning,
    stages: list[str],
    ways: list[str],
    outcomes: set[str],
    until: float | None,
) -> Evidence:
    entered, started, left = (np.asarray(columns[name], dtype=np.float64) for name in ("entered", "started", "left"))
    stage, follow = np.asarray(columns["stage"]), np.asarray(columns["next"], dtype=np.int64)
    last, first = np.asarray(columns["last"], dtype=bool), np.asarray(columns["first"], dtype=bool)
    weight = float(np.mean(np.asarray(columns["weight"])))
    known = left[np.isfinite(left)]
    end = max(float(entered.max()), float(known.max()) if len(known) else -np.inf)
    good = np.array([True] * len(ways))
    good[: len(stages)] = [name in outcomes for name in stages]
    judged = [name for name in ways if name in outcomes]
    for name, value in zip(judged, good_outcomes(plant, judged), strict=True):
        good[ways.index(name)] = value
    parts = []
    for code in range(len(stages)):
        here = np.flatnonzero(stage == code)
        rows = here[np.argsort(entered[here], kind="stable")]
        parts.append(Visits(entered[rows], started[rows], left[rows], follow[rows], first[rows]))
    exits = 0
    if meaning in ("completion", "interval"):
        waiting = last & np.isfinite(left) & (follow < 0)
        parts, exits = _wait_ahead(parts, stage[waiting], left[waiting], end, len(stages))
    begin = min(float(part.entered[0]) for part in parts if len(part.entered))
    evidence = Evidence(plant, meaning, tuple(stages), tuple(ways), tuple(parts), good, begin, end, weight, exits)
    return evidence if until is None or until >= end else known_at(evidence, until)


def known_at(evidence: Evidence, until: float) -> Evidence:
    """The evidence as it was at an earlier hour."""
    visits = tuple(part.until(until) for part in evidence.visits)
    return Evidence(
        evidence.plant, evidence.meaning, evidence.stages, evidence.ways, visits, evidence.good,
        evidence.begin, until, evidence.weight, evidence.exits, evidence.notes,
    )  # fmt: skip


def _wait_ahead(
    parts: list[Visits], at: NDArray[np.int64], since: Floats, end: float, stages: int
) -> tuple[list[Visits], int]:
    """Puts each case that waits for an unknown step before the stage it most likely waits for.

    The chance of a stage is its share of what left the last one, times the share of its waits (stays, where starts
    are unknown) that last longer than this case has waited. A case much older than any
    usual wait has gone without a word; where many have, so may a younger one.
    """
    reached: list[list[float]] = [[] for _ in range(stages)]
    until = [np.where(np.isfinite(part.started), part.started, part.left) for part in parts]
    spans = [np.sort((to - part.entered)[np.isfinite(to)][-LATELY:]) for to, part in zip(until, parts, strict=True)]
    limits = [FAR * float(np.quantile(span, 0.99)) if len(span) else 0.0 for span in spans]
    for origin in range(stages):
        ages = end - since[at == origin]
        if not len(ages):
            continue
        follow = parts[origin].next
        counts = np.bincount(follow[follow >= 0], minlength=stages).astype(float)
        share = counts[:stages]
        share[origin] = 0 if share.sum() > share[origin] else share[origin]
        if not share.sum():
            continue
        longest = max(limits[stage] for stage in np.flatnonzero(share >= 0.05 * share.sum()))
        chances = np.zeros((stages + 1, len(ages)))
        chances[stages] = (ages > longest).sum() / (counts.sum() + len(ages))  # gone without a word
        for stage in np.flatnonzero(share):
            lasting = 1 - np.searchsorted(spans[stage], ages, side="right") / (len(spans[stage]) + 1)
            chances[stage] = share[stage] / share.sum() * np.where(ages <= max(limits[stage], longest), lasting, 0.0)
        best = chances.argmax(axis=0)
        for stage in np.unique(best[best < stages]):
            reached[stage].extend((end - ages[best == stage]).tolist())
    result = []
    for part, more in zip(parts, reached, strict=True):
        entered = np.concatenate([part.entered, np.array(more)])
        order = np.argsort(entered, kind="stable")
        n = len(more)
        result.append(
            Visits(
                entered[order],
                np.concatenate([part.started, np.full(n, np.nan)])[order],
                np.concatenate([part.left, np.full(n, np.inf)])[order],
                np.concatenate([part.next, np.full(n, -1)])[order],
                np.concatenate([part.first, np.zeros(n, bool)])[order],
            )
        )
    return result, len(at)
