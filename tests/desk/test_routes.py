"""Routes that cases took: the list, its numbers, and that a press looks at those cases alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from copy import copy
from itertools import groupby
from statistics import median

import pytest

from factoryview.factory.privacy import Gate
from factoryview.store.selection import RouteIs, Through
from factoryview.view.routes import routes_at
from tests.kit.desk_pilot import DeskPilot
from tests.kit.plain import Visit, visits
from tests.kit.small_plants import reworked, simulate, studied

SIZE = (1366, 768)
ENDS = reworked().ends


def paths() -> dict[str, list[Visit]]:
    found: dict[str, list[Visit]] = defaultdict(list)
    for visit in sorted(visits(simulate(reworked().line), ENDS), key=lambda each: each.entered):
        found[visit.case].append(visit)
    return found


@pytest.mark.parametrize("share", [0.2, 0.6, 1.0])
def test_routes_are_those_of_a_plain_loop_and_know_nothing_later(share: float) -> None:
    counts, model = studied("reworked").model.counts, studied("reworked").model
    at = model.first + round(share * (model.last - model.first))
    number: Counter[tuple[tuple[str, ...], str]] = Counter()
    leads: dict[object, list[int]] = defaultdict(list)
    for path in paths().values():
        known = [visit for visit in path if visit.entered <= at]
        if not known:
            continue
        last = known[-1]
        end = last.to if last.left is not None and last.left <= at and last.to in ENDS else ""
        way = tuple(name for name, _ in groupby(visit.stage for visit in known)), end or ""
        number[way] += 1
        if end:
            leads[way].append((last.left or 0) - known[0].entered)
    found = routes_at(counts, at)
    assert found
    every, gate = sum(number.values()), Gate.of(counts.factory.plant)
    told = {way: cases for way, cases in number.items() if gate.enough(cases)}
    assert {(route.stages, route.outcome): route.cases for route in found} == told
    assert [route.cases for route in found] == sorted(told.values(), reverse=True)
    for route in found:
        way = route.stages, route.outcome
        assert route.share == pytest.approx(number[way] / every)
        assert route.lead == (pytest.approx(median(leads[way])) if leads[way] else None)


def test_a_press_looks_at_the_cases_of_a_route() -> None:
    pilot = DeskPilot(studied("reworked"), SIZE, paused=True, start=studied("reworked").model.last)
    pilot.wait(0).press("r").wait(0)
    pilot.wait(0)
    assert pilot.label("panel/title") == "Routes of all cases"
    seen = pilot.session.camera.view
    assert all(seen.contains(node.rect) for node in pilot.tree.walk() if node.role == "machine"), "beside the list"
    assert " › " in pilot.label("panel/route/0")
    pilot.click("panel/route/0").wait(0)
    pilot.wait(0)
    [condition] = pilot.session.filters
    assert isinstance(condition, RouteIs)
    fitting = [
        case for case, path in paths().items()
        if tuple(name for name, _ in groupby(visit.stage for visit in path)) == condition.stages
        and (path[-1].to if path[-1].to in ENDS else "") == condition.outcome
    ]  # fmt: skip
    assert pilot.label("filters/count").split(" of ")[0].replace(",", "") == str(len(fitting))
    pilot.click("panel/route/1").wait(0)
    pilot.wait(0)
    assert len(pilot.session.filters) == 1, "one route in the place of another"
    assert pilot.session.filters != (condition,)
    pilot.click("panel/route/1")
    assert pilot.session.filters == ()
    assert pilot.press("escape").tree.find("panel") is None
    assert pilot.session.camera == pilot.session.home
    pilot.press("f2").press("r").wait(0)
    assert pilot.label("panel/title") == "Wege aller Fälle"


def test_the_list_is_of_the_plant_that_is_there_now() -> None:
    pilot = DeskPilot(studied("reworked"), SIZE, paused=True, start=studied("reworked").model.last)
    pilot.run("filter", Through("Approval")).wait(0)
    pilot.press("r").wait(0)
    pilot.wait(0)
    pilot.click("panel/route/0").wait(0)
    pilot.wait(0)
    assert len(pilot.session.filters) == 2
    before, was = pilot.desk._routed, pilot.says()
    assert before is not None
    assert before.within is pilot.desk.playback.model
    listed = [name for name in was if name.startswith("panel/route/")]
    assert len(listed) > 1, "the others stay listed beside the one that was chosen"
    pilot.desk.playback.model = now = copy(pilot.desk.playback.model)
    for _ in range(4):
        pilot.wait(0)
    after = pilot.desk._routed
    assert after is not None
    assert after.within is now
    assert [name for name in pilot.says() if name.startswith("panel/route/")] == listed
    pilot.press("escape").wait(0)
    pilot.desk.playback.model = copy(now)
    pilot.wait(0)
    assert pilot.desk._routed is None
    assert pilot.desk._beside_routes._known is None, "no model of an old plant is kept"
