"""The slowest tenth of windows, against each window sorted by itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factoryview.flow.moment.slowest import over, slowest_tenth


def plainly(stays: list[float], weight: list[float]) -> tuple[float, float]:
    if not stays:
        return 0.0, 0.0
    slow = sorted(stays)[int(0.9 * (len(stays) - 1))]
    return slow, sum(max(stay - slow, 0.0) * one for stay, one in zip(stays, weight, strict=True))


stays_and_windows = st.lists(
    st.tuples(st.sampled_from([0.0, 0.5, 1.0, 2.0, 3.25, 40.0, 41.0]), st.sampled_from([1.0, 2.5])), max_size=60
).flatmap(
    lambda rows: st.tuples(
        st.just(rows),
        st.lists(st.tuples(*(st.integers(0, len(rows)),) * 2).map(sorted), min_size=1, max_size=8),
    )
)


@given(stays_and_windows)
def test_of_any_windows(given_: tuple[list[tuple[float, float]], list[list[int]]]) -> None:
    rows, windows = given_
    stays, weight = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    bounds = np.array(windows, dtype=np.int64).T
    slow, above = slowest_tenth(stays, weight, bounds)
    total = over(stays, bounds)
    for i, (begin, end) in enumerate(windows):
        expected = plainly(stays[begin:end].tolist(), weight[begin:end].tolist())
        assert (slow[i], above[i]) == pytest.approx(expected)
        assert total[i] == pytest.approx(sum(stays[begin:end].tolist()))


def test_where_one_window_is_far_faster_than_the_others() -> None:
    random = np.random.default_rng(3)
    stays = np.concatenate([random.exponential(1.0, 3_000), 100 + random.exponential(9.0, 3_000)])
    weight, bounds = np.ones(6_000), np.array([[0, 1_000, 2_500, 4_000], [1_500, 2_600, 4_000, 6_000]])
    slow, above = slowest_tenth(stays, weight, bounds)
    found = [plainly(stays[a:b].tolist(), weight[a:b].tolist()) for a, b in bounds.T.tolist()]
    assert slow.tolist() == [one for one, _ in found]
    assert above == pytest.approx([one for _, one in found])
