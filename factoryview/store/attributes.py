"""What a log says of its cases beside their stays: put into tables of their own when somebody first asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, Literal, Protocol

from factoryview.sources import numbers
from factoryview.sources.events import AttributeColumn
from factoryview.store.engine import Engine
from factoryview.store.queries import sql

_AMOUNT = "[+-]?[ €$£]*[0-9][0-9., ''’\u00a0\u202f]*( ?[%€$£]| ?[A-Z]{3})?"
"""What a text must look like to be a number, as SQL: `R-3` and `2024-01-31` are none."""


@dataclass(frozen=True)
class Attribute:
    """An attribute of a log, as far as anybody has written it down."""

    name: str
    scope: Literal["case", "event"]
    """Of the case if no case says two different things."""
    kind: Literal["text", "number"]
    """Numbers, if every text is one."""
    cases: int
    """Cases that say something."""
    distinct: int
    """Different texts."""
    workers: float
    """Share of these that are names of those who work."""


class AttributeSource(Protocol):
    """Where the attributes of a store come from. Every method may be called from any thread."""

    def names(self) -> tuple[str, ...]:
        """Their names, in the order of the file."""
        ...

    def query(self, name: str) -> str:
        """A query with the columns row (the stay's id, or null), "case", text and number (null where it is none).

        Raises KeyError for a name that is not among `names`.
        """
        ...


class FileAttributes:
    """Attributes of a file that was read into the engine. Each is put into a table when it is first asked for."""

    def __init__(self, engine: Engine, columns: Sequence[AttributeColumn]) -> None:
        self._engine = engine
        self._columns = {column.name: column for column in columns}
        self._tables: dict[str, str] = {}
        self._turn = Lock()

    def names(self) -> tuple[str, ...]:
        """See `AttributeSource.names`."""
        return tuple(self._columns)

    def query(self, name: str) -> str:
        """See `AttributeSource.query`."""
        column = self._columns[name]
        with self._turn:
            if name not in self._tables:
                table = f"attribute_{len(self._tables)}"
                self._engine.keep(table, with_numbers(self._engine, column), {})
                self._tables[name] = table
        return f'select row, "case", text, number from {self._tables[name]}'


def with_numbers(engine: Engine, column: AttributeColumn) -> str:
    """The query of a column with its numbers, in the decimal sign that its texts use."""
    sample = [text for (text,) in engine.rows(sql("attributes/sample").format(attribute=column.query), {})]
    amount = numbers.sql("text", numbers.decimal_comma(sample, column.delimiter))
    looks = f"regexp_full_match(text, '{_AMOUNT}')"
    return f"select *, case when {looks} then {amount} end as number from ({column.query})"


def described(engine: Engine, source: AttributeSource, name: str) -> Attribute:
    """What an attribute says at all."""

    def ask(question: str) -> tuple[Any, ...]:
        [row] = engine.rows(sql(f"attributes/{question}").format(attribute=source.query(name)), {})
        return row

    cases, distinct, words, most = map(int, ask("facts"))
    [workers] = ask("workers")
    return Attribute(
        name,
        "event" if most > 1 else "case",
        "number" if distinct and not words else "text",
        cases,
        distinct,
        float(workers),
    )
