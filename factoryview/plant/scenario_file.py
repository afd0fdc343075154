"""Scenario files: what is to be changed in a plant, and tried in a simulation before it is paid for. TOML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import time
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, model_validator

from factoryview.errors import UsageError
from factoryview.language.said import also, because, said
from factoryview.plant.checks import Misfit, entries
from factoryview.plant.complaints import complaint
from factoryview.plant.files import read_model, read_text
from factoryview.plant.models import Plant
from factoryview.plant.words import Day, Hour, Name, Number, PlantModel, Weekday, Whole

MOST_PEOPLE = 500
"""Who come or go at a stage at most."""
MOST_SCENARIOS = 12
"""More cannot be told apart on a front."""
Rule = Literal["first come", "shortest first", "highest value first", "random"]


class ChangePeople(PlantModel):
    """More or fewer people or robots at a stage, who do as much work as those who are there."""

    stage: Name
    """Where they work."""
    add: Whole = Field(ge=-MOST_PEOPLE, le=MOST_PEOPLE)
    """How many more; negative: fewer. They finish what they have begun."""
    kind: Literal["person", "robot"] = "person"
    """A robot costs and works like one more person here: say what it costs, and its pace with `work`."""
    since: Day | None = None
    """From that day on; absent: from the first day."""
    cost_per_hour: Number | None = Field(default=None, ge=0)
    """Of one of them in the plant's currency; absent: as those of the stage in the plant file."""
    once: Number = Field(default=0.0, ge=0)
    """What it costs once, like hiring and training."""


class ChangeRetirements(PlantModel):
    """People of a stage who leave over the years and are not replaced."""

    stage: Name
    """Where they work."""
    per_year: Number = Field(gt=0, le=MOST_PEOPLE)
    """How many a year, evenly; the first one leaves half an interval after the begin."""


class ChangeWork(PlantModel):
    """The work on a case of a stage takes longer or shorter."""

    stage: Name
    """Whose work."""
    factor: Number = Field(gt=0, le=100)
    """Times as long: 0.8 is a fifth less."""
    once: Number = Field(default=0.0, ge=0)
    """What it costs once, like a tool."""
    per_year: Number = Field(default=0.0, ge=0)
    """What it costs a year."""


class ChangeHours(PlantModel):
    """Other working hours, from the first day on."""

    stage: Name | None = None
    """Whose; absent: of the whole plant."""
    days: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")
    """On which days."""
    start: Hour
    """Begin of a working day."""
    end: Hour
    """Its end; not after the begin: on the next day."""


class ChangeSkip(PlantModel):
    """Cases that go past a stage without its work, like small offers that need no approval."""

    stage: Name
    """Past which."""
    below: Number | None = Field(default=None, gt=0)
    """Only cases of a smaller value; absent: whatever their value."""
    share: Number = Field(default=1.0, gt=0, le=1)
    """So many of them, drawn at random."""


class ChangeRoute(PlantModel):
    """Cases of a stage that are worked on by the people of another one."""

    stage: Name
    """Whose cases."""
    by: Name
    """Whose people."""
    share: Number = Field(default=1.0, gt=0, le=1)
    """So many of them, drawn at random."""


class ChangePriority(PlantModel):
    """Who is next at a stage."""

    stage: Name
    """Where."""
    rule: Rule
    """`first come`; `shortest first`, by the work on it; `highest value first`; `random`."""


class ChangeBatch(PlantModel):
    """Cases of a stage wait until so many are together, and then come before its people at once."""

    stage: Name
    """Whose cases."""
    size: Whole = Field(ge=1, le=1000)
    """So many; 1: each comes by itself, though they were worked on in batches until now."""


class ChangeLimit(PlantModel):
    """A limit to what waits before a stage: the stages before it begin nothing for which there would be no room."""

    stage: Name
    """On the belts that lead to it."""
    most: Whole = Field(ge=1, le=10000)
    """So many at most: those that wait there, and those that are being worked on to go there next."""


class ChangeLosses(PlantModel):
    """A leak that is mended: cases that were lost at a stage go on as others of it did."""

    stage: Name
    """Where they were lost."""
    factor: Number = Field(ge=0, lt=1)
    """So many are still lost: 0.5 is half of them, 0 none."""
    once: Number = Field(default=0.0, ge=0)
    """What it costs once."""
    per_year: Number = Field(default=0.0, ge=0)
    """What it costs a year."""


