"""What of a crowded window can be drawn: who moves in it and who stands in front; others are counted where they lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any
from weakref import finalize

import numpy as np
from numpy.typing import NDArray

from factoryview.store.engine import Columns, Engine
from factoryview.store.queries import sql

_MOVES, _WAITS, _WORKS, _LIES = range(4)
"""How a stay stands in a window; see `stays/standing`."""
_COUNTED, _FIRST = 10, 20
"""What is added to it where stays are counted; a row that says who waits first."""
_PARTS = ("id", "stage", "place", "entered", "started", "left", "weight", "hue", "stands")


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
    """Asks an engine for windows in which more stands than can be drawn; any thread may."""

    def __init__(self, engine: Engine, name: str, edges: Mapping[str, int]) -> None:
        """name: of what it keeps meanwhile. edges: `started` where nobody wrote it down (unknown), the end of what has
        none (forever).
        """
        self._engine, self._fallen, self._edges = engine, f"{name}_fallen", edges
        self._given_up: Mapping[int, int] = {}
        self._turn = Lock()

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
        query = sql("stays/standing").format(touching=self._judged(touching[0], until, given_up))
        asked = {"since": since, "until": until, "front": wanted.front, "shown": wanted.shown}
        edges = {name: value for name, value in self._edges.items() if f"${name}" in query}
        found = self._engine.columns(query, {**touching[1], **edges, **asked})
        stands = np.asarray(found["stands"])
        told = _rows(found, np.flatnonzero(stands < _COUNTED))
        order = np.lexsort((told["id"], told["entered"]))
        told = {name: values[order] for name, values in told.items()}
        counted = _rows(found, np.flatnonzero((stands > _COUNTED) & (stands < _FIRST)))
        rows = np.flatnonzero(stands == _FIRST).tolist()
        first = {int(found["stage"][row]): np.asarray(found["codes"][row], np.int32) for row in rows}
        nobody = np.empty(0, np.int32)
        every = [_rest(stage, counted, told, first.get(stage, nobody), since, wanted) for stage in range(stages)]
        return told, tuple(every)

    def _judged(self, touching: str, until: int, given_up: Mapping[int, int]) -> str:
        """The stays of a window with the moment from which on nobody works on one any more."""
        if not given_up:
            return f"select *, $forever::bigint as moment from ({touching}) as every"
        with self._turn:
            if given_up is not self._given_up:
                known = {"ids": list(given_up), "moments": list(given_up.values())}
                query = "select unnest($ids::bigint[]) as stay, unnest($moments::bigint[]) as since"
                if not self._given_up:
                    finalize(self, self._engine.drop, self._fallen).atexit = False
                self._engine.keep(self._fallen, query, known)
                self._given_up = given_up
        lost = f"select stay, since from {self._fallen} where since < {until}"
        return (
            "select every.*, coalesce(lost.since, $forever) as moment "
            f"from ({touching}) as every left join ({lost}) as lost on every.id = lost.stay"
        )


def _rows(columns: Columns, rows: NDArray[np.intp]) -> Columns:
    return {name: np.asarray(columns[name])[rows] for name in _PARTS}


def _rest(stage: int, counted: Columns, told: Columns, first: NDArray[np.int32], since: int, wanted: Wanted) -> Rest:
    here = told["stage"] == stage
    front = here & (told["stands"] == _WAITS)
    known = np.flatnonzero(here & (told["stands"] <= _WAITS) & (told["entered"] < since))
    is_told = first % 2 == 1
    rows = -1 - first // 2
    rows[is_told] = known[: np.count_nonzero(is_told)]
    of_stage = counted["stage"] == stage
    waits, works, lies = (
        _rows(counted, np.flatnonzero(of_stage & (counted["stands"] == _COUNTED + kind)))
        for kind in (_WAITS, _WORKS, _LIES)
    )
    waiting = np.bincount(waits["hue"], waits["id"]).astype(np.int64)
    waiting -= np.bincount(told["hue"][front], minlength=len(waiting))
    return Rest(
        rows,
        int(waits["id"].sum()) <= wanted.shown,
        waiting,
        float(waits["weight"].sum() - told["weight"][front].sum()),
        int(works["id"].sum()),
        float(works["weight"].sum()),
        int(lies["id"].sum()),
        float(lies["weight"].sum()),
    )
