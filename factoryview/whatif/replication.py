"""One possible future of a calibrated plant: cases drawn from its past, ready to be changed and simulated.

Every replication draws its own parameters, too (Bayesian bootstrap, Rubin 1981: exponential weights on the donors and
on the delays, a Gamma rate of arrivals), so that its spread is that of what is not known, not only that of chance. The
same seed gives the same cases, with or without an intervention: differences are those of the intervention.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from factoryview.whatif.calendar import Calendar
from factoryview.whatif.calibration import Calibration
from factoryview.whatif.kernel import Pool, Steps
from factoryview.whatif.log import Floats, Ints

WEEK_H = 168.0


@dataclass(frozen=True, eq=False)
class Replication:
    """Steps to simulate and what they are; per case when it came and whether it is open today."""

    steps: Steps
    pools: tuple[Pool, ...]
    """As `Calibration.pools`; the last one is for work outside all hours and never limits anything."""
    stage: Ints
    """Per step, a place in the log's stages."""
    arrived: Floats
    """Per case, hours."""
    open: NDArray[np.bool_]
    """Per case: it was in progress when the simulation begins."""


def pools_of(calibration: Calibration) -> tuple[Pool, ...]:
    """The pools as the simulation knows them."""
    found = (Pool(servers=pool.servers, calendar=pool.calendar) for pool in calibration.pools)
    return (*found, Pool(servers=1, calendar=Calendar.always()))


def draw(
    calibration: Calibration,
    seed: int,
    begin: float,
    days: float,
    *,
    arrivals: float = 1.0,
    work: Mapping[str, float] | None = None,
    level: bool = False,
) -> Replication:
    """Cases that come in [begin, begin + days), hours since the Monday.

    arrivals: times as many; additional ones and those left out are drawn from a stream of their own. work: stage →
    times as long. level: nothing but chance, with the mix of donors dealt out evenly (for comparisons with a log).
    """
    rng, more = np.random.default_rng((seed, 0)), np.random.default_rng((seed, 1))
    end, donors = begin + 24.0 * days, calibration.donors
    first, last = int(np.floor(begin / WEEK_H)), int(np.ceil(end / WEEK_H))
    weeks = last - first
    if level:
        rate, chance = donors.rate, donors.weight
    else:
        rate = donors.rate * rng.gamma(donors.counted) / max(donors.counted, 1.0) if donors.counted else 0.0
        chance = donors.weight * rng.exponential(size=len(donors.case))
    number = int(rng.poisson(rate * weeks))
    drawn = donors.dealt(number, rng) if level else donors.drawn(number, rng, chance)
    week = first + rng.integers(weeks, size=number)
    if arrivals < 1.0:
        kept = more.random(number) < arrivals
        drawn, week = drawn[kept], week[kept]
    elif arrivals > 1.0:
        extra = int(more.poisson(rate * weeks * (arrivals - 1.0)))
        drawn = np.concatenate([drawn, donors.drawn(extra, more, chance)])
        week = np.concatenate([week, first + more.integers(weeks, size=extra)])
    came = np.asarray(WEEK_H * week + np.mod(calibration.log.arrived[drawn], WEEK_H), dtype=np.float64)
    inside = (came >= begin) & (came < end)
    drawn, came = drawn[inside], came[inside]
    order = np.argsort(came, kind="stable")
    return _of_donors(calibration, drawn[order], came[order], np.random.default_rng((seed, 2)), work or {}, level)


def _of_donors(
    calibration: Calibration,
    drawn: Ints,
    came: Floats,
    rng: np.random.Generator,
    work: Mapping[str, float],
    level: bool,
) -> Replication:
    """The steps of these donors, each beginning anew when it comes."""
    log, structure = calibration.log, calibration.structure
    length = np.diff(log.first)[drawn]
    offset = np.concatenate([[0], np.cumsum(length)])
    case = np.repeat(np.arange(len(drawn)), length)
    source = np.arange(offset[-1]) - offset[case] + log.first[drawn][case]
    parent = structure.parent[source]
    parent = np.where(parent >= 0, parent - log.first[drawn][case] + offset[case], -1)
    steps = Steps(
        case=case,
        pool=calibration.pool[source],
        parent=parent,
        release=came[case],
        delay=delays_drawn(calibration, source, rng, level=level),
        work=calibration.work[source] * factors(calibration, source, work),
        queued=calibration.queued[source],
        priority=np.zeros(len(source)),
    )
    return Replication(steps, pools_of(calibration), log.stage[source], came, np.zeros(len(drawn), dtype=np.bool_))


def factors(calibration: Calibration, source: Ints, work: Mapping[str, float]) -> Floats:
    """Per step how many times as long as it was."""
    of_stage = np.array([work.get(name, 1.0) for name in calibration.log.stages])
    return of_stage[calibration.log.stage[source]]


def delays_drawn(calibration: Calibration, source: Ints, rng: np.random.Generator, *, level: bool) -> Floats:
    """A foreign delay for each step: its own gap, or before a queue one drawn from between its bounds."""
    delay, uniform = calibration.structure.gap[source].copy(), rng.random(len(source))
    for stage, delays in enumerate(calibration.delays):
        if not len(delays.low):
            continue
        weights = rng.exponential(size=len(delays.low))
        chance = delays.chance if level else delays.reweighted(weights)
        here = np.flatnonzero((calibration.log.stage[source] == stage) & calibration.queued[source])
        delay[here] = delays.drawn(chance, calibration.place[source[here]], uniform[here])
    return delay


def speed(replication: Replication, factor: Floats) -> Replication:
    """The same replication with the work of each step taking so many times as long."""
    return replace(replication, steps=replace(replication.steps, work=replication.steps.work * factor))
