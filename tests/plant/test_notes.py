"""Answers to alarms in a file beside the plant: read as they were written, each mistake in one sentence."""

from __future__ import annotations

import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import tomli_w

from factoryview.errors import InputError
from factoryview.plant import noting
from factoryview.plant.notes import Answer, HourReason, Note, Notes, notes_path, read_notes, together_path
from factoryview.plant.noting import add_answer, add_note, add_reason, change_note

SAID = datetime(2025, 5, 20, 9, tzinfo=UTC)
ANSWERS = (
    Answer(stage="Approval", state="seen", said=SAID),
    Answer(stage="Approval", state="worked on", said=SAID, role="head of sales", measure="fill the vacancy",
           until=date(2025, 7, 31)),
    Answer(stage="Qualify", kind="left lying", state="mended", said=SAID),
)  # fmt: skip


def test_what_is_written_is_read_and_what_was_there_stays(tmp_path: Path) -> None:
    path = notes_path(tmp_path / "plant.toml")
    assert path.name == "plant.notes"
    assert notes_path(Path("deals.csv")).name == "deals.csv.notes"
    assert read_notes(path).alarm == read_notes(notes_path(tmp_path / ("x" * 250))).alarm == ()
    for k, answer in enumerate(ANSWERS, start=1):
        assert add_answer(path, answer).alarm == read_notes(path).alarm == ANSWERS[:k]
    assert len(list(path.iterdir())) == 3
    assert all(file.suffix == ".toml" for file in path.iterdir())


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
    path = tmp_path / "plant.notes"
    together_path(path).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=words) as caught:
        read_notes(path)
    assert "plant.notes.toml" in str(caught.value)
    path.mkdir()
    together_path(path).replace(path / "mine.toml")
    with pytest.raises(InputError, match=words) as caught:
        read_notes(path)
    assert "mine.toml" in str(caught.value)


def test_a_folder_that_may_not_be_written_to_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        add_answer(tmp_path / "gone" / "plant.notes", ANSWERS[0])


def test_reasons_of_hours_stand_beside_the_answers(tmp_path: Path) -> None:
    path = notes_path(tmp_path / "plant.toml")
    reason = HourReason(day=date(2025, 5, 20), hour=14, text='Server "down", 40 min \\ ü', said=SAID)
    add_answer(path, ANSWERS[1])
    assert add_reason(path, reason) == read_notes(path) == Notes(alarm=ANSWERS[1:2], reason=(reason,))
    assert add_answer(path, ANSWERS[0]).reason == (reason,)


def test_many_who_write_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "plant.notes"
    with ThreadPoolExecutor(8) as people:
        list(people.map(lambda n: add_answer(path, ANSWERS[n % 3]), range(40)))
    assert len(read_notes(path).alarm) == 40


def test_a_file_with_many_is_read_before_the_folder(tmp_path: Path) -> None:
    path = tmp_path / "plant.notes"
    rows = 'said = 2025-05-20T09:00:00Z\nstate = "seen"\nstage = "Offer"\n'
    together_path(path).write_text(f"[[alarm]]\n{rows}[[note]]\ntext = 'a'\nat = 2025-05-20T09:00:00Z\n"
                                   "said = 2025-05-20T09:00:00Z\n", encoding="utf-8")  # fmt: skip
    add_answer(path, ANSWERS[0])
    assert [answer.stage for answer in read_notes(path).alarm] == ["Offer", "Approval"]
    assert read_notes(path).found("plant.notes").text == "a"


NOTE = Note(at=SAID, stage="Approval", text='Quotes "here", \\ and ü', who="Eva", due=date(2025, 6, 30), said=SAID)


def test_a_note_gets_a_name_and_its_state_is_changed_in_its_file(tmp_path: Path) -> None:
    path = tmp_path / "plant.notes"
    [note] = add_note(path, NOTE).note
    assert note == NOTE.model_copy(update={"id": note.id})
    assert (path / f"{note.id}.toml").is_file()
    done = note.model_copy(update={"state": "done"})
    assert change_note(path, done).note == (done,)
    assert read_notes(path).found(note.short) == read_notes(path).found(note.id) == done
    add_note(path, NOTE)
    with pytest.raises(InputError, match="no note"):
        read_notes(path).found("zzz")
    with pytest.raises(InputError, match="several"):
        read_notes(path).found(note.id[:4])
    with pytest.raises(InputError, match="no name"):
        add_note(path, NOTE.model_copy(update={"id": "../../x"}))
    with pytest.raises(InputError, match="no name"):
        add_note(path, NOTE.model_copy(update={"id": ".x"}))


