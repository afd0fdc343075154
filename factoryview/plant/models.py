"""The words of a plant file as models. Everything a plant may say is here; nothing is computed."""

from __future__ import annotations

from datetime import time
from typing import Literal

from pydantic import Field

from factoryview.plant.feeds import Feed, Record
from factoryview.plant.words import (
    Cell,
    Day,
    Duration,
    Hour,
    Moment,
    Name,
    Number,
    PlantModel,
    Times,
    Weekday,
    Whole,
    ZoneName,
)


class Calendar(PlantModel):
    """Working time of the whole plant; empty `days` means around the clock."""

    days: tuple[Weekday, ...] = ()
    start: Hour = time(0)
    end: Hour = time(0)
    """`end` equal to `start` means the whole day; `end` at 00:00 means midnight after the day."""
    holidays: tuple[Day, ...] = ()


class Department(PlantModel):
    """A floor zone."""

    name: Name
    label: dict[str, str] = {}
    """What to show instead of the name, by language: `{de = "Vertrieb", en = "Sales"}`."""


class Stage(PlantModel):
    """A machine: where cases stay."""

    name: Name
    label: dict[str, str] = {}
    department: str | None = None
    icon: str | None = None
    """What kind of work it does, one of `icons.icons()`; chosen from the stage's name when absent."""
    posts: Whole | None = Field(default=None, ge=0)
    """Posts that should be filled; fewer workers than posts are drawn as vacancies."""
    target_wait: Duration | None = None
    kind: Literal["queue", "delay", "batch"] | None = None
    """What sort of waiting this is, where the plant knows better than the log."""
    position: tuple[Cell, Cell] | None = None
    """Tile of the machine's upper left corner, set by hand."""


class Worker(PlantModel):
    """People or robots at a stage, for a span of time. `count` of them alike."""

    stage: Name
    kind: Literal["person", "robot"] = "person"
    count: Whole = Field(default=1, ge=1)
    cost_per_hour: Number | None = Field(default=None, ge=0)
    since: Day | None = None
    until: Day | None = None
    """The last day; None: still there."""


class WantedBelt(PlantModel):
    """A connection the plant wants drawn; the log may know more."""

    origin: Name
    target: Name


class Source(PlantModel):
    """Where cases enter: a channel."""

    name: Name
    label: dict[str, str] = {}


class Outcome(PlantModel):
    """How a case can end. `stage` names are reported in the log; `kind` says whether that is good."""

    name: Name
    label: dict[str, str] = {}
    kind: Literal["won", "lost", "neutral"] = "neutral"


class Reason(PlantModel):
    """Why cases are lost: the log's word for it, and what to show instead."""

    name: Name
    label: dict[str, str] = {}


class Target(PlantModel):
    """A goal for the header: so many arrivals at a stage or outcome a day."""

    of: Name
    per_day: Number = Field(gt=0)
    label: dict[str, str] = {}


class Mark(PlantModel):
    """Something that happened, shown on the timeline."""

    at: Moment
    """In the plant's time zone unless written with an offset."""
    label: dict[str, str]


class Privacy(PlantModel):
    """What a wall may show. Everything is off unless the plant says so."""

    case_ids: bool = False
    names: bool = False
    smallest_group: Whole = Field(default=6, ge=1)
    """Groups of fewer cases or people are merged or not shown; see `factory.privacy`."""


ROLES = ("case", "stage", "time", "start", "resource", "value", "channel", "reason", "weight")
"""What a column of a log can be."""
EXTRA_ROLES = ROLES[4:]
"""What says more of a case or entry than when it came where."""


class TableJoin(PlantModel):
    """How a table that does not know the case finds it: in the rows of another table that have its key."""

    table: Name
    key: Name
    """The other table's column with the key."""
    case: Name
    """The other table's column with the case."""


class TableRule(PlantModel):
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
    join: TableJoin | None = None
    columns: dict[str, str] = {}
    """Role → column: resource, value, channel, reason or weight."""


class Log(PlantModel):
    """Where the plant's data is and how it is to be read; paths are relative to the plant file."""

    path: Name
    """A file; with `tables` the folder in which they are."""
    tables: tuple[TableRule, ...] = ()
    columns: dict[str, str] = {}
    """Role → column; the roles are in `ROLES`."""
    times: Times | None = None
    ends: tuple[str, ...] | None = None
    timezone: ZoneName | None = None
    dates: Literal["dmy", "mdy", "ymd"] | None = None
    """What comes first in dates like 03/04/2025."""
    encoding: Name | None = None
    """Of text that is no UTF-8, like cp1250."""
    sheet: Name | None = None
    """Of a workbook, by name or by number."""


class Plant(PlantModel):
    """A factory. What is not said is discovered from the log."""

    name: Name
    language: Literal["de", "en"] | None = None
    timezone: ZoneName = "UTC"
    currency: str = "EUR"
    calendar: Calendar = Calendar()
    departments: tuple[Department, ...] = ()
    stages: tuple[Stage, ...] = ()
    workers: tuple[Worker, ...] = ()
    belts: tuple[WantedBelt, ...] = ()
    sources: tuple[Source, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    reasons: tuple[Reason, ...] = ()
    targets: tuple[Target, ...] = ()
    marks: tuple[Mark, ...] = ()
    privacy: Privacy = Privacy()
    log: Log | None = None
    feeds: tuple[Feed, ...] = ()
    """Live sources; what they say is recorded, and the plant is shown as of now."""
    record: Record = Record()

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
