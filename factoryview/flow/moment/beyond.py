"""Who has waited longer than a limit that changes along the log, at all steps at once.

The steps are cut into stretches in each of which the limit is the same. `edges` are their first steps and the end of
the last one, `limits` says the limit of each, in working days.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from factoryview.flow.moment.crowd import LATELY, Crowd, Floats, Indexes, Ints
from factoryview.store.scroll import pieces


def older(crowd: Crowd, edges: Ints, limits: Floats) -> Floats:
    """Of each step from the first edge to the last: cases that stand there, are no wrecks and older than the limit."""
    changes = (_older(crowd, edges, limits, some) for some in _longer(crowd, edges, limits))
    return _along(crowd, edges, changes).round(9)


def _older(crowd: Crowd, edges: Ints, limits: Floats, some: Indexes) -> NDArray[Any]:
    """What some stays change of it (see `_change`)."""
    entered = crowd.entered[some]
    ends = np.minimum(np.ceil(crowd.left[some]), edges[-1]).astype(np.int64)
    ends = np.minimum(ends, crowd.wrecked[some])
    begins = np.maximum(_after(entered, limits.min()), edges[0])
    # from this stretch on a case is older than the limit, whichever that is
    always = np.searchsorted(edges, np.minimum(_after(entered, limits.max()), edges[-1]))
    begun, over = _stretch(edges, begins), _stretch(edges, ends - 1) + 1
    row, place = _each(begun, np.minimum(always, over))
    begin = np.concatenate([np.maximum(_after(entered[row], limits[place]), edges[place]), edges[always]])
    end = np.concatenate([np.minimum(ends[row], edges[place + 1]), ends])
    return _change(crowd, edges, begin, end, np.concatenate([some[row], some]))


def left_late(crowd: Crowd, edges: Ints, limits: Floats) -> Floats:
    """Of each step from the first edge to the last: cases that left in the last days and had stayed for longer than the
    limit.
    """
    changes = (_left_late(crowd, edges, limits, some) for some in _longer(crowd, edges, limits))
    return _along(crowd, edges, changes)


def _left_late(crowd: Crowd, edges: Ints, limits: Floats, some: Indexes) -> NDArray[Any]:
    some = some[np.isfinite(crowd.left[some])]
    left = np.ceil(crowd.left[some]).astype(np.int64)
    begins, ends = np.maximum(left, edges[0]), np.minimum(left + int(LATELY), edges[-1])
    row, place = _each(_stretch(edges, begins), np.where(ends > begins, _stretch(edges, ends - 1) + 1, 0))
    long = (crowd.left[some] - crowd.entered[some])[row] > limits[place]
    row, place = row[long], place[long]
    begin, end = np.maximum(begins[row], edges[place]), np.minimum(ends[row], edges[place + 1])
    return _change(crowd, edges, begin, end, some[row])


def _longer(crowd: Crowd, edges: Ints, limits: Floats) -> Iterator[Indexes]:
    """Stays that are longer than some limit and may be counted at some step, so many at a time as have room."""
    come = int(np.searchsorted(crowd.entered, edges[-1]))
    for some in pieces(come):
        chosen = crowd.longer(some, limits.min())
        if edges[0] > LATELY:
            chosen &= crowd.left[some] > edges[0] - LATELY
        yield np.flatnonzero(chosen) + some.start


def _after(entered: Floats, limit: Floats) -> Ints:
    """The first step at which those who came then are older than that."""
    return (np.floor(entered + limit) + 1).astype(np.int64)


def _stretch(edges: Ints, steps: Ints) -> Indexes:
    """The stretch in which each step lies."""
    return np.asarray(np.searchsorted(edges, steps, side="right") - 1)


def _each(begins: Indexes, ends: Indexes) -> tuple[Indexes, Indexes]:
    """All stretches from one to another, of each row of these, one by one: the row and the stretch."""
    number = np.maximum(ends - begins, 0)
    row = np.repeat(np.arange(len(number)), number)
    return row, np.arange(len(row)) - np.repeat(np.cumsum(number) - number - begins, number)


def _change(crowd: Crowd, edges: Ints, begin: Ints, end: Ints, stays: Indexes) -> NDArray[Any]:
    """By how much each step has more than the one before, each stay from one step to before another: as cases, or as
    stays where all count the same.
    """
    real = np.flatnonzero(end > begin)
    first, many = int(edges[0]), int(edges[-1] - edges[0]) + 1
    begin, end = begin[real] - first, end[real] - first
    weight = crowd.weight[stays[real]] if crowd.each is None else None
    return np.asarray(np.bincount(begin, weight, minlength=many) - np.bincount(end, weight, minlength=many))


def _along(crowd: Crowd, edges: Ints, changes: Iterable[NDArray[Any]]) -> Floats:
    """Cases at each step."""
    change = sum(changes, np.zeros(int(edges[-1] - edges[0]) + 1, np.int64))
    each = 1.0 if crowd.each is None else crowd.each
    return np.asarray(np.cumsum(change)[:-1] * each, dtype=np.float64)
