"""Answers that are fetched once for all cases, so that those of some cases are picked from them without a query."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import RLock
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from factoryview.store.engine import Columns, Engine
from factoryview.store.queries import sql

_NUMBERED = "numbered"
"""The table of all cases with their places."""
T = TypeVar("T")


@dataclass(frozen=True)
class Ways:
    """How cases went through a plant, in one sum over all of its stays."""

    flows: list[tuple[str | None, str, float]]
    """How many went each way, from a stage or channel (None: unknown) into a stage; the most first."""
    weight: float
    """What most stays weigh: the median; 1 where there are none."""
    undated: int
    """Stays whose moment nobody wrote down."""


@dataclass(frozen=True)
class Went:
    """By which way every stay of all cases came, in any order: what `Ways` of some cases are added up from."""

    ways: list[tuple[str | None, str]]
    way: NDArray[np.int32]
    weight: NDArray[np.float64]
    undated: NDArray[np.bool_]
    """Empty where all have their moments."""
    case: NDArray[np.int32]
    """The place of the case."""
    each: float | None
    """What every one weighs, where that is a whole number."""

    @classmethod
    def of(cls, every: list[tuple[Any, ...]], stays: Columns, case: NDArray[np.int32]) -> Went:
        """every: the flows of all cases; stays: the answer of `counts/ways` for them."""
        weight, undated = (np.asarray(stays[name]) for name in ("weight", "undated"))
        whole = len(weight) > 0 and weight.min() == weight.max() and float(weight[0]).is_integer()
        return cls(
            [(via, stage) for via, stage, _ in every], np.asarray(stays["way"], dtype=np.int32), weight,
            undated if undated.any() else undated[:0], case, float(weight[0]) if whole else None,
        )  # fmt: skip

    def by_stage(self) -> dict[str, NDArray[np.int32]]:
        """Of each stage the places of the cases that have been there, as often as they have."""
        stages = list(dict.fromkeys(stage for _, stage in self.ways))
        code = {stage: number for number, stage in enumerate(stages)}
        stage = np.array([code[stage] for _, stage in self.ways], dtype=np.int16)[self.way]
        places = self.case[np.argsort(stage, kind="stable")]
        ends = np.cumsum(np.bincount(stage, minlength=len(stages))).tolist()
        return {name: places[begin:end] for name, begin, end in zip(stages, [0, *ends], ends, strict=False)}

    def only(self, members: NDArray[np.bool_]) -> Ways:
        """Of some cases. members: by the place of a case whether it is among them."""
        chosen = members[self.case]
        way = self.way[chosen]
        number = np.bincount(way, minlength=len(self.ways))
        if self.each is not None:
            flow, weight = number * self.each, self.each
        else:
            weights = self.weight[chosen]
            flow, weight = np.bincount(way, weights, minlength=len(self.ways)).astype(float), _usual(weights)
        found = [(*self.ways[k], float(flow[k])) for k in np.flatnonzero(number).tolist()]
        found.sort(key=lambda each: (-each[2], each[0] is None, each[0] or "", each[1]))
        undated = int(np.count_nonzero(self.undated[chosen])) if len(self.undated) else 0
        return Ways(found, weight if len(way) else 1.0, undated)


def _usual(weights: NDArray[np.float64]) -> float:
    """The median."""
    even = len(weights) and weights.min() == weights.max()
    return float(weights[0] if even else np.median(weights)) if len(weights) else 1.0


class Answers:
    """What the queries of a store answer for each case, and to which case each row belongs. Any thread may ask."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._turn = RLock()
        self._version: int | None = None
        self._kept: dict[str, tuple[Columns, NDArray[np.int32]]] = {}
        self._rows: dict[str, list[tuple[Any, ...]]] = {}
        self._made: dict[str, object] = {}
        self._cases = 0

    def begin(self, version: int) -> None:
        """From now on keep what is answered for that version of the store."""
        with self._turn:
            if self._version != version:
                self._engine.keep(_NUMBERED, sql("stays/numbered"), {})
                [(self._cases,)] = self._engine.rows(f"select count(*) from {_NUMBERED}", {})
                self._kept, self._rows, self._made, self._version = {}, {}, {}, version

    def know(self, version: int) -> bool:
        """Whether answers are kept for that version."""
        return self._version == version

    def members(self, query: str, parameters: Mapping[str, object]) -> NDArray[np.bool_]:
        """By the place of a case: whether a query names it."""
        found = np.zeros(self._cases, dtype=np.bool_)
        chosen = f'select number from {_NUMBERED} where "case" in ({query})'
        found[np.asarray(self._engine.columns(chosen, parameters)["number"])] = True
        return found

    def some(self, *places: NDArray[np.int32]) -> NDArray[np.bool_]:
        """By the place of a case: whether it is among these."""
        found = np.zeros(self._cases, dtype=np.bool_)
        for each in places:
            found[each] = True
        return found

    def named(self) -> NDArray[np.bool_]:
        """By the place of a case: whether it has a name, without which it can be selected by nothing."""
        return self.made("named", lambda: self.members(sql("selection/everything"), {}))

    def each(self, name: str, parameters: dict[str, object], by: Sequence[str]) -> tuple[Columns, NDArray[np.int32]]:
        """The answer for all cases, ordered by some of its columns, and the place of the case of each row; kept."""
        with self._turn:
            key = repr((name, sorted(parameters.items()), by))
            if key not in self._kept:
                self._kept[key] = self.fetched(name, parameters, by)
            return self._kept[key]

    def fetched(self, name: str, parameters: dict[str, object], by: Sequence[str]) -> tuple[Columns, NDArray[np.int32]]:
        """As `each`, but not kept."""
        order = " order by " + ", ".join(f'"{column}"' for column in by) if by else ""
        each = f'select each.* exclude ("case"), number from ({sql(name)}\n) as each'
        columns = self._engine.columns(f'{each} join {_NUMBERED} using ("case"){order}', parameters)
        return columns, np.asarray(columns.pop("number"))

    def made(self, name: str, make: Callable[[], T]) -> T:
        """What is made of all cases, once."""
        with self._turn:
            if name not in self._made:
                self._made[name] = make()
            return cast(T, self._made[name])

    def rows(self, name: str) -> list[tuple[Any, ...]]:
        """The answer for all cases together."""
        with self._turn:
            if name not in self._rows:
                self._rows[name] = self._engine.rows(sql(name), {})
            return self._rows[name]
