"""The quick way through XES that is written plainly, as nearly all of it is: attributes without attributes inside.

A trace is taken apart by a pattern that fits only where every `<` belongs to an attribute written in the usual form;
any other trace goes through an XML parser. Where even that does not work out, nothing of it counts, and the whole file
is left to the parser.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from xml.parsers import expat

from factoryview.sources.files import InputFile

Trace = tuple[dict[str, str], list[tuple[int, dict[str, str]]]]
"""The attributes of a trace, as `case:KEY`, and of its events, each with its line in the file."""

_ATTRIBUTE = re.compile(
    r'<(?:string|date|int|float|boolean|id) +key="([^"<&\x00-\x1f]*)" +value="([^"<&\x00-\x1f]*)" */>'
)
_CONTROL = bytes(byte for byte in range(32) if byte not in b"\t\n\r")
_NO_CHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
_ENCODING = re.compile(r"""<\?xml[^>]*encoding=["'](?!utf-8["'])""", re.IGNORECASE)
_CHUNK = 1 << 22
_LONGEST = 1 << 23
"""A trace of more characters is none."""
_END = "</trace>"
_ODD, _ODD_SHARE = 50, 0.2
"""With more odd traces than this, and this share of all, the parser is quicker."""


class NotPlain(Exception):
    """The file is not written plainly enough."""


def traces(source: InputFile, odd: Callable[[str, int], Trace], rest: Callable[[str], None]) -> Iterator[Trace]:
    """The traces of the file.

    `odd` parses the text of a trace that begins after so many line ends, `rest` what stands around the traces; both
    raise ExpatError for broken XML. Raises NotPlain, at any point, where the file has to be parsed as a whole.
    """
    seen = slow = lines = 0
    around: list[str] = []
    try:
        for block, place in _blocks(source):
            if not around:
                around.append(block[: block.find("<trace>")])
                lines = around[0].count("\n")
                if "<trace" in around[0] or _ENCODING.search(around[0]):
                    raise NotPlain
                block = block[len(around[0]) :]
            if place == "end":
                around.append(block)
                break
            seen += 1
            found = _plain(block, lines)
            if found is None:
                slow += 1
                if slow > _ODD + _ODD_SHARE * seen:
                    raise NotPlain
                found = odd(block + _END, lines)
            yield found
            lines += block.count("\n")
        rest("".join(around))
    except (expat.ExpatError, UnicodeDecodeError):
        raise NotPlain from None


def _blocks(source: InputFile) -> Iterator[tuple[str, str]]:
    """Text up to the end of each trace, and at last what comes after; UTF-8."""
    left = ""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    with source.plain().open("rb") as file:
        while chunk := file.read(_CHUNK):
            if chunk.translate(None, _CONTROL) != chunk or any(mark in chunk for mark in _NO_CHARACTERS):
                raise NotPlain
            *blocks, left = (left + decoder.decode(chunk)).split(_END)
            if max(map(len, (*blocks, left))) > _LONGEST:
                raise NotPlain
            for block in blocks:
                yield block, "trace"
    yield left + decoder.decode(b"", final=True), "end"


def _plain(block: str, lines: int) -> Trace | None:
    """A trace without its end tag; None if anything in it is unusual."""
    if "&" in block or "]]>" in block:
        return None
    head, *bodies = block.split("<event>")
    pairs = _ATTRIBUTE.findall(head)
    if not head.lstrip().startswith("<trace>") or head.count("<") != len(pairs) + 1:
        return None
    trace = {"case:" + key: value for key, value in pairs}
    lines += head.count("\n")
    events = []
    for body in bodies:
        pairs = _ATTRIBUTE.findall(body)
        if body.count("<") != len(pairs) + 1 or not body.rstrip().endswith("</event>"):
            return None
        events.append((lines + 1, dict(pairs)))
        lines += body.count("\n")
    return trace, events
