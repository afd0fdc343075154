"""`answer`: what is done about an alarm, kept beside the plant; without an answer, the alarms of the moment."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from factoryview.cli.opening import language_for, open_input
from factoryview.cli.options import At, Input, InputOptions, Lang, check_length, named
from factoryview.errors import UsageError
from factoryview.factory.factory import Factory
from factoryview.flow.moment.life import AlarmState, alarms_at
from factoryview.flow.verdict.findings import findings_of
from factoryview.language import Language
from factoryview.language.said import said
from factoryview.plant.models import label_of
from factoryview.plant.notes import LONGEST_MEASURE, LONGEST_ROLE, Answer, Answered, notes_path
from factoryview.plant.noting import add_answer
from factoryview.plant.words import day_of
from factoryview.time import utc
from factoryview.view.moments import parse_moment


def answer(
    path: Input,
    *,
    stage: Annotated[str | None, typer.Option("--stage", help="The stage whose alarm is answered.")] = None,
    seen: Annotated[bool, typer.Option("--seen", help="Somebody knows of it.")] = False,
    until: Annotated[str | None, typer.Option("--until", help="It is worked on until that day, 2026-07-31.")] = None,
    mended: Annotated[bool, typer.Option("--mended", help="What was to be done is done.")] = False,
    role: Annotated[str, typer.Option("--role", help="Who works on it: a role, no name.")] = "",
    measure: Annotated[str, typer.Option("--measure", help="What is done about it.")] = "",
    at: At = None,
    reading: InputOptions,
    lang: Lang = None,
) -> None:
    """Of now, unless --at says so."""
    state = _state(stage, until, seen=seen, mended=mended)
    check_length("--role", role, LONGEST_ROLE)
    check_length("--measure", measure, LONGEST_MEASURE)
    factory = open_input(path, reading)
    language = language_for(factory.plant, lang)
    first, last = factory.store.span()
    moment = parse_moment(at or "end", first, last, factory.plant.timezone)
    jams = findings_of(factory.store, factory.plant).jams
    alarms = alarms_at(jams, factory.answers, moment, factory.plant.timezone)
    if state is not None and stage is not None:
        going = [each for each in alarms if each.stage == stage and each.state != "ended"]
        if not going:
            there = ", ".join(sorted({each.stage for each in alarms if each.state != "ended"})) or said("reading.none")
            raise UsageError(said("error.no_alarm_there", stage=stage, there=there))
        kind, day = going[0].kind, _day(until)
        answer = Answer(stage=stage, kind=kind, state=state, said=utc(moment), role=role, measure=measure, until=day)
        notes = add_answer(notes_path(named(path)), answer)
        alarms = alarms_at(jams, notes.alarm, moment, factory.plant.timezone)
    for each in alarms:
        print(_line(each, factory, language))
    if not alarms:
        print(language.text("alarm.none"))


def _state(stage: str | None, until: str | None, *, seen: bool, mended: bool) -> Answered | None:
    states = ("seen", seen), ("worked on", until is not None), ("mended", mended)
    named = [name for name, given in states if given]
    if len(named) > 1:
        raise UsageError(said("error.one_answer"))
    if bool(named) != (stage is not None):
        raise UsageError(said("error.answer_needs"))
    return named[0] if named else None  # type: ignore[return-value]  # one of the three names above


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return day_of(text)
    except ValueError:
        raise UsageError(said("error.until_day", text=text)) from None


def _line(alarm: AlarmState, factory: Factory, language: Language) -> str:
    """`Approval: worked on until 31 July 2026 · head of sales · fill the vacancy (since 7 April 2026)`."""
    known = factory.plant.stage(alarm.stage)
    label = label_of(known, language.code) if known is not None else alarm.stage
    until = "" if alarm.until is None else language.day(alarm.until)
    state = language.text(f"alarm.{alarm.state.replace(' ', '_')}", date=until)
    details = " · ".join(part for part in (state, alarm.role, alarm.measure) if part)
    since = language.text("alarm.since", date=language.date(alarm.since, "date.long"))
    kind = language.text("alarm.kind_jam" if alarm.kind == "jam" else "alarm.kind_left_lying")
    return f"{label}, {kind}: {details} ({since})"
