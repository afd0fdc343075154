"""Columns put in the order of some of them, in a fraction of the time that an engine takes to order them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from factoryview.store.engine import Columns

_NARROW = np.iinfo(np.int16)
"""Numbers that are sorted by counting them."""


def in_order(columns: Columns, by: Sequence[str]) -> Columns:
    """The same rows in the order of some columns of numbers without a null; what is equal in all stands as it stood.

    >>> found = in_order({"stage": np.array([1, 0, 1]), "at": np.array([5, 7, 3])}, ("stage", "at"))
    >>> found["stage"].tolist(), found["at"].tolist()
    ([0, 1, 1], [7, 3, 5])
    """
    order = None if not by else _order([np.asarray(columns[name]) for name in by])
    if order is None:
        return columns
    for name, values in columns.items():  # one after the other: there is no room for all of them twice
        if not alike(values):
            columns[name] = values[order]
    return columns


def _order(keys: Sequence[NDArray[Any]]) -> NDArray[np.intp] | None:
    """The indices that sort by one key after the other; None: they are in order."""
    first, then = keys[0], keys[1:]
    if len(first) < 2 or _ordered(keys):
        return None
    narrow = then and first.dtype.kind in "iu" and _NARROW.min <= first.min() and first.max() <= _NARROW.max
    order = np.argsort(first.astype(np.int16) if narrow else first, kind="stable" if narrow else None)
    if narrow:
        ends = np.flatnonzero(np.diff(first[order])) + 1
    else:  # numbers of which few are equal: those stand in any order yet
        tied = np.diff(first[order]) == 0
        if not tied.any():
            return order
        among = np.append(tied, False)
        among[1:] |= tied
        mixed = np.sort(order[among])
        order[among] = mixed[np.lexsort([key[mixed] for key in (*then[::-1], first)])]
        return order
    for begin, end in zip([0, *ends.tolist()], [*ends.tolist(), len(order)], strict=True):
        here = order[begin:end]
        found = _order([key[here] for key in then])
        if found is not None:
            order[begin:end] = here[found]
    return order


def _ordered(keys: Sequence[NDArray[Any]]) -> bool:
    """Whether rows stand in the order of these keys."""
    less = keys[0][1:] < keys[0][:-1]
    if less.any():
        return False
    if len(keys) == 1:
        return True
    equal = np.flatnonzero(keys[0][1:] == keys[0][:-1])
    if not len(equal):
        return True
    return not _before([key[equal + 1] for key in keys[1:]], [key[equal] for key in keys[1:]]).any()


def _before(one: Sequence[NDArray[Any]], other: Sequence[NDArray[Any]]) -> NDArray[np.bool_]:
    """Which rows of the one come before those of the other."""
    less = one[0] < other[0]
    return less if len(one) == 1 else np.asarray(less | ((one[0] == other[0]) & _before(one[1:], other[1:])))


def alike(values: NDArray[Any]) -> bool:
    """Whether all are the same, as weights and unknown values mostly are: their order is any."""
    if not len(values) or values.dtype.kind not in "iuf" or np.ma.isMaskedArray(values):
        return False
    return bool((values == values[0]).all() if values[0] == values[0] else (values != values).all())
