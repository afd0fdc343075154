"""Object-centric logs (OCEL 2.0): objects of one type are the cases; an event that touches several is in each."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from statistics import mean, median

import duckdb

from factoryview.errors import InputError
from factoryview.language.said import also, said
from factoryview.sources.events import Finding, ReadOptions
from factoryview.sources.files import InputFile
from factoryview.sources.readers.objects import Happening, ObjectLog, read_json, read_sqlite, read_xml
from factoryview.sources.rejects import Rejects
from factoryview.sources.table import Filler, Known, TextTable, one_line

_SQLITE = b"SQLite format 3\x00"
_MANY = 20
"""An object that belongs to more cases than this is something they share (a person, a product), no part of them."""
_FEW, _SHARE = 4, 0.3
"""So is one that belongs to more than a few of them and to this share of all."""


def sniff(source: InputFile) -> bool:
    """Whether this is a SQLite database, or JSON or XML with the parts of an object-centric log."""
    if source.head.startswith(_SQLITE):
        return True
    head = source.text_head
    start = head[:64].lstrip()
    if start.startswith(b"<"):
        return b"<object-types" in head or b"<event-types" in head
    marks = (b'"objectTypes"', b'"eventTypes"', b'"objectId"', b'"ocel:global-log"')
    return start.startswith(b"{") and any(mark in head for mark in marks)


def load(source: InputFile, connection: duckdb.DuckDBPyConnection, rejects: Rejects, options: ReadOptions) -> TextTable:  # noqa: ARG001
    """The log seen from one type of object: the one named with `--map case=TYPE`, else the likeliest.

    The case's column is named after the type; its attributes are `case:ATTRIBUTE`, those of events stand as they are.
    Raises InputError for a broken file, one without events, or a type that is not there.
    """
    if b'"ocel:global-log"' in source.text_head:
        raise InputError(said("error.old_ocel"), where=source.name, cure=said("error.convert_ocel"))
    if source.head.startswith(_SQLITE):
        log = read_sqlite(source)
    else:
        log = read_xml(source) if source.text_head.lstrip().startswith(b"<") else read_json(source)
    notions = _notions(log)
    if not notions:
        raise InputError(
            said("error.empty_ocel"),
            where=source.name,
            cure=said("error.export_again"),
        )
    wish = options.columns.get("case")
    kind = _chosen(notions, wish, source)
    table = _flat(log, kind, source, connection)
    table.findings = [*_said(notions, kind, wish, source), *_left_out(log, kind, source), *_ties(log, kind, source)]
    return table


@dataclass(frozen=True)
class Notion:
    """How a type of object would do as the case."""

    kind: str
    objects: int
    events: float
    """Events per object, on average."""
    score: float


def _notions(log: ObjectLog) -> list[Notion]:
    """Every type that events touch, the likeliest case first.

    Likely is a type whose objects see many different activities, each about once, alone of their type, within a
    part of the log's span.
    """
    seen: dict[str, list[Happening]] = defaultdict(list)
    alone: Counter[str] = Counter()
    touching: Counter[str] = Counter()
    for event in log.events:
        kinds = Counter(log.types[thing] for thing in event.objects if thing in log.types)
        touching.update(kinds.keys())
        alone.update(kind for kind, number in kinds.items() if number == 1)
        for thing in event.objects:
            if thing in log.types:
                seen[thing].append(event)
    whole = _span(log.events)
    found = []
    by_kind: dict[str, list[list[Happening]]] = defaultdict(list)
    for thing, events in seen.items():
        by_kind[log.types[thing]].append(events)
    for kind, groups in by_kind.items():
        per = mean(map(len, groups))
        variety = mean(len({event.activity for event in events}) for events in groups)
        share = median(map(_span, islice(groups, 2000))) / whole if whole else 0.0
        score = variety * (variety / per) ** 0.5 * alone[kind] / touching[kind] * max(0.05, 1 - share)
        found.append(Notion(kind, len(groups), per, score * (0.1 if len(groups) == 1 else 1)))
    return sorted(found, key=lambda notion: (-notion.score, notion.kind))


def _span(events: list[Happening]) -> float:
    """Seconds from the first to the last event whose time is written as ISO 8601; 0 without."""
    moments = []
    for event in events:
        try:
            moments.append(datetime.fromisoformat(event.time).replace(tzinfo=None))
        except ValueError:
            continue
    return (max(moments) - min(moments)).total_seconds() if moments else 0.0


def _chosen(notions: list[Notion], wish: str | None, source: InputFile) -> str:
    if wish is None:
        return notions[0].kind
    folded = wish.strip().casefold()
    exact = [notion.kind for notion in notions if notion.kind == wish]
    alike = exact or [notion.kind for notion in notions if notion.kind.strip().casefold() == folded]
    if len(alike) == 1:
        return alike[0]
    raise InputError(
        said("error.no_object_type", name=one_line(wish)),
        where=source.name,
        cure=said("error.it_has", names=_listed(notions)),
    )


def _listed(notions: list[Notion]) -> str:
    shown = also(said("reading.notion", kind=n.kind, objects=n.objects, events=n.events) for n in notions[:12])
    return said("reading.and_more", shown=shown, n=len(notions) - 12) if len(notions) > 12 else shown


def _flat(log: ObjectLog, kind: str, source: InputFile, connection: duckdb.DuckDBPyConnection) -> TextTable:
    """One row per event and object of the kind it touches, in the order of the file."""
    filler = Filler(connection, source.name, [kind, "activity", "timestamp"])
    places: dict[str, int] = {}

    def values(attributes: dict[str, str], before: str = "") -> dict[int, str]:
        for key in attributes:
            if before + key not in places:
                places[before + key] = filler.grow(before + key)
        return {places[before + key]: value for key, value in attributes.items()}

    for number, event in enumerate(log.events, 1):
        for thing in event.objects:
            if log.types.get(thing) != kind:
                continue
            cells = values(log.attributes.get(thing, {}), "case:") | values(event.attributes)
            rest = [cells.get(place) for place in range(3, len(filler.names))]
            filler.add(number, [thing, event.activity, event.time, *rest])
    table = filler.table([])
    name = table.names[0]
    table.known = Known(said("reading.ocel"), {"case": name, "stage": "activity", "time": "timestamp"})
    return table


def _said(notions: list[Notion], kind: str, wish: str | None, source: InputFile) -> list[Finding]:
    chosen = next(notion for notion in notions if notion.kind == kind)
    others = [notion for notion in notions if notion.kind != kind]
    guessed = wish is None and bool(others)
    text = said("reading.object_type", kind=_listed([chosen]))
    more = [said("reading.guessed")] if guessed else []
    more += [said("reading.other_types", kinds=_listed(others))] if others else []
    cure = said("reading.say_type") if guessed else ""
    return [Finding("ask" if guessed else "info", source.name, also([text, *more], " "), cure)]


def _left_out(log: ObjectLog, kind: str, source: InputFile) -> list[Finding]:
    """How many events touch no case, and how many touch several."""
    counts = [sum(log.types.get(thing) == kind for thing in event.objects) for event in log.events]
    findings = []
    if several := [count for count in counts if count > 1]:
        text = said("reading.events_of_several", n=len(several), several=sum(several))
        findings.append(Finding("info", source.name, text))
    if without := counts.count(0):
        rare = Counter(event.activity for event, count in zip(log.events, counts, strict=True) if count == 0)
        listing = also(said("reading.so_many", what=activity, n=number) for activity, number in rare.most_common(5))
        text = said("reading.events_without", without=without, n=len(counts), kind=kind, listing=listing)
        findings.append(Finding("warning", source.name, text, said("reading.choose_another_case")))
    return findings


def _ties(log: ObjectLog, kind: str, source: InputFile) -> list[Finding]:
    """Which cases split into several objects of another type, and where several cases merge into one.

    An event with several of both says nothing about which belongs to which.
    """
    partners: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    groups = [event.objects for event in log.events] + log.relations
    for group in groups:
        cases = [thing for thing in group if log.types.get(thing) == kind]
        others = Counter(log.types[thing] for thing in group if log.types.get(thing, kind) != kind)
        for thing in group if cases else ():
            if (other := log.types.get(thing, kind)) in others and (len(cases) == 1 or others[other] == 1):
                for case in cases:
                    partners[other][case].add(thing)
    parts = []
    total = len(set().union(*partners.values()))
    for other_kind, by_case in sorted(partners.items()):
        owners = Counter(other for others in by_case.values() for other in others)
        if mean(owners.values()) > min(_MANY, max(_FEW, _SHARE * total)):
            continue
        split = sum(len(others) > 1 for others in by_case.values())
        merged = {other for other, number in owners.items() if number > 1}
        joined = sum(not others.isdisjoint(merged) for others in by_case.values())
        if split:
            parts.append(said("reading.split_into", n=split, kind=other_kind))
        if joined:
            parts.append(said("reading.merge_in", n=joined, merged=len(merged), kind=other_kind))
    return [Finding("info", source.name, said("reading.of_the", kind=kind, parts=also(parts, "; ")))] if parts else []
