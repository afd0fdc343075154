"""Events in a warehouse: a table of a server, looked at where it is, with the columns that a plant file names."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

from factoryview.errors import InputError
from factoryview.language.said import said
from factoryview.plant.models import Warehouse
from factoryview.plant.secrets import filled
from factoryview.sources.events import ROLES, EventLog, Finding

if TYPE_CHECKING:
    import duckdb

    from factoryview.store.engine.postgres import Session

_TYPES = {"case": "text", "stage": "text", "resource": "text", "channel": "text", "reason": "text"}
_NUMBERS = ("value", "weight")
_NEEDED = ("case", "stage", "time")
_ORDER = "row"
"""The role of a column that numbers the events in the order in which they were written."""


def open_warehouse(named: Warehouse, timezone: str) -> EventLog:
    """The events of a table on a server, under the names that `EventLog` has. Nothing is copied.

    timezone: of times without an offset. Raises InputError where the server, the table or a column is not there.
    """
    try:
        from factoryview.store.engine.postgres import Session
    except ImportError:
        raise InputError(
            "a log in a warehouse needs a library that is not installed.",
            where=named.table,
            cure="pip install 'factoryview[warehouse]'",
        ) from None
    log, _ = filled(named)
    session = Session(log.url)
    try:
        return _seen(session, log, timezone)
    except InputError:
        session.close()
        raise


def _seen(session: Session, log: Warehouse, timezone: str) -> EventLog:
    columns = {role: log.columns.get(role, role) for role in (*ROLES, _ORDER)}
    known = _types_of(session, log.table)
    missing = [columns[role] for role in _NEEDED if columns[role] not in known]
    missing += [column for column in log.columns.values() if column not in known]
    if missing:
        raise InputError(
            f'has no column "{missing[0]}"; there are {", ".join(sorted(known))}.',
            where=log.table,
            cure='Say which column is what: columns = { case = "…", stage = "…", time = "…" }.',
        )
    written = [_column(role, columns[role], known, timezone, log.times) for role in ROLES]
    order = columns[_ORDER]
    place = f"t.{_quoted(order)}" if order in known else "null"
    is_number = known.get(order) in ("bigint", "integer", "smallint")
    number = "place::bigint" if is_number else 'row_number() over (order by place, "time", "case", stage) - 1'
    session.plainly(
        f'create temp view events as select {number} as "row", {", ".join(map(_quoted, ROLES))} '
        f"from (select {', '.join(written)}, {place} as place from {_table(log.table)} as t) as seen "
        "where \"case\" is not null and coalesce(stage, '') <> ''"
    )
    [(rows,)] = session.plainly(f"select count(*) from {_table(log.table)}")
    [(usable,)] = session.plainly("select count(*) from events")
    findings = [Finding("info", log.table, said("reading.in_warehouse", rows=rows))]
    if usable < rows:
        findings.append(Finding("warning", log.table, said("reading.left_out", rows=rows - usable)))
    answering = cast("duckdb.DuckDBPyConnection", session)  # it has the two methods of one that are asked of it
    found = {role: columns[role] for role in ROLES if columns[role] in known}
    return EventLog(answering, log.times, found, findings, rows, rows - usable, mappable=False)


def _types_of(session: Session, table: str) -> dict[str, str]:
    """Column → its type, of a table or view."""
    rows = session.plainly(
        "select attname, atttypid::regtype::text from pg_attribute "
        f"where attrelid = {_literal(_table(table))}::regclass and attnum > 0 and not attisdropped"
    )
    return dict(rows)


def _column(role: str, name: str, known: dict[str, str], timezone: str, meaning: str | None) -> str:
    """The column of a role as `EventLog` has it; null where the table has none."""
    there = name in known and (role != "start" or meaning == "interval")
    column = f"t.{_quoted(name)}" if there else "null"
    if role in _TYPES:
        written = f'({column})::text collate "C"'
    elif role in _NUMBERS:
        written = f"({column})::double precision"
        written = f"coalesce({written}, 1)" if role == "weight" else written
    elif there and known[name] == "timestamp with time zone":
        written = f"{column} at time zone 'UTC'"
    else:
        zone = _literal(ZoneInfo(timezone).key)
        written = f"(({column})::timestamp at time zone {zone}) at time zone 'UTC'"
    return f"{written} as {_quoted(role)}"


def _table(name: str) -> str:
    """`schema.table` in quotes, with a short name for queries."""
    return ".".join(map(_quoted, name.split(".")))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
