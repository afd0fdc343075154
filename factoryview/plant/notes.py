"""What people answered to alarms and said of hours, kept in a file beside the plant: `PLANT.notes.toml`."""

from __future__ import annotations

import errno
import stat
import threading
import tomllib
from pathlib import Path
from typing import Literal

import tomli_w
from pydantic import Field, ValidationError, model_validator

from factoryview.errors import InputError
from factoryview.output import replacing
from factoryview.plant.complaints import complaint
from factoryview.plant.words import Day, Moment, Name, PlantModel

MOST_NOTES = 5_000
"""Notes in a file at most: each new one writes it whole."""
_WRITING = threading.Lock()
_NOT_THERE = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG)
Answered = Literal["seen", "worked on", "mended"]


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
    role: str = Field(default="", max_length=80)
    """Who works on it: a role, never a person."""
    measure: str = Field(default="", max_length=120)
    """What is done."""
    until: Day | None = None
    """The last day on which it is being worked on; after it the alarm is overdue."""

    @model_validator(mode="after")
    def _has_an_end(self) -> Answer:
        if self.state == "worked on" and self.until is None:
            raise ValueError('what is "worked on" needs a day: until = 2026-07-31')
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


class Notes(PlantModel):
    """A file of notes."""

    alarm: tuple[Answer, ...] = ()
    reason: tuple[HourReason, ...] = ()


def notes_path(path: Path) -> Path:
    """The file beside a plant, a log or a store."""
    return path.with_name(f"{path.stem if path.suffix == '.toml' else path.name}.notes.toml")


def read_notes(path: Path) -> Notes:
    """The notes of a file; none where there is no such file. Raises InputError with the first mistake."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise InputError("This is not an ordinary file.", where=str(path), cure="Remove it.")
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        if isinstance(error, OSError) and error.errno in _NOT_THERE:
            return Notes()
        raise InputError(f"The notes cannot be read: {error}.", where=str(path), cure="Save it as UTF-8.") from None
    try:
        return Notes.model_validate(tomllib.loads(text))
    except ValidationError as error:
        misfit = complaint(Notes, error.errors(include_url=False)[0])
        place = ".".join(str(part) for part in misfit.path)
        raise InputError(misfit.found, where=f"{path}, {place}", cure=misfit.cure) from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"This is no TOML: {error}.", where=str(path), cure="Mend it, or remove the file.") from None


def add_answer(path: Path, answer: Answer) -> Notes:
    """Write one more answer, the file whole or not at all. Raises InputError."""
    return _add(path, Notes(alarm=(answer,)))


def add_reason(path: Path, reason: HourReason) -> Notes:
    """Write one more reason, the file whole or not at all. Raises InputError."""
    return _add(path, Notes(reason=(reason,)))


def _add(path: Path, more: Notes) -> Notes:
    with _WRITING:
        before = read_notes(path)
        notes = Notes(alarm=before.alarm + more.alarm, reason=before.reason + more.reason)
        if len(notes.alarm) + len(notes.reason) > MOST_NOTES:
            raise InputError(
                f"There are {MOST_NOTES:,} notes already.", where=str(path), cure="Move old ones to another file."
            )
        rows = notes.model_dump(exclude_defaults=True)
        try:
            with replacing(path) as beside:
                beside.write_bytes(tomli_w.dumps(rows).encode())
        except OSError as error:
            raise InputError(
                f"The notes cannot be written: {error.strerror}.",
                where=str(path),
                cure="Choose a folder that may be written to.",
            ) from error
    return notes
