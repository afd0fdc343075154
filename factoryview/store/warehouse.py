"""Events in a warehouse: a table on a server or in files, looked at where it is, with columns that a plant names."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
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
    from factoryview.store.engine import postgres, spark

_TYPES = {"case": "text", "stage": "text", "resource": "text", "channel": "text", "reason": "text"}
_NUMBERS = ("value", "weight")
_NEEDED = ("case", "stage", "time")
_CLUSTER = re.compile(r"(?:spark|sc|k8s)://|yarn$|local(?:\[|$)")
"""What begins the address of Spark: a master, or a server of Spark Connect."""
_DELTA = "_delta_log"
"""The folder in which a Delta table keeps which of its files count."""
_ORDER = "row"
"""The role of a column that numbers the events in the order in which they were written."""
_WITHOUT_OFFSET = frozenset({
    "", "date", "timestamp", "timestamp without time zone", "timestamp_s", "timestamp_ms", "timestamp_ns",
    "timestamp_ntz",
})  # fmt: skip
"""Types of times that never have an offset; of others, and of domains over any, each time is looked at as text."""
_OFFSET = "^.*[0-9][Tt ]+[0-9:.]+ *([Zz]|[+-][0-9]{1,2}(:?[0-9]{2})?|[A-Z]{3,5}|[A-Z][A-Za-z_]+/[A-Za-z_/]+)$"
"""A time in text whose zone is said: an offset, or the name of a zone."""


class _Words:
    """What PostgreSQL and DuckDB say alike, and Spark otherwise."""

    quote = '"'
    view = "temp view"

    def text(self, column: str) -> str:
        """As text, which is ordered letter by letter."""
        return f'({column})::text collate "C"'

    def number(self, column: str) -> str:
        """As a number."""
        return f"({column})::double precision"

    def whole(self, column: str) -> str:
        """As a whole number."""
        return f"{column}::bigint"

    def moment(self, column: str, kind: str, zone: str) -> str:
        """As a moment in UTC. kind: its type. zone: of times without an offset."""
        if kind == "timestamp with time zone":
            return f"{column} at time zone 'UTC'"
        moment, text = f"({column})::timestamp", f"({column})::text"
        if zone != "UTC":
            moment = f"({moment} at time zone {_literal(zone)}) at time zone 'UTC'"
        if kind in _WITHOUT_OFFSET:
            return moment
        return f"case when {text} ~ '{_OFFSET}' then {text}::timestamptz at time zone 'UTC' else {moment} end"


class _SparkWords(_Words):
    quote = "`"
    view = "temporary view"

    def text(self, column: str) -> str:
        return f"cast({column} as string)"

    def number(self, column: str) -> str:
        return f"cast({column} as double)"

    def whole(self, column: str) -> str:
        return f"cast({column} as bigint)"

    def moment(self, column: str, kind: str, zone: str) -> str:
        moment = f"cast({column} as timestamp_ntz)"
        if kind == "timestamp":  # the session is in UTC
            return moment
        if zone != "UTC":
            moment = f"convert_timezone({_literal(zone)}, 'UTC', {moment})"
        if kind in _WITHOUT_OFFSET:
            return moment
        said_zone = f"cast(cast({column} as timestamp_ltz) as timestamp_ntz)"
        return f"case when {self.text(column)} rlike '{_OFFSET}' then {said_zone} else {moment} end"


@dataclass(frozen=True)
class _Place:
    """Where the events lie, and how it is asked."""

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
    words: _Words


def open_warehouse(named: Warehouse, timezone: str, folder: Path) -> EventLog:
    """The events of a table, under the names that `EventLog` has. Nothing is copied.

    timezone: of times without an offset. folder: of the plant file. Raises InputError where the server, the files, the
    table or a column is not there.
    """
    log, _ = filled(named)
    if log.url is None:
        place = _files(folder / str(log.path), log.table)
        return _seen(place, log, timezone)
    session, find = _on_cluster(log) if _CLUSTER.match(log.url) else _on_server(log)
    try:
        return _seen(find(), log, timezone)
    except InputError:
        session.close()
        raise


def is_view(connection: duckdb.DuckDBPyConnection, table: str | None) -> bool:
    """Whether what `open_warehouse` opened is a view in a DuckDB file: what it shows may lie in other files, too."""
    named = "select 1 from duckdb_views() where database_name = 'warehouse' and lower(view_name) = lower($name)"
    return table is not None and bool(connection.execute(named, {"name": table.rpartition(".")[2]}).fetchall())


def _on_server(log: Warehouse) -> tuple[postgres.Session, Callable[[], _Place]]:
    assert log.url is not None
    if log.table is None or log.path is not None:
        raise InputError(said("error.which_table"), where="[warehouse]", cure=said("error.add_table"))
    try:
        from factoryview.store.engine.postgres import Session
    except ImportError:
        raise InputError(
            said("error.no_server_library"), where=log.table, cure=said("error.install_warehouse")
        ) from None
    session, named = Session(log.url), log.table

    def place() -> _Place:
        table = ".".join(_quoted(part) for part in named.split("."))
        rows = session.plainly(
            "select attname, atttypid::regtype::text from pg_attribute "
            f"where attrelid = {_literal(table)}::regclass and attnum > 0 and not attisdropped"
        )
        return _Place(named, table, dict(rows), "", session.plainly, session, _Words())

    return session, place


def _on_cluster(log: Warehouse) -> tuple[spark.Session, Callable[[], _Place]]:
    assert log.url is not None
    name = log.table or str(log.path)
    try:
        from factoryview.store.engine.spark import Session
    except ImportError:
        raise InputError(said("error.no_spark_library"), where=name, cure=said("error.install_spark")) from None
    session = Session(log.url)

    def place() -> _Place:
        parts = log.table.split(".") if log.table is not None else ["parquet", str(log.path)]
        table = ".".join(_quoted(part, "`") for part in parts)
        columns = session.plainly(f"describe query select * from {table}")
        types = {str(column): str(kind) for column, kind, *_ in columns}
        return _Place(name, table, types, "", session.plainly, session, _SparkWords())

    return session, place


def _files(path: Path, table: str | None) -> _Place:
    """A folder of Parquet files, one such file, a Delta table, or a table of a DuckDB file."""
    if not path.exists():
        raise InputError(said("error.does_not_exist"), where=str(path), cure=said("error.check_name"))
    connection = connect()
    number = "row_number() over () - 1"  # DuckDB keeps the order of files
    try:
        if (path / _DELTA).is_dir():
            there, number = _delta(path, connection), ""
        elif path.is_dir() or table is None:
            files = path / "**" / "*.parquet" if path.is_dir() else path
            there = f"read_parquet({_literal(str(files))}, union_by_name = true)"
        else:
            connection.execute(f"attach {_literal(str(path))} as warehouse (read_only)")
            there = "warehouse." + ".".join(_quoted(part) for part in table.split("."))
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

    return _Place(table or path.name, there, types, number, ask, connection, _Words())


def _delta(path: Path, connection: duckdb.DuckDBPyConnection) -> str:
    """The rows that a Delta table has now: what was deleted or written over lies in its files still."""
    try:
        from deltalake import DeltaTable
        from deltalake.exceptions import DeltaError

        rows = DeltaTable(path).to_pyarrow_dataset()
    except ImportError:
        raise InputError(said("error.no_delta_library"), where=str(path), cure=said("error.install_delta")) from None
    except DeltaError as error:
        why = said("error.not_usable", why=str(error).splitlines()[0])
        raise InputError(why, where=str(path), cure=said("error.name_parquet")) from None
    connection.register("delta_rows", rows)
    return "delta_rows"


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
    place = replace(place, types=there)
    words, quoted = place.words, partial(_quoted, mark=place.words.quote)
    written = [_column(place, role, columns[role], timezone, log.times) for role in ROLES]
    order = columns[_ORDER]
    by_time = ", ".join(f"t.{quoted(columns[role])}" for role in ("time", "case", "stage"))
    number = place.number or f"row_number() over (order by {by_time}) - 1"
    if known.get(order) in ("bigint", "integer", "int", "smallint"):
        number = words.whole(f"t.{quoted(order)}")
    elif order in known:
        number = f"row_number() over (order by t.{quoted(order)}) - 1"
    [(rows,)] = place.ask(f"select count(*) from {place.table}")  # before a view hides a table that is called as it is
    place.ask(
        f"create {words.view} events as select * from (select {number} as {quoted('row')}, {', '.join(written)} "
        f"from {place.table} as t) as seen where {quoted('case')} is not null and coalesce(stage, '') <> ''"
    )
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
    for name in place.types:
        if currencies.is_named(name):  # of whatever type: an enumeration or a domain says codes, too
            column = place.words.text(f"t.{_quoted(name, place.words.quote)}")
            found |= currencies.coded(
                place.ask(f"select distinct trim({column}) from {place.table} as t limit {currencies.MOST}")
            )
    return (sorted(found), None) if len(found) > 1 else ([], next(iter(found), None))


def _column(place: _Place, role: str, name: str, timezone: str, meaning: str | None) -> str:
    """The column of a role as `EventLog` has it; null where the table has none."""
    words = place.words
    there = name in place.types and (role != "start" or meaning == "interval")
    column = f"t.{_quoted(name, words.quote)}" if there else "null"
    if role in _TYPES:
        written = words.text(column)
    elif role in _NUMBERS:
        written = words.number(column)
        written = f"coalesce({written}, 1)" if role == "weight" else written
    else:
        written = words.moment(column, place.types[name] if there else "", ZoneInfo(timezone).key)
    return f"{written} as {_quoted(role, words.quote)}"


def _quoted(name: str, mark: str = '"') -> str:
    return mark + name.replace(mark, mark * 2) + mark


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
