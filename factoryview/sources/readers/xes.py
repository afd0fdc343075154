"""XES logs: read as a stream, with bounded memory and without entities."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.parsers import expat

import duckdb
import numpy as np

from factoryview.errors import InputError
from factoryview.language.said import said
from factoryview.sources.events import Finding, ReadOptions
from factoryview.sources.files import InputFile
from factoryview.sources.limits import DEEPEST_XML, MOST_EVENTS_OF_CASE
from factoryview.sources.readers import xes_plain
from factoryview.sources.readers.objects import too_deep
from factoryview.sources.readers.xml_text import xml_file
from factoryview.sources.rejects import Rejects
from factoryview.sources.table import RAW, Filler, TextTable

LOG = re.compile(rb"<(?:[\w.-]+:)?log[\s>/]")
"""The first element of a log, with or without the prefix of its namespace."""


def sniff(source: InputFile) -> bool:
    """Whether this is XML whose first element is a log of traces."""
    head = source.text_head
    return head.lstrip().startswith(b"<") and LOG.search(head) is not None and b"<object-types" not in head


def load(source: InputFile, connection: duckdb.DuckDBPyConnection, rejects: Rejects, options: ReadOptions) -> TextTable:  # noqa: ARG001
    """The events as a table of text: attributes of the trace are columns `case:KEY`, those of the event `KEY`.

    Raises InputError for XML that is broken, has a DTD or entities, or holds no event.
    """
    path, encoding = xml_file(source)
    try:
        if encoding is not None:
            raise xes_plain.NotPlain
        events = _quickly(source, connection)
    except xes_plain.NotPlain:
        events = _parsed(path, encoding, source, connection)
    if events.count == 0:
        raise InputError(said("error.no_trace"), where=source.name, cure=said("error.export_xes"))
    findings = []
    if events.nameless:
        findings.append(Finding("warning", source.name, said("reading.traces_nameless", n=events.nameless)))
    findings += events.report_names(source.name)
    return events.filler.table(findings)


def _quickly(source: InputFile, connection: duckdb.DuckDBPyConnection) -> _Events:
    """The events of a file that is written plainly. Raises NotPlain."""
    events = _Events(Filler(connection, source.name, ()))

    def odd(text: str, lines: int) -> xes_plain.Trace:
        found: list[xes_plain.Trace] = []
        handler = _Log(source.name, lambda trace, inner: found.append((trace, inner)))
        handler.parser.Parse(f"<log>{text}</log>".encode(), True)
        if len(found) != 1:
            raise xes_plain.NotPlain
        trace, inner = found[0]
        return trace, [(line + lines, event) for line, event in inner]

    def rest(text: str) -> None:
        _Log(source.name, events.take).parser.Parse(text.encode(), True)

    for trace, inner in xes_plain.traces(source, odd, rest):
        events.take(trace, inner)
    return events


def _parsed(path: Path, encoding: str | None, source: InputFile, connection: duckdb.DuckDBPyConnection) -> _Events:
    """The events of any file of XML. encoding: not what it declares. Raises InputError where it is broken."""
    events = _Events(Filler(connection, source.name, ()))
    handler = _Log(source.name, events.take, encoding)
    try:
        with path.open("rb") as file:
            handler.parser.ParseFile(file)
    except expat.ExpatError as error:
        raise InputError(
            said(
                "error.broken_xml_why", line=error.lineno, why=expat.errors.messages.get(error.code, "not well formed")
            ),
            where=source.name,
            cure=said("error.export_again"),
        ) from None
    return events


def too_long(file: str) -> InputError:
    """The error for a trace without an end."""
    found = said("error.long_trace", most=MOST_EVENTS_OF_CASE)
    return InputError(found, where=file, cure=said("error.trace_per_case"))


class _Events:
    """Puts one trace after the other into the table of text."""

    def __init__(self, filler: Filler) -> None:
        self.filler = filler
        self.count = self.nameless = self._traces = 0
        self._columns: dict[str, int] = {}
        self._names: set[str] = set()
        self._begins = array("q")
        """The row with which each trace with events begins."""

    def take(self, trace: dict[str, str], events: list[tuple[int, dict[str, str]]]) -> None:
        self._traces += 1
        columns = self._columns
        if events and not trace.get("case:concept:name", "").strip():
            trace["case:concept:name"] = f"trace {self._traces}"
            self.nameless += 1
        if events:
            self._names.add(trace["case:concept:name"].strip())
            self._begins.append(self.count)
        for line, event in events:
            values = {**trace, **event}
            if not values.keys() <= columns.keys():
                for key in values:
                    if key not in columns:
                        columns[key] = self.filler.grow(key)
            self.filler.add(line, list(map(values.get, columns)))
        self.count += len(events)

    def report_names(self, file: str) -> list[Finding]:
        """What is to be said where traces have the name of another; where most have, they are numbered instead."""
        several = len(self._begins)
        if len(self._names) == several:
            return []
        if len(self._names) > 0.5 * several:
            text = said("reading.traces_same_name", n=several - len(self._names))
            return [Finding("warning", file, text)]
        self.filler.flush()
        column = f"c{self._columns['case:concept:name']}"
        con = self.filler.connection
        import pandas as pd  # here, for it takes a seventh of a second, and few logs need it

        con.register("factoryview_batch", pd.DataFrame({"begin": np.asarray(self._begins)}))
        con.execute(
            f"CREATE OR REPLACE TABLE {RAW} AS SELECT raw.* REPLACE (raw.{column} || ' (' || trace.number || ')' AS "
            f"{column}) FROM (SELECT *, rowid AS place FROM {RAW}) raw ASOF JOIN (SELECT begin, row_number() OVER "
            "(ORDER BY begin) AS number FROM factoryview_batch) trace ON raw.place >= trace.begin ORDER BY raw.place"
        )
        con.execute(f"ALTER TABLE {RAW} DROP COLUMN place")
        con.unregister("factoryview_batch")
        text = said("reading.traces_numbered", several=several, n=len(self._names))
        return [Finding("warning", file, text, said("reading.export_case_number"))]


class _Log:
    """Collects the attributes of one trace after the other and hands each on."""

    def __init__(
        self,
        file: str,
        take: Callable[[dict[str, str], list[tuple[int, dict[str, str]]]], None],
        encoding: str | None = None,
    ) -> None:
        self._file, self._take = file, take
        self._depth = 0
        self._trace: dict[str, str] | None = None
        self._pending: list[tuple[int, dict[str, str]]] = []
        self._event: dict[str, str] | None = None
        self._line = 0
        self._inside = 0
        """Depth of the trace or event whose direct children are attributes."""
        self.parser = expat.ParserCreate(encoding, namespace_separator=None)
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse

    def _refuse(self, *_: Any) -> None:
        """A DTD or an entity: never needed by a log, and a way to blow up a reader."""
        raise InputError(said("error.has_dtd"), where=self._file, cure=said("error.remove_dtd"))

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST_XML:
            raise too_deep(self._file)
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
            self._inside = self._depth

    def _end(self, _tag: str) -> None:
        if self._depth == self._inside:
            if self._event is not None:
                self._pending.append((self._line, self._event))
                if len(self._pending) > MOST_EVENTS_OF_CASE:
                    raise too_long(self._file)
                self._event = None
                self._inside = self._depth - 1
            elif self._trace is not None:
                self._take(self._trace, self._pending)
                self._trace, self._pending = None, []
                self._inside = 0
        self._depth -= 1
