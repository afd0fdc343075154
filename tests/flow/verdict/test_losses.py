"""Cases that leave out of turn, against a count in plain Python."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factoryview.flow.verdict.losses import FEWEST, _still_ahead, out_of_turn
from factoryview.flow.verdict.visits import Visits

BAD = np.array([False, True])


def visits(rows: list[tuple[float, float, int]]) -> Visits:
    """Entered, left and way of each visit, by entry."""
    entered, left, way = (np.array(column) for column in zip(*sorted(rows), strict=True))
    nobody = np.zeros(len(rows), bool)
    return Visits(entered.astype(float), np.full(len(rows), np.nan), left.astype(float), way.astype(np.int64), nobody)


@given(st.lists(st.one_of(st.integers(0, 20).map(float), st.just(float("inf"))), max_size=25))
def test_who_stands_ahead_is_counted(left: list[float]) -> None:
    expected = [sum(earlier > end for earlier in left[:k]) for k, end in enumerate(left)]
    assert _still_ahead(np.array(left)).tolist() == expected


def patient(cases: int) -> list[tuple[float, float, int]]:
    """One server, first come first served; every fifth is turned down when it has been served."""
    return [(float(k), 5.0 + 2.0 * k, int(k % 5 == 0)) for k in range(cases)]


def test_turned_down_in_turn_is_no_impatience() -> None:
    moments, weight = out_of_turn(visits(patient(300)), BAD, servers=1)
    assert (len(moments), weight) == (0, 0.0)


def test_those_who_leave_the_queue_are_found() -> None:
    rows = patient(300)
    gone = [
        (entered, entered + 1.5, 1) if k % 3 == 1 and k > 50 else (entered, left, 0)
        for k, (entered, left, _) in enumerate(rows)
    ]
    moments, weight = out_of_turn(visits(gone), BAD, servers=1)
    expected = sorted(left for _, left, way in gone if way == 1)
    assert moments.tolist() == pytest.approx(expected)
    assert weight == pytest.approx(1.0)


def test_few_losses_say_nothing() -> None:
    rows = [(float(k), k + 0.5 if k < FEWEST - 1 else 500.0 + k, int(k < FEWEST - 1)) for k in range(60)]
    assert out_of_turn(visits(rows), BAD, servers=1)[1] == 0.0
