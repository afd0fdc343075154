"""Hebrew and Arabic are read from the right, the numbers and Latin words within them from the left."""

from __future__ import annotations

import pygame
import pytest

from factoryview.scene import faces
from factoryview.scene.directions import runs
from factoryview.scene.text import render, width

ALEF, BET, GIMEL = "\u05d0", "\u05d1", "\u05d2"


@pytest.mark.parametrize(("text", "seen"), [
    ("New order 12", ["New order 12"]),
    (f"{ALEF}{BET}", [f"{ALEF}{BET}"]),
    (f"{ALEF} 12", ["12", f"{ALEF} "]),
    (f"{ALEF} 12 34", ["34", " ", "12", f"{ALEF} "]),
    (f"{ALEF} Hello World 5 {BET}", [f" {BET}", "Hello World 5", f"{ALEF} "]),
    (f"most at {ALEF}{BET}: 28", ["most at ", f"{ALEF}{BET}", ": 28"]),
    (f"Stage {ALEF}{BET} end", ["Stage ", f"{ALEF}{BET}", " end"]),
    (f"({ALEF})", [f"({ALEF})"]),
    (f"12 {ALEF}", [f" {ALEF}", "12"]),
    ("", [""]), ("12", ["12"]), ("-", ["-"]),
])  # fmt: skip
def test_pieces_stand_as_they_are_read(text: str, seen: list[str]) -> None:
    assert [run.text for run in runs(text)] == seen
    assert "".join(sorted("".join(seen))) == "".join(sorted(text))


def test_a_word_is_painted_from_the_right() -> None:
    if faces.missing(ALEF + BET + GIMEL):
        pytest.skip("needs a face with Hebrew letters")
    whole, first = (render(text, 40, (255, 255, 255)) for text in (ALEF + BET + GIMEL, ALEF))

    def columns(line: pygame.Surface, since: int, until: int) -> list[bool]:
        seen = pygame.surfarray.array_alpha(line)
        return [bool(column.any()) for column in seen[since:until]]

    wide = first.get_width()
    assert whole.get_width() > 2 * wide
    right = pygame.surfarray.array_alpha(whole)[-wide:].astype(int)
    left = pygame.surfarray.array_alpha(whole)[:wide].astype(int)
    alone = pygame.surfarray.array_alpha(first).astype(int)
    assert abs(right - alone).sum() < abs(left - alone).sum()
    assert any(columns(whole, 0, wide))


def test_a_line_of_several_pieces_is_as_wide_as_is_measured() -> None:
    text = f"{ALEF}{BET} 12 Hello"
    assert render(text, 30, (0, 0, 0)).get_width() == width(text, 30)
