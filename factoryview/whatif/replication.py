"""One possible future of a calibrated plant: cases drawn from its past, ready to be changed and simulated.

Every replication draws its own parameters, too (Bayesian bootstrap, Rubin 1981: exponential weights on the donors and
on the delays, a Gamma rate of arrivals), so that its spread is that of what is not known, not only that of chance. The
same seed gives the same cases, with or without an intervention: differences are those of the intervention.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from factoryview.whatif.calendar import Calendar
from factoryview.whatif.calibration import Calibration
from factoryview.whatif.capacity import heads_at
from factoryview.whatif.kernel import FREE, NEVER, Held, Pool, Steps
from factoryview.whatif.log import Floats, Ints
from factoryview.whatif.today import TICK_H, Today, go_on

WEEK_H = 168.0
DELAY_ERROR = 0.08
"""Of a mean delay that is known from intervals, beside that of the bootstrap: standard deviation of its logarithm,
found on generated plants."""


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
    source: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    """Per step, the place of the log's step that it repeats."""
    held: Held = FREE
    """What holds steps back beside servers."""


def pools_of(calibration: Calibration, begin: float = np.inf) -> tuple[Pool, ...]:
    """The pools as the simulation knows them, with those who worked at `begin` and what changed from then to now.

    What the plant file plans for later is not known at the moment of the calibration.
    """
    found = []
    for pool in calibration.pools:
        changes = tuple((at, heads) for at, heads in pool.heads if at > begin)
        servers = heads_at(pool.heads, begin) if changes else pool.servers
        found.append(Pool(servers, pool.calendar, changes, pool.order))
    return (*found, Pool(1, Calendar.always()))


def draw(
    calibration: Calibration,
    seed: int,
    begin: float,
    days: float,
    *,
    arrivals: float = 1.0,
    work: Mapping[str, float] | None = None,
    level: bool = False,
    today: Today | None = None,
) -> Replication:
    """Cases that come in [begin, begin + days), hours since the Monday.

    arrivals: times as many; additional ones and those left out are drawn from a stream of their own. work: stage →
    times as long. level: with as little chance as can be, the donors dealt out evenly (for comparisons with a log).
    today: the cases in progress go on, too; begin is then to be the moment of the calibration.
    """
    rng, more = np.random.default_rng((seed, 0)), np.random.default_rng((seed, 1))
    end, donors = begin + 24.0 * days, calibration.donors
    first, last = int(np.floor(begin / WEEK_H)), int(np.ceil(end / WEEK_H))
    weeks = max(last - first, 1)
    if level:
        rate, trust = calibration.a_week, np.ones(len(donors.case))
    else:
        rate = calibration.a_week * rng.gamma(donors.counted) / max(donors.counted, 1.0) if donors.counted else 0.0
        trust = rng.exponential(size=len(donors.case))
    chance = donors.weight * trust
    if level:
        number = int(rate * weeks + rng.random())
        drawn, week = donors.dealt(number, weeks, rng)
    else:
        number = int(rng.poisson(rate * weeks))
        drawn, week = donors.drawn(number, rng, chance), rng.integers(weeks, size=number)
    week = first + week
    if arrivals < 1.0:
        kept = more.random(number) < arrivals
        drawn, week = drawn[kept], week[kept]
    elif arrivals > 1.0:
        extra = int(more.poisson(rate * weeks * (arrivals - 1.0)))
        drawn = np.concatenate([drawn, donors.drawn(extra, more, chance)])
        week = np.concatenate([week, first + more.integers(weeks, size=extra)])
    came = np.asarray(WEEK_H * week + np.mod(calibration.log.arrived[drawn], WEEK_H), dtype=np.float64)
    inside = (came >= begin) & (came < end)
    inside &= calibration.holidays.comes(came, np.random.default_rng((seed, 5)).random(len(came)))
    drawn, came = drawn[inside], came[inside]
    order = np.argsort(came, kind="stable")
    chances = delay_chances(calibration, np.random.default_rng((seed, 2)), level=level)
    steps, source = _of_donors(calibration, drawn[order], came[order], chances, np.random.default_rng((seed, 3)))
    open_ = np.zeros(len(came), dtype=np.bool_)
    if today is not None:
        weight, late = np.ones(calibration.log.cases), np.random.default_rng((seed, 4))
        weight[donors.case] = trust
        going = go_on(
            calibration,
            today,
            weight,
            late,
            lambda some, least: delays_drawn(calibration, some, chances, late, least),
        )
        since = np.sort(calibration.log.arrived[today.fresh])
        new, sources = _of_donors(calibration, donors.drawn(len(since), late, chance), since, chances, late)
        new = replace(new, release=np.maximum(new.release, begin + TICK_H * (1 + np.arange(len(since)))[new.case]))
        for part, of, cases in ((new, sources, len(since)), (going.steps, going.source, len(going.arrived))):
            steps, source = _joined(part, steps, cases), np.concatenate([of, source])
        open_ = np.concatenate([np.ones(len(going.arrived) + len(since), dtype=np.bool_), open_])
        came = np.concatenate([going.arrived, since, came[order]])
    else:
        came = came[order]
    if work:
        of_stage = np.array([work.get(name, 1.0) for name in calibration.log.stages])
        steps = replace(steps, work=steps.work * of_stage[calibration.log.stage[source]])
    return Replication(steps, pools_of(calibration, begin), calibration.log.stage[source], came, open_, source)


