"""One file on its way to an EventLog: what all kinds of tables need, the SQL of values and the lines of the report."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

import duckdb
import numpy as np

from factoryview.errors import InputError
from factoryview.sources import numbers, times
from factoryview.sources.columns.roles import Roles, listed
from factoryview.sources.events import Finding, Guess, ReadOptions
from factoryview.sources.files import InputFile
from factoryview.sources.limits import MOST_WEIGHT
from factoryview.sources.rejects import Rejects
from factoryview.sources.table import RAW, TextTable, one_line

Progress = Callable[[float, str], None]
Severity = Literal["info", "ask", "warning"]


@dataclass
class Reading:
    """One file on its way to an EventLog."""

    source: InputFile
    options: ReadOptions
    table: TextTable
    rejects: Rejects
    progress: Progress
    findings: list[Finding] = field(default_factory=list)
    guesses: list[Guess] = field(default_factory=list)
    orders: dict[str, times.Order] = field(default_factory=dict)
    """Sign between the numbers of a date → the order that other columns of the table leave no doubt of."""

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        return self.table.connection

    def note(self, severity: Severity, place: str, text: str, cure: str = "") -> None:
        """Adds a line to the report; `place` is a column or empty for the whole file."""
        where = f'{self.source.name}, column "{place}"' if place else self.source.name
        self.findings.append(Finding(severity, where, one_line(text), cure))

    def guess(
        self, what: str, taken: str, text: str, cure: str, others: Iterable[str] = (), place: str | None = None
    ) -> None:
        """Adds what had to be guessed to the report and to the log; place: a column, if it is one's."""
        self.note("ask", place or "", text, cure)
        self.guesses.append(Guess(what, taken, tuple(others)))

    def unusable(self, what: str, cure: str = "") -> InputError:
        """The error for a file of which nothing is left; names the rejects."""
        more = f" Rejected rows are in {self.rejects.file}." if self.rejects.file else ""
        return InputError(what, where=self.source.name, cure=cure + more)


def report_style(reading: Reading, style: times.TimeStyle, name: str) -> None:
    """Says what a person should know of a column's moments before they become UTC."""
    zone = reading.options.timezone
    if style.bare >= 0.99:
        reading.note("info", name, "Days without a clock time; order within a day is the order of the file.")
    elif style.midnight >= 0.05:
        reading.note("warning", name, f"{style.midnight:.0%} of the times are midnight as written: probably days only.")
    if style.offset == 0 and "epoch" not in style.shapes:
        reading.note("info", name, f"Times have no offset and are read as {zone}.", "Say another zone with --timezone.")
    elif 0 < style.offset < 1:
        reading.note("info", name, f"{1 - style.offset:.0%} of the times have no offset and are read as {zone}.")


def number(reading: Reading, roles: Roles, role: str) -> str:
    """The SQL of a role's amount, with the decimal sign its sample uses."""
    sample = reading.table.sample[roles.index[role]]
    return numbers.sql(roles.column(role), numbers.decimal_comma(sample, reading.table.delimiter))


def cases(reading: Reading, roles: Roles) -> str:
    """The SQL of how many cases a row stands for: 1 where nothing says it, null where it cannot be."""
    if "weight" not in roles.index:
        return "1.0::DOUBLE"
    column, amount = roles.column("weight"), number(reading, roles, "weight")
    blank = f"trim(coalesce({column}, '')) = ''"
    return f"CASE WHEN {blank} THEN 1.0 WHEN {amount} > 0 AND {amount} <= {MOST_WEIGHT} THEN {amount} END::DOUBLE"


def open_end(moment: str) -> str:
    """An end far in the future means: not ended."""
    return f"CASE WHEN year({moment}) < {times.OPEN_YEAR} THEN {moment} END"


def read_or_flag(moment: str, column: str) -> str:
    """The moment; null only where the column is blank, the year 1 where its text cannot be read."""
    blanks = ", ".join(f"'{blank}'" for blank in times.BLANKS)
    return f"coalesce({moment}, CASE WHEN lower(trim({column})) NOT IN ({blanks}) THEN TIMESTAMP '0001-01-01' END)"


def report_roles(reading: Reading, roles: Roles, used: dict[str, int]) -> None:
    """One line per role: which column, and whether that was said, known by name or guessed."""
    for role, index in used.items():
        name = roles.table.names[index]
        if role in roles.given:
            continue
        if role in roles.named:
            reading.note("info", name, f"is the {role}.")
            continue
        others = [f"--map {shlex.quote(f'{role}={other}')}" for other in roles.others.get(role, ()) if other != name]
        cure = f"Say {' or '.join(others)} if not." if others else f"Say --map {role}=COLUMN if not."
        reading.guess(role, name, f"is taken for the {role}. This is a guess.", cure, others, place=name)
    if roles.constant and "time" in used:
        names = listed(roles.table.names[index] for index in roles.constant)
        reading.note("info", "", f"Moments that do not change within a case, so none of its events: {names}.")
    doubles = sorted({name for name in roles.table.names if roles.table.names.count(name) > 1})
    if doubles:
        reading.note("warning", "", f"Columns of the same name: {listed(doubles)}; the first one counts.")


def report_duplicates(reading: Reading) -> None:
    """Rows that are alike in every column; they are kept."""
    cells = ", ".join(f"c{i}" for i in range(len(reading.table.names)))
    hashes = np.sort(reading.connection.execute(f"SELECT hash({cells}) AS h FROM {RAW}").fetchnumpy()["h"])
    if doubles := int(np.count_nonzero(hashes[1:] == hashes[:-1])):
        reading.note(
            "warning",
            "",
            f"{doubles:,} rows are exact duplicates of others. They are kept.",
            "Drop them if they are not meant.",
        )


def report_rejects(reading: Reading) -> None:
    """How many rows were rejected, why, and where they are."""
    rejects = reading.rejects
    if not rejects.count:
        return
    where = f" {rejects.moved}, so they are in {rejects.file}." if rejects.moved else f" They are in {rejects.file}."
    reading.note(
        "warning",
        "",
        f"{rejects.count:,} rows cannot be used: {commonest(reading)}.{where}",
        "Repair them and read again.",
    )


def commonest(reading: Reading) -> str:
    ranked = sorted(reading.rejects.reasons.items(), key=lambda item: -item[1])
    more = f" and {len(ranked) - 4} other reasons" if len(ranked) > 4 else ""
    return ", ".join(f"{reason} ({n:,})" for reason, n in ranked[:4]) + more