@pytest.mark.parametrize("links", [True, False])
def test_no_note_takes_the_place_of_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool) -> None:
    """Also on a drive that knows no links."""

    def unknown(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    if not links:
        monkeypatch.setattr(os, "link", unknown)
    path = tmp_path / "plant.notes"
    mine, other = (NOTE.model_copy(update={"id": "a", "text": text}) for text in ("mine", "other"))
    assert add_note(path, mine).note == (mine,)
    with pytest.raises(InputError, match="already"):
        add_note(path, other)
    assert read_notes(path).note == (mine,)
    assert [file.name for file in path.iterdir()] == ["a.toml"]


def test_a_note_among_others_in_its_file_is_changed_alone(tmp_path: Path) -> None:
    path = tmp_path / "plant.notes"
    path.mkdir()
    row = {"at": SAID, "said": SAID}
    tables = {
        "note": [{**row, "text": "one"}, {**row, "text": "two", "id": "second"}, {**row, "text": "three"}],
        "alarm": [ANSWERS[0].model_dump(exclude_defaults=True)],
        "reason": [{"day": date(2025, 5, 20), "hour": 14, "text": "why", "said": SAID}],
    }
    (path / "all.toml").write_text(tomli_w.dumps(tables), encoding="utf-8")
    before = read_notes(path)
    assert [note.id for note in before.note] == ["all-1", "second", "all-3"]
    for note in before.note:
        change_note(path, note.model_copy(update={"state": "done"}))
    after = read_notes(path)
    assert after.note == tuple(note.model_copy(update={"state": "done"}) for note in before.note)
    assert (after.alarm, after.reason) == (before.alarm, before.reason) == (ANSWERS[:1], before.reason)
    assert len(after.reason) == 1


def test_a_note_is_written_where_it_was_read_and_its_name_leads_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "plant.notes"
    path.mkdir()
    plant = tmp_path / "plant.toml"
    plant.write_text('name = "P"\n', encoding="utf-8")
    rows = 'at = 2025-05-20T09:00:00Z\nsaid = 2025-05-20T09:00:00Z\ntext = "a"\n'
    for name in ("../plant", "/tmp/x", "a b"):
        (path / "mine.toml").write_text(f'[[note]]\nid = "{name}"\n{rows}', encoding="utf-8")
        with pytest.raises(InputError, match="no name"):
            read_notes(path)
    (path / "mine.toml").unlink()
    with pytest.raises(InputError, match="no file"):
        change_note(path, NOTE.model_copy(update={"id": "../plant"}))
    answered = '[[alarm]]\nsaid = 2025-05-20T09:00:00Z\nstate = "seen"\nstage = "Offer"\n'
    (path / "mine.toml").write_text(f'[[note]]\nid = "other"\n{rows}{answered}', encoding="utf-8")
    [note] = read_notes(path).note
    changed = change_note(path, note.model_copy(update={"state": "done"}))
    assert [(each.id, each.state) for each in changed.note] == [("other", "done")]
    assert [answer.stage for answer in changed.alarm] == ["Offer"]
    assert [file.name for file in path.iterdir()] == ["mine.toml"]
    assert plant.read_text(encoding="utf-8") == 'name = "P"\n'


def test_a_file_of_notes_that_a_disk_emptied_is_said(tmp_path: Path) -> None:
    path = tmp_path / "plant.notes"
    add_answer(path, ANSWERS[0])
    [file] = path.iterdir()
    file.write_bytes(b"")
    with pytest.raises(InputError, match="was lost") as caught:
        read_notes(path)
    assert file.name in str(caught.value)


@pytest.mark.parametrize("text", ["two\nlines", "", "\x1b[31m", "x" * 241])
def test_a_note_is_one_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "plant.notes"
    path.mkdir()
    row = {"text": text, "at": SAID, "said": SAID}
    (path / "a.toml").write_text(tomli_w.dumps({"note": [row]}), encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.toml"):
        read_notes(path)


def _git(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    said = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main")
    return subprocess.run(["git", *said, *words], cwd=folder, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
@pytest.mark.parametrize("same", [False, True])
def test_what_two_people_wrote_merges_in_git_unless_they_touch_the_same_note(tmp_path: Path, same: bool) -> None:
    path = tmp_path / "plant.notes"
    _git(tmp_path, "init", "-q")
    for _ in range(2):
        add_note(path, NOTE)
    before = read_notes(path).note

    def keep(branch: str) -> None:
        _git(tmp_path, "add", ".")
        assert _git(tmp_path, "commit", "-qm", branch).returncode == 0

    keep("begin")
    for person, state in ((0, "done"), (1, "dropped")):
        assert _git(tmp_path, "checkout", "-qb", f"p{person}", "main").returncode == 0
        change_note(path, before[0 if same else person].model_copy(update={"state": state}))
        add_note(path, NOTE.model_copy(update={"text": f"of {person}"}))
        add_answer(path, ANSWERS[person])
        keep(f"p{person}")
    merged = _git(tmp_path, "merge", "-q", "-m", "both", "p0")
    assert (merged.returncode == 0) is not same
    if same:
        with pytest.raises(InputError, match="git"):
            read_notes(path)
        return
    notes = read_notes(path)
    assert {note.text for note in notes.note} == {NOTE.text, "of 0", "of 1"}
    assert {note.id: note.state for note in notes.note if note.text == NOTE.text} == {
        before[0].id: "done", before[1].id: "dropped",
    }  # fmt: skip
    assert len(notes.alarm) == 2


def test_a_file_of_notes_does_not_grow_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "plant.notes"
    monkeypatch.setattr(noting, "MOST_NOTES", 1)
    add_answer(path, ANSWERS[0])
    with pytest.raises(InputError, match="1 notes already"):
        add_answer(path, ANSWERS[0])
