"""A Spark cluster as the engine: events are read where they lie, and only answers come here.

Stays and outcomes are views of one session, kept in the memory of the workers (on their disks where that is too small).
What a worker loses that dies is made again of the events by the others.
"""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from datetime import date, datetime
from threading import Lock, RLock
from typing import Any

import duckdb
import numpy as np
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from sqlglot import exp

from factoryview.errors import InputError
from factoryview.language.said import said
from factoryview.sources.engine import connect
from factoryview.store.engine import Columns, Fetched, Parameters
from factoryview.store.engine.dialect import translated

_SESSION = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
}
"""On which the queries rely, whatever the cluster is set to."""
_STARTED = {"spark.app.name": "factoryview", "spark.ui.showConsoleProgress": "false", "spark.log.level": "OFF"}
_LIST = re.compile(r"(?<=CAST\():(\w+)(?= AS ARRAY<)")
"""A parameter that is a list."""
_CONNECT = "sc://"
"""What begins the address of a server that holds the session itself."""
_ONE_AT_A_TIME = Lock()
_open: list[Session] = []
"""The sessions of this process; the last one to be closed gives the workers back."""


class Session:
    """A session on a cluster that answers what is asked in DuckDB's dialect. Methods may be called from any thread."""

    def __init__(self, address: str) -> None:
        """Raises InputError where there is no cluster, or no Java to speak to it."""
        self.fetched = Fetched()
        self._turn = RLock()
        self._answer: list[tuple[Any, ...]] = []
        self._kept: dict[str, DataFrame] = {}
        self._arrived = connect()
        self.address = address
        try:
            with _ONE_AT_A_TIME:
                self.spark = _session(address)
                _open.append(self)
            with _errors_told():
                for name, value in _SESSION.items():
                    self.spark.conf.set(name, value)
        except BaseException:
            self.close()
            raise

    def execute(self, query: str, parameters: object = None) -> Session:
        """As DuckDB's `execute`: runs the statements of a query, and keeps the answer of the last for `fetchall`."""
        assert parameters is None or isinstance(parameters, Mapping)
        with self._turn:
            answer = self.asked(query, parameters or {}, None)
            self._answer = [] if answer is None else answer.fetchall()
            self.fetched.count_rows(self._answer)
        return self

    def fetchall(self) -> list[Any]:
        """The answer of the last `execute`."""
        return self._answer

    def engine(self) -> Spark:
        """What answers queries in this session."""
        return Spark(self)

    def plainly(self, statement: str) -> list[tuple[Any, ...]]:
        """The answer of a statement in Spark's own dialect."""
        with _errors_told():
            return [tuple(row) for row in self.spark.sql(statement).collect()]

    def asked(self, query: str, parameters: Parameters, only: str | None) -> duckdb.DuckDBPyConnection | None:
        """The answer of the last statement of a query in DuckDB's dialect; None where that has none.

        Raises InputError where the cluster refuses.
        """
        found = None
        given = {name: _argument(value) for name, value in parameters.items()}
        for statement in translated(query, "spark", only):
            if statement.does == "drop":
                self.forget(statement.table)
                continue
            with _errors_told():
                text = _LIST.sub(lambda found: _written(found, given), statement.text)
                frame = self.spark.sql(text, args={name: each for name, each in given.items() if not _is_list(each)})
                if statement.does == "make":
                    self._keep(statement.table, frame)
                else:
                    table = frame.toArrow()
                    found = self._arrived.cursor()
                    found.register("answer", table)
                    found.execute("from answer")
        return found

    def forget(self, table: str) -> None:
        """Let go of what the workers hold of a table; nothing if there is none.

        A view of which they hold nothing, like that of the events, stays until the session ends: with it Spark would
        let go of all that was made of it, so that every question would be answered from the events again.
        """
        with self._turn:
            frame = self._kept.pop(table, None)
        if frame is not None:
            with _errors_told():
                self.spark.catalog.dropTempView(table)
                frame.unpersist()

    def close(self) -> None:
        """End the session: what the workers hold for it is gone, and with the last session the workers are free.

        Every step is done, whatever the one before it met; raises InputError where the cluster refuses.
        """
        with _ONE_AT_A_TIME, ExitStack() as steps:  # the last of the steps comes first
            steps.callback(self._arrived.close)
            if self not in _open:
                return
            _open.remove(self)
            if self.address.startswith(_CONNECT) or not any(not each.address.startswith(_CONNECT) for each in _open):
                steps.callback(self.spark.stop)
            for table in reversed(self._kept):
                steps.callback(self.forget, table)

    def _keep(self, table: str, frame: DataFrame) -> None:
        kept = frame.persist()
        kept.count()  # so that they hold it from now on
        self.forget(table)
        kept.createOrReplaceTempView(table)
        with self._turn:
            self._kept[table] = kept


