"""A plan stays what it was: when a stage is added or taken away, and where a machine was set by hand."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from factoryview.layout.engine import plan_floor
from factoryview.layout.plan import BeltSpec, FloorRequest, Plan, StageSpec
from factoryview.layout.verifier import faults
from tests.kit.floors import random_request


def inserted(request: FloorRequest, before: int) -> FloorRequest:
    """A new stage in the belts that led forward to an old one."""
    follower = request.stages[before]
    belts = [
        replace(belt, target="New")
        if belt.target == follower.name and belt.origin != belt.target and not belt.rework
        else belt
        for belt in request.belts
    ]
    stages = list(request.stages)
    stages.insert(before, StageSpec("New", follower.department, loses=True))
    return replace(request, stages=tuple(stages), belts=(*belts, BeltSpec("New", follower.name, 0.7)))


def order(plan: Plan, names: list[str]) -> set[tuple[str, str, int]]:
    """Which block stands in a column (0) or row (1) before that of another one."""
    cells = {name: plan.blocks[name].cell for name in names}
    return {(a, b, axis) for a in names for b in names for axis in (0, 1) if cells[a][axis] < cells[b][axis]}


@pytest.mark.parametrize("seed", range(10))
def test_machines_keep_their_order_when_a_stage_is_added(seed: int) -> None:
    request = random_request(seed)
    before = plan_floor(request)
    larger = inserted(request, Random(seed).randrange(len(request.stages)))
    after = plan_floor(larger, before)
    assert faults(after, larger) == []
    names = list(before.blocks)
    assert len(names) >= 3
    assert order(after, names) == order(before, names)


@pytest.mark.parametrize("seed", range(10, 16))
def test_machines_keep_their_slots_when_a_stage_is_taken_away(seed: int) -> None:
    request = random_request(seed)
    before = plan_floor(request)
    gone = request.stages[len(request.stages) // 2]
    smaller = replace(
        request,
        stages=tuple(stage for stage in request.stages if stage is not gone),
        belts=tuple(belt for belt in request.belts if gone.name not in (belt.origin, belt.target)),
    )
    after = plan_floor(smaller, before)
    assert faults(after, smaller) == []
    if len(after.yards) == len(before.yards):
        assert {name: block.cell for name, block in after.blocks.items()} == {
            name: block.cell for name, block in before.blocks.items() if name != gone.name
        }


@pytest.mark.parametrize("seed", range(20, 26))
def test_without_a_change_every_machine_keeps_its_slot(seed: int) -> None:
    request = random_request(seed)
    before = plan_floor(request)
    after = plan_floor(request, before)
    assert {n: b.cell for n, b in after.blocks.items()} == {n: b.cell for n, b in before.blocks.items()}


@pytest.mark.parametrize("seed", range(30, 40))
def test_a_position_set_by_hand_wins(seed: int) -> None:
    request = random_request(seed)
    random = Random(seed)
    free = plan_floor(request)
    cell = random.randrange(free.columns), random.randrange(free.rows)
    chosen = random.randrange(len(request.stages))
    stages = tuple(replace(s, position=cell) if i == chosen else s for i, s in enumerate(request.stages))
    pinned = replace(request, stages=stages)
    for plan in (plan_floor(pinned), plan_floor(pinned, free)):
        assert faults(plan, pinned) == []
        wanted = min(cell[0], plan.columns - 1), min(cell[1], plan.rows - 1)
        assert plan.blocks[stages[chosen].name].cell == wanted


def test_two_machines_set_on_the_same_slot_stand_side_by_side() -> None:
    request = random_request(5)
    stages = tuple(replace(s, position=(2, 1)) if i in (1, 4) else s for i, s in enumerate(request.stages))
    pinned = replace(request, stages=stages)
    plan = plan_floor(pinned)
    assert faults(plan, pinned) == []
    assert plan.blocks[stages[1].name].cell == (2, 1)
    assert plan.blocks[stages[4].name].cell != (2, 1)
