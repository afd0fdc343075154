"""Rows of a file that was replaced by a new edition: which of them a journal has already."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Sequence, Set

from factoryview.sources.feeds.records import Event
from factoryview.store.journal.rows import AT_ONCE, places

_Core = tuple[str, str, int | None, int | None]
"""Case, stage, time and start: what tells a row from others, where it has no id and its place has changed."""
_KNOWN = """select row, identity, "case", stage, time, start, resource, value, channel, reason, weight,
    attributes from events
where feed = ? and "case" in ({cases})"""


def against_before(
    con: sqlite3.Connection, feed: int, events: Sequence[Event], again: Set[bytes]
) -> tuple[list[Event], list[int]]:
    """The events that are new, or say something new, and the rows whose place the latter take.

    again: the identities of those that a new edition says. One that says the same as a row of this feed is that row;
    one with the core of a row corrects it; each row is only once taken for one of them. Others are left alone, and so
    are rows that the edition does not have any more: an export may go back only so far.
    """
    asked = [event for event in events if event.identity in again and event.time is not None]
    cases = list(dict.fromkeys(event.case for event in asked))
    there: defaultdict[_Core, list[tuple[int, bytes, tuple[object, ...]]]] = defaultdict(list)
    for begin in range(0, len(cases), AT_ONCE):
        some = cases[begin : begin + AT_ONCE]
        for row, identity, case, stage, time, start, *rest in con.execute(
            _KNOWN.format(cases=places(some)), (feed, *some)
        ):
            there[case, stage, time, start].append((row, identity, tuple(rest)))
    known: set[bytes] = set()
    for event in asked:
        rows = there[_core(event)]
        same = next((one for one in rows if one[1] == event.identity or one[2] == event[5:]), None)
        if same is not None:
            rows.remove(same)
            known.add(event.identity)
    corrected = [rows.pop(0)[0] for event in asked if event.identity not in known and (rows := there[_core(event)])]
    return [event for event in events if event.identity not in known], corrected


def _core(event: Event) -> _Core:
    return event.case, event.stage, event.time, event.start
