"""What people wrote of a plant: notes and action items, answers to alarms, reasons of hours; `noting` writes them.

Each stands in a small file of its own in a folder beside the plant, `PLANT.notes/`, so that what two people write apart
merges in git unless both touch the same one. A file `PLANT.notes.toml` with many is read, too.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationError, model_validator

from factoryview.errors import InputError
from factoryview.language.said import also, said
from factoryview.plant.complaints import complaint
from factoryview.plant.words import Day, Moment, Name, PlantModel

MOST_NOTES = 5_000
"""Notes of a plant at most."""
LONGEST_ROLE, LONGEST_MEASURE = 80, 120
"""Characters of an answer to an alarm."""
LONGEST_TEXT, LONGEST_WHO, LONGEST_EXPECTED = 240, 80, 120
"""Characters of a note."""
_NOT_THERE = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG)
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
Answered = Literal["seen", "worked on", "mended"]
NoteState = Literal["open", "begun", "done", "dropped"]
NoteMeasure = Literal["waiting", "work", "throughput", "losses"]


def _one_line(text: str) -> str:
    if _UNSEEN.search(text):
        raise ValueError(said("error.note_line"), said("error.no_breaks"))
    return text


def is_name(text: str) -> bool:
    """Whether a note can be called that: it names a file, and one that is seen."""
    return re.fullmatch(r"(?!\.)[\w.+-]{1,80}", text) is not None


def _file_name(name: str) -> str:
    if name and not is_name(name):
        raise ValueError(said("error.no_note_name", name=name), said("error.note_letters"))
    return name


Line = Annotated[str, AfterValidator(_one_line)]


class Answer(PlantModel):
    """What somebody said of an alarm. It holds for the alarm of that stage that goes on when it is said."""

    stage: Name
    """Whose alarm."""
    kind: Literal["jam", "left lying"] = "jam"
    """Cases that wait, or cases that nobody works on any more."""
    state: Answered
    """What is done about it."""
    said: Moment
    """When, in the time of the log: a picture of an earlier moment does not know it."""
    role: str = Field(default="", max_length=LONGEST_ROLE)
    """Who works on it: a role, never a person."""
    measure: str = Field(default="", max_length=LONGEST_MEASURE)
    """What is done."""
    until: Day | None = None
    """The last day on which it is being worked on; after it the alarm is overdue."""

    @model_validator(mode="after")
    def _has_an_end(self) -> Answer:
        if self.state == "worked on" and self.until is None:
            raise ValueError(said("error.needs_day"))
        return self


class HourReason(PlantModel):
    """Why an hour brought what it brought, for the board that goes hour by hour. The last one said of an hour holds."""

    day: Day
    """In the plant's time zone."""
    hour: int = Field(ge=0, le=23, strict=True)
    """Of the plant's local day: 14 is 14:00 to 15:00."""
    text: str = Field(min_length=1, max_length=120)
    """The reason."""
    said: Moment
    """When, in the time of the log."""


class Note(PlantModel):
    """Something noted at a moment of the log; an action item, where it says who does it or until when."""

    id: Annotated[str, AfterValidator(_file_name)] = Field(default="", max_length=80)
    """Its name, in letters, digits, `-`, `_`, `.` and `+`, with no `.` first; that of its file, if left out."""
    at: Moment
    """The moment in the log to which it is pinned."""
    stage: Line = Field(default="", max_length=200)
    """The stage to which it is pinned; empty: the whole plant."""
    text: Line = Field(min_length=1, max_length=LONGEST_TEXT)
    """What is noted, or to be done."""
    who: Line = Field(default="", max_length=LONGEST_WHO)
    """Who does it: a role or a name."""
    due: Day | None = None
    """Until when, in the plant's time zone: what became of it is told from the day after."""
    expected: Line = Field(default="", max_length=LONGEST_EXPECTED)
    """What is to come of it, in words."""
    measure: NoteMeasure | None = None
    """By which figure of the stage it is judged; left out: by each."""
    state: NoteState = "open"
    """How far it is."""
    said: Moment
    """When it was written down."""
    changed: Moment | None = None
    """When its state was last changed."""
    votes: int = Field(default=0, ge=0, le=10_000, strict=True)
    """Votes it was given in the meeting."""

    @property
    def short(self) -> str:
        """Its name as people type it: the end of it."""
        return self.id.rpartition("-")[2]

    @property
    def is_item(self) -> bool:
        """Somebody is to do something."""
        return bool(self.who) or self.due is not None


