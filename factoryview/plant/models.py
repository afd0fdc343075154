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
    SecretAddress,
    Times,
    Weekday,
    Whole,
    ZoneName,
)


class Calendar(PlantModel):
    """Working time of the whole plant; empty `days` means around the clock."""

    days: tuple[Weekday, ...] = ()
    """Days on which work is done; none: all."""
    start: Hour = time(0)
    """When work begins, in the plant's time zone."""
    end: Hour = time(0)
    """`end` equal to `start` means the whole day; `end` at 00:00 means midnight after the day."""
    holidays: tuple[Day, ...] = ()
    """Days on which nobody works."""


class Department(PlantModel):
    """A floor zone."""

    name: Name
    """What its stages call it."""
    label: dict[str, str] = {}
    """What to show instead of the name, by language: `{de = "Vertrieb", en = "Sales"}`."""


class Stage(PlantModel):
    """A machine: where cases stay."""

    name: Name
    """As the log writes it."""
    label: dict[str, str] = {}
    """What to show instead of the name, by language: `{de = "Angebot", en = "Offer"}`."""
    department: str | None = None
    """The name of one of the departments."""
    icon: str | None = None
    """What kind of work it does, by the name of a motif; chosen from the stage's name when absent."""
    posts: Whole | None = Field(default=None, ge=0)
    """Posts that should be filled; fewer workers than posts are drawn as vacancies."""
    target_wait: Duration | None = None
    """How long a case should wait here at most."""
    kind: Literal["queue", "delay", "batch"] | None = None
    """What sort of waiting this is, where the plant knows better than the log."""
    position: tuple[Cell, Cell] | None = None
    """Tile of the machine's upper left corner, set by hand."""
    hides: tuple[Name, ...] = ()
    """What else of the log happens inside this machine, the commonest first; found out anew from the log."""
    hides_more: Whole = Field(default=0, ge=0)
    """How many there are beside those in `hides`."""


class Worker(PlantModel):
    """People or robots at a stage, for a span of time. `count` of them alike."""

    stage: Name
    """The name of the stage where they work."""
    kind: Literal["person", "robot"] = "person"
    """People have a round figure on the roof, robots a square one."""
    count: Whole = Field(default=1, ge=1)
    """How many of them."""
    cost_per_hour: Number | None = Field(default=None, ge=0)
    """Of one of them, in the plant's currency."""
    since: Day | None = None
    """Their first day; absent: always there."""
    until: Day | None = None
    """Their last day; absent: still there."""


class WantedBelt(PlantModel):
    """A connection the plant wants drawn; the log may know more."""

    origin: Name
    """The stage or source it comes from."""
    target: Name
    """The stage or outcome it leads to."""


class Source(PlantModel):
    """Where cases enter: a channel."""

    name: Name
    """The channel as the log writes it."""
    label: dict[str, str] = {}
    """What to show instead of the name, by language: `{de = "Anzeigen", en = "Ads"}`."""


class Outcome(PlantModel):
    """How a case can end. `stage` names are reported in the log; `kind` says whether that is good."""

    name: Name
    """The stage that the log reports when a case ends."""
    label: dict[str, str] = {}
    """What to show instead of the name, by language: `{de = "Auftrag", en = "Order"}`."""
    kind: Literal["won", "lost", "neutral"] = "neutral"
    """Whether an end is good; lost cases fall into a bin."""


class Reason(PlantModel):
    """Why cases are lost: the log's word for it, and what to show instead."""

    name: Name
    """As the log writes it."""
    label: dict[str, str] = {}
    """What to show instead of the name, by language: `{de = "zu teuer", en = "too expensive"}`."""


class Target(PlantModel):
    """A goal for the header: so many arrivals at a stage or outcome a day."""

    of: Name
    """The stage or outcome."""
    per_day: Number = Field(gt=0)
    """How many should arrive on a day on which work is done."""
    label: dict[str, str] = {}
    """What to show instead of the name, by language: `{de = "Aufträge", en = "Orders"}`."""


class Mark(PlantModel):
    """Something that happened, shown on the timeline."""

    at: Moment
    """In the plant's time zone unless written with an offset."""
    label: dict[str, str]
    """What happened, by language."""


class Privacy(PlantModel):
    """What a wall may show. Everything is off unless the plant says so."""

    case_ids: bool = False
    """Whether the ids of cases may be shown."""
    names: bool = False
    """Whether names of customers may be shown; never those of the people who work there."""
    smallest_group: Whole = Field(default=6, ge=1)
    """Groups of fewer cases or people are merged or not shown."""


