"""Tables that name a case in the first of its rows alone, as spreadsheets with merged cells do."""

from __future__ import annotations

from factoryview.sources.columns import headers
from factoryview.sources.columns.roles import Profile
from factoryview.sources.table import RAW, TextTable

_NAMED = 6
"""Score of a header as the case from which on it names one."""
_MOST_FILLED, _LEAST_FILLED = 0.7, 0.02
"""Of its cells: where more have a text some are just missing, where fewer it names no cases."""


def fill_down(table: TextTable, profiles: list[Profile]) -> str | None:
    """Write the name of a case into the blank cells below it; the column, if there is such a one.

    It is called like a case, no other is, every name stands there once, and the first row has one.
    """
    named = [p for p in profiles if headers.score(p.name, "case") >= _NAMED and not headers.is_other(p.name)]
    if len(named) != 1 or not _LEAST_FILLED < named[0].filled <= _MOST_FILLED:
        return None
    (p,) = named
    values = [value.strip() for value in table.sample[p.index]]
    filled = [value for value in values if value]
    if not values[0] or len(set(filled)) < len(filled):
        return None
    column = f"c{p.index}"
    table.connection.execute(
        f"UPDATE {RAW} SET {column} = above.name FROM (SELECT rowid AS place, last_value(nullif(trim({column}), '') "
        f"IGNORE NULLS) OVER (ORDER BY rowid) AS name FROM {RAW}) AS above WHERE {RAW}.rowid = above.place"
    )
    table.forget_sample()
    return p.name
