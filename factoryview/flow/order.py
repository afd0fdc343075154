"""Sorting long arrays of numbers, and looking them up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from factoryview.store.scroll import PIECE

_Index = TypeVar("_Index", bound=np.signedinteger[Any])
_FEW = 4_000
"""Up to so many, the stable sort is as fast."""


def stable_order(values: NDArray[Any]) -> NDArray[np.intp]:
    """The indices that sort numbers, NaN last, equals in the order in which they stand.

    The same as numpy's stable sort, of many in a third of its time: its fast sort only mixes up equals, which are put
    right.

    >>> stable_order(np.array([2.0, 1.0, 2.0, 1.0])).tolist()
    [1, 3, 0, 2]
    """
    if len(values) < _FEW:
        return np.argsort(values, kind="stable")
    order = np.argsort(values)
    return equals_in_order(order, values[order])


def equals_in_order(order: NDArray[_Index], ordered: NDArray[Any]) -> NDArray[_Index]:
    """Indices that sort numbers, NaN last, put right so that equals stand as they stood; `order` is changed.

    ordered: the numbers as the indices sort them.

    >>> equals_in_order(np.array([3, 1, 2]), np.array([1.0, 1.0, 2.0])).tolist()
    [1, 3, 2]
    """
    begin = 0
    while begin < len(order):  # part by part: of a long array what is reckoned with has no room beside it
        end = min(begin + PIECE, len(order))
        end += int(np.searchsorted(ordered[end:], ordered[end - 1], side="right"))
        _put_right(order[begin:end], ordered[begin:end])
        begin = end
    return order


def _put_right(order: NDArray[Any], ordered: NDArray[Any]) -> None:
    tied = (ordered[1:] == ordered[:-1]) | (ordered[:-1] != ordered[:-1])
    if tied.any():
        among = np.append(tied, False)
        among[1:] |= tied
        run = np.append(0, np.cumsum(~tied))[among] * (int(order.max()) + 1)
        order[among] = np.sort(run + order[among]) - run


def nth(values: NDArray[np.float64], place: int) -> float:
    """The number that stands at a place once all are in order, counted from 0.

    >>> nth(np.array([3.0, 1.0, 2.0]), 1)
    2.0
    """
    return float(np.partition(values, place)[place])


def neighbours(values: NDArray[np.float64], place: int, other: int) -> tuple[float, float]:
    """As `nth`, of a place and another that is the same or the next.

    >>> neighbours(np.array([3.0, 1.0, 2.0]), 0, 1)
    (1.0, 2.0)
    """
    parted = np.partition(values, place)  # of two places at once it takes many times as long
    return float(parted[place]), float(parted[other:].min() if other > place else parted[place])


def quantile(values: NDArray[np.float64], share: float) -> float:
    """As numpy's `quantile`, of numbers without NaN, in a fraction of its time.

    >>> quantile(np.array([4.0, 1.0, 2.0, 3.0]), 0.25)
    1.75
    """
    place, part = divmod(share * (len(values) - 1), 1)
    low, high = neighbours(values, int(place), min(int(place) + 1, len(values) - 1))
    return high - (high - low) * (1 - part) if part >= 0.5 else low + (high - low) * part


def looked_up(known: Mapping[int, int], keys: NDArray[np.int64], otherwise: int) -> NDArray[np.int64]:
    """What is known of each of many keys, and `otherwise` of those of which nothing is.

    >>> looked_up({3: 30, 1: 10}, np.array([1, 2, 3]), 0).tolist()
    [10, 0, 30]
    """
    found = np.full(len(keys), otherwise, np.int64)
    if known:
        names, values = (np.fromiter(part, np.int64, len(known)) for part in (known.keys(), known.values()))
        order = np.argsort(names)
        names, values = names[order], values[order]
        places = np.minimum(np.searchsorted(names, keys), len(names) - 1)
        there = names[places] == keys
        found[there] = values[places[there]]
    return found
