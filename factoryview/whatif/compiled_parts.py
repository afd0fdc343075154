"""What the compiled simulator is made of: calendars, and a heap in two arrays."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, floor
from typing import Any, TypeVar, cast

import numba
from numpy.typing import NDArray

from factoryview.whatif.calendar import Floats
from factoryview.whatif.kernel import Ints

_F = TypeVar("_F", bound=Callable[..., object])


def compiled(function: _F) -> _F:
    """Kept on disk between runs; lets other threads run meanwhile. No fast maths: both simulators say the same."""
    return cast(_F, numba.njit(cache=True, nogil=True)(function))


@compiled
def above(values: NDArray[Any], low: int, high: int, value: float) -> int:
    """Index of the first of values[low:high] above a value."""
    while low < high:
        middle = (low + high) // 2
        if values[middle] <= value:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def not_below(values: Floats, low: int, high: int, value: float) -> int:
    """Index of the first of values[low:high] not below a value."""
    while low < high:
        middle = (low + high) // 2
        if values[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def next_open(at: float, period: float, begins: Floats, ends: Floats, low: int, high: int) -> float:
    number = floor(at / period)
    inside = at - number * period
    span = above(ends, low, high, inside)
    if span == high:
        return float((number + 1) * period + begins[low])
    if begins[span] <= inside:
        return at
    return float(number * period + begins[span])


@compiled
def after(
    at: float, work: float, period: float, begins: Floats, ends: Floats, before: Floats, low: int, high: int, pool: int
) -> float:
    """The moment when so much work is done that begins at an open moment."""
    number = floor(at / period)
    inside = at - number * period
    span = max(above(begins, low, high, inside) - 1, low)
    length = ends[span] - begins[span]
    part = min(max(inside - begins[span], 0.0), length)
    if part + work <= length:
        return at + work
    total = before[high + pool]
    hours = (before[span + pool] + part) + work
    periods = ceil(hours / total) - 1
    rest = hours - periods * total
    span = min(max(not_below(before, low + pool, high + pool + 1, rest) - 1 - pool, low), high - 1)
    return max(at, float((number + periods) * period + (begins[span] + (rest - before[span + pool]))))


@compiled
def push(times: Floats, keys: Ints, size: int, time: float, key: int) -> int:
    """Onto a heap in two arrays, the earliest first, then the smallest key; the new size."""
    at = size
    while at > 0:
        above = (at - 1) >> 1
        if times[above] < time or (times[above] == time and keys[above] < key):
            break
        times[at] = times[above]
        keys[at] = keys[above]
        at = above
    times[at] = time
    keys[at] = key
    return size + 1


@compiled
def pop(times: Floats, keys: Ints, size: int) -> int:
    """Drop the first of a heap; the new size."""
    size -= 1
    time = times[size]
    key = keys[size]
    at = 0
    while True:
        below = 2 * at + 1
        if below >= size:
            break
        other = below + 1
        if other < size and (
            times[other] < times[below] or (times[other] == times[below] and keys[other] < keys[below])
        ):
            below = other
        if time < times[below] or (time == times[below] and key < keys[below]):
            break
        times[at] = times[below]
        keys[at] = keys[below]
        at = below
    times[at] = time
    keys[at] = key
    return size
