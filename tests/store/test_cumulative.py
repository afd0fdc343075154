"""Counts become stays that add up to the counts again."""

from __future__ import annotations

from itertools import pairwise

import duckdb
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factoryview.errors import InputError
from factoryview.sources.events import EventLog
from factoryview.store import cumulative
from factoryview.store.cumulative import ends_of_counts
from factoryview.store.database import Store
from factoryview.store.windows import Totals
from tests.kit.event_logs import SECOND

HOUR = 3600 * SECOND
Count = float | None
Row = tuple[str, int, Count, Count, Count, Count]
"""stage, bucket, arrivals, departures, losses, wip"""


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": 1})


def counted(connection: duckdb.DuckDBPyConnection, rows: list[Row]) -> Store:
    connection.execute(
        "create or replace table kpi (stage varchar, bucket timestamp, bucket_end timestamp, arrivals double, "
        "departures double, losses double, wip double)"
    )
    connection.executemany(
        "insert into kpi values (?, make_timestamp(?), make_timestamp(?), ?, ?, ?, ?)",
        [(stage, hour * HOUR, (hour + 1) * HOUR, *counts) for stage, hour, *counts in rows],
    ) if rows else None
    return Store.build(EventLog(connection, "kpi", {}, [], len(rows), 0))


def recount(store: Store, what: str, stage: str, hours: int) -> list[float]:
    """Weight of arrivals, departures or losses per hour, from the stays."""
    moment = "entered" if what == "arrivals" else '"left"'
    only = "and next = 'Lost'" if what == "losses" else ""
    found = store.engine.connection.execute(
        f"select epoch_us({moment}) // {HOUR}, sum(weight) from stays where stage = ? and {moment} is not null {only} "
        "group by 1",
        [stage],
    ).fetchall()
    per_hour = dict(found)
    return [per_hour.get(hour, 0.0) for hour in range(hours)]


tables = st.lists(
    st.tuples(*[st.one_of(st.none(), st.integers(0, 9), st.floats(0, 9)) for _ in range(3)]), min_size=1, max_size=8
)


