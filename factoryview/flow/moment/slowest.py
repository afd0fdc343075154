"""The slowest tenth of many stays, in windows of one array that overlap, as those behind each day do."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from factoryview.flow.order import nth

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_SURELY, _SAMPLE = 0.85, 512
"""The slowest tenth of a window is looked for among the slowest of all, from this share of about so many of them on."""


def over(values: Floats, bounds: Ints) -> Floats:
    """The sum of each window. bounds: where the windows begin and where they end, as two rows."""
    total = np.concatenate([[0.0], np.cumsum(values)])
    return np.asarray(total[bounds[1]] - total[bounds[0]])


def slowest_tenth(stays: Floats, weight: Floats, bounds: Ints) -> tuple[Floats, Floats]:
    """Of each window the stay that only the slowest tenth exceed, and by how much they do, times weight; 0 of nothing.

    bounds: where the windows begin and where they end, as two rows.

    >>> slow, above = slowest_tenth(np.arange(20.0), np.ones(20), np.array([[0, 9], [20, 9]]))
    >>> slow.tolist(), above.tolist()
    ([17.0, 0.0], [3.0, 0.0])
    """
    slow, above = np.zeros(bounds.shape[1]), np.zeros(bounds.shape[1])
    number = bounds[1] - bounds[0]
    if not number.any():
        return slow, above
    place = (0.9 * (number - 1)).astype(np.int64)
    sample = stays[:: max(1, len(stays) // _SAMPLE)]
    slowest = stays >= nth(sample, int(_SURELY * (len(sample) - 1)))
    among = np.concatenate([[0], np.cumsum(slowest)])[bounds]
    known = (number > 0) & (number - place <= among[1] - among[0])
    if known.any():
        places = _rows(among[:, known], int(np.count_nonzero(slowest)))
        table = np.append(stays[slowest], -1.0)[places]
        from_last = table.shape[1] - (number - place)[known]
        slow[known] = np.sort(table, axis=1)[np.arange(len(table)), from_last]
        more = np.maximum(table - slow[known][:, None], 0.0)
        above[known] = (more * np.append(weight[slowest], 0.0)[places]).sum(axis=1)
    for i in np.flatnonzero((number > 0) & ~known).tolist():
        window = slice(*bounds[:, i].tolist())
        slow[i] = nth(stays[window], int(place[i]))
        above[i] = (np.maximum(stays[window] - slow[i], 0.0) * weight[window]).sum()
    return slow, above


def _rows(bounds: Ints, beside: int) -> Ints:
    """The places of each window in a row of its own, filled up with a place `beside` all."""
    places = bounds[0][:, None] + np.arange(int((bounds[1] - bounds[0]).max()))
    places[places >= bounds[1][:, None]] = beside
    return np.asarray(places)
