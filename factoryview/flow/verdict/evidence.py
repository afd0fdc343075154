"""What a log says about each stage, as plain arrays: fetched once, in the order of the clock.

Times are hours since 1970 UTC as float64 (exact to a microsecond for centuries); +inf where a stay is open.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from factoryview.errors import InputError
from factoryview.flow.order import stable_order
from factoryview.flow.verdict.visits import Floats, Ints, Visits
from factoryview.language.said import said
from factoryview.plant.models import Plant
from factoryview.store.database import Meaning, Store
from factoryview.store.engine import Columns

if TYPE_CHECKING:
    from factoryview.flow.verdict.clock import Hours

FAR = 3.0
"""Times the 99th percentile of the usual waits."""
ALWAYS = -62_135_596_800_000_000, 253_402_300_799_000_000
"""The years 1 to 9999, µs UTC."""
LATELY = 300
"""Visits that say how long one waits at a stage now."""


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

    @cached_property
    def hours(self) -> Hours:
        """The wall clock of the log."""
        from factoryview.flow.verdict.clock import hours_of_log  # which knows evidence

        return hours_of_log(self)

    def index(self, stage: str) -> int:
        return self.stages.index(stage)


def good_outcomes(plant: Plant, outcomes: list[str]) -> list[bool]:
    """Which outcomes count as completed: the won ones; where none is known as won, all that are not lost."""
    kinds = {outcome.name: outcome.kind for outcome in plant.outcomes}
    if any(kinds.get(name) == "won" for name in outcomes):
        return [kinds.get(name) == "won" for name in outcomes]
    words = ("lost", "verloren", "lose")
    return [kinds.get(name, "neutral") != "lost" and name.lower() not in words for name in outcomes]


@dataclass(frozen=True)
class _Seen:
    """What a log says of the visits to each stage, as the codes of names; those of all cases are fetched once."""

    names: tuple[str, ...]
    """The stages, then the outcomes that are none."""
    visits: tuple[Visits, ...]
    cases: tuple[NDArray[np.int32], ...]
    """Of each visit the place of its case; empty where all cases are asked for."""
    origins: tuple[NDArray[np.int32], ...]
    """Of each visit the channel like which the stage is called that its case came from, else −1."""
    weights: tuple[Floats, ...]

    def only(self, members: NDArray[np.bool_]) -> _Seen:
        """Of some cases. members: by the place of a case whether it is among them."""
        here = [members[cases] for cases in self.cases]

        def some(columns: tuple[NDArray[Any], ...]) -> tuple[NDArray[Any], ...]:
            return tuple(_chosen(column, chosen) for column, chosen in zip(columns, here, strict=True))

        visits = tuple(part.only(chosen) for part, chosen in zip(self.visits, here, strict=True))
        return replace(self, visits=visits, cases=(), origins=some(self.origins), weights=some(self.weights))


def _chosen(column: NDArray[Any], chosen: NDArray[np.bool_]) -> NDArray[Any]:
    """Some of a column; one that says the same everywhere takes no room."""
    return column[chosen] if any(column.strides) else column[: np.count_nonzero(chosen)]


def _narrow(column: NDArray[Any]) -> NDArray[Any]:
    """A column that says the same everywhere takes no room."""
    first = column[:1]
    same = len(column) > 0 and bool(((column == first) | ((column != column) & (first != first))).all())
    return np.broadcast_to(first[0], len(column)) if same else column


def _joined(columns: tuple[NDArray[Any], ...]) -> NDArray[Any]:
    """Columns one after the other."""
    said = {float(column[0]) for column in columns if len(column)}
    if len(said) == 1 and not any(any(column.strides) for column in columns if len(column)):
        return np.broadcast_to(said.pop(), sum(map(len, columns)))
    return np.concatenate(columns)


def _seen(store: Store, span: tuple[int, int] = ALWAYS) -> _Seen:
    """Fetch the visits of a store that touch a span. Each stage's are ordered by entry."""
    names = [name for (name,) in store.rows_for_each("verdict/stages")]
    gone = [name for name, _ in store.rows_for_each("counts/outcomes") if name not in names]
    hidden = store.meaning in ("completion", "interval")
    columns, cases = store.each_with_case(
        "verdict/visits", by=("stage", "entered"), stages=names, ways=[*names, *gone], hidden=hidden,
        since=span[0], until=span[1],
    )  # fmt: skip
    if len(cases):
        columns["case"] = cases
    columns = _in_order(columns)
    stage = np.asarray(columns.pop("stage"))
    edges = np.searchsorted(stage, np.arange(len(names) + 1, dtype=stage.dtype)).tolist()
    rows = [slice(begin, end) for begin, end in pairwise(edges)]

    def parted(name: str, kind: Any) -> tuple[NDArray[Any], ...]:
        values = np.asarray(columns.pop(name), dtype=kind)
        return tuple(_narrow(values[here]) for here in rows)

    origin = np.asarray(columns.pop("origin"), dtype=np.int32)
    columns["first"], columns["origin"] = origin == -2, np.maximum(origin, -1)
    known = parted("known", np.float64) if hidden else (np.zeros(0),) * len(rows)
    kinds = {"entered": np.float64, "started": np.float64, "left": np.float64, "next": np.int16, "first": np.bool_}
    parts = zip(*(parted(name, kind) for name, kind in kinds.items()), known, strict=True)
    visits = tuple(Visits(*part) for part in parts)
    place = parted("case", np.int32) if len(cases) else ()
    return _Seen((*names, *gone), visits, place, parted("origin", np.int32), parted("weight", np.float64))


