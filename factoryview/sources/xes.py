"""XES logs: read as a stream, with bounded memory and without entities."""

from __future__ import annotations

from typing import Any
from xml.parsers import expat

import duckdb

from factoryview.errors import InputError
from factoryview.sources.events import Finding, ReadOptions
from factoryview.sources.files import Source
from factoryview.sources.rejects import Rejects
from factoryview.sources.table import Filler, TextTable

_VALUES = {"string", "date", "int", "float", "boolean", "id"}


def sniff(source: Source) -> bool:
    """Whether this is XML whose first element is a log of traces."""
    head = source.head[:8192].lstrip(b"\xef\xbb\xbf").lstrip()
    return head.startswith(b"<") and b"<log" in source.head and b"<object-types" not in source.head


def load(source: Source, connection: duckdb.DuckDBPyConnection, rejects: Rejects, options: ReadOptions) -> TextTable:  # noqa: ARG001
    """The events as a table of text: attributes of the trace are columns `case:KEY`, those of the event `KEY`.

    Raises InputError for XML that is broken, has a DTD or entities, or holds no event.
    """
    handler = _Log(Filler(connection, source.name, ()), rejects)
    parser = expat.ParserCreate(namespace_separator=None)
    parser.buffer_text = True
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.StartDoctypeDeclHandler = handler.refuse
    parser.EntityDeclHandler = handler.refuse
    handler.parser = parser
    handler.file = source.name
    try:
        with source.plain().open("rb") as file:
            parser.ParseFile(file)
    except expat.ExpatError as error:
        raise InputError(
            f"is broken XML in line {error.lineno}: {expat.errors.messages.get(error.code, 'not well formed')}.",
            where=source.name,
            cure="Export it again.",
        ) from None
    if handler.events == 0:
        raise InputError("is XML without any event of a trace.", where=source.name, cure="Export it as XES.")
    findings = []
    if handler.nameless:
        findings.append(
            Finding("warning", source.name, f"{handler.nameless:,} traces have no name; they are numbered.")
        )
    return handler.filler.table(findings)


class _Log:
    """Collects the attributes of one trace after the other."""

    def __init__(self, filler: Filler, rejects: Rejects) -> None:
        self.filler, self.rejects = filler, rejects
        self.parser: Any = None
        self.file = ""
        self.events = self.nameless = self.traces = 0
        self._depth = 0
        self._trace: dict[str, str] | None = None
        self._pending: list[tuple[int, dict[str, str]]] = []
        self._event: dict[str, str] | None = None
        self._inside = 0
        """Depth of the trace or event whose direct children are attributes."""
        self._columns: dict[str, int] = {}

    def refuse(self, *_: Any) -> None:
        """A DTD or an entity: never needed by a log, and a way to blow up a reader."""
        raise InputError("has a DTD or entities.", where=self.file, cure="Remove them; a log needs none.")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth == self._inside + 1 and self._inside:
            if self._event is not None:
                if "key" in attributes and "value" in attributes:
                    self._event[attributes["key"]] = attributes["value"]
                return
            if tag == "event" or tag.endswith(":event"):
                self._event = {}
                self._line = self.parser.CurrentLineNumber
                self._inside = self._depth
            elif self._trace is not None and "key" in attributes and "value" in attributes:
                self._trace["case:" + attributes["key"]] = attributes["value"]
        elif self._trace is None and (tag == "trace" or tag.endswith(":trace")):
            self._trace = {}
            self.traces += 1
            self._inside = self._depth

    def end(self, _tag: str) -> None:
        if self._depth == self._inside:
            if self._event is not None:
                self._pending.append((self._line, self._event))
                self._event = None
                self._inside = self._depth - 1
            elif self._trace is not None:
                self._flush(self._trace)
                self._trace = None
                self._inside = 0
        self._depth -= 1

    def _flush(self, trace: dict[str, str]) -> None:
        if self._pending and not trace.get("case:concept:name", "").strip():
            trace["case:concept:name"] = f"trace {self.traces}"
            self.nameless += 1
        for line, event in self._pending:
            values = {**trace, **event}
            for key in values:
                if key not in self._columns:
                    self._columns[key] = self.filler.grow(key)
            self.filler.add(line, [values.get(key) for key in self._columns])
            self.events += 1
        self._pending = []
