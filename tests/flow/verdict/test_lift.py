"""Replaying a log with a faster stage: what must and what must not come out of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from factoryview.flow.verdict.basis import Basis, basis_of
from factoryview.flow.verdict.bins import impatience
from factoryview.flow.verdict.evidence import Evidence
from factoryview.flow.verdict.law import balance
from factoryview.flow.verdict.lift import lift, routing
from factoryview.flow.verdict.visits import Visits
from factoryview.plant.models import Plant, Stage

DAYS = 90


def serve(arrivals: np.ndarray, hours: float, until: float) -> np.ndarray:
    """One server, first in, first out, constant work; +inf where not done by the end."""
    free, ends = 0.0, []
    for arrival in arrivals:
        free = max(arrival, free) + hours
        ends.append(free)
    left = np.array(ends)
    return np.where(left <= until, left, np.inf)


def tandem(first: float, second: float, every: float = 1.0) -> Basis:
    """Two stages of one server in a row; a case every `every` hours; work in hours."""
    until = DAYS * 24.0
    plant = Plant(name="x", stages=tuple(Stage(name=name, kind="queue", posts=1) for name in "AB"))
    entered = np.arange(0.0, until, every)
    parts = []
    for hours, way in ((first, 1), (second, 2)):
        left = serve(entered, hours, until)
        nothing = np.full(len(entered), np.nan)
        nexts = np.where(np.isfinite(left), way, -1)
        parts.append(Visits(entered, nothing, left, nexts, np.zeros(len(entered), bool)))
        entered = left[np.isfinite(left)]
    good = np.array([False, False, True])
    return basis_of(Evidence(plant, "entry", ("A", "B"), ("A", "B", "Won"), tuple(parts), good, 0.0, until, 1.0))


def gains(basis: Basis, factor: float = 1.25) -> list[float]:
    length = basis.bins.per_window
    first = np.array([len(basis.bins.departures) - length])
    return lift(basis.bins, basis.evidence, basis.stations, first, length, factor).final[0].tolist()


def test_the_overloaded_stage_gains_what_it_could_do_more() -> None:
    basis = tandem(1.25, 0.5)
    upstream, downstream = gains(basis)
    assert upstream == pytest.approx(0.25 * 720 / 1.25, rel=0.03)
    assert downstream == pytest.approx(0.0, abs=1.0)


def test_a_jam_before_a_slower_stage_gains_nothing() -> None:
    basis = tandem(1.2, 1.4)
    upstream, downstream = gains(basis)
    assert upstream == pytest.approx(0.0, abs=2.0)
    assert downstream > 50


def test_the_next_constraint_limits_the_gain() -> None:
    basis = tandem(1.25, 1.2)
    upstream, _ = gains(basis, 4.0)
    assert upstream == pytest.approx(720 / 1.2 - 720 / 1.25, abs=4.0)


def test_speed_without_a_queue_gains_nothing() -> None:
    assert gains(tandem(0.5, 0.6)) == pytest.approx([0.0, 0.0], abs=0.5)


def test_those_who_gave_up_are_told_from_those_turned_down() -> None:
    rng = np.random.default_rng(5)
    waiting = np.repeat(rng.uniform(0, 60, 200), 5)
    served = rng.poisson(20, 1000).astype(float)
    gave_up = rng.poisson(0.05 * waiting)
    turned_down = rng.poisson(0.2 * served)
    lost = (gave_up + turned_down).astype(float)
    found = impatience(lost, served + lost, waiting)
    assert found.sum() == pytest.approx(gave_up.sum(), rel=0.1)
    constant = turned_down.astype(float)
    assert impatience(constant, served + constant, waiting).sum() == 0


def test_littles_law_holds_where_as_much_leaves_as_comes() -> None:
    basis = tandem(0.9, 0.5)
    found = balance(basis.stations[0].visits, 0.0, DAYS * 24.0)
    assert found is not None
    assert found.holds
    growing = balance(tandem(1.25, 0.5).stations[0].visits, 0.0, DAYS * 24.0)
    assert growing is not None
    assert not growing.holds


def replayed(basis: Basis, begin: int, length: int, faster: int, factor: float) -> float:
    """Extra cases completed by the end of one window if one stage were so many times as fast, stage by stage."""
    bins, stations = basis.bins, basis.stations
    ways, good = (part[0] for part in routing(bins, basis.evidence, np.array([begin]), length))
    window = slice(begin, begin + length)
    stages = range(len(stations))
    served = bins.departures - bins.given_up
    speed = [served[window, s].sum() / used if (used := bins.used[window, s].sum()) > 0 else 0.0 for s in stages]
    extra, coming, done = [0.0] * len(stations), [0.0] * len(stations), 0.0
    for b in range(begin, begin + length):
        leaving = []
        for s in stages:
            waiting = bins.waiting[b, s]
            if waiting > 0:
                extra[s] += bins.given_up[b, s] * min(max(-extra[s] / waiting, -1.0), 1.0)
            idle = max(bins.offered[b, s] - bins.used[b, s], 0.0) * speed[s]
            ready, could = extra[s] + coming[s], idle
            if s == faster and stations[s].kind == "queue":
                ready, could = ready + waiting, (factor - 1) * served[b, s] + factor * idle
            leaving.append(min(could, ready) if stations[s].kind == "queue" else coming[s])
            extra[s] += coming[s] - leaving[s]
        coming = [sum(leaving[s] * ways[s, to] for s in stages) for to in stages]
        done += sum(leaving[s] * good[s] for s in stages)
    return done


def test_all_windows_and_stages_at_once_are_as_each_by_itself() -> None:
    random, moved = np.random.default_rng(2), 0
    for first, second in ((1.25, 1.3), (1.2, 0.5), (0.9, 1.1)):
        basis = tandem(first, second)
        shape = basis.bins.waiting.shape
        gone = np.where(random.random(shape) < 0.2, random.random(shape), 0.0)
        for given_up in (basis.bins.given_up, np.minimum(gone, basis.bins.departures)):
            lived = replace(basis, bins=replace(basis.bins, given_up=given_up))
            for stations in (basis.stations, [replace(basis.stations[0], kind="delay"), basis.stations[1]]):
                each = replace(lived, stations=stations)
                length = 40
                begins = np.array([0, 17, shape[0] - length])
                found = lift(each.bins, each.evidence, stations, begins, length, 1.25).final
                for row, begin in enumerate(begins.tolist()):
                    plain = [replayed(each, begin, length, stage, 1.25) for stage in range(2)]
                    assert found[row] == pytest.approx(plain, abs=1e-9)
                    moved += sum(gain > 1 for gain in plain)
    assert moved > 5
