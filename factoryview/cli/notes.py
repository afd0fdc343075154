"""`notes`: what was noted and agreed of a plant, what became of it, and files of it for other programs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, get_args
from zoneinfo import ZoneInfo

import typer

from factoryview.cli.opening import check_free, language_for, open_input, report_guesses
from factoryview.cli.options import At, Input, InputOptions, Lang, check_length, named
from factoryview.errors import UsageError
from factoryview.export.notes_csv import Tracker
from factoryview.export.notes_files import parts_of, read_file, write_notes
from factoryview.factory.factory import Factory
from factoryview.flow.change.became import became_of
from factoryview.flow.change.records import records_of
from factoryview.flow.change.sentences import became_sentences, stage_label
from factoryview.language import Language
from factoryview.language.said import said
from factoryview.plant.checks import near
from factoryview.plant.notes import (
    LONGEST_EXPECTED,
    LONGEST_TEXT,
    LONGEST_WHO,
    Note,
    NoteMeasure,
    NoteState,
    notes_path,
    parsed,
    read_notes,
)
from factoryview.plant.noting import add_note, change_note, take_notes
from factoryview.plant.words import day_of
from factoryview.time import utc
from factoryview.view.moments import parse_moment


def notes(
    path: Input,
    *,
    add: Annotated[str | None, typer.Option("--add", help="Note something, or what is to be done.")] = None,
    stage: Annotated[str | None, typer.Option("--stage", help="The stage to which it is pinned.")] = None,
    at: At = None,
    who: Annotated[str, typer.Option("--who", help="Who does it: a role or a name.")] = "",
    due: Annotated[str | None, typer.Option("--due", help="Until when, 2026-07-31.")] = None,
    expect: Annotated[str, typer.Option("--expect", help="What is to come of it.")] = "",
    measure: Annotated[
        str | None, typer.Option("--measure", help="By what it is judged: waiting, work, throughput or losses.")
    ] = None,
    state: Annotated[
        tuple[str, str] | None, typer.Option("--state", help="A note and how far it is: open, begun, done or dropped.")
    ] = None,
    take: Annotated[Path | None, typer.Option("--import", help="Take in the notes of a .csv or .ics.")] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="A file: .md, .csv or .ics.")] = None,
    tracker: Annotated[str, typer.Option("--for", help="Who imports the .csv: gitlab, github or jira.")] = "gitlab",
    reading: InputOptions,
    lang: Lang = None,
) -> None:
    """Each on a line, with what became of what was due."""
    if add is None and (who or expect or stage is not None or due is not None or measure is not None):
        raise UsageError(said("error.needs_add"))
    check_length("--add", add and add.strip(), LONGEST_TEXT)
    check_length("--who", who.strip(), LONGEST_WHO)
    check_length("--expect", expect.strip(), LONGEST_EXPECTED)
    if tracker not in get_args(Tracker):
        raise UsageError(said("error.tracker_choice", tracker=tracker))
    if output is not None and output.suffix.lower() not in (".md", ".csv", ".ics"):
        raise UsageError(said("error.end_notes", output=output))
    if output is not None:
        check_free(output, path, reading)
    factory, folder = open_input(path, reading), notes_path(named(path))
    language = language_for(factory.plant, lang)
    first, last = factory.store.span()
    moment = parse_moment(at or "end", first, last, factory.plant.timezone)
    if add is not None:
        tables = {
            "at": utc(moment), "stage": _stage(stage, factory), "text": add.strip(), "who": who.strip(),
            "due": _day(due), "expected": expect.strip(), "measure": _measure(measure), "said": _now(),
        }  # fmt: skip
        add_note(folder, parsed({"note": [tables]}, "--add").note[0])
    if state is not None:
        changed = read_notes(folder).found(state[0])
        change_note(folder, changed.model_copy(update={"state": _state(state[1]), "changed": _now()}))
    if take is not None:
        read = read_file(take, read_notes(folder).note, utc(moment), ZoneInfo(factory.plant.timezone))
        new, other, same = take_notes(folder, read)
        print(language.text("notes.taken", new=new, changed=other, same=same))
    report_guesses(factory, lang)
    _tell(read_notes(folder).note, factory, language, output, tracker)  # type: ignore[arg-type]  # checked above


def _tell(kept: tuple[Note, ...], factory: Factory, language: Language, output: Path | None, tracker: Tracker) -> None:
    became = became_in_words(kept, factory, language)
    if output is not None:
        write_notes(kept, became, output, tracker, language)
        print(f"{output}: {language.count('notes.count', len(kept))}")
        return
    for note in kept:
        label = stage_label(note.stage, factory.plant, language) if note.stage else None
        print(f"{note.short}  {note.text}")
        print(f"        {' · '.join(parts_of(note, language, label))}")
        if note.id in became:
            print(f"        {became[note.id]}")
    if not kept:
        print(language.text("notes.none"))


def became_in_words(notes: tuple[Note, ...], factory: Factory, language: Language) -> dict[str, str]:
    """Note → what became of it, of those that were due."""
    if not any(note.due is not None for note in notes):
        return {}
    records = records_of(factory.store, factory.plant)
    found = {note.id: became_of(note, records, factory.gate) for note in notes}
    return {
        name: " ".join(became_sentences(became, factory.plant, language))
        for name, became in found.items()
        if became is not None
    }


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _stage(typed: str | None, factory: Factory) -> str:
    stages = [stage.name for stage in factory.plant.stages]
    if typed is None or typed in stages:
        return typed or ""
    raise UsageError(said("error.stage_typed", typed=typed, near=near(typed, stages)))


def _day(typed: str | None) -> date | None:
    try:
        return None if typed is None else day_of(typed)
    except ValueError:
        raise UsageError(said("error.due_day", typed=typed)) from None


def _measure(typed: str | None) -> str | None:
    if typed is not None and typed not in get_args(NoteMeasure):
        raise UsageError(said("error.measure_choice", typed=typed))
    return typed


def _state(typed: str) -> str:
    if typed not in get_args(NoteState):
        raise UsageError(said("error.state_choice", typed=typed))
    return typed
