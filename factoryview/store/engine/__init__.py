"""Where the stays are kept and the named queries answered: one interface, an engine a module."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Columns = dict[str, NDArray[Any]]
"""Name → values, all of one length: times are numpy datetime64, null is masked."""
Parameters = Mapping[str, object]
"""What `$name` in a query stands for."""


@dataclass
class Fetched:
    """What has come out of an engine so far: what it costs where a warehouse asks money for it."""

    queries: int = 0
    rows: int = 0
    bytes: int = 0
    """Of the numbers and the letters of the answers."""

    def count(self, rows: int, columns: Iterable[NDArray[Any]]) -> None:
        """An answer in columns has come."""
        self.queries += 1
        self.rows += rows
        self.bytes += sum(_letters(column) if column.dtype == object else column.nbytes for column in columns)

    def count_rows(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """An answer in rows has come."""
        self.queries += 1
        self.rows += len(rows)
        self.bytes += sum(_size(value) for row in rows for value in row)

    def since(self, before: Fetched) -> Fetched:
        """What has come after that."""
        return Fetched(self.queries - before.queries, self.rows - before.rows, self.bytes - before.bytes)


def _letters(column: NDArray[Any]) -> int:
    """Bytes of a column of texts; of anything else, value by value."""
    values = np.ma.compressed(column).tolist()
    try:
        return len("".join(values).encode())
    except TypeError:
        return sum(map(_size, values))


def _size(value: object) -> int:
    """Bytes of a value: a letter is one, a number eight."""
    if isinstance(value, str):
        return len(value.encode())
    if isinstance(value, np.ndarray) and value.dtype != object:
        return value.nbytes
    if isinstance(value, np.ndarray | list):
        return sum(map(_size, value))
    return 0 if value is None else 8


class Engine(Protocol):
    """Answers queries over the tables `stays` and `outcomes` (see `Store`). Every method may be called from any thread.

    Queries are written in the dialect of DuckDB, with parameters as `$name`; an engine of another dialect translates
    them before it asks. `only`: the name of a set of cases made by `keep`; the query then sees of both tables the rows
    of these cases, as if there were no others.
    """

    @property
    def fetched(self) -> Fetched:
        """What has come out of it so far."""
        ...

    def columns(self, query: str, parameters: Parameters, only: str | None = None) -> Columns:
        """The answer of one query, column by column."""
        ...

    def pieces(self, query: str, parameters: Parameters, only: str | None = None) -> Iterator[Columns]:
        """The answer of one query in columns, some rows at a time where the engine can, so that it need not have room
        in memory. Nothing of an answer without rows.
        """
        ...

    def rows(self, query: str, parameters: Parameters, only: str | None = None) -> list[tuple[Any, ...]]:
        """The answer of one query as Python rows."""
        ...

    def told(self, tell: Callable[[float], None]) -> AbstractContextManager[None]:
        """While this lasts, `tell` is told of each question which share of it is answered, on another thread; what it
        raises ends the question and comes out where it was asked. Where the engine says nothing, nothing is told.
        """
        ...

    def rest(self) -> None:
        """Give back the memory that is held only to answer the next question faster."""
        ...

    def keep(self, name: str, query: str, parameters: Parameters) -> None:
        """Keep the answer of a query as a table of that name, in the place of one there was."""
        ...

    def drop(self, name: str) -> None:
        """Let go of a table that was kept; nothing if there is none, or the engine is closed."""
        ...

    def close(self) -> None:
        """Give back what the engine holds; nothing can be asked any more."""
        ...
