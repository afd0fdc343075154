"""The same process as customer, team and partner live it, against counts in plain Python."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from statistics import mean, median

import numpy as np
import pandas as pd
import pytest

from factoryview.factory.privacy import REST, Gate
from factoryview.flow.verdict.basis import Basis, basis_of
from factoryview.flow.verdict.evidence import gather
from factoryview.flow.verdict.experiences import experiences, hourly_cost, visit_costs
from factoryview.plant.models import Department, Outcome, Plant, Privacy, Stage, Worker
from factoryview.store.database import Store
from factoryview.time import hours_of
from tests.kit.plants.generate import generate
from tests.kit.plants.logs import store_of, tables
from tests.kit.plants.simulate import simulate

SINCE, UNTIL = datetime(2024, 3, 1, tzinfo=UTC), datetime(2024, 4, 30, tzinfo=UTC)
WINDOW = hours_of(SINCE), hours_of(UNTIL)
CHANNELS = ("web", "fair", "fax", None)


@dataclass(frozen=True)
class Made:
    """A generated log with channels and values, and its rows."""

    store: Store
    stays: list[dict[str, object]]
    ended: list[dict[str, object]]
    """Cases that ended in the window."""
    stages: tuple[str, ...]


@cache
def made() -> Made:
    spec = generate(11)
    stays, outcomes = tables(spec, simulate(spec), "entry")
    for table in (stays, outcomes):
        number = table["case"].astype(int)
        rare = number % 200 == 0
        table["channel"] = pd.Series(np.where(rare, 2, np.where(number % 3 == 0, 3, number % 2)), table.index).map(
            lambda place: CHANNELS[place]
        )
        table["value"] = (number % 7).astype(float).where(number % 5 != 0)
    rows = stays.to_dict("records")
    ends = outcomes.to_dict("records")
    ended = [row for row in ends if SINCE.replace(tzinfo=None) <= row["at"] < UNTIL.replace(tzinfo=None)]
    return Made(store_of(stays, outcomes, "entry"), rows, ended, tuple(dict.fromkeys(stays["stage"])))


def known_of(plant: Plant) -> Basis:
    return basis_of(gather(made().store, plant))


def lead_times() -> dict[str, float]:
    """Case → hours from first sight to the end, of those that ended in the window."""
    first: dict[object, pd.Timestamp] = {}
    for row in made().stays:
        first[row["case"]] = min(first.get(row["case"], row["entered"]), row["entered"])
    return {row["case"]: (row["at"] - first[row["case"]]) / timedelta(hours=1) for row in made().ended}


def test_the_customer_waits_as_long_as_counted() -> None:
    found = experiences(made().store, known_of(Plant(name="x")), WINDOW).customer
    spans = list(lead_times().values())
    assert found is not None
    assert found.cases == len(spans) > 100
    assert found.lead_time == pytest.approx(median(spans))
    assert found.slow == pytest.approx(float(np.quantile(spans, 0.85)))
    assert 0.0 <= found.waiting_for_us <= 1.0


def test_no_customer_where_too_few_ended() -> None:
    plant = Plant(name="x", privacy=Privacy(smallest_group=len(made().ended) + 1))
    found = experiences(made().store, known_of(plant), WINDOW)
    assert (found.customer, found.partner, found.worth) == (None, {}, None)


def test_partners_are_counted_and_rare_ones_stand_together_or_not_at_all() -> None:
    plant = Plant(name="x", outcomes=(Outcome(name="Won", kind="won"), Outcome(name="Lost", kind="lost")))
    leads = lead_times()
    groups: dict[str, list[dict[str, object]]] = defaultdict(list)
    for row in made().ended:
        if row["channel"] is not None:
            groups[str(row["channel"])].append(row)
    rare = len(groups["fax"])
    assert 0 < rare < 6, "the test needs a rare channel"
    found = experiences(made().store, known_of(plant), WINDOW).partner
    assert set(found) == {"web", "fair"}
    for name, partner in found.items():
        rows = groups[name]
        assert partner.cases == len(rows)
        assert partner.completed == pytest.approx(mean(row["outcome"] == "Won" for row in rows))
        assert partner.lead_time == pytest.approx(median(leads[row["case"]] for row in rows))
        assert partner.value == pytest.approx(sum(row["value"] for row in rows if not pd.isna(row["value"])))
    open_to_all = plant.model_copy(update={"privacy": Privacy(smallest_group=rare)})
    assert experiences(made().store, known_of(open_to_all), WINDOW).partner["fax"].cases == rare
    most = len(groups["web"])
    merged = plant.model_copy(update={"privacy": Privacy(smallest_group=most)})
    others = most > len(groups["fair"])
    found = experiences(made().store, known_of(merged), WINDOW).partner
    assert "web" in found
    assert (REST in found) == (others and len(groups["fair"]) + rare >= most)


def team_plant(heads: dict[str, int], smallest: int) -> Plant:
    """One department a stage, so many people there, of so many posts."""
    stages = made().stages[: len(heads)]
    return Plant(
        name="x",
        departments=tuple(Department(name=name) for name in heads),
        stages=tuple(
            Stage(name=stage, department=name, posts=count + 1)
            for stage, (name, count) in zip(stages, heads.items(), strict=True)
        ),
        workers=tuple(Worker(stage=stage, count=count) for stage, count in zip(stages, heads.values(), strict=True)),
        privacy=Privacy(smallest_group=smallest),
    )


def test_the_load_of_teams_is_counted_and_small_ones_stand_together() -> None:
    heads = {"Sales": 8, "Desk": 3, "Legal": 4}
    plant = team_plant(heads, 6)
    found = experiences(made().store, known_of(plant), WINDOW).employee
    assert {name: (team.heads, team.vacancies) for name, team in found.items()} == {"Sales": (8, 1), REST: (7, 2)}
    end = UNTIL.replace(tzinfo=None)
    for name, places in (("Sales", [0]), (REST, [1, 2])):
        stages = [made().stages[place] for place in places]
        standing = sum(
            row["stage"] in stages and row["entered"] < end and (pd.isna(row["left"]) or row["left"] >= end)
            for row in made().stays
        )
        gone = sum(row["stage"] in stages and SINCE.replace(tzinfo=None) <= row["left"] < end for row in made().stays)
        weeks = (UNTIL - SINCE) / timedelta(weeks=1)
        count = found[name].heads
        # bins of a few hours: what comes or goes in the last one may be counted on either side
        assert found[name].open_per_head == pytest.approx(standing / count, abs=8 / count)
        assert found[name].done_per_head == pytest.approx(gone / weeks / count, rel=0.03)


@pytest.mark.parametrize(
    ("heads", "shown"),
    [
        ({"Sales": 8, "Desk": 3}, {REST: 11}),
        ({"Sales": 8, "Works": 7, "Desk": 3}, {"Sales": 8, REST: 10}),
        ({"Sales": 2, "Desk": 3}, {}),
    ],
)
def test_a_small_team_is_not_found_by_subtraction(heads: dict[str, int], shown: dict[str, int]) -> None:
    found = experiences(made().store, known_of(team_plant(heads, 6)), WINDOW).employee
    assert {name: team.heads for name, team in found.items()} == shown


def test_an_hour_costs_what_those_who_work_that_day_cost() -> None:
    plant = Plant(
        name="x",
        workers=(
            Worker(stage="A", cost_per_hour=50, count=2, until=date(2024, 4, 1)),
            Worker(stage="A", cost_per_hour=20, since=date(2024, 4, 1)),
            Worker(stage="A"),
            Worker(stage="B"),
        ),
    )
    at = datetime(2024, 3, 31, tzinfo=UTC)
    assert hourly_cost(plant, "A", at) == 50
    assert hourly_cost(plant, "A", at + timedelta(days=1)) == pytest.approx((2 * 50 + 20) / 3)
    assert hourly_cost(plant, "A", at + timedelta(days=2)) == 20
    assert hourly_cost(plant, "B", at) is None


def test_a_case_costs_its_visits_and_is_held_against_its_value() -> None:
    stages = made().stages[:2]
    plant = Plant(name="x", workers=tuple(Worker(stage=stage, cost_per_hour=1.0) for stage in stages))
    basis = known_of(plant)
    prices = visit_costs(basis, WINDOW)
    assert set(prices) == set(stages)
    worth = experiences(made().store, basis, WINDOW).worth
    visits: dict[object, float] = defaultdict(float)
    for row in made().stays:
        visits[row["case"]] += prices.get(str(row["stage"]), 0.0)
    costs = [(visits[row["case"]], row["value"]) for row in made().ended]
    dear = [(cost, value) for cost, value in costs if cost > value]
    assert worth is not None
    assert worth.by_stage == prices
    assert worth.cost_per_case == pytest.approx(mean(cost for cost, _ in costs))
    assert len(dear) >= Gate().smallest, "the test needs cases that are not worth it"
    assert worth.not_worth == len(dear)
    assert worth.their_cost == pytest.approx(mean(cost for cost, _ in dear))
    assert worth.their_value == pytest.approx(mean(value for _, value in dear))


def test_counts_know_no_customer_and_no_partner() -> None:
    spec = generate(11)
    store = store_of(*tables(spec, simulate(spec), "kpi"), "kpi")
    basis = basis_of(gather(store, Plant(name="x")))
    found = experiences(store, basis, (basis.evidence.end - 720, basis.evidence.end))
    assert (found.customer, found.partner, found.worth) == (None, {}, None)
