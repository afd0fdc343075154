"""Notes as iCalendar (RFC 5545): one VTODO for each, and read again, from here or from a calendar."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from factoryview.errors import InputError
from factoryview.export.notes_csv import check_once, completed, drawn_name
from factoryview.language import Language
from factoryview.language.said import said
from factoryview.plant.notes import MOST_NOTES, Note, NoteState, is_name, parsed

_STATUS: dict[NoteState, str] = {
    "open": "NEEDS-ACTION", "begun": "IN-PROCESS", "done": "COMPLETED", "dropped": "CANCELLED",
}  # fmt: skip
_STATES = {status: state for state, status in _STATUS.items()}
_OWN = "X-FACTORYVIEW-"
_EXTRA = ("at", "stage", "expected", "measure", "said", "changed", "votes")
_PLACES = ("text", "who", "due", "state")
_DUE_ZONE = "DUE;TZID"
"""Where the time zone of a due day is kept; no property is called like that."""
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


def notes_of_ics(
    text: str, place: str, known: Mapping[str, Note], at: datetime, now: datetime, zone: tzinfo = UTC
) -> list[Note]:
    """The to-dos of a calendar; appointments in it are passed over. zone: in which a moment falls on a day.

    Otherwise as `notes_of_csv`. Raises InputError with the number of the to-do.
    """
    found: list[Note] = []
    taken: set[str] = set()
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
            where = said("error.place_todo", place=place, number=len(found) + 1)
            tables = completed(*_tables(todo, taken, zone), known, at, now)
            found += parsed({"note": [tables]}, where).note
            check_once(found[-1], taken, where)
            todo = None
            if len(found) > MOST_NOTES:
                raise InputError(
                    said("error.too_many_notes", most=MOST_NOTES), where=place, cure=said("error.split_it")
                )
        elif not depth:
            todo.setdefault(name, value)
            if name == "DUE":
                todo.setdefault(_DUE_ZONE, _zone_named(match[2]))
    return found


def _tables(todo: dict[str, str], taken: Container[str], zone: tzinfo) -> tuple[dict[str, Any], Sequence[str]]:
    """A note as its file has it, and what there is a place for. taken: names of others in the file.

    A task that comes again and again is several, of one UID: each but the first has a RECURRENCE-ID.
    """
    uid, again = _plain(todo.get("UID", "")), todo.get("RECURRENCE-ID", "")
    own = {name: _plain(todo.get(f"{_OWN}{name.upper()}", "")) for name in _EXTRA}
    summary = _plain(todo.get("SUMMARY", ""))
    text = summary if own["said"] else re.sub(r"\s+", " ", summary).strip()
    is_ours = is_name(uid) and not again and (bool(own["said"]) or uid not in taken)
    tables = {
        "id": uid if is_ours else drawn_name(f"{uid or text}\n{again}" if again else uid or text, taken),
        "text": text, "who": _plain(todo.get("CONTACT", "")) or None,
        "due": _day(todo.get("DUE", ""), todo.get(_DUE_ZONE, ""), zone),
        "state": _STATES.get(todo.get("STATUS", "").strip().upper()),
        **{name: value or None for name, value in own.items() if name != "votes"},
        "stage": own["stage"] or _plain(todo.get("CATEGORIES", "")) or None,
        "votes": int(own["votes"]) if re.fullmatch(r"[0-9]{1,9}", own["votes"]) else None,
    }  # fmt: skip
    there = _PLACES if not own["said"] else (*_PLACES, *_EXTRA)
    return tables, there


def _zone_named(parameters: str) -> str:
    """The time zone in the parameters of a line, `;TZID=Europe/Berlin`."""
    match = re.search(r';TZID="?([^";]*)', parameters, re.I)
    return match[1] if match else ""


def _day(value: str, name: str, zone: tzinfo) -> date | str | None:
    """`20260731`; or the day on which `20260731T220000Z`, or that time in the zone of that name, is in the plant's."""
    match = re.match(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?", value)
    if match is None:
        return value or None
    written = f"{match[1]}-{match[2]}-{match[3]}"
    if match[4] is None or not (match[7] or name):
        return written
    try:
        there = UTC if match[7] else ZoneInfo(name)
        moment = datetime.fromisoformat(f"{written}T{match[4]}:{match[5]}:{match[6]}").replace(tzinfo=there)
        return moment.astimezone(zone).date()
    except (ZoneInfoNotFoundError, ValueError, OverflowError, OSError):  # a zone that its calendar describes itself
        return written


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
