"""Cases that nobody picks up, in a plant where some were made to vanish."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from factoryview.flow.verdict.basis import line_of
from factoryview.flow.verdict.bottleneck import find_bottleneck
from factoryview.flow.verdict.evidence import gather
from factoryview.flow.verdict.forecast import outlook
from factoryview.flow.verdict.handovers import alarms, crosses
from factoryview.plant.models import Department, Plant, Stage
from factoryview.store.database import Store
from factoryview.time import hours_of
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
def test_the_alarm_names_how_many_since_when(share: float) -> None:
    store, lost, _ = leaking(share, 60, 70)
    evidence = gather(store, Plant(name="x"))
    line = line_of(evidence)
    found = alarms(store, evidence, {s.name: s.clock for s in line.stations}, evidence.end)
    if share == 0.0:
        assert found == []
        return
    assert [alarm.cases for alarm in found] == [len(lost)]
    assert found[0].since == pytest.approx(hours_of(lost["entered"].min().to_pydatetime()), abs=0.01)
    assert found[0].until == pytest.approx(hours_of(lost["entered"].max().to_pydatetime()), abs=0.01)


def test_forgotten_cases_do_not_pass_for_a_queue() -> None:
    healthy = leaking(0.0, 60, 70)[0]
    leaky = leaking(0.5, 60, 70)[0]
    said = [find_bottleneck(line_of(gather(each, Plant(name="x")))).stage for each in (healthy, leaky)]
    assert said[0] == said[1]


def test_only_what_crosses_departments_is_a_hand_over() -> None:
    plant = Plant(
        name="x",
        departments=(Department(name="M"), Department(name="S")),
        stages=(Stage(name="A", department="M"), Stage(name="B", department="S"), Stage(name="C", department="S")),
    )
    assert crosses(plant, "A", "B")
    assert not crosses(plant, "B", "C")
    assert not crosses(plant, None, "A")
    assert crosses(Plant(name="x"), "A", "B")


def test_the_outlook_counts_the_open_cases_as_a_plain_loop_does() -> None:
    spec = generate(SEED)
    stays, outcomes = tables(spec, simulate(spec), "entry")
    line = line_of(gather(store_of(stays, outcomes, "entry"), Plant(name="x")))
    for name, each in outlook(line, line.evidence.end).items():
        rows = stays[(stays["stage"] == name) & stays["left"].isna()]
        forgotten = len(next(s for s in line.stations if s.name == name).forgotten)
        assert each.open == len(rows) - forgotten
        assert each.older[0.5] >= each.older[0.85] >= each.older[0.95]
