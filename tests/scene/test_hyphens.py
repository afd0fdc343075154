"""Parted words are the words they were, and every row fits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factoryview.scene.hyphens import SOFT, joints
from factoryview.scene.text import drawable, lines_parted, width

words = st.text("abeioußdfghklmnrstwzäöü" + SOFT + "-/", min_size=1, max_size=24)


def whole(first: str, second: str, word: str) -> str:
    return first + second if first + second == word else first.removesuffix("-") + second


@given(word=words)
def test_both_parts_are_the_word(word: str) -> None:
    for first, second in joints(word):
        assert first
        assert second
        assert whole(first, second, word).replace(SOFT, "") == word.replace(SOFT, "")


@pytest.mark.parametrize(
    ("word", "firsts"),
    [
        ("Zurückgezogen", {"Zurück-", "Zurückge-"}),
        ("Brandschutz", {"Brand-"}),
        ("Inspection", {"Inspec-"}),
        ("Amt", set()),
        ("Voll\u00adständigkeit", {"Voll-"}),
        ("Ein-/Auszahlung", {"Ein-/"}),
        ("A320neo", set()),
    ],
)
def test_words_are_parted_between_syllables_or_where_it_is_said(word: str, firsts: set[str]) -> None:
    assert {first for first, _ in joints(word)} == firsts


@given(text=st.lists(words, min_size=1, max_size=4).map(" ".join), room=st.integers(20, 300), rows=st.integers(1, 3))
def test_rows_with_parted_words_fit(text: str, room: int, rows: int) -> None:
    found = lines_parted(text, room, 20, rows)
    if found is None:
        return
    assert 1 <= len(found) <= rows
    assert all(width(row, 20) <= room for row in found)
    said = "".join(found).replace("-", "").replace(" ", "")
    assert said == drawable(text).replace("-", "").replace(" ", "").replace(SOFT, "") or SOFT in text


def test_a_word_is_parted_only_where_it_must_be() -> None:
    room = width("Zurückgezogen", 40)
    assert lines_parted("Zurückgezogen", room, 40, 2) == ["Zurückgezogen"]
    assert lines_parted("Zurückgezogen", room - 1, 40, 2) == ["Zurück-", "gezogen"]
    assert lines_parted("Zurückgezogen", room - 1, 40, 1) is None
    assert lines_parted("Antrag zurückgezogen", width("zurückgezogen", 40), 40, 2) == ["Antrag", "zurückgezogen"]
