"""Machines from frame to frame; their numbers are held against plain counts in `test_state`."""

from __future__ import annotations

from random import Random

from factoryview.time import DAY
from factoryview.view.model import Model
from factoryview.view.stages import StageState
from tests.kit.small_plants import kept


def states(model: Model, at: int) -> tuple[StageState, ...]:
    return model.state(at, DAY / 20).stages


def test_a_machine_at_which_nothing_changes_is_the_state_of_the_frame_before() -> None:
    model = kept("jammed").model
    middle = (model.first + model.last) // 2
    before, now = states(model, middle), states(model, middle + 1)
    assert before == now
    assert any(one is other for one, other in zip(before, now, strict=True))


def test_what_was_asked_before_changes_no_machine() -> None:
    """In any order of moments, also from day to day and over the ends of windows, as in the order of time."""
    model, random = kept("jammed").model, Random(5)
    moments = [random.randint(model.first, model.last) for _ in range(30)]
    in_order = {at: states(model, at) for at in sorted(moments)}
    for at in moments:
        assert states(model, at) == in_order[at]
