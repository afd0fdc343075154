"""Stages that let cases go on few days and then many: a batch that runs on a schedule, and when it runs next."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from factoryview.flow.moment.crowd import Crowd, Floats, Ints

_MOST_OF_IT = 0.8
"""The busiest days that hold this share of the departures are the releases."""
_LIKE = 0.5
"""So are the days with this share of the least of them."""
_LOOKED_BACK, _LOOKED_AT = 1_500, 5
"""Working days of departures looked at, and how often."""
_DEPARTURES, _RELEASES = 30.0, 2
"""Fewest departures and releases that show a batch."""
_OF_DAYS, _OF_ARRIVALS = 0.2, 0.25
"""Releases are at most this share of the days, and of the days with arrivals."""
_SAME, _GAP, _REGULAR = 2, 4.0, 0.6
"""Days nearer than this are one release; the median gap is at least so many days, its spread ÷ mean below this."""


def next_release(crowd: Crowd, steps: int) -> Floats:
    """Per step (entry 0 is the beginning) the working day at which the next release is due; NaN where no batch shows.

    A day in the past means that the release is overdue.
    """
    due = np.full(steps + 1, np.nan)
    gone, days = np.diff(crowd.known(steps)[1]), crowd.arrival_days(steps)
    looked = np.arange(_LOOKED_AT, steps + 1, _LOOKED_AT)
    for step in looked[_perhaps(gone, days, looked)].tolist():
        low = max(0, step - _LOOKED_BACK)
        due[step : step + _LOOKED_AT] = _due(gone[low:step], int(days[step] - days[low])) + low
    return due


def _perhaps(gone: Floats, days: Ints, steps: Ints) -> NDArray[np.bool_]:
    """At which steps the busiest days may hold enough of the departures: at most, whoever looks closer."""
    total = np.concatenate([[0.0], np.cumsum(gone)])
    begins = np.maximum(steps - _LOOKED_BACK, 0)
    most = np.minimum(_OF_DAYS * (steps - begins), _OF_ARRIVALS * (days[steps] - days[begins]))
    busiest, every = np.maximum.accumulate(gone)[steps - 1], total[steps] - total[begins]
    enough = busiest * most >= (1 - 1e-6) * _MOST_OF_IT * every
    return np.asarray((every >= _DEPARTURES - 1e-6) & enough)


def _due(gone: Floats, days_with_arrivals: int) -> float:
    """The day (from 1) of the next release after these days; NaN where they show no batch."""
    total, most = float(gone.sum()), min(_OF_DAYS * len(gone), _OF_ARRIVALS * days_with_arrivals)
    if total < _DEPARTURES or gone.max() * most < _MOST_OF_IT * total:
        return np.nan
    order = np.argsort(-gone, kind="stable")
    days = int(np.searchsorted(np.cumsum(gone[order]), _MOST_OF_IT * total)) + 1
    if days < _RELEASES or days > most:
        return np.nan
    releases = np.flatnonzero(gone >= _LIKE * gone[order[days - 1]])
    releases = releases[np.append(True, np.diff(releases) > _SAME)]
    gaps = np.diff(releases)
    if not len(gaps) or np.median(gaps) < _GAP or gaps.std() / gaps.mean() >= _REGULAR:
        return np.nan
    return float(releases[-1] + 1 + np.median(gaps))