def joined(before: Replication, after: Replication) -> Replication:
    """Both in one, as where one has the cases in progress and the other those to come, with the pools of the second."""
    return Replication(
        _joined(before.steps, after.steps, len(before.arrived)),
        after.pools,
        np.concatenate([before.stage, after.stage]),
        np.concatenate([before.arrived, after.arrived]),
        np.concatenate([before.open, after.open]),
        np.concatenate([before.source, after.source]),
    )


def _joined(before: Steps, after: Steps, cases: int) -> Steps:
    """Both, the cases and the parents of the second numbered behind those of the first."""
    parent = np.where(after.parent >= 0, after.parent + len(before), -1)
    after = replace(after, case=after.case + cases, parent=parent)
    return both(before, after)


def both(before: Steps, after: Steps) -> Steps:
    """Both, the second behind the first; its parents and cases are numbered so already."""
    found = {}
    for column in fields(Steps):
        one, other = getattr(before, column.name), getattr(after, column.name)
        if len(one) + len(other) not in (0, len(before) + len(after)):  # only one of them has entries
            nothing = {"patience": NEVER, "in_hand": False}.get(column.name, -1)
            one, other = (
                values if len(values) else np.full(len(part), nothing)
                for values, part in ((one, before), (other, after))
            )
        found[column.name] = np.concatenate([one, other])
    return Steps(**found)


def _of_donors(
    calibration: Calibration, drawn: Ints, came: Floats, chances: tuple[DelayChances, ...], rng: np.random.Generator
) -> tuple[Steps, Ints]:
    """The steps of these donors, each beginning anew when it comes; and which step of the log each repeats."""
    log, structure = calibration.log, calibration.structure
    length = np.diff(log.first)[drawn]
    offset = np.concatenate([[0], np.cumsum(length)])
    case = np.repeat(np.arange(len(drawn)), length)
    source = np.arange(offset[-1]) - offset[case] + log.first[drawn][case]
    parent = structure.parent[source]
    steps = Steps(
        case=case,
        pool=calibration.pool[source],
        parent=np.where(parent >= 0, parent - log.first[drawn][case] + offset[case], -1),
        release=came[case],
        delay=delays_drawn(calibration, source, chances, rng),
        work=calibration.work[source],
        queued=calibration.queued[source],
        priority=calibration.priority[source],
    )
    return steps, source


class DelayChances(NamedTuple):
    """Of the delays before one stage in one replication."""

    chance: Floats
    """Of each support point."""
    times: float
    """As long as estimated."""


def delay_chances(calibration: Calibration, rng: np.random.Generator, *, level: bool) -> tuple[DelayChances, ...]:
    """Per stage the chances of its delays in this replication."""
    found = []
    for delays in calibration.delays:
        if level or delays.none:
            found.append(DelayChances(delays.chance, 1.0))
        else:
            chance = delays.reweighted(rng.exponential(size=len(delays.low)))
            times = 1.0 if delays.exact == 1.0 else float(np.exp(rng.normal(0.0, DELAY_ERROR)))
            found.append(DelayChances(chance, times))
    return tuple(found)


def delays_drawn(
    calibration: Calibration,
    source: Ints,
    chances: tuple[DelayChances, ...],
    rng: np.random.Generator,
    least: Floats | None = None,
) -> Floats:
    """A foreign delay for each step: its own gap, or before a queue one drawn from between its bounds.

    least: how long those before a queue last at least; absent, that is not known.
    """
    delay, uniform = calibration.structure.gap[source], rng.random(len(source))
    stage, queued = calibration.log.stage[source], calibration.queued[source]
    for code, (delays, known) in enumerate(zip(calibration.delays, chances, strict=True)):
        here = np.flatnonzero((stage == code) & queued)
        if delays.none:
            delay[here] = 0.0
        elif len(here):
            longer = None if least is None else least[here] / known.times
            drawn = delays.drawn(known.chance, calibration.place[source[here]], uniform[here], longer)
            delay[here] = known.times * drawn
    return delay
