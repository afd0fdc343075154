"""The words of a plant file as models. Everything a plant may say is here; nothing is computed."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, model_validator

Times = Literal["entry", "completion", "interval"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

_UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86400, "w": 604800}


def parse_duration(text: object) -> object:
    """`"2 d"`, `"90 min"`, `"1.5 h"` → timedelta; anything else is left to pydantic to refuse.

    >>> parse_duration("36 h")
    datetime.timedelta(days=1, seconds=43200)
    """
    if isinstance(text, str):
        match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(s|min|h|d|w)\s*", text)
        if not match:
            raise ValueError(f'"{text}" is no duration; write a number and one of s, min, h, d, w, like "2 d"')
        return timedelta(seconds=float(match[1]) * _UNITS[match[2]])
    return text


def write_duration(span: timedelta) -> str:
    """The inverse of `parse_duration`, in the largest unit that divides evenly."""
    seconds = span.total_seconds()
    for unit, size in reversed(_UNITS.items()):
        if seconds and seconds % size == 0:
            return f"{int(seconds // size)} {unit}"
    return f"{seconds:g} s"


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f'"{name}" is no time zone; use a name like "Europe/Berlin" or "UTC"') from None
    return name


Duration = Annotated[timedelta, BeforeValidator(parse_duration), PlainSerializer(write_duration)]
ZoneName = Annotated[str, BeforeValidator(_known_zone)]


class Model(BaseModel):
    """Strict: a key nobody knows is a mistake, not a wish."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Calendar(Model):
    """Working time of the whole plant; empty `days` means around the clock."""

    days: tuple[Weekday, ...] = ()
    start: time = time(0)
    end: time = time(0)
    """`end` equal to `start` means the whole day."""
    holidays: tuple[date, ...] = ()


class Department(Model):
    """A floor zone."""

    name: str
    label: dict[str, str] = {}
    """What to show instead of the name, by language: `{de = "Vertrieb", en = "Sales"}`."""


class Stage(Model):
    """A machine: where cases stay."""

    name: str
    label: dict[str, str] = {}
    department: str | None = None
    icon: str | None = None
    """Name of a file in `assets/icons`, without `.svg`; chosen from the stage's name when absent."""
    posts: int | None = Field(default=None, ge=0)
    """Posts that should be filled; fewer workers than posts are drawn as vacancies."""
    target_wait: Duration | None = None
    kind: Literal["queue", "delay", "batch"] | None = None
    """What sort of waiting this is, where the plant knows better than the log."""
    position: tuple[int, int] | None = None
    """Tile of the machine's upper left corner, set by hand."""


class Worker(Model):
    """People or robots at a stage, for a span of time. `count` of them alike."""

    stage: str
    kind: Literal["person", "robot"] = "person"
    count: int = Field(default=1, ge=1)
    cost_per_hour: float | None = Field(default=None, ge=0)
    since: date | None = None
    until: date | None = None


class Belt(Model):
    """A connection the plant wants drawn; the log may know more."""

    origin: str
    target: str


class Source(Model):
    """Where cases enter: a channel."""

    name: str
    label: dict[str, str] = {}


class Outcome(Model):
    """How a case can end. `stage` names are reported in the log; `kind` says whether that is good."""

    name: str
    label: dict[str, str] = {}
    kind: Literal["won", "lost", "neutral"] = "neutral"


class Target(Model):
    """A goal for the header: so many arrivals at a stage or outcome a day."""

    of: str
    per_day: float = Field(gt=0)
    label: dict[str, str] = {}


class Mark(Model):
    """Something that happened, shown on the timeline."""

    at: datetime
    label: dict[str, str]


class Privacy(Model):
    """What a wall may show. Everything is off unless the plant says so."""

    case_ids: bool = False
    names: bool = False
    smallest_group: int = Field(default=5, ge=1)


class Log(Model):
    """Where the plant's data is and how it is to be read; paths are relative to the plant file."""

    path: str
    columns: dict[str, str] = {}
    """Role → column: case, stage, time, start, resource, value, channel, reason."""
    times: Times | None = None
    ends: tuple[str, ...] | None = None
    timezone: ZoneName | None = None


class Plant(Model):
    """A factory. What is not said is discovered from the log."""

    name: str
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
    targets: tuple[Target, ...] = ()
    marks: tuple[Mark, ...] = ()
    privacy: Privacy = Privacy()
    log: Log | None = None

    @model_validator(mode="before")
    @classmethod
    def _names_fit_together(cls, data: Any) -> Any:
        return data

    def stage(self, name: str) -> Stage | None:
        """The stage of that name, or None."""
        return next((stage for stage in self.stages if stage.name == name), None)


def label_of(thing: Department | Stage | Source | Outcome | Target, language: str) -> str:
    """The label in the language, else the name."""
    return thing.label.get(language) or getattr(thing, "name", "") or getattr(thing, "of", "")
