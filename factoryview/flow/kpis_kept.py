"""What was counted for the KPI table of a large log, found again: where only more has come to the log since, buckets in
which nothing came or went otherwise are not counted again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from factoryview.store.database import Store
from factoryview.store.engine import Columns
from factoryview.store.kept import Shelf, cache_folder, digest, program
from factoryview.time import HOUR

Moments = NDArray[np.int64]
_TEXTS = ("kind", "stage")


@dataclass(frozen=True)
class _Kept:
    """What was counted after stays had grown so often."""

    growth: int
    moments: Moments
    """The edges of the buckets, µs UTC."""
    texts: dict[str, list[str]]
    numbers: dict[str, NDArray[Any]]


def again(store: Store, moments: Moments, *what: object, count: Callable[[int, int], Columns]) -> Columns:
    """Rows with the columns kind, stage, bucket and numbers, which depend on what came and went in their bucket alone.

    moments: edges of the buckets, µs UTC. what: tells what is counted. count: the rows of the buckets [first, last).
    """
    key = None if store.line is None or store.selected or store.version else digest(store.line, *what, program())
    if key is None:
        return count(0, len(moments) - 1)
    shelf = Shelf(cache_folder(), (_Kept,))
    known = shelf.find(key)
    growth, hours = store.touched(known.growth if isinstance(known, _Kept) else 0)
    parts, fresh = [], np.ones(len(moments) - 1, bool)
    if isinstance(known, _Kept):
        fresh, part = _same(known, moments, hours)
        parts.append(part)
    edges = np.flatnonzero(np.diff(fresh, prepend=False, append=False)).reshape(-1, 2)
    parts += [count(first, last) for first, last in edges.tolist()]
    found = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    if fresh.any():
        texts = {name: found[name].tolist() for name in _TEXTS}
        numbers = {name: np.asarray(values) for name, values in found.items() if name not in _TEXTS}
        shelf.keep(key, _Kept(growth, moments, texts, numbers))
    return found


def _same(known: _Kept, moments: Moments, hours: Moments) -> tuple[NDArray[np.bool_], Columns]:
    """Which buckets have to be counted, and the rows of the others. hours: see `Store.touched`."""
    before = known.moments
    place = np.minimum(before.searchsorted(moments[:-1]), len(before) - 2)
    same = (before[place] == moments[:-1]) & (before[place + 1] == moments[1:])
    changes = np.zeros(len(moments) + 1, np.int64)
    np.add.at(changes, np.maximum(moments.searchsorted(hours, side="right") - 1, 0), 1)
    np.add.at(changes, moments.searchsorted(hours + HOUR), -1)
    same &= np.cumsum(changes)[: len(same)] == 0
    now = np.full(len(before) - 1, -1)
    now[place[same]] = np.flatnonzero(same)
    bucket = now[known.numbers["bucket"]]
    rows = bucket >= 0
    texts: Columns = {name: np.array(values, dtype=object)[rows] for name, values in known.texts.items()}
    return ~same, texts | {name: values[rows] for name, values in known.numbers.items()} | {"bucket": bucket[rows]}
