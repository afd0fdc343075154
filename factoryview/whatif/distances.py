"""How far two logs are from each other, as simulators are judged in the literature.

The measures of Chapela-Campa, Benchekroun, Baron, Dumas, Krass and Senderovich (2023, "Can I trust my simulation
model?", doi 10.1007/978-3-031-41620-0_2), each the earth mover's distance (Wasserstein 1) of two distributions of whole
hours, but for n-grams: the sum of the differences of their numbers ÷ the sum of both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from factoryview.whatif.log import Floats, Ints

GRAM = 3
WORST_DAY_H = 23.0
"""Of a weekday on which only one of them has anything."""


@dataclass(frozen=True, eq=False)
class Happened:
    """What was done: one entry per step, in any order; hours since a Monday 00:00. Both logs number stages alike."""

    case: Ints
    stage: Ints
    start: Floats
    end: Floats

    @property
    def spans(self) -> tuple[Floats, Floats]:
        """The first start and the last end of every case."""
        _, place = np.unique(self.case, return_inverse=True)
        first, last = np.full(place.max(initial=-1) + 1, np.inf), np.full(place.max(initial=-1) + 1, -np.inf)
        np.minimum.at(first, place, self.start)
        np.maximum.at(last, place, self.end)
        return first, last


def wasserstein(one: Floats, other: Floats) -> float:
    """Earth mover's distance of two samples: the area between their distribution functions."""
    values = np.unique(np.concatenate([one, other]))
    below = [np.searchsorted(np.sort(part), values, side="right") / len(part) for part in (one, other)]
    return float((np.abs(below[0] - below[1])[:-1] * np.diff(values)).sum())


def cycle_times(one: Happened, other: Happened) -> float:
    """Hours between the distributions of how long cases take from their first start to their last end."""
    lengths = [last - first for first, last in (one.spans, other.spans)]
    least = min(float(part.min()) for part in lengths)
    return wasserstein(*(np.floor(part - least) for part in lengths))


def n_grams(one: Happened, other: Happened, n: int = GRAM) -> float:
    """Difference of the numbers of all sequences of n stages, 0 (the same) to 1 (none in common)."""
    base = int(max(one.stage.max(), other.stage.max())) + 2
    counts = [dict(zip(*np.unique(_grams(log, n, base), return_counts=True), strict=True)) for log in (one, other)]
    apart = sum(abs(int(counts[0].get(gram, 0)) - int(counts[1].get(gram, 0))) for gram in {**counts[0], **counts[1]})
    return float(apart / sum(int(number) for part in counts for number in part.values()))


def _grams(log: Happened, n: int, base: int) -> Ints:
    """A number for every n-gram of every case; before the first and after the last stage stands 0."""
    order = np.lexsort((log.end, log.start, log.case))
    case, stage = log.case[order], log.stage[order] + 1
    _, first, length = np.unique(case, return_index=True, return_counts=True)
    pad = n - 1
    total = len(case) + 2 * pad * len(first)
    row = np.zeros(total, dtype=np.int64)
    shift = np.repeat(2 * pad * np.arange(len(first)) + pad, length)
    row[np.arange(len(case)) + shift] = stage
    grams = np.zeros(total - pad, dtype=np.int64)
    for place in range(n):
        grams = grams * base + row[place : total - pad + place]
    begins = first + 2 * pad * np.arange(len(first))
    kept = np.repeat(begins, length + pad) + _within(length + pad)
    return np.asarray(grams[kept])


def _within(lengths: Ints) -> Ints:
    """0 … length − 1 for each length, one after another."""
    return np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths)


def absolute_events(one: Happened, other: Happened) -> float:
    """Hours between the distributions of all starts and ends."""
    moments = [np.concatenate([log.start, log.end]) for log in (one, other)]
    begin = np.floor(min(float(part.min()) for part in moments))
    return wasserstein(*(np.floor(part - begin) for part in moments))


def relative_events(one: Happened, other: Happened) -> float:
    """Hours between the distributions of all starts and ends, each since the first start of its case."""
    return wasserstein(*(_relative(log) for log in (one, other)))


def _relative(log: Happened) -> Floats:
    _, place = np.unique(log.case, return_inverse=True)
    first = log.spans[0][place]
    return np.asarray(np.floor(np.concatenate([log.start - first, log.end - first])))


def circadian_events(one: Happened, other: Happened) -> float:
    """Hours between the hours of the day of all starts and ends, the mean over the weekdays."""
    hours = [np.floor(np.mod(np.concatenate([log.start, log.end]), 168.0)) for log in (one, other)]
    found = []
    for day in range(7):
        mine = [part[part // 24 == day] % 24 for part in hours]
        some = [len(part) > 0 for part in mine]
        found.append(wasserstein(*mine) if all(some) else WORST_DAY_H if any(some) else 0.0)
    return float(np.mean(found))


def arrivals(one: Happened, other: Happened) -> float:
    """Hours between the distributions of the cases' first starts."""
    first = [log.spans[0] for log in (one, other)]
    begin = np.floor(min(float(part.min()) for part in first))
    return wasserstein(*(np.floor(part - begin) for part in first))


MEASURES = {
    "CTD": cycle_times,
    "NGD": n_grams,
    "AED": absolute_events,
    "RED": relative_events,
    "CED": circadian_events,
    "CAR": arrivals,
}
"""By the names of the literature: cycle times, n-grams, absolute, relative and circadian events, case arrivals."""


def distances(one: Happened, other: Happened, measures: Sequence[str] = tuple(MEASURES)) -> dict[str, float]:
    """Each of the measures."""
    return {name: MEASURES[name](one, other) for name in measures}
