"""Answers to alarms in a file beside the plant: read as they were written, each mistake in one sentence."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from factoryview.errors import InputError
from factoryview.plant import notes as notes_module
from factoryview.plant.notes import Answer, HourReason, Notes, add_answer, add_reason, notes_path, read_notes

SAID = datetime(2025, 5, 20, 9, tzinfo=UTC)
ANSWERS = (
    Answer(stage="Approval", state="seen", said=SAID),
    Answer(stage="Approval", state="worked on", said=SAID, role="head of sales", measure="fill the vacancy",
           until=date(2025, 7, 31)),
    Answer(stage="Qualify", kind="left lying", state="mended", said=SAID),
)  # fmt: skip


def test_what_is_written_is_read_and_what_was_there_stays(tmp_path: Path) -> None:
    path = notes_path(tmp_path / "plant.toml")
    assert path.name == "plant.notes.toml"
    assert notes_path(Path("deals.csv")).name == "deals.csv.notes.toml"
    assert read_notes(path).alarm == read_notes(notes_path(tmp_path / ("x" * 250))).alarm == ()
    for k, answer in enumerate(ANSWERS, start=1):
        assert add_answer(path, answer).alarm == read_notes(path).alarm == ANSWERS[:k]
    assert [file.name for file in tmp_path.iterdir()] == ["plant.notes.toml"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[alarm]", "no TOML"),
        ('[[alarm]]\nstage = "A"\nstate = "seen"\n', "said"),
        ('[[alarm]]\nstage = "A"\nstate = "worked on"\nsaid = 2025-05-20T09:00:00Z\n', "until"),
        ('[[alarm]]\nstage = "A"\nstate = "asleep"\nsaid = 2025-05-20T09:00:00Z\n', "asleep"),
        ('[[alarm]]\nstage = "A"\nstate = "seen"\nsaid = 2025-05-20T09:00:00Z\nwho = "Eva"\n', "who"),
    ],
)
def test_a_mistake_is_said_in_one_sentence_with_its_place(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "plant.notes.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=words) as caught:
        read_notes(path)
    assert "plant.notes.toml" in str(caught.value)


def test_a_folder_that_may_not_be_written_to_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        add_answer(tmp_path / "gone" / "plant.notes.toml", ANSWERS[0])


def test_reasons_of_hours_stand_beside_the_answers(tmp_path: Path) -> None:
    path = notes_path(tmp_path / "plant.toml")
    reason = HourReason(day=date(2025, 5, 20), hour=14, text='Server "down", 40 min \\ ü', said=SAID)
    add_answer(path, ANSWERS[1])
    assert add_reason(path, reason) == read_notes(path) == Notes(alarm=ANSWERS[1:2], reason=(reason,))
    assert add_answer(path, ANSWERS[0]).reason == (reason,)


def test_many_who_write_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "plant.notes.toml"
    with ThreadPoolExecutor(8) as people:
        list(people.map(lambda n: add_answer(path, ANSWERS[n % 3]), range(40)))
    assert len(read_notes(path).alarm) == 40


def test_a_file_of_notes_does_not_grow_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "plant.notes.toml"
    monkeypatch.setattr(notes_module, "MOST_NOTES", 1)
    add_answer(path, ANSWERS[0])
    with pytest.raises(InputError, match="1 notes already"):
        add_answer(path, ANSWERS[0])
