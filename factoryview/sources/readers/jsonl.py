"""JSON: one object per line, or an array of objects."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any, TextIO

import duckdb

from factoryview.errors import InputError
from factoryview.sources.encodings import as_utf8, encoding_of
from factoryview.sources.events import Finding, ReadOptions
from factoryview.sources.files import Source
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
        first = ""
        while not first.strip() and (first := file.readline()):
            pass
        file.seek(0)
        if first.lstrip().startswith("{") and _parsed(first) is not None and _has_more(file):
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                item = _parsed(line)
                if isinstance(item, dict):
                    yield number, item
                else:
                    rejects.add(number, "no JSON object", line.rstrip("\n"))
            return
        yield from _whole(file.read(), source, rejects)


def _has_more(file: TextIO) -> bool:
    """Whether the file has more than one line; it is at its beginning afterwards. An object alone may hold a list."""
    filled = (line for line in file if line.strip())
    more = len(list(islice(filled, 2))) > 1
    file.seek(0)
    return more


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _whole(text: str, source: Source, rejects: Rejects) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        found = json.loads(text)
    except ValueError as error:
        place = f" in line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise InputError(f"is broken JSON{place}.", where=source.name, cure="Export it again.") from None
    except RecursionError:
        raise InputError("is JSON nested too deeply.", where=source.name, cure="Export it flat.") from None
    if isinstance(found, dict):
        lists = [v for v in found.values() if isinstance(v, list) and v and isinstance(v[0], dict)]
        found = lists[0] if len(lists) == 1 else [found]
    for number, item in enumerate(found if isinstance(found, list) else [], 1):
        if isinstance(item, dict):
            yield number, item
        else:
            rejects.add(number, "no JSON object", json.dumps(item))


def _flat(item: dict[str, Any], before: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    for key, value in item.items():
        name = before + key
        if isinstance(value, dict) and depth < _DEEPEST:
            yield from _flat(value, name + ".", depth + 1)
        elif isinstance(value, str):
            yield _clean(name), _clean(value)
        elif value is not None:
            yield _clean(name), json.dumps(value) if not isinstance(value, float) else repr(value)


def _clean(text: str) -> str:
    """Without lone surrogates, which no encoding can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
