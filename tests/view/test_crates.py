"""The crates one by one: where each lies, which one lies under a point, and the way its case has come."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from factoryview.view.crates import crate_at, journey, place_of
from factoryview.view.model import Model
from tests.kit.desk_pilot import DeskPilot
from tests.kit.plain import visits
from tests.kit.small_plants import kept, reworked, simulate


@pytest.fixture(scope="module")
def model() -> Model:
    return kept("reworked").model


def test_every_crate_is_found_where_it_lies(model: Model) -> None:
    seen = 0
    for share in (0.3, 0.7):
        standing = model.standing(model.first + round(share * (model.last - model.first)), 3_600e6)
        for belt, on in zip(model.topology.plan.belts[: len(model.topology.ways)], standing.belts, strict=False):
            for stay in on.id.tolist():
                place = place_of(belt, on, stay)
                assert place is not None
                assert crate_at(belt, on, *place) == stay
                seen += 1
            assert crate_at(belt, on, -500.0, -500.0) is None
            assert place_of(belt, on, 10**9) is None
    assert seen > 10


def test_the_way_of_a_case_is_that_of_its_events_until_the_moment(model: Model) -> None:
    small = reworked()
    known = visits(simulate(small.line), small.ends)
    longest = max({v.case for v in known}, key=lambda case: sum(v.case == case for v in known))
    mine = sorted((v for v in known if v.case == longest), key=lambda v: v.entered)
    [(stay,)] = model.factory.store.engine.rows(
        'select min(id) from stays where "case" = $case and entered is not null', {"case": longest}
    )
    found = journey(model.factory, int(stay))
    assert found is not None
    assert found.case is None, "the plant does not allow to show it"
    assert [(one.stage, one.entered, one.left) for one in found.stays] == [(v.stage, v.entered, v.left) for v in mine]
    at = mine[len(mine) // 2].entered
    until = found.until(at)
    assert [one.stage for one in until.stays] == [v.stage for v in mine if v.entered <= at]
    assert until.stays[-1].left is None
    plant = model.factory.plant
    open_ = plant.model_copy(update={"privacy": plant.privacy.model_copy(update={"case_ids": True})})
    shown = journey(replace(model.factory, plant=open_), int(stay))
    assert shown is not None
    assert shown.case == longest


def test_a_crate_that_is_pointed_at_tells_its_way_without_its_name() -> None:
    model = kept("piled").model
    pilot = DeskPilot(kept("piled"), (1366, 768), paused=True, start=model.worst_moment())
    place = next(i for i, b in enumerate(model.topology.plan.belts) if (b.origin, b.target) == ("Offer", "Approval"))
    belt, on = model.topology.plan.belts[place], model.standing(pilot.session.playhead.at, 1e6).belts[place]
    stay = int(on.id[3])
    spot = place_of(belt, on, stay)
    assert spot is not None
    x, y = pilot.session.camera.point(*spot)
    floor = pilot.node("floor").rect
    pilot.hover("floor", ((x - floor.x) / floor.w, (y - floor.y) / floor.h))
    assert pilot.session.hover == f"crate/{stay}"
    assert pilot.label("card/title") == "A case"
    way = journey(model.factory, stay)
    assert way is not None
    stages = [one.stage for one in way.until(pilot.session.playhead.at).stays]
    rows = [node for node in pilot.node("card").children if node.id.startswith("card/stay/")]
    assert len(rows) == len(stages) > 1
    assert all(stage in pilot.label("card") for stage in stages)
    assert not re.search(r"case \d", pilot.label("card"))
    pilot.hover("pile/Approval")
    assert pilot.label("card/title") == "Approval"
