"""The fast stable sort is the stable sort of numpy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factoryview.flow.order import looked_up, neighbours, nth, quantile, stable_order

FEW = st.one_of(st.integers(-2, 2).map(float), st.just(float("inf")), st.just(float("nan")), st.floats(width=16))


@given(st.lists(FEW, min_size=1, max_size=40), st.sampled_from([30, 4_001]))
def test_of_few_values_with_many_equals(values: list[float], many: int) -> None:
    numbers = np.resize(np.array(values, dtype=float), many)
    assert stable_order(numbers).tolist() == np.argsort(numbers, kind="stable").tolist()


@pytest.mark.parametrize("different", [1, 50, 10**15])
def test_of_many_values(different: int) -> None:
    numbers = np.random.default_rng(3).integers(0, different, 20_000)
    assert np.array_equal(stable_order(numbers), np.argsort(numbers, kind="stable"))


@pytest.mark.parametrize("distinct", [1, 3, 1_000_000])
def test_the_number_at_a_place_of_many(distinct: int) -> None:
    numbers = np.random.default_rng(5).integers(0, distinct, 9_000).astype(float)
    ordered = np.sort(numbers)
    places = [0, 1, 17, 4_500, 8_100, 8_998, 8_999]
    assert [nth(numbers, place) for place in places] == ordered[places].tolist()
    rising = np.arange(9_000.0)
    assert [nth(rising, place) for place in places] == places


@given(st.dictionaries(st.integers(-9, 9), st.integers(-99, 99), max_size=12), st.lists(st.integers(-12, 12)))
def test_what_is_known_of_many_keys(known: dict[int, int], keys: list[int]) -> None:
    expected = [known.get(key, 777) for key in keys]
    assert looked_up(known, np.array(keys, dtype=np.int64), 777).tolist() == expected


@given(st.lists(st.floats(0, 100), min_size=1, max_size=60), st.floats(0, 1))
def test_a_quantile_is_that_of_numpy(values: list[float], share: float) -> None:
    numbers = np.array(values)
    assert quantile(numbers, share) == np.quantile(numbers, share)
    ordered = sorted(values)
    for place in range(len(values) - 1):
        assert neighbours(numbers, place, place + 1) == (ordered[place], ordered[place + 1])
        assert neighbours(numbers, place, place) == (ordered[place], ordered[place])
