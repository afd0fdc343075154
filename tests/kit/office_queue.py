"""A small office as a log of entries: offers, then approvals that customers do not wait for for ever."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from factoryview.whatif.calendar import Calendar
from factoryview.whatif.calibration import Calibration, calibrate
from factoryview.whatif.facts import Facts, known_of
from factoryview.whatif.interventions import Setting
from factoryview.whatif.kernel import Pool, Steps, simulate
from factoryview.whatif.log import log_of_steps
from factoryview.whatif.week import LocalWeek

STAGES = ("Offer", "Approval", "Order")
CHANNELS = ("phone", "web")
OFFICE = Calendar.of_days(range(5), 8, 17)
PATIENCE_H = 100.0
"""Mean hours of the wall clock after which who waits for an approval leaves."""
LOST_AT_OFFER = 0.2


@dataclass(frozen=True, eq=False)
class OfficeQueue:
    """Its log, calibrated, and what is known of its cases."""

    calibration: Calibration
    facts: Facts
    setting: Setting
    left: int
    """How many left while they waited for an approval."""


def office_queue(seed: int = 1, *, approvers: int = 1, cases: int = 1500, days: float = 56) -> OfficeQueue:
    """Nine cases a working day; an approval takes 1.3 hours on average, so that one approver is too few."""
    random = np.random.default_rng(seed)
    release = np.sort(OFFICE.moment(random.random(cases) * cases))  # one a working hour
    lost = random.random(cases) < LOST_AT_OFFER
    depth = np.where(lost, 1, 3)
    case = np.repeat(np.arange(cases), depth)
    first = np.concatenate([[True], case[1:] != case[:-1]])
    number = np.arange(len(case))
    stage = number - np.maximum.accumulate(np.where(first, number, 0))
    steps = Steps(
        case=case,
        pool=stage,
        parent=np.where(first, -1, number - 1),
        release=release[case],
        delay=np.zeros(len(case)),
        work=random.gamma(2.0, np.array([0.6, 1.3, 0.2])[stage] / 2),
        queued=np.ones(len(case), dtype=np.bool_),
        priority=np.zeros(len(case)),
        patience=np.where(stage == 1, random.exponential(PATIENCE_H, len(case)), np.inf),
    )
    pools = [Pool(1, OFFICE), Pool(approvers, OFFICE), Pool(1, OFFICE)]
    now = float(release[-1])
    run = simulate(steps, pools, until=now)
    gone = run.gave_up
    start = np.where(gone, run.end, run.start)
    seen = np.isfinite(start)
    came = np.unique(case[seen])
    renumbered = np.searchsorted(came, case[seen])
    over = np.full(cases, -np.inf)
    np.maximum.at(over, case, np.where(np.isfinite(run.ready), run.end, -np.inf))
    reached = np.zeros(cases, dtype=np.bool_)
    reached[case[(stage == np.where(lost, 0, 2)[case]) & np.isfinite(run.end)]] = True
    reached[case[gone]] = True
    log = log_of_steps(
        STAGES, renumbered, stage[seen], start[seen], run.end[seen], entered=run.ready[seen],
        arrived=release[came], closed=np.where(reached, over, np.inf)[came], now=now, since=0.0,
    )  # fmt: skip
    heads = {"Offer": ((-np.inf, 1),), "Approval": ((-np.inf, approvers),), "Order": ((-np.inf, 1),)}
    calibration = calibrate(log, calendar=OFFICE, heads=heads)
    gave_up = np.zeros(cases, dtype=np.bool_)
    gave_up[case[gone]] = True
    bad = (lost | gave_up) & reached
    facts = known_of(
        calibration, CHANNELS, np.arange(cases)[came] % 2, 1000.0 * (1 + np.arange(cases)[came] % 10),
        (reached & ~bad)[came], bad[came],
    )  # fmt: skip
    week = LocalWeek("UTC", 4 * 86_400_000_000)
    return OfficeQueue(calibration, facts, Setting(calibration, facts, week, now, days), int(gone.sum()))