ROLES = ("case", "stage", "time", "start", "resource", "value", "channel", "reason", "weight")
"""What a column of a log can be."""
EXTRA_ROLES = ROLES[4:]
"""What says more of a case or entry than when it came where."""


class TableJoin(PlantModel):
    """How a table that does not know the case finds it: in the rows of another table that have its key."""

    table: Name
    """The table that knows both."""
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
    """Its column with the moment of entry; absent: it only says more of the cases, by `columns`."""
    stage: Name | None = None
    """The stage that its rows enter."""
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
    """Several tables that tell of the same cases; absent: the path is one log."""
    columns: dict[str, str] = {}
    """Role → column: case, stage, time, start, resource, value, channel, reason or weight."""
    times: Times | None = None
    """What the time of an event means; found out when absent."""
    ends: tuple[str, ...] | None = None
    """Stages at which cases are done; found out when absent."""
    timezone: ZoneName | None = None
    """Of times without an offset; the plant's when absent."""
    dates: Literal["dmy", "mdy", "ymd"] | None = None
    """What comes first in dates like 03/04/2025."""
    encoding: Name | None = None
    """Of text that is no UTF-8, like cp1250."""
    sheet: Name | None = None
    """Of a workbook, by name or by number."""
    department: Name | None = None
    """The column that says to which department a stage belongs; found out when absent and no departments are named."""


class Warehouse(PlantModel):
    """A table of events on a server or in files of columns, asked where it lies: only what is shown comes here."""

    url: SecretAddress | None = None
    """`postgresql://user:${PASSWORD}@host/database`, or Spark: `spark://host:7077`, `sc://host:15002`; `${NAME}` is a
    variable of the environment."""
    path: Name | None = None
    """Instead of a server: a folder of Parquet files, one such file, a Delta table or a DuckDB file; relative to the
    plant file. With the url of Spark: a folder of Parquet files as its workers see it."""
    table: Name | None = None
    """A table or view with a row per event, or `schema.table`; not of Parquet files."""
    columns: dict[str, str] = {}
    """Role → column: case, stage, time, start, resource, value, channel, reason or weight, where it is not called so;
    and `row`, what numbers the events in the order in which they were written."""
    times: Literal["entry", "completion", "interval"] = "entry"
    """What the time of an event means."""
    ends: tuple[str, ...] | None = None
    """Stages at which cases are done; found out when absent."""
    timezone: ZoneName | None = None
    """Of times without an offset; the plant's when absent."""


class Plant(PlantModel):
    """A factory. What is not said is discovered from the log."""

    name: Name
    """What stands in the header."""
    language: Literal["de", "en"] | None = None
    """Of the picture; the system's when absent."""
    timezone: ZoneName = "UTC"
    """A name like `Europe/Berlin`: days and hours are local."""
    currency: str = "EUR"
    """The code of the money in the log, like `EUR`."""
    calendar: Calendar = Calendar()
    """When work is done; found out from the log when absent."""
    departments: tuple[Department, ...] = ()
    """The zones of the floor, in their order."""
    stages: tuple[Stage, ...] = ()
    """What is known of stages; those that only the log knows are added, up to `most_stages`."""
    most_stages: Whole | None = Field(default=None, ge=0)
    """So many machines at most, the activities of a log beyond them are folded into these; 0: one for each; 12 when
    absent. `--stages` on the command line says otherwise."""
    workers: tuple[Worker, ...] = ()
    """Who works where, and since when."""
    belts: tuple[WantedBelt, ...] = ()
    """Connections to draw besides those that cases use."""
    sources: tuple[Source, ...] = ()
    """The channels by which cases come."""
    outcomes: tuple[Outcome, ...] = ()
    """How cases can end."""
    reasons: tuple[Reason, ...] = ()
    """What the log's words for losses are to be called."""
    targets: tuple[Target, ...] = ()
    """Goals, shown with what there is by now."""
    marks: tuple[Mark, ...] = ()
    """What happened, for the timeline."""
    privacy: Privacy = Privacy()
    """What may be shown."""
    log: Log | None = None
    """The data of a replay."""
    warehouse: Warehouse | None = None
    """Or the table of a server in which they lie."""
    feeds: tuple[Feed, ...] = ()
    """Live sources; what they say is recorded, and the plant is shown as of now."""
    record: Record = Record()
    """How live sources are recorded."""

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
