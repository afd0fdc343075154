"""Tables that name a case in the first of its rows alone, as spreadsheets with merged cells do."""

from __future__ import annotations

from factoryview.sources.columns import headers
from factoryview.sources.columns.roles import Profile
from factoryview.sources.table import RAW, TextTable

_NAMED = 6
"""Score of a header as the case from which on it names one."""
_MOST_FILLED, _LEAST_FILLED = 0.7, 0.02
"""Of its cells: where more have a text some are just missing, where fewer it names no cases."""
_AGAINST, _BORDERS = 0.02, 0.3
"""Within cases so few steps go back, at their borders so many do."""


def sparse(profiles: list[Profile]) -> Profile | None:
    """The one column that is called like a case, if it has a name in some of its rows only."""
    named = [p for p in profiles if headers.score(p.name, "case") >= _NAMED and not headers.is_other(p.name)]
    return named[0] if len(named) == 1 and _LEAST_FILLED < named[0].filled <= _MOST_FILLED else None


def fill_down(table: TextTable, profiles: list[Profile]) -> tuple[TextTable, str] | None:
    """The table with the name of a case in the blank cells below it, and that column, if there is such a one.

    It is called like a case, no other is, every name stands there once, and the first row has one. Whose the rows
    below are is proved by the moments: they never fall within a case, and do where the next one begins.
    """
    p = sparse(profiles)
    if p is None:
        return None
    values = [value.strip() for value in table.sample[p.index]]
    filled = [value for value in values if value]
    if not values[0] or len(set(filled)) < len(filled) or not _falls_between(table, p, profiles):
        return None
    column = f"c{p.index}"

    def filling(table: TextTable) -> TextTable:
        table.connection.execute(
            f"UPDATE {RAW} SET {column} = above.name FROM (SELECT rowid AS place, last_value(nullif(trim({column}), '')"
            f" IGNORE NULLS) OVER (ORDER BY rowid) AS name FROM {RAW}) AS above WHERE {RAW}.rowid = above.place"
        )
        table.forget_sample()
        return table

    return table.changed(filling), p.name


def _falls_between(table: TextTable, case: Profile, profiles: list[Profile]) -> bool:
    """Whether some moment goes one way within the cases that would be, and back at the borders between them."""
    for p in profiles:
        if not p.is_time or p.style is None:
            continue
        moment = p.style.sql(f"c{p.index}")
        found = table.connection.execute(
            "SELECT count(*) FILTER (inside AND t < before), count(*) FILTER (inside AND t > before), "
            "count(*) FILTER (NOT inside AND t < before), count(*) FILTER (NOT inside AND t > before) FROM (SELECT "
            f"trim(coalesce(c{case.index}, '')) = '' AS inside, {moment} AS t, lag({moment}) OVER (ORDER BY rowid) "
            f"AS before FROM {RAW})"
        ).fetchone()
        falls, rises, back, on = found or (0, 0, 0, 0)
        for within, against, between, other in ((rises, falls, back, on), (falls, rises, on, back)):
            if against <= _AGAINST * within and between > _BORDERS * (between + other) and within:
                return True
    return False
