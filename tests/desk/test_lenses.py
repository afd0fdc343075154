"""Lenses: crates in the hues of age, deadline, value or an attribute, and what the hues mean in sight."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from factoryview.time import DAY
from factoryview.view.lens import AGE, CHANNEL, DEADLINE, Lens, lens_of, lenses_of
from factoryview.view.model import Model
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
    lens = lens_of(plant.factory, AGE, plant.counts.history)
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
    assert seen(plant, lens_of(plant.factory, DEADLINE, plant.counts.history), at) == expected
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
