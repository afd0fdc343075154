"""What an HTTP body holds: unpacked and parsed within bounds, whoever sent it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from itertools import islice
from urllib.parse import unquote

from factoryview.sources.feeds.feed import Message, message_of, messages_of

MOST_VALUES = 1_000_000
"""JSON values in a body at most: what is parsed takes far more memory than what was sent."""
MOST_EVENTS = 50_000
"""Events in a body at most."""

JSON = "application/json"
LINES = "application/x-ndjson"
_GZIP = ("gzip", "x-gzip")
TYPES = (JSON, "application/cloudevents+json", "application/cloudevents-batch+json", LINES)


class Refused(Exception):
    """A request or body that is not taken: the HTTP status that says so, why, and headers that belong to it.

    The text never repeats what was sent.
    """

    def __init__(self, status: int, why: str, **headers: str) -> None:
        self.status, self.why = status, why
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        super().__init__(why)


def check_encoding(encoding: str) -> None:
    """Raises Refused (415) for a content encoding that `unpacked` does not know."""
    if encoding not in ("", "identity", *_GZIP):
        raise Refused(415, "the content encoding must be gzip or none", Accept_Encoding="gzip")


def unpacked(body: bytes, encoding: str, largest: int) -> bytes:
    """The body without its content encoding (none or gzip), never unpacked beyond `largest` bytes.

    Raises Refused: 413 for more, 415 for another encoding, 400 for what is no gzip.
    """
    check_encoding(encoding)
    if encoding not in _GZIP:
        return body
    machine = zlib.decompressobj(wbits=31)
    try:
        found = machine.decompress(body, largest + 1)
    except zlib.error:
        raise Refused(400, "the body is no gzip") from None
    if len(found) > largest:
        raise Refused(413, f"the body has more than {largest:,} bytes unpacked")
    if not machine.eof or machine.unused_data:
        raise Refused(400, "the body is not one whole gzip member")
    return found


def parsed(body: bytes) -> object:
    """The value of a JSON text. Raises Refused: 400 for what is no JSON (NaN is none), 413 for too many values."""
    _count(body)
    try:
        return json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Refused(400, "the body is no JSON") from None


def events_in(body: bytes, kind: str, headers: Mapping[str, str]) -> list[Message]:
    """The messages in a body of one of `TYPES`; `headers` (names in small letters) may make it a CloudEvent.

    Raises Refused for a body that is no JSON at all, or too much of it. An event within it that cannot be read
    becomes a message with its trouble, so that it does not hold up the others.
    """
    try:
        found = _lines(body) if kind == LINES else _values(body, kind, headers)
    except RecursionError:
        raise Refused(400, "the body is nested too deeply") from None
    if len(found) > MOST_EVENTS:
        raise Refused(413, f"the body has more than {MOST_EVENTS:,} events")
    return found


def _values(body: bytes, kind: str, headers: Mapping[str, str]) -> list[Message]:
    found = parsed(body)
    if kind == JSON and "ce-id" in headers:
        around = {name: unquote(headers[f"ce-{name}"]) for name in ("id", "source", "time") if f"ce-{name}" in headers}
        return [message_of({"specversion": "1.0", **around, "data": found})]
    if isinstance(found, dict):
        return [message_of(found, "", body)]
    if not isinstance(found, list):
        raise Refused(400, "the body must be a JSON object or a list of objects")
    return [message_of(one) for one in found[: MOST_EVENTS + 1]]


def _lines(body: bytes) -> list[Message]:
    _count(body)
    lines = (line for line in body.split(b"\n") if line.strip())
    found = list(islice((message for line in lines for message in messages_of(line)), MOST_EVENTS + 1))
    if not found or all(message.trouble for message in found):
        raise Refused(400, "no line of the body is a JSON object")
    return found


def _count(body: bytes) -> None:
    """Before each value stands a comma, an opening bracket, a colon or a new line; colons come with one of the rest."""
    if len(body) > MOST_VALUES and sum(map(body.count, (b",", b"[", b"{", b"\n"))) > MOST_VALUES:
        raise Refused(413, f"the body has more than {MOST_VALUES:,} values")


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number")
