"""Laws of the finished plan."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from random import Random

import pytest

from factoryview.layout.engine import plan_floor
from factoryview.layout.plan import CRATE, BeltSpec, FloorRequest, StageSpec
from factoryview.layout.verifier import faults
from tests.kit.floors import random_request, sales_request


@pytest.mark.parametrize("seed", range(30))
def test_random_plants_have_a_plan_without_faults(seed: int) -> None:
    request = random_request(1000 + seed)
    plan = plan_floor(request)
    assert faults(plan, request) == []
    assert len(plan.belts) == len(request.belts)


@pytest.mark.parametrize("seed", [3, 8])
def test_the_same_request_gives_the_same_plan(seed: int) -> None:
    assert plan_floor(random_request(seed)) == plan_floor(random_request(seed))


def stages(*names: str, department: int = 0) -> tuple[StageSpec, ...]:
    return tuple(StageSpec(name, department) for name in names)


SMALL = {
    "one stage": FloorRequest((), (), stages("A"), ()),
    "one stage in a department": FloorRequest(("Z",), (), stages("A"), ()),
    "two stages that nothing connects": FloorRequest(("Z",), (), stages("A", "B"), ()),
    "an empty department": FloorRequest(("Y", "Z"), ("S",), stages("A", department=1), ()),
    "a source and a loop": FloorRequest(
        ("Z",), ("S",), stages("A"), (BeltSpec("S", "A", 1.0), BeltSpec("A", "A", 0.5, True))
    ),
    "backwards between departments": FloorRequest(
        ("Y", "Z"), (), stages("A", department=1) + stages("B"), (BeltSpec("B", "A", 0.0),)
    ),
    "nine sources of one stage": FloorRequest(
        ("Z",), tuple("123456789"), stages("A", "B"), tuple(BeltSpec(n, "A", 0.1) for n in "123456789")
    ),
}


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("size", [(1900, 724), (1060, 1560), (1440, 800)])
def test_small_and_broken_up_plants_have_a_plan(name: str, size: tuple[int, int]) -> None:
    request = replace(SMALL[name], width=size[0], height=size[1])
    plan = plan_floor(request)
    assert faults(plan, request) == []
    assert set(plan.blocks) == {stage.name for stage in request.stages}


def dense(seed: int, stages_: int, belts: int) -> FloorRequest:
    """Everything leads everywhere."""
    random = Random(seed)
    names = [f"S{i}" for i in range(stages_)]
    pairs = [(a, b) for a in range(stages_) for b in range(stages_) if a != b]
    random.shuffle(pairs)
    specs = tuple(StageSpec(name, 0, loses=random.random() < 0.4, slow=i == 2) for i, name in enumerate(names))
    ways = tuple(BeltSpec(names[a], names[b], random.random() ** 3, a > b) for a, b in pairs[:belts])
    return FloorRequest(("Z",), ("In",), specs, (BeltSpec("In", names[0], 1.0), *ways))


def test_a_dense_plant_has_a_plan_without_faults() -> None:
    request = dense(0, 8, 28)
    plan = plan_floor(request)
    assert faults(plan, request) == []


def test_belts_without_a_port_are_unrouted_the_weakest_first() -> None:
    names = [f"S{i}" for i in range(14)]
    belts = tuple(BeltSpec("S0", name, 1.0 - i / 20) for i, name in enumerate(names[1:]))
    request = FloorRequest(("Z",), (), tuple(StageSpec(name, 0) for name in names), belts)
    plan = plan_floor(request)
    assert set(faults(plan, request)) == {f"belt S0 → {target} is unrouted" for _, target in plan.unrouted}
    assert [target for _, target in plan.unrouted] == names[-len(plan.unrouted) :]
    assert 1 <= len(plan.unrouted) <= 4
    assert len(plan.belts) + len(plan.unrouted) == len(belts)


def test_the_hash_of_names_changes_nothing() -> None:
    code = (
        "from factoryview.layout.engine import plan_floor; from tests.kit.floors import random_request;"
        "print(plan_floor(random_request(5)).belts)"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(printed) == 1
    assert len(printed.pop()) > 500


def test_the_constraint_has_room_to_grow_and_its_belts_stay_where_they_are() -> None:
    plan = plan_floor(sales_request())
    block = plan.blocks["Approval"]
    assert block.factor == 1.2
    assert block.room.w >= 1.2 * block.hall.w
    assert block.room.h >= 1.2 * block.hall.h
    assert block.room.centre == block.hall.centre
    assert len(block.ports) >= 3
    for port in block.ports:
        edges = (
            (block.room.x, block.room.right) if port.side in ("left", "right") else (block.room.y, block.room.bottom)
        )
        assert (port.point.x if port.side in ("left", "right") else port.point.y) in edges
    assert all(other.factor == 1.0 for name, other in plan.blocks.items() if name != "Approval")


def test_the_queue_of_a_slow_stage_is_long_and_its_yard_large() -> None:
    plan = plan_floor(sales_request())
    [yard] = plan.yards
    assert yard.stage == "Approval"
    assert yard.belt is not None
    assert plan.belts[yard.belt].length >= 40 * CRATE
    assert len(yard.places) >= 12


def test_seldom_used_belts_are_thin() -> None:
    plan = plan_floor(sales_request())
    thin = {(belt.origin, belt.target) for belt in plan.belts if belt.thin}
    assert thin == {("Approval", "Offer")}


def test_sources_of_one_stage_share_the_way_to_it() -> None:
    plan = plan_floor(sales_request())
    feeds = [belt for belt in plan.belts if belt.target == "Inquiry"]
    assert len(feeds) == 3
    assert len({belt.points[-1] for belt in feeds}) == 1
    assert sum(belt.join is not None for belt in feeds) == 2
    assert len(plan.signs) == 3


def test_depots_stand_to_the_right_of_where_they_are_fed() -> None:
    plan = plan_floor(sales_request())
    assert plan.blocks["Paid"].kind == "depot"
    assert plan.blocks["Paid"].cell[0] == plan.columns - 1


@pytest.mark.parametrize("size", [(1900, 724), (1060, 1560), (1420, 724), (1000, 1000)])
def test_the_floor_has_the_shape_asked_for(size: tuple[int, int]) -> None:
    request = sales_request(*size)
    plan = plan_floor(request)
    assert faults(plan, request) == []
    assert abs(plan.width / plan.height - size[0] / size[1]) < 0.01
    assert plan.scale > 0.7


def test_portrait_has_more_rows_than_landscape() -> None:
    tall, wide = plan_floor(sales_request(1060, 1560)), plan_floor(sales_request(1900, 724))
    assert tall.rows > wide.rows
    assert tall.columns < wide.columns


@pytest.mark.parametrize(
    "request_",
    [
        FloorRequest(("Z",), (), (), ()),
        FloorRequest(("Z",), ("A",), stages("A"), ()),
        FloorRequest(("Z",), (), stages("A", "A"), ()),
        FloorRequest(("Z",), (), stages("A"), (BeltSpec("B", "A", 1.0),)),
        FloorRequest(("Z",), ("S",), stages("A"), (BeltSpec("A", "S", 1.0),)),
    ],
)
def test_what_cannot_be_laid_out_is_refused(request_: FloorRequest) -> None:
    with pytest.raises(ValueError, match=r"needs at least one|names of their own|does not lead"):
        plan_floor(request_)


def test_a_floor_larger_than_it_must_be_makes_room_for_a_board_only_where_there_is_something_to_write() -> None:
    request = random_request(140, 6, 1904, 784)
    bare, boarded = plan_floor(replace(request, boards=False)), plan_floor(request)
    assert bare.scale > 1
    assert not bare.boards
    assert boarded.boards
    assert boarded.scale >= 1
    assert faults(boarded, request) == []
