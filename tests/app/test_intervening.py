"""Scenarios put together click by click, without a window."""

from __future__ import annotations

from dataclasses import replace

import pygame

from factoryview.app.intervening import intervened, renamed
from factoryview.app.session import Session
from factoryview.plant.scenario_file import ChangePeople, Scenarios
from factoryview.scene.floor.camera import Camera
from factoryview.time import DAY
from factoryview.view.playhead import Playhead

CAMERA = Camera(0.0, 0.0, 1.0, pygame.Rect(0, 0, 640, 360))


def test_no_scenario_takes_the_place_of_another_that_is_called_the_same() -> None:
    """Names of changes have an end, and people may give a name twice."""
    stages = ("Technische Prüfung", "Angebot kalkulieren", "Freigabe Geschäftsführung")
    session = Session(Playhead(0, DAY, 0, DAY), CAMERA, CAMERA, DAY)
    for last in (2, 1):
        for stage, add in zip(stages, (1, 1, last), strict=True):
            session = intervened(session, ChangePeople(stage=stage, add=add))
        session = replace(session, scenario="")
    assert [scenario.people[-1].add for scenario in session.scenarios] == [2, 1]
    assert len({scenario.name for scenario in session.scenarios}) == 2
    for scenario in session.scenarios:
        session = renamed(replace(session, scenario=scenario.name), "x" * 80)
    assert [scenario.people[-1].add for scenario in session.scenarios] == [2, 1]
    assert [scenario.name for scenario in session.scenarios] == ["x" * 80, f"{'x' * 76} (2)"]
    assert session.scenario == session.scenarios[1].name
    assert Scenarios(scenario=session.scenarios)
