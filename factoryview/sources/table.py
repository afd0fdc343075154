"""A file as a table of text in DuckDB: what every reader makes and everything after it works on."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import duckdb

from factoryview.errors import InputError
from factoryview.language.said import said
from factoryview.sources.events import AttributeColumn, Finding, Guess
from factoryview.sources.limits import MOST_COLUMNS, MOST_ROWS
from factoryview.sources.rejects import Rejects

RAW = "factoryview_raw"
HEAD, PATCH = 3000, 1000
_BATCH_CELLS = 400_000


def one_line(text: str) -> str:
    """The text without line breaks and control characters, fit for a message."""
    return "".join(char if char.isprintable() else " " for char in text).strip()


@dataclass(frozen=True)
class Known:
    """What a recognised format says of its table, so that nothing of it has to be guessed."""

    format: str
    """In words, for the report."""
    columns: dict[str, str]
    """Role → column."""
    why: str = ""
    """Why its times are entries; empty: what they mean is found out as usual."""
    ends: tuple[str, ...] = ()
    """Stages it declares final."""
    last_only: bool = False
    """Whether it names the last stage of a case only, so that how many went on from a stage cannot be known."""
    undated: bool = False
    """Whether a row without a time is a stay whose beginning nobody wrote down, instead of a mistake."""


@dataclass
class TextTable:
    """The table `factoryview_raw` with text columns c0, c1, … in the order of the file.

    `line` is the SQL expression of a row's place in the file. `delimiter` is what a row is written with when it
    is set aside. Names may repeat; empty ones are numbered.
    """

    connection: duckdb.DuckDBPyConnection
    file: str
    names: list[str]
    line: str = "rowid + 1"
    delimiter: str = ","
    findings: list[Finding] = field(default_factory=list)
    guesses: list[Guess] = field(default_factory=list)
    known: Known | None = None
    attributes: tuple[AttributeColumn, ...] = ()
    """Of the table this one was made of, as far as they are kept."""
    settle: Callable[[Rejects], TextTable] | None = None
    """For a reader whose line numbers or row texts are only assumed: the same table with exact ones."""

    def __post_init__(self) -> None:
        self.names = [one_line(name) or f"column {i + 1}" for i, name in enumerate(self.names)]

    @cached_property
    def rows(self) -> int:
        found = self.connection.execute(f"SELECT count(*) FROM {RAW}").fetchone()
        return int(found[0]) if found else 0

    def column(self, index: int) -> str:
        """The SQL name of a column."""
        return f"c{index}"

    @cached_property
    def sample(self) -> list[list[str]]:
        """Per column, the values of some thousand rows: the first, some of the middle, the last."""
        return self.values(self.sample_filter)

    @cached_property
    def sample_counts(self) -> list[Counter[str]]:
        """Per column, how many rows of `sample` have each value, by when it comes first."""
        return [Counter(values) for values in self.sample]

    @cached_property
    def sample_filter(self) -> str:
        if self.rows <= HEAD + 2 * PATCH:
            return "true"
        middle = self.rows // 2
        return f"(rowid < {HEAD} OR rowid BETWEEN {middle} AND {middle + PATCH - 1} OR rowid >= {self.rows - PATCH})"

    def forget_sample(self) -> None:
        """After its cells were written anew."""
        for name in ("sample", "sample_counts"):
            self.__dict__.pop(name, None)

    def changed(self, change: Callable[[TextTable], TextTable]) -> TextTable:
        """The table after a change of its rows, which is made again should it be settled."""
        before, found = self.settle, change(self)
        if before is not None:

            def settle(rejects: Rejects) -> TextTable:
                settled = before(rejects)
                return found if settled is self else change(settled)

            found.settle = settle
        return found

    def only(self, condition: str) -> TextTable:
        """The table of those rows that fulfil a condition, each with the line it stood in."""
        con = self.connection
        cells = ", ".join(f"c{i}" for i in range(len(self.names)))
        con.execute(
            f"CREATE OR REPLACE TABLE factoryview_only AS SELECT {self.line} AS line, {cells} FROM {RAW} "
            f"WHERE {condition} ORDER BY rowid"
        )
        con.execute(f"DROP TABLE {RAW}")
        con.execute(f"ALTER TABLE factoryview_only RENAME TO {RAW}")
        return replace(self, line="line", settle=None)

    def values(self, condition: str) -> list[list[str]]:
        """Per column, the text of the rows that fulfil the condition, in file order; blank where null."""
        listing = ", ".join(f"coalesce({self.column(i)}, '')" for i in range(len(self.names)))
        found = self.connection.execute(f"SELECT {listing} FROM {RAW} WHERE {condition} ORDER BY rowid").fetchall()
        return [list(column) for column in zip(*found, strict=True)] if found else [[] for _ in self.names]

    def scalar(self, expression: str) -> float:
        """A number computed over all rows."""
        found = self.connection.execute(f"SELECT {expression} FROM {RAW}").fetchone()
        return float(found[0]) if found and found[0] is not None else 0.0

    def written(self, values: Sequence[str | None]) -> str:
        """A row as it may have stood in the file."""
        text = io.StringIO()
        csv.writer(text, delimiter=self.delimiter, lineterminator="").writerow(["" if v is None else v for v in values])
        return text.getvalue()

    def drop(self) -> None:
        self.connection.execute(f"DROP TABLE IF EXISTS {RAW}")


def too_many_rows(file: str) -> InputError:
    """The error for a table that is too long."""
    return InputError(said("error.too_many_rows", most=MOST_ROWS), where=file, cure=said("error.shorter_time"))


class Filler:
    """Makes `factoryview_raw` row by row, in batches; the column names may grow while rows arrive.

    Each row has a `line` of its own.
    """

    BATCH = 20_000
    """Rows that are put into the database together; fewer of a wide table."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, file: str, names: Sequence[str]) -> None:
        self.connection, self.file = connection, file
        self.names: list[str] = []
        self._rows: list[tuple[object, ...]] = []
        self._count = 0
        connection.execute(f"CREATE OR REPLACE TABLE {RAW} (line BIGINT)")
        for name in names:
            self.grow(name)

    def grow(self, name: str) -> int:
        """Adds a column; earlier rows are blank there. Its index."""
        self.flush()
        if len(self.names) >= MOST_COLUMNS:
            raise InputError(
                said("error.too_many_columns", most=MOST_COLUMNS), where=self.file, cure=said("error.fewer_columns")
            )
        self.connection.execute(f"ALTER TABLE {RAW} ADD COLUMN c{len(self.names)} VARCHAR")
        self.names.append(name)
        return len(self.names) - 1

    def add(self, line: int, values: Sequence[str | None]) -> None:
        """One row; as many values as there are columns."""
        self._rows.append((line, *values))
        self._count += 1
        if len(self._rows) >= self.BATCH or len(self._rows) * len(self.names) > _BATCH_CELLS:
            self.flush()

    def flush(self) -> None:
        if self._rows:
            import pandas as pd  # here, for it takes a seventh of a second, and few logs need it

            frame = pd.DataFrame(self._rows, dtype=object)
            frame[0] = frame[0].astype("int64")
            self.connection.register("factoryview_batch", frame)
            self.connection.execute(f"INSERT INTO {RAW} SELECT * FROM factoryview_batch")
            self.connection.unregister("factoryview_batch")
            self._rows = []
            if self._count > MOST_ROWS:
                raise too_many_rows(self.file)

    def table(self, findings: list[Finding]) -> TextTable:
        self.flush()
        return TextTable(self.connection, self.file, self.names, line="line", findings=findings)
