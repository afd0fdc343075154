"""Answers that many frames ask for alike."""

from __future__ import annotations

from dataclasses import replace

from factoryview.view.remembered import Remembered
from tests.kit.small_plants import kept


def test_only_the_last_answer_is_remembered_and_it_is_that_of_its_key() -> None:
    remembered, asked = Remembered(), []

    def find(answer: int) -> int:
        asked.append(answer)
        return answer

    for key in (1, 1, 2, 2, 1):
        assert remembered.of("test", key, lambda key=key: find(10 * key)) == 10 * key  # type: ignore[misc]
    assert asked == [10, 20, 10]
    assert remembered.of("other", 1, lambda: 7) == 7
    assert remembered.of("test", 1, lambda: 0) == 10


def test_other_counts_remember_nothing_of_these() -> None:
    counts = kept("calm").model.counts
    counts.remembered.of("test", 1, lambda: 10)
    assert replace(counts, weight=2.0).remembered.of("test", 1, lambda: 20) == 20
