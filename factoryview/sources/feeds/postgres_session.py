"""A connection to PostgreSQL that reads the rows of one table in the order in which they were committed for good."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Sequence
from contextlib import closing, suppress
from typing import Any, NamedTuple, cast

import psycopg
from psycopg import sql

from factoryview.errors import InputError
from factoryview.language.said import said
from factoryview.plant.feeds import PostgresFeed
from factoryview.sources.feeds.feed import LARGEST_BATCH, FeedError, Message, shortened
from factoryview.sources.feeds.postgres_values import LOADERS

LARGEST_READ = 8 << 20
"""Characters of the rows that are read at once, about."""
STATEMENT_SECONDS = 20
"""So long the server works on a question at most."""
_MANNERS: dict[str, str | int] = {
    "application_name": "factoryview",
    "client_encoding": "utf8",
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
"""Of the connection, unless its address says otherwise."""
_SESSION = {
    "TimeZone": "UTC",
    "DateStyle": "ISO",
    "statement_timeout": f"{STATEMENT_SECONDS}s",
    "default_transaction_read_only": "on",
}
_XID8 = 5069
_OLDEST_VERSION = 130_000
_PART = re.compile(r'"((?:[^"]|"")+)"(?=\.|$)|([^."][^.]*)(?=\.|$)')

_ROWS = sql.SQL(
    "select t.*, t.{tx}::text, t.{cursor}::text, {rank} from {table} t"
    " where {after} and t.{tx} < pg_snapshot_xmin(pg_current_snapshot())"
    " order by t.{tx}, t.{cursor}{last} limit {most}"
)
_ALL = sql.SQL("true")
_NO_RANK, _RANK = sql.SQL("null"), sql.SQL("rank() over (order by t.{tx}, t.{cursor})")
_HELD = sql.SQL(
    "select t.{tx}::text from {table} t where t.{tx} >= pg_snapshot_xmin(pg_current_snapshot()) order by t.{tx} limit 1"
)
_NUMBERS = sql.SQL(
    "select c.relkind = 'r' and not c.relhassubclass, a.attnotnull and exists (select from pg_index i"
    " where i.indrelid = c.oid and i.indisunique and i.indisvalid and i.indpred is null"
    " and (i.indkey::int2[])[0:i.indnkeyatts - 1] <@ array("
    "select b.attnum from pg_attribute b where b.attrelid = c.oid and b.attname in ({tx}, {cursor})))"
    " and (c.relkind = 'p' or not c.relhassubclass)"
    " from pg_class c join pg_attribute a on a.attrelid = c.oid"
    " where c.oid = {table}::regclass and a.attname = {cursor}"
)
"""Whether this is a table of its own, no view and nothing with parts; and whether its rows surely have numbers."""

Place = tuple[str, str | None]
"""Transaction and number of a row, as text; a row of a view may have no number."""


class Found(NamedTuple):
    """Rows that were asked for."""

    messages: list[Message]
    after: Place | None
    """The place of the last one."""
    is_more: bool = False
    """Whether there may be more of them now."""
    held: int | None = None
    """Where there are none: the oldest transaction of those that are there and cannot be given yet."""


def identifier(name: str) -> sql.Identifier:
    """A table's name, with its schema if it has one: `events`, `crm.events`, `"a.b".events`.

    Letters count as they are written. Raises ValueError for what is no name.
    """
    parts, at = [], 0
    while match := _PART.match(name, at):
        parts.append(match[1].replace('""', '"') if match[1] else match[2])
        at = match.end() + 1
        if at > len(name):
            return sql.Identifier(*parts)
    raise ValueError(name)


class PostgresSession:
    """Used by one thread at a time; only `interrupt` may be called by another. Raises psycopg.Error where not said."""

    def __init__(self, settings: PostgresFeed, address: dict[str, Any]) -> None:
        self._settings = settings
        self._address = {**_MANNERS, **address}
        self._table = identifier(settings.table)
        self._names = {
            "table": self._table,
            "tx": sql.Identifier(settings.transaction),
            "cursor": sql.Identifier(settings.cursor),
        }
        self._is_numbered = False
        """Whether no two rows of a transaction can have the same number, and none has no number."""
        self._size = 500 if psycopg.capabilities.has_stream_chunked() else 1
        self._connection: psycopg.Connection | None = None
        self._line: socket.socket | None = None

    def open(self, after: Place | None) -> None:
        """Connect, and see whether the table can be followed, and from this place.

        Raises InputError for a table that is not made for it, FeedError for a place that is not of this database.
        """
        connection = psycopg.connect(**self._address, autocommit=True, prepare_threshold=None)
        self._connection = connection
        self._line = socket.fromfd(connection.fileno(), socket.AF_INET, socket.SOCK_STREAM)
        for names, loader in LOADERS.items():
            for name in names.split():
                connection.adapters.register_loader(name, loader)
        if connection.info.server_version < _OLDEST_VERSION:
            raise self._unfit(said("error.pg_old"), said("error.pg_need"))
        for name, value in _SESSION.items():
            connection.execute(sql.SQL("select set_config({}, {}, false)").format(name, value))
        self._check_columns(connection)
        self._check_numbers(connection)
        self._check_counter(connection, after)
        if self._settings.notify:
            connection.execute(sql.SQL("listen {}").format(sql.Identifier(self._settings.notify)))

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()
        if self._line is not None:
            self._line.close()

    def interrupt(self) -> None:
        """Cut the line, so that who waits for an answer gets an error at once."""
        if self._line is not None:
            with suppress(OSError):  # it is cut already
                self._line.shutdown(socket.SHUT_RDWR)

    def wait(self, seconds: float) -> bool:
        """Whether there was a NOTIFY, at once when there is one."""
        assert self._connection is not None
        return bool(list(self._connection.notifies(timeout=seconds, stop_after=1)))

    def rows(self, after: Place | None) -> Found:
        """The next rows. Those with one place come together: a position cannot stand between them.

        Raises InputError where more than a batch has one place.
        """
        assert self._connection is not None
        query = _ROWS.format(
            **self._names,
            most=LARGEST_BATCH + 1,
            after=(_after(after, self._is_numbered) if after else _ALL).format(*after or (), **self._names),
            rank=(_NO_RANK if self._is_numbered else _RANK).format(**self._names),
            last=sql.SQL("" if self._is_numbered else ", (t.*)::text"),
        )
        found: list[Message] = []
        before, size = after, 0
        asked = self._connection.cursor()
        with closing(cast(Any, asked.stream(query, size=self._size))) as stream:
            for row in stream:
                rank = row[-1] or len(found) + 1
                same = len(found) + 1 - rank
                if len(found) == LARGEST_BATCH or (size > LARGEST_READ and not same):
                    if same:
                        del found[rank - 1 :]
                        after = before
                    if not found:
                        raise self._all_the_same(row[-2])
                    return Found(found, after, is_more=True)
                if not same:
                    before = after
                after = row[-3], row[-2]
                message, length = self._message([column.name for column in asked.description or ()], row, same)
                found.append(message)
                size += length
        return Found(found, after) if found else Found(found, after, held=self._held(self._connection))

    def _held(self, connection: psycopg.Connection) -> int | None:
        row = connection.execute(_HELD.format(**self._names)).fetchone()
        return int(row[0]) if row else None

    def _message(self, names: Sequence[str], row: Sequence[Any], same: int) -> tuple[Message, int]:
        """A row, and how long it is; `same`: how many with the same place came before it."""
        fields = dict(zip(names[:-3], row, strict=False))
        fields.pop(self._settings.transaction)
        raw = json.dumps(fields, ensure_ascii=False, default=str)
        if row[-2] is None:
            trouble = said("trouble.no_row_number", column=self._settings.cursor)
            return Message({}, shortened(raw), f"{row[-3]}#{same}", trouble), len(raw)
        return Message(fields, shortened(raw), f"{row[-3]}/{row[-2]}" + (f"#{same}" if same else "")), len(raw)

    def _check_columns(self, connection: psycopg.Connection) -> None:
        asked = connection.execute(sql.SQL("select * from {} limit 0").format(self._table))
        kinds = {column.name: column.type_code for column in asked.description or ()}
        tx = self._settings.transaction
        if self._settings.cursor not in kinds:
            raise self._unfit(
                said("error.pg_no_cursor", table=self._settings.table, column=self._settings.cursor),
                said("error.pg_name_cursor", names=", ".join(kinds)),
            )
        if kinds.get(tx) != _XID8:
            table = self._table.as_string(connection)
            name = sql.Identifier(tx).as_string(connection)
            cursor = sql.Identifier(self._settings.cursor).as_string(connection)
            missing = "error.pg_no_xid" if tx in kinds else "error.pg_no_transaction"
            raise self._unfit(
                said(missing, table=self._settings.table, column=tx),
                said(
                    "error.pg_run",
                    command=(
                        f"ALTER TABLE {table} ADD COLUMN {name} xid8 NOT NULL DEFAULT pg_current_xact_id(); "
                        f"CREATE INDEX ON {table} ({name}, {cursor});"
                    ),
                ),
            )

    def _check_numbers(self, connection: psycopg.Connection) -> None:
        """Of a view this cannot be known: its rows with one place are told apart by all that they hold."""
        tx, cursor = self._settings.transaction, self._settings.cursor
        table = self._table.as_string(connection)
        row = connection.execute(_NUMBERS.format(table=table, tx=tx, cursor=cursor)).fetchone()
        assert row is not None
        is_plain, self._is_numbered = row
        if is_plain and not self._is_numbered:
            transaction, number = (sql.Identifier(name).as_string(connection) for name in (tx, cursor))
            raise self._unfit(
                said("error.pg_not_numbered", column=cursor, table=self._settings.table),
                said(
                    "error.pg_number_them",
                    command=(
                        f"ALTER TABLE {table} ALTER COLUMN {number} SET NOT NULL; "
                        f"CREATE UNIQUE INDEX ON {table} ({transaction}, {number});"
                    ),
                ),
            )

    def _all_the_same(self, number: str | None) -> InputError:
        cursor = self._settings.cursor
        return self._unfit(
            said("error.pg_same", most=LARGEST_BATCH, column=cursor, number=number),
            said("error.pg_name_number", table=self._settings.table),
        )

    def _check_counter(self, connection: psycopg.Connection, after: Place | None) -> None:
        """Raises FeedError if the database counts its transactions from below those in the table or the position."""
        query = "select pg_snapshot_xmax(pg_current_snapshot())::text, max(t.tx)::text from ({newest}) t"
        newest = sql.SQL("select {tx} as tx from {table} where {tx} is not null order by {tx} desc limit 1").format(
            tx=sql.Identifier(self._settings.transaction), table=self._table
        )
        row = connection.execute(sql.SQL(query).format(newest=newest)).fetchone()
        assert row is not None
        last = max(int(row[1] or 0), int(after[0]) if after else 0)
        if last >= int(row[0]):
            raise FeedError(said("trouble.database_replaced", now=row[0], last=last))

    def _unfit(self, what: str, cure: str) -> InputError:
        return InputError(what, where=said("error.feed", name=self._settings.name), cure=cure)


def _after(place: Place, is_numbered: bool) -> sql.SQL:
    """What comes behind a place, the rows of its transaction without a number last."""
    if place[1] is None:
        return sql.SQL("t.{tx} > {0}")
    if is_numbered:
        return sql.SQL("(t.{tx}, t.{cursor}) > ({0}, {1})")
    return sql.SQL("t.{tx} >= {0} and ((t.{tx}, t.{cursor}) > ({0}, {1}) or t.{cursor} is null)")
