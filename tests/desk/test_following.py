"""Following a crate: the camera goes with it, its way is shown, and cases are found by their ids where that may be."""

from __future__ import annotations

import pytest

from factoryview.desk.following import where
from factoryview.plant.models import Privacy
from factoryview.time import HOUR
from tests.kit.desk_pilot import DeskPilot
from tests.kit.small_plants import studied

SIZE = (1366, 768)


def a_crate(pilot: DeskPilot) -> int:
    """A stay whose crate is on a belt."""
    head, model = pilot.session.playhead, pilot.screen.model
    belts = model.standing(head.at, head.shown_pace).belts
    return next(int(on.id[0]) for on in belts if len(on.id) and on.id[0] >= 0)


@pytest.fixture
def pilot() -> DeskPilot:
    model = studied("reworked").model
    pilot = DeskPilot(studied("reworked"), SIZE, paused=True, start=model.first + (model.last - model.first) // 2)
    return pilot.wait(0)


def test_the_camera_goes_with_a_crate_and_its_way_is_shown(pilot: DeskPilot) -> None:
    stay, home = a_crate(pilot), pilot.session.camera
    pilot.run("zoom", 6).run("follow", stay).wait(0)
    pilot.wait(0)
    plan, seen = pilot.screen.model.topology.plan, set()
    for _ in range(6):
        head, session = pilot.session.playhead, pilot.session
        way = pilot.desk._following.way(pilot.screen.model, stay)
        assert way is not None
        assert any(visit.id == stay for visit in way.stays)
        place = where(way, head.at, plan, pilot.screen.model.standing(head.at, head.shown_pace))
        assert place is not None
        x, y = session.camera.point(*place)
        middle = session.camera.view.center
        assert abs(x - middle[0]) <= 1
        assert abs(y - middle[1]) <= 1
        seen.add(place)
        assert pilot.tree.find("path/line") is not None
        assert pilot.tree.find("card") is not None
        pilot.run("to", head.at + 6 * HOUR).wait(0)
        pilot.wait(0)
    assert len(seen) > 1, "it moves"
    pilot.press("escape")
    assert pilot.session.followed == -1
    assert pilot.tree.find("path") is None
    assert pilot.press("0").session.camera == home
    assert "point at a crate" in pilot.press("f").label("notice")


def test_cases_are_found_by_their_ids_only_where_the_plant_allows_it(
    pilot: DeskPilot, monkeypatch: pytest.MonkeyPatch
) -> None:
    factory = pilot.screen.model.factory
    rows = 'select "case" from stays where entered is not null order by id limit 1'
    [(case,)] = factory.store.engine.rows(rows, {})
    pilot.press("/").type(case).wait(0)
    assert not [node for node in pilot.tree.walk() if "follow case" in node.label]
    pilot.press("escape")
    monkeypatch.setattr(factory, "plant", factory.plant.model_copy(update={"privacy": Privacy(case_ids=True)}))
    pilot.press("/").type(case).wait(0)
    pilot.wait(0)
    assert [node for node in pilot.tree.walk() if node.label.startswith(f"follow case {case}")]
    pilot.press("return").wait(0)
    way = pilot.desk._following.way(pilot.screen.model, pilot.session.followed)
    assert way is not None
    assert way.case == case
