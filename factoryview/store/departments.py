"""Departments that a column of a log names: what it says of the stage at which an event happens."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from factoryview.errors import InputError
from factoryview.language.said import said
from factoryview.sources.columns import headers
from factoryview.sources.events import AttributeColumn
from factoryview.store.queries import sql

_WORDS = frozenset(
    ("department", "dept", "division", "business unit", "organisational unit", "organizational unit", "org unit",
     "abteilung", "fachbereich", "bereich", "ressort", "organisationseinheit", "departement", "departamento",
     "reparto", "afdeling", "dzial", "wydzial", "oddeleni", "avdelning")
)  # fmt: skip
"""What a column of departments is called."""
SURE, COVERED, MOST = 0.9, 0.8, 12
"""So many of a stage's events name its department, at so many of the stages; and so many departments at most."""


def named_by(
    connection: duckdb.DuckDBPyConnection, columns: Sequence[AttributeColumn], wish: str | None = None
) -> tuple[str, dict[str, str]]:
    """The column that is called so, and stage → department; empty if none is, or it says no such thing.

    wish: the column that somebody named: then the commonest text of a stage is its department. Raises InputError if
    there is none of that name.
    """
    if wish is not None and wish not in (column.name for column in columns):
        names = ", ".join(column.name for column in columns) or "–"
        raise InputError(said("error.no_attribute", name=wish), cure=said("error.there_are", names=names))
    for column in columns:
        if column.name == wish or (wish is None and headers.fold(column.name) in _WORDS):
            rows = connection.execute(sql("profile/departments").format(attribute=column.query)).fetchall()
            if wish is not None:
                return column.name, {stage: text for stage, text, _, _ in rows}
            sure = {stage: text for stage, text, often, every in rows if often >= SURE * every}
            several = len(set(sure.values()))
            if len(sure) >= COVERED * len(rows) and 2 <= several <= min(MOST, len(sure)):
                return column.name, sure
    return "", {}
