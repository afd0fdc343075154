"""What a log says about each stage, as plain arrays: fetched once, in the order of the clock.

Times are hours since 1970 UTC as float64 (exact to a microsecond for centuries); +inf where a stay is open.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from factoryview.errors import InputError
from factoryview.flow.order import stable_order
from factoryview.language.said import said
from factoryview.plant.models import Plant
from factoryview.store.database import Meaning, Store
from factoryview.store.engine import Columns

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
    known: Floats = field(default_factory=lambda: np.zeros(0))
    """When `next` was seen; in logs that show a stay only when it is over, later than `left`. Empty: when it left."""

    @cached_property
    def departures(self) -> Floats:
        """Moments of leaving, ascending."""
        return np.sort(self.left[np.isfinite(self.left)])

    def only(self, chosen: NDArray[Any] | slice) -> Visits:
        """Some of the visits."""
        return Visits(*(part[chosen] if len(part) else part for part in self._parts))

    @property
    def _parts(self) -> tuple[NDArray[Any], ...]:
        return self.entered, self.started, self.left, self.next, self.first, self.known

    @property
    def seen(self) -> Floats:
        """When the log first shows each visit, where it shows none before it begins or, without starts, is over."""
        return np.where(np.isfinite(self.started), self.started, self.left)

    def until(self, at: float, *, hidden: bool = False) -> Visits:
        """What was known at that moment: later entries are gone, later departures open.

        hidden: the log shows a visit only when it begins or is over, and where a case goes only when it is seen there.
        """
        come = slice(int(np.searchsorted(self.entered, at, side="right")))
        part = self.only(self.seen <= at if hidden else come)
        gone = part.left <= at
        told = gone if not len(part.known) else part.known <= at
        return replace(
            part,
            started=np.where(part.started <= at, part.started, np.nan),
            left=np.where(gone, part.left, np.inf),
            next=np.where(told, part.next, -1),
        )

    def joined(self, entered: Floats) -> Visits:
        """With open visits that began at these moments."""
        if not len(entered):
            return self
        n = len(entered)
        order = stable_order(np.concatenate([self.entered, entered]))
        more = (entered, np.full(n, np.nan), np.full(n, np.inf), np.full(n, -1), np.zeros(n, bool), np.full(n, np.inf))
        both = zip(self._parts, more, strict=True)
        return Visits(*(np.concatenate([part, new])[order] if len(part) else part for part, new in both))


@dataclass(frozen=True)
class Pending:
    """Cases that have left a stage and whose next step the log does not show yet, one entry each."""

    origin: Ints
    """The stage they left."""
    since: Floats


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
    """Of each stage what the log shows, and each pending case before the stage it most likely waits for."""
    good: NDArray[np.bool_]
    """Per way: a case that goes there counts as completed."""
    begin: float
    end: float
    weight: float
    """Cases per stay, on average."""
    stays: tuple[Visits, ...] = ()
    """Of each stage what the log shows and nothing else; empty where that is the same as `visits`."""
    pending: Pending = field(default_factory=lambda: Pending(np.zeros(0, np.int64), np.zeros(0)))

    @property
    def shown(self) -> tuple[Visits, ...]:
        """Of each stage what the log shows and nothing else."""
        return self.stays or self.visits

    @property
    def hidden(self) -> bool:
        """Whether the log shows a visit only when it begins or is over, so that nobody knows where a case waits."""
        return self.meaning in ("completion", "interval")

    @property
    def lost(self) -> NDArray[np.bool_]:
        """Per way: a case that goes there is lost."""
        return ~self.good & (np.arange(len(self.ways)) >= len(self.stages))

    @property
    def bad(self) -> list[str]:
        """Outcomes that count as lost; of those that have a stay of their own only what says so."""
        ends = range(len(self.stages), len(self.ways))
        said = {outcome.name for outcome in self.plant.outcomes if outcome.kind == "lost"}
        shown = [name for name in self.stages if name in said]
        return [*(self.ways[way] for way in ends if not self.good[way]), *shown]

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
    names = [name for (name,) in store.rows_for_each("verdict/stages")]
    gone = [name for name, _ in store.rows_for_each("counts/outcomes") if name not in names]
    hidden = store.meaning in ("completion", "interval")
    columns = store.each("verdict/visits", by=("stage", "entered"), stages=names, ways=[*names, *gone], hidden=hidden)
    if not len(columns["stage"]):
        raise InputError(said("error.no_times"), cure=said("error.name_moment"))
    outcomes = sorted(name for name, _ in store.rows("counts/outcomes"))
    origin = np.asarray(columns["origin"])
    columns["first"] = origin == -2
    if (origin >= 0).any():  # a stage that is called like a channel: of a case here, or of another one
        here = set(store.rows("verdict/channels"))
        known = [channel in here for channel in store.rows_for_each("verdict/channels")]
        columns["first"] |= np.array([*known, False])[np.maximum(origin, -1)]
    return _sorted_out(columns, plant, store.meaning, [*names, *gone], outcomes, until)


def _sorted_out(
    columns: Columns,
    plant: Plant,
    meaning: Meaning,
    names: list[str],
    outcomes: list[str],
    until: float | None,
) -> Evidence:
    """names: what the codes of the columns mean, some of which are perhaps of no case here."""
    columns = _in_order(columns)
    stage = np.asarray(columns["stage"])
    entered, started, left, told = (
        np.asarray(columns[name], dtype=np.float64) for name in ("entered", "started", "left", "known")
    )
    edges = np.searchsorted(stage, np.arange(len(names) + 1, dtype=stage.dtype)).tolist()
    rows = [slice(begin, end) for begin, end in pairwise(edges)]
    begun = {code: float(entered[here.start]) for code, here in enumerate(rows) if here.start < here.stop}
    codes = sorted(begun, key=lambda code: (begun[code], names[code]))
    stages = [names[code] for code in codes]
    ways = [*stages, *(name for name in outcomes if name not in stages)]
    place = {name: code for code, name in enumerate(ways)}
    follow = np.array([*(place.get(name, -1) for name in names), -1])[np.asarray(columns["next"])]
    first = np.asarray(columns["first"])
    weight = float(np.mean(np.asarray(columns["weight"])))
    end = max(float(entered.max()), float(left.max(initial=-np.inf, where=np.isfinite(left))))
    good = np.array([True] * len(ways))
    good[: len(stages)] = [name in outcomes for name in stages]
    judged = [name for name in ways if name in outcomes]
    for name, value in zip(judged, good_outcomes(plant, judged), strict=True):
        good[ways.index(name)] = value
    parts = [
        Visits(entered[here], started[here], left[here], follow[here], first[here], told[here])
        for here in (rows[code] for code in codes)
    ]
    begin = min(begun.values())
    evidence = Evidence(plant, meaning, tuple(stages), tuple(ways), tuple(parts), good, begin, end, weight)
    return known_at(evidence, end if until is None else min(until, end))


def _in_order(columns: Columns) -> Columns:
    """The same rows by stage, those of a stage by entry."""
    stage, entered = np.asarray(columns["stage"]), np.asarray(columns["entered"])
    step, gap = np.diff(stage), np.diff(entered)
    if not ((step < 0) | ((step == 0) & (gap < 0))).any():
        return columns
    order = np.argsort(stage, kind="stable")
    ends = np.cumsum(np.bincount(stage)).tolist()
    for begin, end in pairwise([0, *ends]):
        here = order[begin:end]
        order[begin:end] = here[stable_order(entered[here])]
    return {name: np.asarray(values)[order] for name, values in columns.items()}


def known_at(evidence: Evidence, until: float) -> Evidence:
    """The evidence as it was at an earlier hour."""
    if not evidence.hidden:
        if until < evidence.end:
            evidence = replace(evidence, visits=tuple(part.until(until) for part in evidence.visits))
        return replace(evidence, end=until)
    stays = tuple(part.until(until, hidden=True) for part in evidence.shown)
    waiting = [np.isfinite(part.left) & (part.next < 0) for part in stays]
    pending = Pending(
        np.repeat(np.arange(len(stays)), [int(part.sum()) for part in waiting]),
        np.concatenate([part.left[chosen] for part, chosen in zip(stays, waiting, strict=True)]),
    )
    reached = _wait_ahead(stays, pending, until)
    visits = tuple(part.joined(more) for part, more in zip(stays, reached, strict=True))
    return replace(evidence, stays=stays, visits=visits, pending=pending, end=until)


def _wait_ahead(parts: tuple[Visits, ...], pending: Pending, end: float) -> list[Floats]:
    """Before which stage each pending case most likely waits: of each stage since when they do.

    The chance of a stage is its share of what left the last one, times the share of its waits (stays, where starts
    are unknown) that last longer than this case has waited. A case much older than any
    usual wait has gone without a word; where many have, so may a younger one.
    """
    stages = len(parts)
    reached: list[list[Floats]] = [[] for _ in range(stages)]
    waits = [part.seen - part.entered for part in parts]
    spans = [np.sort(wait[np.isfinite(wait)][-LATELY:]) for wait in waits]
    limits = [FAR * float(np.quantile(span, 0.99)) if len(span) else 0.0 for span in spans]
    for origin in range(stages):
        ages = end - pending.since[pending.origin == origin]
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
            reached[stage].append(end - ages[best == stage])
    return [np.concatenate(found) if found else np.zeros(0) for found in reached]
