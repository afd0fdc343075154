"""Notes in the window: what is typed in one line becomes a note where one is; the list of notes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

from factoryview.app.session import Session
from factoryview.errors import InputError
from factoryview.export.notes_files import parts_of
from factoryview.flow.change.sentences import stage_label
from factoryview.language import Language
from factoryview.language.said import said
from factoryview.plant.models import Plant
from factoryview.plant.notes import Note, Notes, NoteState, parsed
from factoryview.plant.noting import add_note, change_note
from factoryview.plant.words import day_of
from factoryview.scene.chrome.dialog import Row
from factoryview.scene.ui.node import Action
from factoryview.time import utc
from factoryview.view.presentation import Presentation
from factoryview.view.ticks import micros

_PARTS = re.compile(r"(?:\A|\s+)([@!=])(?=\S)")
_FIELDS = {"@": "who", "!": "due", "=": "expected"}


def typed_note(line: str) -> dict[str, str]:
    """The fields of a note in a line like `Hire one @sales !2026-07-31 =two days less`.

    >>> typed_note("Hire one! @head of sales !2026-07-31")
    {'text': 'Hire one!', 'who': 'head of sales', 'due': '2026-07-31'}
    """
    text, *rest = _PARTS.split(line.strip())
    found = {"text": text.strip()}
    for sign, value in zip(rest[::2], rest[1::2], strict=True):
        found[_FIELDS[sign]] = value.strip()
    return found


def note_of(line: str, at: int, stage: str, now: datetime) -> Note:
    """What was typed as a note at a moment (µs UTC) and a stage. Raises InputError."""
    fields = typed_note(line)
    if "due" in fields:
        try:
            day_of(fields["due"])
        except ValueError:
            raise InputError(said("error.no_day", day=fields["due"]), cure=said("error.due_like")) from None
    tables = {**fields, "at": utc(at), "stage": stage, "said": now}
    return parsed({"note": [tables]}, "").note[0]


def written(folder: Path, line: str, at: int, stage: str) -> Notes:
    """Write what was typed into a folder of notes. Raises InputError."""
    return add_note(folder, note_of(line, at, stage, _now()))


def with_next_state(folder: Path, note: Note) -> Notes:
    """Write a note with the state that follows its own. Raises InputError."""
    states: Sequence[NoteState] = get_args(NoteState)
    state = states[(states.index(note.state) + 1) % len(states)]
    return change_note(folder, note.model_copy(update={"state": state, "changed": _now()}))


def stage_chosen(session: Session, shown: Presentation) -> str:
    """The stage to which a note is pinned: the one that was chosen; empty where none is."""
    name = session.selection.removeprefix("stage/")
    return name if name != session.selection and shown.model.factory.plant.stage(name) is not None else ""


def noting_rows(session: Session, shown: Presentation) -> Sequence[Row]:
    """What the dialogs of notes show below their entry."""
    if session.dialog == "note":
        stage, language = stage_chosen(session, shown), shown.language
        label = stage_label(stage, shown.model.factory.plant, language) if stage else ""
        return typed_rows(session.typed, session.playhead.at, label, language)
    return [row for _, row in listed_notes(session, shown)] if session.dialog == "notes" else ()


def listed_notes(session: Session, shown: Presentation) -> list[tuple[Note, Row]]:
    """The notes that the list shows, with their rows."""
    factory = shown.model.factory
    return note_rows(factory.notes.note, session.typed, factory.plant, shown.language)


def typed_rows(line: str, at: int, stage: str, language: Language) -> list[Row]:
    """What the line will become: where it is pinned, and each part under its name."""
    fields, say = typed_note(line), language.text
    place = ", ".join(part for part in (stage, language.date(at, "date.long")) if part)
    rows = [Row("place", place, say("noting.place"))]
    return rows + [
        Row(name, fields[name], say(f"noting.{name}")) for name in ("who", "due", "expected") if name in fields
    ]


def note_rows(notes: Sequence[Note], typed: str, plant: Plant, language: Language) -> list[tuple[Note, Row]]:
    """The notes that have every typed word, the latest first; choosing one goes to its moment and stage."""
    wanted, found = typed.casefold().split(), []
    for note in sorted(notes, key=lambda each: micros(each.at, language), reverse=True):
        label = stage_label(note.stage, plant, language) if note.stage else None
        parts = parts_of(note, language, label)
        said = " · ".join([note.text, *parts])
        if all(word in said.casefold() for word in wanted):
            node = f"stage/{note.stage}" if note.stage else ""
            state = language.text(f"noted.{note.state}") if note.is_item or note.state != "open" else ""
            action = Action("note_at", (micros(note.at, language), node))
            words = " · ".join([note.text, *(parts[:-1] if state else parts)])
            found.append((note, Row(note.id, words, state, action)))
    return found


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
