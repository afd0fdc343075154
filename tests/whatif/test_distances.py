"""The measures against plain counts, and against what the package of the literature says of the same two logs."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factoryview.whatif.distances import Happened, distances, n_grams, wasserstein

SAID = {
    "CTD": 8.5,
    "NGD": 0.42857142857142855,
    "AED": 8.0,
    "RED": 3.333333333333333,
    "CED": 4.5476190476190474,
    "CAR": 2.0,
}
HOURS = st.lists(st.integers(0, 30), min_size=1, max_size=12)


@settings(max_examples=80, deadline=None)
@given(HOURS, HOURS)
def test_earth_movers_distance_moves_pile_to_pile(one: list[int], other: list[int]) -> None:
    """Each sample is dealt out as many times as the other is long, sorted, and carried over one by one."""
    left, right = sorted(one * len(other)), sorted(other * len(one))
    carried = sum(abs(a - b) for a, b in zip(left, right, strict=True)) / len(left)
    assert wasserstein(np.array(one, float), np.array(other, float)) == pytest.approx(carried)


def made(seed: int, cases: int) -> Happened:
    rng = np.random.default_rng(seed)
    case = rng.integers(0, cases, 5 * cases)
    start = rng.integers(0, 2_000, 5 * cases) / 7 + 100 * case
    return Happened(case, rng.integers(0, 3, 5 * cases), start, start + rng.integers(0, 60, 5 * cases) / 11)


def test_n_grams_by_counting_texts() -> None:
    one, other = made(1, 30), made(2, 25)
    counts = []
    for log in (one, other):
        grams: Counter[str] = Counter()
        for case in set(log.case.tolist()):
            rows = sorted(zip(log.start, log.end, log.stage, log.case, strict=True))
            text = "__" + "".join("ABC"[stage] for _, _, stage, of in rows if of == case) + "__"
            grams.update(text[i : i + 3] for i in range(len(text) - 2))
        counts.append(grams)
    apart = sum(abs(counts[0][gram] - counts[1][gram]) for gram in {*counts[0], *counts[1]})
    assert n_grams(one, other) == pytest.approx(apart / (counts[0].total() + counts[1].total()))


def test_a_log_is_no_distance_from_itself_and_a_day_from_itself_a_day_later() -> None:
    log = made(3, 20)
    assert set(distances(log, log).values()) == {0.0}
    later = Happened(log.case, log.stage, log.start + 24, log.end + 24)
    found = distances(log, later)
    assert found["AED"] == found["CAR"] == pytest.approx(24.0)
    assert found["CTD"] == found["NGD"] == pytest.approx(0.0)


def test_what_log_distance_measures_says_of_the_same_logs() -> None:
    """Version 2.2.0 of the package said so of these six steps."""
    one = Happened(np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([9.5, 12.0, 33.0]), np.array([10.0, 15.5, 40.0]))
    other = Happened(np.array([0, 1, 1]), np.array([0, 1, 1]), np.array([8.0, 30.0, 31.0]), np.array([9.9, 31.0, 50.5]))
    assert distances(one, other) == pytest.approx(SAID)
