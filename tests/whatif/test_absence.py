"""Who was away is seen in a log of a plant with rules of its own, and nobody is missed who was there."""

from __future__ import annotations

import numpy as np
import pytest

from factoryview.whatif.absence import heads_during, not_begun
from factoryview.whatif.calibration import calibrate
from factoryview.whatif.log import log_of_steps
from factoryview.whatif.structure import structure_of
from tests.kit.whatif_plants import CUT_H, changed, log_at, plant, run

WEEK_H = 168.0


@pytest.mark.parametrize("seed", [1, 2])
def test_three_weeks_without_one_of_them_are_found(seed: int) -> None:
    of = plant(seed)
    since, until = CUT_H - 6 * WEEK_H, CUT_H - 3 * WEEK_H
    calibration = calibrate(log_at(of, run(changed(of, away=(of.busiest, since, until)), 0, until=CUT_H)))
    people = of.desks[of.busiest].people
    pool = calibration.pool_of(f"Desk {of.busiest}")
    assert pool is not None
    assert pool.servers == people
    week = since + WEEK_H / 2 + WEEK_H * np.arange(-2, 6)
    assert heads_during(pool.heads, week).tolist() == [*[people] * 2, *[people - 1] * 3, *[people] * 3]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_in_a_calm_plant_nobody_is_away(seed: int) -> None:
    of = plant(seed)
    for pool in calibrate(log_at(of, run(of, 0, until=CUT_H))).pools:
        assert len(pool.heads) == 1


def test_cases_that_nobody_works_on_wait_by_chance_for_what_came_next_before() -> None:
    """Of three that left A and went on, two went to B and one was over; two rest since."""
    case, stage = [0, 0, 1, 1, 2, 3, 4], [0, 1, 0, 1, 0, 0, 0]
    start = [0.0, 2.0, 1.0, 3.0, 4.0, 5.0, 6.0]
    log = log_of_steps(
        "AB", case, stage, start, np.array(start) + 0.5, closed=[2.5, 3.5, 4.5, np.inf, np.inf, np.inf],
        arrived=[0.0, 1.0, 4.0, 5.0, 6.0, 7.0], now=10.0,
    )  # fmt: skip
    structure = structure_of(log)
    since, chance = not_begun(log, structure, np.flatnonzero(log.stage == 1))
    assert since.tolist() == [5.5, 6.5, 7.0]
    assert chance == pytest.approx([2 / 3, 2 / 3, 0.0])
    assert not_begun(log, structure, np.flatnonzero(log.stage == 0))[1] == pytest.approx([0.0, 0.0, 1.0])
