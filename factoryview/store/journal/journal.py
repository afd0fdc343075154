"""The journal: every event that came, on disk before it is drawn, in one file that many may read while one writes.

It is long, for whatever writes a store must be seen together.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from types import NoneType
from typing import Any, NamedTuple, Self, get_args

from factoryview.errors import InputError
from factoryview.language.said import packed, said, unpacked
from factoryview.plant.words import Times
from factoryview.sources.feeds.follower import FeedState
from factoryview.sources.feeds.records import Interpreted, Rejected
from factoryview.store.journal.access import Access
from factoryview.store.journal.clock import Clock
from factoryview.store.journal.clock import unpacked as clock_of
from factoryview.store.journal.editions import against_before
from factoryview.store.journal.file import HOME, Damaged, StoreTrouble, exact, has_attributes, is_journal, text_of
from factoryview.store.journal.lock import StoreInUse
from factoryview.store.journal.rows import (
    AT_ONCE,
    COUNT_COLUMNS,
    EVENT_COLUMNS,
    SELECT_ATTRIBUTE,
    SELECT_COUNTS,
    SELECT_EVENTS,
    Columns,
    columns,
    feed_id,
    in_order,
    legible,
    places,
    put_counts,
    put_events,
    put_rejected,
    stages_of,
    storable,
    too_late,
    with_known_spelling,
    without_surplus,
)

__all__ = [
    "COUNT_COLUMNS",
    "EVENT_COLUMNS",
    "Columns",
    "Committed",
    "Journal",
    "StoreInUse",
    "StoreTrouble",
    "is_journal",
]

_STATE: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("name", "status"), (str,)),
    "since": (int,),
    **dict.fromkeys(("heard", "newest"), (int, NoneType)),
    "trouble": (str,),
    **dict.fromkeys(("accepted", "duplicates", "rejected"), (int,)),
}
_PUT_STATE = """
update feeds set status = ?, since = ?, heard = coalesce(?, heard), newest = coalesce(?, newest), trouble = ?
where id = ?"""
_PUT_POSITION = """
update feeds set position = ?, heard = ?, newest = iif(?, ?, newest), accepted = accepted + ?,
    duplicates = duplicates + ?, rejected = rejected + ?
