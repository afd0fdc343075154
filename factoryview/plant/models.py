"""The words of a plant file as models. Everything a plant may say is here; nothing is computed."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, Strict

Times = Literal["entry", "completion", "interval"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

_UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86400, "w": 604800}
_LONGEST = timedelta(days=36500)


def parse_duration(value: object) -> timedelta:
    """`"2 d"`, `"90 min"`, `"1.5 h"` → timedelta, to the microsecond; ValueError for anything else.

    >>> parse_duration("36 h")
    datetime.timedelta(days=1, seconds=43200)
    """
    if isinstance(value, timedelta):
        return value
    match = re.fullmatch(r"\s*(\d{1,15}(?:\.\d{1,9})?)\s*(s|min|h|d|w)\s*", value) if isinstance(value, str) else None
    if not match:
        raise ValueError(f'{_shown(value)} is no duration; write a number and one of s, min, h, d, w, like "2 d"')
    microseconds = round(Fraction(match[1]) * _UNITS[match[2]] * 1_000_000)
    if microseconds > _LONGEST // timedelta(microseconds=1):
        raise ValueError(f"{_shown(value)} is more than a hundred years; check the unit")
    return timedelta(microseconds=microseconds)


def write_duration(span: timedelta) -> str:
    """The inverse of `parse_duration`, in the largest unit that divides evenly."""
    for unit, size in reversed(_UNITS.items()):
        whole, rest = divmod(span, timedelta(seconds=size))
        if span and not rest:
            return f"{whole} {unit}"
    seconds, rest = divmod(span, timedelta(seconds=1))
    return f"{seconds}.{rest.microseconds:06d}".rstrip("0").rstrip(".") + " s"


def _some_time(span: timedelta) -> timedelta:
    if not timedelta(0) < span <= _LONGEST:
        raise ValueError(
            f'"{write_duration(span)}" is no span to wait; leave the key out, or use one up to a hundred years'
        )
    return span


def _shown(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def _written_out(value: object) -> object:
    """A bare number is no moment: pydantic would take it for seconds since 1970."""
    if isinstance(value, int | float):
        raise ValueError(f'{_shown(value)} is no date or time; write it out, like "2026-03-31" or "08:00"')
    return value


def _of_the_plant(value: time) -> time:
    if value.tzinfo is not None:
        raise ValueError(f'"{value}" has an offset; working hours are in the plant\'s time zone, leave the offset out')
    return value


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f'"{name}" is no time zone; use a name like "Europe/Berlin" or "UTC"') from None
    return name


Name = Annotated[str, Field(min_length=1)]
Whole = Annotated[int, Strict()]
Number = Annotated[float, Strict(), Field(allow_inf_nan=False)]
Duration = Annotated[
    timedelta, BeforeValidator(parse_duration), AfterValidator(_some_time), PlainSerializer(write_duration)
]
Day = Annotated[date, BeforeValidator(_written_out)]
Hour = Annotated[time, BeforeValidator(_written_out), AfterValidator(_of_the_plant)]
Moment = Annotated[datetime, BeforeValidator(_written_out)]
ZoneName = Annotated[str, AfterValidator(_known_zone)]


class Model(BaseModel):
    """Strict: a key nobody knows is a mistake, not a wish."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Calendar(Model):
    """Working time of the whole plant; empty `days` means around the clock."""

    days: tuple[Weekday, ...] = ()
    start: Hour = time(0)
    end: Hour = time(0)
    """`end` equal to `start` means the whole day; `end` at 00:00 means midnight after the day."""
    holidays: tuple[Day, ...] = ()


class Department(Model):
    """A floor zone."""

    name: Name
    label: dict[str, str] = {}
    """What to show instead of the name, by language: `{de = "Vertrieb", en = "Sales"}`."""


class Stage(Model):
    """A machine: where cases stay."""

    name: Name
    label: dict[str, str] = {}
    department: str | None = None
    icon: str | None = None
    """Name of a file in `assets/icons`, without `.svg`; chosen from the stage's name when absent."""
    posts: Whole | None = Field(default=None, ge=0)
    """Posts that should be filled; fewer workers than posts are drawn as vacancies."""
    target_wait: Duration | None = None
    kind: Literal["queue", "delay", "batch"] | None = None
    """What sort of waiting this is, where the plant knows better than the log."""
    position: tuple[Whole, Whole] | None = None
    """Tile of the machine's upper left corner, set by hand."""


