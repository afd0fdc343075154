"""Lenses: what the hues of crates say. Of every lens there are hues 1 to 5; 0 is what nobody knows, or all others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from factoryview.factory.factory import Factory
from factoryview.flow.moment.standing import Standing
from factoryview.store.windows import StayArrays
from factoryview.time import DAY, HOUR, MINUTE
from factoryview.view.counts import Counts
from factoryview.view.spent import Spent, spent_of

CHANNEL, AGE, VALUE, COST, DEADLINE, ATTRIBUTE = "channel", "age", "value", "cost", "deadline", "attribute/"
"""Names of lenses; that of an attribute follows `ATTRIBUTE`."""
_AGES = {DAY: (7, 30, 90, 180), HOUR: (4, 12, 24, 72), MINUTE: (5, 15, 30, 60)}
"""Edges of ages in units of the log's rate."""
_ZONES = (1 / 3, 2 / 3, 1.0)
"""Shares of the time until the deadline that divide the zones of buffer management: green, yellow, red, late."""
_QUANTILES = (0.25, 0.5, 0.75, 0.95)
HUES = 5


@dataclass(frozen=True, eq=False)
class Lens:
    """What is known of every stay for one lens."""

    name: str
    edges: tuple[float, ...] = ()
    """Between the hues: ages in µs, or money. The edges of values and costs are of the whole log."""
    values: tuple[str, ...] = ()
    """Of an attribute, the texts that have hues of their own, from 1 on."""
    _id: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    """Of stays, ascending."""
    _said: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    """Of each: since when its case is there, its value as far as it was known, or the hue of its text."""
    _spent: Spent | None = None
    """What cases have cost."""

    def hues(self, stays: StayArrays, at: int, counts: Counts) -> NDArray[np.int8]:
        """The hue of every stay of a window at a moment (µs UTC); of a moment nothing later is known."""
        if self.name == DEADLINE:
            return _zones(stays, at, counts)
        if self._spent is not None:
            cost = self._spent.until(stays.id, at)
            hue = np.searchsorted(self.edges, np.nan_to_num(cost), side="right") + 1
            return np.where(np.isfinite(cost), hue, 0).astype(np.int8)
        place = np.minimum(np.searchsorted(self._id, stays.id), max(len(self._id) - 1, 0))
        said = np.where(self._id[place] == stays.id, self._said[place], np.nan) if len(self._id) else np.full(
            len(stays), np.nan
        )  # fmt: skip
        known = np.isfinite(said)
        if self.name == AGE:
            said = at - said
        if self.name in (AGE, VALUE):
            said = np.searchsorted(self.edges, np.nan_to_num(said), side="right") + 1.0
        return np.where(known, said, 0).astype(np.int8)

    def seen(self, standing: Standing, stays: StayArrays, counts: Counts) -> Standing:
        """What stands there in the hues of the lens. standing: of which each hue is the place of its stay."""
        hues = self.hues(stays, standing.at, counts)
        belts = tuple(on._replace(hue=hues[on.hue]) for on in standing.belts)
        return replace(standing, belts=belts, piles=tuple(hues[pile] for pile in standing.piles))


def lenses_of(factory: Factory) -> Iterator[str]:
    """The lenses through which a plant may be seen. Who works is no lens, whatever the plant allows."""
    yield from (CHANNEL, AGE, DEADLINE)
    [(most, cases)] = factory.store.rows("series/values", share=0.5)
    if most is not None and factory.gate.enough(cases):
        yield VALUE
    if any(worker.cost_per_hour is not None for worker in factory.plant.workers):
        yield COST
    for offered in factory.attributes():
        if offered.about.scope == "case" and offered.about.kind == "text" and offered.values:
            yield f"{ATTRIBUTE}{offered.about.name}"


def lens_of(factory: Factory, name: str, counts: Counts) -> Lens:
    """Look up what a lens needs of all stays; any thread may. counts: of all cases."""
    store = factory.store
    if name == AGE:
        found = store.ask("series/first_seen")
        unit = counts.history.rate.unit
        edges = tuple(float(edge * unit) for edge in _AGES[unit])
        return Lens(name, edges, (), np.asarray(found["id"]), np.asarray(found["since"], dtype=float))
    if name == VALUE:
        found = store.ask("series/value_so_far")
        worth = np.ma.filled(np.ma.asarray(found["value"]).astype(float), np.nan)
        return Lens(name, _edges(worth), (), np.asarray(found["id"]), worth)
    if name == COST:
        spent = spent_of(factory, counts)
        edges = tuple(edge for edge in _edges(spent.in_the_end(counts.history.last)) if edge > 0)
        return Lens(name, edges, _spent=spent)
    if name.startswith(ATTRIBUTE):
        about = name.removeprefix(ATTRIBUTE)
        sizes = dict(store.values(about))
        together = factory.gate.merged(sizes)
        texts = tuple(text for text in sizes if text not in together)[:HUES]
        found = store.said_of(about)
        number = {text: k for k, text in enumerate(texts, start=1)}
        said = [float(number.get(text, 0)) for text in np.ma.filled(np.ma.asarray(found["text"]), "").tolist()]
        return Lens(name, (), texts, np.asarray(found["id"]), np.array(said))
    return Lens(name)


def _edges(money: NDArray[np.float64]) -> tuple[float, ...]:
    """Between the hues of amounts."""
    known = money[np.isfinite(money)]
    return tuple(sorted({float(edge) for edge in np.quantile(known, _QUANTILES)})) if len(known) else ()


def _zones(stays: StayArrays, at: int, counts: Counts) -> NDArray[np.int8]:
    """By how much of the time is gone in which nine of ten leave, or which is the target, as known at the moment."""
    levels = counts.jams.levels
    limit = levels.usual[:, levels.at(at)][stays.stage]
    gone = levels.workdays.passed(np.array([at])) - levels.workdays.passed(np.minimum(stays.entered, at))
    with np.errstate(invalid="ignore", divide="ignore"):
        zone = np.searchsorted(_ZONES, gone / limit, side="right") + 1
    return np.where(np.isfinite(limit), zone, 0).astype(np.int8)
