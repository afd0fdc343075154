"""Cases that are named in the first of their rows only: believed where the moments prove it, asked where not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from factoryview.errors import InputError
from factoryview.sources import EventLog
from tests.sources.conftest import events, findings

Made = Callable[..., EventLog]
STEPS = ("New", "Check", "Done")


def rows_of(cases: int = 12) -> list[tuple[str, str, datetime]]:
    """Cases that overlap in time, one after the other."""
    begin = datetime(2025, 3, 3, 9)
    return [
        (f"T{k}", step, begin + timedelta(hours=5 * k + 20 * n)) for k in range(cases) for n, step in enumerate(STEPS)
    ]


def text_of(rows: list[tuple[str, str, datetime]], more: str = "") -> str:
    seen: set[str] = set()
    lines = ["Ticket,Status,Changed at,Note"]
    for case, step, at in rows:
        lines.append(f"{'' if case in seen else case},{step},{at},{more}")
        seen.add(case)
    return "\n".join(lines)


def test_moments_that_fall_back_where_a_case_begins_prove_whose_the_rows_are(log_of: Made) -> None:
    log = log_of(text_of(rows_of()))
    assert sorted(map(str, events(log))) == sorted(map(str, rows_of()))
    assert "blank cells below" in findings(log, "ask")


def test_newest_first_within_the_case_is_proof_as_well(log_of: Made) -> None:
    rows = [row for k in range(12) for row in reversed(rows_of()[3 * k : 3 * k + 3])]
    assert sorted(map(str, events(log_of(text_of(rows))))) == sorted(map(str, rows))


def test_rows_of_all_cases_in_the_order_of_time_prove_nothing(log_of: Made) -> None:
    with pytest.raises(InputError, match="names the case in some rows only") as raised:
        log_of(text_of(sorted(rows_of(), key=lambda row: row[2])))
    assert "nennt den Fall nur in manchen Zeilen" in raised.value.inside("de")
    assert "Write the case into every row" in raised.value.cure


def test_ids_that_are_missing_here_and_there_are_not_invented(log_of: Made) -> None:
    rows = [(case if n % 3 else "", step, at) for n, (case, step, at) in enumerate(rows_of(20))]
    text = "\n".join(["Ticket,Status,Changed at", *(f"{c},{s},{t}" for c, s, t in rows)])
    log = log_of(text)
    assert log.rejected == sum(not case for case, _, _ in rows)
    assert {row[0] for row in events(log)} == {case for case, _, _ in rows if case}


def test_names_are_filled_down_again_when_the_lines_are_counted_anew(log_of: Made) -> None:
    text = text_of(rows_of(), more='"two\nlines"').replace("2025-03-04 05:00:00", "soon", 1)
    log = log_of(text)
    assert log.rejected == 1
    assert {row[0] for row in events(log)} == {f"T{k}" for k in range(12)}
    assert len(events(log)) == 35
