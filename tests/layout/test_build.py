"""Laws of the finished plan."""

from __future__ import annotations

from dataclasses import replace

import pytest

from factoryview.layout.audit import faults
from factoryview.layout.build import plan_floor
from factoryview.layout.plan import BeltSpec, FloorRequest, StageSpec
from tests.kit.floors import random_request


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
