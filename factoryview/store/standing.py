"""What of a crowded window can be drawn: who moves in it and who stands in front; others are counted where they lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from factoryview.store.engine import Columns, Engine
from factoryview.store.queries import sql

_MOVES, _WAITS, _WORKS, _LIES = range(4)
"""How a stay stands in a window; see `stays/standing`."""


@dataclass(frozen=True)
class Rest:
    """Those at one stage who are there all along a window and are counted, not told one by one."""

    first: NDArray[np.int32]
    """Who waits when the window begins, in order of arrival, or the first of them: the row of a stay that is told, or
    −1 − the hue of one that is not."""
    complete: bool
    """All who wait then are in `first`."""
    waiting: NDArray[np.int64]
    """By hue, how many wait and are not told, those in `first` included."""
    waiting_weight: float
    working: int
    working_weight: float
    lying: int
    """On whom nobody works any more."""
    lying_weight: float

    @property
    def number(self) -> int:
        """Of them all."""
        return int(self.waiting.sum()) + self.working + self.lying

    @property
    def weight(self) -> float:
        """Of them all."""
        return self.waiting_weight + self.working_weight + self.lying_weight


@dataclass(frozen=True)
class Wanted:
    """How much of a crowded window is told."""

    front: int
    """So many of each way into a stage, at least, who wait all along."""
    shown: int
    """So many who wait at a stage are known in order of arrival, at least."""


class Crowded:
    """Asks an engine for windows in which more stands than can be drawn; one window at a time."""

    def __init__(self, engine: Engine, name: str, unknown: int) -> None:
        """name: of the tables that it keeps meanwhile. unknown: `started` where nobody wrote it down."""
        self._engine, self._table, self._fallen, self._unknown = engine, f"{name}_standing", f"{name}_fallen", unknown
        self._given_up: Mapping[int, int] = {}

    def fetch(
        self,
        touching: tuple[str, Mapping[str, Any]],
        bounds: tuple[int, int],
        stages: int,
        given_up: Mapping[int, int],
        wanted: Wanted,
    ) -> tuple[Columns, tuple[Rest, ...]]:
        """The stays that are told one by one, in order of arrival, and of each of so many stages the rest.

        touching: a query for the stays of the window, and its parameters. bounds: of the window, µs. given_up: id of a
        stay → since when nobody works on it any more, µs.
        """
        since, until = bounds
        self._make(touching, since, until, given_up)
        try:
            counts = self._ask("counts")
            latest, lanes = _early(self._ask("ages", since=since), stages, wanted)
            cases = "".join(f" when {stage} then {moment}" for stage, moment in enumerate(latest) if moment is not None)
            early = f"entered <= case stage{cases} else {since} end" if cases else "1 = 1"
            ways = "".join(f" or (stage = {stage} and place = {place})" for stage, place in lanes)
            told = self._ask("each", early + ways, front=wanted.front)
            first = self._ask("first", early, front=wanted.front, since=since)
        finally:
            self._engine.drop(self._table)
        complete = [moment is None for moment in latest]
        return told, tuple(_rest(stage, complete[stage], counts, told, first, since) for stage in range(stages))

    def forget(self) -> None:
        """Let go of what is kept."""
        self._engine.drop(self._fallen)

    def _make(
        self, touching: tuple[str, Mapping[str, Any]], since: int, until: int, given_up: Mapping[int, int]
    ) -> None:
        if given_up is not self._given_up:
            known = {"ids": list(given_up), "moments": list(given_up.values())}
            query = "select unnest($ids::bigint[]) as id, unnest($moments::bigint[]) as moment"
            self._engine.keep(self._fallen, query, known)
            self._given_up = given_up
        lies, fallen = (
            f"id in (select id from {self._fallen} where moment {bound})" if given_up else "1 = 0"
            for bound in ("<= $since", "< $until")
        )
        query = sql("stays/standing").format(touching=touching[0], lies=lies, fallen=fallen)
        bounds = {"since": since, "until": until, "unknown": self._unknown}
        self._engine.keep(self._table, query, {**touching[1], **bounds})

    def _ask(self, name: str, early: str = "", **parameters: object) -> Columns:
        return self._engine.columns(sql(f"stays/standing_{name}").format(table=self._table, early=early), parameters)


def _early(ages: Columns, stages: int, wanted: Wanted) -> tuple[list[int | None], list[tuple[int, int]]]:
    """Of each stage a moment until which enough of those who wait had come, None where all are wanted; and the ways
    (stage and place) of which too few had come until then. ages: the oldest first.
    """
    stage, place, number, latest = (np.asarray(ages[name]) for name in ("stage", "place", "number", "latest"))
    moments: list[int | None] = []
    lanes = []
    for code in range(stages):
        here = stage == code
        come = np.cumsum(number[here])
        if not len(come) or come[-1] <= wanted.shown:
            moments.append(None)
            continue
        moment = int(latest[here][come.searchsorted(wanted.shown)])
        moments.append(moment)
        for way in np.unique(place[here]).tolist():
            of_way = here & (place == way)
            so_far = number[of_way & (latest <= moment)].sum()
            if so_far < min(wanted.front, number[of_way].sum()):
                lanes.append((code, way))
    return moments, lanes


def _rest(stage: int, complete: bool, counts: Columns, told: Columns, first: Columns, since: int) -> Rest:
    here = np.asarray(told["stage"]) == stage
    stands, entered = np.asarray(told["stands"]), np.asarray(told["entered"])
    front = here & (stands == _WAITS)
    known = np.flatnonzero(here & ((stands == _MOVES) | (stands == _WAITS)) & (entered < since))
    of_stage = np.asarray(first["stage"]) == stage
    is_told = np.asarray(first["told"])[of_stage] == 1
    rows = -1 - np.asarray(first["hue"])[of_stage].astype(np.int32)
    rows[is_told] = known[: np.count_nonzero(is_told)]
    counted = np.asarray(counts["stage"]) == stage
    number, weight = np.asarray(counts["number"], np.int64), np.asarray(counts["weight"], np.float64)
    as_they_stand = {kind: counted & (np.asarray(counts["stands"]) == kind) for kind in (_WAITS, _WORKS, _LIES)}
    waits = as_they_stand[_WAITS]
    waiting = np.bincount(np.asarray(counts["hue"])[waits], number[waits]).astype(np.int64)
    waiting -= np.bincount(np.asarray(told["hue"])[front], minlength=len(waiting))
    return Rest(
        rows,
        complete,
        waiting,
        float(weight[waits].sum() - np.asarray(told["weight"])[front].sum()),
        int(number[as_they_stand[_WORKS]].sum()),
        float(weight[as_they_stand[_WORKS]].sum()),
        int(number[as_they_stand[_LIES]].sum()),
        float(weight[as_they_stand[_LIES]].sum()),
    )
