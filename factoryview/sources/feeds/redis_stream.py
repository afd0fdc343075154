"""A Redis stream, followed entry by entry: XREAD from the last id, and a look whether the stream is still the same.

Position: `id count`, the id of the last entry read and how many entries were ever added up to it, where the server
counts them (Redis 7 and later). From that count it is known how many were removed before they were read.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any, Protocol, cast

import redis

from factoryview.errors import InputError
from factoryview.language.said import said
from factoryview.plant.feeds import FeedSettings, RedisFeed
from factoryview.plant.secrets import hidden
from factoryview.sources.feeds.feed import (
    LARGEST_BATCH,
    Batch,
    Feed,
    FeedError,
    Message,
    Position,
    message_of,
    messages_of,
    shortened,
)
from factoryview.sources.feeds.portions import portions

JSON_FIELDS = (b"data", b"event", b"payload", b"json", b"body")
"""Fields of an entry that may hold the event as JSON."""
LARGEST_READ = 16_000_000
"""Bytes asked for at once, after the size of the entries before."""

_BLOCK = 0.7
"""Seconds the server holds an answer back when nothing is new."""
_PATIENCE = 0.8
"""Seconds of silence on the connection after which we look whether we should end."""
_ANSWER_WITHIN = 5.0
"""Seconds for an answer, connecting included."""
_LOOK_EVERY = 1.0
"""Seconds between two looks at the stream itself."""
_POSITION = re.compile(r"(\d+-\d+)(?: (\d+))?")
_BEGINNING = "0-0"


def open_feed(settings: FeedSettings, folder: Path) -> Feed:  # noqa: ARG001  # every kind is opened alike
    """The feed of a `RedisFeed`. Raises InputError for an address that cannot be used."""
    assert isinstance(settings, RedisFeed)
    return RedisStream(settings)


class _Wire(Protocol):
    """What is used of redis-py's connection: commands and answers as they are, without its own retries."""

    def connect(self) -> None: ...
    def disconnect(self) -> None: ...
    def send_command(self, *command: object) -> None: ...
    def read_response(self, *, disable_decoding: bool, disconnect_on_error: bool) -> Any: ...


class _Ended(Exception):
    """The feed was closed while it waited for an answer."""


