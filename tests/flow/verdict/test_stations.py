"""Queues, delays and batches are told apart, and servers counted, on generated plants."""

from __future__ import annotations

import numpy as np
import pytest

from factoryview.flow.verdict.basis import basis_of
from factoryview.flow.verdict.bottleneck import find_bottleneck
from factoryview.flow.verdict.clock import Clock
from factoryview.flow.verdict.evidence import gather, known_at
from factoryview.flow.verdict.stations import (
    DOUBT,
    Station,
    count_servers,
    count_servers_between,
    presence,
    stations,
)
from factoryview.flow.verdict.visits import Visits
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


@pytest.mark.parametrize("size", [60, 6_000])
def test_work_in_progress_is_that_of_a_count_step_by_step(size: int) -> None:
    """Moments are whole hours, so that many come and go at once: who leaves goes first."""
    random = np.random.default_rng(size)
    entered = np.sort(random.integers(0, size // 3, size)).astype(float)
    stay = random.integers(1, 9, size).astype(float)
    left = np.where(random.random(size) < 0.05, np.inf, entered + stay)
    follow = np.where(np.isfinite(left), random.integers(-1, 3, size), -1)
    visits = Visits(entered, np.full(size, np.nan), left, follow, np.zeros(size, bool))
    lost = np.array([False, False, True])
    since, until = size / 12, size / 4
    clock = Clock(0.0, np.ones(size, bool), np.arange(size + 1.0))
    for ways in (None, lost):
        time, leaving = presence(visits, clock, since, until, ways)
        moves = [(at, 1, False) for at in entered.tolist()]
        for at, way in zip(left.tolist(), follow.tolist(), strict=True):
            if np.isfinite(at):
                moves.append((at, -1, ways is None or way < 0 or not ways[way]))
        standing, last, spent, before = 0, since, [0.0] * len(time), []
        for at, step, served in sorted(moves, key=lambda move: move[:2]):
            if since <= at < until:
                spent[max(standing, 0)] += at - last
                last = at
                if served:
                    before.append(standing)
            standing += step
            if at < until:
                known_until = standing
        spent[max(known_until, 0)] += until - last
        assert time.tolist() == pytest.approx(spent)
        assert sorted(leaving.tolist()) == sorted(before)
        assert len(before) > 10


@pytest.mark.parametrize("stretch", [(0.0, 500.0), (700.0, 1_900.0), (3_000.0, 9_000.0)])
def test_servers_in_a_stretch_are_those_of_its_visits_alone(stretch: tuple[float, float]) -> None:
    """More servers later on; a case that nobody picks up stands there from the beginning."""
    rng = np.random.default_rng(4)
    entered = np.cumsum(rng.exponential(1.0, 6_000))
    free, ends = [0.0] * 3, []
    for number, arrival in enumerate(entered):
        server = int(np.argmin(free[: 1 if number < 600 else 3]))
        free[server] = max(arrival, free[server]) + rng.exponential(0.9 if number < 600 else 2.4)
        ends.append(free[server])
    left = np.array(ends)
    left[[0, 5]] = np.inf
    follow = np.where(np.isfinite(left), rng.integers(0, 3, len(left)), -1)
    visits = Visits(entered, np.full(len(left), np.nan), left, follow, np.zeros(len(left), bool))
    clock = Clock(0.0, np.ones(20_000, bool), np.arange(20_001.0))
    lost, (since, until) = np.array([False, False, True]), stretch
    there = (left >= since) & (entered < until)
    end = min(until, max(left[np.isfinite(left)].max(), entered.max()))
    moments = sorted({since, end, *entered[there & (entered >= since)], *left[there & (left < until)]})
    level = [int((there & (entered <= at) & (left > at)).sum()) for at in moments[:-1]]
    time = np.bincount(level, np.diff(moments))
    gone = np.flatnonzero(there & (left >= since) & (left < until) & (follow != 2))
    before = np.array([int((there & (entered < left[i]) & (left >= left[i])).sum()) for i in gone])
    choices = range(1, len(time))
    likelihood = [
        np.log(np.minimum(before, c)).sum() - len(before) * np.log(np.minimum(np.arange(len(time)), c) @ time)
        for c in choices
    ]
    best = choices[int(np.argmax(likelihood))]
    found = count_servers_between(visits, clock, since, until, before=best + 1, lost=lost)
    clear = likelihood[best - 1] - (likelihood[best] if best < len(likelihood) else -np.inf) >= DOUBT
    assert found == (best if clear else best + 1)
    assert count_servers_between(visits, clock, 20_000.0, 20_010.0, before=7, lost=lost) == 7
