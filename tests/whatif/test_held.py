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
from factoryview.whatif.kernel import simulate
from factoryview.whatif.log import log_of_steps
from factoryview.whatif.replication import draw
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
