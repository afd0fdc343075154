"""The verdict's numbers on the real logs, against plain loops over their rows; skipped where the data is missing."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from factoryview.factory.factory import Factory
from factoryview.factory.opening import open_factory
from factoryview.flow.moment.levels import RED
from factoryview.flow.verdict.evidence import gather
from factoryview.flow.verdict.findings import findings_of
from factoryview.flow.verdict.law import balance
from factoryview.flow.verdict.verdict import verdict
from factoryview.flow.verdict.visits import Visits
from factoryview.time import hours_of

DATA = Path(__file__).parents[2] / ".." / "shared" / "data"
LOGS = ("crm/sales_pipeline.csv", "permits/receipt.csv.gz", "production/Production.csv.gz")

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the real logs (../shared/data) are not here")


@cache
def factory(log: str) -> Factory:
    return open_factory(DATA / log)


@pytest.mark.parametrize("log", LOGS)
def test_presence_stay_and_rate_are_those_of_a_plain_loop(log: str) -> None:
    made = factory(log)
    evidence = gather(made.store, made.plant)
    since = evidence.begin + 0.2 * (evidence.end - evidence.begin)
    until = evidence.begin + 0.8 * (evidence.end - evidence.begin)
    rows = made.store.engine.connection.execute(
        'select stage, entered, "left" from stays where entered is not null'
    ).fetchall()
    compared = 0
    for index, stage in enumerate(evidence.stages):
        known = evidence.visits[index]
        found = balance(known.only(~_imputed(known, made)), since, until)
        present, stays = 0.0, []
        for name, entered, left in rows:
            if name != stage:
                continue
            begin, end = hours_of(entered), hours_of(left) if left is not None else float("inf")
            present += max(min(end, until) - max(begin, since), 0.0)
            if since <= end < until:
                stays.append(end - begin)
        if found is None:
            assert len(stays) < 30
            continue
        compared += 1
        assert found.rate == pytest.approx(len(stays) / (until - since))
        assert found.stay == pytest.approx(sum(stays) / len(stays), abs=1e-6)
        assert found.standing == pytest.approx(present / (until - since), abs=1e-6)
    assert compared


def _imputed(visits: Visits, made: Factory) -> NDArray[np.bool_]:
    """Cases that a log of completions shows only at the exit before: open stays it has no row for."""
    left, started = visits.left, visits.started
    if made.store.meaning == "completion":
        return ~np.isfinite(left)
    if made.store.meaning == "interval":
        return ~np.isfinite(left) & np.isnan(started)
    return np.zeros(len(left), bool)


@pytest.mark.parametrize("log", LOGS)
def test_a_verdict_is_said_with_reasons_and_without_names(log: str) -> None:
    made = factory(log)
    found = verdict(made.store, made.plant)
    assert (found.bottleneck.stage is None) == (found.bottleneck.kind == "none")
    assert set(found.methods.values()) <= {None, *found.congestion}


def test_a_job_shop_is_not_red_for_seven_cases_and_a_growing_pile_of_counts_is() -> None:
    shop = factory(LOGS[2])
    assert findings_of(shop.store, shop.plant).jams.levels.level.max() < RED
    weekly = open_factory(DATA.parent / "faults" / "words" / "g_kpi_woche.csv")
    levels = findings_of(weekly.store, weekly.plant).jams.levels
    red = levels.level == RED
    assert [stage for stage, days in zip(levels.stages, red, strict=True) if days.any()] == ["Angebot"]
    first = int(np.flatnonzero(red.any(axis=0))[0])
    assert red[levels.stages.index("Angebot"), first:].all(), "it grows for 210 days"


def test_losses_of_the_crm_are_counted_as_a_plain_loop_counts_them() -> None:
    made = factory(LOGS[0])
    found = verdict(made.store, made.plant)
    since, until = (moment.replace(tzinfo=None) for moment in found.period)
    rows = made.store.engine.connection.execute('select via, outcome, "at" from outcomes').fetchall()
    for leak in found.leaks:
        assert leak.cases == sum(
            via == leak.stage and outcome == leak.outcome and since <= at < until for via, outcome, at in rows
        )
    assert found.leaks
