"""Columns are put in order as Python's stable sort puts their rows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factoryview.store.in_order import in_order

ROWS = st.lists(st.tuples(st.integers(0, 3), st.integers(-5, 5), st.integers(0, 2)), max_size=60)


@given(ROWS, st.integers(0, 3), st.sampled_from([1, 100_000, 2**40]))
def test_rows_are_ordered_by_one_column_after_the_other(rows: list[tuple[int, int, int]], keys: int, far: int) -> None:
    columns = {name: np.array([row[k] * far for row in rows], dtype=np.int64) for k, name in enumerate("abc")}
    columns |= {"row": np.arange(len(rows)), "same": np.full(len(rows), np.nan)}
    expected = sorted(range(len(rows)), key=lambda i: rows[i][:keys])
    found = in_order(dict(columns), tuple("abc"[:keys]))
    for k, name in enumerate("abc"):
        assert found[name].tolist() == [rows[i][k] * far for i in expected]
    assert found["row"].tolist() == expected
    assert len(found["same"]) == len(rows)


@pytest.mark.parametrize("stages", [1, 7, 100_000])
def test_of_many_rows(stages: int) -> None:
    random = np.random.default_rng(stages)
    columns = {"stage": random.integers(0, stages, 9_000), "at": random.integers(0, 300, 9_000), "id": np.arange(9_000)}
    found = in_order(dict(columns), ("stage", "at", "id"))
    assert found["id"].tolist() == np.lexsort((columns["id"], columns["at"], columns["stage"])).tolist()
    assert in_order(found, ("stage", "at", "id"))["id"] is found["id"]
