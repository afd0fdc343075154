"""The rows of a journal: how events, counts and messages rejected are put into its tables."""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Iterable, Sequence, Set
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from itertools import pairwise
from typing import Any

from factoryview.language.said import packed, said
from factoryview.sources.feeds.records import Count, Event, Interpreted, Rejected
from factoryview.sources.limits import MOST_ATTRIBUTES, MOST_STAGES
from factoryview.sources.names import spelling
from factoryview.sources.times import EARLIEST, LATEST
from factoryview.store.journal.file import Damaged
from factoryview.time import DAY

EVENT_COLUMNS = ("row", "case", "stage", "time", "start", "resource", "value", "channel", "reason", "weight")
COUNT_COLUMNS = ("row", "feed", "stage", "bucket", "bucket_end", "arrivals", "departures", "losses", "wip")
MOST_REJECTED = 100_000
"""So many of the messages that could not be used are kept, the newest; all of them are counted."""
_KINDS = {
    **dict.fromkeys(("row", "feed", "time", "start", "bucket", "bucket_end"), int),
    **dict.fromkeys(("case", "stage", "resource", "channel", "reason"), str),
    **dict.fromkeys(("value", "weight", "arrivals", "departures", "losses", "wip"), float),
}
_MAY_MISS = frozenset(("time", "start", "resource", "value", "channel", "reason", "wip"))
_MOMENTS = frozenset(("time", "start", "bucket", "bucket_end"))
_WORDS = {int: "trouble.column_no_whole", str: "trouble.column_no_text", float: "trouble.column_no_number"}
_FIRST, _LAST = (int(datetime.fromisoformat(f"{day}T00:00Z").timestamp()) * 1_000_000 for day in (EARLIEST, LATEST))
AT_ONCE = 500
"""Values listed in one query at most."""

Columns = dict[str, tuple[Any, ...]]
"""Name → values, all of one length; moments in µs since 1970 UTC, None where unknown."""

SELECT_EVENTS = 'select row, "case", stage, time, start, resource, value, channel, reason, weight from events'
SELECT_COUNTS = f"select {', '.join(COUNT_COLUMNS)} from counts"
_INTO = (
    'insert into events (feed, arrived, identity, "case", stage, time, start, resource, value, channel, reason, '
    "weight, attributes)"
)
_PUT = f"{_INTO} values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (identity) do nothing"
_PUT_BEGUN = f"""{_INTO} select ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13
where not exists (select 1 from events where "case" = ?4 and stage = ?5 and start = ?7)
on conflict (identity) do nothing"""
SELECT_ATTRIBUTE = """
select row, "case", attributes ->> ?1 as text from events where attributes is not null and text is not null"""
"""What every event says of one attribute, whose JSON path is ?1."""
_DROP_SAME = 'delete from events where identity = ? and "case" = ? and time is null'
_DROP_BEGUN = """delete from events where "case" = ?2 and stage = ?3 and start = ?4 and time is null
and not exists (select 1 from events where identity = ?1)"""
_DROP_COUNT = """delete from counts where feed = ? and stage = ? and bucket = ?
and (bucket_end, arrivals, departures, losses, wip) is not (?, ?, ?, ?, ?)"""
_PUT_COUNT = """
insert into counts (feed, stage, bucket, bucket_end, arrivals, departures, losses, wip, arrived)
values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (feed, stage, bucket) do nothing"""
_WIDEST = 2**63


