"""Days on which a plant rests though it usually works on that weekday: how many cases come on them, by its log."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factoryview.whatif.calendar import WEEK_H, Calendar
from factoryview.whatif.log import Floats, Ints, Log

DAY_H = 24.0
NEAR = 4
"""Weeks before and after a holiday whose same weekday says how many would have come."""
GUESS = 20.0
"""Cases for which the guess counts that on a holiday comes what comes on the weekdays on which nobody works."""


@dataclass(frozen=True, eq=False)
class Holidays:
    """The holidays that a calendar knows."""

    days: Ints
    """Since the Monday from which hours are counted."""
    share: float
    """Of those who would come on such a day, how many do; 1 at most."""

    def comes(self, moments: Floats, chance: Floats) -> NDArray[np.bool_]:
        """Per case that would come at a moment (h) and a uniform number, whether it does."""
        return ~np.isin(np.floor(moments / DAY_H).astype(np.int64), self.days) | (chance < self.share)

    def taken(self, since: float, now: float, of_day: Floats) -> float:
        """The share of the cases of a span (h) that would have come but for its holidays. of_day: of a week's cases."""
        mine = self.days[(self.days * DAY_H >= since) & ((self.days + 1) * DAY_H <= now)]
        return float(of_day[mine % 7].sum()) * (1.0 - self.share) * WEEK_H / max(now - since, WEEK_H)


def holidays_of(log: Log, calendar: Calendar) -> Holidays:
    """Of a log and the plant's working hours; a calendar of one week knows no holidays."""
    edges = calendar.worked(DAY_H * np.arange(7 * calendar.weeks + 1))
    open_ = (np.diff(edges) > 0).reshape(-1, 7)
    works = open_.mean(axis=0) > 0.5
    rests = np.flatnonzero((~open_ & works).ravel())
    if not len(rests):
        return Holidays(rests, 1.0)
    first, last = int(np.ceil(log.since / DAY_H)), int(np.floor(log.now / DAY_H))
    came = np.bincount(np.maximum(np.floor(log.arrived / DAY_H).astype(np.int64), 0), minlength=max(last, 0) + 1)
    whole = np.zeros(len(came), dtype=np.bool_)
    whole[max(first, 0) : last] = True
    usual = whole & ~np.isin(np.arange(len(came)), rests)
    seen = expected = 0.0
    for day in rests[(rests >= first) & (rests < last)].tolist():
        near = day + 7 * np.arange(-NEAR, NEAR + 1)
        near = near[(near >= 0) & (near < len(came))]
        near = near[usual[near]]
        if len(near):
            seen, expected = seen + float(came[day]), expected + float(came[near].mean())
    guess = _mean(came, usual, ~works) / max(_mean(came, usual, works), 1e-9) if not works.all() else 1.0
    return Holidays(rests, min((seen + GUESS * min(guess, 1.0)) / (expected + GUESS), 1.0))


def _mean(came: Ints, days: NDArray[np.bool_], of: NDArray[np.bool_]) -> float:
    """How many came on such a weekday."""
    mine = days & of[np.arange(len(days)) % 7]
    return float(came[mine].mean()) if mine.any() else 0.0