class Spark:
    """Answers queries in one session; its views are `stays` and `outcomes`."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._closed = False

    @property
    def fetched(self) -> Fetched:
        """See `Engine.fetched`."""
        return self._session.fetched

    def columns(self, query: str, parameters: Parameters, only: str | None = None) -> Columns:
        """See `Engine.columns`."""
        answer = self._session.asked(query, parameters, only)
        assert answer is not None, "a query that makes nothing has an answer"
        with answer:
            found = {name: np.asanyarray(values) for name, values in answer.fetchnumpy().items()}
        self.fetched.count(len(next(iter(found.values()), ())), found.values())
        return found

    def pieces(self, query: str, parameters: Parameters, only: str | None = None) -> Iterator[Columns]:
        """See `Engine.pieces`: all at once."""
        yield self.columns(query, parameters, only)

    def rows(self, query: str, parameters: Parameters, only: str | None = None) -> list[tuple[Any, ...]]:
        """See `Engine.rows`."""
        answer = self._session.asked(query, parameters, only)
        assert answer is not None, "a query that makes nothing has an answer"
        with answer:
            rows = answer.fetchall()
        self.fetched.count_rows(rows)
        return rows

    def told(self, tell: Callable[[float], None]) -> AbstractContextManager[None]:  # noqa: ARG002
        """See `Engine.told`: a server does not say."""
        return nullcontext()

    def rest(self) -> None:
        """See `Engine.rest`: it is not held in this process."""

    def keep(self, name: str, query: str, parameters: Parameters) -> None:
        """See `Engine.keep`."""
        self._session.asked(f"create or replace temp table {name} as {query}", parameters, None)

    def drop(self, name: str) -> None:
        """See `Engine.drop`."""
        if not self._closed:
            self._session.forget(name)

    def close(self) -> None:
        """See `Engine.close`."""
        self._closed = True
        self._session.close()


def _session(address: str) -> SparkSession:
    """A session with views of its own; the first of a process starts what speaks to the cluster."""
    others = {each.address for each in _open if not each.address.startswith(_CONNECT)}
    if others - {address} and not address.startswith(_CONNECT):
        raise InputError(said("error.one_cluster"), where="Spark", cure=said("error.use_connect"))
    try:
        if address.startswith(_CONNECT):
            return SparkSession.builder.remote(address).create()
        _reach(address)
        builder = SparkSession.builder.master(address)
        for name, value in _STARTED.items():
            builder = builder.config(name, value)
        with _quiet():
            return builder.getOrCreate().newSession()
    except (PySparkException, OSError, RuntimeError, TypeError) as error:
        if "JAVA_GATEWAY_EXITED" in str(error):
            raise InputError(said("error.no_java"), where="Spark", cure=said("error.install_java")) from None
        raise _told(error, reached=False) from None


def _reach(address: str) -> None:
    """Raises OSError where none of the masters listens, for which Spark would wait a minute."""
    troubles = []
    for place in address.removeprefix("spark://").split(",") if address.startswith("spark://") else ():
        host, _, port = place.rpartition(":")
        try:
            socket.create_connection((host, int(port)), timeout=10).close()
            return
        except (OSError, ValueError) as error:
            troubles.append(error)
    if troubles:
        raise OSError(str(troubles[0]))


@contextmanager
def _quiet() -> Iterator[None]:
    """What Java writes while it starts goes nowhere: it would stand between what the program says."""
    standard, kept = 2, os.dup(2)
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        os.dup2(nowhere.fileno(), standard)
    try:
        yield
    finally:
        os.dup2(kept, standard)
        os.close(kept)


def _is_list(value: object) -> bool:
    return isinstance(value, list)


def _written(found: re.Match[str], given: Mapping[str, Any]) -> str:
    """A list in words, as Spark takes none in which something is unknown; anything else stays a parameter."""
    value = given.get(found[1])
    return exp.convert(value).sql(dialect="spark") if _is_list(value) else found[0]


def _argument(value: object) -> Any:
    """As Spark takes it: a moment in words, for those of Python are in the zone of the system."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, datetime | date):
        return str(value)
    if isinstance(value, np.ndarray | tuple | set | frozenset):
        return list(value.tolist() if isinstance(value, np.ndarray) else value)
    return value


@contextmanager
def _errors_told() -> Iterator[None]:
    try:
        yield
    except PySparkException as error:
        raise _told(error, reached=True) from error


def _told(error: Exception, *, reached: bool) -> InputError:
    """Only the first line: what follows may quote data."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    why = lines[0][:200]
    told = said("error.server_refuses", why=why) if reached else said("error.server_unusable", why=why)
    return InputError(told, where="Spark", cure=said("error.see_to_server"))
