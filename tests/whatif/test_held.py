"""Batches as a log shows them, against plain loops, and what is left of the waiting when they are given up."""

from __future__ import annotations

import numpy as np
import pytest

from factoryview.plant.scenario_file import parse_set
from factoryview.whatif.calendar import Calendar
from factoryview.whatif.calibration import Calibration, calibrate
from factoryview.whatif.facts import future_of, known_of
from factoryview.whatif.held import batched, batches_of, forward
from factoryview.whatif.interventions import Setting, changed
from factoryview.whatif.kernel import Pool, Steps, simulate
from factoryview.whatif.log import log_of_steps
from factoryview.whatif.replication import draw
from factoryview.whatif.today import today_of
from factoryview.whatif.week import LocalWeek

STAGES = ("Offer", "Signature", "Order")
SIGNED = 1


def signed_on_fridays(cases: int = 300) -> tuple[Calibration, np.ndarray]:
    """Offers are written at any hour; whoever signs does so on Friday at noon, all that are there, at once; and how
    long each waited for the last of those that were signed with it."""
    random = np.random.default_rng(3)
    came = np.sort(random.random(cases) * 16 * 168.0)
    rows, waited = [], np.zeros(cases)
    written = came + 0.5
    friday = np.ceil((written - 108.0) / 168.0) * 168.0 + 108.0
    for case in range(cases):
        waited[case] = max(written[friday == friday[case]]) - written[case]
        rows += [(case, 0, came[case], written[case]), (case, 1, friday[case], friday[case] + 0.1)]
        rows += [(case, 2, friday[case] + 0.1, friday[case] + 0.4)]
    case_, stage, start, end = (np.array(column) for column in zip(*rows, strict=True))
    log = log_of_steps(STAGES, case_, stage, start, end, now=float(end.max()) + 1, since=0.0)
    return calibrate(log, calendar=Calendar.always()), waited


def test_batches_are_found_with_how_long_they_gathered() -> None:
    calibration, waited = signed_on_fridays()
    assert [batched(calibration, stage) for stage in STAGES] == [False, True, True]
    found, log = batches_of(calibration), calibration.log
    mine = log.stage == SIGNED
    assert (found.complete - calibration.structure.enabled)[mine] == pytest.approx(waited[log.case[mine]])
    friday = log.start[mine]
    assert found.size[mine].tolist() == [int((friday == one).sum()) for one in friday]


def test_without_batches_nobody_waits_for_the_others_any_more() -> None:
    calibration, waited = signed_on_fridays()
    log = calibration.log
    yes = np.ones(log.cases, dtype=bool)
    facts = known_of(calibration, (), np.full(log.cases, -1), np.full(log.cases, np.nan), yes, ~yes)
    setting = Setting(calibration, facts, LocalWeek("UTC", 0), log.now, 60.0)
    as_is = future_of(calibration, facts, draw(calibration, 1, log.now, 60.0), 1)
    mine = as_is.replication.stage == SIGNED

    def waits(said: str) -> np.ndarray:
        future = changed(as_is, parse_set([said]), setting, 1) if said else as_is
        made = future.replication
        run = simulate(made.steps, made.pools, held=made.held)
        parent = made.steps.parent[mine]
        return run.start[mine] - run.end[parent]

    before, after, larger = waits(""), waits("Signature.batch=1"), waits("Signature.batch=3")
    source = as_is.replication.source[mine]
    assert before - after == pytest.approx(waited[log.case[source]], abs=1e-6)
    done = np.isfinite(larger)
    assert (larger[done] > after[done] - 1e-6).all()
    assert larger[done].mean() > after.mean() + 1


def test_the_way_forward_is_that_of_most_cases() -> None:
    calibration, _ = signed_on_fridays()
    assert forward(calibration.log).tolist() == [[False, True, True], [False, False, True], [False, False, False]]


def at_work(people: int, cases: int = 400) -> tuple[Calibration, np.ndarray]:
    """Offers of some thirty hours, then orders of some twenty, at a moment in the middle of it, and per stage how many
    are at work then. people: at each stage; 0: as many as there are cases."""
    random = np.random.default_rng(5)
    came = np.cumsum(random.exponential(12.0, cases))
    stage, case = np.tile([0, 1], cases), np.repeat(np.arange(cases), 2)
    work = random.gamma(4.0, 1.0, 2 * cases) * np.where(stage == 0, 7.5, 5.0)
    steps = Steps(
        case=case, pool=stage, parent=np.where(stage == 0, -1, np.arange(2 * cases) - 1), release=came[case],
        delay=np.zeros(2 * cases), work=work, queued=np.ones(2 * cases, dtype=bool), priority=np.zeros(2 * cases),
    )  # fmt: skip
    run = simulate(steps, [Pool(people or cases, Calendar.always())] * 2)
    now = float(came[-38])
    begun = run.start <= now
    end = np.where(run.end <= now, run.end, np.inf)
    seen = np.unique(case[begun])
    log = log_of_steps(
        ("Offer", "Order"), np.searchsorted(seen, case[begun]), stage[begun], run.start[begun], end[begun],
        closed=end[2 * seen + 1], now=now,
    )  # fmt: skip
    going = begun & (run.end > now)
    return calibrate(log, calendar=Calendar.always()), np.bincount(stage[going], minlength=2)


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("people", [0, 3])
@pytest.mark.parametrize("said", ["Offer.batch=5", "Order.batch=5", "Order.limit=1"])
def test_what_is_in_hand_goes_on_whatever_is_to_be_held_back(said: str, people: int, compiled: bool) -> None:
    if compiled:
        pytest.importorskip("numba")
    calibration, going = at_work(people)
    log = calibration.log
    assert going.min() > 0
    assert (going % 5).all()
    yes = np.ones(log.cases, dtype=bool)
    facts = known_of(calibration, (), np.full(log.cases, -1), np.full(log.cases, np.nan), yes, ~yes)
    setting = Setting(calibration, facts, LocalWeek("UTC", 0), log.now, 60.0)
    drawn = draw(calibration, 1, log.now, 60.0, today=today_of(calibration))
    made = changed(future_of(calibration, facts, drawn, 1), parse_set([said]), setting, 1).replication
    run = simulate(made.steps, made.pools, held=made.held, compiled=compiled)
    begun = made.steps.in_hand
    assert np.array_equal(np.bincount(made.stage[begun], minlength=2), going)
    assert run.start[begun] == pytest.approx(log.now, abs=1e-6)
    assert run.end[begun] == pytest.approx(log.now + made.steps.work[begun], abs=1e-6)
    if "limit" in said:  # there is no room for one more offer before the orders of those in hand are begun
        offers = (made.stage == 0) & np.isfinite(run.start)
        first = run.start[offers & ~begun].min()
        after_it = made.steps.parent[made.stage == 1]
        orders = run.start[made.stage == 1][(after_it >= 0) & begun[after_it]]
        assert first >= orders.max()
        assert len(orders) == going[0]
