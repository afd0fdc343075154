"""Laws of the finished floor."""

from __future__ import annotations

from dataclasses import replace

import pytest

from factoryview.layout import BeltSpec, FloorRequest, StageSpec, lay_out, violations
from tests.kit.floors import random_plant, sales_plant


@pytest.mark.parametrize("seed", range(50))
def test_random_plants_have_a_floor_without_violations(seed: int) -> None:
    request = random_plant(1000 + seed)
    plan = lay_out(request)
    assert violations(plan, request) == []
    assert plan.unrouted == ()
    assert 0.75 < plan.width / plan.height / request.aspect < 1.33


@pytest.mark.parametrize("request_", [sales_plant(), random_plant(7, 20)])
def test_the_same_request_gives_the_same_floor(request_: FloorRequest) -> None:
    assert lay_out(request_) == lay_out(request_)


@pytest.mark.parametrize(
    "request_",
    [
        FloorRequest((), (), (StageSpec("A", 0),), ()),
        FloorRequest(("Z",), (), (StageSpec("A", 0),), ()),
        FloorRequest(("Z",), (), (StageSpec("A", 0), StageSpec("B", 0)), ()),
        FloorRequest(("Y", "Z"), ("S",), (StageSpec("A", 1),), ()),
        FloorRequest(("Z",), ("S",), (StageSpec("A", 0),), (BeltSpec("S", "A", 1), BeltSpec("A", "A", 0.5, True))),
        FloorRequest(("Y", "Z"), (), (StageSpec("A", 1), StageSpec("B", 0)), (BeltSpec("B", "A", 0),), aspect=0.5),
    ],
)
def test_small_and_broken_up_plants_have_a_floor(request_: FloorRequest) -> None:
    plan = lay_out(request_)
    assert violations(plan, request_) == []
    assert set(plan.machines) == {stage.name for stage in request_.stages}


def test_sources_of_one_stage_merge_before_its_machine() -> None:
    plan = lay_out(sales_plant())
    feeds = [belt for belt in plan.belts if belt.target == "Inquiry"]
    assert len(feeds) == 3
    assert len({belt.tiles[-3:] for belt in feeds}) == 1
    assert sum(belt.merges is not None for belt in feeds) == 2


def test_the_aspect_changes_the_shape_of_the_floor() -> None:
    flat, tall = (lay_out(replace(sales_plant(), aspect=aspect)) for aspect in (3.0, 1.0))
    assert flat.width / flat.height > 2 > 1.3 > tall.width / tall.height
