"""Filters: the whole plant follows them, the floor stays, and the old picture until all is counted."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from threading import Event

import pytest

from factoryview.desk import filtering as filtering_module
from factoryview.desk.filtering import Conditions, Filtering, Narrowed
from factoryview.desk.stage_logs import StageLogs
from factoryview.scene.ui.node import Action
from factoryview.store.selection import ChannelIn, First, Followed, InProgress, LongerThan, Not, Repeated, Through
from factoryview.time import HOUR
from factoryview.view.figures import figures_of
from factoryview.view.model import Model
from factoryview.view.series import StageLog
from tests.kit.desk_pilot import DeskPilot
from tests.kit.plain import Visit, visits
from tests.kit.small_plants import reworked, simulate, studied

SIZE = (1366, 768)


def plain() -> list[Visit]:
    small = reworked()
    return visits(simulate(small.line), small.ends)


@pytest.fixture
def pilot() -> DeskPilot:
    model = studied("reworked").model
    at = model.first + round(0.8 * (model.last - model.first))
    pilot = DeskPilot(studied("reworked"), SIZE, paused=True, start=at)
    pilot.wait(0)
    return pilot


def cases(pilot: DeskPilot) -> tuple[int, int]:
    """Of the line beside the chips."""
    few, all_of = pilot.label("filters/count").removesuffix(" cases").split(" of ")
    return int(few.replace(",", "")), int(all_of.replace(",", ""))


def assert_counts(pilot: DeskPilot, known: list[Visit]) -> None:
    """Every machine shows what a plain loop over the visits of the cases counts."""
    at, model = pilot.session.playhead.at, pilot.screen.model
    for stage in model.topology.stages:
        here = sum(visit.stage == stage and visit.present(at) for visit in known)
        assert pilot.label(f"stage/{stage}/count") == str(here), stage


def test_the_whole_plant_follows_a_filter_and_comes_back(pilot: DeskPilot) -> None:
    everything, before = plain(), pilot.seen
    whole = pilot.screen.model
    assert_counts(pilot, everything)
    offers = {visit.case for visit in everything if visit.stage == "Offer"}
    repeated = {v.case for v in everything if sum(w.case == v.case and w.stage == "Offer" for w in everything) > 1}
    pilot.run("filter", Repeated("Offer"))
    assert cases(pilot) == (len(repeated), len({visit.case for visit in everything} | offers))
    some = [visit for visit in everything if visit.case in repeated]
    assert_counts(pilot, some)
    now, at = pilot.screen.model, pilot.session.playhead.at
    assert now is not whole
    assert now.topology.plan is whole.topology.plan
    assert (now.first, now.last) == (whole.first, whole.last)
    window = now.counts.history.window(at)
    flow = figures_of(now.counts, at, pilot.screen.presentation.language.moment(at).date()).flows["Approval"]
    days = now.counts.hours.days(window.since, window.until)
    came = sum(v.stage == "Approval" and window.since <= v.entered < window.until for v in some)
    assert flow.come == pytest.approx(came / days)
    pilot.click("filter/0")
    assert pilot.session.filters == ()
    assert pilot.tree.find("filters/count") is None
    assert pilot.screen.model is whole
    assert pilot.hover("floor", (0.001, 0.999)).seen == before


@pytest.mark.parametrize(
    ("conditions", "fits"),
    [
        ((Through("Approval"),), lambda path: any(v.stage == "Approval" for v in path)),
        ((Not(Through("Approval")),), lambda path: not any(v.stage == "Approval" for v in path)),
        ((Followed("Approval", "Offer"),), lambda path: any((v.stage, v.to) == ("Approval", "Offer") for v in path)),
        ((ChannelIn(("web",)), Through("Offer")), lambda path: path[0].channel == "web"
         and any(v.stage == "Offer" for v in path)),
        ((First("Inquiry"), Not(ChannelIn(("web",)))), lambda path: path[0].channel != "web"),
    ],
)  # fmt: skip
def test_conditions_join(pilot: DeskPilot, conditions: tuple[object, ...], fits: object) -> None:
    paths: dict[str, list[Visit]] = {}
    for visit in sorted(plain(), key=lambda each: each.entered):
        paths.setdefault(visit.case, []).append(visit)
    for condition in conditions:
        pilot.run("filter", condition)
    fitting = {case for case, path in paths.items() if fits(path)}  # type: ignore[operator]
    assert 0 < len(fitting) < len(paths)
    assert cases(pilot)[0] == len(fitting)
    assert_counts(pilot, [visit for visit in plain() if visit.case in fitting])
    assert len([node for node in pilot.tree.walk() if node.id.startswith("filter/")]) == len(conditions)


def test_the_old_picture_stays_until_all_is_counted(pilot: DeskPilot) -> None:
    whole, seen = pilot.screen.model, pilot.label("stage/Offer/count")
    pilot.screen.run(pilot.node("stage/Offer").action, pilot.tree)  # type: ignore[arg-type]
    pilot.desk.session = pilot.desk.session.__class__(
        **{**vars(pilot.session), "filters": (Through("Delivery"),)}
    )  # fmt: skip
    tree = pilot.desk.tree(SIZE)
    counting = tree.find("filters/count")
    assert pilot.screen.model is whole
    assert counting is not None
    assert counting.label == "being counted …"
    count = tree.find("stage/Offer/count")
    assert count is not None
    assert count.label == seen
    pilot.wait(0)
    assert pilot.screen.model is not whole


def waiting(go_on: Event, then: Callable[..., Narrowed]) -> Callable[..., Narrowed]:
    """What is done once it may go on."""

    def held(*of: object) -> Narrowed:
        assert go_on.wait(30.0)
        return then(*of)

    return held


def test_some_cases_of_a_large_log_are_shown_before_they_are_judged(
    pilot: DeskPilot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("factoryview.desk.filtering._LARGE", 0)
    held = {"narrowed": Event(), "judged": Event()}
    for name, go_on in held.items():
        monkeypatch.setattr(f"factoryview.desk.filtering.{name}", waiting(go_on, getattr(filtering_module, name)))
    whole, wanted, filtering = pilot.screen.model, (Through("Approval"),), Filtering()
    assert filtering.ask(whole, wanted, whole.last) is None
    held["narrowed"].set()
    filtering.settle()
    first = filtering.ask(whole, wanted, whole.last)
    assert first is not None
    counted, known = first.result().model, whole.where(Through("Approval"))
    assert first.result().part is not None
    assert not counted.counts.jams.levels.judged.any()
    assert (counted.counts.history.arrivals == known.counts.history.arrivals).all()
    held["judged"].set()
    filtering.settle()
    then = filtering.ask(whole, wanted, whole.last)
    assert then is not None
    assert then.result().part is None
    found = then.result().model.counts.jams.levels
    assert found.judged.any()
    assert (found.level == known.counts.jams.levels.level).all()
    assert (found.late == known.counts.jams.levels.late).all()
    for go_on in held.values():
        go_on.clear()
    pilot.desk.run(Action("filter", wanted), pilot.tree)
    pilot.desk.advance(0.0)
    for said, go_on in zip(("being counted", "not judged yet"), held.values(), strict=True):
        node = pilot.desk.tree(SIZE).find("filters/count")
        assert node is not None
        assert said in node.label
        go_on.set()
        pilot.desk.settle()
        pilot.desk.advance(0.0)
    pilot.wait(0)
    assert "not judged" not in pilot.label("filters/count")


def test_a_filter_that_fits_nobody_or_too_few_is_refused_and_said(pilot: DeskPilot) -> None:
    whole = pilot.screen.model
    pilot.run("filter", LongerThan(24.0 * 400))
    assert "no case fits" in pilot.label("notice")
    assert (pilot.session.filters, pilot.screen.model) == ((), whole)
    pilot.run("filter", Through("Offer"))
    some = pilot.screen.model
    few = next(
        InProgress(at) for at in range(whole.first, whole.last, HOUR)
        if 0 < len({v.case for v in plain() if v.present(at)}) < 6
    )  # fmt: skip
    pilot.run("filter", few)
    assert "fewer than 6" in pilot.label("notice") or "no case" in pilot.label("notice")
    assert (pilot.session.filters, pilot.screen.model) == ((Through("Offer"),), some)


def test_filters_are_taken_back_and_cleared_with_keys(pilot: DeskPilot) -> None:
    pilot.run("filter", Through("Offer")).run("filter", ChannelIn(("web",)))
    assert pilot.press("ctrl+z").session.filters == (Through("Offer"),)
    assert pilot.press("ctrl+y").session.filters == (Through("Offer"), ChannelIn(("web",)))
    assert pilot.press("x").session.filters == ()
    assert pilot.press("ctrl+z").session.filters == (Through("Offer"), ChannelIn(("web",)))


def test_by_pointing_and_by_typing(pilot: DeskPilot) -> None:
    pilot.click("stage/Approval/hall").click("panel/page/cases").click("panel/only/repeated")
    assert pilot.session.filters == (Repeated("Approval"),)
    assert pilot.label("filter/0") == "take the filter away: repeatedly at Approval"
    pilot.click("panel/only/repeated")
    assert pilot.session.filters == ()
    pilot.press("escape").click("belt/Approval/Delivery/0")
    assert pilot.label("panel/title") == "Approval › Delivery"
    pilot.run("page", "cases").click("panel/only/followed")
    assert pilot.session.filters == (Followed("Approval", "Delivery"),)
    pilot.press("x", "/").type("only channel web").press("return")
    assert pilot.session.filters == (ChannelIn(("web",)),)
    pilot.press("x", "/").type("to delivery").press("return")
    assert pilot.session.selection == "stage/Delivery"
    pilot.press("f2")
    assert pilot.label("panel/only/not_through") == "nicht über Lieferung"


def test_the_row_of_filters_covers_nothing(pilot: DeskPilot) -> None:
    home = pilot.session.camera
    for condition in (Through("Offer"), ChannelIn(("web",)), Not(Repeated("Delivery")), LongerThan(1.0)):
        pilot.run("filter", condition)
    row = pilot.node("filters")
    assert not row.rect.colliderect(pilot.session.camera.view)
    assert len(row.children) == 5
    assert all(row.rect.contains(part.rect) for part in row.children)
    for machine in (node for node in pilot.tree.walk() if node.role == "machine"):
        assert pilot.session.camera.view.contains(machine.rect.clip(pilot.tree.rect))
    assert pilot.press("x").session.camera == home


def test_a_plant_that_goes_on_makes_no_queue_of_filters_and_logs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Models come faster than they are narrowed: one is counted at a time, and the last that was made is shown."""
    free, fetch, whole = Event(), StageLog.fetch, studied("reworked").model

    def slowly(model: Model, conditions: Conditions) -> Narrowed:
        free.wait()
        return Narrowed(model, float(len(conditions)), 9.0)

    def fetched(*of: object) -> StageLog:
        free.wait()
        return fetch(*of)  # type: ignore[arg-type]

    monkeypatch.setattr("factoryview.desk.filtering.narrowed", slowly)
    monkeypatch.setattr(StageLog, "fetch", fetched)
    filtering, wanted = Filtering(), (Through("Offer"),)
    assert [filtering.ask(copy(whole), wanted, 0) for _ in range(5)] == [None] * 5
    assert len(filtering._made) == 1
    free.set()
    filtering.settle()
    free.clear()
    found = filtering.ask(copy(whole), wanted, 0)
    assert found is not None, "it is shown, though meanwhile more has come"
    assert filtering.ask(copy(whole), wanted, 0) is found, "until the next is made"
    logs = StageLogs(whole)
    assert logs.get("Offer") is None
    free.set()
    logs.settle()
    filtering.settle()
    assert filtering.ask(copy(whole), wanted, 0) is not found
    free.clear()
    first = logs.get("Offer")
    assert first is not None
    for _ in range(3):
        logs.renew(copy(whole))
        assert logs.get("Offer") is first
    free.set()
    logs.settle()
    logs.renew(copy(whole))
    logs.get("Offer")
    logs.settle()
    assert logs.get("Offer") is not first


def test_a_filter_that_no_case_fits_is_given_back_with_its_row() -> None:
    pilot = DeskPilot(studied("jammed"), (960, 540), paused=True)
    home = pilot.session.camera
    pilot.run("filter", ChannelIn(("nobody",))).wait(0)
    assert pilot.session.filters == ()
    assert "fits" in pilot.label("notice")
    assert pilot.session.camera == home
    assert pilot.tree.find("filters") is None
