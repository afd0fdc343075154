"""What an HTTP body holds: unpacked and parsed within bounds, whoever sent it."""

from __future__ import annotations

import json
import zlib

from factoryview.language.said import said

MOST_VALUES = 1_000_000
"""JSON values in a body at most: what is parsed takes far more memory than what was sent."""
JSON = "application/json"
_GZIP = ("gzip", "x-gzip")


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
        raise Refused(415, said("trouble.encoding"), Accept_Encoding="gzip")


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
        raise Refused(400, said("trouble.no_gzip")) from None
    if len(found) > largest:
        raise Refused(413, said("trouble.unpacked_large", most=largest))
    if not machine.eof or machine.unused_data:
        raise Refused(400, said("trouble.half_gzip"))
    return found


def parsed(body: bytes) -> object:
    """The value of a JSON text. Raises Refused: 400 for what is no JSON (NaN is none), 413 for too many values."""
    check_values(body)
    try:
        return json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Refused(400, said("trouble.body_no_json")) from None


def check_values(body: bytes) -> None:
    """Raises Refused (413) for too many values.

    Before each value stands a comma, an opening bracket, a colon or a new line; colons come with one of the rest.
    """
    if len(body) > MOST_VALUES and sum(map(body.count, (b",", b"[", b"{", b"\n"))) > MOST_VALUES:
        raise Refused(413, said("trouble.many_values", most=MOST_VALUES))


def _no_number(name: str) -> float:
    raise ValueError(said("trouble.no_number", name=name))
