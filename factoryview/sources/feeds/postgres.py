"""Rows of a PostgreSQL table that only grows: asked for again and again, sooner when the database says NOTIFY."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from psycopg.conninfo import conninfo_to_dict

from factoryview.errors import InputError
from factoryview.language.said import said
from factoryview.plant.feeds import FeedSettings, PostgresFeed
from factoryview.plant.secrets import hidden
from factoryview.sources.feeds.feed import LONGEST_SILENCE, Batch, Feed, FeedError, Position
from factoryview.sources.feeds.postgres_session import STATEMENT_SECONDS, Place, PostgresSession, identifier

_LEAST_PAUSE = 0.02
"""Seconds between two questions, however often NOTIFY comes."""
_PATIENCE = STATEMENT_SECONDS + 5.0
"""Seconds after which a server that does not answer is given up."""
_START_PATIENCE = 12.0
_LONGEST_HOLD = 5.0
"""Seconds that rows may wait for a transaction before theirs; then there are no signs of life."""

Result = TypeVar("Result")


def open_feed(settings: FeedSettings, folder: Path) -> Feed:  # noqa: ARG001  # every kind is opened alike
    """The feed of a `PostgresFeed`. Raises InputError for an address or a name that cannot be used."""
    assert isinstance(settings, PostgresFeed)
    return PostgresRows(settings)


class _Ended(Exception):
    """The feed was closed."""


class PostgresRows:
    """Follows one table; see `Feed`. Once closed it stays so.

    A row is given when every transaction older than its own has ended, in the order of transactions: so one that is
    committed late is never passed over. A transaction that is open for long, in any database of the server, holds
    back the rows that were begun after it. When there are such rows for longer than `_LONGEST_HOLD`, there are no
    empty batches any more, so that the source becomes late, until the transaction has ended. Everything said to the
    server is said by one thread, so that a server that is silent can be left.
    """

    def __init__(self, settings: PostgresFeed) -> None:
        address = _address(settings)
        try:
            identifier(settings.table)
        except ValueError:
            raise InputError(
                said("error.no_table_name", table=settings.table),
                where=said("error.feed_table", name=settings.name),
                cure=said("error.table_form"),
            ) from None
        self._secrets = frozenset(str(address[name]) for name in ("password", "sslpassword") if address.get(name))
        place = f"{address.get('host') or 'localhost'}:{address.get('port') or 5432}/{address.get('dbname') or ''}"
        self._where = said("trouble.at_postgres", place=place.rstrip("/"), table=settings.table)
        self._every = settings.every.total_seconds()
        self._notified = settings.notify is not None
        self._session = PostgresSession(settings, address)
        self._after: Place | None = None
        self._held: tuple[int, float] | None = None
        """The oldest transaction of the rows that must wait, and since when."""
        self._closed = threading.Event()
        self._lock = threading.Lock()
        self._worker = ThreadPoolExecutor(1, thread_name_prefix=f"feed {settings.name}")
        self._work: Future[Any] | None = None

    def start(self, position: Position | None) -> None:
        """Connect and look at the table. Raises InputError for a table that cannot be followed."""
        try:
            self._after = _place(position)
            for _ in self._answer(_START_PATIENCE, self._session.open, self._after):
                pass
        except _Ended:
            return

    def batches(self) -> Iterator[Batch]:
        """The rows, in the order of (transaction, cursor)."""
        try:
            while not self._closed.is_set():
                asked = time.monotonic()
                found = yield from self._answer(_PATIENCE, self._session.rows, self._after)
                self._after = found.after
                self._hold(found.held)
                if found.messages:
                    yield Batch(found.messages, self._position())
                else:
                    yield from self._life()
                if not found.is_more:
                    yield from self._pause(asked)
        except _Ended:
            return

    def close(self) -> None:
        """Hang up, also in the midst of a question."""
        with self._lock:
            if self._closed.is_set():
                return
            self._closed.set()
            if self._work is not None and not self._work.done():
                self._session.interrupt()
            self._worker.submit(self._session.close)
            self._worker.shutdown(wait=False)

    def _pause(self, asked: float) -> Iterator[Batch]:
        """Until it is time for the next question, or NOTIFY says so."""
        self._closed.wait(_LEAST_PAUSE)
        until = asked + (self._every if self._held is None else min(self._every, _LONGEST_HOLD / 2))
        while (left := until - time.monotonic()) > 0 and not self._closed.is_set():
            part = min(left, LONGEST_SILENCE / 2)
            if self._notified:
                woken = yield from self._answer(_PATIENCE, self._session.wait, part)
            else:
                woken = self._closed.wait(part)
            if woken:
                return
            yield from self._life()

    def _hold(self, oldest: int | None) -> None:
        """Note that rows must wait. One that is older than those of before has come later: those wait on."""
        if oldest is None:
            self._held = None
        elif self._held is None or oldest > self._held[0]:
            self._held = oldest, time.monotonic()

    def _life(self) -> Iterator[Batch]:
        """A sign of life, unless rows have waited for too long."""
        if self._held is None or time.monotonic() - self._held[1] < _LONGEST_HOLD:
            yield Batch([], self._position())

    def _answer(
        self, patience: float, ask: Callable[..., Result], *arguments: object
    ) -> Generator[Batch, None, Result]:
        """What is answered, with signs of life until then. Raises FeedError."""
        with self._lock:
            if self._closed.is_set():
                raise _Ended
            self._work = work = self._worker.submit(ask, *arguments)
        until = time.monotonic() + patience
        while not wait([work], LONGEST_SILENCE / 2).done:
            if self._closed.is_set():
                raise _Ended
            if time.monotonic() > until:
                raise FeedError(said("trouble.no_answer_within", seconds=patience), where=self._where)
            yield from self._life()
        try:
            return work.result()
        except (psycopg.Error, OSError, FeedError) as error:
            if self._closed.is_set():
                raise _Ended from error
            raise FeedError(hidden(_said(error), self._secrets), where=self._where) from error

    def _position(self) -> Position:
        return json.dumps({"tx": self._after[0], "id": self._after[1]} if self._after else {})


def _address(settings: PostgresFeed) -> dict[str, Any]:
    """The parts of the address. Raises InputError, without its text, for what is none.

    A password with signs that are not written %.. would make its rest a host, a port or a database.
    """
    try:
        address = conninfo_to_dict(settings.url)
    except psycopg.Error:
        address = {"port": "none"}
    ports = str(address.get("port") or 5432).split(",")
    if not all(map(str.isdecimal, ports)) or any("@" in str(address.get(name)) for name in ("host", "dbname")):
        raise InputError(
            said("error.no_postgres"),
            where=said("error.feed_url", name=settings.name),
            cure=said("error.postgres_form"),
        )
    return address


def _place(position: Position | None) -> Place | None:
    """Where a position says the feed stands. Raises FeedError for what is none."""
    try:
        known = json.loads(position or "{}")
        return (str(int(known["tx"])), None if known["id"] is None else str(known["id"])) if known else None
    except (ValueError, KeyError, TypeError) as error:
        raise FeedError(said("trouble.source_place_lost")) from error


def _said(error: Exception) -> str:
    """The words of an error, those of others in one line of bounded length."""
    if isinstance(error, FeedError):
        return error.words
    return "; ".join(line.strip() for line in str(error).splitlines() if line.strip())[:400] or type(error).__name__
