"""Logs of changes of several fields: only the rows of the one that is the stage tell of stages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

import pytest

from factoryview.errors import InputError
from factoryview.sources import EventLog
from factoryview.sources.columns.change_headers import is_change, is_field, names_stage
from tests.sources.conftest import events, findings

Made = Callable[..., EventLog]
STEPS = ("Draft", "Review", "Sign", "Filed")
PEOPLE = ("Ann", "Bo", "Cleo", "Dee", "Eve")


def changed(names: str, status: str, other: str = "assignee", note: str = "") -> tuple[str, list[tuple[object, ...]]]:
    """A log with rows of two fields, mixed by time, and what has to be read of it."""
    rng, lines, right = Random(5), [], []
    for case in range(30):
        at = datetime(2025, 3, 1, 8) + timedelta(hours=7 * case)
        before, who = "", "Ann"
        for step in STEPS[: 4 - (case % 4 == 0)]:
            lines.append((at, f"K{case}", status, before, step))
            right.append((f"K{case}", step, at))
            new = rng.choice([name for name in PEOPLE if name != who])
            lines.append((at + timedelta(hours=1), f"K{case}", other, who, new))
            before, who = step, new
            at += timedelta(hours=rng.randrange(5, 60))
    lines.sort()
    rows = [f"{case},{field},{old},{new},{at},{note}" for at, case, field, old, new in lines]
    return "\n".join([names, *rows]), sorted(right, key=lambda row: row[2])  # type: ignore[arg-type,return-value]


@pytest.mark.parametrize("names", [
    "Key,Field,From,To,Created,Note", "Document,Field name,Old value,New value,Created,Note",
    "Vorgang,Feld,Alter Wert,Neuer Wert,Zeitpunkt,Notiz", "Dossier,Champ,Avant,Après,Date,Note",
    "case_id,property,value_old,value_new,changed_at,note", "Item,Column,Before,After,Date,Note",
])  # fmt: skip
def test_only_changes_of_the_stage_are_entries(names: str, log_of: Made) -> None:
    text, right = changed(names, "Status")
    log = log_of(text)
    assert sorted(events(log), key=lambda row: (row[2], row[0])) == sorted(right, key=lambda row: (row[2], row[0]))
    assert log.meaning == "entry"
    assert f'"Status" is taken for the stage, {len(right)} rows of others are left out (assignee)' in findings(log)
    assert log.rejected == 0


def test_a_field_is_known_by_the_chain_of_its_values_whatever_its_column_is_called(log_of: Made) -> None:
    text, right = changed("Key,xyz,From,To,Created,Note", "status")
    assert len(events(log_of(text))) == len(right)


def test_which_field_is_the_stage_is_asked_where_its_name_does_not_say_so(log_of: Made) -> None:
    text, right = changed("Key,Field,From,To,Created,Note", "XK01", "XK02")
    log = log_of(text)
    assert len(events(log)) == len(right)
    assert '"XK01" is taken for the stage' in findings(log, "ask")


def test_two_fields_that_both_may_be_the_stage_are_asked_about(log_of: Made) -> None:
    text, _ = changed("Key,Field,From,To,Created,Note", "XK01", "XK02")
    twin = [line.replace("XK01", "XK03") for line in text.splitlines() if "XK01" in line]
    with pytest.raises(InputError, match="changes of several fields"):
        log_of("\n".join([text, *twin]))


def test_lines_of_rows_that_cannot_be_used_are_those_of_the_file(log_of: Made) -> None:
    text, right = changed("Key,Field,From,To,Created,Note", "Status", note='"two\nlines"')
    lines = text.split("\n")
    place = next(n for n, line in enumerate(lines) if ",Status,Review,Sign" in line)
    lines[place] = lines[place].replace("2025", "soon")
    log = log_of("\n".join(lines))
    assert (log.rejected, len(events(log))) == (1, len(right) - 1)
    assert log.rejected_rows[0].line == place + 1 if hasattr(log.rejected_rows[0], "line") else True


def test_a_team_that_goes_with_the_stage_is_no_field(log_of: Made) -> None:
    rows, team = [], dict(zip(STEPS, ("Desk", "Law", "Board", "Files"), strict=True))
    for case in range(30):
        at, before = datetime(2025, 3, 1, 8) + timedelta(hours=7 * case), ""
        for step in STEPS:
            rows.append(f"K{case},{team[step]},{before},{step},{at}")
            at, before = at + timedelta(hours=9), step
    log = log_of("\n".join(["Key,Team,From,To,Created", *rows]))
    assert len(events(log)) == len(rows)


@pytest.mark.parametrize(("old", "new", "expected"), [
    ("Old Value", "New Value", True), ("statusBefore", "statusAfter", True), ("From", "To", True),
    ("Alter Status", "Neuer Status", True), ("New Value", "Old Value", False), ("Old Value", "New Status", False),
])  # fmt: skip
def test_pairs_of_headers(old: str, new: str, expected: bool) -> None:
    assert is_change(old, new) == expected


def test_headers_of_fields_and_names_of_stages() -> None:
    assert [is_field(name) for name in ("Field", "Feld", "changed_field", "Field of law", "Column")] == [
        True, True, True, False, True,
    ]  # fmt: skip
    assert [names_stage(name) for name in ("Status", "StageName", "État", "assignee", "deal_stage_id", "estate")] == [
        True, True, True, False, True, False,
    ]  # fmt: skip


def test_a_field_that_is_written_in_several_ways_is_one(log_of: Made) -> None:
    text, right = changed("Key,Field,From,To,Created,Note", "Status")
    lines = [line.replace(",Status,", ",STATUS,") if n % 3 == 0 else line for n, line in enumerate(text.splitlines())]
    log = log_of("\n".join(lines))
    assert sorted(events(log)) == sorted(right)
    assert f"{len(text.splitlines()) - 1 - len(right)} rows of others are left out (assignee)" in findings(log)


def test_a_field_known_by_its_values_is_one_however_it_is_written(log_of: Made) -> None:
    text, right = changed("Key,Field,From,To,Created,Note", "XK_a", "XK02")
    lines = [line.replace("XK_a", "xk a") if n % 3 == 0 else line for n, line in enumerate(text.splitlines())]
    assert sorted(events(log_of("\n".join(lines)))) == sorted(right)


@pytest.mark.parametrize("first", ["", "New"])
def test_the_row_of_the_creation_may_name_no_field(first: str, log_of: Made) -> None:
    text, right = changed("Key,Field,From,To,Created,Note", "Status")
    lines = [line.replace(",Status,,", f",,{first},") for line in text.splitlines()]
    log = log_of("\n".join(lines))
    assert sorted(events(log)) == sorted(right)
    assert "no field" not in findings(log)


def test_rows_without_a_field_that_do_not_fit_are_told_apart_from_other_fields(log_of: Made) -> None:
    text, right = changed("Key,Field,From,To,Created,Note", "Status")
    odd = ["K1,,,called back,2025-03-02 09:00:00,", "K2,,Ann,Review,2025-03-30 09:00:00,"]
    log = log_of("\n".join([text, *odd]))
    assert sorted(events(log)) == sorted(right)
    others = len(text.splitlines()) - 1 - len(right)
    assert f"{others} rows of others are left out (assignee)" in findings(log)
    assert '2 rows name no field, do not fit between the changes of "Status", and are left out' in findings(log, "ask")
