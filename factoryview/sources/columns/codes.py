"""Codes that another column of the table calls by their names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from factoryview.sources.columns import headers
from factoryview.sources.columns.roles import Profile, Roles
from factoryview.sources.table import RAW

_LETTERS = re.compile(r"[^\W\d_]{3}")
"""A name has some letters in a row, a code has none."""
_NAMES = 0.9
_ANSWERS = frozenset(
    ("true", "false", "yes", "no", "ja", "nein", "wahr", "falsch", "oui", "non", "sì", "sí", "si", "tak", "nie", "nee")
)
"""A column of these answers a question, it names nothing."""
_PERSON = 3
"""Score as the resource from which on a column may tell who works."""


def are_codes(values: Iterable[str]) -> bool:
    """Whether none of the values is a name.

    >>> are_codes(["64", "A1", ""]), are_codes(["64", "Open"])
    (True, False)
    """
    return not any(map(_LETTERS.search, values))


def names_beside(roles: Roles, columns: Sequence[Profile]) -> Profile | None:
    """The column that has one name for each code in the column of the stage, and a code for each name.

    columns: in which it may be; those of who works name nothing. None where the stage has names itself, or nobody names
    its codes.
    """
    coded = roles.index["stage"]
    values = {value.strip() for value in roles.table.sample[coded] if value.strip()}
    if len(values) < 2 or not are_codes(values):
        return None
    for p in columns:
        if headers.score(p.name, "resource") >= _PERSON:
            continue
        names = {value.strip() for value in roles.table.sample[p.index] if value.strip()}
        if len(names) != len(values) or {name.casefold() for name in names} <= _ANSWERS:
            continue
        if sum(map(bool, map(_LETTERS.search, names))) < _NAMES * len(names):
            continue
        found = roles.table.connection.execute(
            f"SELECT count(DISTINCT c{coded}), count(DISTINCT c{p.index}), count(DISTINCT (c{coded}, c{p.index})), "
            f"count(*) FILTER ((trim(coalesce(c{coded}, '')) = '') <> (trim(coalesce(c{p.index}, '')) = '')) FROM {RAW}"
        ).fetchone()
        if found and found[0] == found[1] == found[2] and not found[3]:
            return p
    return None
