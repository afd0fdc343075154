"""A case that two columns name together: the order and its position, the ticket and its task."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import replace

from factoryview.language.said import said
from factoryview.sources.columns import change_headers
from factoryview.sources.columns.roles import Roles
from factoryview.sources.reading import Reading
from factoryview.sources.table import RAW, TextTable

_PLUS = " + "
_APART = 1.3
"""So many times more often a stage is reached by a position than by a case, if the positions go their own ways."""
_MOST_POSITIONS = 1000


def join_wished(table: TextTable, wishes: Mapping[str, str]) -> TextTable:
    """The table with one more column where the user named the case by two: `Order + Item`."""
    wish = wishes.get("case", "")
    parts = [part.strip() for part in wish.split(_PLUS.strip())]
    if wish in table.names or len(parts) < 2 or not set(parts) <= set(table.names):
        return table
    cells = [f"trim(c{table.names.index(part)})" for part in parts]
    blank = " OR ".join(f"coalesce({cell}, '') = ''" for cell in cells)

    def joining(table: TextTable) -> TextTable:
        place = f"c{len(table.names)}"
        table.connection.execute(f"ALTER TABLE {RAW} ADD COLUMN {place} VARCHAR")
        whole = " || ' / ' || ".join(cells)
        table.connection.execute(f"UPDATE {RAW} SET {place} = CASE WHEN {blank} THEN NULL ELSE {whole} END")
        return replace(table, names=[*table.names, wish], settle=None)

    return table.changed(joining)


def ask_for_positions(reading: Reading, roles: Roles) -> None:
    """Asks whether the positions of a case are cases of their own, where each goes through the stages by itself."""
    if "case" in roles.given or "stage" not in roles.index:
        return
    case, stage = roles.column("case"), roles.column("stage")
    for p in roles.free():
        if not change_headers.is_position(p.name) or not 1 < p.distinct <= _MOST_POSITIONS or p.is_time:
            continue
        own = reading.table.scalar(f"count(DISTINCT ({case}, {stage}, c{p.index}))")
        together = reading.table.scalar(f"count(DISTINCT ({case}, {stage}))")
        if own > _APART * together:
            both = roles.name("case") + _PLUS + p.name
            option = f"--map {shlex.quote(f'case={both}')}"
            text = said("reading.positions", case=roles.name("case"), position=p.name)
            reading.guess("case", roles.name("case"), text, said("reading.say_both", option=option), [option], p.name)
            return
