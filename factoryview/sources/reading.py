"""One file on its way to an EventLog: what all kinds of tables need, the SQL of values and the lines of the report."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

import duckdb
import numpy as np

from factoryview.errors import InputError
from factoryview.language.said import also, either, said
from factoryview.sources import numbers, times
from factoryview.sources.columns.roles import Roles, listed
from factoryview.sources.events import Finding, Guess, ReadOptions
from factoryview.sources.files import InputFile
from factoryview.sources.limits import MOST_WEIGHT
from factoryview.sources.rejects import Rejects
from factoryview.sources.table import RAW, TextTable

_SHORTENED = re.compile(r"\d[.,]\d+[eE]\+?\d+")
"""A long number as spreadsheets write it, without its last figures."""
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
        where = said("reading.column", file=self.source.name, column=place) if place else self.source.name
        self.findings.append(Finding(severity, where, text, cure))

    def guess(
        self, what: str, taken: str, text: str, cure: str, others: Iterable[str] = (), place: str | None = None
    ) -> None:
        """Adds what had to be guessed to the report and to the log; place: a column, if it is one's."""
        self.note("ask", place or "", text, cure)
        self.guesses.append(Guess(what, taken, tuple(others)))

    def unusable(self, what: str, cure: str = "") -> InputError:
        """The error for a file of which nothing is left; names the rejects."""
        told = [said("reading.rejects_are_in", file=str(self.rejects.file))] if self.rejects.file else []
        return InputError(what, where=self.source.name, cure=also([*filter(None, [cure]), *told], " "))


_DAYS, _BY_CHANCE = 0.05, 3
"""From this share on midnights mean days, where that is so many times as often as full hours are midnight by chance."""


def report_style(reading: Reading, style: times.TimeStyle, name: str) -> None:
    """Says what a person should know of a column's moments before they become UTC."""
    zone = reading.options.timezone
    if style.bare >= 0.99:
        reading.note("info", name, said("reading.days_only"))
    elif style.midnight >= max(_DAYS, _BY_CHANCE * style.full_hours / 24):
        reading.note("warning", name, said("reading.midnight", midnight=style.midnight))
    if style.offset == 0 and "epoch" not in style.shapes:
        reading.note("info", name, said("reading.no_offset", zone=zone), said("reading.say_zone"))
    elif 0 < style.offset < 1:
        reading.note("info", name, said("reading.some_no_offset", n=1 - style.offset, zone=zone))


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
            reading.note("info", name, said("reading.is_role", role=said(f"role.{role}")))
            continue
        others = [f"--map {shlex.quote(f'{role}={other}')}" for other in roles.others.get(role, ()) if other != name]
        cure = said("reading.say_if_not", options=either(others or [f"--map {role}=COLUMN"]))
        reading.guess(role, name, said("reading.taken_for", role=said(f"role.{role}")), cure, others, place=name)
    short = [value for value in roles.table.sample[roles.index["case"]] if _SHORTENED.fullmatch(value.strip())]
    if short:
        text = said("reading.shortened_ids", n=len(short), text=short[0].strip())
        reading.note("warning", roles.name("case"), text, said("reading.as_text"))
    if roles.coded is not None:
        text = said("reading.codes_named", codes=roles.table.names[roles.coded])
        reading.note("info", roles.name("stage"), text, said("reading.say_codes", codes=roles.table.names[roles.coded]))
    if roles.constant and "time" in used:
        names = listed(roles.table.names[index] for index in roles.constant)
        reading.note("info", "", said("reading.constant_moments", names=names))
    doubles = sorted({name for name in roles.table.names if roles.table.names.count(name) > 1})
    if doubles:
        reading.note("warning", "", said("reading.same_columns", doubles=listed(doubles)))


def report_duplicates(reading: Reading, roles: Roles) -> None:
    """Rows that are alike in every column; they are kept."""
    telling = {roles.index[role] for role in ("case", "stage", "time") if role in roles.index}
    if _doubles(reading, telling) and (doubles := _doubles(reading, range(len(reading.table.names)))):
        reading.note(
            "warning",
            "",
            said("reading.duplicates", n=doubles),
            said("reading.drop_them"),
        )


def _doubles(reading: Reading, columns: Iterable[int]) -> int:
    """How many rows are like an earlier one in some columns."""
    cells = ", ".join(f"c{i}" for i in columns)
    hashes = np.sort(reading.connection.execute(f"SELECT hash({cells}) AS h FROM {RAW}").fetchnumpy()["h"])
    return int(np.count_nonzero(hashes[1:] == hashes[:-1]))


def report_rejects(reading: Reading) -> None:
    """How many rows were rejected, why, and where they are."""
    rejects = reading.rejects
    if not rejects.count:
        return
    where = said("reading.rejects_are_in", file=str(rejects.file))
    if rejects.moved:
        where = said("reading.rejects_moved", why=rejects.moved, file=str(rejects.file))
    reading.note(
        "warning",
        "",
        said("reading.rows_unusable", n=rejects.count, reasons=commonest(reading), where=where),
        said("reading.repair"),
    )


def commonest(reading: Reading) -> str:
    ranked = sorted(reading.rejects.reasons.items(), key=lambda item: -item[1])
    shown = also(said("reading.so_many", what=reason, n=n) for reason, n in ranked[:4])
    return said("reading.other_reasons", shown=shown, n=len(ranked) - 4) if len(ranked) > 4 else shown
