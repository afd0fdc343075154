"""Which machines, belts, docks and sources a plant has, and that they stay where they are when more comes."""

from __future__ import annotations

import duckdb
import numpy as np
import pytest

from factoryview.factory.factory import Factory
from factoryview.plant.models import Outcome, Plant, Source, Stage
from factoryview.store.database import Store
from factoryview.time import HOUR
from factoryview.view.model import Model
from factoryview.view.topology import Topology
from tests.kit.event_logs import Event, event_log
from tests.kit.plain import visits
from tests.kit.small_plants import FIRST, jammed, kept, reworked, simulate

PLANT = Plant(
    name="x",
    stages=tuple(Stage(name=name) for name in ("Ask", "Offer", "Unused")),
    sources=(Source(name="web"),),
    outcomes=(Outcome(name="Won", kind="won"), Outcome(name="Lost", kind="lost")),
)


def events(count: int = 40, *more: tuple[str, str]) -> list[Event]:
    """Cases that ask, are offered something, and are won or lost; and more (case, stage) at the end."""
    rows = [
        (f"case {k}", stage, FIRST + (k + step) * HOUR)
        for k in range(count)
        for step, stage in enumerate(("Ask", "Offer", "Lost" if k % 3 == 0 else "Won"))
    ]
    rows += [(case, stage, FIRST + (count + 5 + n) * HOUR) for n, (case, stage) in enumerate(more)]
    return [Event(row, case, stage, at, channel="web") for row, (case, stage, at) in enumerate(rows)]


def factory(log: list[Event]) -> Factory:
    store = Store.build(event_log(duckdb.connect(), "entry", log), ends=("Won", "Lost", "Stopped"))
    return Factory(PLANT, store, "x", (), 0, {}, len(log))


def topology(log: list[Event]) -> Topology:
    return Model(factory(log)).topology


def test_stages_of_the_plant_come_first_in_its_order_then_those_of_the_log() -> None:
    log = events(40, ("new 1", "Zeal"), ("new 2", "Audit"))
    assert topology(log).stages == ("Ask", "Offer", "Unused", "Audit", "Zeal")


def test_losses_go_into_bins_and_other_outcomes_have_docks() -> None:
    found = topology(events(40, ("case 900", "Offer"), ("case 900", "Stopped")))
    assert found.docks == ("Won", "Stopped"), "those of the plant first; one it does not name is no loss"
    assert found.losing == {"Offer": ("Lost",)}
    assert set(found.deliveries) == {("Offer", "Won"), ("Offer", "Stopped")}


@pytest.mark.parametrize("small", [jammed, reworked])
def test_every_way_worth_a_belt_leads_where_cases_went(small: object) -> None:
    plant = small()  # type: ignore[operator]
    name = small.__name__  # type: ignore[attr-defined]
    found, stays = kept(name).model.topology, visits(simulate(plant.line), plant.ends)
    went = {(stay.came_from or f"→ {stay.channel}", stay.stage) for stay in stays}
    drawn = {(belt.origin, belt.target) for belt in found.plan.belts[: len(found.ways)]}
    assert drawn <= went
    for stay in stays[:200]:
        if (stay.came_from, stay.stage) in {("Inquiry", "Qualify"), ("Offer", "Approval")}:
            assert (stay.came_from, stay.stage) in drawn
    for belt, way in zip(found.plan.belts, found.ways, strict=False):
        assert found.stages[way.stage] == belt.target
        assert way.length > 0


def test_the_stays_of_a_window_know_their_belt_of_the_plan() -> None:
    model = kept("reworked").model
    found = model.topology
    stays = found.fetch(model.first, model.last + 1)
    by_id = {
        stay: (via, stage)
        for stay, via, stage in model.factory.store.engine.connection.execute(  # type: ignore[attr-defined]
            "select id, via, stage from stays"
        ).fetchall()
    }
    assert len(stays) == len(by_id)
    for stay, belt, stage in zip(stays.id.tolist(), stays.belt.tolist(), stays.stage.tolist(), strict=True):
        via, into = by_id[stay]
        assert found.stages[stage] == into
        if belt >= 0:
            path = found.plan.belts[belt]
            assert path.target == into
            assert path.origin in (via, f"→ {via}")
    assert np.mean(stays.belt >= 0) > 0.95


def test_a_floor_with_room_for_all_stays_and_one_without_is_laid_out_anew() -> None:
    log = events()
    before = Model(factory(log), now=FIRST + 60 * HOUR)
    more = factory(events(50))
    same = Model(more, now=FIRST + 70 * HOUR, before=before)
    assert same.topology.plan is before.topology.plan
    assert same.topology.endings["Offer", "Won"].tally.by(2**62) == sum(k % 3 != 0 for k in range(50))
    grown = Model(factory(events(40, ("new", "Audit"))), now=FIRST + 70 * HOUR, before=before)
    assert grown.topology.plan is not before.topology.plan
    assert "Audit" in grown.topology.plan.blocks


def test_sources_have_the_hue_of_their_channel_and_the_rest_one_of_its_own() -> None:
    found = kept("calm").model.topology
    assert found.sources == {"→ web": 1, "→ partner": 2}
    assert found.channels_of_sources() == (["web", "partner"], 0)
    mixed = [Event(k, f"case {k}", "Ask", FIRST + k * HOUR, channel="web" if k % 2 else None) for k in range(40)]
    some = topology(mixed)
    assert set(some.sources.values()) == {0, 1}
    channels, rest = some.channels_of_sources()
    assert channels[rest - 1] == ""


@pytest.mark.parametrize("hours", [0, 2])
def test_an_end_where_nobody_spends_time_is_a_depot_with_all_that_ended_there(hours: int) -> None:
    log = []
    for k in range(30):
        begin = FIRST + k * HOUR
        log.append(Event(len(log), f"case {k}", "Ask", begin + 3 * HOUR, begin))
        end = "Won" if k % 3 else "Stopped"
        log.append(Event(len(log), f"case {k}", end, begin + (3 + hours) * HOUR, begin + 3 * HOUR))
    store = Store.build(event_log(duckdb.connect(), "interval", log), ends=("Won", "Stopped"))
    model = Model(Factory(PLANT, store, "x", (), 0, {}, len(log)))
    assert set(model.topology.depots) == (set() if hours else {"Won", "Stopped"})
    for at in (FIRST, FIRST + 15 * HOUR, model.last):
        ended = {name: sum(e.stage == name and (e.time or 0) <= at for e in log) for name in ("Won", "Stopped")}
        totals = {dock.id[1]: dock.total for dock in model.state(at, float(HOUR)).outcomes}
        assert totals == ({} if hours else ended)
