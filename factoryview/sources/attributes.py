"""Columns that play no role: what else a file says of its cases and events, kept aside until somebody asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from factoryview.language.said import said
from factoryview.sources.columns import headers
from factoryview.sources.columns.roles import listed
from factoryview.sources.events import AttributeColumn, Finding
from factoryview.sources.limits import LONGEST_ATTRIBUTE, MOST_ATTRIBUTES
from factoryview.sources.table import RAW, TextTable

KEPT = "attribute_rows"
"""The table of text, once the events are made of it."""
KEPT_EXPORT = "attribute_export"
"""The table of a CRM's export, once the table of entries is made of it."""
CASES = "attribute_cases"
"""What a case is called in an export, and in the events."""


def keep_events(table: TextTable, taken: Iterable[int], row: str = "events.row") -> tuple[AttributeColumn, ...]:
    """Put the table of text aside, without the columns in `taken`; it is gone if no attribute is left.

    row: the SQL of the `rowid` that an event was made of.
    """
    found, _ = choose(dict(enumerate(table.names)), taken)
    _put_aside(table, KEPT, found)
    source = f'SELECT events.row, events."case", {{text}} AS text FROM events JOIN {KEPT} ON {KEPT}.rowid = {row}'
    return _attributes(table, found, source)


def keep_export(table: TextTable, case: int, taken: Iterable[int]) -> tuple[AttributeColumn, ...]:
    """Put an export aside of whose rows entries have been made: its attributes are those of the case in its column."""
    found, _ = choose(dict(enumerate(table.names)), {case, *taken})
    _put_aside(table, KEPT_EXPORT, {**found, case: ""} if found else {})
    source = (
        f'SELECT NULL::BIGINT AS row, {CASES}."case", {{text}} AS text FROM {KEPT_EXPORT} '
        f"JOIN {CASES} ON written = c{case}"
    )
    return _attributes(table, found, source)


def keep_cases(table: TextTable, case: str) -> None:
    """Write down what each case of the events is called in the column `case` of the table of text."""
    table.connection.execute(
        f'CREATE OR REPLACE TABLE {CASES} AS SELECT DISTINCT {case} AS written, events."case" '
        f"FROM events JOIN {RAW} ON {RAW}.rowid = events.row"
    )


def choose(names: Mapping[int, str], taken: Iterable[int]) -> tuple[dict[int, str], list[str]]:
    """Index → name of the columns that become attributes, and the names of those that do not.

    Of several columns with one name the first counts. Who worked is no attribute, whatever the column is called.
    """
    known = set(taken)
    found: dict[int, str] = {}
    left_out = []
    for index, name in names.items():
        short = name[:LONGEST_ATTRIBUTE]
        if index in known or short in found.values():
            continue
        if headers.tells_who_works(name) or len(found) >= MOST_ATTRIBUTES:
            left_out.append(name)
        else:
            found[index] = short
    return found, left_out


def findings(place: str, names: Mapping[int, str], taken: Iterable[int]) -> list[Finding]:
    """What to report of the columns that play no role."""
    found, left_out = choose(names, taken)
    lines = []
    if found:
        lines.append(said("reading.attributes", names=listed(found.values())))
    if left_out:
        lines.append(said("reading.unused", names=listed(left_out)))
    return [Finding("info", place, line) for line in lines]


def text(column: str) -> str:
    """The SQL of an attribute's text: without spaces around it, cut, null where blank."""
    return f"nullif(left(trim({column}), {LONGEST_ATTRIBUTE}), '')"


def _put_aside(table: TextTable, name: str, columns: Mapping[int, str]) -> None:
    con = table.connection
    con.execute(f"DROP TABLE IF EXISTS {name}")
    if not columns:
        table.drop()
        return
    con.execute(f"ALTER TABLE {RAW} RENAME TO {name}")
    for index in set(range(len(table.names))).difference(columns):
        con.execute(f"ALTER TABLE {name} DROP COLUMN c{index}")


def _attributes(table: TextTable, found: Mapping[int, str], source: str) -> tuple[AttributeColumn, ...]:
    return tuple(
        AttributeColumn(name, source.format(text=text(f"c{index}")), table.delimiter) for index, name in found.items()
    )
