"""A floor stays what it was: when a stage is added, and where a machine was set by hand."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from factoryview.layout import BeltSpec, FloorRequest, Rect, StageSpec, lay_out, violations
from tests.kit.floors import random_plant, sales_plant


def inserted(request: FloorRequest, before: int) -> FloorRequest:
    """A new stage in the belts that led forward to an old one."""
    follower = request.stages[before]
    belts = [
        replace(belt, target="New") if belt.target == follower.name and not belt.rework else belt
        for belt in request.belts
    ]
    stages = list(request.stages)
    stages.insert(before, StageSpec("New", follower.zone, loses=True, pile=True))
    return replace(request, stages=tuple(stages), belts=(*belts, BeltSpec("New", follower.name, 0.7)))


@pytest.mark.parametrize("seed", range(8))
def test_most_machines_keep_their_cells_when_a_stage_is_added(seed: int) -> None:
    request = random_plant(seed)
    before = lay_out(request)
    larger = inserted(request, Random(seed).randrange(len(request.stages)))
    after = lay_out(larger, before)
    assert violations(after, larger) == []
    kept = [after.cells[name] == cell for name, cell in before.cells.items()]
    assert sum(kept) >= 0.8 * len(kept)


def test_without_a_change_every_machine_keeps_its_cell() -> None:
    before = lay_out(sales_plant())
    assert lay_out(sales_plant(), before).cells == before.cells


def pinned(request: FloorRequest, positions: dict[str, tuple[int, int]]) -> FloorRequest:
    return replace(request, stages=tuple(replace(s, position=positions.get(s.name)) for s in request.stages))


@pytest.mark.parametrize("position", [(31, 12), (60, 8), (90, 60), (8, 50)])
@pytest.mark.parametrize("name", ["Inquiry", "Approval", "Paid"])
def test_a_position_set_by_hand_wins(name: str, position: tuple[int, int]) -> None:
    request = pinned(sales_plant(), {name: position})
    plan = lay_out(request)
    assert plan.machines[name].box == Rect(*position, 4, 4)
    assert violations(plan, request) == []


def test_a_floor_whose_every_position_is_set_stays_as_it_was_set() -> None:
    plan = lay_out(sales_plant())
    request = pinned(sales_plant(), {name: place.box[:2] for name, place in plan.machines.items()})
    again = lay_out(request)
    assert {n: p.box for n, p in again.machines.items()} == {n: p.box for n, p in plan.machines.items()}
    assert violations(again, request) == []


def test_a_small_move_leaves_the_others_where_they_were() -> None:
    plan = lay_out(sales_plant())
    x, y = plan.machines["Paid"].box[:2]
    moved = lay_out(pinned(sales_plant(), {"Paid": (x + 2, y + 3)}))
    for name, place in plan.machines.items():
        assert moved.machines[name].box == (Rect(x + 2, y + 3, 4, 4) if name == "Paid" else place.box)


@pytest.mark.parametrize("position", [(0, 0), (-7, 12), (30, 1)])
def test_a_position_whose_labels_would_leave_the_floor_gives_way_just_enough(position: tuple[int, int]) -> None:
    request = pinned(sales_plant(), {"Order": position})
    plan = lay_out(request)
    box = plan.machines["Order"].box
    assert 0 <= box.x - position[0] <= 12
    assert 0 <= box.y - position[1] <= 5
    assert violations(plan, request) == []


def test_machines_set_on_the_same_place_do_not_overlap() -> None:
    request = pinned(sales_plant(), {"Offer": (60, 30), "Approval": (61, 31), "Order": (60, 30)})
    plan = lay_out(request)
    assert plan.machines["Offer"].box == Rect(60, 30, 4, 4)
    assert violations(plan, request) == []
