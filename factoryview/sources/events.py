"""What every reader yields: validated events in a DuckDB connection, and a report of how they were read."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import duckdb

from factoryview.sources.engine import connect
from factoryview.sources.scratch import scratch_folder
from factoryview.sources.times import Order

Meaning = Literal["entry", "completion", "interval", "kpi"]

ROLES = ("case", "stage", "time", "start", "resource", "value", "channel", "reason", "weight")


@dataclass(frozen=True)
class ReadOptions:
    """What the user said about the reading; None means: find out."""

    columns: dict[str, str] = field(default_factory=dict)
    """Role → column name, from `--map`."""
    times: str | None = None
    timezone: str = "UTC"
    """For times written without an offset."""
    dates: Order | None = None
    """What comes first in dates like 03/04/2025."""
    encoding: str | None = None
    """Of text that is no UTF-8."""
    sheet: str | None = None
    """Of a workbook, by name or by number."""
    rejects: Path | None = None
    """Where rows that cannot be used are written; None: beside the input, `NAME.rejected.csv`."""


@dataclass(frozen=True)
class Finding:
    """One line of the report, for `check` and the screen."""

    severity: Literal["info", "ask", "warning"]
    place: str
    text: str
    cure: str = ""


@dataclass(frozen=True)
class Guess:
    """Something that nobody said and the file leaves open."""

    what: str
    """A role of a column, or times, dates, encoding, sheet, timezone."""
    taken: str
    """The column or the value that was taken."""
    others: tuple[str, ...] = ()
    """Options of the command line, each of which says something else that the file allows, the likelier first."""


@dataclass(frozen=True)
class AttributeColumn:
    """A column that plays no role: what else a log says of its cases and events.

    `query` selects from tables in the log's connection: row (of the event, null where only the case is known), "case",
    text (null where blank). It is not asked before somebody wants the attribute.
    """

    name: str
    query: str
    delimiter: str = ","
    """Of the file: it helps to tell a decimal comma."""


@dataclass
class EventLog:
    """Events in `connection`, one row per event, in the file's order.

    Table `events` (meaning entry, completion, interval):
        row BIGINT        line order in the file: ties are broken by it
        "case" VARCHAR    never null; `NA` is a name
        stage VARCHAR     never null; exact label
        time TIMESTAMP    UTC; null for an entry whose moment is not known (an undated stay), and for an interval
                          that has begun at `start` and not ended yet
        start TIMESTAMP   UTC; interval logs only, else null; start ≤ time; null where the start is not known
        resource VARCHAR, value DOUBLE, channel VARCHAR, reason VARCHAR    null where unknown
        weight DOUBLE     cases per event, 1 unless the log says otherwise
    Tables with two dates per deal are written as entry events.

    Table `kpi` (meaning kpi): stage VARCHAR, bucket TIMESTAMP (UTC start), bucket_end TIMESTAMP,
        arrivals DOUBLE, departures DOUBLE, losses DOUBLE, wip DOUBLE (null where not given).
    """

    connection: duckdb.DuckDBPyConnection
    meaning: Meaning
    columns: dict[str, str]
    """Role → the column it was taken from."""
    findings: list[Finding]
    rows: int
    """Rows read from the file, rejected ones included."""
    rejected: int
    rejects_file: Path | None = None
    rejected_rows: tuple[tuple[int, str], ...] = field(default=(), kw_only=True)
    """The first of the rejected rows, each with its line and why."""
    explicit_ends: tuple[str, ...] = ()
    """Stages the format itself declares final (Won, Lost in a CRM snapshot)."""
    guesses: tuple[Guess, ...] = ()
    """What had to be guessed, for the picture and the command line."""
    attributes: tuple[AttributeColumn, ...] = ()
    once: bool = False
    """Whether entries into the stage that a case is in already are still among the events, and are none."""
    last_only: bool = False
    """Of each case its last stage alone is known: how many went on from a stage cannot be."""
    mappable: bool = True
    """Whether the file is read the same way when `columns` are given as options; not where rows were reshaped."""
    currency: str | None = None
    """Of the values (ISO 4217), where the file tells it."""
    timezone: str | None = None
    """The zone whose offsets its times carry."""

    def meaning_of_guess(self) -> Meaning | None:
        """What its times mean if the guess was wrong; None where nobody guessed between entry and completion."""
        others: dict[Meaning, Meaning] = {"entry": "completion", "completion": "entry"}
        return others.get(self.meaning) if any(guess.what == "times" for guess in self.guesses) else None

    def read_as(self, meaning: Meaning) -> EventLog:
        """The same events in a database of their own, with times of another meaning and no attributes.

        Raises OSError where they find no room on the way.
        """
        con = connect()
        with TemporaryDirectory(dir=scratch_folder()) as folder, self.connection.cursor() as cursor:
            file = f"{folder}/events.parquet"
            cursor.execute(f"COPY (SELECT * FROM events ORDER BY row) TO '{file}' (FORMAT parquet)")
            con.execute(f"CREATE TABLE events AS FROM '{file}'")
        return EventLog(
            con, meaning, self.columns, [], self.rows, self.rejected, explicit_ends=self.explicit_ends,
            once=self.once, last_only=self.last_only, mappable=self.mappable, currency=self.currency,
            timezone=self.timezone,
        )  # fmt: skip
