"""A plant with rules of its own: what calibration finds of it, and what one more person is said to change."""

from __future__ import annotations

import numpy as np
import pytest

from factoryview.whatif.calibration import Calibration, calibrate
from factoryview.whatif.today import today_of
from tests.bench.interventions import CHANGES, happening, predicted
from tests.kit.whatif_plants import CUT_H, Plant, log_at, plant, run


@pytest.fixture(scope="module")
def known() -> tuple[Plant, Calibration]:
    of = plant(2)
    return of, calibrate(log_at(of, run(of, 0, until=CUT_H)))


def test_servers_and_foreign_delays_are_found(known: tuple[Plant, Calibration]) -> None:
    of, calibration = known
    for number, desk in enumerate(of.desks):
        pool = calibration.pool_of(f"Desk {number}")
        assert pool is not None
        assert pool.servers == desk.people
        true = 0.0 if number == 0 else desk.delay
        assert calibration.delays[number].mean == pytest.approx(true, rel=0.15, abs=1.5)


def test_one_more_person_helps_at_the_bottleneck_and_nowhere_else(known: tuple[Plant, Calibration]) -> None:
    of, calibration = known
    true, said = happening(of, 6), predicted(of, calibration, today_of(calibration), 16)
    base, base_said = np.mean(true[CHANGES[0]]), np.array(said[CHANGES[0]])
    effect = {
        name: (np.mean(true[name]) / base - 1, np.median(np.array(said[name]) / base_said) - 1) for name in CHANGES
    }
    assert effect["one more at the bottleneck"][0] < -0.1
    for name in CHANGES[1:4]:
        assert effect[name][1] == pytest.approx(effect[name][0], abs=0.1)


def test_the_past_is_the_same_in_every_future(known: tuple[Plant, Calibration]) -> None:
    of, _ = known
    one, other = (run(of, future, until=CUT_H + 200) for future in (0, 1))
    assert [row for row in one.rows if row[3] < CUT_H] == [row for row in other.rows if row[3] < CUT_H]
    assert one.came != other.came
