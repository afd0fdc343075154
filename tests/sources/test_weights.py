"""How many cases a row stands for: one, unless somebody says which column counts them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from factoryview.sources import EventLog
from tests.kit.command import factoryview
from tests.sources.conftest import events, findings

SHARED = Path(__file__).parents[2] / ".." / "shared" / "faults"


def _log(name: str, values: list[str]) -> str:
    rows = [
        f"c{i},{stage},2024-0{month}-{1 + i:02},{value}"
        for i, value in enumerate(values)
        for month, stage in enumerate(("Order", "Pack"), 1)
    ]
    return f"case,activity,timestamp,{name}\n" + "\n".join(rows) + "\n"


@pytest.mark.parametrize("name", ["weight", "Gewicht", "weight (kg)", "cases", "Number of cases", "Frequency"])
def test_no_column_is_taken_for_a_count_of_cases(name: str, log_of: Callable[..., EventLog]) -> None:
    log = log_of(_log(name, ["18055", "3", "12.5"]))
    assert {row[0] for row in events(log, "weight")} == {1.0}
    assert "weight" not in log.columns
    assert name in findings(log)


def test_a_column_that_is_said_counts(log_of: Callable[..., EventLog]) -> None:
    log = log_of(_log("n", ["4", "", "2.5"]), columns={"weight": "n"})
    assert [row[0] for row in events(log, "weight")] == [4, 4, 1, 1, 2.5, 2.5]


@pytest.mark.parametrize("value", ["0", "-3", "1e30", "many", "nan", "inf"])
def test_a_number_of_cases_that_cannot_be_is_set_aside(value: str, log_of: Callable[..., EventLog]) -> None:
    log = log_of(_log("n", ["4", value, "2"]), columns={"weight": "n"})
    assert [row[0] for row in events(log, "weight")] == [4, 4, 2, 2]
    assert (log.rows, log.rejected) == (6, 2)
    assert "number of cases that cannot be (2)" in findings(log)


def test_amounts_beyond_all_reason_are_unknown(log_of: Callable[..., EventLog]) -> None:
    log = log_of(_log("amount", ["1000", "9" * 30, "-250000"]))
    assert [row[0] for row in events(log, "value")] == [1000, 1000, None, None, -250000, -250000]


@pytest.mark.parametrize("count", ["1e30", "-1"])
def test_counts_beyond_all_reason_are_set_aside(count: str, log_of: Callable[..., EventLog]) -> None:
    rows = "".join(f"{stage},2024-W0{week},{7 + week},5\n" for stage in "AB" for week in range(1, 6))
    log = log_of(f"Stage,Week,Arrivals,Departures\n{rows}A,2024-W06,{count},1\n")
    assert log.meaning == "kpi"
    assert (log.rows, log.rejected) == (11, 1)
    total = log.connection.execute("SELECT sum(arrivals) FROM kpi").fetchone()
    assert total == (2 * (8 + 9 + 10 + 11 + 12),)


def test_a_weight_in_kilograms_of_a_stranger() -> None:
    path = SHARED / "logs" / "r8_weight_is_kilograms.csv"
    if not path.exists():
        pytest.skip("needs ../shared/faults")
    said = factoryview("snapshot", path, "--at", "0.5", "--json")
    assert said.status == 0
    assert {line.strip(" ,") for line in said.out.splitlines() if '"weight"' in line} == {'"weight": 1.0'}