class ChangeArrivals(PlantModel):
    """More or fewer cases that come in."""

    channel: Name | None = None
    """By which channel; absent: by all."""
    factor: Number = Field(ge=0, le=20)
    """Times as many."""
    per_year: Number = Field(default=0.0)
    """What it costs a year; negative: what it saves."""


class Changes(PlantModel):
    """What is changed in a plant."""

    name: str = Field(default="", max_length=80)
    """What people call it."""
    people: tuple[ChangePeople, ...] = ()
    """People or robots more or fewer."""
    retire: tuple[ChangeRetirements, ...] = ()
    """People who leave over the years."""
    work: tuple[ChangeWork, ...] = ()
    """Work that takes longer or shorter."""
    hours: tuple[ChangeHours, ...] = ()
    """Other working hours."""
    skip: tuple[ChangeSkip, ...] = ()
    """Cases that go past a stage."""
    route: tuple[ChangeRoute, ...] = ()
    """Cases that the people of another stage work on."""
    priority: tuple[ChangePriority, ...] = ()
    """Who is next."""
    losses: tuple[ChangeLosses, ...] = ()
    """Leaks that are mended."""
    arrivals: tuple[ChangeArrivals, ...] = ()
    """More or fewer cases."""
    batch: tuple[ChangeBatch, ...] = ()
    """Cases that are gathered before they are worked on."""
    limit: tuple[ChangeLimit, ...] = ()
    """Belts on which only so many may be."""

    def changes(self) -> Iterator[PlantModel]:
        """All of them, in the order in which they are made."""
        for kind in KINDS:
            yield from getattr(self, kind)


class Scenario(Changes):
    """Changes that are made together."""

    name: Name = Field(max_length=80)
    """What people call it."""

    @model_validator(mode="after")
    def _changes_something(self) -> Scenario:
        if not any(True for _ in self.changes()):
            raise ValueError(said("error.changes_nothing", name=self.name), said("error.add_change"))
        return self

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages that it touches, each once."""
        named = (getattr(change, key, None) for change in self.changes() for key in ("stage", "by"))
        return tuple(dict.fromkeys(name for name in named if name))


KINDS = ("arrivals", "losses", "skip", "route", "work", "priority", "hours", "people", "retire", "batch", "limit")
"""The kinds of changes in a scenario, in the order in which they are made."""


class Scenarios(PlantModel):
    """What is to be tried, each beside the plant as it is."""

    days: Whole = Field(default=90, ge=7, le=1100)
    """How far ahead."""
    replications: Whole = Field(default=100, ge=20, le=2000)
    """How many futures are drawn for the bands."""
    margin: Number = Field(default=1.0, gt=0, le=1)
    """What is left of a good case's value after what it costs outside these stages, as a share."""
    scenario: tuple[Scenario, ...] = Field(default=(), max_length=MOST_SCENARIOS)
    """The scenarios."""


def resolved(scenario: Scenario, plant: Plant) -> Scenario:
    """The same with the names of the log, where stages and channels are called by a label of the plant file."""
    stages = {label: stage.name for stage in plant.stages for label in stage.label.values()}
    channels = {label: source.name for source in plant.sources for label in source.label.values()}
    known = {stage.name for stage in plant.stages} | {source.name for source in plant.sources}

    def renamed(change: PlantModel) -> PlantModel:
        called = {key: getattr(change, key, None) for key in ("stage", "by", "channel")}
        update = {
            key: (channels if key == "channel" else stages).get(name, name)
            for key, name in called.items()
            if name is not None and name not in known
        }
        return change.model_copy(update=update)

    return scenario.model_copy(
        update={kind: tuple(renamed(change) for change in getattr(scenario, kind)) for kind in KINDS}
    )


def load_scenarios(path: Path) -> Scenarios:
    """The scenarios in a file. Raises PlantError with all its mistakes."""
    return read_scenarios(read_text(path, "error.kind_scenario"), str(path))


def read_scenarios(text: str, where: str = "scenarios") -> Scenarios:
    """The scenarios in a text. Raises PlantError with all its mistakes."""
    return read_model(Scenarios, text, where, _misfits)


