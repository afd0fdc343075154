"""The fast stable sort is the stable sort of numpy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factoryview.flow.order import stable_order

FEW = st.one_of(st.integers(-2, 2).map(float), st.just(float("inf")), st.just(float("nan")), st.floats(width=16))


@given(st.lists(FEW, min_size=1, max_size=40), st.sampled_from([30, 4_001]))
def test_of_few_values_with_many_equals(values: list[float], many: int) -> None:
    numbers = np.resize(np.array(values, dtype=float), many)
    assert stable_order(numbers).tolist() == np.argsort(numbers, kind="stable").tolist()


@pytest.mark.parametrize("different", [1, 50, 10**15])
def test_of_many_values(different: int) -> None:
    numbers = np.random.default_rng(3).integers(0, different, 20_000)
    assert np.array_equal(stable_order(numbers), np.argsort(numbers, kind="stable"))
