"""Logs that tell of changes of several fields, as ticket systems, CRM and ERP keep them: only one of them is the stage.

Which column names the field is known by its name, or by the chain of old and new values, which is whole within a field
only. Which field is the stage is known by its name, or by how its values follow one another.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

from factoryview.errors import InputError
from factoryview.language.said import said
from factoryview.sources import times
from factoryview.sources.columns import behaviour, change_headers, headers
from factoryview.sources.columns.roles import Profile, Roles, listed
from factoryview.sources.reading import Reading
from factoryview.sources.table import RAW, TextTable

_MOST_FIELDS = 300
_CLEARLY, _ANY = (0.8, 0.6), (0.2, 0.9)
"""Of the steps from one row of a case to the next so many continue the chain within a field, so few without it: where
nothing else tells that a column names fields, and where one of its texts is called like a stage."""
_ENOUGH = 20_000
_CLEAR = 1.0
"""Points between the field that behaves most like a stage and the next, to be taken for it."""


@dataclass(frozen=True)
class StageChanges:
    """The rows in which the stage changes."""

    table: TextTable
    column: str
    """The column that names the field,"""
    field: str
    """and the field that is the stage."""
    others: tuple[str, ...]
    left: int
    """Rows of other fields."""
    unnamed: int
    """Rows that name no field and do not fit between the changes of the stage."""
    is_named: bool
    """Whether the name of the field says that it is the stage."""

    def report(self, reading: Reading) -> None:
        """Says which rows were left out, and asks if the field had to be guessed."""
        if self.others:
            text = said("reading.other_fields", field=self.field, n=self.left, others=listed(self.others, 6))
            reading.note("info" if self.is_named else "ask", self.column, text, said("reading.say_if_not_field"))
        if self.unnamed:
            text = said("reading.no_field", field=self.field, n=self.unnamed)
            reading.note("ask", self.column, text, said("reading.say_field"))


def stage_changes(roles: Roles) -> StageChanges | None:
    """The table with the changes of the stage alone; None where no column names fields.

    Raises InputError where there are several fields and none that is surely the stage.
    """
    if "stage" not in roles.index or "case" not in roles.index:
        return None
    found = _field_column(roles)
    if found is None:
        return None
    table = roles.table
    counts = dict(
        table.connection.execute(
            f"SELECT trim(c{found.index}) AS f, count(*) FROM {RAW} WHERE trim(coalesce(c{found.index}, '')) <> '' "
            "GROUP BY f ORDER BY count(*) DESC, f"
        ).fetchall()
    )
    alike: dict[str, list[str]] = defaultdict(list)
    for name in counts:
        alike[headers.fold(name) or name].append(name)
    spellings = {names[0]: names for names in alike.values()}
    if not 1 < len(spellings) <= _MOST_FIELDS:
        return None
    rows = {field: sum(counts[name] for name in names) for field, names in spellings.items()}
    named = [name for name in rows if change_headers.names_stage(name)]
    field = max(named, key=lambda name: (headers.score(name, "stage"), rows[name])) if named else None
    if field is None:
        field = _by_behaviour(
            roles, found, {f: names for f, names in spellings.items() if rows[f] >= 0.02 * table.rows}
        )
    condition = _of_stage(roles, found, spellings[field])
    before = table.rows
    kept = table.changed(lambda whole: whole.only(condition))
    others = tuple(name for name in rows if name != field)
    left = sum(rows[name] for name in others)
    return StageChanges(kept, found.name, field, others, left, before - kept.rows - left, bool(named))


def _of_stage(roles: Roles, column: Profile, spellings: list[str]) -> str:
    """The SQL of whether a row is a change of the stage: it says so, or names no field and fits between those that do.

    It fits with a value the stage has elsewhere or has next, if it leaves nothing or the next change leaves its value.
    """
    names = ", ".join("'" + name.replace("'", "''") + "'" for name in spellings)
    name, new = (f"trim(coalesce(c{index}, ''))" for index in (column.index, roles.index["stage"]))
    old = f"trim(coalesce(c{roles.index['from']}, ''))" if "from" in roles.index else "''"
    case, style = roles.column("case"), roles.style("time")
    moment = f"{style.sql(roles.column('time'))}, " if style is not None else ""
    return (
        f"{name} IN ({names}) OR rowid IN (WITH every AS (SELECT rowid AS place, {name} AS field, {old} AS old, "
        f"{new} AS new, lead(CASE WHEN {name} <> '' THEN {old} END IGNORE NULLS) "
        f"OVER (PARTITION BY {case} ORDER BY {moment}rowid) AS next FROM {RAW} WHERE {name} IN ('', {names})), "
        f"stage AS (SELECT unnest([old, new]) AS value FROM every WHERE field <> '') "
        "SELECT place FROM every WHERE field = '' AND new <> '' "
        "AND (new = next OR old = '' AND new IN (SELECT value FROM stage)))"
    )


def _field_column(roles: Roles) -> Profile | None:
    """The column that says which field a row is about."""
    taken = {roles.index[role] for role in ("case", "stage", "time", "from") if role in roles.index}
    free = [p for p in roles.profiles if p.index not in taken and not p.is_time and p.filled > 0.8]
    free = [p for p in free if 1 < p.distinct <= _MOST_FIELDS and p.numeric < 0.5]
    called = [p for p in free if change_headers.is_field(p.name)]
    if "from" in roles.index:
        told = [p for p in free if p not in called and _names_a_stage(roles, p)]
        called += [p for p in free if p not in called and _makes_whole(roles, p, *(_ANY if p in told else _CLEARLY))]
        return called[0] if called else None
    return next((p for p in called if any(map(change_headers.names_stage, roles.table.sample[p.index]))), None)


def _ordered(roles: Roles, *columns: int) -> list[tuple[str, ...]]:
    """Case and further columns of some thousand rows of whole cases, in the order of time."""
    case, style = roles.column("case"), roles.style("time")
    moment = f"{style.sql(roles.column('time'))}, " if style is not None else ""
    step = max(1, roles.table.rows // _ENOUGH)
    cells = ", ".join(f"trim(coalesce(c{index}, ''))" for index in columns)
    return roles.table.connection.execute(
        f"SELECT {case}, {cells} FROM {RAW} WHERE hash({case}) % {step} = 0 ORDER BY {case}, {moment}rowid"
    ).fetchall()


def _names_a_stage(roles: Roles, p: Profile) -> bool:
    """Whether one of the texts in a column is the name of a field that is a stage."""
    return any(
        change_headers.names_stage(text) and text.strip().count(" ") < 2 for text in set(roles.table.sample[p.index])
    )


def _makes_whole(roles: Roles, p: Profile, whole: float, broken: float) -> bool:
    """Whether a row leaves what the one before came to, if only rows with the same text in this column are compared.

    whole: so many of the steps from one row to the next do then; broken: of these so many do, whatever the text.
    """
    rows = _ordered(roles, roles.index["from"], roles.index["stage"], p.index)
    within, regardless = [], []
    last: dict[tuple[str, str], str] = {}
    for case, old, new, field in rows:
        if (before := last.get((case, field))) is not None:
            within.append(before == old)
        last[case, field] = new
    for (case, _, before, _), (other, old, _, _) in pairwise(rows):
        if case == other:
            regardless.append(before == old)
    if len(within) < 10 or len(regardless) < 10:
        return False
    share = sum(within) / len(within)
    return share >= whole and sum(regardless) <= min(broken, share) * len(regardless)


def _by_behaviour(roles: Roles, column: Profile, fields: dict[str, list[str]]) -> str:
    """The field whose values follow one another as stages do. Raises InputError where two do, or none.

    fields: with the ways each is written.
    """
    meant = {spelling: field for field, spellings in fields.items() for spelling in spellings}
    cases: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for case, new, field in _ordered(roles, roles.index["stage"], column.index):
        if new and field in meant:
            cases[meant[field]][case].append(new)
    points: dict[str, float] = {}
    for field in fields:
        values = [value for own in cases[field].values() for value in own]
        if values:
            style = times.detect(values)
            is_moment = style is not None and style.share > 0.9
            points[field] = -6.0 if is_moment else behaviour.like_a_stage(list(cases[field].values()), column)
    ranked = sorted(points, key=lambda field: -points[field])
    if not ranked or points[ranked[0]] < 1 or (len(ranked) > 1 and points[ranked[0]] < points[ranked[1]] + _CLEAR):
        raise InputError(
            said("error.several_fields", column=column.name, names=listed(fields, 8)),
            where=roles.table.file,
            cure=said("error.leave_one_field"),
        )
    return ranked[0]
