"""What the bottleneck costs: held back and waiting, its money, against counts in plain Python and simulated truth."""

from __future__ import annotations

from datetime import datetime
from statistics import mean

import numpy as np
import pandas as pd
import pytest

from factoryview.flow.verdict.basis import Basis, basis_of
from factoryview.flow.verdict.costs import completed_value, cost_of
from factoryview.flow.verdict.evidence import gather, known_at
from factoryview.flow.verdict.heldback import HeldUp, held_back
from factoryview.plant.models import Plant
from factoryview.store.database import Store
from factoryview.time import moment_of
from tests.bench.costs import judge, table
from tests.kit.plants.costs import DAYS
from tests.kit.plants.costs import generate as jammed
from tests.kit.plants.generate import generate
from tests.kit.plants.logs import EPOCH, store_of, tables
from tests.kit.plants.simulate import simulate

ZERO = EPOCH.timestamp() / 3600


@pytest.fixture(scope="module")
def made() -> tuple[Store, Basis, pd.DataFrame, pd.DataFrame]:
    spec = generate(20)
    stays, outcomes = tables(spec, simulate(spec), "entry")
    for frame in (stays, outcomes):
        number = frame["case"].astype(int)
        frame["value"] = (100.0 + number % 13).where(number % 4 != 0, np.nan)
    store = store_of(stays, outcomes, "entry")
    return store, basis_of(gather(store, Plant(name="x"))), stays, outcomes


def plain(hour: float) -> datetime:
    return moment_of(hour).replace(tzinfo=None)


def test_the_value_is_the_mean_of_the_cases_completed_in_the_window_or_of_all_until_then(
    made: tuple[Store, Basis, pd.DataFrame, pd.DataFrame],
) -> None:
    store, basis, _, outcomes = made
    end = float(np.floor(basis.evidence.end))
    rows = [row for row in outcomes.to_dict("records") if row["outcome"] == "Won" and not pd.isna(row["value"])]
    for since, until in ((end - 720, end), (end - 1440, end - 720), (end - 720 - 1 / 60, end - 720)):
        so_far = [row for row in rows if row["at"] < plain(until)]
        inside = [row["value"] for row in so_far if row["at"] >= plain(since)]
        expected = mean(inside or [row["value"] for row in so_far])
        assert completed_value(basis, store, (since, until)) == pytest.approx(expected)


def test_the_money_tied_up_is_that_of_what_stands_there_along_the_window(
    made: tuple[Store, Basis, pd.DataFrame, pd.DataFrame],
) -> None:
    store, basis, stays, _ = made
    stage = max(basis.stations, key=lambda each: len(each.visits.entered)).name
    end = float(np.floor(basis.evidence.end))
    since, until = plain(end - 720), plain(end)
    total, hours = 0.0, 0.0
    for row in stays[(stays["stage"] == stage) & stays["value"].notna()].to_dict("records"):
        left = until if pd.isna(row["left"]) else min(row["left"], until)
        there = (left - max(row["entered"], since)).total_seconds() / 3600
        if there > 0:
            total, hours = total + row["value"] * there, hours + there
    cost = cost_of(basis, store, stage, end - 1000, (end - 720, end))
    if cost.held.standing <= 0:
        pytest.fail("nothing is held up there")
    assert cost.tied_up == pytest.approx(cost.held.standing * total / hours)


def test_what_is_held_up_is_who_stands_there_beyond_those_at_work() -> None:
    """In an overloaded plant a fast stage would have nobody waiting: all that wait are held up."""
    spec, stage, _ = jammed("overload", 1)
    stays, outcomes = tables(spec, simulate(spec), "entry")
    basis = basis_of(gather(store_of(stays, outcomes, "entry"), Plant(name="x")))
    name = spec.machines[stage].name
    index = basis.evidence.index(name)
    held, servers = HeldUp(basis, index), basis.stations[index].servers
    here = stays[stays["stage"] == name]
    for share in (0.3, 0.6, 0.9):
        hour = ZERO + share * DAYS * 24
        there = ((here["entered"] <= plain(hour)) & ~(here["left"] <= plain(hour))).sum()
        assert float(held(np.array([hour]))[0]) == pytest.approx(max(there - servers, 0), abs=3)


def test_nothing_later_than_the_window_is_used() -> None:
    spec, stage, onset = jammed("near", 2)
    stays, outcomes = tables(spec, simulate(spec), "entry")
    whole = gather(store_of(stays, outcomes, "entry"), Plant(name="x"))
    cut = ZERO + 0.7 * DAYS * 24
    known = stays[stays["entered"] <= plain(cut)].copy()
    later = known["left"] > plain(cut)
    known.loc[later, ["left", "next"]] = [pd.NaT, None]
    early = gather(store_of(known, outcomes[outcomes["at"] <= plain(cut)], "entry"), Plant(name="x"))
    name = spec.machines[stage].name
    found = [held_back(basis_of(each), name, ZERO + onset) for each in (known_at(whole, early.end), early)]
    assert found[0] == found[1]


def test_whole_jams_cost_about_what_a_simulation_with_a_fast_stage_gains() -> None:
    """A small sample of `tests.bench costs`."""
    kinds = ("overload", "calendars", "shift", "two", "age")
    found = [answer for kind in kinds for seed in range(500, 502) for answer in judge((kind, seed, 0))]
    whole = [answer for answer in found if answer.window == "whole" and answer.case != "unseen"]
    assert len(whole) >= 15
    assert np.mean([answer.near for answer in whole]) >= 0.8
    assert table(found)


def test_where_the_arrivals_are_not_in_the_log_the_cost_is_unknown_and_no_number() -> None:
    seed = next(seed for seed in range(40) if jammed("overload", seed)[1] == 0)
    spec, stage, onset = jammed("overload", seed)
    store = store_of(*tables(spec, simulate(spec), "interval"), "interval")
    basis = basis_of(gather(store, Plant(name="x")))
    name = spec.machines[stage].name
    cost = cost_of(basis, store, name, ZERO + onset)
    assert cost.case == "unseen"
    assert (cost.per_day, cost.lost_per_day, cost.tied_up) == (None, None, None)
