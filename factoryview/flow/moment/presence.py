"""When every stay of a log began and ended: what history and levels are counted from, fetched once for both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factoryview.flow.order import order_by
from factoryview.store.database import Store
from factoryview.store.windows import FOREVER


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

    def of(self, code: int) -> slice:
        """Where the stays of a stage are."""
        begin, end = self.stage.searchsorted(np.array([code, code + 1], self.stage.dtype)).tolist()
        return slice(begin, end)


def presence(store: Store, stages: tuple[str, ...]) -> Presence:
    """Fetch all of a log."""
    columns = store.each("counts/presence", by=("entered", "id"), stages=list(stages), forever=FOREVER)
    parts = {name: np.asarray(columns.pop(name)) for name in ("stage", "id", "entered", "left", "weight", "value")}
    entered, number = parts["entered"], parts["id"]
    order = np.argsort(parts["stage"], kind="stable")
    gap = np.diff(entered)
    if (gap < 0).any() or (np.diff(number)[gap == 0] < 0).any():
        ends = np.cumsum(np.bincount(parts["stage"], minlength=len(stages))).tolist()
        for begin, end in zip([0, *ends], ends, strict=False):
            here = order[begin:end]
            order[begin:end] = here[order_by(entered[here], number[here])]
    del entered, number, gap
    for name in parts:  # one after the other: of a large log there is no room for all of them twice
        parts[name] = parts[name][order]
    return Presence(stages, store.seen(), **parts)
