"""The events in an HTTP body."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from urllib.parse import unquote

from factoryview.serving.bodies import JSON, Refused, check_values, parsed
from factoryview.sources.feeds.feed import Message, message_of, messages_of

MOST_EVENTS = 50_000
"""Events in a body at most."""
LINES = "application/x-ndjson"
TYPES = (JSON, "application/cloudevents+json", "application/cloudevents-batch+json", LINES)


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
    check_values(body)
    lines = (line for line in body.split(b"\n") if line.strip())
    found = list(islice((message for line in lines for message in messages_of(line)), MOST_EVENTS + 1))
    if not found or all(message.trouble for message in found):
        raise Refused(400, "no line of the body is a JSON object")
    return found
