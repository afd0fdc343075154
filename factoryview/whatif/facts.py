"""What is known of the cases of a calibration beside their steps, and how those go on that were lost on the way.

Where cases leave because they wait, a simulation must let them: a case that was lost in a queue stays if it is served
sooner. Its patience is the wait after which it left; of those who were served it is longer, by an exponential time
whose rate is the losses in the queue divided by all the hours waited there (each hour of waiting is taken to be as
likely to be the last). Where only a few have left so far, because the queue was short, they are taken to be as patient
as those of the other queues as long as they are not seen to be otherwise (a Gamma prior that weighs a few losses). Once
a case is served, it goes on as a past case did that was served there.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from factoryview.plant.models import Plant
from factoryview.store.database import Store
from factoryview.whatif.calibration import Calibration
from factoryview.whatif.kernel import NEVER, Steps
from factoryview.whatif.log import Floats, Ints
from factoryview.whatif.replication import Replication, both, delay_chances, delays_drawn

Flags = NDArray[np.bool_]
FEWEST_LEFT, SHARE_LEFT = 20, 0.02
"""Losses in a queue that are not few; their least share of those who came."""
FEW_LEFT, PRIOR = 3, 8.0
"""Losses in a queue below which nobody is taken to leave because of waiting; how many the other queues weigh."""
ROUNDS = 6
"""A case may be lost in so many queues one after the other."""


@dataclass(frozen=True, eq=False)
class Facts:
    """Per case of a log, and per stage what waiting does."""

    channels: tuple[str, ...]
    channel: Ints
    """Place in `channels`; −1 unknown."""
    value: Floats
    """NaN: unknown."""
    won: Flags
    """It ended well; where the plant names no good end, with any end."""
    lost: Flags
    """It ended badly."""
    leaves: Floats
    """Per stage, losses an hour waited of one who waits; 0: nobody leaves because of waiting."""
    leaves_known: Floats
    """Per stage, from how many losses that is known: its uncertainty is that of a count."""
    gave_up: Flags
    """Per step of the log: the case left while it waited there."""
    last: Flags
    """Per step of the log: nothing of its case came after it, and the case is closed."""
    went_on: dict[int, Ints] = field(default_factory=dict)
    """Stage → the steps after which cases went on, as far as somebody asked."""


def facts_of(store: Store, plant: Plant, calibration: Calibration, at: int) -> Facts:
    """What a store says of the cases of a calibration that was made of it at that moment (µs UTC)."""
    log = calibration.log
    columns = store.ask(
        "whatif/cases",
        stages=list(log.stages),
        at=at,
        began=store.meaning == "interval",
        ended=store.meaning == "completion",
    )
    said = [None if masked else str(name) for name, masked in _texts(columns["channel"])]
    ends = [None if masked else str(name) for name, masked in _texts(columns["outcome"])]
    channels = tuple(sorted({name for name in said if name is not None}))
    kinds = {outcome.name: outcome.kind for outcome in plant.outcomes}
    good = {name for name, kind in kinds.items() if kind == "won"}
    bad = {name for name, kind in kinds.items() if kind == "lost"}
    closed = np.isfinite(log.closed)
    lost = np.array([end in bad for end in ends], dtype=np.bool_)
    won = np.array([end in good for end in ends], dtype=np.bool_) if good else closed & ~lost
    value = np.ma.filled(np.ma.asarray(columns["value"], dtype=np.float64), np.nan)
    return known_of(
        calibration,
        channels,
        np.array([channels.index(name) if name is not None else -1 for name in said], dtype=np.int64),
        value,
        won,
        lost,
    )


def _texts(column: NDArray[np.object_]) -> list[tuple[object, bool]]:
    missing = np.ma.getmaskarray(column) | np.array([name is None for name in np.ma.getdata(column)], dtype=np.bool_)
    return list(zip(np.ma.getdata(column).tolist(), missing.tolist(), strict=True))


def known_of(
    calibration: Calibration, channels: tuple[str, ...], channel: Ints, value: Floats, won: Flags, lost: Flags
) -> Facts:
    """The facts of these cases; what waiting does is found here."""
    log = calibration.log
    last = np.zeros(len(log.case), dtype=np.bool_)
    ends = log.first[1:] - 1
    filled = np.diff(log.first) > 0
    last[ends[filled]] = True
    last &= np.isfinite(log.closed)[log.case]
    limited = limited_of(calibration)
    unserved = last & lost[log.case] & (limited >= 0)[log.stage] & (log.end <= log.start)
    leaves, counted = np.zeros(len(log.stages)), np.zeros(len(log.stages))
    if log.entered is not None:
        mine = log.over & (calibration.queued | unserved)
        came, left = (np.bincount(log.stage[some], minlength=len(log.stages)) for some in (mine, mine & unserved))
        waited = np.bincount(log.stage[mine], calibration.structure.gap[mine], len(log.stages))
        many = (left >= np.maximum(FEWEST_LEFT, SHARE_LEFT * came)) & (waited > 0)
        leaves[many], counted[many] = left[many] / waited[many], left[many]
        if many.any():
            few = (left >= FEW_LEFT) & ~many & (limited_of(calibration) >= 0)
            usual = left[many].sum() / waited[many].sum()
            counted[few] = left[few] + PRIOR
            leaves[few] = counted[few] / (waited[few] + PRIOR / usual)
    gave_up = unserved & (leaves > 0)[log.stage]
    return Facts(channels, channel, value, won, lost, leaves, counted, gave_up, last)


def limited_of(calibration: Calibration) -> Ints:
    """Per stage the place of its pool where that limits it, else −1."""
    found = np.full(len(calibration.log.stages), -1)
    for place, pool in enumerate(calibration.pools):
        if pool.constrained:
            found[list(pool.stages)] = place
    return found


@dataclass(frozen=True, eq=False)
class Future:
    """A replication in which lost cases may stay, with what its cases are."""

    replication: Replication
    donor: Ints
    """Per case, the case of the log whose end is its own if it is served to the last."""
    channel: Ints
    """Per case."""
    value: Floats
    """Per case."""
    weight: Floats
    """Per case, how much it counts in means over cases: where more or fewer come, those count less or more, so that the
    mix of cases is that of the plant as it is, and a difference is none of the mix."""


def future_of(calibration: Calibration, facts: Facts, replication: Replication, seed: int) -> Future:
    """The replication with everybody's patience, and for those who were lost while they waited what would have come."""
    source = replication.source
    donor = np.zeros(len(replication.arrived), dtype=np.int64)
    donor[replication.steps.case] = calibration.log.case[source]
    future = Future(replication, donor, facts.channel[donor], facts.value[donor], np.ones(len(donor)))
    if not facts.gave_up.any():
        return future
    rng = np.random.default_rng((seed, 10))
    known = np.maximum(facts.leaves_known, 1.0)
    facts = replace(facts, leaves=facts.leaves * np.random.default_rng((seed, 11)).gamma(known) / known)
    left = np.flatnonzero(facts.gave_up[source])
    steps = _patient(calibration, facts, replication.steps, source, rng)
    future = replace(future, replication=replace(replication, steps=steps))
    return gone_on(calibration, facts, future, left, rng)