class RedisStream:
    """Follows one stream; see `Feed`. Once closed it stays so."""

    def __init__(self, settings: RedisFeed) -> None:
        try:
            self._pool = redis.ConnectionPool.from_url(
                settings.url, socket_timeout=_PATIENCE, socket_connect_timeout=_ANSWER_WITHIN, protocol=2
            )
            self._wire = cast(_Wire, self._pool.make_connection())
        except (ValueError, TypeError, redis.RedisError):  # their words may hold a part of the password
            raise InputError(
                said("error.no_redis"),
                where=said("error.feed_url", name=settings.name),
                cure=said("error.redis_form"),
            ) from None
        known = self._pool.connection_kwargs
        place = known.get("path") or f"{known.get('host', 'localhost')}:{known.get('port', 6379)}"
        self._where = said("trouble.at_redis", place=place, stream=settings.stream)
        self._secrets = frozenset(str(known[name]) for name in ("password", "ssl_password") if known.get(name))
        self._stream = settings.stream
        self._closing = Event()
        self._last = _BEGINNING
        self._passed: int | None = None
        self._removed: list[Message] = []

    def start(self, position: Position | None) -> None:
        """Connect and see whether the stream is the one that `position` is of."""
        match = _POSITION.fullmatch(position or _BEGINNING)
        if match is None:
            raise FeedError(said("trouble.no_stream_place", position=repr(position)), where=self._where)
        self._last, self._passed = match[1], int(match[2]) if match[2] else None
        try:
            self._wire.connect()
            self._look()
        except _Ended:
            self._wire.disconnect()
        except (redis.RedisError, OSError) as error:
            self._wire.disconnect()
            raise self._trouble(error) from error

    def batches(self) -> Iterator[Batch]:
        """What XREAD gives, at once when there is something."""
        count, looked = 100, time.monotonic()
        block = int(_BLOCK * 1000)
        try:
            while not self._closing.is_set():
                if time.monotonic() - looked >= _LOOK_EVERY:
                    self._look()
                    looked = time.monotonic()
                before = self._position()
                answer = self._ask("XREAD", "COUNT", count, "BLOCK", block, "STREAMS", self._stream, self._last)
                entries = answer[0][1] if answer else []
                messages, self._removed = self._removed, []
                for identity, parts in entries:
                    messages += messages_of_entry(identity.decode(), parts)
                if entries:
                    size = sum(len(part) for _, parts in entries for part in parts)
                    count = max(1, min(LARGEST_BATCH, LARGEST_READ * len(entries) // max(1, size)))
                    self._last = entries[-1][0].decode()
                    self._passed = None if self._passed is None else self._passed + len(entries)
                del answer, entries
                yield from portions(messages, before, self._position())
        except _Ended:
            return
        except (redis.RedisError, OSError) as error:
            raise self._trouble(error) from error
        finally:
            self._wire.disconnect()

    def close(self) -> None:
        """`batches` ends when the server answers or has been silent for a moment, within a second."""
        self._closing.set()

    def _ask(self, *command: object) -> Any:
        """The server's answer, as bytes. Raises _Ended if the feed is closed before it comes."""
        self._wire.send_command(*command)
        until = time.monotonic() + _ANSWER_WITHIN
        while True:
            try:
                return self._wire.read_response(disable_decoding=True, disconnect_on_error=False)
            except redis.TimeoutError:
                if self._closing.is_set():
                    raise _Ended from None
                if time.monotonic() >= until:
                    raise

    def _look(self) -> None:
        """Begin anew if the stream is another one than that which was read; note what was removed unread.

        Where all that was read is removed, as many entries were passed as were removed; where all is read, as many
        as were added. Anywhere between, nothing can be said yet.
        """
        try:
            answer = self._ask("XINFO", "STREAM", self._stream)
        except redis.ResponseError as error:
            if "no such key" not in str(error):
                raise
            self._last, self._passed = _BEGINNING, 0
            return
        about = dict(zip(answer[::2], answer[1::2], strict=True))
        newest, added = about[b"last-generated-id"].decode(), about.get(b"entries-added")
        if _order(newest) < _order(self._last) or (added is not None and added < (self._passed or 0)):
            self._last, self._passed = _BEGINNING, None
        if added is None:
            return
        first = about[b"first-entry"]
        if newest == self._last:
            passed = added
        elif first is None or _order(first[0].decode()) > _order(self._last):
            passed = added - about[b"length"]
        else:
            return
        if self._passed is not None and passed > self._passed:
            self._removed.append(self._gap(passed - self._passed))
        self._passed = passed

    def _gap(self, lost: int) -> Message:
        trouble = said("trouble.entries_removed", n=lost)
        return Message(
            {}, said("trouble.noticed_at", where=self._where, place=self._last), f"{self._last} -{lost}", trouble
        )

    def _position(self) -> Position:
        return self._last if self._passed is None else f"{self._last} {self._passed}"

    def _trouble(self, error: Exception) -> FeedError:
        if isinstance(error, redis.TimeoutError):
            return FeedError(said("trouble.no_answer"), where=self._where)
        return FeedError(hidden(str(error), self._secrets), where=self._where)


def messages_of_entry(identity: str, parts: list[bytes]) -> list[Message]:
    """The messages in an entry, whose fields and values are in `parts` in turn.

    A field that holds JSON is opened (the only one, or one with a usual name); the other fields of the entry are
    kept where it holds one object. Without such a field the fields are the event's.
    """
    fields = dict(zip(parts[::2], parts[1::2], strict=True))
    if len(fields) == 1:
        ((name, body),) = fields.items()
        if name in JSON_FIELDS or body.lstrip()[:1] in (b"{", b"["):
            return messages_of(body, identity)
    try:
        flat = {name.decode(): value.decode() for name, value in fields.items()}
    except UnicodeDecodeError as error:
        return [Message({}, shortened(b" ".join(parts)), identity, said("trouble.no_utf_text", why=error))]
    for name in JSON_FIELDS:
        if fields.get(name, b"").lstrip()[:1] in (b"{", b"["):
            return _opened(messages_of(fields[name], identity), flat, name.decode())
    return [message_of(flat, identity)]


def _opened(found: list[Message], flat: dict[str, str], name: str) -> list[Message]:
    """With what stood around the JSON, where that is one object."""
    del flat[name]
    if len(found) != 1 or found[0].trouble or "#" in found[0].key:
        return found
    (one,) = found
    if "specversion" in flat:
        return [message_of({**flat, "data": dict(one.fields)}, one.key)]
    return [replace(one, fields={**flat, **one.fields})]


def _order(identity: str) -> tuple[int, int]:
    moment, _, number = identity.partition("-")
    return int(moment), int(number)
