"""Where cases leave the floor: the docks of the outcomes, and what the stages lose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from factoryview.flow.moment.lining import OnBelt
from factoryview.flow.moment.ride import SPACING, lined_up, ride_time
from factoryview.store.database import Store
from factoryview.store.scroll import Scroll, alike, let_go, pieces
from factoryview.store.windows import Tally


@dataclass(frozen=True)
class Ending:
    """Cases that went from one stage to one outcome, in order of time (µs UTC)."""

    at: NDArray[np.int64]
    hue: NDArray[np.int8]
    tally: Tally
    reason: NDArray[np.integer[Any]]
    """Of each case, the place of the reason given in `reasons`."""
    reasons: tuple[str, ...]
    """Empty where none is given."""

    def reasons_in(self, since: int, until: int) -> dict[str, float]:
        """Cases (weight) that went in [since, until), µs UTC, by the reason given."""
        first, last = np.searchsorted(self.at, [since, until]).tolist()
        if len(self.reasons) == 1:  # nothing has to be told apart: of a long log that would be much to look at
            return {self.reasons[0]: self.tally.between(first, last)} if last > first else {}
        weight = np.diff(self.tally.total[first : last + 1])
        count = np.bincount(self.reason[first:last], weight, minlength=len(self.reasons))
        return {self.reasons[code]: float(count[code]) for code in np.flatnonzero(count)}

    def riding(self, at: int, pace: float, length: float) -> OnBelt:
        """Those still on the belt to the dock. They are done and in no stage; what finds no room is not drawn.

        pace: data µs per second of display. length: u of the belt between its `EDGE`s.
        """
        ride = ride_time(length, pace)
        first, last = self.at.searchsorted([at - round(ride), at], side="right")
        if first == last:
            return _NOBODY
        chosen = np.arange(max(first, last - 4 * int(length / SPACING + 1)), last)
        room = lined_up((at - self.at[chosen]) / ride * length)
        shown = room >= 0
        return OnBelt(-1 - chosen[shown], room[shown], self.hue[chosen][shown], 0)


_NOBODY = OnBelt(np.empty(0, np.int64), np.empty(0), np.empty(0, np.int8), 0)
_NEVER: NDArray[np.int64] = np.empty(0, np.int64)
NO_ENDING = Ending(_NEVER, np.empty(0, np.int8), Tally.of(_NEVER, np.empty(0, np.float64)), np.empty(0, np.int32), ())
"""Of a way that nobody went."""


def endings(store: Store, channels: tuple[str, ...]) -> dict[tuple[str | None, str], Ending]:
    """All endings by (stage left, outcome). channels: their hues are their indexes, 0 where not listed."""
    names: dict[str, set[str]] = {}
    for kind, name in store.rows_for_each("counts/delivered"):
        names.setdefault(kind, set()).update([] if name is None else [name])
    shown = names.get("via", set()) & names.get("outcome", set())
    names.setdefault("via", set()).update(via for via, stage, _ in store.flows_for_each() if via and stage in shown)
    vias, outcomes, every, reasons = (sorted(names.get(kind, ())) for kind in ("via", "outcome", "channel", "reason"))
    found = store.each(
        "counts/deliveries", by=("way", "at", "place"), channels=list(channels), vias=vias, unknown=len(vias) + 1,
        outcomes=outcomes, number=len(outcomes), every=every, nothing=len(every) + 1, reasons=reasons,
    )  # fmt: skip
    at, hue, weight, way, why = (np.asarray(found[name]) for name in ("at", "hue", "weight", "way", "why"))
    ended = []
    for place, via in enumerate((*vias, None), start=1):
        for number, outcome in enumerate(outcomes, start=1):
            here = alike(way, place * len(outcomes) + number)
            if here.stop > here.start:
                parts = at[here], hue[here].astype(np.int8, copy=False), Tally.of(at[here], weight[here])
                ended.append(((via, outcome), Ending(*parts, *_told_apart(why[here], reasons))))
                let_go(why)
    return dict(sorted(ended, key=lambda each: int(each[1].at[0])))


def _told_apart(codes: NDArray[np.int32], names: list[str]) -> tuple[NDArray[np.integer[Any]], tuple[str, ...]]:
    """Of reasons, the places among those that are given, and these."""
    number = np.zeros(len(names), np.int64)
    for some in pieces(len(codes)):
        number += np.bincount(codes[some], minlength=len(names))
    given = np.flatnonzero(number)
    lookup = np.zeros(len(names), np.min_scalar_type(len(given)))
    lookup[given] = np.arange(len(given))
    told = Scroll(lookup.dtype)
    for some in pieces(len(codes)):
        told.append(lookup[codes[some]])
    return told.read(), tuple(names[code] for code in given)
