"""When every stay of a log began and ended: what history and levels are counted from, fetched once for both."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from factoryview.flow.order import stable_order
from factoryview.store.database import LONG, Store
from factoryview.store.in_order import alike, in_order
from factoryview.store.scroll import let_go
from factoryview.store.windows import FOREVER

_COLUMNS = ("stage", "id", "entered", "left", "weight", "value")
_ORDER = ("stage", "entered", "id")


@dataclass(frozen=True)
class Presence:
    """The dated stays at some stages, those of each stage together, in order of entry. Times in µs UTC."""

    stages: tuple[str, ...]
    span: tuple[int, int] | None
    """First and last moment anything happened in the log; None: no event has a time."""
    stage: NDArray[np.int16]
    """The place of its stage in `stages`."""
    id: NDArray[np.int64]
    entered: NDArray[np.int64]
    left: NDArray[np.int64]
    """`FOREVER` while it lasts."""
    weight: NDArray[np.float64]
    value: NDArray[np.float64]
    """NaN where unknown."""
    sorted: tuple[NDArray[np.int32], ...] | None = None
    """`leaving` of all stages, where somebody knows it."""
    _orders: dict[int, NDArray[np.int32]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _ends: dict[int, NDArray[np.int64]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def leaving(self, code: int) -> NDArray[np.int32]:
        """Of the stays of a stage, as `of` has them, in which order they end: those that last come last."""
        if self.sorted is not None:
            return self.sorted[code]
        found = self._orders.get(code)
        if found is None:
            found = stable_order(self.left[self.of(code)]).astype(np.int32)
            if len(self.left) < LONG:  # else there is room for one at a time
                self._orders[code] = found
        return found

    def ends(self, code: int) -> NDArray[np.int64]:
        """When the stays of a stage that are over ended, ascending; not to be written to."""
        found = self._ends.get(code)
        if found is None:
            left = self.left[self.of(code)]
            if len(self.left) >= LONG:
                left = np.sort(left)
                self.rest()
            else:
                left = left.take(self.leaving(code))
            found = left[: left.searchsorted(FOREVER)]
            if len(self.left) < LONG:  # else there is room for one at a time
                self._ends[code] = found
        return found

    def rest(self) -> None:
        """What has been looked at takes no memory any more, of a log so long that it lies in files."""
        for name in _COLUMNS:
            let_go(getattr(self, name))

    def only(self, chosen: NDArray[np.bool_], span: tuple[int, int] | None) -> Presence:
        """Some of the stays. span: of the log that has no others."""
        orders = []
        for code in range(len(self.stages)):
            here, order = chosen[self.of(code)], self.leaving(code)
            place = np.cumsum(here, dtype=np.int32) - 1
            orders.append(place[order[here[order]]])
        number = int(np.count_nonzero(chosen))
        columns = (getattr(self, name) for name in _COLUMNS)
        parts: list[Any] = [column[chosen] if any(column.strides) else column[:number] for column in columns]
        found = Presence(self.stages, span, *parts)
        return replace(found, sorted=tuple(orders))

    def of(self, code: int) -> slice:
        """Where the stays of a stage are."""
        begin, end = self.stage.searchsorted(np.array([code, code + 1], self.stage.dtype)).tolist()
        return slice(begin, end)


@dataclass(frozen=True)
class _Every:
    """The stays of all cases, and the place of the case of each."""

    stays: Presence
    case: NDArray[np.int32]


def presence(store: Store, stages: tuple[str, ...]) -> Presence:
    """Fetch all of a log."""
    members = store.members()
    if members is None:
        span = store.seen()
        columns = store.each("counts/presence", by=_ORDER, stages=list(stages), forever=FOREVER)
        parts: list[Any] = [np.asarray(columns.pop(name)) for name in _COLUMNS]
        return Presence(stages, span, *parts)
    every = store.of_all(f"presence of {stages}", lambda whole: _every(whole, stages))
    return every.stays.only(members[every.case], store.seen())


def _every(store: Store, stages: tuple[str, ...]) -> _Every:
    columns, case = store.each_with_case("counts/presence", stages=list(stages), forever=FOREVER)
    parts = in_order({name: np.asarray(columns.pop(name)) for name in _COLUMNS} | {"case": case}, _ORDER)
    for name in ("weight", "value"):
        if alike(parts[name]):  # it takes no room, and need not be picked from
            parts[name] = np.broadcast_to(parts[name][0], len(case))
    every: list[Any] = [parts[name] for name in _COLUMNS]
    return _Every(Presence(stages, None, *every), parts["case"])
