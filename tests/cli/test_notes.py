"""`notes`: written, told, changed, taken to other programs and back."""

from __future__ import annotations

from pathlib import Path

import pytest

from factoryview.plant.notes import notes_path, read_notes
from tests.kit.command import factoryview
from tests.kit.office import furnish


@pytest.fixture
def office(tmp_path: Path) -> Path:
    furnish(tmp_path)
    return tmp_path / "plant.toml"


def test_from_the_first_word_to_what_became_of_it(office: Path, tmp_path: Path) -> None:
    assert "No note" in factoryview("notes", office, "--lang", "en").out
    pinned = ("--stage", "Approval", "--at", "2025-04-10", "--who", "head of sales", "--due", "2025-05-04")
    said = factoryview("notes", office, "--add", "Hire one", *pinned, "--expect", "two days less", "--lang", "en")
    [note] = read_notes(notes_path(office)).note
    assert (note.stage, note.who, note.at.date().isoformat()) == ("Approval", "head of sales", "2025-04-09")
    assert said.out.splitlines()[0] == f"{note.short}  Hire one"
    assert "due 4 May 2025 · expected: two days less · open" in said.out
    assert "Approval: longer stays" in said.out
    assert factoryview("notes", office, "--state", note.short, "done").status == 0
    assert read_notes(notes_path(office)).note[0].state == "done"
    for name in ("a.csv", "a.ics", "a.md"):
        assert factoryview("notes", office, "-o", tmp_path / name).status == 0
    assert "longer stays" in (tmp_path / "a.md").read_text(encoding="utf-8")
    before = read_notes(notes_path(office))
    for name in ("a.csv", "a.ics"):
        assert "0 new, 0 changed, 1 as they were" in factoryview("notes", office, "--import", tmp_path / name).out
    assert read_notes(notes_path(office)) == before
    assert "erledigt" in factoryview("notes", office, "--lang", "de").out


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("--who", "Eva"), 2, "--add"),
        (("--add", "x", "--stage", "Aproval"), 2, 'Did you mean "Approval"?'),
        (("--add", "x", "--due", "soon"), 2, "2026-07-31"),
        (("--add", "x", "--due", "9999-12-31"), 2, "1900 to 2199"),
        (("--add", "x", "--measure", "fun"), 2, "throughput"),
        (("--add", " "), 3, "--add"),
        (("--state", "zz", "done"), 3, "no note"),
        (("--for", "paper"), 2, "jira"),
        (("--add", "x" * 241), 2, "--add may have 240 characters at most; these are 241"),
        (("--add", "x", "--who", "x" * 81), 2, "--who may have 80"),
        (("--add", "x", "--expect", "x" * 121), 2, "--expect may have 120"),
        (("-o", "a.doc"), 2, ".ics"),
        (("--import", "gone.csv"), 3, "no such file"),
    ],
)
def test_what_cannot_be_is_said(office: Path, arguments: tuple[str, ...], status: int, words: str) -> None:
    told = factoryview("notes", office, *arguments)
    assert (told.status, words in told.err, "Traceback" in told.err) == (status, True, False), told.err
    assert read_notes(notes_path(office)).note == ()


@pytest.mark.parametrize(("option", "most"), [("--role", 80), ("--measure", 120)])
def test_an_answer_that_is_too_long_is_said_by_its_option(office: Path, option: str, most: int) -> None:
    told = factoryview("answer", office, "--stage", "Approval", "--seen", option, "x" * (most + 1))
    assert told.status == 2
    assert f"{option} may have {most} characters at most; these are {most + 1}." in told.err
    assert len(told.err.splitlines()) == 1
