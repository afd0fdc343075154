"""How long who waits does before they leave, where only few have left so far."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from factoryview.whatif.facts import PRIOR, known_of
from tests.kit.office_queue import STAGES, office_queue

APPROVAL = STAGES.index("Approval")


def test_a_few_losses_count_as_much_as_they_can_and_the_other_queues_say_the_rest() -> None:
    """One of two queues that lose alike is hardly ever long: nearly all of its losses are taken out of the log."""
    office = office_queue()
    calibration, facts = office.calibration, office.facts
    log = calibration.log
    gave_up = np.flatnonzero(facts.gave_up)
    other = 0  # a queue at which the first few of them were lost instead
    moved = log.stage.copy()
    moved[gave_up[:5]] = other
    changed = replace(calibration, log=replace(log, stage=moved))
    found = known_of(changed, facts.channels, facts.channel, facts.value, facts.won, facts.lost)
    usual = found.leaves[APPROVAL]
    gap = calibration.structure.gap
    waits = changed.queued | facts.gave_up
    waited = sum(float(gap[k]) for k in np.flatnonzero(log.over & (moved == other) & waits))
    assert found.leaves[other] == pytest.approx((5 + PRIOR) / (waited + PRIOR / usual))
    assert found.leaves_known.tolist() == [5 + PRIOR, len(gave_up) - 5, 0]
    assert found.leaves[2] == 0, "nobody was seen to leave there"
