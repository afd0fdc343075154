"""Stages that let cases go on few days and then many: a batch that runs on a schedule, and when it runs next."""

from __future__ import annotations

import numpy as np

from factoryview.flow.moment.crowd import Crowd, Floats

_MOST_OF_IT = 0.8
"""The busiest days that hold this share of the departures are the releases."""
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
    edges = np.arange(steps + 1, dtype=float)
    gone, come = (np.diff(count(edges)) for count in (crowd.departed, crowd.arrived))
    for step in range(_LOOKED_AT, steps + 1, _LOOKED_AT):
        low = max(0, step - _LOOKED_BACK)
        due[step : step + _LOOKED_AT] = _due(gone[low:step], come[low:step]) + low
    return due


def _due(gone: Floats, come: Floats) -> float:
    """The day (from 1) of the next release after these days; NaN where they show no batch."""
    total = float(gone.sum())
    if total < _DEPARTURES:
        return np.nan
    order = np.argsort(-gone, kind="stable")
    days = int(np.searchsorted(np.cumsum(gone[order]), _MOST_OF_IT * total)) + 1
    if days < _RELEASES or days > _OF_DAYS * len(gone) or days > _OF_ARRIVALS * (come > 0).sum():
        return np.nan
    releases = np.sort(order[:days])
    releases = releases[np.append(True, np.diff(releases) > _SAME)]
    gaps = np.diff(releases)
    if not len(gaps) or np.median(gaps) < _GAP or gaps.std() / gaps.mean() >= _REGULAR:
        return np.nan
    return float(releases[-1] + 1 + np.median(gaps))
