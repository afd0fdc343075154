"""Whoever asks is told how far the answer is, and need not wait for it."""

from __future__ import annotations

import time

import pytest

from factoryview.sources.engine import connect
from factoryview.store.engine.duckdb import DuckDB

LONG = "select count(*) as many from range(100000000) as a, range(100000) as b where a.range * b.range % 7 = 3"
SHORT = "select count(*) as many from range(5)"


class NotWanted(Exception):
    """Nobody waits any more."""


def test_who_does_not_wait_any_more_ends_the_question() -> None:
    engine, told = DuckDB(connect()), list[float]()

    def tell(share: float) -> None:
        told.append(share)
        if len(told) > 3:
            raise NotWanted

    begin = time.process_time()
    for ask in (engine.columns, engine.rows, lambda *of: list(engine.pieces(*of))):
        told.clear()
        with pytest.raises(NotWanted), engine.told(tell):
            ask(LONG, {})
        assert 0 <= min(told) <= max(told) <= 1
    assert time.process_time() - begin < 30
    told.clear()
    assert engine.rows(SHORT, {}) == [(5,)]
    assert told == []
    engine.close()


def test_what_is_held_to_answer_faster_can_be_given_back() -> None:
    engine = DuckDB(connect())
    limit = engine.rows("select current_setting('memory_limit')", {})
    engine.keep("many", "select range as number, hash(range) as other from range(2000000)", {})
    engine.rest()
    assert engine.rows("select current_setting('memory_limit')", {}) == limit
    assert engine.rows("select count(*), sum(number) from many", {}) == [(2_000_000, 1_999_999_000_000)]
    [(held,)] = engine.rows("select sum(memory_usage_bytes) from duckdb_memory() where tag = 'BASE_TABLE'", {})
    assert held is None or held < 32e6
    engine.close()