def gather(store: Store, plant: Plant, *, until: float | None = None, span: tuple[int, int] = ALWAYS) -> Evidence:
    """Reads `stays` and `outcomes`. `until`: pretend that it is this hour and nothing later is known.

    span: since when and until when there is to be evidence (µs UTC), as if the log began then: who stands there already
    has come then. Of some cases of a log that is `prepared` it is of all of it. Raises InputError when no stay has a
    time.
    """
    members = store.members()
    seen = _seen(store, span) if members is None else store.of_all("visits", _seen).only(members)
    if not any(len(part.entered) for part in seen.visits):
        raise InputError(said("error.no_times"), cure=said("error.name_moment"))
    outcomes = sorted(store.cases_by("counts/ended_in"))
    visits = seen.visits
    if any((origin >= 0).any() for origin in seen.origins):
        # a stage that is called like a channel: of a case here, or of another one
        here = set(store.rows("verdict/channels"))
        known = np.array([*(channel in here for channel in store.rows_for_each("verdict/channels")), False])
        visits = tuple(
            replace(part, first=part.first | known[origin]) for part, origin in zip(visits, seen.origins, strict=True)
        )
    return _sorted_out(replace(seen, visits=visits), plant, store.meaning, outcomes, until, late=span[0] > ALWAYS[0])


def _sorted_out(
    seen: _Seen, plant: Plant, meaning: Meaning, outcomes: list[str], until: float | None, *, late: bool
) -> Evidence:
    """seen: of which some names are perhaps of no case here. late: cases had been everywhere before it begins, so that
    the order of its names is that in which they were first used.
    """
    names = seen.names
    begun = {code: float(part.entered[0]) for code, part in enumerate(seen.visits) if len(part.entered)}
    codes = sorted(begun, key=lambda code: (begun[code], "" if late else names[code], code))
    stages = [names[code] for code in codes]
    ways = [*stages, *(name for name in outcomes if name not in stages)]
    place = {name: code for code, name in enumerate(ways)}
    follow = np.array([*(place.get(name, -1) for name in names), -1], dtype=np.int16)
    parts = tuple(replace(seen.visits[code], next=follow[seen.visits[code].next]) for code in codes)
    weight = float(np.mean(_joined(seen.weights)))
    end = max(max(float(part.entered[-1]), float(part.departures[-1:].max(initial=-np.inf))) for part in parts)
    good = np.array([True] * len(ways))
    good[: len(stages)] = [name in outcomes for name in stages]
    judged = [name for name in ways if name in outcomes]
    for name, value in zip(judged, good_outcomes(plant, judged), strict=True):
        good[ways.index(name)] = value
    begin = min(begun.values())
    evidence = Evidence(plant, meaning, tuple(stages), tuple(ways), parts, good, begin, end, weight)
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
