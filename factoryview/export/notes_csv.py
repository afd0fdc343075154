"""Notes as CSV that GitHub, GitLab and Jira import, and read again, from here or from there.

GitLab takes `title`, `description` and `due_date`, tools for GitHub `labels`, `assignees` and `state`, too; Jira wants
a `Summary`. What none of them knows stands in columns of its own behind these, so that nothing is lost on the way back.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Container, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from factoryview.errors import InputError
from factoryview.language import Language
from factoryview.language.said import said
from factoryview.plant.notes import MOST_NOTES, Note, NoteState, parsed

Tracker = Literal["github", "gitlab", "jira"]
_HEADS: dict[Tracker, tuple[str, ...]] = {
    "gitlab": ("title", "description", "due_date", "labels", "assignees", "state"),
    "github": ("title", "description", "due_date", "labels", "assignees", "state"),
    "jira": ("Summary", "Description", "Due Date", "Labels", "Assignee", "Status"),
}
_OWN = ("id", "at", "stage", "expected", "measure", "progress", "said", "changed", "votes")
_STATES: dict[str, dict[NoteState, str]] = {
    "jira": {"open": "To Do", "begun": "In Progress", "done": "Done", "dropped": "Done"},
    "": {"open": "open", "begun": "open", "done": "closed", "dropped": "closed"},
}
_READ: dict[str, NoteState] = {
    "open": "open", "opened": "open", "to do": "open", "todo": "open", "new": "open", "backlog": "open",
    "in progress": "begun", "doing": "begun", "begun": "begun", "closed": "done", "done": "done", "resolved": "done",
    "dropped": "dropped", "cancelled": "dropped", "canceled": "dropped", "won't do": "dropped",
}  # fmt: skip
_OVER = ("done", "dropped")
_CALLED = {
    "text": ("title", "summary"),
    "due": ("due_date", "due date", "due"),
    "who": ("assignees", "assignee"),
    "is": ("state", "status"),
}
_FORMULA = re.compile(r"""(\A|[;,|\t\n\r]"*)(?=[ ']*[=+\-@\t\r])""")
_GUARDED = re.compile(r"""(\A|[;,|\t\n\r]"*)'(?=[ ']*[=+\-@\t\r])""")


def guarded(text: str) -> str:
    """The text so that a spreadsheet shows it instead of computing it; `unguarded` gives it back.

    >>> guarded("=1+1"), guarded("a; =b"), guarded("'=1")
    ("'=1+1", "a;' =b", "''=1")
    """
    return _FORMULA.sub(r"\1'", text)


def unguarded(text: str) -> str:
    """What `guarded` was given."""
    return _GUARDED.sub(r"\1", text)


def csv_of(notes: Sequence[Note], tracker: Tracker, language: Language) -> str:
    """The notes as that tracker imports them (RFC 4180, to be written in UTF-8)."""
    file = io.StringIO(newline="")
    rows = csv.writer(file, lineterminator="\r\n")
    rows.writerow((*_HEADS[tracker], *_OWN))
    for note in notes:
        kept = note.model_dump(mode="json")
        label = note.stage.replace(" ", "-") if tracker == "jira" else note.stage
        state = _STATES["jira" if tracker == "jira" else ""][note.state]
        shown = (note.text, described(note, language), kept["due"] or "", label, note.who, state)
        own = (str(kept["state" if name == "progress" else name] or "") for name in _OWN)
        rows.writerow([guarded(cell) for cell in (*shown, *own)])
    return file.getvalue()


def described(note: Note, language: Language) -> str:
    """Where and when it is pinned, and what is to come of it, in lines."""
    moment = note.at if note.at.tzinfo is None else note.at.astimezone(language.zone)
    lines = [note.stage, moment.strftime("%Y-%m-%d %H:%M")]
    if note.expected:
        lines.append(language.text("notes.expected", text=note.expected))
    return "\n".join(line for line in lines if line)


def notes_of_csv(text: str, place: str, known: Mapping[str, Note], at: datetime, now: datetime) -> list[Note]:
    """The notes of a file. known: by their names; of these the file need not say everything. at: where others are
    pinned of which it does not say it; now: when these were written down. Raises InputError with the line.
    """
    head = text.split("\n", 1)[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True)
    found: list[Note] = []
    taken: set[str] = set()
    try:
        names = [cell.strip().lower() for cell in next(rows, [])]
        if not any(name in names for name in _CALLED["text"]):
            raise InputError(said("error.no_title_column"), where=place, cure=said("error.begin_with_names"))
        for row in rows:
            if any(row):
                cells = {name: unguarded(cell) for name, cell in zip(names, row, strict=False)}
                where = said("error.place_line", place=place, line=rows.line_num)
                found += parsed({"note": [_tables(cells, known, at, now, taken)]}, where).note
                check_once(found[-1], taken, where)
            if len(found) > MOST_NOTES:
                raise InputError(
                    said("error.too_many_notes", most=MOST_NOTES), where=place, cure=said("error.split_it")
                )
    except csv.Error as error:
        where = said("error.place_line", place=place, line=rows.line_num)
        raise InputError(said("error.no_csv", why=error), where=where, cure=said("error.save_csv")) from None
    return found


def drawn_name(text: str, taken: Container[str]) -> str:
    """What a note from elsewhere is called, by what tells it from others; the second that has the same, otherwise.

    >>> drawn_name("Fix it", ()) == drawn_name("Fix it", ())
    True
    """
    number = 1
    while True:
        told = text if number == 1 else f"{text}\n{number}"
        name = f"imported-{hashlib.sha256(told.encode('utf-8', 'replace')).hexdigest()[:12]}"
        if name not in taken:
            return name
        number += 1


def check_once(note: Note, taken: set[str], where: str) -> None:
    """Keep the name of a note in `taken`. Raises InputError if another one of the file has it."""
    if note.id in taken:
        raise InputError(said("error.note_twice", name=note.id), where=where, cure=said("error.one_of_each"))
    taken |= {note.id} - {""}


def _tables(
    cells: Mapping[str, str], known: Mapping[str, Note], at: datetime, now: datetime, taken: Container[str]
) -> dict[str, Any]:
    """A note as its file has it. taken: names of others in the file."""

    def first(key: str) -> str:
        return next((cells[name] for name in _CALLED[key] if name in cells), "")

    said = _READ.get(first("is").strip().lower())
    own = _READ.get(cells.get("progress", ""))
    state = own if own is not None and (said is None or (said in _OVER) == (own in _OVER)) else said
    text = first("text")
    tables = {
        "id": cells.get("id", "") if "progress" in cells else drawn_name(text, taken),
        "text": text,
        "state": state,
        "votes": int(cells["votes"]) if re.fullmatch(r"[0-9]{1,9}", cells.get("votes", "")) else None,
        **{key: first(key) or None for key in ("who", "due")},
        **{key: cells.get(key) or None for key in ("at", "stage", "expected", "measure", "said", "changed")},
    }
    return completed(tables, cells, known, at, now)


def completed(
    tables: Mapping[str, Any], there: Container[str], known: Mapping[str, Note], at: datetime, now: datetime
) -> dict[str, Any]:
    """A note with what was known of it where the file has no place for that. there: the places that the file has."""
    old = known.get(tables["id"])
    before = {} if old is None else old.model_dump()
    kept = {key: value for key, value in before.items() if tables.get(key) is None and not any(
        name in there for name in (key, *_CALLED.get("is" if key == "state" else key, ())))}  # fmt: skip
    return {"at": at, "said": now, **kept, **{key: value for key, value in tables.items() if value is not None}}
