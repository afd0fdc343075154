"""An object-centric log (OCEL 2.0) in memory, and how its three file formats are read: JSON, XML, SQLite."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote
from xml.parsers import expat

from factoryview.errors import InputError
from factoryview.language.said import said
from factoryview.sources.encodings import as_utf8, encoding_of
from factoryview.sources.files import InputFile
from factoryview.sources.limits import DEEPEST_XML
from factoryview.sources.readers.json_stream import parts
from factoryview.sources.readers.xml_text import xml_file


@dataclass(frozen=True)
class Happening:
    """An event and the objects it touches, each once."""

    activity: str
    time: str
    attributes: dict[str, str]
    objects: tuple[str, ...]


@dataclass
class ObjectLog:
    """Events in the order of the file, objects with their types and first attributes, and who belongs to whom."""

    events: list[Happening] = field(default_factory=list)
    types: dict[str, str] = field(default_factory=dict)
    """Object → its type."""
    attributes: dict[str, dict[str, str]] = field(default_factory=dict)
    """Object → attribute → its first value."""
    relations: list[tuple[str, str]] = field(default_factory=list)

    def add_object(self, name: str, kind: str, attributes: Iterable[tuple[str, str]], others: Iterable[str]) -> None:
        self.types[name] = kind
        first: dict[str, str] = {}
        for key, value in attributes:
            first.setdefault(key, value)
        if first:
            self.attributes[name] = first
        self.relations += [(name, other) for other in others]


def read_json(source: InputFile) -> ObjectLog:
    """An OCEL 2.0 JSON file. Raises InputError where it is broken or has another shape."""
    encoding = encoding_of(source)
    path = source.plain() if encoding.name == "utf-8" else as_utf8(source, encoding.name)
    log = ObjectLog()
    try:
        with path.open("r", encoding="utf-8", errors="replace") as file:
            for key, item, _ in parts(file):
                if key not in ("objects", "events"):
                    continue
                values = [(_text(a["name"]), _text(a["value"])) for a in item.get("attributes") or ()]
                if key == "objects":
                    log.add_object(_text(item["id"]), _text(item["type"]), values, _related(item))
                else:
                    log.events.append(Happening(_text(item["type"]), _text(item["time"]), dict(values), _related(item)))
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError) as error:
        raise _broken(source, "JSON", error) from None
    return log


def _related(item: dict[str, Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_text(each["objectId"]) for each in item.get("relationships") or ()))


def _text(value: object) -> str:
    if isinstance(value, bytes):
        text = value.decode("utf-8", "replace")
    else:
        text = value if isinstance(value, str) else "" if value is None else json.dumps(value)
    return text.encode("utf-8", "replace").decode("utf-8")


def read_xml(source: InputFile) -> ObjectLog:
    """An OCEL 2.0 XML file, read as a stream. Raises InputError where it is broken or has a DTD or entities."""
    handler = _Handler(source.name)
    path, encoding = xml_file(source)
    parser = expat.ParserCreate(encoding)
    parser.buffer_text = True
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = handler.refuse
    parser.EntityDeclHandler = handler.refuse
    try:
        with path.open("rb") as file:
            parser.ParseFile(file)
    except expat.ExpatError as error:
        raise _broken(source, "XML", error) from None
    return handler.log


class _Handler:
    """Takes one object or event after the other; elements are told apart by their attributes."""

    def __init__(self, file: str) -> None:
        self.log, self.file = ObjectLog(), file
        self._depth = 0
        self._item: dict[str, str] | None = None
        self._at = 0
        """Depth of the item's element."""
        self._tag = ""
        self._values: list[tuple[str, str]] = []
        self._others: list[str] = []
        self._attribute: str | None = None
        self._pieces: list[str] = []

    def refuse(self, *_: Any) -> None:
        raise InputError(said("error.has_dtd"), where=self.file, cure=said("error.remove_dtd"))

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST_XML:
            raise too_deep(self.file)
        if self._item is None:
            if tag in ("object", "event") and "id" in attributes and "type" in attributes:
                self._item, self._tag, self._at = attributes, tag, self._depth
                self._values, self._others = [], []
        elif "object-id" in attributes:
            self._others.append(attributes["object-id"])
        elif tag == "attribute" and "name" in attributes:
            self._attribute, self._pieces = attributes["name"], []

    def text(self, data: str) -> None:
        if self._attribute is not None:
            self._pieces.append(data)

    def end(self, tag: str) -> None:
        if self._attribute is not None and tag == "attribute":
            self._values.append((self._attribute, "".join(self._pieces)))
            self._attribute = None
        self._depth -= 1
        if self._item is None or self._depth >= self._at:
            return
        item, others = self._item, tuple(dict.fromkeys(self._others))
        if self._tag == "event":
            self.log.events.append(Happening(item["type"], item.get("time", ""), dict(self._values), others))
        else:
            self.log.add_object(item["id"], item["type"], self._values, others)
        self._item = None


