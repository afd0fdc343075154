"""A connection to PostgreSQL that reads the rows of one table in the order in which they were committed for good."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Sequence
from contextlib import closing, suppress
from typing import Any, cast

import psycopg
from psycopg import sql
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.types import datetime as moments
from psycopg.types.json import JsonbLoader, JsonLoader
from psycopg.types.string import TextLoader

from factoryview.errors import InputError
from factoryview.plant.feeds import PostgresFeed
from factoryview.sources.feeds.feed import LARGEST_BATCH, FeedError, Message, shortened

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

Place = tuple[str, str]
"""Transaction and number of a row, as text."""


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


class Session:
    """Used by one thread at a time; only `interrupt` may be called by another. Raises psycopg.Error where not said."""

    def __init__(self, settings: PostgresFeed, address: dict[str, Any]) -> None:
        self._settings = settings
        self._address = {**_MANNERS, **address}
        self._table = identifier(settings.table)
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
        for names, loader in _LENIENT.items():
            for name in names.split():
                connection.adapters.register_loader(name, loader)
        if connection.info.server_version < _OLDEST_VERSION:
            raise self._unfit("this PostgreSQL is older than 13.", "Use 13 or newer: it knows the type xid8.")
        for name, value in _SESSION.items():
            connection.execute(sql.SQL("select set_config({}, {}, false)").format(name, value))
        self._check_columns(connection)
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

    def rows(self, after: Place | None) -> tuple[list[Message], Place | None, bool]:
        """The next rows, the place of the last one, and whether there may be more of them now."""
        assert self._connection is not None
        tx, cursor = sql.Identifier(self._settings.transaction), sql.Identifier(self._settings.cursor)
        query = sql.SQL(
            "select t.*, t.{tx}::text, t.{cursor}::text from {table} t"
            " where {after} and t.{tx} < pg_snapshot_xmin(pg_current_snapshot())"
            " order by t.{tx}, t.{cursor} limit {most}"
        ).format(
            tx=tx,
            cursor=cursor,
            table=self._table,
            most=LARGEST_BATCH,
            after=sql.SQL("(t.{}, t.{}) > ({}, {})").format(tx, cursor, *after) if after else sql.SQL("true"),
        )
        messages: list[Message] = []
        size = 0
        asked = self._connection.cursor()
        with closing(cast(Any, asked.stream(query, size=self._size))) as stream:
            for row in stream:
                names = [column.name for column in asked.description or ()]
                message, length = self._message(names, row)
                messages.append(message)
                after = row[-2], row[-1]
                size += length
                if size > LARGEST_READ:
                    break
        return messages, after, len(messages) == LARGEST_BATCH or size > LARGEST_READ

    def _message(self, names: Sequence[str], row: Sequence[Any]) -> tuple[Message, int]:
        """A row, and how long it is."""
        fields = dict(zip(names[:-2], row, strict=False))
        fields.pop(self._settings.transaction)
        raw = json.dumps(fields, ensure_ascii=False, default=str)
        return Message(fields, shortened(raw), f"{row[-2]}/{row[-1]}"), len(raw)

    def _check_columns(self, connection: psycopg.Connection) -> None:
        asked = connection.execute(sql.SQL("select * from {} limit 0").format(self._table))
        kinds = {column.name: column.type_code for column in asked.description or ()}
        tx = self._settings.transaction
        if self._settings.cursor not in kinds:
            raise self._unfit(
                f'the table {self._settings.table} has no column "{self._settings.cursor}" that numbers its rows.',
                f"Name it with cursor = …; its columns are {', '.join(kinds)}.",
            )
        if kinds.get(tx) != _XID8:
            table = self._table.as_string(connection)
            name = sql.Identifier(tx).as_string(connection)
            cursor = sql.Identifier(self._settings.cursor).as_string(connection)
            what = f'has a column "{tx}" that is no xid8' if tx in kinds else f'has no column "{tx}"'
            raise self._unfit(
                f"the table {self._settings.table} {what}, so rows that are committed late would be lost.",
                f"Let the database's owner run: ALTER TABLE {table} ADD COLUMN {name} xid8 NOT NULL DEFAULT "
                f"pg_current_xact_id(); CREATE INDEX ON {table} ({name}, {cursor});",
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
            raise FeedError(
                f"the database is at transaction {row[0]}, the rows at {last}: it was restored or replaced, and its "
                "new rows would be taken for old ones. Let its owner raise the counter (pg_resetwal --epoch)."
            )

    def _unfit(self, what: str, cure: str) -> InputError:
        return InputError(what, where=f'feed "{self._settings.name}"', cure=cure)


def _lenient(strict: type[Loader]) -> type[Loader]:
    """The loader, but what Python has no value for (infinity, the year 10000, 24:00) stays text."""

    class Lenient(strict):  # type: ignore[misc,valid-type]
        def load(self, data: Buffer) -> Any:
            try:
                return super().load(data)
            except (psycopg.Error, ValueError, OverflowError, RecursionError):
                return bytes(data).decode("utf-8", "backslashreplace")

    return Lenient


_LENIENT = {
    "timestamptz": _lenient(moments.TimestamptzLoader),
    "timestamp": _lenient(moments.TimestampLoader),
    "date": _lenient(moments.DateLoader),
    "time": _lenient(moments.TimeLoader),
    "timetz": _lenient(moments.TimetzLoader),
    "interval": _lenient(moments.IntervalLoader),
    "json": _lenient(JsonLoader),
    "jsonb": _lenient(JsonbLoader),
    "text varchar bpchar name": _lenient(TextLoader),
}