def _misfits(data: dict[str, Any]) -> list[Misfit]:
    """Mistakes across tables: none to try, and two of a name."""
    listed = entries(data, "scenario")
    found = [] if listed else [Misfit((), said("error.no_scenario"), said("error.add_scenario"))]
    seen: set[str] = set()
    for place, scenario in listed:
        name = scenario.get("name")
        if not isinstance(name, str):
            continue
        if name in seen:
            found.append(
                Misfit(("scenario", place, "name"), said("error.there_twice", name=name), said("error.another_name"))
            )
        seen.add(name)
    return found


_SET = re.compile(r"\s*(?:(?P<stage>.*\S)\.)?(?P<what>[a-z]+)\s*(?P<op>\+=|-=|\*=|=|<)\s*(?P<value>\S.*?)\s*")
_SAID = "people+=1, people-=1, robots+=1, retire=1, work*=0.8, hours=8-20, skip<5000, skip=0.3, by=Stage, priority=random, losses*=0.5, arrivals*=1.2, batch=5, limit=10"  # fmt: skip # noqa: E501


def parse_set(assignments: Sequence[str], name: str = "") -> Scenario:
    """The scenario that is said as `Approval.people+=1`, several of them together. Raises UsageError.

    >>> parse_set(["Approval.people+=1"]).people[0].add
    1
    """
    found: dict[str, list[dict[str, Any]]] = {}
    for text in assignments:
        kind, change = _parsed(text)
        found.setdefault(kind, []).append(change)
    try:
        return Scenario.model_validate({"name": (name or ", ".join(assignments))[:80], **found})
    except ValueError as error:
        raise UsageError(said("error.set_wrong", text=" ".join(assignments), why=_first(error))) from None


def _first(error: ValueError) -> str:
    if not isinstance(error, ValidationError):
        return because(error)
    misfit = complaint(Scenario, error.errors(include_url=False)[0])
    return also([misfit.found, misfit.cure] if misfit.cure else [misfit.found], " ")


def _parsed(text: str) -> tuple[str, dict[str, Any]]:
    """Kind of change and its keys."""
    match = _SET.fullmatch(text)
    if match is None:
        raise UsageError(said("error.set_form", text=text, known=_SAID))
    stage, what, op, value = match["stage"], match["what"], match["op"], match["value"]
    place = {"stage": stage}
    match what, op:
        case (("people" | "robots"), ("+=" | "-=")):
            more = _whole(text, value)
            kind = "person" if what == "people" else "robot"
            return "people", {**place, "add": more if op == "+=" else -more, "kind": kind}
        case "retire", "=":
            return "retire", {**place, "per_year": _number(text, value)}
        case "work", "*=":
            return "work", {**place, "factor": _number(text, value)}
        case "skip", "<":
            return "skip", {**place, "below": _number(text, value)}
        case "skip", "=":
            return "skip", {**place, "share": _number(text, value)}
        case "by", "=":
            return "route", {**place, "by": value}
        case "priority", "=":
            return "priority", {**place, "rule": value}
        case "losses", "*=":
            return "losses", {**place, "factor": _number(text, value)}
        case "batch", "=":
            return "batch", {**place, "size": _whole(text, value)}
        case "limit", "=":
            return "limit", {**place, "most": _whole(text, value)}
        case "arrivals", "*=":
            return "arrivals", {"channel": stage, "factor": _number(text, value)}
        case "hours", "=":
            hours = re.fullmatch(r"(\d{1,2})(?::(\d\d))?-(\d{1,2})(?::(\d\d))?", value)
            if hours is not None:
                start, end = _clock(text, hours[1], hours[2]), _clock(text, hours[3], hours[4])
                return "hours", {**place, "start": start, "end": end}
    raise UsageError(said("error.set_unknown", text=text, known=_SAID))


def _clock(text: str, hour: str, minute: str | None) -> time:
    try:
        return time(int(hour) % 24 if int(hour) <= 24 else int(hour), int(minute or 0))
    except ValueError:
        raise UsageError(said("error.set_hours", text=text)) from None


def _number(text: str, value: str) -> float:
    try:
        return float(value)
    except ValueError:
        raise UsageError(said("error.set_number", text=text, value=value)) from None


def _whole(text: str, value: str) -> int:
    if not re.fullmatch(r"\d{1,4}", value):
        raise UsageError(said("error.set_whole", text=text, value=value))
    return int(value)
