"""What is counted of a plant's whole log, once, so that any moment can be asked about without a query."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from factoryview.factory.factory import Factory
from factoryview.flow.moment.congestion import Congestion, congestion
from factoryview.flow.moment.history import History, history
from factoryview.store.windows import Tally, Totals
from factoryview.view.topology import Topology


@dataclass(frozen=True)
class Counts:
    """A factory, where its machines stand, and every count that depends on the whole log."""

    factory: Factory
    topology: Topology
    history: History
    congestion: Congestion
    totals: Totals
    sources: dict[str, Tally]
    """Source of the topology → when its cases came in."""
    targets: dict[str, Tally]
    """Stage or outcome with a target → when cases arrived there."""
    weight: float
    """Cases one crate stands for."""
    rejected: int
    undated: int
    """Stays whose moment nobody wrote down."""
    anonymous: bool
    """Some crates are made of counts and stand for no single case."""

    @cached_property
    def moving(self) -> NDArray[np.float64]:
        """Buckets for which a stage's belts had been moving before each bucket: amber at half speed, red not at all."""
        speed = np.choose(self.congestion.levels, [1.0, 0.5, 0.0])
        return np.asarray(np.cumsum(speed, axis=1) - speed)

    def rate(self, tally: Tally, at: int) -> float:
        """Per `history.rate.unit` over the last `rate.window`, over the same buckets as a stage's throughput."""
        past = self.history
        end = past.origin + past.index(at) * past.width
        elapsed = min(past.rate.window, max(past.rate.base, past.width, end - past.origin))
        return (tally.by(end - 1) - tally.by(end - past.rate.window - 1)) * past.rate.unit / elapsed

    def worst_moment(self) -> int:
        """When most is in progress while the worst jam of the whole log lasts, µs UTC."""
        past = self.history
        levels = self.congestion.levels.max(axis=0)
        worst = levels.max() if len(levels) else 0
        bucket = int(np.argmax(np.where(levels == worst, past.wip.sum(axis=0), -1.0)))
        return min(past.last, past.origin + bucket * past.width + past.width // 2)


def count(factory: Factory, topology: Topology, until: int = 0) -> Counts:
    """Count everything. until: the end of a live plant's log (µs), which goes on after its last event."""
    store, plant = factory.store, factory.plant
    past = history(store, topology.stages, until)
    targets = {stage.name: stage.target_wait for stage in plant.stages if stage.target_wait is not None}
    [(weight,)] = store.rows("stays/crate_weight")
    [(undated,)] = store.rows("stays/undated")
    return Counts(
        factory,
        topology,
        past,
        congestion(past, targets),
        Totals(store, topology.stages),
        _entrances(factory, topology),
        {target.of: _tally(store.ask("counts/arrivals_of", name=target.of)) for target in plant.targets},
        float(weight or 1.0),
        factory.rejected,
        int(undated),
        bool(store.counted()),
    )


def _tally(columns: dict[str, NDArray[Any]], chosen: NDArray[np.bool_] | slice = slice(None)) -> Tally:
    at, weight = np.asarray(columns["at"], dtype=np.int64), np.asarray(columns["weight"], dtype=float)
    return Tally.of(at[chosen], weight[chosen])


def _entrances(factory: Factory, topology: Topology) -> dict[str, Tally]:
    channels, rest = topology.channels_of_sources()
    columns = factory.store.ask("counts/entrances", channels=channels, stages=list(topology.stages))
    place = np.where(columns["channel"] == 0, rest, columns["channel"])
    return {name: _tally(columns, place == source) for source, name in enumerate(topology.sources, start=1)}
