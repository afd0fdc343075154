"""Lenses: crates in the hues of age, deadline, value or an attribute, and what the hues mean in sight."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache

import numpy as np
import pytest

from factoryview.flow.work import work_of
from factoryview.plant.models import Worker
from factoryview.time import DAY, HOUR
from factoryview.view.lens import AGE, CHANNEL, COST, DEADLINE, Lens, lens_of, lenses_of
from factoryview.view.model import Model
from factoryview.view.spent import spent_of
from tests.kit.desk_pilot import DeskPilot
from tests.kit.plain import Visit, visits
from tests.kit.small_plants import piled, simulate, studied

SIZE = (1366, 768)


def model() -> Model:
    return studied("piled").model


def plain() -> list[Visit]:
    small = piled()
    return visits(simulate(small.line), small.ends)


def seen(model: Model, lens: Lens, at: int) -> list[tuple[str, int, int]]:
    """Stage, entry and hue of all that is there."""
    stays = model.topology.fetch(at, at + 1)
    here = np.flatnonzero((stays.entered <= at) & (stays.left > at))
    hues, names = lens.hues(stays, at, model.counts), model.topology.stages
    return sorted((names[stays.stage[k]], int(stays.entered[k]), int(hues[k])) for k in here)


def test_the_age_is_that_of_the_case_and_knows_nothing_later() -> None:
    plant, known = model(), plain()
    lens = lens_of(plant.factory, AGE, plant.counts)
    begun: dict[str, int] = {}
    for visit in known:
        begun[visit.case] = min(visit.entered, begun.get(visit.case, visit.entered))
    hues = set()
    for share in (0.3, 0.7, 0.95):
        at = plant.first + round(share * (plant.last - plant.first))
        expected = sorted(
            (v.stage, v.entered, 1 + sum(at - begun[v.case] >= edge * DAY for edge in (7, 30, 90, 180)))
            for v in known if v.present(at)
        )  # fmt: skip
        assert seen(plant, lens, at) == expected
        hues |= {hue for *_, hue in expected}
    assert len(hues) > 1


def test_the_zones_of_a_deadline_are_shares_of_its_working_days() -> None:
    plant, at = model(), model().worst_moment()
    levels = plant.counts.jams.levels
    limit = dict(zip(levels.stages, levels.usual[:, levels.at(at)].tolist(), strict=True))
    target = plant.factory.plant.stage("Approval")
    assert target is not None
    assert target.target_wait == timedelta(days=limit["Approval"])

    def zone(stage: str, entered: int) -> int:
        gone = float(np.diff(levels.workdays.passed(np.array([entered, at])))[0])
        return 0 if np.isnan(limit[stage]) else 1 + sum(gone >= part * limit[stage] for part in (1 / 3, 2 / 3, 1))

    expected = sorted((v.stage, v.entered, zone(v.stage, v.entered)) for v in plain() if v.present(at))
    assert seen(plant, lens_of(plant.factory, DEADLINE, plant.counts), at) == expected
    assert {1, 4} <= {hue for stage, _, hue in expected if stage == "Approval"}


@pytest.fixture
def pilot() -> DeskPilot:
    pilot = DeskPilot(studied("piled"), SIZE, paused=True, start=model().worst_moment())
    pilot.wait(0)
    return pilot


def test_a_key_goes_through_the_lenses_and_what_they_mean_stays_in_sight(pilot: DeskPilot) -> None:
    before, words = pilot.seen, []
    for _ in range(len(list(lenses_of(pilot.screen.playback.model.factory))) - 1):
        pilot.press("c").wait(0)
        row = pilot.node("lens")
        words.append(row.label)
        assert pilot.seen != before
        assert not row.rect.colliderect(pilot.session.camera.view)
        assert all(row.rect.contains(part.rect) for part in row.children)
        assert len(row.children) > 2
    assert words[:2] == ["Age of the case", "Deadline"]
    pilot.press("c").wait(0)
    assert pilot.session.lens == CHANNEL
    assert pilot.tree.find("lens") is None
    assert pilot.seen == before
    pilot.press("ctrl+k").type("crates deadline").press("return").wait(0)
    assert pilot.label("lens/4") == "late"
    assert pilot.press("ctrl+z").session.lens == CHANNEL
    pilot.press("ctrl+y").wait(0)
    assert pilot.press("f2").label("lens/4") == "zu spät"
    assert pilot.click("lens/name").session.lens == CHANNEL


def test_a_lens_and_a_filter_hold_together(pilot: DeskPilot) -> None:
    pilot.press("c").press("/").type("only through approval").press("return").wait(0)
    assert pilot.screen.model.lens is not None
    assert pilot.screen.model.within is not None
    few, counts = pilot.label("stage/Approval/count"), pilot.screen.model.counts
    assert counts.topology.stages == pilot.screen.playback.model.topology.stages
    pilot.press("c").wait(0)
    assert pilot.label("stage/Approval/count") == few
    assert not pilot.node("lens").rect.colliderect(pilot.node("filters").rect)


def test_what_a_case_has_cost_is_what_its_visits_before_cost() -> None:
    """The price of a visit: the time that the staff of a stage worked, for each that left it, at what an hour costs."""
    plant = paid()
    lens = lens_of(plant.factory, COST, plant.counts)
    worked = plant.studied.measured[1] if plant.studied is not None else work_of(
        plant.factory.store, plant.factory.plant, plant.counts.history, plant.counts.jams.wrecks
    )  # fmt: skip
    stages, hues, known = plant.counts.history.stages, set(), plain()
    paths: dict[str, list[Visit]] = {}
    for visit in known:
        paths.setdefault(visit.case, []).append(visit)
    for share in (0.5, 0.95):
        at = plant.first + round(share * (plant.last - plant.first))
        window = plant.counts.history.window(at)
        price = {}
        for stage, hourly in (("Offer", 60.0), ("Approval", 90.0)):
            row, over = stages.index(stage), range(window.buckets.start, window.buckets.stop)
            gone = sum(float(worked.served[row, k]) for k in over)
            assert gone >= 6
            price[stage] = hourly * sum(float(worked.worked[row, k]) for k in over) / gone / HOUR
        expected = []
        for visit in known:
            if visit.present(at):
                before = [v.stage for v in paths[visit.case] if v.entered < visit.entered]
                cost = sum(price.get(stage, 0.0) for stage in before)
                expected.append((visit.stage, visit.entered, 1 + sum(cost >= edge for edge in lens.edges)))
        assert seen(plant, lens, at) == sorted(expected)
        hues |= {hue for *_, hue in expected}
    assert len(hues) > 1
    assert spent_of(plant.factory, plant.counts).stages == ("Offer", "Approval")
    assert COST in list(lenses_of(plant.factory))
    assert COST not in list(lenses_of(model().factory)), "nobody there costs anything"


@cache
def paid() -> Model:
    """The plant in which two stages have people who cost something."""
    factory = model().factory
    workers = (
        Worker(stage="Offer", count=2, cost_per_hour=60.0), Worker(stage="Approval", count=1, cost_per_hour=90.0),
    )  # fmt: skip
    return Model(replace(factory, plant=factory.plant.model_copy(update={"workers": workers})))
