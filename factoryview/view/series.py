"""The stays of one stage along time, and what charts show of them: series of numbers, in no language.

A `StageLog` is fetched once per stage and asked about any moment; nothing it answers depends on what came later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from factoryview.store.database import Store
from factoryview.store.engine import Columns
from factoryview.store.windows import FOREVER, UNKNOWN, Tally
from factoryview.view.topology import Topology

Moments = NDArray[np.int64]
"""µs since 1970 UTC."""
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class StageLog:
    """Every dated stay at one stage, in order of entry, with what it handed on and what it lost."""

    stage: str
    id: NDArray[np.int64]
    entered: Moments
    started: Moments
    """`UNKNOWN` where nobody wrote it down."""
    left: Moments
    """`FOREVER` while it lasts."""
    weight: Floats
    value: Floats
    """What the case is worth, as written down with the stay; NaN where it is not."""
    via: NDArray[np.int32]
    """Where it came from, as a place (from 1) in `names`; 0: it began here."""
    next: NDArray[np.int32]
    """Where it went, likewise; 0: nowhere yet, or nobody knows."""
    channel: NDArray[np.int32]
    """By which channel its case came in, as a place (from 1) in `channels`; 0: another, or nobody knows."""
    names: tuple[str, ...]
    channels: tuple[str, ...]
    handed: Tally
    """Cases handed over to another stage, by when that one was done with them."""
    returned: Tally
    """Of these, those that went back."""
    lost_at: Moments
    lost_weight: Floats
    lost_value: Floats
    """Of one case; NaN where unknown."""
    lost_reason: NDArray[np.int32]
    """Places in `reasons`."""
    reasons: tuple[str, ...]

    @classmethod
    def fetch(cls, store: Store, topology: Topology, stage: str) -> StageLog:
        """Ask the store; any thread may."""
        lost = topology.losing.get(stage, ())
        names = tuple(dict.fromkeys((*topology.stages, *(outcome for _, outcome in topology.endings))))
        channels = topology.windows.numbering.channels[1:]
        stays = store.ask("series/stage", stage=stage, names=list(names), channels=list(channels))
        after = FOREVER if store.counted_after is None else store.counted_after
        handed = store.ask("series/handed_on", stage=stage, counted_after=after)
        gone = store.ask("series/lost", stage=stage, lost=list(lost))
        back = np.asarray(handed["returned"], dtype=bool)
        reasons, codes = np.unique(np.asarray(gone["reason"], dtype=str), return_inverse=True)
        return cls(
            stage,
            np.asarray(stays["id"], dtype=np.int64),
            _moments(stays, "entered", UNKNOWN),
            _moments(stays, "started", UNKNOWN),
            _moments(stays, "left", FOREVER),
            np.asarray(stays["weight"], dtype=float),
            np.asarray(stays["value"], dtype=float),
            np.asarray(stays["via"], dtype=np.int32),
            np.asarray(stays["next"], dtype=np.int32),
            np.asarray(stays["channel"], dtype=np.int32),
            names,
            channels,
            _tally(handed, np.ones(len(back), bool)),
            _tally(handed, back),
            _moments(gone, "at", UNKNOWN),
            np.asarray(gone["weight"], dtype=float),
            np.ma.filled(np.ma.asarray(gone["value"]).astype(float), np.nan),
            codes.astype(np.int32),
            tuple(reasons.tolist()),
        )

    @cached_property
    def come(self) -> Tally:
        """Arrivals."""
        return Tally.of(self.entered, self.weight)

    @cached_property
    def gone(self) -> Tally:
        """Departures."""
        over = self.left < FOREVER
        return Tally.of(self.left[over], self.weight[over])

    @cached_property
    def starts_known(self) -> bool:
        """Whether the log says when work began."""
        return bool((self.started != UNKNOWN).any())

    def there(self, at: int) -> NDArray[np.intp]:
        """The stays present at a moment, in order of entry."""
        begun = int(np.searchsorted(self.entered, at, side="right"))
        return np.flatnonzero(self.left[:begun] > at)

    def live(self, at: int, given_up: Mapping[int, int]) -> NDArray[np.intp]:
        """Those of `there` on which somebody still works. given_up: id → since when it is known that nobody does."""
        here = self.there(at)
        if not given_up:
            return here
        lost = np.array([given_up.get(stay, FOREVER) for stay in self.id[here].tolist()], dtype=np.int64)
        return here[lost > at]

    def wip(self, moments: Moments) -> Floats:
        """Cases present at each moment."""
        return _by(self.come, moments) - _by(self.gone, moments)

    def departed(self, since: int, until: int) -> tuple[Floats, Floats]:
        """How long (µs) each of those that left in [since, until) had stayed, and its weight."""
        chosen = (self.left >= since) & (self.left < until)
        return (self.left - self.entered)[chosen].astype(float), self.weight[chosen]

    def waited(self, since: int, until: int) -> tuple[Floats, Floats]:
        """How long (µs) each of those that left in [since, until) had waited for its start, and its weight; only of
        those whose start is known.
        """
        chosen = (self.left >= since) & (self.left < until) & (self.started != UNKNOWN)
        return np.maximum(self.started - self.entered, 0)[chosen].astype(float), self.weight[chosen]

    def sent_on(self, since: int, until: int) -> dict[str, float]:
        """Stage or outcome → cases that left for it in [since, until); those of whom nobody knows are left out."""
        gone = (self.left >= since) & (self.left < until) & (self.next > 0)
        return _named(self.next[gone], self.weight[gone], self.names)

    def came_from(self, stays: NDArray[np.intp]) -> dict[str, float]:
        """Which stage some of the stays came from → cases; those that began here are left out."""
        return _named(self.via[stays], self.weight[stays], self.names)

    def came_by(self, stays: NDArray[np.intp]) -> dict[str, float]:
        """By which channel the cases of some of the stays came in → cases; others are left out."""
        return _named(self.channel[stays], self.weight[stays], self.channels)

    def lost_in(self, since: int, until: int) -> dict[str, tuple[float, float | None]]:
        """Reason → cases lost in [since, until), and what they were worth together where that is known of any."""
        first, last = np.searchsorted(self.lost_at, [since, until])
        found: dict[str, tuple[float, float | None]] = {}
        for code in np.unique(self.lost_reason[first:last]).tolist():
            these = np.flatnonzero(self.lost_reason[first:last] == code) + first
            worth = self.lost_value[these] * self.lost_weight[these]
            money = float(np.nansum(worth)) if np.isfinite(worth).any() else None
            found[self.reasons[code]] = float(self.lost_weight[these].sum()), money
        return found


def counted(tally: Tally, edges: Moments) -> Floats:
    """How many a tally counts in [edge, next edge) of each two."""
    return np.asarray(np.diff(_by(tally, edges - 1)))


def percentile(spans: Floats, weights: Floats, share: float) -> float | None:
    """The smallest span within which at least that share of the weight lies; None of nothing."""
    if not len(spans):
        return None
    order = np.argsort(spans, kind="stable")
    reached = np.cumsum(weights[order])
    place = int(np.searchsorted(reached, share * reached[-1] - 1e-9, side="left"))
    return float(spans[order[min(place, len(order) - 1)]])


def _named(places: NDArray[np.int32], weight: Floats, names: tuple[str, ...]) -> dict[str, float]:
    """Cases by name. places: from 1; what has place 0 is left out."""
    counts = np.bincount(places, weight, minlength=len(names) + 1)
    return {names[place - 1]: float(counts[place]) for place in np.flatnonzero(counts[1:]) + 1}


def _by(tally: Tally, moments: Moments) -> Floats:
    return np.asarray(tally.total[np.searchsorted(tally.at, moments, side="right")])


def _moments(columns: Columns, name: str, unknown: int) -> Moments:
    return np.ma.filled(np.ma.asarray(columns[name]).astype(np.int64), unknown)


def _tally(columns: Columns, chosen: NDArray[np.bool_]) -> Tally:
    at, weight = np.asarray(columns["at"], dtype=np.int64), np.asarray(columns["weight"], dtype=float)
    return Tally.of(at[chosen], weight[chosen])
