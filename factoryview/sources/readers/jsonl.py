"""JSON: one object per line, or an array of objects."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TextIO

import duckdb

from factoryview.errors import InputError
from factoryview.sources.encodings import as_utf8, encoding_of
from factoryview.sources.events import Finding, ReadOptions
from factoryview.sources.files import Source, text_lines
from factoryview.sources.limits import LARGEST_PART, LONGEST_LINE, MOST_COLUMNS
from factoryview.sources.readers.json_stream import Broken, TooLarge, parts
from factoryview.sources.rejects import Rejects
from factoryview.sources.table import Filler, TextTable

_DEEPEST = 4


def sniff(source: Source) -> bool:
    """Whether the file begins like JSON: an object, or an array of objects."""
    head = source.head[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe").replace(b"\x00", b"").lstrip()
    return head.startswith(b"{") or (head.startswith(b"[") and head[1:].lstrip()[:1] in (b"{", b"]", b""))


def load(source: Source, connection: duckdb.DuckDBPyConnection, rejects: Rejects, options: ReadOptions) -> TextTable:  # noqa: ARG001
    """The objects as a table of text; inner objects become columns `outer.inner`.

    Lines that are no object are set aside. Raises InputError for a broken array.
    """
    filler = Filler(connection, source.name, ())
    places: dict[str, int] = {}
    for line, item in _items(source, rejects):
        row = dict(_flat(item))
        for key in row:
            if key not in places:
                places[key] = filler.grow(key)
        filler.add(line, [row.get(key) for key in places])
    if not places:
        raise InputError("holds no JSON objects with events.", where=source.name, cure="Write one object per event.")
    findings: list[Finding] = []
    return filler.table(findings)


def _items(source: Source, rejects: Rejects) -> Iterator[tuple[int, dict[str, Any]]]:
    encoding = encoding_of(source)
    path = source.plain() if encoding.name == "utf-8" else as_utf8(source, encoding.name)
    with path.open("r", encoding="utf-8", errors="replace") as file:
        one_per_line = _is_one_per_line(file)
        file.seek(0)
        yield from _lines(file, rejects) if one_per_line else _document(file, source, rejects)


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
            rejects.add(number, "no JSON object" if whole else "a line that is too long", line.rstrip("\n"))


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _document(file: TextIO, source: Source, rejects: Rejects) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of an array, of the only list of objects in an object, or the object itself."""
    try:
        found = parts(file)
        if _begins_with(file) != "[":
            lists = _lists_of_objects(file, source)
            if len(lists) != 1:
                if source.plain().stat().st_size > LARGEST_PART:
                    raise TooLarge(f"holds {len(lists)} lists of objects and more than {LARGEST_PART >> 20} MB")
                alone = json.load(file)
                if isinstance(alone, dict) and alone:
                    yield 1, alone
                return
            found = (part for part in found if part[0] in lists)
        for number, (_, item, _) in enumerate(found, 1):
            if isinstance(item, dict):
                yield number, item
            else:
                rejects.add(number, "no JSON object", json.dumps(item)[:LONGEST_LINE])
    except Broken as error:
        raise InputError(f"is broken JSON {error}.", where=source.name, cure="Export it again.") from None
    except TooLarge as error:
        raise InputError(f"{error}.", where=source.name, cure="Write one object per event.") from None
    except RecursionError:
        raise InputError("is JSON nested too deeply.", where=source.name, cure="Export it flat.") from None


def _begins_with(file: TextIO) -> str:
    """The first letter that is no blank; the file is at its beginning afterwards."""
    found = next((letter for line, _ in text_lines(file) for letter in line.strip()[:1]), "")
    file.seek(0)
    return found


def _lists_of_objects(file: TextIO, source: Source) -> set[str]:
    """The keys of an object under which lists of objects stand; the file is at its beginning afterwards."""
    lists: set[str] = set()
    plain = 0
    for key, value, listed in parts(file):
        if listed and isinstance(value, dict):
            lists.add(key)
        plain += not listed
        if plain > MOST_COLUMNS:
            raise InputError(f"has more than {MOST_COLUMNS} columns.", where=source.name, cure="Export fewer of them.")
    file.seek(0)
    return lists


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
