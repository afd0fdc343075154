"""Cases that nobody picks up, in a plant where some were made to vanish."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from factoryview.flow.moment.judging import judge
from factoryview.flow.verdict.basis import basis_of
from factoryview.flow.verdict.bottleneck import find_bottleneck
from factoryview.flow.verdict.evidence import gather
from factoryview.flow.verdict.forecast import outlook
from factoryview.flow.verdict.handovers import FAR, OVERTAKEN, forgotten
from factoryview.flow.verdict.verdict import verdict
from factoryview.plant.models import Plant
from factoryview.store.database import Store
from tests.kit.plants.generate import generate
from tests.kit.plants.logs import store_of, tables
from tests.kit.plants.simulate import simulate

SEED = 8


def leaking(share: float, since: int, until: int) -> tuple[Store, pd.DataFrame, int]:
    """A log in which a share of what goes from the first to the second stage is never touched again."""
    spec = generate(SEED)
    stays, outcomes = tables(spec, simulate(spec), "entry")
    first, second = spec.machines[0].name, spec.machines[1].name
    begin = stays["entered"].min()
    rng = np.random.default_rng(0)
    handed = (stays["stage"] == second) & (stays["via"] == first)
    within = stays["entered"].between(begin + pd.Timedelta(days=since), begin + pd.Timedelta(days=until))
    lost = stays[handed & within & (rng.random(len(stays)) < share)]
    keep = ~stays["case"].isin(lost["case"]) | (stays["id"].isin(lost["id"]))
    stays = stays[keep].copy()
    stays.loc[stays["id"].isin(lost["id"]), ["left", "next"]] = [pd.NaT, None]
    outcomes = outcomes[~outcomes["case"].isin(lost["case"])]
    return store_of(stays, outcomes, "entry"), lost, len(stays)


@pytest.mark.parametrize("share", [0.5, 0.0])
def test_who_is_left_lying_is_told_with_number_and_dates_of_those_that_stand_there(share: float) -> None:
    store, lost, _ = leaking(share, 60, 70)
    found = verdict(store, Plant(name="x"))
    if share == 0.0:
        assert found.handovers == []
        return
    [part] = found.handovers
    assert part.stage == lost["stage"].iloc[0]
    assert part.origin == lost["via"].iloc[0]
    known = judge(store, Plant(name="x"), tuple(found.stages)).wrecks
    assert part.cases == len(known.id) <= found.stages[part.stage].standing
    assert set(known.id.tolist()) <= set(lost["id"])
    assert len(known.id) >= 0.95 * len(lost)
    entered = lost[lost["id"].isin(known.id.tolist())]["entered"]
    assert part.since == entered.min().tz_localize("UTC")
    assert part.until == entered.max().tz_localize("UTC")


def test_forgotten_cases_do_not_pass_for_a_queue() -> None:
    healthy = leaking(0.0, 60, 70)[0]
    leaky = leaking(0.5, 60, 70)[0]
    said = [find_bottleneck(basis_of(gather(each, Plant(name="x")))).stage for each in (healthy, leaky)]
    assert said[0] == said[1]


def test_the_outlook_counts_the_open_cases_as_a_plain_loop_does() -> None:
    spec = generate(SEED)
    stays, outcomes = tables(spec, simulate(spec), "entry")
    basis = basis_of(gather(store_of(stays, outcomes, "entry"), Plant(name="x")))
    for name, each in outlook(basis, basis.evidence.end).items():
        rows = stays[(stays["stage"] == name) & stays["left"].isna()]
        every = basis.evidence.visits[basis.evidence.stages.index(name)]
        lost = forgotten(every, next(s for s in basis.stations if s.name == name).clock, basis.evidence.end)
        assert each.open == len(rows) - lost.sum()
        assert each.older[0.5] >= each.older[0.85] >= each.older[0.95]


def test_forgotten_is_who_has_stood_far_too_long_while_many_later_ones_left() -> None:
    basis = basis_of(gather(leaking(0.3, 60, 120)[0], Plant(name="x")))
    found = 0
    for station, visits in zip(basis.stations, basis.evidence.visits, strict=True):
        end = basis.evidence.end
        entered = station.clock.worked(visits.entered)
        now = float(station.clock.worked(np.array([end]))[0])
        gone = np.isfinite(visits.left)
        if gone.sum() < 2 * OVERTAKEN:
            continue
        limit = FAR * float(np.quantile(station.clock.worked(visits.left[gone]) - entered[gone], 0.99))
        expected = [
            not gone[i] and now - entered[i] > limit and sum(gone[i:].tolist()) >= OVERTAKEN for i in range(len(gone))
        ]
        assert forgotten(visits, station.clock, end).tolist() == expected
        found += sum(expected)
    assert found > 5
