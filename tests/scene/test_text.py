"""Whatever a text is made of, it can be drawn."""

from __future__ import annotations

import shutil
import weakref
from pathlib import Path

import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factoryview.language import Language
from factoryview.scene import faces, text
from tests.kit.command import factoryview

SHARED = Path(__file__).parents[2] / ".." / "shared" / "faults"
UNSEEN = ("\u200b", "\u200d", "\u2060\ufeff", "\u00ad", "\U000e0041", "\x1b", "\x00", "\ud800", " \u202e ")


@pytest.mark.parametrize("unseen", UNSEEN)
def test_what_cannot_be_seen_is_a_dash(unseen: str) -> None:
    assert text.drawable(unseen) == "–"
    assert text.render(unseen, 20, (0, 0, 0)).get_width() == text.width("–", 20) > 0


@given(st.text(max_size=40), st.integers(1, 80))
def test_any_text_can_be_drawn_and_measured(letters: str, size: int) -> None:
    assert text.render(letters, size, (1, 2, 3)).get_height() > 0
    assert text.width(letters, size) >= 0


def test_an_option_keeps_its_two_dashes() -> None:
    """The typeface would draw one long dash, and who types that is told that there is no such option."""
    two, one = text.width("--times", 40), text.width("-times", 40)
    assert two - one > 0.8 * text.width("-", 40)
    assert text.drawable(text.drawable("--times")) == text.drawable("--times")


def test_a_text_without_end_is_cut() -> None:
    assert text.render("x" * 1_000_000, 40, (0, 0, 0)).get_width() < 50_000


def test_half_a_letter_among_others_is_left_out() -> None:
    assert text.drawable("a\ud800b\x07c\u00a0d\u200de") == "a b c\u00a0d\u200de"


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(["de", "en"]))
def test_any_number_can_be_written(number: float, code: str) -> None:
    language = Language(code, currency="EUR")  # type: ignore[arg-type]
    assert len(language.number(number)) < 30
    assert len(language.money(number)) < 30


@pytest.mark.parametrize("channels", [0, 1, 5, 6, 7, 8, 150])
def test_any_number_of_channels_can_be_drawn(channels: int, tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    rows = [
        f"c{i},{stage},2024-01-{day + i % 9:02} 08:00,{f'k{i % channels}' if channels else ''}"
        for i in range(300)
        for stage, day in (("A", 1), ("B", 5), ("C", 15))
    ]
    log.write_text("case,activity,timestamp,channel\n" + "\n".join(rows) + "\n", encoding="utf-8")
    said = factoryview("render", log, "-o", tmp_path / "x.png", "-640x360", "--at", "0.6")
    assert said.status == 0, said.err
    assert (tmp_path / "x.png").stat().st_size > 0


@pytest.mark.parametrize("name", ["zero_width_stage.csv", "../logs/r6_six_channels.csv"])
def test_files_of_strangers_can_be_drawn(name: str, tmp_path: Path) -> None:
    path = SHARED / "robustness" / name
    if not path.exists():
        pytest.skip("needs ../shared/faults")
    log = shutil.copyfile(path, tmp_path / path.name)  # rows that are rejected are written beside it
    said = factoryview("render", log, "-o", tmp_path / "x.png", "-640x360")
    assert said.status == 0, said.err


def test_faces_of_few_sizes_are_held_open_and_those_used_last(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = faces.opened
    made: list[weakref.ref[pygame.Font]] = []

    def counted(path: str, size: int) -> pygame.Font:
        found = opened(path, size)
        made.append(weakref.ref(found))
        return found

    monkeypatch.setattr(faces, "opened", counted)
    text._font.cache_clear()
    usual = range(20, 60)
    for size in range(100, 500):
        text.font(size).size("193")
        for often in usual:
            text.font(often)
    assert len(made) == 400 + len(usual), "those in use are not opened again"
    assert sum(each() is not None for each in made) <= 96


def test_what_is_kept_of_rendered_lines_is_bounded_by_its_bytes() -> None:
    """Large lines for a hall would otherwise fill the memory of a wall that runs for months."""
    for number in range(400):
        text.render(f"{number} wait for approval at 10:{number:04}", 190, (250, 250, 250), "Bold")
    assert 0 < text._texts.bytes <= text._MOST_BYTES
