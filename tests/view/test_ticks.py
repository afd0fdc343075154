"""The dates under a timeline in words; where they stand is tested with the scale."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from factoryview.language import Language
from factoryview.time import DAY, HOUR
from factoryview.view.ticks import micros, tick_levels

BERLIN = Language("de", "Europe/Berlin")
MARCH = round(datetime(2025, 3, 20, 9, 41, tzinfo=UTC).timestamp()) * 1_000_000


@pytest.mark.parametrize(
    ("span", "written"),
    [
        (8 * HOUR, ["11:00", "12:00", "13:00"]),
        (40 * HOUR, ["12:00", "18:00", "21. März"]),
        (20 * DAY, ["21. März", "23. März", "25. März"]),
        (300 * DAY, ["Apr.", "Juli", "Okt.", "2026"]),
        (3_000 * DAY, ["2026", "2027", "2028"]),
    ],
)
def test_some_level_is_written_in_the_unit_that_fits(span: int, written: list[str]) -> None:
    levels = tick_levels(MARCH, MARCH + span, BERLIN)
    assert written in [[words for _, words in level][: len(written)] for level in levels]
    assert all(len(one) <= len(other) for one, other in pairwise(levels))


def test_a_mark_without_an_offset_is_local() -> None:
    naive, aware = datetime(2025, 7, 1, 12), datetime(2025, 7, 1, 10, tzinfo=UTC)
    assert micros(naive, BERLIN) == micros(aware, BERLIN) == round(aware.timestamp()) * 1_000_000