def too_deep(file: str) -> InputError:
    """The error for XML that opens one element after the other."""
    return InputError(said("error.deep_xml", most=DEEPEST_XML), where=file, cure=said("error.export_again"))


def read_sqlite(source: InputFile) -> ObjectLog:
    """An OCEL 2.0 SQLite file, opened read-only. Raises InputError where it is broken or holds another database."""
    address = f"file:{quote(os.fsencode(source.plain().absolute()))}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as database:
            database.text_factory = lambda data: data.decode("utf-8", "replace")
            return _from_tables(database, source)
    except (sqlite3.Error, UnicodeDecodeError) as error:  # what is wrong quotes the file, and may be no text
        why = str(error).splitlines()[0][:120]
        raise InputError(said("error.broken_sqlite", why=why), where=source.name, cure=said("error.copy_it")) from None


def _from_tables(database: sqlite3.Connection, source: InputFile) -> ObjectLog:
    tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    needed = {"event", "object", "event_object", "event_map_type", "object_map_type"}
    if not needed <= tables:
        raise InputError(
            said("error.sqlite_no_ocel"),
            where=source.name,
            cure=said("error.its_events_csv"),
        )
    log = ObjectLog()
    columns = {table: [row[1] for row in database.execute(f"PRAGMA table_info({_quoted(table)})")] for table in tables}
    for _, part in database.execute("SELECT ocel_type, ocel_type_map FROM object_map_type").fetchall():
        if f"object_{part}" in tables:
            for name, _, values in _rows(database, f"object_{part}", columns[f"object_{part}"]):
                known = log.attributes.setdefault(name, {})
                for key, value in values.items():
                    known.setdefault(key, value)
    for name, kind in database.execute("SELECT ocel_id, ocel_type FROM object"):
        log.types[_text(name)] = _text(kind)
    if "object_object" in tables:
        links = database.execute("SELECT ocel_source_id, ocel_target_id FROM object_object")
        log.relations = [(_text(a), _text(b)) for a, b in links]
    details: dict[str, tuple[str, dict[str, str]]] = {}
    for _, part in database.execute("SELECT ocel_type, ocel_type_map FROM event_map_type").fetchall():
        if f"event_{part}" in tables:
            for name, time, values in _rows(database, f"event_{part}", columns[f"event_{part}"]):
                details[name] = (time, values)
    touched: dict[str, dict[str, None]] = {}
    for event, thing in database.execute("SELECT ocel_event_id, ocel_object_id FROM event_object ORDER BY rowid"):
        touched.setdefault(_text(event), {})[_text(thing)] = None
    for name, kind in database.execute("SELECT ocel_id, ocel_type FROM event ORDER BY rowid"):
        time, values = details.get(_text(name), ("", {}))
        log.events.append(Happening(_text(kind), time, values, tuple(touched.get(_text(name), ()))))
    return log


def _rows(database: sqlite3.Connection, table: str, columns: list[str]) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Id, time and filled attributes of every row; changed values come after the first ones."""
    own = [name for name in columns if not name.lower().startswith("ocel_")]
    listing = ", ".join(_quoted(name) for name in ("ocel_id", "ocel_time", *own))
    for name, time, *values in database.execute(f"SELECT {listing} FROM {_quoted(table)} ORDER BY rowid"):
        filled = {key: _text(value) for key, value in zip(own, values, strict=True) if value is not None}
        yield _text(name), _text(time), filled


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _broken(source: InputFile, kind: str, error: Exception) -> InputError:
    why = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
    if isinstance(error, LookupError | TypeError | AttributeError):
        why = f"an object or event lacks a part: {why}"
    return InputError(said("error.broken_ocel", kind=kind, why=why), where=source.name, cure=said("error.export_again"))
