"""The one interface of every live source: start at a position, yield batches, close."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from factoryview.errors import InputError
from factoryview.language.said import Said, because, said

LARGEST_BATCH = 5_000
"""Messages a feed gives at once at most: what it has not given yet waits at the source, not in memory."""
LONGEST_SILENCE = 1.0
"""Seconds after which a feed that lives yields an empty batch: its sign of life."""

Position = str
"""Where a feed stands in its source, as text only it understands; kept with the events it gave."""


class FeedError(InputError):
    """The source cannot be reached or read now; the feed is closed and started again after a while.

    What it says is shown to users: what, and where. It never holds a secret.
    """


@dataclass(frozen=True, slots=True)
class Message:
    """One thing a source said: its fields, or why they cannot be read."""

    fields: Mapping[str, Any]
    raw: str
    """As it came, shortened; kept if it has to be rejected."""
    key: str = ""
    """Its place in the source (file and line, partition and offset), so that it is known when it comes again;
    empty where the source has no places: then an event without an id of its own is known by what it says."""
    trouble: str = ""
    """Why it cannot be read; `fields` is empty then."""
    identity: str = ""
    """The event's own id, where the envelope has one."""
    time: object = None
    """When it happened by the envelope; counts where the fields have no time."""
    again: bool = False
    """The source was replaced by a new edition of itself: this may have been said before, at another place."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages in the source's order, and where the feed stands after them.

    `settled` is called once: with None when the batch is on disk, with the error when it is not and will come again.
    It is where a feed acknowledges to its source. An empty batch is a sign of life.
    """

    messages: Sequence[Message]
    position: Position
    settled: Callable[[Exception | None], None] = lambda _error: None


class Feed(Protocol):
    """One live source. One thread calls everything but `close`, which any thread may call at any time, twice too.

    A feed keeps nothing but what it reads ahead, at most a few `LARGEST_BATCH`: back-pressure reaches the source.
    """

    def start(self, position: Position | None) -> None:
        """Connect, to go on after `position`; None: from the beginning. Raises FeedError; returns within seconds."""

    def batches(self) -> Iterator[Batch]:
        """What comes, as it comes: a batch when there is something, an empty one at least every `LONGEST_SILENCE`.

        There is none while the source does not answer, or keeps back what it has: so it becomes late. The next batch is
        asked for when the last one is settled. Ends after `close`; raises FeedError.
        """

    def close(self) -> None:
        """Let go of everything; a `batches` that waits ends within a second."""


_SHOWN = 4_000


def shown(text: str) -> str:
    """A text that can be written in UTF-8: half a pair of surrogates, as in a name in no encoding, as `\\udce4`."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def shortened(raw: bytes | str) -> str:
    """What a message looked like, as text of bounded length."""
    text = raw[: 4 * _SHOWN].decode("utf-8", "backslashreplace") if isinstance(raw, bytes) else shown(raw)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def messages_of(body: bytes | str, key: str = "") -> list[Message]:
    """The messages in a JSON text: an object is one, a list many. CloudEvents 1.0 are opened.

    Never raises: what cannot be read becomes a message with its trouble. With several in one body, each key gets
    `#k`, its place in the list.
    """
    try:
        found = json.loads(body, parse_constant=_no_number)
        if not isinstance(found, list):
            return [message_of(found, key, body)]
        return [message_of(one, f"{key}#{k}" if key else "") for k, one in enumerate(found)]
    except (ValueError, RecursionError) as error:
        return [Message({}, shortened(body), key, said("trouble.no_json", why=_why(error)))]


def message_of(found: object, key: str = "", body: bytes | str | None = None) -> Message:
    """The message a parsed JSON value is; `body` is how it was written, where known."""
    raw = shortened(body) if body is not None else shortened(json.dumps(found, ensure_ascii=False, default=str))
    if not isinstance(found, dict):
        return Message({}, raw, key, said("trouble.no_object", kind=_kind(found)))
    if "specversion" in found:
        return _opened(found, raw, key)
    return Message(found, raw, key)


def _opened(envelope: dict[str, Any], raw: str, key: str) -> Message:
    """The data of a CloudEvent, with the id and time of its envelope. Source: CloudEvents 1.0.2."""
    data = envelope.get("data")
    if not isinstance(data, dict):
        return Message({}, raw, key, said("trouble.no_data"))
    identity = f"{envelope['source']} {envelope['id']}" if {"source", "id"} <= set(envelope) else ""
    return Message(data, raw, key, identity=identity, time=envelope.get("time"))


def _kind(found: object) -> str:
    kinds = {str: "text", bool: "bool", int: "number", float: "number", list: "list"}
    return said(f"sort.{kinds.get(type(found), 'nothing')}")


def _why(error: Exception) -> str:
    """What a parser says of a text, cut; it is in English unless it is ours."""
    found = because(error)
    return found if isinstance(found, Said) else found[:200]


def _no_number(name: str) -> float:
    raise ValueError(said("trouble.no_number", name=name))
