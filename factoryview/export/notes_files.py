"""Notes as files for people and other programs, and such files as notes again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from factoryview.errors import InputError, UsageError
from factoryview.export.markdown import escaped
from factoryview.export.notes_csv import Tracker, csv_of, notes_of_csv
from factoryview.export.notes_ics import ics_of, notes_of_ics
from factoryview.language import Language
from factoryview.language.said import said
from factoryview.output import replacing
from factoryview.plant.notes import Note

_MOST_BYTES = 16 * 2**20
_SIGNS = {"open": " ", "begun": " ", "done": "x", "dropped": "x"}


def write_notes(
    notes: Sequence[Note], became: Mapping[str, str], path: Path, tracker: Tracker, language: Language
) -> None:
    """Write them; the ending of the name decides the format: .md, .csv or .ics.

    became: note → what became of it, in words. Raises UsageError for another ending, InputError if that cannot be.
    """
    match path.suffix.lower():
        case ".md":
            text = markdown_of(notes, became, language)
        case ".csv":
            text = csv_of(notes, tracker, language)
        case ".ics":
            text = ics_of(notes, language)
        case _:
            raise UsageError(said("error.notes_format", name=path.name))
    try:
        with replacing(path) as beside:
            beside.write_bytes(text.encode())
    except OSError as error:
        raise InputError(said("error.notes_unwritten", why=error), where=str(path)) from error


def markdown_of(notes: Sequence[Note], became: Mapping[str, str], language: Language) -> str:
    """A list to be ticked off, each with what belongs to it."""
    lines = [f"# {language.text('report.items')}", ""]
    for note in notes:
        lines.append(f"- [{_SIGNS[note.state]}] {escaped(note.text)}")
        lines += [f"  - {escaped(part)}" for part in parts_of(note, language)]
        if note.id in became:
            lines.append(f"  - {escaped(became[note.id])}")
    return "\n".join([*lines, ""])


def parts_of(note: Note, language: Language, stage: str | None = None) -> list[str]:
    """What belongs to a note beside its text, in words: where, who, until when, what is to come of it, how far it is.

    stage: what the stage is called in that language.
    """
    say = language.text
    moment = note.at if note.at.tzinfo is None else note.at.astimezone(language.zone)
    place = [stage or note.stage, language.day(moment.date())]
    parts = [", ".join(part for part in place if part)]
    if note.who:
        parts.append(note.who)
    if note.due is not None:
        parts.append(say("notes.due", date=language.day(note.due)))
    if note.expected:
        parts.append(say("notes.expected", text=note.expected))
    if note.votes:
        parts.append(language.count("notes.votes", note.votes))
    if note.is_item or note.state != "open":
        parts.append(say(f"noted.{note.state}"))
    return parts


def read_file(path: Path, known: Sequence[Note], at: datetime, zone: tzinfo = UTC) -> list[Note]:
    """The notes of a .csv or .ics. known: those of the plant, of which the file need not say everything. at: where
    others are pinned of which it does not say it. zone: whose days are meant.

    Raises UsageError for another ending, InputError with the first mistake.
    """
    kind = path.suffix.lower()
    if kind not in (".csv", ".ics"):
        raise UsageError(said("error.notes_import", name=path.name))
    try:
        if not path.is_file():
            raise InputError(said("error.no_such_file"), where=str(path), cure=said("error.another_one"))
        if path.stat().st_size > _MOST_BYTES:
            raise InputError(said("error.notes_size"), where=str(path), cure=said("error.split_it"))
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(said("error.notes_unread", why=error), where=str(path), cure=said("error.save_utf")) from None
    now = datetime.now(UTC).replace(microsecond=0)
    before = {note.id: note for note in known}
    if kind == ".csv":
        return notes_of_csv(text, str(path), before, at, now)
    return notes_of_ics(text, str(path), before, at, now, zone)
