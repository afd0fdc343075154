"""How crates ride and line up, against a loop in plain Python."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factoryview.flow.moment.ride import BELT_SPEED, SPACING, lined_up, ride_time


@given(st.lists(st.floats(-50, 900), max_size=12))
def test_nobody_overtakes_and_nobody_overlaps(wishes: list[float]) -> None:
    places: list[float] = []
    for wish in wishes:
        places.append(wish if not places else min(wish, places[-1] - SPACING))
    assert lined_up(np.array(wishes)).tolist() == pytest.approx(places)


@pytest.mark.parametrize(("length", "pace"), [(8.0, 1e6), (0.0, 1e6), (3.0, 86_400e6)])
def test_a_ride_takes_display_time_and_never_none(length: float, pace: float) -> None:
    seconds = ride_time(length, pace) / pace
    assert seconds == pytest.approx(max(length, SPACING) / BELT_SPEED)
    assert ride_time(length, 1e-9) == 1.0
