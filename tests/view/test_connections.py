"""Which ways are drawn as belts, which outcomes get one, and which stages a bin."""

from __future__ import annotations

import duckdb
import numpy as np
import pytest

from factoryview.factory.factory import Factory
from factoryview.flow.moment.docks import Ending
from factoryview.plant.discover import BELT_SHARE
from factoryview.plant.models import Plant, Source, Stage, WantedBelt
from factoryview.store.database import Store
from factoryview.store.windows import Tally
from factoryview.view.connections import ENTRANCE, MOST_CHANNELS, choose_belts, choose_deliveries, choose_losing
from tests.kit.event_logs import Event, event_log

STAGES = ("Ask", "Check", "Offer", "Audit")
Flows = list[tuple[str | None, str, float]]


def factory(plant: Plant) -> Factory:
    store = Store.build(event_log(duckdb.connect(), "entry", [Event(0, "c", "Ask", 0)]))
    return Factory(plant, store, "x", (), 0, {}, 1)


def plant(sources: int = 2, belts: tuple[WantedBelt, ...] = ()) -> Plant:
    named = tuple(Source(name=f"s{k}") for k in range(sources))
    return Plant(name="x", stages=tuple(Stage(name=name) for name in STAGES), sources=named, belts=belts)


def ending(count: int) -> Ending:
    at = np.arange(count, dtype=np.int64)
    return Ending(at, np.zeros(count, np.int8), Tally.of(at, np.ones(count)), np.zeros(count, np.int32), ("",))


def test_rare_ways_have_no_belt_but_every_stage_keeps_its_strongest() -> None:
    flows: Flows = [("s0", "Ask", 900), ("Ask", "Offer", 800), ("Ask", "Check", 3), ("Check", "Audit", 1),
                    ("Ask", "Audit", 2), ("Offer", "Ask", 4)]  # fmt: skip
    total = sum(flow for _, _, flow in flows)
    made = plant()
    drawn, ways = choose_belts(factory(made), made.sources, STAGES, flows, total, ())
    assert ("Ask", "Offer") in drawn
    assert ("Ask", "Check") in drawn, "the only way into Check"
    assert ("Check", "Audit") in drawn, "the only way out of Check"
    assert ("Ask", "Audit") in drawn, "the strongest way into Audit"
    assert total * BELT_SHARE > 4
    assert ("Offer", "Ask") in drawn, "the only way out of Offer"
    assert set(ways.values()) == set(drawn)
    assert ways["s0", "Ask"] == (ENTRANCE + "s0", "Ask")


def test_what_goes_nowhere_special_and_rarely_is_left_out() -> None:
    flows: Flows = [("s0", "Ask", 900), ("Ask", "Offer", 800), ("Offer", "Check", 700), ("Check", "Audit", 700),
                    ("Check", "Ask", 1)]  # fmt: skip
    made = plant()
    drawn, ways = choose_belts(factory(made), made.sources, STAGES, flows, 3101, ())
    assert ("Check", "Ask") not in drawn
    assert ("Check", "Ask") not in ways
    kept, _ = choose_belts(factory(made), made.sources, STAGES, flows, 3101, (("Check", "Ask"),))
    assert ("Check", "Ask") in kept, "what was drawn before stays"


def test_a_belt_the_plant_names_is_drawn_without_any_case() -> None:
    made = plant(belts=(WantedBelt(origin="Audit", target="Offer"), WantedBelt(origin="s1", target="Check")))
    drawn, _ = choose_belts(factory(made), made.sources, STAGES, [("s0", "Ask", 10.0)], 10, ())
    assert drawn["Audit", "Offer"] == 0.0
    assert drawn[ENTRANCE + "s1", "Check"] == 0.0


def test_channels_beyond_the_most_come_in_together() -> None:
    made = plant(sources=MOST_CHANNELS + 3)
    flows: Flows = [(f"s{k}", "Ask", 100.0) for k in range(MOST_CHANNELS + 3)]
    flows.append((None, "Ask", 50.0))
    drawn, ways = choose_belts(factory(made), made.sources, STAGES, flows, 950, ())
    rest = ENTRANCE + made.sources[MOST_CHANNELS].name
    assert drawn[rest, "Ask"] == 350.0
    assert {ways[f"s{k}", "Ask"] for k in range(MOST_CHANNELS, MOST_CHANNELS + 3)} == {(rest, "Ask")}
    assert ways[None, "Ask"] == (rest, "Ask")


def test_a_channel_called_like_a_stage_is_told_apart() -> None:
    made = plant()
    drawn, ways = choose_belts(factory(made), made.sources, STAGES, [("Check", "Ask", 9.0), ("s0", "Ask", 9.0)], 18, ())
    assert ways["Check", "Ask"] == ("Check", "Ask"), "a way from a stage"
    assert set(drawn) == {("Check", "Ask"), (ENTRANCE + "s0", "Ask")}


@pytest.mark.parametrize(("few", "drawn"), [(1, False), (30, True)])
def test_a_dock_has_the_belts_that_carry_something_and_its_strongest_in_any_case(few: int, drawn: bool) -> None:
    flows: Flows = [("s0", "Offer", 1000.0), ("s0", "Check", 1000.0)]
    ended = {("Offer", "Paid"): ending(900), ("Check", "Paid"): ending(few), ("Check", "Stopped"): ending(1)}
    found = choose_deliveries(("Paid", "Stopped"), dict(ended), STAGES, flows)
    assert ("Offer", "Paid") in found
    assert (("Check", "Paid") in found) == drawn
    assert ("Check", "Stopped") in found


def test_a_bin_stands_where_at_least_one_of_a_hundred_is_lost() -> None:
    flows: Flows = [("s0", "Offer", 1000.0), ("s0", "Check", 1000.0), ("s0", "Ask", 1000.0)]
    ended = {
        ("Offer", "Lost"): ending(10), ("Offer", "Dropped"): ending(40), ("Check", "Lost"): ending(9),
        ("Ask", "Paid"): ending(500), (None, "Lost"): ending(500), ("Lost", "Lost"): ending(500),
    }  # fmt: skip
    assert choose_losing(dict(ended), {"Lost", "Dropped"}, STAGES, flows) == {"Offer": ("Lost", "Dropped")}
