"""What the bottleneck costs: the value of completed cases, and over which stretch it is taken."""

from __future__ import annotations

from dataclasses import replace
from statistics import mean

import numpy as np
import pandas as pd
import pytest

from factoryview.flow.verdict.basis import Line, line_of
from factoryview.flow.verdict.bottleneck import Bottleneck, find_bottleneck
from factoryview.flow.verdict.costs import SHORTEST, Cost, completed_value, cost_of, stretch
from factoryview.flow.verdict.evidence import gather
from factoryview.flow.verdict.ribbon import Phase
from factoryview.flow.verdict.worktime import working_days
from factoryview.plant.models import Plant
from factoryview.store.database import Store
from factoryview.time import moment_of
from tests.kit.plants.generate import generate
from tests.kit.plants.logs import store_of, tables
from tests.kit.plants.simulate import simulate


@pytest.fixture(scope="module")
def made() -> tuple[Store, Line, pd.DataFrame, Bottleneck]:
    spec = generate(20)
    stays, outcomes = tables(spec, simulate(spec), "entry")
    for table in (stays, outcomes):
        number = table["case"].astype(int)
        table["value"] = (100.0 + number % 13).where(number % 4 != 0, np.nan)
    store = store_of(stays, outcomes, "entry")
    line = line_of(gather(store, Plant(name="x")))
    return store, line, outcomes, find_bottleneck(line)


def test_the_value_is_the_mean_of_the_cases_completed_in_the_window(
    made: tuple[Store, Line, pd.DataFrame, Bottleneck],
) -> None:
    store, line, outcomes, _ = made
    end = float(np.floor(line.evidence.end))
    for since, until in ((end - 720, end), (end - 1440, end - 720), (0.0, 1.0)):
        low, high = (moment_of(hour).replace(tzinfo=None) for hour in (since, until))
        rows = [row for row in outcomes.to_dict("records") if row["outcome"] == "Won" and not pd.isna(row["value"])]
        inside = [row["value"] for row in rows if low <= row["at"] < high]
        expected = mean(inside or [row["value"] for row in rows])
        assert completed_value(line, store, (since, until)) == pytest.approx(expected)


def test_a_day_gains_cases_and_their_value(made: tuple[Store, Line, pd.DataFrame, Bottleneck]) -> None:
    store, line, _, found = made
    assert found.stage is not None, "the plant is made with a constraint"
    cost = cost_of(line, found, store)
    assert cost.cases > 0
    assert cost.value is not None
    assert cost.money == pytest.approx(cost.cases * cost.value)
    assert working_days(line.evidence, *found.window) == pytest.approx(
        (found.window[1] - found.window[0]) / 24, rel=0.1
    )


def test_nothing_is_gained_without_a_bottleneck(made: tuple[Store, Line, pd.DataFrame, Bottleneck]) -> None:
    store, line, _, found = made
    cost = cost_of(line, replace(found, stage=None), store)
    assert (cost.cases, cost.money) == (0.0, 0.0)
    assert isinstance(cost, Cost)


def test_the_stretch_is_that_of_the_phase_unless_it_is_too_short(
    made: tuple[Store, Line, pd.DataFrame, Bottleneck],
) -> None:
    _, line, _, found = made
    until = found.until
    long = Phase(found.stage, until - 10 * SHORTEST, until + 1)
    assert stretch(line, found, [long]) == (until - 10 * SHORTEST, until + 1)
    short = Phase(found.stage, until - SHORTEST / 2, until + 1)
    assert stretch(line, found, [short]) == found.window
    other = Phase("elsewhere", until - 10 * SHORTEST, until + 1)
    assert stretch(line, found, [other]) == found.window
