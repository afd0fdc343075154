"""The stays of one plant: the only door to them, opened by the names of queries.

It is long, for whatever is asked of stays, of all or of some, is asked here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import duckdb
import numpy as np
from numpy.typing import NDArray

from factoryview.errors import InputError
from factoryview.language.said import said
from factoryview.sources.events import EventLog
from factoryview.store.answers import Answers, Ways, Went
from factoryview.store.attributes import Attribute, AttributeSource, FileAttributes, described
from factoryview.store.chosen import Chosen
from factoryview.store.cumulative import BESIDE, stays_from_counts
from factoryview.store.derivation import Derivation
from factoryview.store.engine import Columns, Engine
from factoryview.store.engine.duckdb import DuckDB
from factoryview.store.in_order import in_order
from factoryview.store.ordered import Ordered
from factoryview.store.queries import sql
from factoryview.store.selection import Selection, attributes_of
from factoryview.store.unrolled import unrolled

Meaning = Literal["entry", "completion", "interval", "kpi"]
"""What the times of a log mean; kpi: it has counts instead of events."""
LONG = 4_000_000
"""Stays of a log from which on what is asked of each case lies in files."""
T = TypeVar("T")


@dataclass
class _State:
    """What a store and all selections of it have in common, and what changes as more comes."""

    counted_after: int | None
    version: int = 0
    ways: tuple[int, Ways] | None = None
    """How all cases went, and in which version."""
    stays: tuple[int, int] | None = None
    """In which version how many there were."""


class Store:
    """Tables `stays` and `outcomes` of one plant.

    stays: id (order of arrival among equals), case, stage, entered, started, left, next, via, channel, weight,
        resource, value, reason, first (with it the case was first seen), last (the case's last known stay).
        Times are UTC; null where unknown or open; `entered` is null for a stay whose moment nobody wrote down.
        Presence is half open: entered ≤ t < left. `next` is null while a stay is open and where the next step is not
        known; `channel` is the case's.
    outcomes: case, outcome, at (null where nobody wrote it down), until (reopened then), via (the stage left),
        channel, weight, value, reason.

    Every method may be called from any thread.
    """

    def __init__(
        self,
        engine: Engine,
        meaning: Meaning,
        ends: tuple[str, ...] = (),
        milestones: frozenset[str] | None = None,
        *,
        counted_after: int | None = None,
        counted_ends: tuple[str, ...] = (),
        attributes: AttributeSource | None = None,
    ) -> None:
        self.engine = engine
        self.meaning = meaning
        self.ends = ends
        self.counted_ends = counted_ends
        """Of counts: the stages at which cases are done, so that nobody stays there."""
        self.milestones = milestones
        """What all other stages were folded into; None: nothing was folded."""
        self.last_only = False
        """Of each case its last stage alone is known: no share of those that left a stage can be said."""
        self.once = False
        """An entry into the stage that the case is in already is none."""
        self.files_as: str | None = None
        """What is the same only while the files are that its stays are made of, and how they were read; None: that is
        not known."""
        self.laid: Ordered | None = None
        """What its stays follow from, as long as nobody has written them down: to look at them takes long."""
        self.line: str | None = None
        """Of kept stays, what is the same as long as only more comes to them (`touched`); None: that is not known."""
        self.spans: tuple[int, ...] = ()
        """Of kept stays, which have a column `span` more and lie in its order: what stands there (`stays/by_span`)."""
        self._attributes = attributes or FileAttributes(engine, ())
        self._state = _State(counted_after)
        self._answers = Answers(engine)
        self._chosen: Chosen | None = None

    @property
    def counted_after(self) -> int | None:
        """Stays with ids above this are of counts, and their cases not told apart; None: there are none."""
        return self._state.counted_after

    @counted_after.setter
    def counted_after(self, after: int | None) -> None:
        self._state.counted_after = after

    @classmethod
    def build(
        cls,
        log: EventLog,
        *,
        ends: Iterable[str] = (),
        milestones: Iterable[str] | None = None,
        counted: bool = False,
        counted_ends: Iterable[str] = (),
        attributes: AttributeSource | None = None,
        laid: Ordered | None = None,
    ) -> Store:
        """Turn the events (or counts) of a log into stays.

        ends: stages at which cases are done. milestones: fold all other stages into these; None: do not fold.
        counted: the log has a table `kpi`, too: stages that no event names get stays from their counts, but for
        `counted_ends`, at which counted cases are done.
        attributes: where they come from; absent: the columns that the log has kept. laid: the events in the order of
        their cases, where somebody has laid them.
        """
        con = log.connection
        if not isinstance(con, duckdb.DuckDBPyConnection):
            return cls._in_warehouse(log, con, ends, milestones)
        if log.meaning == "kpi":
            stays_from_counts(con, without=ends)
            return cls(DuckDB(con), "kpi", counted_after=0, counted_ends=tuple(ends))
        rule = Derivation(
            log.meaning,
            tuple(ends),
            frozenset(milestones) if milestones is not None else None,
            log.once,
        )
        if laid is not None and (rule.milestones is not None or rule.once or counted):
            laid.close(con)
            laid = None
        if laid is not None:
            laid.derive(rule.ends)
        else:
            rule.prepare(con)
            rule.run(con)
        if counted:
            known = {name for (name,) in con.execute("select distinct stage from events").fetchall()}
            add_counted(con, known.union(counted_ends))
        engine = DuckDB(con)
        store = cls(
            engine, rule.meaning, rule.ends, rule.milestones, counted_after=BESIDE if counted else None,
            counted_ends=tuple(counted_ends), attributes=attributes or FileAttributes(engine, log.attributes),
        )  # fmt: skip
        store.last_only, store.once = log.last_only, log.once
        store.laid = laid
        return store

    @classmethod
    def _in_warehouse(cls, log: EventLog, session: Any, ends: Iterable[str], milestones: Iterable[str] | None) -> Store:
        """The stays of events on a server, made there."""
        assert log.meaning != "kpi"
        rule = Derivation(log.meaning, tuple(ends), frozenset(milestones) if milestones is not None else None)
        rule.prepare(session)
        rule.run(session)
        session.forget("events")
        return cls(session.engine(), rule.meaning, rule.ends, rule.milestones)

    def ask(self, name: str, /, **parameters: object) -> Columns:
        """The answer of the query `store/sql/NAME.sql`, like "stays/window", as columns.

        Times are numpy datetime64, null is masked. parameters: what `$name` in the query stands for.
        """
        return self.engine.columns(sql(name), parameters, self._only())

    def rows(self, name: str, /, **parameters: object) -> list[tuple[Any, ...]]:
        """The answer of a named query, as Python rows."""
        return self.engine.rows(sql(name), parameters, self._only())

    def each(self, name: str, /, *, by: Sequence[str] = (), **parameters: object) -> Columns:
        """As `ask`, of a query that answers for each case by itself and has a column "case", which is left away.

        by: columns that it is ordered by. Of some cases it is picked from what was answered for all, after `prepare`.
        Of very many what is ordered lies in files (see `Scroll`): then it must be of numbers, without a null.
        """
        members = self.members()
        if members is None:
            query = f'select * exclude ("case") from ({sql(name)}\n) as each'
            if by and self._long():
                query += " order by " + ", ".join(f'"{column}"' for column in by)
                return unrolled(self.engine, query, parameters, self._only())
            return in_order(self.engine.columns(query, parameters, self._only()), by)
        columns, places = self._answers.each(name, parameters, by)
        rows = np.flatnonzero(members[places])
        return {column: values[rows] for column, values in columns.items()}

    def each_with_case(
        self, name: str, /, *, by: Sequence[str] = (), **parameters: object
    ) -> tuple[Columns, NDArray[np.int32]]:
        """As `each` of all cases, and of every row the place of its case; after `prepare`, else that is empty."""
        if self._chosen is None and self.prepared:
            return self._answers.fetched(name, parameters, by)
        return self.each(name, by=by, **parameters), np.zeros(0, np.int32)

    def _long(self) -> bool:
        """Whether there are so many stays that what is ordered has no room in memory."""
        if self._state.stays is None or self._state.stays[0] != self.version:
            self._state.stays = self.version, int(self.engine.rows(sql("stays/number"), {})[0][0])
        return self._state.stays[1] >= LONG

    def of_all(self, name: str, make: Callable[[Store], T], /) -> T:
        """What is made of the store of all cases, once after `prepare`; `name` tells it from what else is."""
        assert self.prepared, "kept until stays come or go"
        whole = copy(self)
        whole._chosen = None
        return self._answers.made(name, lambda: make(whole))

    def rows_for_each(self, name: str, /) -> list[tuple[Any, ...]]:
        """As `rows`, but after `prepare` of all cases: what `each` is told of them is the same for any selection."""
        return self.rows(name) if self.members() is None else self._answers.rows(name)

    def flows_for_each(self) -> list[tuple[Any, ...]]:
        """The flows of `ways`, but after `prepare` of all cases."""
        return list(self.ways().flows) if self.members() is None else self._answers.rows("stays/flows")

    def prepare(self) -> None:
        """Be ready to answer fast for some cases, until stays come or go: costs memory of the size of the stays.
        Nothing happens where there are so many that they have no room there.
        """
        if not self._long():
            self._answers.begin(self._state.version)

    @property
    def prepared(self) -> bool:
        """Whether answers for some cases are picked from those for all."""
        return self._answers.know(self._state.version)

    def holds(self, ids: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Of stays of all cases, by their ids: which of them it has. Only where it is `prepared`."""
        members = self.members()
        assert members is not None, "asked for of some cases"
        columns, numbers = self._answers.each("stays/ids", {}, ("id",))
        known = np.asarray(columns["id"])
        places = np.minimum(np.searchsorted(known, ids), max(len(known) - 1, 0))
        return (known[places] == ids) & members[numbers[places]] if len(known) else np.zeros(len(ids), np.bool_)

    def ways(self) -> Ways:
        """How the cases went; after `prepare` without a query for some of them."""
        members = self.members()
        if members is None:
            version, known = self._state.version, self._state.ways
            if self._chosen is None and known is not None and known[0] == version:
                return known[1]
            [(weight,)] = self.rows("stays/crate_weight")
            [(undated,)] = self.rows("stays/undated")
            flows = [(via, stage, float(flow)) for via, stage, flow in self.rows("stays/flows")]
            ways = Ways(flows, float(weight or 1.0), int(undated))
            if self._chosen is None:
                self._state.ways = version, ways
            return ways
        return self.of_all("ways", lambda whole: whole._went()).only(members)

    def _went(self) -> Went:
        every = self._answers.rows("stays/flows")
        vias, stages = ([way[part] for way in every] for part in (0, 1))
        return Went.of(every, *self._answers.fetched("counts/ways", {"vias": vias, "stages": stages}, ()))

    def cases_by(self, name: str) -> dict[str, float]:
        """How many cases a query names in each way, the most first. It has the columns "case", name and weight."""
        members = self.members()
        if members is None:
            query = f"select name, sum(weight) from ({sql(name)}\n) as each group by name order by 2 desc, 1"
            return {said: float(cases) for said, cases in self.engine.rows(query, {}, self._only())}
        names, codes, weights, places = self.of_all(name, lambda whole: whole._named(name))
        chosen = members[places]
        sums, there = (np.bincount(codes[chosen], by, len(names)) for by in (weights[chosen], None))
        found = {str(names[code]): float(sums[code]) for code in np.flatnonzero(there).tolist()}
        return dict(sorted(found.items(), key=lambda each: (-each[1], each[0])))

    def _named(self, name: str) -> tuple[NDArray[Any], NDArray[np.intp], NDArray[np.float64], NDArray[np.int32]]:
        """What `cases_by` is counted from: names, and by row which of them, the weight, and the place of the case."""
        columns, places = self._answers.fetched(name, {}, ())
        names, codes = np.unique(np.asarray(columns["name"], dtype=object), return_inverse=True)
        return names, codes, np.asarray(columns["weight"], dtype=np.float64), places

    def cases(self) -> int:
        """How many cases there are."""
        members = self.members()
        if members is None:
            [(cases,)] = self.rows("stays/cases")
            return int(cases)
        return int(members.sum())

    def members(self) -> NDArray[np.bool_] | None:
        """By the place of a case, whether it is selected; None: all are, or nothing was prepared."""
        if self._chosen is None or not self.prepared:
            return None
        return self._chosen.members(self._state.version, self._answers, self._been_at)

    def _been_at(self, stage: str) -> NDArray[np.bool_]:
        """By the place of a case, of all that there are: whether it has been at the stage or has ended there."""
        there = self.of_all("been at", lambda whole: whole.of_all("ways", lambda every: every._went()).by_stage())
        names, codes, _, places = self.of_all("counts/ended_in", lambda whole: whole._named("counts/ended_in"))
        return self._answers.some(there.get(stage, places[:0]), places[np.isin(codes, np.flatnonzero(names == stage))])

    def where(self, selection: Selection) -> Store:
        """The same store as if it held the selected cases alone: whatever is asked of it, sees no others.

        It follows what comes later. Cases of counts are not told apart and are selected by what is true of them all.
        Raises InputError for an attribute that there is not.
        """
        for name in attributes_of(selection):
            self._known(name)
        whole = copy(self)
        whole._chosen = None
        found = copy(self)
        every = selection if self._chosen is None else self._chosen.selection & selection
        found._chosen = Chosen(self.engine, every, self._attributes.query, lambda: whole.span()[1])
        return found

    def attributes(self) -> tuple[str, ...]:
        """The names of all attributes: what the log says of cases and events beside the columns of `stays`."""
        return self._attributes.names()

    def attribute(self, name: str) -> Attribute:
        """What an attribute says at all, of all cases. Raises InputError if there is none of that name."""
        return described(self.engine, self._known(name), name)

    def values(self, name: str, most: int = 1_000) -> list[tuple[str, int]]:
        """The commonest texts of an attribute, each with the number of cases that say it."""
        query = sql("attributes/values").format(attribute=self._known(name).query(name))
        return [(text, int(cases)) for text, cases in self.engine.rows(query, {"most": most}, self._only())]

    def extremes(self, name: str, place: int) -> tuple[float | None, float | None]:
        """The `place`-th smallest and largest number that cases say of an attribute; None where there are fewer."""
        query = sql("attributes/extremes").format(attribute=self._known(name).query(name))
        [(low, high)] = self.engine.rows(query, {"place": place})
        return low, high

    def said_at(self, name: str, stage: str) -> Columns:
        """What an attribute says of the case of every dated stay at a stage, in order of entry: text and number.

        Raises InputError if there is no attribute of that name.
        """
        query = sql("series/said").format(attribute=self._known(name).query(name))
        return self.engine.columns(query, {"stage": stage}, self._only())

    def said_of(self, name: str) -> Columns:
        """What an attribute says of the case of every dated stay, in order of the stay's id: id and text.

        Raises InputError if there is no attribute of that name.
        """
        query = sql("series/said_of").format(attribute=self._known(name).query(name))
        return self.engine.columns(query, {}, self._only())

    def fingerprint(self, fewest: int) -> str | None:
        """What tells its stays and outcomes, and how they were read, from those of any other store; None where there
        are fewer than so many stays, or it holds only some cases, or asking would cost as much as it spares.
        """
        if self.selected or not isinstance(self.engine, DuckDB):
            return None
        [(stays,)] = self.rows("stays/number")
        if stays < fewest:
            return None
        if self.files_as is not None and not self.version:
            return self.files_as
        how = (
            self.meaning, self.ends, self.counted_ends, None if self.milestones is None else sorted(self.milestones),
            self.last_only, self.once, self.counted_after,
        )  # fmt: skip
        return repr((self.rows("stays/fingerprint"), how))

    def touched(self, after: int) -> tuple[int, NDArray[np.int64]]:
        """How often its stays have grown on their `line`; and since they had grown so often, in which hours something
        came or went otherwise: their begins, ascending, µs UTC.
        """
        [(times,)] = self.rows("stays/grown")
        return int(times), np.asarray(self.ask("stays/touched", after=after)["hour"], dtype=np.int64)

    @property
    def selected(self) -> bool:
        """Whether it holds only some of the cases."""
        return self._chosen is not None

    @property
    def version(self) -> int:
        """How often stays have come or gone since it was built."""
        return self._state.version

    def changed(self) -> None:
        """Say that stays have come or gone, so that what was selected before is looked at again."""
        self._state.version += 1

    def _known(self, name: str) -> AttributeSource:
        """Where the attribute comes from. Raises InputError if there is none of that name."""
        if name not in self._attributes.names():
            known = ", ".join(self._attributes.names()) or said("reading.none")
            raise InputError(said("error.no_attribute", name=name), cure=said("error.there_are", names=known))
        return self._attributes

    def _only(self) -> str | None:
        """The table of the cases that may be seen; None: all."""
        return None if self._chosen is None else self._chosen.table(self._state.version)

    def span(self) -> tuple[int, int]:
        """First and last moment anything happened, µs since 1970 UTC; raises InputError if no event has a time."""
        found = self.seen()
        if found is None and self._chosen is not None:
            raise InputError(said("error.no_case_fits"), cure=said("error.drop_condition"))
        if found is None:
            raise InputError(said("error.no_times"), cure=said("error.name_moment"))
        return found

    def seen(self) -> tuple[int, int] | None:
        """As `span`; None if no event has a time."""
        if self.members() is None:
            [(first, last)] = self.rows("stays/span")
            return None if first is None else (int(first), int(last))
        spans = self.each("stays/spans")
        return (int(spans["first"].min()), int(spans["last"].max())) if len(spans["first"]) else None

    def stages(self) -> list[str]:
        """Every stage that has a stay, in order of first use."""
        return [name for (name,) in self.rows("stays/stages")]

    def counted(self) -> list[str]:
        """Stages whose stays are made of counts, so that no case of theirs is known; in their order."""
        if self.counted_after is None:
            return []
        return [name for (name,) in self.rows("stays/counted", after=self.counted_after)]

    def close(self) -> None:
        """Close the engine, under every store that looks into it."""
        self.engine.close()


def add_counted(con: duckdb.DuckDBPyConnection, without: Iterable[str], after: int = BESIDE) -> None:
    """Put the stays of the table `kpi` beside those of events, but for the stages in `without`; ids are above `after`.

    Those put there before are gone. Raises InputError for counts that are negative or not finite.
    """
    con.execute('delete from outcomes where "case" in (select "case" from stays where id > ?)', [after])
    con.execute("delete from stays where id > ?", [after])
    apart = sorted(without)
    if con.execute("from kpi where not list_contains($apart::varchar[], stage) limit 1", {"apart": apart}).fetchone():
        stays_from_counts(con, prefix="counted_", after=after, without=apart)
        con.execute("insert into stays by name from counted_stays")
        con.execute("insert into outcomes by name from counted_outcomes")
        con.execute("drop table counted_stays; drop table counted_outcomes")
