"""Events in a warehouse: a table on a server or in files, looked at where it is, with columns that a plant names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import duckdb

from factoryview.errors import InputError
from factoryview.language.said import said
from factoryview.plant.models import Warehouse
from factoryview.plant.secrets import filled
from factoryview.sources import currencies
from factoryview.sources.engine import connect
from factoryview.sources.events import ROLES, EventLog, Finding

if TYPE_CHECKING:
    from factoryview.store.engine.postgres import Session

_TYPES = {"case": "text", "stage": "text", "resource": "text", "channel": "text", "reason": "text"}
_TEXTS = ("text", "varchar", "character varying", "character", "bpchar")
_NUMBERS = ("value", "weight")
_NEEDED = ("case", "stage", "time")
_ORDER = "row"
"""The role of a column that numbers the events in the order in which they were written."""


@dataclass(frozen=True)
class _Place:
    """Where the events lie, and how it is asked: in words that PostgreSQL and DuckDB share."""

    name: str
    """What people call it."""
    table: str
    """As it stands behind `from`."""
    types: dict[str, str]
    """Column → its type."""
    number: str
    """What numbers the rows where no column does; empty: nothing, they are numbered by time."""
    ask: Callable[[str], list[tuple[Any, ...]]]
    connection: Any


def open_warehouse(named: Warehouse, timezone: str, folder: Path) -> EventLog:
    """The events of a table, under the names that `EventLog` has. Nothing is copied.

    timezone: of times without an offset. folder: of the plant file. Raises InputError where the server, the files, the
    table or a column is not there.
    """
    log, _ = filled(named)
    if log.url is None:
        place = _files(folder / str(log.path), log.table)
        return _seen(place, log, timezone)
    assert log.table is not None, "which the plant file was checked for"
    try:
        from factoryview.store.engine.postgres import Session
    except ImportError:
        raise InputError(
            said("error.no_server_library"),
            where=log.table,
            cure=said("error.install_warehouse"),
        ) from None
    session = Session(log.url)
    try:
        return _seen(_server(session, log.table), log, timezone)
    except InputError:
        session.close()
        raise


def _server(session: Session, table: str) -> _Place:
    rows = session.plainly(
        "select attname, atttypid::regtype::text from pg_attribute "
        f"where attrelid = {_literal(_table(table))}::regclass and attnum > 0 and not attisdropped"
    )
    return _Place(table, _table(table), dict(rows), "", session.plainly, session)


def _files(path: Path, table: str | None) -> _Place:
    """A folder of Parquet files, one such file, or a table of a DuckDB file."""
    if not path.exists():
        raise InputError(said("error.does_not_exist"), where=str(path), cure=said("error.check_name"))
    connection = connect()
    number = "row_number() over () - 1"  # DuckDB keeps the order of files
    try:
        if path.is_dir() or table is None:
            files = path / "**" / "*.parquet" if path.is_dir() else path
            there = f"read_parquet({_literal(str(files))}, union_by_name = true)"
        else:
            connection.execute(f"attach {_literal(str(path))} as warehouse (read_only)")
            there = f"warehouse.{_table(table)}"
            kinds = (
                f"select 1 from duckdb_tables() where database_name = 'warehouse' and table_name = {_literal(table)}"
            )
            number = "t.rowid" if connection.execute(kinds).fetchall() else number
        columns = connection.execute(f"describe select * from {there}").fetchall()
    except duckdb.Error as error:
        connection.close()
        raise InputError(
            said("error.not_usable", why=str(error).splitlines()[0]),
            where=str(path),
            cure=said("error.name_parquet"),
        ) from None
    types = {str(name): str(kind).lower() for name, kind, *_ in columns}

    def ask(statement: str) -> list[tuple[Any, ...]]:
        return connection.execute(statement).fetchall()

    return _Place(table or path.name, there, types, number, ask, connection)


def _seen(place: _Place, log: Warehouse, timezone: str) -> EventLog:
    columns = {role: log.columns.get(role, role) for role in (*ROLES, _ORDER)}
    known = place.types
    missing = [columns[role] for role in _NEEDED if columns[role] not in known]
    missing += [column for column in log.columns.values() if column not in known]
    if missing:
        raise InputError(
            said("error.no_column_among", name=missing[0], known=", ".join(sorted(known))),
            where=place.name,
            cure=said("error.say_columns"),
        )
    several, currency = _currencies(place, columns["value"])
    there = {name: kind for name, kind in known.items() if not several or name != columns["value"]}
    written = [_column(role, columns[role], there, timezone, log.times) for role in ROLES]
    order = columns[_ORDER]
    by_time = ", ".join(f"t.{_quoted(columns[role])}" for role in ("time", "case", "stage"))
    number = place.number or f"row_number() over (order by {by_time}) - 1"
    if known.get(order) in ("bigint", "integer", "smallint"):
        number = f"t.{_quoted(order)}::bigint"
    elif order in known:
        number = f"row_number() over (order by t.{_quoted(order)}) - 1"
    place.ask(
        f'create temp view events as select * from (select {number} as "row", {", ".join(written)} '
        f"from {place.table} as t) as seen where \"case\" is not null and coalesce(stage, '') <> ''"
    )
    [(rows,)] = place.ask(f"select count(*) from {place.table}")
    [(usable,)] = place.ask("select count(*) from events")
    findings = [Finding("info", place.name, said("reading.in_warehouse", rows=rows))]
    if usable < rows:
        findings.append(Finding("warning", place.name, said("reading.left_out", rows=rows - usable)))
    if several:
        text = said("reading.currencies", listed=", ".join(several))
        findings.append(Finding("warning", place.name, text, said("reading.one_currency")))
    found = {role: columns[role] for role in ROLES if columns[role] in there}
    # a session on a server has the two methods of a connection of DuckDB that are asked of it
    return EventLog(
        place.connection, log.times, found, findings, rows, rows - usable, mappable=False, currency=currency
    )


def _currencies(place: _Place, value: str) -> tuple[list[str], str | None]:
    """The currencies of the amounts where they are in several, so that they cannot be added up; else the one."""
    if value not in place.types:
        return [], None
    found = currencies.named(value)
    for name, kind in place.types.items():
        if currencies.is_named(name) and kind.split("(")[0] in _TEXTS:
            column = f"t.{_quoted(name)}"
            found |= currencies.coded(
                place.ask(f"select distinct trim({column}) from {place.table} as t limit {currencies.MOST}")
            )
    return (sorted(found), None) if len(found) > 1 else ([], next(iter(found), None))


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
        zone = ZoneInfo(timezone).key
        written = f"({column})::timestamp"
        if zone != "UTC":
            written = f"({written} at time zone {_literal(zone)}) at time zone 'UTC'"
    return f"{written} as {_quoted(role)}"


def _table(name: str) -> str:
    """`schema.table` in quotes, with a short name for queries."""
    return ".".join(map(_quoted, name.split(".")))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
