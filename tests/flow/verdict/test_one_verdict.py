"""The law of one verdict: picture, words, `explain` and key figures say the same of the same moment."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from factoryview.factory.factory import Factory
from factoryview.factory.opening import open_factory
from factoryview.flow.verdict.sentences import sentences, what_first
from factoryview.flow.verdict.verdict import verdict
from factoryview.resources import data_file
from tests.kit.one_verdict import Voices
from tests.kit.small_plants import kept

SHARED = Path(__file__).parents[3] / ".." / "shared" / "data"
REAL = ("crm/sales_pipeline.csv", "permits/receipt.csv.gz", "production/Production.csv.gz")


@cache
def voices(name: str) -> Voices:
    if name in ("jammed", "calm", "reworked"):
        factory: Factory = kept(name).model.factory
    else:
        factory = open_factory(SHARED / name if "/" in name else data_file(name))
    return Voices(factory)


@pytest.mark.parametrize("name", ["jammed", "calm", "reworked", "umsatzwerk.toml", "permits.toml"])
def test_nothing_contradicts_anything_at_random_moments(name: str) -> None:
    voice = voices(name)
    moments = [*voice.moments(3, name), voice.model.last]
    assert {at: voice.differences(at) for at in moments} == {at: [] for at in moments}


def test_where_waiting_costs_time_only_both_ask_why_it_lasts_longer() -> None:
    factory = voices("umsatzwerk.toml").model.factory
    said = verdict(factory.store, factory.plant, at=datetime(2025, 3, 11, 9, tzinfo=UTC))
    assert said.cost is not None
    assert (said.cost.case, what_first(said, factory.plant)) == ("sure", "stage")
    slower = said.model_copy(update={"cost": said.cost.model_copy(update={"case": "time"})})
    assert what_first(slower, factory.plant) == "longer"
    assert "Look first at why cases wait longer at Offer." in sentences(slower, factory.plant, "en")


@pytest.mark.skipif(not SHARED.exists(), reason="the real logs (../shared/data) are not here")
@pytest.mark.parametrize("name", REAL)
def test_nothing_contradicts_anything_on_a_real_log(name: str) -> None:
    voice = voices(name)
    moments = [*voice.moments(2, name), voice.model.last]
    assert {at: voice.differences(at) for at in moments} == {at: [] for at in moments}
