"""Queues, delays and batches are told apart, and servers counted, on generated plants."""

from __future__ import annotations

import numpy as np
import pytest

from factoryview.flow.verdict.basis import basis_of
from factoryview.flow.verdict.bottleneck import find_bottleneck
from factoryview.flow.verdict.clock import Clock
from factoryview.flow.verdict.evidence import Visits, gather, known_at
from factoryview.flow.verdict.stations import Station, count_servers, stations
from factoryview.plant.models import Plant, Stage, Worker
from tests.kit.plants.generate import generate
from tests.kit.plants.logs import Meaning, store_of, tables
from tests.kit.plants.simulate import simulate

SEEDS = range(20, 28)


def known(seed: int, meaning: Meaning, plant: Plant | None = None) -> dict[str, Station]:
    spec = generate(seed)
    evidence = gather(store_of(*tables(spec, simulate(spec), meaning), meaning), plant or Plant(name="x"))
    return {station.name: station for station in stations(evidence)}


@pytest.mark.parametrize("meaning", ["entry", "interval"])
def test_no_delay_or_batch_is_taken_for_a_queue(meaning: Meaning) -> None:
    for seed in SEEDS:
        for name, station in known(seed, meaning).items():
            if not name.endswith("queue"):
                assert station.kind == name.split()[1], (seed, name)


@pytest.mark.parametrize("meaning", ["entry", "interval", "completion"])
def test_the_first_hours_of_a_log_are_judged_without_a_mistake(meaning: Meaning) -> None:
    spec = generate(SEEDS[0])
    evidence = gather(store_of(*tables(spec, simulate(spec), meaning), meaning), Plant(name="x"))
    moments = np.sort(np.concatenate([np.concatenate([v.entered, v.started, v.left]) for v in evidence.visits]))
    moments = np.unique(moments[np.isfinite(moments)])[:25]
    assert len(moments) == 25
    for moment in moments:
        basis = basis_of(known_at(evidence, float(moment)))
        assert all(station.servers >= 1 for station in basis.stations)
        assert find_bottleneck(basis).stage in (None, *evidence.stages)


def test_servers_are_counted_where_starts_are_known() -> None:
    right = total = 0
    for seed in SEEDS:
        spec = generate(seed)
        found = known(seed, "interval")
        for machine in spec.machines:
            station = found[machine.name]
            if station.kind == "queue":
                total += 1
                right += station.servers == machine.servers
    assert right / total > 0.9


def test_servers_are_estimated_from_entries() -> None:
    """A queue of two servers, used 70 %: the rate of departures stops growing at two."""
    rng = np.random.default_rng(1)
    arrivals = np.cumsum(rng.exponential(1.0, 4000))
    ends = _two_servers(arrivals, rng)
    hours = int(ends.max()) + 2
    clock = Clock(0.0, np.ones(hours, bool), np.arange(hours + 1.0))
    n = len(arrivals)
    visits = Visits(arrivals, np.full(n, np.nan), ends, np.zeros(n, np.int64), np.zeros(n, bool))
    assert count_servers(visits, clock) == 2


def _two_servers(arrivals: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    free, ends = [0.0, 0.0], []
    for arrival in arrivals:
        server = free.index(min(free))
        free[server] = max(arrival, free[server]) + rng.exponential(1.4)
        ends.append(free[server])
    return np.array(ends)


def test_the_plant_is_believed_about_kinds_and_staff() -> None:
    spec = generate(21)
    name = spec.machines[0].name
    plant = Plant(name="x", stages=(Stage(name=name, kind="queue", posts=9),), workers=(Worker(stage=name, count=7),))
    station = known(21, "entry", plant)[name]
    assert station.kind == "queue"
    assert station.servers == 7