def _patient(calibration: Calibration, facts: Facts, steps: Steps, source: Ints, rng: np.random.Generator) -> Steps:
    """Steps with how long each is waited for; who left was in the queue, at whatever hour that was."""
    stage, gap, left = calibration.log.stage[source], calibration.structure.gap[source], facts.gave_up[source]
    queued = steps.queued | left
    rate = facts.leaves[stage]
    waits = np.flatnonzero((rate > 0) & queued & ~left)
    patience = np.full(len(source), NEVER)
    patience[waits] = gap[waits] + rng.exponential(size=len(waits)) / rate[waits]
    patience[left] = np.maximum(gap[left], 1e-6)
    return replace(
        steps,
        queued=queued,
        pool=np.where(left, limited_of(calibration)[stage], steps.pool),
        patience=patience,
        delay=np.where(left, 0.0, steps.delay),
    )


def gone_on(calibration: Calibration, facts: Facts, future: Future, lost: Ints, rng: np.random.Generator) -> Future:
    """These steps (places in the replication), at which cases were lost, with what came after them with others.

    Each takes the work and the further way of a past step of its stage after which a case did go on; it is again a
    chance whether that case was lost further on.
    """
    log, structure = calibration.log, calibration.structure
    chances = delay_chances(calibration, rng, level=True)
    donor = future.donor.copy()
    for _ in range(ROUNDS):
        stage = log.stage[future.replication.source[lost]]
        like = np.full(len(lost), -1)
        for code in np.unique(stage).tolist():
            served = facts.went_on.get(code)
            if served is None:
                served = facts.went_on[code] = _went_on(calibration, facts, code)
            here = np.flatnonzero(stage == code)
            if len(served):
                like[here] = served[-MOST_LIKE:][rng.integers(min(len(served), MOST_LIKE), size=len(here))]
        lost, like = lost[like >= 0], like[like >= 0]
        if not len(lost):
            break
        steps, replication = future.replication.steps, future.replication
        length = log.first[log.case[like] + 1] - like - 1
        offset = np.concatenate([[0], np.cumsum(length)])
        of = np.repeat(np.arange(len(like)), length)
        source = np.arange(offset[-1]) - offset[of] + like[of] + 1
        parent = structure.parent[source]
        inner = parent > like[of]
        base = len(steps)
        work = steps.work.copy()
        unserved = facts.gave_up[replication.source[lost]]
        work[lost] = np.where(unserved, calibration.work[like], work[lost])
        more = Steps(
            case=steps.case[lost][of],
            pool=calibration.pool[source],
            parent=np.where(inner, base + offset[of] + parent - like[of] - 1, lost[of]),
            release=np.zeros(len(source)),
            delay=delays_drawn(calibration, source, chances, rng),
            work=calibration.work[source],
            queued=calibration.queued[source],
            priority=np.zeros(len(source)),
        )
        if len(steps.patience):
            more = _patient(calibration, facts, more, source, rng)
        donor[steps.case[lost]] = log.case[like]
        future = replace(
            future,
            replication=replace(
                replication,
                steps=both(replace(steps, work=work), more),
                source=np.concatenate([replication.source, source]),
                stage=np.concatenate([replication.stage, log.stage[source]]),
            ),
            donor=donor,
        )
        lost = base + np.flatnonzero(facts.gave_up[source])
    return replace(future, donor=donor)


MOST_LIKE, FEWEST_LIKE = 500, 50
"""The newest steps of a stage from which the further way of a lost case is drawn."""


def _went_on(calibration: Calibration, facts: Facts, stage: int) -> Ints:
    """Steps of a stage after which their case went on, oldest first: of those so long ago that nearly all are closed,
    for who ends soon is seen to end sooner."""
    log = calibration.log
    served = np.flatnonzero((log.stage == stage) & ~facts.last & log.over & ~facts.gave_up)
    served = served[np.argsort(log.end[served], kind="stable")]
    closed = log.closed[log.case[served]]
    took = (closed - log.end[served])[np.isfinite(closed)]
    if not len(took):
        return served[:0]
    settled = np.isfinite(closed) & (log.end[served] <= log.now - np.quantile(took, 0.98))
    return served[settled if settled.sum() >= FEWEST_LIKE else np.isfinite(closed)]
