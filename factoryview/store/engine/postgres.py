"""A PostgreSQL server as the engine: events are read where they lie, and only answers come here.

Stays and outcomes are temporary tables of one session, so that nothing is written that others would see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from threading import RLock
from typing import Any
from weakref import finalize

import numpy as np
import psycopg
from numpy.typing import NDArray
from psycopg.types.numeric import FloatLoader

from factoryview.errors import InputError
from factoryview.language.said import said
from factoryview.store.engine import Columns, Fetched, Parameters
from factoryview.store.engine.dialect import translated

_FUNCTIONS = """
create function pg_temp.epoch_us(timestamp) returns bigint immutable language sql
    as 'select (extract(epoch from $1) * 1000000)::bigint';
create function pg_temp.epoch_us(interval) returns bigint immutable language sql
    as 'select (extract(epoch from $1) * 1000000)::bigint';
create function pg_temp.make_timestamp(bigint) returns timestamp immutable language sql
    as 'select timestamp ''epoch'' + ($1 / 1000000) * interval ''1 second''
        + ($1 % 1000000) * interval ''1 microsecond''';
create function pg_temp.list_position(text[], text) returns int immutable language sql
    as 'select array_position($1, $2)';
create function pg_temp.whole(bigint, bigint) returns bigint immutable language sql as 'select $1 / $2';
create function pg_temp.first_of(anyarray) returns anyelement immutable language sql as 'select $1[1]';
create function pg_temp.last_of(anyarray) returns anyelement immutable language sql as 'select $1[cardinality($1)]'
"""
_KINDS: dict[int, Any] = {
    16: np.bool_, 20: np.int64, 21: np.int16, 23: np.int32, 700: np.float32, 701: np.float64, 1700: np.float64,
    1114: "datetime64[us]",
}  # fmt: skip
"""Type of PostgreSQL → of numpy; all others are objects."""
_INDEXED = {"stays": ("entered", '"left"', "stage", "id"), "outcomes": ('"at"',)}


class Session:
    """A connection that answers what is asked in DuckDB's dialect. Every method may be called from any thread."""

    def __init__(self, address: str) -> None:
        """Raises InputError where there is no server, or it lets nobody in."""
        self._turn = RLock()
        self.fetched = Fetched()
        try:
            self._connection = psycopg.connect(
                address, autocommit=True, connect_timeout=10, application_name="factoryview"
            )
            finalize(self, self._connection.close)
            self._connection.adapters.register_loader("numeric", FloatLoader)
            for statement in ("set time zone 'UTC'", "set statement_timeout = '600s'", "set jit = off", _FUNCTIONS):
                self._connection.execute(statement)
        except psycopg.Error as error:
            raise _told(error, reached=False) from None
        self._answer: list[tuple[Any, ...]] = []

    def execute(self, query: str, parameters: object = None) -> Session:
        """As DuckDB's `execute`: runs the statements of a query, and keeps the answer of the last for `fetchall`."""
        assert parameters is None or isinstance(parameters, Mapping)
        with self._turn, self.asked(query, parameters or {}, None) as cursor:
            self._answer = cursor.fetchall() if cursor.description else []
        self.fetched.count_rows(self._answer)
        return self

    def fetchall(self) -> list[Any]:
        """The answer of the last `execute`."""
        return self._answer

    def engine(self) -> Postgres:
        """What answers queries in this session."""
        return Postgres(self)

    def forget(self, view: str) -> None:
        """Let go of a temporary view: nobody who wants to change what it looks at has to wait for us any more."""
        self.plainly(f'drop view if exists pg_temp."{view}"')

    def plainly(self, statement: str) -> list[tuple[Any, ...]]:
        """The answer of a statement in PostgreSQL's own dialect."""
        with self._turn, _errors_told():
            cursor = self._connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    @contextmanager
    def asked(self, query: str, parameters: Parameters, only: str | None) -> Iterator[psycopg.Cursor[tuple[Any, ...]]]:
        """A cursor with the answer of a query of DuckDB's dialect. Raises InputError where the server refuses."""
        with self._turn, _errors_told(), self._connection.cursor(binary=True) as cursor:
            for statement in translated(query, "postgres", only):
                if statement.does == "answer":
                    cursor.execute(statement.text, dict(parameters))
                    continue
                cursor.execute(f'drop table if exists pg_temp."{statement.table}"')
                if statement.does == "make":
                    cursor.execute(f'create temporary table "{statement.table}" as {statement.text}', dict(parameters))
                    self._index(statement.table)
            yield cursor

    def close(self) -> None:
        """End the session: its temporary tables are gone."""
        with self._turn:
            self._connection.close()

    def _index(self, table: str) -> None:
        """Tables of the store are found by time and stage from now on."""
        if table in _INDEXED:
            for column in _INDEXED[table]:
                self._connection.execute(f"create index on pg_temp.{table} ({column})")
            self._connection.execute(f"analyze pg_temp.{table}")


class Postgres:
    """Answers queries in one session; its temporary tables are `stays` and `outcomes`."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._closed = False

    @property
    def fetched(self) -> Fetched:
        """See `Engine.fetched`."""
        return self._session.fetched

    def columns(self, query: str, parameters: Parameters, only: str | None = None) -> Columns:
        """See `Engine.columns`."""
        with self._session.asked(query, parameters, only) as cursor:
            assert cursor.description is not None
            kinds = [(column.name, _KINDS.get(column.type_code, object)) for column in cursor.description]
            rows = cursor.fetchall()
        values = zip(*rows, strict=True) if rows else ([] for _ in kinds)
        found = {name: _array(list(each), kind) for (name, kind), each in zip(kinds, values, strict=True)}
        self.fetched.count(len(rows), found.values())
        return found

    def pieces(self, query: str, parameters: Parameters, only: str | None = None) -> Iterator[Columns]:
        """See `Engine.pieces`: all at once."""
        yield self.columns(query, parameters, only)

    def rows(self, query: str, parameters: Parameters, only: str | None = None) -> list[tuple[Any, ...]]:
        """See `Engine.rows`."""
        with self._session.asked(query, parameters, only) as cursor:
            rows = cursor.fetchall()
        self.fetched.count_rows(rows)
        return rows

    def told(self, tell: Callable[[float], None]) -> AbstractContextManager[None]:  # noqa: ARG002
        """See `Engine.told`: a server does not say."""
        return nullcontext()

    def rest(self) -> None:
        """See `Engine.rest`: it is not held in this process."""

    def keep(self, name: str, query: str, parameters: Parameters) -> None:
        """See `Engine.keep`."""
        with self._session.asked(f"create or replace temp table {name} as {query}", parameters, None):
            pass

    def drop(self, name: str) -> None:
        """See `Engine.drop`."""
        if not self._closed:
            self._session.plainly(f'drop table if exists pg_temp."{name}"')

    def close(self) -> None:
        """See `Engine.close`."""
        self._closed = True
        self._session.close()


def _array(values: Sequence[Any], kind: Any) -> NDArray[Any]:
    nothing = np.array([value is None for value in values], dtype=bool)
    if kind is object:
        found = np.empty(len(values), dtype=object)
        found[:] = [np.asarray(value) if isinstance(value, list) else value for value in values]
    else:
        found = np.array([0 if value is None else value for value in values], dtype=kind)
    return np.ma.masked_array(found, nothing) if nothing.any() else found


@contextmanager
def _errors_told() -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        raise _told(error, reached=True) from error


def _told(error: psycopg.Error, *, reached: bool) -> InputError:
    """Only the first line: what follows may quote data."""
    why = (error.diag.message_primary or str(error)).strip().splitlines()[0]
    told = said("error.server_refuses", why=why) if reached else said("error.server_unusable", why=why)
    return InputError(told, where="PostgreSQL", cure=said("error.see_to_server"))
