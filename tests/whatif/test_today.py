"""From the real queue: what stands where at the moment of the cut, and what of each case is known by then."""

from __future__ import annotations

import numpy as np
import pytest

from factoryview.whatif.calendar import Calendar
from factoryview.whatif.calibration import Calibration, calibrate
from factoryview.whatif.kernel import Pool, Run, Steps, simulate
from factoryview.whatif.log import log_of_steps
from factoryview.whatif.replication import Replication, draw
from factoryview.whatif.today import fronts, today_of

OFFICE = Calendar.of_days(range(5), 9, 17)
CASES, CUT = 2_000, 168 * 16 + 60.0


def plant() -> tuple[Steps, Run]:
    """Check (two people), then two days of waiting for a customer or a queue of three before Build, then Pack."""
    rng = np.random.default_rng(7)
    n = np.arange(CASES)
    came = OFFICE.moment(np.cumsum(rng.exponential(1 / 2.7, CASES)))
    away = np.where(rng.random(CASES) < 0.5, rng.exponential(48.0, CASES), 0.0)
    zero, work = np.zeros(CASES), rng.gamma(3.0, 1 / 3.0, (3, CASES))
    steps = Steps(
        case=np.tile(n, 3),
        pool=np.repeat([0, 1, 2], CASES),
        parent=np.concatenate([np.full(CASES, -1), n, n + CASES]),
        release=np.tile(came, 3),
        delay=np.concatenate([zero, away, zero]),
        work=np.concatenate([0.4 * work[0], work[1], 0.2 * work[2]]),
        queued=np.ones(3 * CASES, dtype=bool),
        priority=np.zeros(3 * CASES),
    )
    return steps, simulate(steps, [Pool(2, OFFICE), Pool(3, OFFICE), Pool(1, OFFICE)])


def cut(steps: Steps, run: Run, at: float) -> Calibration:
    """The calibration of what was known at a moment."""
    begun = run.start <= at
    case, stage = steps.case[begun], steps.pool[begun]
    seen = np.unique(case)
    last = run.end[2 * CASES + seen]
    log = log_of_steps(
        ("Check", "Build", "Pack"),
        np.searchsorted(seen, case),
        stage,
        run.start[begun],
        np.where(run.end[begun] <= at, run.end[begun], np.inf),
        closed=np.where(last <= at, last, np.inf),
        now=at,
    )
    return calibrate(log, calendar=OFFICE)


def standing(released: np.ndarray, end: np.ndarray, at: float) -> int:
    """Steps that were released and are not done at a moment."""
    return int(((released <= at) & (end > at)).sum())


def counts(replication: Replication, run: Run, at: float) -> list[int]:
    steps = replication.steps
    came = np.where(steps.parent >= 0, run.end[steps.parent], replication.arrived[steps.case])
    return [standing(came[here], run.end[here], at) for here in (replication.stage == stage for stage in range(3))]


@pytest.fixture(scope="module")
def truth() -> tuple[Steps, Run]:
    return plant()


def test_open_cases_are_all_there_and_nothing_more(truth: tuple[Steps, Run]) -> None:
    steps, run = truth
    calibration = cut(steps, run, CUT)
    today = today_of(calibration)
    first, last = run.start[:CASES], run.end[2 * CASES :]
    assert len(today.case) + today.given_up == int(((first <= CUT) & (last > CUT)).sum()) > 20
    assert today.given_up <= 1
    assert (np.diff(today.first) > 0).all()


def test_stages_begin_as_full_as_they_are(truth: tuple[Steps, Run]) -> None:
    steps, run = truth
    calibration = cut(steps, run, CUT)
    today = today_of(calibration)
    came = np.where(steps.parent >= 0, run.end[steps.parent], run.start)
    true = [standing(came[p], run.end[p], CUT) for p in (steps.pool == k for k in range(3))]
    found = []
    for seed in range(8):
        replication = draw(calibration, seed, CUT, 20, today=today)
        assert int(replication.open.sum()) == len(today.case)
        future = simulate(replication.steps, replication.pools, seed)
        assert (future.start[replication.steps.case < len(today.case)] >= CUT).all()
        found.append(counts(replication, future, CUT + 1e-6))
        busy = (future.start <= CUT + 1e-5) & (future.end > CUT + 1e-5) & (replication.stage == 1)
        assert int(busy.sum()) == int(((run.start <= CUT) & (run.end > CUT) & (steps.pool == 1)).sum())
    assert np.mean(found, axis=0) == pytest.approx(true, abs=1.0)


def test_nobody_is_done_sooner_than_known(truth: tuple[Steps, Run]) -> None:
    """Who has been away for so long is away for longer, and work done so far is not done again."""
    steps, run = truth
    calibration = cut(steps, run, CUT)
    today = today_of(calibration)
    left = [
        simulate(r.steps, r.pools).end[(r.stage == 1) & (r.steps.parent < 0) & (r.steps.case < len(today.case))]
        for r in (draw(calibration, seed, CUT, 1, today=today) for seed in range(6))
    ]
    assert min(end.min() for end in left) > CUT


def test_the_same_seed_is_the_same_future_with_and_without_a_change(truth: tuple[Steps, Run]) -> None:
    steps, run = truth
    calibration = cut(steps, run, CUT)
    today = today_of(calibration)
    one, two = (draw(calibration, 3, CUT, 30, today=today, work=work) for work in (None, {"Build": 0.5}))
    assert np.array_equal(one.arrived, two.arrived)
    build = one.stage == 1
    assert np.allclose(two.steps.work[build], 0.5 * one.steps.work[build])
    assert np.array_equal(two.steps.work[~build], one.steps.work[~build])
    more = draw(calibration, 3, CUT, 30, arrivals=1.25)
    base = draw(calibration, 3, CUT, 30)
    assert set(base.arrived) < set(more.arrived), "those that come anyway come as they did"
    fewer = draw(calibration, 3, CUT, 30, arrivals=0.5)
    assert set(fewer.arrived) < set(base.arrived)


def test_who_became_ready_while_it_was_closed_waits(truth: tuple[Steps, Run]) -> None:
    """On a Monday at midnight an idle pool says nothing of the weekend: its front is where it closed on Friday."""
    steps, run = truth
    monday = 168.0 * 16
    front = fronts(cut(steps, run, monday))
    assert (front[:3] <= monday - 2 * 24 - 7).all()
    assert (front[:2] > monday - 6 * 24).all()


def test_what_never_rests_goes_on_as_long_as_it_has_not_lasted_yet() -> None:
    """Replies come in the evening, 80 hours after they were asked for; one was asked for on Friday at four."""
    n = np.arange(60)
    asked = 168.0 * n + 14.0  # Mondays at two: they come on Thursdays at ten in the evening
    friday, now = 168.0 * 60 + 4 * 24 + 16, 168.0 * 61 + 10.0
    log = log_of_steps(
        ("Reply",), np.arange(61), np.zeros(61), np.append(asked, friday), np.append(asked + 80, np.inf),
        closed=np.append(asked + 80, np.inf), now=now,
    )  # fmt: skip
    calibration = calibrate(log, calendar=OFFICE)
    assert set(calibration.pool[:60].tolist()) == {len(calibration.pools)}, "outside its hours"
    today = today_of(calibration)
    assert (len(today.case), today.given_up) == (1, 0)
    made = draw(calibration, 1, now, 7.0, today=today)
    end = simulate(made.steps, made.pools).end[made.open[made.steps.case]]
    assert end == pytest.approx([friday + 80], abs=1e-4), "not as many office hours as are left of it"
