"""What strangers' exports look like, a handful of each kind: read rightly, or asked about; never wrong in silence."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from tests.kit import reading_kinds
from tests.kit.reading_ending import ending
from tests.kit.reading_inputs import Input
from tests.kit.reading_kinds import KINDS

SEEDS = range(2)
SURE = frozenset(KINDS) - {"mixed_styles", "date_styles", "wide_counts", "month_names", "counted_thousands"}
"""Kinds of which every input tells all that has to be known."""


@pytest.mark.parametrize("kind", KINDS)
def test_inputs_of_each_kind_are_read_or_asked_about(kind: str, tmp_path: Path) -> None:
    ends = {seed: ending(kind, seed, tmp_path) for seed in SEEDS}
    assert {seed: told for seed, (end, told) in ends.items() if end == "wrong"} == {}
    if kind in SURE:
        assert {seed: told for seed, (end, told) in ends.items() if end != "right"} == {}


def test_an_input_is_the_same_whenever_it_is_made() -> None:
    for kind, made in KINDS.items():
        assert made(Random("1")).data == made(Random("1")).data or kind == "excel_forms"
        assert made(Random("1")).data != made(Random("2")).data


def test_what_is_read_otherwise_is_called_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def later(rng: Random) -> Input:
        made = KINDS["row_names"](rng)
        case, stage, at = made.rows[0]
        return Input(made.name, made.data, ((case, stage, at + timedelta(minutes=1)), *made.rows[1:]))

    monkeypatch.setitem(reading_kinds.KINDS, "later", later)
    assert ending("later", 1, tmp_path)[0] == "wrong"
