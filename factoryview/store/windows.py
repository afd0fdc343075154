"""The stays around a moment as plain arrays: what everything that draws or counts at a moment works on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from threading import Lock
from typing import Any
from weakref import finalize

import numpy as np
from numpy.typing import NDArray

from factoryview.store.database import Store
from factoryview.store.engine import Columns
from factoryview.store.queries import sql
from factoryview.store.scroll import Scroll, alike, is_ascending, let_go, pieces
from factoryview.store.standing import Crowded, Rest, Wanted
from factoryview.time import HOUR

FOREVER = np.iinfo(np.int64).max
"""`left` of an open stay."""
UNKNOWN = np.iinfo(np.int64).min
"""`started` where nobody wrote it down."""


@dataclass(frozen=True)
class Numbering:
    """The codes of a floor: what the numbers in the arrays mean."""

    stages: tuple[str, ...]
    belts: tuple[tuple[str | None, str], ...]
    """(via, stage) of each drawn belt."""
    channels: tuple[str, ...]


@dataclass(frozen=True)
class StayArrays:
    """Stays that touch [since, until), in order of arrival. Times in µs since 1970 UTC."""

    since: int
    until: int
    id: NDArray[np.int64]
    stage: NDArray[np.int16]
    belt: NDArray[np.int16]
    """−1: came by a way that is not drawn."""
    entered: NDArray[np.int64]
    started: NDArray[np.int64]
    left: NDArray[np.int64]
    weight: NDArray[np.float64]
    hue: NDArray[np.int8]
    """Index of the channel; 0 also where none is known."""
    rest: tuple[Rest, ...] = ()
    """Of every stage those who are counted alone; empty where all are in the arrays."""

    def __len__(self) -> int:
        return len(self.id)


MANY = 300_000
"""Stays from which on they are sorted once, so that a window is found without looking at all; fewer are held."""
_OPEN = 127
"""The span of stays that still last."""
_NUMBERS = count()
_EDGES = {"unknown": UNKNOWN, "forever": FOREVER}


_PARTS = ("id", "stage", "belt", "entered", "started", "left", "weight", "hue")
_ALWAYS = ("id", "stage", "place", "entered", '"left"', "hue")
"""Columns of a window in which stays differ; `started` and `weight` are asked for only where these do."""
_TOLD = {"started": "coalesce(epoch_us(started), $unknown) as started", "weight": "weight"}


@dataclass(frozen=True)
class _Rows:
    """How wide the rows of windows are."""

    whole: str
    """The type of ids."""
    alike: dict[str, float | int]
    """Columns in which all say the same, and what."""

    @property
    def size(self) -> int:
        """Bytes of a row."""
        return 45 - (4 if self.whole == "int" else 0) - 8 * len(self.alike)

    @property
    def also(self) -> str:
        """What a query says besides what it always does."""
        return "".join(f", {text}" for name, text in _TOLD.items() if name not in self.alike)

    def columns(self, *, every: bool) -> str:
        """Those that are asked for. every: also where all say the same."""
        told = [name for name in _TOLD if name not in self.alike]
        alike = {"started": "$unknown::bigint as started", "weight": f"{self.alike.get('weight')}::double as weight"}
        return ", ".join([*_ALWAYS, *told, *(alike[name] for name in self.alike if every)])


class Windows:
    """Fetches `StayArrays`; one numbering for all. `fetch` may be called from any thread."""

    def __init__(self, store: Store, numbering: Numbering, among: Windows | None = None) -> None:
        """among: windows of all cases, with the same stages and belts, from which those of `store` are picked."""
        self.store, self.numbering = store, numbering
        self._among = among
        places = list(dict.fromkeys(via for via, _ in numbering.belts if via is not None))
        self._codes = {"stages": list(numbering.stages), "places": places, "channels": list(numbering.channels)}
        self._belts = np.full((len(places) + 2, len(numbering.stages)), -1, np.int16)
        """Belt by place, 0 where it is not known and −1 where it is another, and stage."""
        for belt, (via, into) in enumerate(numbering.belts):
            if into in numbering.stages:
                place = 0 if via is None else 1 + places.index(via)
                self._belts[place, numbering.stages.index(into)] = belt
        self._table = f"by_span_{next(_NUMBERS)}"
        self._searched = False
        self._version: int | None = None
        self._spans: list[int] = []
        self._rows = _Rows("bigint", {})
        self._turn = Lock()
        self._crowded = Crowded(store.engine, self._table, _EDGES)

    def prepare(self) -> None:
        """Sort the stays of a large log at once, so that no window has to wait for that; any thread may."""
        if self._among is not None:
            self._among.prepare()
            return
        self._searched = True
        self._is_sorted()

    def fetch(self, since: int, until: int) -> StayArrays:
        """The stays with presence in [since, until), µs UTC."""
        if self._among is not None:
            return self._picked(self._among, since, until)
        if self._is_sorted():
            query, parameters = self._touching(since, until, every=False)
            columns = self.store.engine.columns(query, parameters)
            columns |= {name: np.full(len(columns["id"]), value) for name, value in self._rows.alike.items()}
            return self._arrays(since, until, _in_order(columns))
        bounds = {"since": since, "until": until, "unknown": UNKNOWN, "forever": FOREVER}
        return self._arrays(since, until, self.store.ask("stays/window", **bounds, **self._codes))

    def fetch_crowded(self, since: int, until: int, given_up: Mapping[int, int], wanted: Wanted) -> StayArrays:
        """As `fetch`, but of those who stand there all along only what can be drawn is fetched, the rest is counted:
        what is fetched does not grow with what stands. All are fetched where the log is not sorted.

        given_up: id of a stay → since when (µs UTC) nobody works on it any more.
        """
        if self._among is not None or not self._is_sorted():
            return self.fetch(since, until)
        touching, stages = self._touching(since, until, every=True), len(self.numbering.stages)
        columns, rest = self._crowded.fetch(touching, (since, until), stages, given_up, wanted)
        return self._arrays(since, until, columns, rest)

    @property
    def row_bytes(self) -> int:
        """What a stay of a window costs to fetch."""
        return self._rows.size

    def _arrays(self, since: int, until: int, columns: Columns, rest: tuple[Rest, ...] = ()) -> StayArrays:
        stage, place = (np.asarray(columns[name], np.int16) for name in ("stage", "place"))
        return StayArrays(since, until, **_typed(dict(columns) | {"belt": self._belts[place, stage]}), rest=rest)

    def _picked(self, windows: Windows, since: int, until: int) -> StayArrays:
        every = windows.fetch(since, until)
        rows = np.flatnonzero(self.store.holds(every.id))
        channels = self.numbering.channels
        hues = np.array([code if name in channels else 0 for code, name in enumerate(windows.numbering.channels)])
        parts = {name: getattr(every, name)[rows] for name in _PARTS}
        return StayArrays(since, until, **parts | {"hue": hues.astype(np.int8)[parts["hue"]]})

    def _is_sorted(self) -> bool:
        """Whether there is a table in which a window is looked up instead of searched.

        It is made of a large log by `prepare`, else for the second window: of a single picture it would cost more than
        it spares.
        """
        store = self.store
        if store.selected:
            return False
        with self._turn:
            if store.spans:
                if self._version is None:
                    self._rows, self._version = self._measured(), store.version
                return True
            if not self._searched:
                self._searched = True
                return False
            if self._version is None:
                [(stays,)] = store.rows("stays/number")
                if stays >= MANY:
                    self._rows = rows = self._measured()
                    finalize(self, store.engine.drop, self._table).atexit = False
                    query = sql("stays/by_span").format(whole=rows.whole, also=rows.also)
                    store.engine.keep(self._table, query, self._codes | _named(query))
                    found = store.engine.rows(f"select distinct span from {self._table} order by 1", {})
                    self._spans = [span for (span,) in found]
                self._version = store.version
            elif self._spans and self._version != store.version:
                store.engine.drop(self._table)
                self._spans = []
            return bool(self._spans)

    def _measured(self) -> _Rows:
        [(started, lightest, heaviest, most)] = self.store.rows("stays/extent")
        alike: dict[str, float | int] = {} if started else {"started": UNKNOWN}
        if lightest == heaviest and lightest is not None:
            alike["weight"] = float(lightest)
        return _Rows("int" if most is not None and most < 2**31 else "bigint", alike)

    def _touching(self, since: int, until: int, *, every: bool) -> tuple[str, dict[str, Any]]:
        """A query for the stays of a window in a table that is sorted, and its parameters. every: with all columns."""
        columns = self._rows.columns(every=every)
        if not self.store.spans:
            part = sql("stays/of_span")
            query = " union all ".join(
                part.format(columns=columns, table=self._table, span=span, since=since, until=until,
                            earliest=_earliest(span, since))
                for span in self._spans
            )  # fmt: skip
            return query, _named(query)
        parts = []
        for span in self.store.spans:
            earliest = "" if span == _OPEN else f" and entered > make_timestamp({_earliest(span, since)})"
            lasts = f'("left" is null or "left" > make_timestamp({since}))'
            parts.append(
                f"select * from stays where span = {span} and entered < make_timestamp({until}){earliest} and {lasts}"
            )
        query = sql("stays/window_of_spans").format(
            columns=columns, parts=" union all ".join(parts), whole=self._rows.whole, also=self._rows.also
        )
        return query, self._codes | _named(query)


def _named(query: str) -> dict[str, Any]:
    """The edges of time that a query asks for."""
    return {name: value for name, value in _EDGES.items() if f"${name}" in query}


def _in_order(columns: Columns) -> Columns:
    """In order of arrival, of equals by id. Parts that are in order are merged, which is fast."""
    entered, number = columns["entered"], columns["id"]
    order = np.argsort(entered, kind="stable")
    alike = np.flatnonzero(np.diff(entered[order]) == 0)
    if len(alike):
        tied = np.union1d(alike, alike + 1)
        rows = order[tied]
        order[tied] = rows[np.lexsort((number[rows], entered[rows]))]
    return {name: values[order] for name, values in columns.items()}


def _earliest(span: int, since: int) -> int:
    """Before this moment (µs) nobody came who stayed for such a span and was still there."""
    return UNKNOWN if span == _OPEN else since - 2**span * HOUR - 1


_TYPES = {
    "id": np.int64, "stage": np.int16, "belt": np.int16, "entered": np.int64, "started": np.int64, "left": np.int64,
    "weight": np.float64, "hue": np.int8,
}  # fmt: skip


def _typed(columns: Columns) -> dict[str, NDArray[Any]]:
    """As narrow as `StayArrays` says: not every engine has numbers of a byte."""
    return {name: np.asarray(columns[name], dtype=kind) for name, kind in _TYPES.items()}


@dataclass(frozen=True)
class Tally:
    """Sorted moments with running weights: how many by t, in O(log n)."""

    at: NDArray[np.int64]
    total: NDArray[np.float64]

    @classmethod
    def of(cls, at: NDArray[np.int64], weight: NDArray[np.float64]) -> Tally:
        """Of moments in any order; what is in order may lie in a file, and its sums then do, too."""
        if not is_ascending(at):
            order = np.argsort(at, kind="stable")
            at, weight = at[order], weight[order]
        total, so_far = Scroll(np.float64), np.zeros(1)
        total.append(so_far)
        for some in pieces(len(at)):
            sums = np.cumsum(np.concatenate([so_far, weight[some]]))
            total.append(sums[1:])
            so_far = sums[-1:]
        let_go(weight)
        let_go(at)
        return cls(at, total.read())

    def between(self, first: int, last: int) -> float:
        """Weight of the moments from one place to before another."""
        return float(self.total[last] - self.total[first])

    def by(self, moment: int) -> float:
        """Weight of all moments ≤ `moment`."""
        return float(self.total[self.at.searchsorted(moment, side="right")])


@dataclass(frozen=True)
class Totals:
    """Counts over the whole log that a moment needs: cases begun, ended, standing at an exit."""

    _begun: Tally
    _departed: Tally | None
    _exits: dict[str, Tally]
    _ended: dict[str, Tally]
    _reopened: dict[str, Tally]

    @classmethod
    def of(cls, store: Store, stages: Sequence[str]) -> Totals:
        """Count them. stages: those that have exits."""
        departed = None
        if store.counted_after is not None:
            departed = _tally(store.each("counts/departed", after=store.counted_after))
        exits = store.each("counts/exits", by=("stage", "at"), stages=list(stages))
        outcomes = [name for name, _ in store.rows_for_each("counts/outcomes")]
        reached, again_by = (
            _by_outcome(outcomes, store.each(f"counts/{name}", by=("outcome", "at"), outcomes=outcomes))
            for name in ("endings", "reopenings")
        )
        first = sorted((int(tally.at[0]), name) for name, tally in reached.items())
        names_of = list(dict.fromkeys([*store.ends, *(name for _, name in first)]))
        return cls(
            _tally(store.each("counts/beginnings", by=("at",))),
            departed,
            {name: _tally(exits, alike(exits["stage"], code)) for code, name in enumerate(stages)},
            {name: reached.get(name, _NEVER) for name in names_of},
            {name: again_by.get(name, _NEVER) for name in names_of},
        )

    def tallies(self) -> list[Tally]:
        """All that is looked up for a moment."""
        departed = [] if self._departed is None else [self._departed]
        return [self._begun, *departed, *self._exits.values(), *self._ended.values(), *self._reopened.values()]

    def begun(self, moment: int) -> float:
        """Cases seen by then; of counts, which cannot tell a case that moved on from a new one: stays begun."""
        return self._begun.by(moment)

    def at_exit(self, stage: str, moment: int) -> float:
        """Cases whose last known activity was this and whose next step nobody knows."""
        return self._exits[stage].by(moment)

    def outcomes(self, moment: int) -> dict[str, float]:
        """Cases that stand at each outcome then."""
        return {name: self._ended[name].by(moment) - self._reopened[name].by(moment) for name in self._ended}

    def in_progress(self, moment: int) -> float:
        """Cases begun and not ended; of counts: all work in progress."""
        moved_on = self._departed.by(moment) if self._departed is not None else 0.0
        return self.begun(moment) - moved_on - sum(self.outcomes(moment).values())


def _tally(columns: Columns, chosen: slice = slice(None)) -> Tally:
    return Tally.of(
        np.asarray(columns["at"], dtype=np.int64)[chosen], np.asarray(columns["weight"], dtype=float)[chosen]
    )


_NEVER = Tally(np.empty(0, np.int64), np.zeros(1))


def _by_outcome(names: Sequence[str], columns: Columns) -> dict[str, Tally]:
    """Outcome → when cases came there, where some did. columns: ordered by the place of the outcome among the names."""
    each = {name: alike(columns["outcome"], code) for code, name in enumerate(names)}
    return {name: _tally(columns, rows) for name, rows in each.items() if rows.stop > rows.start}
