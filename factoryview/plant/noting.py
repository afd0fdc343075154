"""Writing what people say of a plant: each into a small file of its own, whole or not at all, never over another."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import tomli_w

from factoryview.errors import InputError
from factoryview.language.said import said
from factoryview.output import creating, replacing
from factoryview.plant.notes import (
    MOST_NOTES,
    Answer,
    HourReason,
    Note,
    Notes,
    files_of,
    is_name,
    named,
    notes_in,
    read_notes,
    together_path,
)

_WRITING = threading.Lock()


def add_answer(folder: Path, answer: Answer) -> Notes:
    """Write one more answer. Raises InputError."""
    return _add(folder, Notes(alarm=(answer,)))


def add_reason(folder: Path, reason: HourReason) -> Notes:
    """Write one more reason. Raises InputError."""
    return _add(folder, Notes(reason=(reason,)))


def add_note(folder: Path, note: Note) -> Notes:
    """Write one more note; where it has no name, it gets one. Raises InputError, also where one has its name."""
    return _add(folder, _alone(note), note.id)


def change_note(folder: Path, note: Note) -> Notes:
    """Write a note that is there already as it is now, into the file it was read from; what else stands there stays.

    Raises InputError if it has no file in the folder.
    """
    with _WRITING:
        for file in sorted(files_of(folder), key=lambda file: file.stem != note.id):
            if any(each.id == note.id for each in named(notes_in(file), file).note):
                _change(file, note)
                return read_notes(folder)
    raise _without_file(folder, note)


def take_notes(folder: Path, notes: Sequence[Note]) -> tuple[int, int, int]:
    """Add those that are new and change those that are otherwise now; how many were new, changed, and as they are.

    Raises InputError, as far as can be known before anything is written.
    """
    names = [note.id for note in notes if note.id]
    for name in names:
        if names.count(name) > 1:
            raise InputError(said("error.note_twice", name=name), cure=said("error.one_of_each"))
    with _WRITING:
        own = {note.id: (file, note) for file in files_of(folder) for note in named(notes_in(file), file).note}
        together = together_path(folder)
        known = {note.id: note for note in named(notes_in(together), together).note}
        known |= {name: note for name, (_, note) in own.items()}
        new = [note for note in notes if note.id not in known]
        changed = [note for note in notes if note.id in known and note != known[note.id]]
        for note in changed:
            if note.id not in own:
                raise _without_file(folder, note)
        _make_room(folder, len(new))
        for note in new:
            _create(folder, _alone(note), note.id)
        for note in changed:
            _change(own[note.id][0], note)
    return len(new), len(changed), len(notes) - len(new) - len(changed)


def _add(folder: Path, more: Notes, name: str = "") -> Notes:
    with _WRITING:
        _make_room(folder, 1)
        _create(folder, more, name)
    return read_notes(folder)


def _alone(note: Note) -> Notes:
    """A file of its own, by whose name it is called."""
    if note.id and not is_name(note.id):
        raise InputError(said("error.no_note_name", name=note.id), cure=said("error.note_letters"))
    return Notes(note=(note.model_copy(update={"id": ""}),))


def _make_room(folder: Path, more: int) -> None:
    """A folder that takes so many more files."""
    if more and sum(1 for _ in files_of(folder)) + more > MOST_NOTES:
        raise InputError(said("error.notes_full", most=MOST_NOTES), where=str(folder), cure=said("error.move_old"))
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise _unwritten(folder, error) from error


def _create(folder: Path, notes: Notes, name: str) -> None:
    path = folder / f"{name or new_name()}.toml"
    try:
        with creating(path) as beside:
            beside.write_bytes(_bytes(notes))
    except FileExistsError:
        raise InputError(said("error.note_there", name=name), where=str(path), cure=said("error.other_note")) from None
    except OSError as error:
        raise _unwritten(path, error) from error


def _change(file: Path, note: Note) -> None:
    """Write a note of a file as it is now."""
    there = notes_in(file)
    place = [each.id for each in named(there, file).note].index(note.id)
    kept = list(there.note)
    kept[place] = note.model_copy(update={"id": kept[place].id})
    try:
        with replacing(file) as beside:
            beside.write_bytes(_bytes(there.model_copy(update={"note": tuple(kept)})))
    except OSError as error:
        raise _unwritten(file, error) from error


def _without_file(folder: Path, note: Note) -> InputError:
    cure = said("error.change_there", name=note.id)
    return InputError(said("error.note_without_file"), where=str(folder), cure=cure)


def _unwritten(path: Path, error: OSError) -> InputError:
    return InputError(said("error.notes_not_written", why=error), where=str(path), cure=said("error.other_writable"))


def _bytes(notes: Notes) -> bytes:
    return tomli_w.dumps(notes.model_dump(exclude_defaults=True)).encode()


def new_name() -> str:
    """Day and time of writing, so that the names are in order, and something drawn, so that two people's are two."""
    return f"{datetime.now(UTC):%Y-%m-%d-%H%M%S%f}-{secrets.token_hex(3)}"
