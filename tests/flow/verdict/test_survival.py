"""Kaplan–Meier against a count by hand, and its laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factoryview.flow.verdict.survival import kaplan_meier

DURATIONS = st.lists(st.integers(0, 50), min_size=1, max_size=40)


def by_hand(durations: list[int], ended: list[bool]) -> dict[int, float]:
    share, found = 1.0, {}
    for moment in sorted({d for d, over in zip(durations, ended, strict=True) if over}):
        at_risk = sum(d >= moment for d in durations)
        gone = sum(over and d == moment for d, over in zip(durations, ended, strict=True))
        share *= 1 - gone / at_risk
        found[moment] = share
    return found


@given(DURATIONS, st.randoms(use_true_random=False))
def test_as_counted_by_hand(durations: list[int], random: object) -> None:
    ended = [random.random() < 0.7 for _ in durations]  # type: ignore[attr-defined]
    curve = kaplan_meier(np.array(durations, float), np.array(ended))
    expected = by_hand(durations, ended)
    assert curve.times.tolist() == [float(moment) for moment in expected]
    assert curve.share.tolist() == pytest.approx(list(expected.values()))


@given(DURATIONS)
def test_without_open_cases_it_is_the_share_that_lasts_longer(durations: list[int]) -> None:
    curve = kaplan_meier(np.array(durations, float), np.ones(len(durations), bool))
    for moment in range(51):
        assert curve.after(np.array([float(moment)]))[0] == pytest.approx(
            sum(d > moment for d in durations) / len(durations)
        )


def test_open_cases_do_not_shorten_what_is_usual() -> None:
    ended = np.array([True] * 10 + [False] * 30)
    durations = np.array([float(n) for n in range(1, 11)] + [20.0] * 30)
    curve = kaplan_meier(durations, ended)
    assert curve.never == pytest.approx(0.75)
    assert curve.quantile(0.5) == np.inf


def test_the_chance_to_meet_a_deadline_falls_to_nothing_when_it_has_passed() -> None:
    curve = kaplan_meier(np.arange(1.0, 101.0), np.ones(100, bool))
    assert curve.within(np.array([0.0, 50.0, 90.0]), 80.0).tolist() == pytest.approx([0.8, 0.6, 0.0])
