"""How far a calibrated plant can be trusted: does it reproduce what happened, and would it have foreseen what came?

*As is*: half of the completed cases are learnt from, the other half is held out; the last month is simulated and held
beside those of it that came then. *Forecast*: what was known a month before the end is calibrated, the month simulated,
and held beside what came. Both distances are those of cycle times, in hours, beside that of a plain copy of the past:
the learnt half as it is, and the month before. A model that loses to the copy is not to be believed, and says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from factoryview.errors import InputError
from factoryview.whatif.calibration import Calibration, calibrate
from factoryview.whatif.distances import Happened, cycle_times
from factoryview.whatif.fidelity import happened, known_at, only, shifted, shown, simulated
from factoryview.whatif.log import Ints, Log
from factoryview.whatif.today import today_of

MONTH_H = 28 * 24.0
RUNS = 10
FEWEST = 30
"""Cases on either side of a comparison below which it says nothing."""
LATELY = 200
"""Completed cases that say how long cases take now."""
LUCKY = 0.1
"""A model loses if the best tenth of its runs are farther off than the copy."""

Why = Literal["", "loses", "untested", "capacity"]
"""Why what-if is greyed: it loses to the copy, nothing can be held beside it, or no queue is limited by its servers."""


@dataclass(frozen=True)
class Compared:
    """The distance of cycle times of a model and of a copy of the past from what happened, hours."""

    model_h: float
    """The mean of ten runs."""
    lucky_h: float
    """That of its best runs."""
    copy_h: float
    cases: int
    """That it was held beside."""

    @property
    def loses(self) -> bool:
        return self.lucky_h > self.copy_h


@dataclass(frozen=True)
class Trust:
    """What can be said of a model; None: too few cases to hold it beside anything."""

    as_is: Compared | None
    forecast: Compared | None
    capacity_visible: bool

    @property
    def why_not(self) -> Why:
        """Why what-if should be greyed; empty: it need not be.

        A month in which the plant itself was changed could not be foreseen, so a model must lose both ways. Without a
        visible queue people change nothing, and only that is greyed; arrivals can still be asked for.
        """
        tested = [one for one in (self.forecast, self.as_is) if one is not None]
        if not tested:
            return "untested"
        if all(one.loses for one in tested):
            return "loses"
        return "" if self.capacity_visible else "capacity"


def trust_of(log: Log, calibrated: Callable[[Log], Calibration] = calibrate, runs: int = RUNS) -> Trust:
    """What can be said of the model that a log gives.

    calibrated: makes it, knowing what the plant file says. Raises InputError where the log is too short for any model.
    """
    visible = calibrated(log).capacity_visible
    return Trust(_or_nothing(as_is, log, calibrated, runs), _or_nothing(forecast, log, calibrated, runs), visible)


def _or_nothing(
    compared: Callable[[Log, Callable[[Log], Calibration], int], Compared | None],
    log: Log,
    calibrated: Callable[[Log], Calibration],
    runs: int,
) -> Compared | None:
    try:
        return compared(log, calibrated, runs)
    except InputError:
        return None


def as_is(log: Log, calibrated: Callable[[Log], Calibration] = calibrate, runs: int = RUNS) -> Compared | None:
    """The last month, learnt from every second completed case and held beside the others that came in it."""
    month = period_h(log)
    begin = log.now - month
    done = np.flatnonzero(np.isfinite(log.closed))
    order = done[np.argsort(log.arrived[done], kind="stable")]
    learnt, held = order[::2], order[1::2]
    held, lately = held[log.arrived[held] >= begin], learnt[log.arrived[learnt] >= begin]
    if min(len(held), len(lately)) < FEWEST:
        return None
    calibration, known = calibrated(only(log, learnt)), calibrated(known_at(log, begin))
    return _compared(calibration, known, _of(log, held), _of(log, lately), begin, log.now, runs)


def forecast(log: Log, calibrated: Callable[[Log], Calibration] = calibrate, runs: int = RUNS) -> Compared | None:
    """The last month, from what was known when it began."""
    month = period_h(log)
    begin = log.now - month
    true, past = happened(log, begin, log.now), happened(log, begin - month, begin)
    weeks = max(1, round(month / 168.0))
    if min(len(np.unique(true.case)), len(np.unique(past.case))) < FEWEST:
        return None
    known = calibrated(known_at(log, begin))
    return _compared(known, known, true, shifted(past, weeks), begin, log.now, runs)


def period_h(log: Log) -> float:
    """A month or, where cases lately took longer, twice as long as half of them did; a quarter of a log at most."""
    lately = np.argsort(log.closed, kind="stable")[: int(np.isfinite(log.closed).sum())][-LATELY:]
    usual = float(np.median((log.closed - log.arrived)[lately])) if len(lately) else 0.0
    return min(max(MONTH_H, 2 * usual), log.span_h / 4)


def _of(log: Log, cases: Ints) -> Happened:
    return shown(log, np.isin(log.case, cases) & log.over)


def _compared(
    calibration: Calibration, known: Calibration, true: Happened, copy: Happened, begin: float, end: float, runs: int
) -> Compared | None:
    """known: what was known at the begin; its open cases go on, where it sees the same pools."""
    alike = [pool.stages for pool in known.pools] == [pool.stages for pool in calibration.pools]
    today = today_of(known) if alike else None
    found = []
    for seed in range(runs):
        made = simulated(calibration, seed, begin, end, known=known, today=today)
        if not len(made.case):
            return None
        found.append(cycle_times(true, made))
    lucky = float(np.quantile(found, LUCKY))
    return Compared(float(np.mean(found)), lucky, cycle_times(true, copy), len(np.unique(true.case)))
