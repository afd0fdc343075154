"""Filters that a user has given a name, as plain data for the file of settings, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from factoryview.store import selection
from factoryview.store.selection import Not, Selection

Kept = tuple[tuple[str, tuple[Selection, ...]], ...]
"""Names and the conditions that hold together, in the order of the names."""
_KINDS: Mapping[str, type[Selection]] = {
    kind.__name__: kind
    for kind in (
        selection.ChannelIn, selection.ValueBetween, selection.Through, selection.First, selection.Last,
        selection.Followed, selection.Repeated, selection.LongerThan, selection.InProgress, selection.AttributeIn,
        selection.AttributeBetween, selection.RouteIs,
    )
}  # fmt: skip


def plain(condition: Selection) -> dict[str, Any]:
    """A condition as a table of TOML."""
    if isinstance(condition, Not):
        return {"not": plain(condition.condition)}
    said = {field.name: getattr(condition, field.name) for field in fields(condition)}
    values = {name: list(value) if isinstance(value, tuple) else value for name, value in said.items()}
    return {"kind": type(condition).__name__} | {name: value for name, value in values.items() if value is not None}


def condition_of(table: object) -> Selection | None:
    """The condition of a table; None if it is none."""
    if not isinstance(table, Mapping):
        return None
    if "not" in table:
        inner = condition_of(table["not"])
        return None if inner is None else Not(inner)
    kind = _KINDS.get(str(table.get("kind")))
    if kind is None:
        return None
    known = {field.name: str(field.type) for field in fields(kind)}
    said = {name: tuple(value) if isinstance(value, list) else value for name, value in table.items() if name in known}
    if not all(_fits(value, known[name]) for name, value in said.items()):
        return None
    try:
        return kind(**said)
    except TypeError:
        return None


def _fits(value: object, wanted: str) -> bool:
    """Whether a value is of the type that a field says."""
    if wanted.startswith("tuple"):
        return isinstance(value, tuple) and all(isinstance(each, str) for each in value)
    if wanted == "str":
        return isinstance(value, str)
    if wanted == "bool":
        return isinstance(value, bool)
    return isinstance(value, int | float) and not isinstance(value, bool)


def kept_of(tables: object) -> Kept:
    """The filters in a part of the file of settings; what is none of them is left out."""
    if not isinstance(tables, Mapping):
        return ()
    found = []
    for name in sorted(map(str, tables)):
        each = tables[name]
        conditions = [condition_of(table) for table in each] if isinstance(each, Sequence) else []
        if conditions and None not in conditions:
            found.append((name, tuple(each for each in conditions if each is not None)))
    return tuple(found)


def tables_of(kept: Kept) -> dict[str, list[dict[str, Any]]]:
    """As `kept_of` reads it."""
    return {name: [plain(condition) for condition in conditions] for name, conditions in kept}
