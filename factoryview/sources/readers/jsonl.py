"""JSON: one object per line, or a document that holds the objects in a list anywhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TextIO

import duckdb

from factoryview.errors import InputError
from factoryview.language.said import said
from factoryview.sources.encodings import as_utf8, encoding_of
from factoryview.sources.events import Finding, ReadOptions
from factoryview.sources.files import InputFile, text_lines
from factoryview.sources.readers.json_document import rows_of, unfolded
from factoryview.sources.rejects import Rejects
from factoryview.sources.table import Filler, TextTable

_DEEPEST = 4


def sniff(source: InputFile) -> bool:
    """Whether the file begins like JSON: an object, or an array of objects or of rows."""
    head = source.head[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe").replace(b"\x00", b"").lstrip()
    return head.startswith(b"{") or (head.startswith(b"[") and head[1:].lstrip()[:1] in (b"{", b"[", b"]", b""))


def load(source: InputFile, connection: duckdb.DuckDBPyConnection, rejects: Rejects, options: ReadOptions) -> TextTable:
    """The objects as a table of text; inner objects become columns `outer.inner`.

    Lines that are no object are rejected. Raises InputError for what is broken, and where nobody can tell which of
    several lists holds the events.
    """
    filler = Filler(connection, source.name, ())
    places: dict[str, int] = {}
    findings: list[Finding] = []
    for line, item in _items(source, rejects, options.sheet, findings):
        row = dict(_flat(item))
        for key in row:
            if key not in places:
                places[key] = filler.grow(key)
        filler.add(line, [row.get(key) for key in places])
    if not places:
        raise InputError(said("error.no_objects"), where=source.name, cure=said("error.object_per_event"))
    return filler.table(findings)


def _items(
    source: InputFile, rejects: Rejects, wish: str | None, findings: list[Finding]
) -> Iterator[tuple[int, dict[str, Any]]]:
    encoding = encoding_of(source)
    path = source.plain() if encoding.name == "utf-8" else as_utf8(source, encoding.name)
    with path.open("r", encoding="utf-8", errors="replace") as file:
        one_per_line = _is_one_per_line(file)
        file.seek(0)
        found = _lines(file, rejects) if one_per_line else rows_of(file, source, rejects, wish, findings)
        yield from unfolded(found)


def _is_one_per_line(file: TextIO) -> bool:
    """Whether the first line with anything in it is an object, and not the only line: alone it may hold a list."""
    filled = (line for line, _ in text_lines(file) if line.strip())
    first, second = next(filled, ""), next(filled, "")
    return bool(second) and first.lstrip().startswith("{") and _parsed(first) is not None


def _lines(file: TextIO, rejects: Rejects) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, (line, whole) in enumerate(text_lines(file), 1):
        item = _parsed(line) if whole else None
        if isinstance(item, dict):
            yield number, item
        elif line.strip():
            rejects.add(number, said("reading.no_object") if whole else said("reading.too_long"), line.rstrip("\n"))


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _flat(item: dict[str, Any], before: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    for key, value in item.items():
        name = before + key
        if isinstance(value, dict) and depth < _DEEPEST:
            yield from _flat(value, name + ".", depth + 1)
        elif isinstance(value, str):
            yield _clean(name), _clean(value)
        elif value is not None:
            yield _clean(name), repr(value) if type(value) in (int, float) else json.dumps(value)


def _clean(text: str) -> str:
    """Without lone surrogates, which no encoding can hold."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
