"""Names made plain, rows that say nothing new, the order of the file, moments far from all others."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import datetime, timedelta

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factoryview.sources import EventLog, names
from tests.sources.conftest import events, findings

START = datetime(2025, 3, 3, 9)
STEPS = ("New", "Review", "Done")


def log_rows(cases: int = 30) -> list[list[str]]:
    """Case, stage and moment of cases that go through three stages, in order of time."""
    rows = [
        (START + timedelta(hours=7 * case + 30 * step), f"T-{case}", name)
        for case in range(cases)
        for step, name in enumerate(STEPS)
    ]
    return [[case, stage, f"{at}"] for at, case, stage in sorted(rows)]


def table(rows: list[list[str]], header: str = "ticket,status,changed") -> str:
    return "\n".join([header, *(",".join(row) for row in rows)]) + "\n"


def told(log: EventLog) -> list[tuple[object, ...]]:
    return sorted(events(log), key=str)


@pytest.fixture
def plain(log_of: Callable[..., EventLog]) -> list[tuple[object, ...]]:
    return told(log_of(table(log_rows()), "plain.csv"))


@settings(deadline=None)
@given(st.text(max_size=30))
def test_what_counts_as_plain_needs_no_cleaning(text: str) -> None:
    text = text.encode("utf-8", "replace").decode().replace("\0", "")
    with duckdb.connect() as con:
        [(plain,)] = con.execute(f"SELECT {names.is_plain('x')} FROM (SELECT ? AS x)", [text]).fetchall()
    if plain:
        assert names.clean(text) == text
    assert names.clean(names.clean(text)) == names.clean(text)


@pytest.mark.parametrize("odd", ["{} ", " {}", "\u00a0{}", "{}\u200b", "\ufeff{}", "{}\t", "{}  ", "\u2060{}\u3000"])
def test_what_cannot_be_seen_makes_no_other_name(
    odd: str, plain: list[tuple[object, ...]], log_of: Callable[..., EventLog]
) -> None:
    rows = log_rows()
    for number, row in enumerate(rows):
        row[number % 2] = odd.format(row[number % 2])
    log = log_of(table(rows))
    assert told(log) == plain
    assert "taken from names" in findings(log, "info")


def test_wide_letters_and_digits(plain: list[tuple[object, ...]], log_of: Callable[..., EventLog]) -> None:
    rows = log_rows()
    wide = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
    for row in rows[::3]:
        row[:] = [cell.translate(wide) for cell in row]
    assert told(log_of(table(rows))) == plain


def test_stages_that_differ_in_case_are_one_and_it_is_told(log_of: Callable[..., EventLog]) -> None:
    rows = log_rows()
    for number, row in enumerate(rows):
        row[1] = (row[1], row[1].upper(), row[1].lower(), row[1])[number % 4]
    log = log_of(table(rows))
    assert {stage for _, stage, _ in events(log)} == set(STEPS)
    assert "differ only in upper and lower case" in findings(log, "warning")


def test_ids_that_differ_in_case_are_one_unless_they_are_codes(log_of: Callable[..., EventLog]) -> None:
    rows = log_rows()
    for row in rows[::2]:
        row[0] = row[0].lower()
    assert len({case for case, _, _ in events(log_of(table(rows)))}) == 30
    codes = [["0061a00000ABcdE" if n % 2 else "0061a00000abCDe", *row[1:]] for n, row in enumerate(log_rows(1) * 2)]
    log = log_of(table(codes))
    assert len({case for case, _, _ in events(log)}) == 2
    assert "stay apart" in findings(log, "warning")


def test_rows_that_repeat_the_state_are_no_entries(
    plain: list[tuple[object, ...]], log_of: Callable[..., EventLog]
) -> None:
    rows = [
        copy for row in log_rows() for copy in (row, [*row[:2], str(datetime.fromisoformat(row[2]) + timedelta(0.2))])
    ]
    rows = sorted(rows, key=lambda row: row[2])
    log = log_of(table(rows))
    assert told(log) == plain
    assert "90 rows repeat the stage" in findings(log, "info")


def test_an_activity_may_be_done_twice_in_a_row(log_of: Callable[..., EventLog]) -> None:
    rows = sorted(log_rows() * 2, key=lambda row: row[2])
    log = log_of(table(rows, "case,activity,timestamp"), times="entry")
    assert len(events(log)) == 180


def test_a_file_written_newest_first_has_its_rows_in_the_right_order(log_of: Callable[..., EventLog]) -> None:
    rows = [[case, stage, at[:10]] for case, stage, at in log_rows()]
    for case in range(30):  # the three of a case on one day, so that only the file tells
        for row in rows:
            row[2] = f"{START + timedelta(days=case):%Y-%m-%d}" if row[0] == f"T-{case}" else row[2]
    rows.sort(key=lambda row: row[2])
    forward, backward = log_of(table(rows), "a.csv"), log_of(table(rows[::-1]), "b.csv")
    order = 'SELECT "case", stage FROM events ORDER BY "case", time, row'
    assert forward.connection.execute(order).fetchall() == backward.connection.execute(order).fetchall()
    assert "newest first" in findings(backward, "info")
    assert "newest first" not in findings(forward)


@pytest.mark.parametrize("far", ["2005-03-09 10:00", "1900-01-01 00:00", "2099-12-31 00:00", "1970-01-01 00:00"])
def test_a_moment_far_from_all_others_is_named_and_stretches_nothing(far: str, log_of: Callable[..., EventLog]) -> None:
    rows = log_rows()
    rows[40][2] = far
    log = log_of(table(rows))
    assert f'line 42 ("{far}")' in findings(log, "warning")
    assert log.rejected == 1
    moments = [at for _, _, at in events(log)]
    assert min(moments).year == max(moments).year == 2025  # type: ignore[attr-defined,type-var]
    assert log.rejects_file is not None
    [_, row] = csv.reader(log.rejects_file.read_text(encoding="utf-8").splitlines())
    assert row[0] == "42"


def test_a_long_log_keeps_its_first_years(log_of: Callable[..., EventLog]) -> None:
    rows = [[f"T-{n}", STEPS[n % 3], f"{2005 + n // 10}-0{1 + n % 9}-01"] for n in range(200)]
    assert log_of(table(rows)).rejected == 0
    assert log_of(table([["a", "A", "2001-01-01"], ["a", "B", "2024-01-01"]])).rejected == 0
