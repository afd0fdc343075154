"""Words where dates are expected, and rows that say more of a case whose dates stand in another one."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from factoryview.sources import times
from factoryview.sources.columns.moments import MOST_ROWS_PER_CASE
from factoryview.sources.columns.roles import Profile
from factoryview.sources.table import RAW, TextTable

_DIGIT = re.compile(r"\d")
_FEW_WORDS, _SOME_DATES = 5, 5
_MOSTLY = 0.9
_FEWEST_DATES = 3
"""Columns of dates from which on a table is one of cases."""
_KNOWN = 0.95
"""So many of such rows repeat what a row with dates has."""


@dataclass(frozen=True)
class Blanked:
    """Cells of a column of dates that hold a word instead."""

    column: str
    words: tuple[str, ...]
    cells: int


def blank_words(table: TextTable, profiles: list[Profile]) -> tuple[TextTable, list[Blanked]]:
    """The table with nothing in place of a few words without a figure in columns of dates: `open`, `tbd`.

    In a table of cases with some dates only; in a log each row has a moment, and a word there is a mistake.
    """
    dated = [p for p in profiles if p.style is not None and p.style.share > 0.5 and not p.style.only_numbers]
    if len(dated) < _FEWEST_DATES:
        return table, []
    found: dict[int, tuple[str, ...]] = {}
    told: list[Blanked] = []
    for p in dated:
        filled = [value for value in table.sample[p.index] if not times.is_blank(value)]
        words = Counter(value for value in filled if not _DIGIT.search(value))
        rest = [value for value in filled if value not in words]
        style = times.detect(rest) if words and len(words) <= _FEW_WORDS and len(set(rest)) >= _SOME_DATES else None
        if style is not None and style.share > _MOSTLY and len(rest) >= words.total():
            found[p.index] = tuple(words)
            told.append(Blanked(p.name, tuple(word.strip() for word in words), words.total()))
    if not found:
        return table, []

    def blanking(table: TextTable) -> TextTable:
        for index, words in found.items():
            table.connection.execute(
                f"UPDATE {RAW} SET c{index} = '' WHERE list_contains($words::VARCHAR[], c{index})",
                {"words": list(words)},
            )
        table.forget_sample()
        return table

    return table.changed(blanking), told


def drop_more_lines(table: TextTable, profiles: list[Profile]) -> tuple[TextTable, int]:
    """The table of cases without rows that have no date and repeat the id of one that has: things that were bought
    together. And how many these are."""
    dates = [p.index for p in profiles if p.is_time]
    if len(dates) < _FEWEST_DATES:
        return table, 0
    blanks = ", ".join(f"'{blank}'" for blank in times.BLANKS)
    undated = " AND ".join(f"lower(trim(coalesce(c{index}, ''))) IN ({blanks})" for index in dates)
    left = round(table.scalar(f"count(*) FILTER ({undated})"))
    if not 0 < left < table.rows:
        return table, 0
    for p in profiles:
        if p.is_time or p.filled < _MOSTLY or p.distinct < _SOME_DATES:
            continue
        dated = f"FILTER (NOT ({undated}))"
        own = table.scalar(f"count(*) {dated} / nullif(count(DISTINCT c{p.index}) {dated}, 0)")
        again = table.scalar(
            f"count(*) FILTER (({undated}) AND c{p.index} IN (SELECT c{p.index} FROM {RAW} WHERE NOT ({undated})))"
        )
        if own <= MOST_ROWS_PER_CASE and again >= _KNOWN * left:
            return table.changed(lambda whole: whole.only(f"NOT ({undated})")), left
    return table, 0
