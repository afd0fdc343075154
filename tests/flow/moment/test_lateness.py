"""How late those who stand at a stage are: against counts in plain Python."""

from __future__ import annotations

from dataclasses import fields
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factoryview.flow.moment.crowd import FEW_GONE, LATELY, Crowd
from factoryview.flow.moment.lateness import Lateness, against_past, against_target, readings

INF = float("inf")
STAYS = st.lists(
    st.tuples(st.floats(0, 40), st.one_of(st.just(INF), st.floats(0, 30))).map(lambda pair: (pair[0], sum(pair))),
    min_size=1,
    max_size=40,
)


def crowd(stays: list[tuple[float, float]]) -> Crowd:
    stays = sorted(stays)
    return Crowd(np.array([a for a, _ in stays]), np.array([b for _, b in stays]), np.ones(len(stays)))


@given(STAYS, st.integers(1, 40), st.floats(0.5, 10))
def test_against_a_target_those_older_than_it_are_late(
    stays: list[tuple[float, float]], steps: int, target: float
) -> None:
    found = against_target(crowd(stays), steps, target)
    for k in range(1, steps + 1):
        here = [k - a for a, b in stays if a <= k < b]
        gone = [b - a for a, b in stays if k - LATELY < b <= k]
        late = sum(age > target for age in here)
        assert (found.usual[k], found.live[k], found.late[k], found.expected[k]) == (target, len(here), late, 0.0)
        assert found.excess[k] == late
        assert found.share[k] == pytest.approx(late / len(here) if here else 0.0)
        leaving = sum(stay > target for stay in gone) / len(gone) if len(gone) >= FEW_GONE else 1.0
        assert found.leaving[k] == pytest.approx(leaving)


def test_a_stage_is_hot_where_many_are_late_and_those_who_leave_are_late_too() -> None:
    found = Lateness.empty(3)
    found.live[:], found.late[:] = [0, 20, 20, 20], [0, 8, 7, 8]
    found.leaving[:] = [0, 0.2, 0.2, 0.1]
    assert found.hot(slice(0, 4)).tolist() == [False, True, False, False]


def test_nothing_is_usual_before_anybody_has_left_and_a_steady_stage_is_never_late() -> None:
    stays = [(k / 4, k / 4 + 2.0) for k in range(400)]
    found = against_past(crowd(stays), 100)
    assert np.isnan(found.usual[1])
    known = found.usual[np.isfinite(found.usual)]
    assert len(known) > 50
    assert np.abs(known - 2.0).max() < 0.5
    assert found.excess.max() == 0.0


def test_what_is_usual_does_not_rise_while_a_stage_jams() -> None:
    calm = [(k / 4, k / 4 + 2.0) for k in range(400)]
    jammed = [(k / 4, k / 4 + 2.0 + (k - 400) / 5) for k in range(400, 600)]
    found = against_past(crowd([*calm, *jammed]), 150)
    assert found.usual[150] < 4.0
    assert found.excess[150] > 30


@pytest.mark.parametrize("seed", range(12))
def test_what_is_found_is_the_same_whether_stretches_are_measured_at_once_or_one_by_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    come = np.sort(rng.uniform(0, 400, 2_000))
    stay = rng.exponential(3.0, 2_000)
    jam = (come > 150) & (come < 300)
    stay = np.where(jam, stay + (come - 150) / rng.choice([4.0, 8.0]), stay)
    left = np.where(rng.random(2_000) < 0.02, INF, come + stay)
    crowds = [Crowd(come, left, np.ones(2_000), seed % 3 == 2) for _ in range(2)]
    at_once, one_by_one = (
        against_past(crowd, 400, together=together) for crowd, together in zip(crowds, (None, 1), strict=True)
    )
    for field in fields(Lateness):
        assert np.array_equal(getattr(at_once, field.name), getattr(one_by_one, field.name), equal_nan=True), field.name
    assert np.array_equal(crowds[0].wrecked, crowds[1].wrecked)
    assert at_once.hot(slice(0, 401)).any(), "it jams, so that what is usual may not rise"


@pytest.mark.parametrize("steps", [1, 7, 99, 101, 250])
def test_what_is_usual_is_read_from_the_beginning_to_the_last_step(steps: int) -> None:
    found = readings(steps)
    assert (found[0], found[-1]) == (0, steps)
    gaps = [b - a for a, b in pairwise(found)]
    assert gaps
    assert min(gaps) >= 1
