"""Two spans beside each other, of one plant or of two: the few differences that are no chance, the weightiest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from factoryview.errors import InputError
from factoryview.factory.privacy import Gate
from factoryview.flow.change.changes import Measure
from factoryview.flow.change.noise import SHORTEST, Mean, difference_of, discovered, mean_of
from factoryview.flow.change.points import normal_scores
from factoryview.flow.change.records import Floats, Record, Records, Samples
from factoryview.language.said import said
from factoryview.time import HOUR

MOST = 7
"""Differences that are told."""
RATE = 0.05
"""Of the differences told so many are none (false discovery rate)."""
CHANCE = 0.05
"""A difference of means that chance alone makes more often than this is none, whatever the ranks say."""


@dataclass(frozen=True)
class Span:
    """Working days [since, until) of some records."""

    records: Records
    since: int
    until: int

    @classmethod
    def of(cls, records: Records, since: int, until: int) -> Span:
        """The working days that begin in [since, until) (µs UTC) and are over."""
        begin, end = (int(np.searchsorted(records.days, at, side="left")) for at in (since, until))
        return cls(records, begin, max(min(end, records.over), begin))

    @classmethod
    def between(cls, records: Records, since: int, until: int) -> Span:
        """The same. Raises InputError if they are too few to be compared."""
        span = cls.of(records, since, until)
        if not span.enough:
            raise InputError(
                said("error.short_span", days=span.days),
                cure=said("error.longer_spans", least=2 * SHORTEST),
            )
        return span

    @property
    def enough(self) -> bool:
        """Whether it has enough working days to be compared."""
        return self.days >= 2 * SHORTEST

    @property
    def days(self) -> int:
        return self.until - self.since

    @property
    def first(self) -> int:
        """Begin of the first working day, µs UTC."""
        return int(self.records.days[self.since])

    @property
    def end(self) -> int:
        """Begin of the working day after the last one; of the last one, where it is the log's."""
        return int(self.records.days[min(self.until, len(self.records.days) - 1)])

    @property
    def last(self) -> int:
        """Begin of the last one."""
        return int(self.records.days[self.until - 1])


@dataclass(frozen=True)
class Difference:
    """What one stage does otherwise in the second span. Units as in `Effect`."""

    stage: str
    measure: Measure
    waits: bool
    """Of `waiting`: it is the wait for the start; else the whole stay."""
    before: float
    after: float
    low: float
    """The difference lies between `low` and `high` with 95 %."""
    high: float
    chance: float
    """How often chance alone makes one as large; of durations beyond noise by their ranks."""
    volume: float
    """Cases a working day that it concerns."""

    @property
    def difference(self) -> float:
        return self.after - self.before

    @property
    def weight(self) -> float:
        """Effect × volume: by what share it is otherwise, times the cases a working day that it concerns."""
        return abs(self.difference) / max((abs(self.before) + abs(self.after)) / 2, 1e-12) * self.volume


@dataclass(frozen=True)
class Comparison:
    """What is different, and how much was looked at."""

    differences: tuple[Difference, ...]
    """The weightiest first, at most `MOST`."""
    found: int
    """How many there are beyond noise."""
    tested: int
    alone: tuple[tuple[str, ...], tuple[str, ...]]
    """Stages that only the first, only the second has."""


def compare(first: Span, second: Span, gate: Gate, rate: float = RATE) -> Comparison:
    """Every stage that both have, by waiting, work, throughput and losses; a mean is taken of enough cases only."""
    found: list[Difference] = []
    others = second.records.by_name
    for record in first.records.stages:
        other = others.get(record.stage)
        if other is not None:
            found += differences_of(record, other, first, second, gate)
    told = discovered([each.chance for each in found], rate)
    beyond = [each for each, is_told in zip(found, told, strict=True) if is_told]
    beyond.sort(key=lambda each: -each.weight)
    names = [record.stage for record in first.records.stages]
    return Comparison(
        tuple(beyond[:MOST]), len(beyond), len(found),
        (tuple(name for name in names if name not in others), tuple(name for name in others if name not in names)),
    )  # fmt: skip


def differences_of(record: Record, other: Record, first: Span, second: Span, gate: Gate) -> Iterator[Difference]:
    """What a stage does otherwise in the second span, by every figure of which enough is known; noise is among them."""
    waits = record.starts_known and other.starts_known
    volumes = [
        float(each.departures[span.since : span.until].sum()) * each.weight / span.days
        for each, span in ((record, first), (other, second))
    ]
    pairs: list[tuple[Measure, Samples, Samples, float]] = [
        ("waiting", record.waited, other.waited, HOUR) if waits else ("waiting", record.gone, other.gone, HOUR),
        ("losses", record.lost, other.lost, 1.0),
    ]
    if waits:
        pairs.append(("work", record.worked, other.worked, HOUR))
    for measure, one, two, unit in pairs:
        before, after = _mean(one, first, gate), _mean(two, second, gate)
        if before is not None and after is not None:
            found = _difference(record.stage, measure, waits, before, after, unit, sum(volumes) / 2)
            if measure in ("waiting", "work") and found.chance < CHANCE:
                found = replace(found, chance=_chance_of_ranks(one, two, first, second))
            yield found
    rates = [
        mean_of((each.departures.astype(float) * each.weight)[span.since : span.until], np.ones(span.days))
        for each, span in ((record, first), (other, second))
    ]
    if rates[0] is not None and rates[1] is not None and sum(volumes) > 0:
        yield _difference(record.stage, "throughput", waits, rates[0], rates[1], 1.0, sum(volumes) / 2)


def _mean(sample: Samples, span: Span, gate: Gate) -> Mean | None:
    sums, counts = by_day(sample, span)
    return mean_of(sums, counts) if gate.enough(float(counts.sum())) else None


def _chance_of_ranks(one: Samples, two: Samples, first: Span, second: Span) -> float:
    """How often chance alone makes two spans as unlike, by the ranks of their durations among those of both.

    A few cases that waited for very long make a mean uncertain for months, not where most of the others stand.
    """
    parts = [sample.within(span.since, span.until) for sample, span in ((one, first), (two, second))]
    scores = normal_scores(np.concatenate([part.values for part in parts]))
    cut = len(parts[0].values)
    means = [
        mean_of(*by_day(Samples(values, part.days), span))
        for values, part, span in zip((scores[:cut], scores[cut:]), parts, (first, second), strict=True)
    ]
    return 1.0 if means[0] is None or means[1] is None else difference_of(means[0], means[1])[2]


def by_day(sample: Samples, span: Span) -> tuple[Floats, Floats]:
    """Of each working day of the span the sum of the values, and how many they are."""
    part = sample.within(span.since, span.until)
    days = part.days - span.since
    return (
        np.bincount(days, part.values, minlength=span.days).astype(float),
        np.bincount(days, minlength=span.days).astype(float),
    )


def _difference(
    stage: str, measure: Measure, waits: bool, before: Mean, after: Mean, unit: float, volume: float
) -> Difference:
    low, high, chance = difference_of(before, after)
    return Difference(
        stage, measure, waits, before.value * unit, after.value * unit, low * unit, high * unit, chance, volume
    )
