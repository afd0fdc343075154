from __future__ import annotations

import numpy as np
import pytest

from factoryview.whatif.kernel import simulate

pytest.importorskip("simpy")
from tests.kit.simpy_plant import random_plant, simpy_run


@pytest.mark.parametrize("seed", range(10))
def test_simpy_says_the_same_of_random_plants(seed: int) -> None:
    """Of the same draws, so step by step: closer than any sampling error."""
    steps, pools = random_plant(seed, hours=400)
    ours, theirs = simulate(steps, pools, compiled=False), simpy_run(steps, pools)
    waits = ours.start - ours.ready
    assert len(steps) > 100
    assert np.mean(waits[steps.queued] > 1e-6) > 0.1
    for name in ("ready", "start", "end"):
        assert getattr(ours, name) == pytest.approx(getattr(theirs, name), abs=1e-6)