class Notes(PlantModel):
    """What people wrote of a plant."""

    note: tuple[Note, ...] = ()
    alarm: tuple[Answer, ...] = ()
    reason: tuple[HourReason, ...] = ()

    def found(self, name: str) -> Note:
        """The note of that name, or with that begin or end of it. Raises InputError where it is none or several."""
        exact = [note for note in self.note if name == note.id]
        like = [note for note in self.note if name and (note.id.startswith(name) or note.id.endswith(name))]
        if len(exact or like) != 1:
            there = ", ".join(note.short for note in self.note) or said("reading.none")
            what = said("error.several_notes" if like else "error.no_note", name=name)
            raise InputError(what, cure=said("error.there_is", there=there))
        return (exact or like)[0]


def notes_path(path: Path) -> Path:
    """The folder beside a plant, a log or a store."""
    return path.with_name(f"{path.stem if path.suffix == '.toml' else path.name}.notes")


def together_path(folder: Path) -> Path:
    """The file of many notes that is read with a folder of notes."""
    return folder.with_name(f"{folder.name}.toml")


def read_notes(folder: Path) -> Notes:
    """The notes of a folder, and of the file beside it, in the order in which they were written; none where there is
    neither. Raises InputError with the first mistake.
    """
    parts = [named(notes_in(file), file) for file in (together_path(folder), *files_of(folder))]
    return Notes(
        note=tuple(note for part in parts for note in part.note),
        alarm=tuple(answer for part in parts for answer in part.alarm),
        reason=tuple(reason for part in parts for reason in part.reason),
    )


def files_of(folder: Path) -> Iterator[Path]:
    """The files of a folder of notes, in the order of their names; none where there is no folder. Raises InputError."""
    try:
        names = sorted(os.listdir(folder))
    except OSError as error:
        if error.errno == errno.ENOTDIR and folder.exists():
            raise InputError(said("error.no_folder"), where=str(folder), cure=said("error.remove_it")) from None
        if error.errno in _NOT_THERE:
            return
        raise InputError(
            said("error.notes_not_read", why=error), where=str(folder), cure=said("error.let_read")
        ) from None
    for name in names:
        if name.endswith(".toml") and not name.startswith("."):
            yield folder / name


def notes_in(path: Path) -> Notes:
    """The notes of a file as they stand there; none where there is no such file. Raises InputError."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise InputError(said("error.not_ordinary"), where=str(path), cure=said("error.remove_it"))
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        if isinstance(error, OSError) and error.errno in _NOT_THERE:
            return Notes()
        raise InputError(
            said("error.notes_not_read", why=error), where=str(path), cure=said("error.save_utf")
        ) from None
    if not text:  # nobody writes such a file: a disk lost what stood there, and no note may vanish unsaid
        raise InputError(said("error.note_lost"), where=str(path), cure=said("error.restore_note"))
    try:
        return parsed(tomllib.loads(text), str(path))
    except (ValueError, RecursionError) as error:
        cure = said("error.mend_notes")
        if re.search(r"^(<{7}|>{7}) ", text, re.M):
            cure = said("error.git_conflict")
        raise InputError(said("error.note_no_toml", why=error), where=str(path), cure=cure) from None


def parsed(tables: dict[str, Any], place: str) -> Notes:
    """The notes of tables as a file has them. place: where they stand. Raises InputError with the first mistake."""
    try:
        return Notes.model_validate(tables)
    except ValidationError as error:
        misfit = complaint(Notes, error.errors(include_url=False)[0])
        inside = ".".join(str(part) for part in misfit.path)
        raise InputError(misfit.found, where=also([place, inside]), cure=misfit.cure) from None


def named(notes: Notes, file: Path) -> Notes:
    """The same, each note with its name."""
    if all(note.id for note in notes.note):
        return notes
    alone = len(notes.note) == 1
    return notes.model_copy(
        update={
            "note": tuple(
                note if note.id else note.model_copy(update={"id": file.stem if alone else f"{file.stem}-{k}"})
                for k, note in enumerate(notes.note, start=1)
            )
        }
    )
