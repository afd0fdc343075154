"""From names and flows to a floor: how large it is, and what belts have in common before a stage."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factoryview.flow.moment.ride import EDGE, SPACING
from factoryview.layout.engine import plan_floor
from factoryview.layout.plan import Belt, Point
from factoryview.view.arrangement import floor_size, shared_end, ways_of
from tests.kit.floors import random_request, sales_request

STEPS = st.lists(st.tuples(st.sampled_from([(1, 0), (-1, 0), (0, 1), (0, -1)]), st.integers(1, 30)), min_size=1)


def walked(steps: list[tuple[tuple[int, int], int]]) -> tuple[Point, ...]:
    """Corners of a way back from the origin: turns that stand still or turn round are left out."""
    points, last = [(0, 0)], (0, 0)
    for (x, y), length in steps:
        if (x, y) in (last, (-last[0], -last[1])):
            continue
        points.append((points[-1][0] + x * length, points[-1][1] + y * length))
        last = (x, y)
    return tuple(Point(*point) for point in reversed(points))


def tiles(points: tuple[Point, ...]) -> list[tuple[int, int]]:
    """Every place on a line of right angles, from its end to its beginning."""
    found = [(points[-1].x, points[-1].y)]
    for a, b in pairwise(reversed(points)):
        step = (b.x > a.x) - (b.x < a.x), (b.y > a.y) - (b.y < a.y)
        for _ in range(abs(b.x - a.x) + abs(b.y - a.y)):
            found.append((found[-1][0] + step[0], found[-1][1] + step[1]))
    return found


def belt(points: tuple[Point, ...]) -> Belt:
    return Belt("a", "b", 1.0, False, False, points)


@given(STEPS, STEPS, STEPS)
def test_two_belts_share_as_many_places_as_they_have_in_common_from_their_end(
    common: list[tuple[tuple[int, int], int]],
    mine: list[tuple[tuple[int, int], int]],
    theirs: list[tuple[tuple[int, int], int]],
) -> None:
    one, other = walked([*common, *mine]), walked([*common, *theirs])
    shared = 0
    for a, b in zip(tiles(one)[1:], tiles(other)[1:], strict=False):
        if a != b:
            break
        shared += 1
    assert shared_end(belt(one), belt(other)) == shared_end(belt(other), belt(one)) == shared


@pytest.mark.parametrize("seed", [None, 3, 8, 21])
def test_ways_are_the_belts_between_their_edges_and_what_they_share(seed: int | None) -> None:
    request = sales_request() if seed is None else random_request(seed)
    plan = plan_floor(request)
    stages = tuple(stage.name for stage in request.stages)
    count = len(plan.belts)
    ways = ways_of(plan, count, stages)
    assert len(ways) == count > 0
    for k, (way, line) in enumerate(zip(ways, plan.belts, strict=True)):
        assert stages[way.stage] == line.target
        whole = max(0.0, len(tiles(line.points)) - 1 - 2 * EDGE)
        assert way.length == whole if line.origin != line.target else 0 < way.length <= min(whole, 2 * SPACING)
        expected = []
        for i, other in enumerate(plan.belts):
            same = 0
            for a, b in zip(tiles(line.points)[1:], tiles(other.points)[1:], strict=False):
                if a != b:
                    break
                same += 1
            if i != k and other.target == line.target and same > EDGE:
                expected.append((i, same - EDGE))
        assert list(way.shared) == expected
    assert len(ways_of(plan, 1, stages)) == 1


@given(st.floats(0.3, 4))
def test_the_floor_has_the_shape_of_its_part_of_the_screen(aspect: float) -> None:
    width, height = floor_size(aspect)
    assert width / height == pytest.approx(aspect, rel=0.002)
    assert min(width, height) >= 740 or width == 1064