def columns(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> Columns:
    """Rows as columns. Raises Damaged for values that no recorder writes, so that none gets any further."""
    found: Columns = dict(zip(names, zip(*rows, strict=True) if rows else ((),) * len(names), strict=True))
    for name, values in found.items():
        may_miss, kind = name in _MAY_MISS, _KINDS[name]
        there = [value for value in values if value is not None] if may_miss else list(values)
        if not set(map(type, there)) <= {kind}:
            raise Damaged(said(_WORDS[kind], name=name))
        if name in _MOMENTS and there and not (min(there) >= _FIRST - DAY and max(there) <= _LAST + DAY):
            raise Damaged(said("trouble.column_year", name=name, first=EARLIEST[:4], last=LATEST[:4]))
        if kind is float and not all(map(math.isfinite, there)):
            raise Damaged(said("trouble.column_number", name=name))
    return found


def in_order(found: Columns, row: int) -> Columns:
    """The columns, whose row numbers must grow from above `row`. Raises Damaged: else they would never end."""
    if not all(before < after for before, after in pairwise((row, *found["row"]))):
        raise Damaged(said("trouble.rows_disorder"))
    return found


def places(values: Sequence[object]) -> str:
    """`?, ?, ?`: one for each value."""
    return ", ".join("?" * len(values))


def feed_id(con: sqlite3.Connection, name: str) -> int:
    """The number of a feed; it gets one when it is first heard of."""
    con.execute("insert into feeds (name) values (?) on conflict (name) do nothing", (name,))
    return int(con.execute("select id from feeds where name = ?", (name,)).fetchone()[0])


def put_events(con: sqlite3.Connection, feed: int, arrived: int, events: Sequence[Event]) -> tuple[int, int]:
    """How many are new, and how many of these took the place of work that had begun. See `Journal.commit`."""
    begun = [event for event in events if event.time is None]
    first = {event.identity: event for event in reversed(events) if event.time is not None}
    done = [event for event in events if first.get(event.identity) is event]
    before = con.total_changes
    con.executemany(_DROP_SAME, ((e.identity, e.case) for e in done))
    con.executemany(_DROP_BEGUN, ((e.identity, e.case, e.stage, e.start) for e in done if e.start is not None))
    replaced = con.total_changes - before
    con.executemany(_PUT, ((feed, arrived, *event) for event in done))
    con.executemany(_PUT_BEGUN, ((feed, arrived, *event) for event in begun))
    taken = con.total_changes - before - replaced
    _put_attribute_names(con, events)
    return taken, replaced


def _put_attribute_names(con: sqlite3.Connection, events: Iterable[Event]) -> None:
    """Write down which attributes there are, as many as there may be."""
    said = {event.attributes for event in events if event.attributes is not None}
    names = {name for text in said for name in json.loads(text)}
    if not names:
        return
    known = {name for (name,) in con.execute("select name from attributes")}
    fresh = sorted(names - known)[: max(0, MOST_ATTRIBUTES - len(known))]
    con.executemany("insert into attributes values (?)", ((name,) for name in fresh))


def put_counts(con: sqlite3.Connection, feed: int, arrived: int, counts: Iterable[Count]) -> tuple[int, int]:
    """How many say something new, and how many of these correct an earlier one."""
    last = {(count.stage, count.bucket): count for count in counts}.values()
    before = con.total_changes
    con.executemany(_DROP_COUNT, ((feed, *count[:2], *count[2:]) for count in last))
    corrected = con.total_changes - before
    con.executemany(_PUT_COUNT, ((feed, *count, arrived) for count in last))
    return con.total_changes - before - corrected, corrected


def put_rejected(con: sqlite3.Connection, feed: int, arrived: int, rejected: Sequence[Rejected]) -> None:
    """Keep what could not be used, and of all that only the newest."""
    if not rejected:
        return
    put = "insert into rejected (feed, arrived, reason, raw) values (?, ?, ?, ?)"
    con.executemany(put, ((feed, arrived, legible(packed(one.reason)), legible(one.raw)) for one in rejected))
    con.execute("delete from rejected where row <= (select max(row) from rejected) - ?", (MOST_REJECTED,))


def storable(reading: Interpreted) -> Interpreted:
    """The reading with what no database can hold rejected: half characters, endless numbers."""
    fit = [event for event in reading.events if _fits(event)]
    counts = [count for count in reading.counts if _fits(count)]
    unfit = [thing for thing in (*reading.events, *reading.counts) if not _fits(thing)]
    return Interpreted(
        fit,
        counts,
        [*reading.rejected, *(Rejected(said("trouble.cannot_store"), repr(thing)) for thing in unfit)],
        reading.again,
    )


def stages_of(events: Iterable[Event], counts: Iterable[Count]) -> list[str]:
    """The stages that are named, each once, in the order in which they came."""
    return list(dict.fromkeys([*(event.stage for event in events), *(count.stage for count in counts)]))


def without_surplus(reading: Interpreted, known: Set[str]) -> Interpreted:
    """The reading with stages beyond `MOST_STAGES` rejected; the first ones find room beside those known."""
    fresh = [name for name in stages_of(reading.events, reading.counts) if name not in known]
    surplus = frozenset(fresh[max(0, MOST_STAGES - len(known)) :])
    if not surplus:
        return reading
    events = [event for event in reading.events if event.stage not in surplus]
    counts = [count for count in reading.counts if count.stage not in surplus]
    unfit = [repr(event) for event in reading.events if event.stage in surplus]
    unfit += [repr(count) for count in reading.counts if count.stage in surplus]
    why = said("trouble.stages_full", most=MOST_STAGES)
    return Interpreted(events, counts, [*reading.rejected, *(Rejected(why, raw) for raw in unfit)], reading.again)


def with_known_spelling(reading: Interpreted, known: Set[str]) -> Interpreted:
    """The reading with stages that differ from known ones in upper and lower case only called as those are."""
    fresh = [name for name in stages_of(reading.events, reading.counts) if name not in known]
    if not fresh:
        return reading
    first = {spelling(name): name for name in sorted(known)}
    better = {name: first.setdefault(spelling(name), name) for name in fresh}
    if all(name == new for name, new in better.items()):
        return reading
    events = [event._replace(stage=better.get(event.stage, event.stage)) for event in reading.events]
    counts = [count._replace(stage=better.get(count.stage, count.stage)) for count in reading.counts]
    return replace(reading, events=events, counts=counts)


def mark(key: bytes, case: str) -> int:
    """What is kept of a forgotten case: 64 bits that tell nothing to whoever does not know its name."""
    return int.from_bytes(blake2b(case.encode(), digest_size=8, key=key).digest(), "big", signed=True)


def too_late(con: sqlite3.Connection, events: Iterable[Event], horizon: int) -> set[bytes]:
    """The identities of events from before `horizon` (µs) whose case was forgotten."""
    old = [event for event in events if (event.time if event.time is not None else event.start or 0) < horizon]
    if not old:
        return set()
    key = bytes.fromhex(con.execute("select value from about where key = 'key'").fetchone()[0])
    known = "select 1 from forgotten where mark = ?"
    return {event.identity for event in old if con.execute(known, (mark(key, event.case),)).fetchone()}


def legible(text: str) -> str:
    """Text for people, with half characters (a file name in another encoding) spelled out: `\\udce4`."""
    return text.encode("utf-8", "backslashreplace").decode()


def _fits(row: Sequence[object]) -> bool:
    return all(
        not (isinstance(value, str) and any("\ud800" <= character <= "\udfff" for character in value))
        and not (isinstance(value, float) and not math.isfinite(value))
        and not (isinstance(value, int) and not -_WIDEST <= value < _WIDEST)
        for value in row
    )