where id = ?"""


_STAGES = "select stage from events union select stage from counts"


class Committed(NamedTuple):
    """What became of a reading that is on disk."""

    accepted: int
    duplicates: int
    replaced: int
    """Work that had begun and now is done, and counts that were corrected; they are among the accepted."""
    rejected: int


class Journal:
    """A recorded store. Every method may be called from any thread.

    Row numbers of events and counts only grow: whoever has read up to one asks for what came after it. A piece of
    work that ends, and a count that is corrected, get a new row number. `generation` changes when rows went away
    without new ones in their place; then all has to be read again.
    """

    def __init__(self, access: Access) -> None:
        """Use `create_or_open` or `read`."""
        self.path = access.path
        self._access = access
        self._stages: set[str] = set()
        """All there are, once something was committed."""

    @classmethod
    def create_or_open(cls, path: Path, plant_toml: str, times: Times) -> Journal:
        """The store to record into; it is made if it is not there.

        Raises InputError if it is no store or holds events of another meaning; StoreInUse if another program records;
        StoreTrouble if it cannot be opened or written.
        """
        access = Access.to_write(path)
        try:
            journal = cls(access)
            journal._begin(plant_toml, times)
        except BaseException:
            access.close()
            raise
        return journal

    @classmethod
    def read(cls, path: Path) -> Journal:
        """A store to look into, while it is recorded or not. Raises InputError if it cannot be read or is no store."""
        return cls(Access.to_read(path))

    @property
    def times(self) -> Times:
        """What the time of an event means."""
        with self.reading():
            found = self._about("times")
            for times in get_args(Times):
                if times == found:
                    return times  # type: ignore[no-any-return]  # one of the literals
            raise Damaged(said("trouble.no_times"))

    @property
    def plant(self) -> str:
        """The plant file as it was when it was last recorded."""
        return self._about("plant")

    @property
    def created(self) -> int:
        """When the store was begun, µs UTC."""
        return self._number("created")

    @property
    def generation(self) -> int:
        """Changes when rows went away."""
        return self._number("generation")

    @property
    def last_row(self) -> int:
        """The newest row of events; 0: none."""
        return self._one("select coalesce(max(row), 0) from events")

    @property
    def last_count(self) -> int:
        """The newest row of counts; 0: none."""
        return self._one("select coalesce(max(row), 0) from counts")

    @property
    def clock(self) -> Clock:
        """What is known of the clock of whoever recorded: when news came last by it, whether it leapt since."""
        with self.reading() as con:
            return self._clock(con)

    def see_clock(self, now: int) -> Clock:
        """The same after one more look at it. now: what it says, µs UTC. Raises StoreTrouble."""
        before = self.clock
        if before.seen(now, news=False) == before:
            return before
        with self.writing() as con:
            return self._note_clock(con, self._clock(con).seen(now, news=False))

    def events_after(self, row: int, limit: int = 100_000) -> Columns:
        """The events with row numbers above `row`, at most `limit`, in their order; `EVENT_COLUMNS`."""
        with self.reading() as con:
            found = con.execute(f"{SELECT_EVENTS} where row > ? order by row limit ?", (row, limit)).fetchall()
            return in_order(columns(EVENT_COLUMNS, found), row)

    def events_of(self, cases: Iterable[str]) -> Columns:
        """All events of these cases, in no particular order; `EVENT_COLUMNS`."""
        wanted = list(dict.fromkeys(cases))
        found: list[tuple[Any, ...]] = []
        with self.reading() as con:
            for k in range(0, len(wanted), AT_ONCE):
                some = wanted[k : k + AT_ONCE]
                found += con.execute(f'{SELECT_EVENTS} where "case" in ({places(some)})', some)
            return columns(EVENT_COLUMNS, found)

    def attributes(self) -> tuple[str, ...]:
        """The names of what events say beside their roles."""
        with self.reading() as con:
            if not has_attributes(con):
                return ()
            return tuple(name for (name,) in con.execute("select name from attributes order by name"))

    def said_of(self, attribute: str, after: int = 0) -> list[tuple[int, str, str]]:
        """Row, case and text of every event that says something of an attribute, of the cases with a row above `after`.

        Such cases come with all their events.
        """
        changed = ' and "case" in (select "case" from events where row > ?2)' if after else ""
        with self.reading() as con:
            if not has_attributes(con):
                return []
            return con.execute(SELECT_ATTRIBUTE + changed, (f'$."{attribute}"', after)[: 1 + bool(after)]).fetchall()

    def cases_after(self, row: int) -> list[str]:
        """The cases of which something came with a row above `row`."""
        with self.reading() as con:
            return [case for (case,) in con.execute('select distinct "case" from events where row > ?', (row,))]

    def counts_after(self, row: int, limit: int = 100_000) -> Columns:
        """The counts with row numbers above `row`; one with the feed, stage and bucket of another is in its place."""
        with self.reading() as con:
            found = con.execute(f"{SELECT_COUNTS} where row > ? order by row limit ?", (row, limit)).fetchall()
            return in_order(columns(COUNT_COLUMNS, found), row)

    def set_aside(self, limit: int = 1_000) -> list[tuple[int, str, str, str]]:
        """The newest messages that could not be used: when they came (µs UTC), feed, reason, what they looked like."""
        query = (
            "select arrived, name, reason, raw from rejected join feeds on feeds.id = feed order by row desc limit ?"
        )
        with self.reading() as con:
            found = con.execute(query, (limit,)).fetchall()
        return [(arrived, str(name), unpacked(str(reason)), str(raw)) for arrived, name, reason, raw in found]

    def states(self) -> list[FeedState]:
        """Every feed there ever was, as last written down; what it counts is counted since the store was begun."""
        with self.reading() as con:
            rows = con.execute(f"select {', '.join(_STATE)} from feeds order by id").fetchall()
            for row in rows:
                if not all(isinstance(value, kinds) for value, kinds in zip(row, _STATE.values(), strict=True)):
                    raise Damaged(said("trouble.source_impossible"))
        found = [FeedState(**dict(zip(_STATE, row, strict=True))) for row in rows]
        return [replace(state, trouble=unpacked(state.trouble)) for state in found]

    def position(self, feed: str) -> str | None:
        """Where a feed stands: after the last message that is on disk. None: at the beginning."""
        with self.reading() as con:
            found = con.execute("select position from feeds where name = ?", (feed,)).fetchone()
        return text_of(found[0]) if found and found[0] is not None else None

    def commit(
        self, feed: str, reading: Interpreted, position: str, arrived: int, keep: int | None = None
    ) -> Committed:
        """Write what a feed gave and where it stands then, all or nothing; on disk when it returns.

        An event whose identity is known is a duplicate. Work that begins (a start without an end) is a duplicate if
        work of that case, stage and start is known; work that ends takes the place of its beginning. A count takes
        the place of an earlier one of its feed, stage and bucket. What comes of a case that was forgotten, from
        more than `keep` (µs) before it arrived, is set aside; such counts are old news, like duplicates. By a clock
        that leapt nothing is.
        Of a new edition of a file what was said before is known, and what says something else takes its place.
        Raises StoreTrouble; nothing has been written then.
        """
        try:
            return self._commit(feed, reading, position, arrived, keep)
        except (UnicodeEncodeError, OverflowError, sqlite3.IntegrityError):
            return self._commit(feed, storable(reading), position, arrived, keep)

    def write_states(self, states: Iterable[FeedState]) -> None:
        """Write down how the feeds are, for those who look at the store. Raises StoreTrouble.

        The disk is not waited for: a state lost in a power cut is of no use anyway. What is counted is left alone.
        """
        with self._access.writing(waiting=False) as con:
            for state in states:
                told = (state.status, state.since, state.heard, state.newest, legible(packed(state.trouble)))
                con.execute(_PUT_STATE, (*told, feed_id(con, state.name)))

    def reading(self) -> AbstractContextManager[sqlite3.Connection]:
        """Whatever is asked inside, by any method, is of one moment. Raises StoreTrouble."""
        return self._access.reading()

    def writing(self) -> AbstractContextManager[sqlite3.Connection]:
        """What is done inside is done wholly or not at all. Raises StoreTrouble."""
        return self._access.writing()

    def alone(self) -> AbstractContextManager[sqlite3.Connection]:
        """The connection outside of any change, for what SQLite does to the file itself. Raises StoreTrouble."""
        return self._access.alone()

    def close(self) -> None:
        """Let go of the file; what is on disk stays."""
        self._access.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _begin(self, plant_toml: str, times: Times) -> None:
        with self.writing() as con:
            before = dict(con.execute("select key, value from about").fetchall())
            other = before.get("times", times) != times
            if other and "interval" in (times, before["times"]):
                raise InputError(
                    said("error.other_times", recorded=before["times"], wanted=times),
                    where=str(self.path),
                    cure=said("error.same_times"),
                )
            fresh = {"generation": "0", "created": str(time.time_ns() // 1_000), "key": os.urandom(16).hex()}
            about = {**fresh, **before, "plant": plant_toml, "times": times, HOME: exact(str(self.path))}
            about["generation"] = str(_whole(about["generation"], "generation") + other)
            changed = [(key, value) for key, value in about.items() if before.get(key) != value]
            con.executemany("insert or replace into about values (?, ?)", changed)
        if any(key == HOME for key, _ in changed):
            with self.alone() as con:
                con.execute("pragma wal_checkpoint(truncate)").fetchall()  # so that it is in the file itself

    def _commit(self, feed: str, reading: Interpreted, position: str, arrived: int, keep: int | None) -> Committed:
        with self.writing() as con:
            place = feed_id(con, feed)
            clock = self._clock(con).seen(arrived, news=True)
            keep = None if clock.leapt else keep
            self._stages = self._stages or {stage for (stage,) in con.execute(_STAGES)}
            reading = without_surplus(with_known_spelling(reading, self._stages), self._stages)
            horizon = arrived - keep if keep else 0
            late = too_late(con, reading.events, horizon) if keep else set()
            events = [event for event in reading.events if event.identity not in late] if late else reading.events
            counts = [count for count in reading.counts if count.bucket_end >= horizon] if keep else reading.counts
            forgotten = [event for event in reading.events if event.identity in late] if late else []
            rejected = [*reading.rejected, *(Rejected(said("trouble.too_old"), repr(e)) for e in forgotten)]
            fresh, corrected = against_before(con, place, events, reading.again) if reading.again else (events, [])
            con.executemany("delete from events where row = ?", ((row,) for row in corrected))
            taken, replaced = put_events(con, place, arrived, fresh)
            counted, recounted = put_counts(con, place, arrived, counts)
            put_rejected(con, place, arrived, rejected)
            accepted = taken + counted
            duplicates = len(events) + len(reading.counts) - accepted
            told = (accepted > 0, arrived, accepted, duplicates, len(rejected), place)
            con.execute(_PUT_POSITION, (exact(position), arrived, *told))
            if accepted:
                self._note_clock(con, clock)
        self._stages.update(stages_of(events, counts))
        return Committed(accepted, duplicates, replaced + len(corrected) + recounted, len(rejected))

    def _clock(self, con: sqlite3.Connection) -> Clock:
        found = con.execute("select value from about where key = 'clock'").fetchone()
        if found is None:  # nothing came yet, or it was recorded before this was known
            return Clock(max(self.created, self._one("select coalesce(max(newest), 0) from feeds")))
        try:
            return clock_of(found[0])
        except (AttributeError, ValueError):
            raise Damaged(said("trouble.part_unreadable", name="clock")) from None

    def _note_clock(self, con: sqlite3.Connection, clock: Clock) -> Clock:
        con.execute("insert or replace into about values ('clock', ?)", (clock.packed(),))
        return clock

    def _about(self, key: str) -> str:
        with self.reading() as con:
            found = con.execute("select value from about where key = ?", (key,)).fetchone()
            if found is None or not isinstance(found[0], str):
                raise Damaged(said("trouble.says_no", key=key))
            return found[0]

    def _number(self, key: str) -> int:
        with self.reading():
            return _whole(self._about(key), key)

    def _one(self, query: str) -> int:
        with self.reading() as con:
            [(found,)] = con.execute(query).fetchall()
            return _whole(found, "numbers")


def _whole(found: object, name: str) -> int:
    try:
        return int(found)  # type: ignore[call-overload, no-any-return]  # anything else is a TypeError
    except (TypeError, ValueError):
        raise Damaged(said("trouble.part_unreadable", name=name)) from None
