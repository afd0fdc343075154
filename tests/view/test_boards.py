"""The boards as data: the same numbers as in the picture, and as the command line says them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from factoryview.flow.accuracy import hand_overs
from factoryview.time import HOUR, micros_of
from factoryview.view.boards import Boards, boards_of
from factoryview.view.model import Model
from tests.kit.small_plants import presentation_of, reworked


@pytest.fixture(scope="module")
def model() -> Model:
    return presentation_of(reworked()).model


@pytest.mark.parametrize("share", [0.0, 0.3, 0.62, 1.0])
def test_they_say_what_the_picture_says(model: Model, share: float) -> None:
    at = int(model.first + share * (model.last - model.first))
    found = boards_of(model, at)
    model.study()
    state = model.state(at, 60.0 * HOUR)
    assert [micros_of(moment) for moment in found.boards_window] == [state.window.since, state.window.until]
    shown = state.figures.ladder
    assert shown is not None
    assert found.ladder.lead_time_hours == pytest.approx(shown.total / HOUR)
    assert found.ladder.lead_time_hours == pytest.approx(sum(rung.stay_hours for rung in found.ladder.rungs))
    assert found.ladder.work_share == shown.share
    assert [rung.stage for rung in found.ladder.rungs] == [rung.stage for rung in shown.rungs]
    for rung in found.ladder.rungs:
        if rung.work_hours is not None and rung.waiting_hours is not None:
            assert rung.work_hours + rung.waiting_hours == pytest.approx(rung.stay_hours)
    assert found.goals.keys() == state.figures.goals.keys()
    for of, goal in found.goals.items():
        assert (goal.actual, goal.plan) == (state.figures.goals[of].actual, state.figures.goals[of].plan)
        assert goal.difference == pytest.approx(goal.actual - goal.plan)
    expected = hand_overs(model.factory.store, state.window, model.factory.gate)
    assert [(one.origin, one.target, one.visits, one.accurate) for one in found.accuracy] == [
        (one.origin, one.target, one.visits, one.accurate) for one in expected
    ]


def test_every_field_is_described_or_plain(model: Model) -> None:
    document: dict[str, Any] = json.loads(boards_of(model, model.last).model_dump_json())
    assert document.keys() == Boards.model_json_schema()["properties"].keys()