class Worker(Model):
    """People or robots at a stage, for a span of time. `count` of them alike."""

    stage: Name
    kind: Literal["person", "robot"] = "person"
    count: Whole = Field(default=1, ge=1)
    cost_per_hour: Number | None = Field(default=None, ge=0)
    since: Day | None = None
    until: Day | None = None
    """The last day; None: still there."""


class Belt(Model):
    """A connection the plant wants drawn; the log may know more."""

    origin: Name
    target: Name


class Source(Model):
    """Where cases enter: a channel."""

    name: Name
    label: dict[str, str] = {}


class Outcome(Model):
    """How a case can end. `stage` names are reported in the log; `kind` says whether that is good."""

    name: Name
    label: dict[str, str] = {}
    kind: Literal["won", "lost", "neutral"] = "neutral"


class Reason(Model):
    """Why cases are lost: the log's word for it, and what to show instead."""

    name: Name
    label: dict[str, str] = {}


class Target(Model):
    """A goal for the header: so many arrivals at a stage or outcome a day."""

    of: Name
    per_day: Number = Field(gt=0)
    label: dict[str, str] = {}


class Mark(Model):
    """Something that happened, shown on the timeline."""

    at: Moment
    """In the plant's time zone unless written with an offset."""
    label: dict[str, str]


class Privacy(Model):
    """What a wall may show. Everything is off unless the plant says so."""

    case_ids: bool = False
    names: bool = False
    smallest_group: Whole = Field(default=5, ge=1)


ROLES = ("case", "stage", "time", "start", "resource", "value", "channel", "reason", "weight")
"""What a column of a log can be."""
EXTRA_ROLES = ROLES[4:]
"""What says more of a case or entry than when it came where."""


class Join(Model):
    """How a table that does not know the case finds it: in the rows of another table that have its key."""

    table: Name
    key: Name
    """The other table's column with the key."""
    case: Name
    """The other table's column with the case."""


class TableRule(Model):
    """A table of several that tell of the same cases. With a date its rows are entries into a stage."""

    table: Name
    """A file in the folder of the log."""
    key: Name
    """Its column with the case, or with the key by which `join` finds the case."""
    date: Name | None = None
    """Its column with the moment of entry; None: it only says more of the cases, by `columns`."""
    stage: Name | None = None
    stage_column: Name | None = None
    """Its column with the stage, where not all rows are of one stage."""
    rank: Whole = 0
    """What comes first at the same moment, or on the same day where some tables know no more than the day."""
    only_if: dict[str, str] = {}
    """Column → value: only rows that have it count. Upper and lower case are alike."""
    join: Join | None = None
    columns: dict[str, str] = {}
    """Role → column: resource, value, channel, reason or weight."""


class Log(Model):
    """Where the plant's data is and how it is to be read; paths are relative to the plant file."""

    path: Name
    """A file; with `tables` the folder in which they are."""
    tables: tuple[TableRule, ...] = ()
    columns: dict[str, str] = {}
    """Role → column; the roles are in `ROLES`."""
    times: Times | None = None
    ends: tuple[str, ...] | None = None
    timezone: ZoneName | None = None


class Plant(Model):
    """A factory. What is not said is discovered from the log."""

    name: Name
    language: Literal["de", "en"] | None = None
    timezone: ZoneName = "UTC"
    currency: str = "EUR"
    calendar: Calendar = Calendar()
    departments: tuple[Department, ...] = ()
    stages: tuple[Stage, ...] = ()
    workers: tuple[Worker, ...] = ()
    belts: tuple[Belt, ...] = ()
    sources: tuple[Source, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    reasons: tuple[Reason, ...] = ()
    targets: tuple[Target, ...] = ()
    marks: tuple[Mark, ...] = ()
    privacy: Privacy = Privacy()
    log: Log | None = None

    def stage(self, name: str) -> Stage | None:
        """The stage of that name, or None."""
        return next((stage for stage in self.stages if stage.name == name), None)


def reason_label(plant: Plant, reason: str, language: str) -> str:
    """What to show for a reason of the log, or for the outcome where it gives none."""
    for known in (*plant.reasons, *plant.outcomes):
        if isinstance(known, Reason | Outcome) and known.name == reason:
            return label_of(known, language)
    return reason


def label_of(thing: Department | Stage | Source | Outcome | Reason | Target, language: str) -> str:
    """The label in the language, else the name."""
    name = thing.of if isinstance(thing, Target) else thing.name
    return thing.label.get(language) or name
