"""What strangers' exports look like, a handful of each kind: read rightly, or asked about; never wrong in silence."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from tests.kit import reading_ending
from tests.kit.reading_ending import KINDS, ending
from tests.kit.reading_inputs import Input

SEEDS = range(2)
ODD = {"excel_forms", "excel_report", "workbooks", "months_between", "two_headers", "legend_below"}
"""Files with the time of their making."""
SURE = frozenset(KINDS) - {
    "mixed_styles", "date_styles", "wide_counts", "month_names", "counted_thousands", "jira_issues", "datev_bookings",
    "zendesk_audits", "trello_actions", "sparse_cases", "sparse_once", "far_moments", "forms_of_dates", "codings",
    "mixed_forms", "call_queue", "ward_transfers", "amounts_beside", "ocel_json", "sqlite_file", "plain_log",
    "present_state", "time_in_status", "bank_statement", "order_positions", "shifts", "shortened_ids",
    "cases_called_tasks",
}  # fmt: skip
"""Kinds of which every input tells all that has to be known."""


@pytest.mark.parametrize("kind", KINDS)
def test_inputs_of_each_kind_are_read_or_asked_about(kind: str, tmp_path: Path) -> None:
    ends = {seed: ending(kind, seed, tmp_path) for seed in SEEDS}
    assert {seed: told for seed, (end, told) in ends.items() if end == "wrong"} == {}
    if kind in SURE:
        assert {seed: told for seed, (end, told) in ends.items() if end != "right"} == {}


def test_an_input_is_the_same_whenever_it_is_made() -> None:
    for kind, made in KINDS.items():
        assert made(Random("1")).data == made(Random("1")).data or kind in ODD
        assert made(Random("1")).data != made(Random("2")).data


def test_what_is_read_otherwise_is_called_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def later(rng: Random) -> Input:
        made = KINDS["row_names"](rng)
        case, stage, at = made.rows[0]
        return Input(made.name, made.data, ((case, stage, at + timedelta(minutes=1)), *made.rows[1:]))

    monkeypatch.setitem(reading_ending.KINDS, "later", later)
    assert ending("later", 1, tmp_path)[0] == "wrong"