@pytest.mark.parametrize("most", [200_000, 12])
@settings(
    max_examples=60, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(data=st.data())
def test_the_stays_add_up_to_the_table(connection: duckdb.DuckDBPyConnection, most: int, data: st.DataObject) -> None:
    counts = {name: data.draw(tables) for name in ("Offer", "Ask")}
    rows: list[Row] = [(n, hour, *row, None) for n, hours in counts.items() for hour, row in enumerate(hours)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cumulative.crate_weight, "__defaults__", (most,))
        store = counted(connection, rows)
    total = sum(row[0] or 0 for hours in counts.values() for row in hours)
    weight = cumulative.crate_weight(total, most)
    for name, hours in counts.items():
        arrivals, departures, losses = (np.array([row[i] or 0.0 for row in hours], dtype=float) for i in range(3))
        standing = max(0.0, float(np.max(np.cumsum(departures + losses - arrivals))))
        expected = np.cumsum(arrivals) + standing
        found = {
            what: np.cumsum(recount(store, what, name, len(hours))) for what in ("arrivals", "departures", "losses")
        }
        assert np.all(abs(found["arrivals"] - expected) <= 0.5 * weight + 1e-6)
        assert np.all(abs(found["departures"] - np.cumsum(departures + losses)) <= 0.5 * weight + 1e-6)
        assert np.all(abs(found["losses"] - np.cumsum(losses)) <= weight + 1e-6)
    first_in_first_out(store)


def first_in_first_out(store: Store) -> None:
    spans = store.engine.connection.execute(
        'select stage, epoch_us(entered), coalesce(epoch_us("left"), 9e18::bigint) from stays order by stage, id'
    ).fetchall()
    assert all(entered <= left for _, entered, left in spans)
    assert all(one[1:] <= other[1:] and one[2] <= other[2] for one, other in pairwise(spans) if one[0] == other[0])


def test_whole_counts_are_met_exactly(connection: duckdb.DuckDBPyConnection) -> None:
    rows: list[Row] = [
        ("Ask", 0, 4, 1, 1, None),
        ("Ask", 1, 0, 0, 0, None),
        ("Ask", 2, 3, 2, 0, None),
        ("Offer", 0, 1, 0, 0, None),
    ]
    store = counted(connection, rows)
    assert recount(store, "arrivals", "Ask", 3) == [4, 0, 3]
    assert recount(store, "departures", "Ask", 3) == [2, 0, 2]
    assert recount(store, "losses", "Ask", 3) == [1, 0, 0]
    totals = Totals.of(store, store.stages())
    assert [totals.in_progress(hour * HOUR - 1) for hour in (1, 2, 3)] == [3, 3, 4]
    assert totals.outcomes(3 * HOUR) == {"Lost": 1}
    assert totals.at_exit("Offer", 3 * HOUR) == 0


def test_each_outcome_belongs_to_its_stay(connection: duckdb.DuckDBPyConnection) -> None:
    rows: list[Row] = [("Ask", 0, 3, 1, 2, None), ("Offer", 0, 2, 0, 1, None)]
    store = counted(connection, rows)
    kin = store.engine.connection.execute(
        'select count(*) from outcomes join stays using ("case") where stays."left" = outcomes."at" '
        "and stays.next = outcome and stays.stage = outcomes.via"
    ).fetchall()
    assert kin == [(3,)]


def test_work_in_progress_stands_there_from_the_start(connection: duckdb.DuckDBPyConnection) -> None:
    rows: list[Row] = [("Ask", 0, 2, 1, 0, None), ("Ask", 1, 1, 4, 0, 10), ("Ask", 2, 0, 0, 0, 99)]
    store = counted(connection, rows)
    assert Totals.of(store, ["Ask"]).in_progress(2 * HOUR - 1) == 10
    assert store.engine.connection.execute("select count(*) from stays where entered = 'epoch'").fetchall() == [(12,)]


def test_stages_follow_in_the_order_of_the_table(connection: duckdb.DuckDBPyConnection) -> None:
    rows: list[Row] = [("Zeta", 5, 2, 1, 0, None), ("Alpha", 5, 1, 1, 0, None), ("Mid", 1, 1, 1, 0, None)]
    ways = counted(connection, rows).engine.connection.execute("select distinct via, stage from stays").fetchall()
    assert set(ways) == {(None, "Zeta"), ("Zeta", "Alpha"), ("Alpha", "Mid")}


def test_a_stage_called_lost_is_a_stage(connection: duckdb.DuckDBPyConnection) -> None:
    rows: list[Row] = [("Ask", 0, 3, 2, 1, None), ("Lost", 0, 2, 0, 0, None)]
    assert Totals.of(counted(connection, rows), ["Ask", "Lost"]).outcomes(HOUR) == {"Lost": 1}


@pytest.mark.parametrize("count", [-1.0, float("inf")])
@pytest.mark.parametrize("column", range(4))
def test_impossible_counts_are_refused(connection: duckdb.DuckDBPyConnection, count: float, column: int) -> None:
    counts: list[Count] = [1.0, 1.0, 0.0, 5.0]
    counts[column] = count
    with pytest.raises(
        InputError, match=r"Ask, 1970-01-01 03:00: .*(arrivals|departures|losses|wip) cannot be counted"
    ):
        counted(connection, [("Ask", 2, 1, 1, 0, None), ("Ask", 3, *counts)])  # type: ignore[list-item]


def test_not_a_number_is_an_empty_cell(connection: duckdb.DuckDBPyConnection) -> None:
    nan = float("nan")
    store = counted(connection, [("Ask", 0, 2, nan, nan, nan), ("Ask", 1, nan, 1, nan, 1)])
    assert (recount(store, "arrivals", "Ask", 2), recount(store, "departures", "Ask", 2)) == ([2, 0], [0, 1])


def test_a_table_without_counts_is_refused(connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(InputError, match="no counts"):
        counted(connection, [])


@pytest.mark.parametrize(("total", "weight"), [(0, 1), (200_000, 1), (200_001, 2), (900_000, 5), (3e9, 20_000)])
def test_crates_stay_countable(total: float, weight: int) -> None:
    assert cumulative.crate_weight(total) == weight


def flow(last: str, kept: float = 1.0, weeks: int = 12) -> list[Row]:
    """Ten a week through two stages into a last one, in which this share of them stays."""
    rows: list[Row] = []
    for week in range(weeks):
        rows += [("Lead", week, 10, 10, None, None), ("Offer", week, 10, 8, 0, None)]
        rows.append((last, week, 8, 8 * (1 - kept), None, None))
    return rows


@pytest.mark.parametrize("last", ["Done", "Archive", "Erledigt", "Ablage 7"])
def test_a_stage_that_lets_nothing_go_is_an_end(last: str, connection: duckdb.DuckDBPyConnection) -> None:
    counted(connection, flow(last))
    assert ends_of_counts(connection) == (last,)


def test_a_last_stage_with_the_name_of_an_outcome_is_an_end(connection: duckdb.DuckDBPyConnection) -> None:
    counted(connection, flow("Closed won", kept=0.5))
    assert ends_of_counts(connection) == ("Closed won",)


def test_a_stage_that_lets_some_go_or_was_seen_briefly_is_none(connection: duckdb.DuckDBPyConnection) -> None:
    for rows in (flow("Check", kept=0.9), flow("Check", weeks=7)):
        counted(connection, rows)
        assert ends_of_counts(connection) == ()
    counted(connection, [("Lead", week, 10, 0, None, None) for week in range(20)])
    assert ends_of_counts(connection) == ()
