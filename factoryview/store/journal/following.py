"""The stays of a store that is being recorded: what comes is put where it belongs, case by case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from factoryview.store.cumulative import BESIDE
from factoryview.store.database import Store, add_counted
from factoryview.store.derivation import OTHER, Derivation
from factoryview.store.engine.duckdb import DuckDB
from factoryview.store.journal.journal import Columns, Journal
from factoryview.store.journal.recorded import JournalMark, add_up, create_events, pages, put_counts, put_events
from factoryview.store.queries import sql

_DROP_CHANGED = """
delete from stays where "case" in (select "case" from changed);
delete from outcomes where "case" in (select "case" from changed)"""
_DROP_ALL = "delete from stays; delete from outcomes"
_PUT_FRESH = """
insert into stays by name from fresh_stays;
insert into outcomes by name from fresh_outcomes;
drop table fresh_stays;
drop table fresh_outcomes;
drop table news"""


@dataclass(frozen=True)
class Advance:
    """What came since the last one."""

    events: int
    """Events taken."""
    counts: int
    """Counts taken."""
    cases: int
    """Cases whose stays were made anew."""
    unknown: frozenset[str]
    """Stages and outcomes that have come since the store was built and have no place yet: it must be built anew."""


class Following:
    """Keeps the stays and outcomes of a store as if it had been built at once of all that the journal holds.

    Readers on other cursors see the stays before or after an advance, never between. One thread advances.
    """

    def __init__(
        self, journal: Journal, store: Store, mark: JournalMark, *, known: Iterable[str] = (), order: Sequence[str] = ()
    ) -> None:
        """Go on from `read_recorded`, of whose log the store was built; the table `events` is dropped.

        journal: a reader of its own. known: stages and outcomes that have a place. order: as for `read_recorded`.
        """
        self.mark = mark
        self.feeds_of: Mapping[str, frozenset[str]] = {}
        """Stage → the feeds that name it. What is folded into several machines is of the stage `OTHER`."""
        self._known, self._unknown = frozenset(known), frozenset[str]()
        self._journal, self._store, self._order = journal, store, tuple(order)
        assert isinstance(store.engine, DuckDB), "a recorded store is kept in the embedded engine"
        self._con = store.engine.connection.cursor()
        self._named = self._names("select stage from events")
        """Stages that events name; what is counted there is not shown."""
        self._con.execute("drop table events")
        self._rule: Derivation | None = None
        if store.meaning in ("entry", "completion", "interval"):
            self._rule = Derivation(store.meaning, store.ends, store.milestones, once=True)
            self._rule.prepare(self._con)
        self._look_for_feeds(JournalMark(0, 0, 0))

    def advance(self, limit: int = 5_000) -> Advance | None:
        """Take at most `limit` of the events that came since, and all counts; None if nothing came.

        Where rows have gone (`Journal.generation`), all is taken anew. The first events beside counts alone are not
        taken: their stages are unknown, and the store must be built anew.
        Raises StoreTrouble if the journal cannot be read, InputError for impossible counts; nothing has changed then.
        """
        with self._journal.reading(), self._transaction():
            generation = self._journal.generation
            anew = generation != self.mark.generation
            row, taken, cases = self._fetch_all() if anew else self._fetch(limit)
            counts = list(pages(self._journal.counts_after, 0 if anew else self.mark.count))
            if not (anew or taken or counts):
                return None
            named = self._names("select stage from news") if taken else frozenset()
            if taken and self._rule is None:
                return Advance(0, 0, 0, named)
            self._look_for_feeds(JournalMark(0, 0, 0) if anew else self.mark)
            named |= frozenset() if anew else self._named
            shown = self._put_stays(anew) if self._rule is not None and (anew or taken) else frozenset()
            if anew or counts or (named > self._named and self._store.counted_after is not None):
                shown |= self._put_counts(counts, anew, named)
        self._store.changed()
        self._named = named
        self.mark = JournalMark(row, counts[-1]["row"][-1] if counts else 0 if anew else self.mark.count, generation)
        self._unknown |= shown - self._known
        return Advance(taken, sum(len(page["row"]) for page in counts), cases, self._unknown)

    def _fetch(self, limit: int) -> tuple[int, int, int]:
        """Make `news`, all events of the cases to which something came, and `changed`, these cases.

        Returns the last row, how many events came, and of how many cases.
        """
        came = self._journal.events_after(self.mark.row, limit)
        if not came["row"]:
            return self.mark.row, 0, 0
        cases = list(dict.fromkeys(came["case"]))
        self._con.register("cases", {"case": np.array(cases, dtype=object)})
        self._con.execute('create or replace temp table changed as select "case" from cases')
        self._con.unregister("cases")
        create_events(self._con, "news", temporary=True)
        put_events(self._con, "news", self._journal.events_of(cases))
        return came["row"][-1], len(came["row"]), len(cases)

    def _fetch_all(self) -> tuple[int, int, int]:
        """As `_fetch`, of all events there are."""
        row, taken = 0, 0
        create_events(self._con, "news", temporary=True)
        for page in pages(self._journal.events_after):
            put_events(self._con, "news", page)
            row, taken = page["row"][-1], taken + len(page["row"])
        [(cases,)] = self._con.execute('select count(distinct "case") from news').fetchall()
        return row, taken, cases

    def _put_stays(self, anew: bool) -> frozenset[str]:
        """Put the stays of `news` in the place of those there were; returns their stages and outcomes."""
        assert self._rule is not None
        self._rule.run(self._con, "news", "fresh_")
        self._con.execute(_DROP_ALL if anew else _DROP_CHANGED)
        shown = self._names("select stage from fresh_stays union select outcome from fresh_outcomes")
        self._con.execute(_PUT_FRESH)
        return shown

    def _put_counts(self, counts: Sequence[Columns], anew: bool, named: frozenset[str]) -> frozenset[str]:
        """Put the stays of all counts in the place of those there were; returns their stages and outcomes."""
        if anew:
            self._con.execute("delete from counts")
        for page in counts:
            put_counts(self._con, page)
        add_up(self._con, self._order)
        after = 0 if self._rule is None else BESIDE
        add_counted(self._con, named.union(self._store.counted_ends), after)
        [(some,)] = self._con.execute("select count(*) from kpi").fetchall()
        self._store.counted_after = after if some else None
        return self._names(f"select stage from stays where id > {after} union select outcome from outcomes")

    def _look_for_feeds(self, since: JournalMark) -> None:
        with self._journal.reading() as con:
            found = con.execute(sql("journal/feeds"), (since.row, since.count)).fetchall()
        feeds = {stage: set(names) for stage, names in self.feeds_of.items()}
        for stage, feed, counted in found:
            folded = not counted and self._rule is not None and self._rule.folds(stage)
            feeds.setdefault(OTHER if folded else stage, set()).add(feed)
        self.feeds_of = {stage: frozenset(names) for stage, names in feeds.items()}

    def _names(self, query: str) -> frozenset[str]:
        return frozenset(str(name) for (name,) in self._con.execute(f"select distinct * from ({query})").fetchall())

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._con.execute("begin")
        try:
            yield
        except BaseException:
            self._con.execute("rollback")
            raise
        self._con.execute("commit")
