"""Notes as files: what other programs read, and nothing lost on the way back."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factoryview.errors import InputError, UsageError
from factoryview.export.notes_csv import Tracker, csv_of, guarded, notes_of_csv, unguarded
from factoryview.export.notes_files import markdown_of, read_file, write_notes
from factoryview.export.notes_ics import ics_of, notes_of_ics
from factoryview.language import Language
from factoryview.output import defused
from factoryview.plant import noting
from factoryview.plant.notes import Note, NoteMeasure, Notes, NoteState, read_notes
from factoryview.plant.noting import add_note, take_notes

EN = Language("en", "Europe/Berlin")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
LINES = st.text(st.characters(blacklist_categories=("Cc", "Cs", "Zl", "Zp")), max_size=80)
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)).map(
    lambda at: at.replace(microsecond=0)
)
NOTES = st.builds(
    Note,
    id=st.from_regex(r"2025-01-02-[0-9a-f]{6}", fullmatch=True),
    at=MOMENTS, said=MOMENTS, changed=st.none() | MOMENTS,
    text=LINES.filter(bool), stage=LINES, who=LINES, expected=LINES,
    due=st.none() | st.dates(date(1990, 1, 1), date(2090, 1, 1)),
    measure=st.none() | st.sampled_from(get_args(NoteMeasure)), state=st.sampled_from(get_args(NoteState)),
    votes=st.integers(0, 99),
)  # fmt: skip
ITEM = Note(
    id="2025-05-20-abc123", at=datetime(2025, 5, 20, 9, tzinfo=UTC), stage="Approval, final", text="=Hire; *one*",
    who="head of sales", due=date(2025, 7, 31), expected="two days less", state="begun", said=NOW, votes=3,
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.lists(NOTES, max_size=4, unique_by=lambda note: note.id))
def test_what_is_written_is_read_again_whole(notes: list[Note]) -> None:
    for tracker in get_args(Tracker):
        assert notes_of_csv(csv_of(notes, tracker, EN), "x.csv", {}, NOW, NOW) == notes
    assert notes_of_ics(ics_of(notes, EN), "x.ics", {}, NOW, NOW) == notes


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from(";,|\t\n\r\"' =+-@1a")))
def test_no_cell_is_a_formula_and_each_is_had_back(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert defused(guarded(text)) == guarded(text)


@pytest.mark.parametrize(
    ("tracker", "heads", "state"),
    [
        ("gitlab", ["title", "description", "due_date"], "open"),
        ("github", ["title", "description", "due_date"], "open"),
        ("jira", ["Summary", "Description", "Due Date"], "In Progress"),
    ],
)
def test_a_tracker_finds_its_columns(tracker: Tracker, heads: list[str], state: str) -> None:
    head, row = csv.reader(io.StringIO(csv_of([ITEM], tracker, EN), newline=""))
    assert head[:3] == heads
    assert (row[0], row[2], row[5]) == ("'=Hire; *one*", "2025-07-31", state)
    assert row[1].splitlines() == ["Approval, final", "2025-05-20 11:00", "expected: two days less"]
    assert all(re.fullmatch(r"[\w ]+", name) for name in head)


def test_what_was_done_there_is_known_here(tmp_path: Path) -> None:
    folder = tmp_path / "plant.notes"
    add_note(folder, ITEM)
    text = csv_of([ITEM], "gitlab", EN).replace(",open,", ",closed,")
    (tmp_path / "a.csv").write_text(text, encoding="utf-8", newline="")
    (tmp_path / "b.csv").write_text("Issue ID,Title,State,Due Date\n7,Call them,Open,2026-02-03\n", encoding="utf-8")
    for name, counts in (("a.csv", (0, 1, 0)), ("b.csv", (1, 0, 0)), ("b.csv", (0, 0, 1)), ("a.csv", (0, 0, 1))):
        notes = read_file(tmp_path / name, read_notes(folder).note, NOW)
        assert take_notes(folder, notes) == counts, name
    other, mine = sorted(read_notes(folder).note, key=lambda note: note.text != "Call them")
    assert mine == ITEM.model_copy(update={"state": "done"})
    assert (other.due, other.at, other.state) == (date(2026, 2, 3), NOW, "open")


SAME = "title,description,state\nFix form,a,open\nFix form,b,closed\nFix form,c,open\n"
TASK = "BEGIN:VTODO\nUID:weekly\nSUMMARY:Tidy up\n{again}STATUS:{state}\nEND:VTODO\n"
AGAIN = "BEGIN:VCALENDAR\n" + "".join(
    TASK.format(again=again, state=state)
    for again, state in (
        ("RRULE:FREQ=WEEKLY\n", "NEEDS-ACTION"), ("RECURRENCE-ID:20260105\n", "COMPLETED"),
        ("RECURRENCE-ID:20260112\n", "NEEDS-ACTION"),
    )
) + "END:VCALENDAR\n"  # fmt: skip


@pytest.mark.parametrize(("name", "text", "of_each"), [
    ("a.csv", SAME, ["done", "open", "open"]),
    ("a.ics", AGAIN, ["done", "open", "open"]),
    ("a.ics", AGAIN.replace("RECURRENCE-ID", "X-ID"), ["done", "open", "open"]),
    ("a.ics", AGAIN.replace("UID:weekly\n", ""), ["done", "open", "open"]),
])  # fmt: skip
def test_rows_that_are_called_the_same_are_each_kept(tmp_path: Path, name: str, text: str, of_each: list[str]) -> None:
    folder = tmp_path / "plant.notes"
    (tmp_path / name).write_text(text, encoding="utf-8")
    for counts in ((3, 0, 0), (0, 0, 3)):
        assert take_notes(folder, read_file(tmp_path / name, read_notes(folder).note, NOW)) == counts
        assert sorted(note.state for note in read_notes(folder).note) == of_each


@pytest.mark.parametrize(("ending", "place"), [("csv", "line 7"), ("ics", "to-do 2")])
def test_a_note_of_ours_that_is_there_twice_is_refused_with_its_place(tmp_path: Path, ending: str, place: str) -> None:
    path = tmp_path / f"a.{ending}"
    twice = [ITEM.model_copy(update={"text": text}) for text in ("one", "two")]
    write_notes(twice, {}, path, "gitlab", EN)
    with pytest.raises(InputError, match=f"{place}.*twice"):
        read_file(path, (), NOW)
    with pytest.raises(InputError, match="twice"):
        take_notes(tmp_path / "plant.notes", twice)
    assert read_notes(tmp_path / "plant.notes").note == ()


def test_no_note_is_called_what_is_never_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(csv_of([ITEM], "gitlab", EN).replace(ITEM.id, ".hidden"), encoding="utf-8", newline="")
    with pytest.raises(InputError, match="no name"):
        read_file(path, (), NOW)
    calendar = ics_of([ITEM], EN).replace(ITEM.id, ".hidden")
    [note] = notes_of_ics(calendar, "x.ics", {}, NOW, NOW)
    assert note.id.startswith("imported-")


def test_many_are_taken_in_with_each_file_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "plant.notes"
    notes = [ITEM.model_copy(update={"id": f"n{k}", "text": f"item {k}"}) for k in range(30)]
    assert take_notes(folder, notes) == (30, 0, 0)
    read: list[Path] = []
    real = noting.notes_in

    def counted(path: Path) -> Notes:
        read.append(path)
        return real(path)

    monkeypatch.setattr(noting, "notes_in", counted)
    more = [ITEM.model_copy(update={"id": f"m{k}"}) for k in range(10)]
    done = [note.model_copy(update={"state": "done"}) for note in notes[:5]]
    assert take_notes(folder, [*more, *done, *notes[5:]]) == (10, 5, 25)
    assert len(read) == 31 + 5, "all and the file beside, and each that changes before it is written"
    assert {note.id: note.state for note in read_notes(folder).note if note.state == "done"} == {
        note.id: "done" for note in done
    }


@pytest.mark.parametrize(
    ("due", "zone", "day"),
    [
        ("DUE:20260731T220000Z", "Europe/Berlin", date(2026, 8, 1)),
        ("DUE:20260731T220000Z", "UTC", date(2026, 7, 31)),
        ("DUE:20260801T030000Z", "America/New_York", date(2026, 7, 31)),
        ("DUE;TZID=America/New_York:20260731T220000", "Europe/Berlin", date(2026, 8, 1)),
        ("DUE;TZID=Somewhere:20260731T220000", "Europe/Berlin", date(2026, 7, 31)),
        ("DUE:20260731T235900", "Asia/Tokyo", date(2026, 7, 31)),
        ("DUE;VALUE=DATE:20260731", "Asia/Tokyo", date(2026, 7, 31)),
    ],
)
def test_a_due_moment_is_a_day_of_the_plant(due: str, zone: str, day: date) -> None:
    text = f"BEGIN:VCALENDAR\nBEGIN:VTODO\nSUMMARY:x\n{due}\nEND:VTODO\nEND:VCALENDAR\n"
    [note] = notes_of_ics(text, "x.ics", {}, NOW, NOW, ZoneInfo(zone))
    assert note.due == day


def test_a_calendar_is_as_the_standard_has_it() -> None:
    text = ics_of([ITEM.model_copy(update={"text": "ä" * 90 + ";"})], EN)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    lines = text.replace("\r\n ", "").splitlines()
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    for line in (f"SUMMARY:{'ä' * 90}\\;", "DUE;VALUE=DATE:20250731", "STATUS:IN-PROCESS", "UID:2025-05-20-abc123",
                 "CATEGORIES:Approval\\, final", "DTSTAMP:20260101T000000Z"):  # fmt: skip
        assert line in lines


def test_to_dos_of_another_calendar_are_read() -> None:
    text = (
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:no\nEND:VEVENT\nBEGIN:VTODO\nUID:{a b}@x\nSUMMARY;LANGUAGE=en:Call\\n"
        " the\n  office\nDUE;TZID=Europe/Berlin:20260203T100000\nBEGIN:VALARM\nSUMMARY:ring\nEND:VALARM\n"
        "STATUS:COMPLETED\nEND:VTODO\nEND:VCALENDAR\n"
    )
    [note] = notes_of_ics(text, "x.ics", {}, NOW, NOW)
    assert (note.text, note.due, note.state, note.at) == ("Call the office", date(2026, 2, 3), "done", NOW)
    assert note.id.startswith("imported-")


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.csv", "a,b\n1,2\n", "title or Summary"),
        ("a.csv", "title,due_date\nx,soon\n", "line 2"),
        ("a.csv", 'title\n"a"b\n', "no CSV"),
        ("a.ics", "title\n", "no calendar"),
        ("a.ics", "BEGIN:VCALENDAR\nBEGIN:VTODO\nEND:VTODO\n", "to-do 1"),
        ("b.csv", "", "no such file"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(tmp_path: Path, name: str, text: str, words: str) -> None:
    (tmp_path / f"a{name[1:]}").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=words):
        read_file(tmp_path / name, (), NOW)


def test_other_endings_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.md, \.csv or \.ics"):
        write_notes([ITEM], {}, tmp_path / "a.doc", "jira", EN)
    with pytest.raises(UsageError, match=r"\.csv or an \.ics"):
        read_file(tmp_path / "a.md", (), NOW)


def test_markdown_is_a_list_to_tick_off() -> None:
    text = markdown_of([ITEM, ITEM.model_copy(update={"state": "done", "id": "b"})], {"b": "Less waiting."}, EN)
    lines = text.splitlines()
    assert lines[2] == "- [ ] =Hire; \\*one\\*"
    assert "  - due 31 July 2025" in lines
    assert lines[-1] == "  - Less waiting."
    assert text.count("- [x]") == 1
