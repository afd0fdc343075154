"""Waiting taken apart, against waits whose causes are known because they were made by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from factoryview.flow.verdict.basis import basis_of
from factoryview.flow.verdict.causes import CAUSES, _split, causes
from factoryview.flow.verdict.clock import Clock
from factoryview.flow.verdict.evidence import gather
from factoryview.plant.models import Plant
from tests.kit.plants.generate import generate
from tests.kit.plants.logs import store_of, tables
from tests.kit.plants.simulate import simulate


def clock(hours: int = 100, rest: tuple[int, int] | None = None) -> Clock:
    open_hours = np.ones(hours, bool)
    if rest:
        open_hours[rest[0] : rest[1]] = False
    return Clock(0.0, open_hours, np.concatenate([[0.0], np.cumsum(open_hours)]))


def split(work: list[tuple[float, float, float]], place: int, rest: tuple[int, int] | None = None) -> dict[str, float]:
    enabled, begun, done = (np.array(column, dtype=float) for column in zip(*work, strict=True))
    parts = _split(np.array([place]), (enabled, begun, done), clock(rest=rest))[0]
    return {cause: float(part) for cause, part in zip(CAUSES, parts, strict=True) if part > 0}


def test_busy_with_what_came_earlier() -> None:
    assert split([(0, 0, 5), (1, 5, 6)], 1) == {"contention": 4}


def test_busy_with_what_came_later() -> None:
    assert split([(2, 3, 5), (1, 6, 7)], 1) == {"prioritisation": 2, "rest": 3}


def test_away() -> None:
    assert split([(10, 30, 31)], 0, rest=(12, 28)) == {"unavailability": 16, "rest": 4}


def test_waiting_for_the_batch_to_fill() -> None:
    work = [(0, 10, 10.5), (4, 10, 10.6), (9, 10, 10.7)]
    assert split(work, 0) == {"batching": 9, "rest": 1}
    assert split(work, 2) == {"rest": 1}


def test_idle_without_reason() -> None:
    assert split([(0, 3, 4)], 0) == {"rest": 3}


def test_all_causes_together_are_the_wait() -> None:
    rng = np.random.default_rng(3)
    enabled = np.sort(rng.uniform(0, 80, 40))
    begun = enabled + rng.exponential(3, 40)
    order = np.argsort(begun)
    enabled, begun = enabled[order], begun[order]
    done = begun + rng.exponential(1, 40)
    parts = _split(np.arange(40), (enabled, begun, done), clock(rest=(20, 40)))
    assert parts.sum(axis=1) == pytest.approx(begun - enabled)
    assert (parts >= 0).all()


def test_shares_add_up_and_removing_a_cause_helps() -> None:
    spec = generate(3)
    stays, outcomes = tables(spec, simulate(spec), "interval")
    stays["resource"] = stays["stage"].where(stays["stage"].str.endswith("queue"))
    stays["resource"] = stays["resource"].astype(object).where(pd.notna(stays["resource"]), None)
    store = store_of(stays, outcomes, "interval")
    basis = basis_of(gather(store, Plant(name="x")))
    found = causes(store, basis, (basis.evidence.end - 720, basis.evidence.end))
    assert found
    for waiting in found.values():
        assert sum(waiting.shares.values()) == pytest.approx(1.0, abs=0.001)
        assert waiting.efficiency is not None
        assert all(waiting.efficiency <= better <= 1.0 for better in waiting.without.values())


def test_with_entries_only_night_and_day_are_told_apart() -> None:
    spec = generate(5, calendar=True)
    store = store_of(*tables(spec, simulate(spec), "entry"), "entry")
    basis = basis_of(gather(store, Plant(name="x")))
    found = causes(store, basis, (basis.evidence.end - 720, basis.evidence.end))
    assert all(set(waiting.shares) <= set(CAUSES) and waiting.efficiency is None for waiting in found.values())
    assert any(waiting.shares.get("unavailability", 0) > 0.3 for waiting in found.values())
