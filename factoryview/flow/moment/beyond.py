"""Who has waited longer than a limit that changes along the log, at all steps at once.

The steps are cut into stretches in each of which the limit is the same. `edges` are their first steps and the end of
the last one, `limits` says the limit of each, in working days.
"""

from __future__ import annotations

import numpy as np

from factoryview.flow.moment.crowd import LATELY, Crowd, Floats, Indexes, Ints


def older(crowd: Crowd, edges: Ints, limits: Floats) -> Floats:
    """Of each step from the first edge to the last: cases that stand there, are no wrecks and older than the limit."""
    some = _longer(crowd, edges, limits)
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
    return _along(crowd, edges, begin, end, np.concatenate([some[row], some])).round(9)


def left_late(crowd: Crowd, edges: Ints, limits: Floats) -> Floats:
    """Of each step from the first edge to the last: cases that left in the last days and had stayed for longer than the
    limit.
    """
    some = _longer(crowd, edges, limits)
    some = some[np.isfinite(crowd.left[some])]
    left = np.ceil(crowd.left[some]).astype(np.int64)
    begins, ends = np.maximum(left, edges[0]), np.minimum(left + int(LATELY), edges[-1])
    row, place = _each(_stretch(edges, begins), np.where(ends > begins, _stretch(edges, ends - 1) + 1, 0))
    long = crowd.lasting[some[row]] > limits[place]
    row, place = row[long], place[long]
    begin, end = np.maximum(begins[row], edges[place]), np.minimum(ends[row], edges[place + 1])
    return _along(crowd, edges, begin, end, some[row])


def _longer(crowd: Crowd, edges: Ints, limits: Floats) -> Indexes:
    """Stays that are longer than some limit and may be counted at some step."""
    come = int(np.searchsorted(crowd.entered, edges[-1]))
    chosen = crowd.lasting[:come] > limits.min()
    if edges[0] > LATELY:
        chosen &= crowd.left[:come] > edges[0] - LATELY
    return np.flatnonzero(chosen)


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


def _along(crowd: Crowd, edges: Ints, begin: Ints, end: Ints, stays: Indexes) -> Floats:
    """Cases at each step, each stay from one step to before another."""
    real = np.flatnonzero(end > begin)
    first, many = int(edges[0]), int(edges[-1] - edges[0]) + 1
    begin, end = begin[real] - first, end[real] - first
    if crowd.each is not None:
        number = np.bincount(begin, minlength=many) - np.bincount(end, minlength=many)
        return np.asarray(np.cumsum(number)[:-1] * crowd.each, dtype=np.float64)
    weight = crowd.weight[stays[real]]
    change = np.bincount(begin, weight, minlength=many) - np.bincount(end, weight, minlength=many)
    return np.asarray(np.cumsum(change)[:-1], dtype=np.float64)
