"""What comes out of an engine is counted, and a seek fetches little."""

from __future__ import annotations

import numpy as np

from factoryview.factory.opening import open_factory
from factoryview.resources import data_file
from factoryview.store.engine import Fetched
from factoryview.view.cost import cost

MOST = 2_000_000
"""Bytes of a seek."""


def test_rows_and_bytes_are_those_of_the_answers() -> None:
    fetched = Fetched()
    fetched.count(3, [np.array([1, 2, 3], np.int16), np.ma.masked_array(["a", "bü", None], [0, 0, 1], dtype=object)])
    assert (fetched.queries, fetched.rows, fetched.bytes) == (1, 3, 6 + 1 + 3)
    before = Fetched(fetched.queries, fetched.rows, fetched.bytes)
    fetched.count_rows([("ab", 1, None), ("c", 2.5, None)])
    assert fetched.since(before) == Fetched(1, 2, 2 + 8 + 1 + 8)


def test_a_seek_in_the_demo_fetches_less_than_two_megabytes() -> None:
    factory = open_factory(data_file("umsatzwerk.toml"))
    asked = cost(factory)
    assert asked.opening.queries > 5
    assert 0 < asked.seek.bytes < MOST
    [(stays,)] = factory.store.rows("stays/number")
    assert 0 < asked.seek.rows < stays
