"""Signs at the wall: the belts of one group do not run into those of another."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from factoryview.layout.engine import plan_floor
from factoryview.layout.plan import BELT, SIGN, Rect
from factoryview.layout.verifier import faults
from factoryview.layout.wall import LEFT, Stack, stack
from tests.kit.floors import random_request

RIGHT = 400


def strips(made: Stack, exit_: int) -> list[Rect]:
    """The belts of a group as rectangles: out of each sign, along the collector, and away to the right."""
    half, edge = BELT // 2, LEFT + SIGN[0]
    low, high = min(exit_, *made.heights), max(exit_, *made.heights)
    stubs = [Rect(edge, height - half, made.collector + half - edge, BELT) for height in made.heights]
    along = Rect(made.collector - half, low - half, BELT, high - low + BELT)
    return [*stubs, along, Rect(made.collector - half, exit_ - half, RIGHT - made.collector + half, BELT)]


def beside(a: Rect, b: Rect) -> bool:
    """Whether two level belts run into one another."""
    return a.w > BELT < b.w and a.h == b.h == BELT and a.meets(b)


def exits(heights: list[int]) -> bool:
    return all(b - a >= 60 for a, b in pairwise(heights))


groups = st.lists(st.integers(40, 800), min_size=1, max_size=4).map(sorted).filter(exits)


@given(groups, st.data())
def test_collectors_of_groups_keep_clear_of_each_other(heights: list[int], data: st.DataObject) -> None:
    count = [data.draw(st.integers(1, 3)) for _ in heights]
    made, lanes = stack(list(zip(heights, count, strict=True)), 854)
    assert len({group.collector for group in made}) == lanes
    belts = [strips(group, exit_) for group, exit_ in zip(made, heights, strict=True)]
    for i, (one, own) in enumerate(zip(made, belts, strict=True)):
        for other, theirs in zip(made[:i], belts[:i], strict=True):
            if one.collector == other.collector:
                assert not own[-2].meets(theirs[-2])


def test_a_way_out_between_the_signs_of_another_group_takes_the_lane_behind_them() -> None:
    heights, count = [410, 580, 724], [1, 1, 4]
    made, _ = stack(list(zip(heights, count, strict=True)), 854)
    belts = [strips(group, exit_) for group, exit_ in zip(made, heights, strict=True)]
    assert not any(
        beside(a, b) for i, own in enumerate(belts) for theirs in belts[:i] for a in own for b in theirs
    )  # fmt: skip


def test_the_floor_with_such_a_wall_has_no_fault() -> None:
    request = random_request(20, None, 1904, 784)
    assert faults(plan_floor(request), request) == []
