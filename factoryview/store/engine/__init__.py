"""Where the stays are kept and the named queries answered: one interface, an engine a module."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from numpy.typing import NDArray

Columns = dict[str, NDArray[Any]]
"""Name → values, all of one length: times are numpy datetime64, null is masked."""
Parameters = Mapping[str, object]
"""What `$name` in a query stands for."""


class Engine(Protocol):
    """Answers queries over the tables `stays` and `outcomes` (see `Store`). Every method may be called from any thread.

    Queries are written in the dialect of DuckDB, with parameters as `$name`; an engine of another dialect translates
    them before it asks. `only`: the name of a set of cases made by `keep`; the query then sees of both tables the rows
    of these cases, as if there were no others.
    """

    def columns(self, query: str, parameters: Parameters, only: str | None = None) -> Columns:
        """The answer of one query, column by column."""
        ...

    def rows(self, query: str, parameters: Parameters, only: str | None = None) -> list[tuple[Any, ...]]:
        """The answer of one query as Python rows."""
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
