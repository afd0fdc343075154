"""Notes as iCalendar (RFC 5545): one VTODO for each, and read again, from here or from a calendar."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from factoryview.errors import InputError
from factoryview.export.notes_csv import completed
from factoryview.language import Language
from factoryview.language.said import said
from factoryview.plant.notes import MOST_NOTES, Note, NoteState, parsed

_STATUS: dict[NoteState, str] = {
    "open": "NEEDS-ACTION", "begun": "IN-PROCESS", "done": "COMPLETED", "dropped": "CANCELLED",
}  # fmt: skip
_STATES = {status: state for state, status in _STATUS.items()}
_OWN = "X-FACTORYVIEW-"
_EXTRA = ("at", "stage", "expected", "measure", "said", "changed", "votes")
_PLACES = ("text", "who", "due", "state")
_LONGEST = 75
"""Octets of a line."""
_LINE = re.compile(r'([A-Za-z0-9-]+)((?:;[^":;]+(?:"[^"]*"[^":;]*)*)*):(.*)', re.S)


def ics_of(notes: Sequence[Note], language: Language) -> str:
    """The calendar, lines folded and ended as the standard has it (to be written in UTF-8)."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//factoryview//notes//EN"]
    for note in notes:
        lines += _todo(note, language)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _todo(note: Note, language: Language) -> Iterator[str]:
    kept = note.model_dump(mode="json")
    yield "BEGIN:VTODO"
    yield f"UID:{_escaped(note.id)}"
    yield f"DTSTAMP:{_stamp(note.changed or note.said, language)}"
    yield f"SUMMARY:{_escaped(note.text)}"
    if note.due is not None:
        yield f"DUE;VALUE=DATE:{note.due:%Y%m%d}"
    yield f"STATUS:{_STATUS[note.state]}"
    if note.state == "done":
        yield f"COMPLETED:{_stamp(note.changed or note.said, language)}"
    if note.stage:
        yield f"CATEGORIES:{_escaped(note.stage)}"
    if note.who:
        yield f"CONTACT:{_escaped(note.who)}"
    for name in _EXTRA:
        if kept[name] not in (None, "", 0):
            yield f"{_OWN}{name.upper()}:{_escaped(str(kept[name]))}"
    yield "END:VTODO"


def notes_of_ics(text: str, place: str, known: Mapping[str, Note], at: datetime, now: datetime) -> list[Note]:
    """The to-dos of a calendar; appointments in it are passed over. Otherwise as `notes_of_csv`. Raises InputError."""
    found: list[Note] = []
    todo: dict[str, str] | None = None
    depth = 0
    lines = re.sub(r"\r?\n[ \t]", "", text).splitlines()
    if not lines or lines[0].strip().upper() != "BEGIN:VCALENDAR":
        raise InputError(said("error.no_calendar"), where=place, cure=said("error.calendar_begin"))
    for line in lines:
        match = _LINE.fullmatch(line)
        if match is None:
            continue
        name, value = match[1].upper(), match[3]
        if (name, value.upper()) == ("BEGIN", "VTODO"):
            todo, depth = {}, 0
        elif todo is None:
            continue
        elif name == "BEGIN":
            depth += 1
        elif name == "END" and depth:
            depth -= 1
        elif name == "END":
            found += parsed(
                {"note": [_tables(todo, known, at, now)]}, said("error.place_todo", place=place, number=len(found) + 1)
            ).note
            todo = None
            if len(found) > MOST_NOTES:
                raise InputError(
                    said("error.too_many_notes", most=MOST_NOTES), where=place, cure=said("error.split_it")
                )
        elif not depth:
            todo.setdefault(name, value)
    return found


def _tables(todo: dict[str, str], known: Mapping[str, Note], at: datetime, now: datetime) -> dict[str, Any]:
    """A note as its file has it."""
    uid = _plain(todo.get("UID", ""))
    own = {name: _plain(todo.get(f"{_OWN}{name.upper()}", "")) for name in _EXTRA}
    text = re.sub(r"\s+", " ", _plain(todo.get("SUMMARY", ""))).strip() if not own["said"] else _plain(todo["SUMMARY"])
    tables = {
        "id": uid if re.fullmatch(r"[\w.+-]{1,80}", uid) else _drawn(uid or text),
        "text": text, "who": _plain(todo.get("CONTACT", "")) or None, "due": _day(todo.get("DUE", "")),
        "state": _STATES.get(todo.get("STATUS", "").strip().upper()),
        **{name: value or None for name, value in own.items() if name != "votes"},
        "stage": own["stage"] or _plain(todo.get("CATEGORIES", "")) or None,
        "votes": int(own["votes"]) if re.fullmatch(r"[0-9]{1,9}", own["votes"]) else None,
    }  # fmt: skip
    there = _PLACES if not own["said"] else (*_PLACES, *_EXTRA)
    return completed(tables, there, known, at, now)


def _drawn(text: str) -> str:
    return f"imported-{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:12]}"


def _day(value: str) -> date | str | None:
    """`20260731`, or the day of `20260731T160000Z`."""
    match = re.match(r"(\d{4})(\d{2})(\d{2})", value)
    return f"{match[1]}-{match[2]}-{match[3]}" if match else value or None


def _stamp(moment: datetime, language: Language) -> str:
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=language.zone)
    return f"{aware.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    return re.sub(r"([\\;,])", r"\\\1", text).replace("\n", "\\n")


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], text)


def _folded(line: str) -> str:
    """The line in parts of at most 75 octets; no letter is torn."""
    parts, part, size = [], "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > _LONGEST:
            parts.append(part)
            part, size = " ", 1
        part, size = part + letter, size + octets
    return "\r\n".join([*parts, part])
