"""Belts in whole pixels: runs, corners and tunnels cover the centre line and nothing else."""

from __future__ import annotations

import numpy as np
import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from factoryview.layout.plan import THIN_BELT, Belt, Crossing, Join, Point
from factoryview.scene.floor.lanes import Lane

CORNERED = Belt("a", "b", 0.5, False, False, (Point(10, 20), Point(210, 20), Point(210, 300), Point(60, 300)))
scales = st.floats(0.2, 4.0)


def points(lane: Lane, along: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Pixels of the centre line. along: u from its begin."""
    return np.interp(along, lane.knots, lane.line[0]), np.interp(along, lane.knots, lane.line[1])


@given(scales)
def test_a_belt_is_covered_from_end_to_end_without_overlap(k: float) -> None:
    lane = Lane.of(CORNERED, k)
    assert len(lane.runs) == 3
    assert [corner.entering + corner.leaving for corner in lane.corners] == ["es", "sw"]
    covered = np.zeros((round(220 * k) + 60, round(310 * k) + 60), dtype=int)
    for box in lane.boxes:
        covered[box.left + 20 : box.right + 20, box.top + 20 : box.bottom + 20] += 1
    assert covered.max() == 1
    for along in np.linspace(0.5, CORNERED.length - 0.5, 200):
        x, y = points(lane, np.array([along]))
        assert covered[int(x[0]) + 20, int(y[0]) + 20] == 1


@given(scales)
def test_crates_follow_the_centre_line(k: float) -> None:
    lane = Lane.of(CORNERED, k)
    x, y = points(lane, np.array([0.0, 200.0, 480.0, 630.0]))
    expected = [(10, 20), (210, 20), (210, 300), (60, 300)]
    assert [(round(a), round(b)) for a, b in zip(x, y, strict=True)] == [
        (round(a * k), round(b * k)) for a, b in expected
    ]


@pytest.mark.parametrize("over", [True, False])
def test_a_belt_below_another_one_is_out_of_sight_there(over: bool) -> None:
    belt = Belt(
        "a", "b", 0.5, False, False, (Point(0, 50), Point(300, 50)), crossings=(Crossing(Point(150, 50), 1, over),)
    )
    lane = Lane.of(belt, 1.0)
    above = pygame.Rect(134, 34, 32, 32)
    assert (above.collidelist([run.box for run in lane.runs]) < 0) is (not over)
    assert bool(lane.hidden) is (not over)
    assert len(lane.mouths) == (0 if over else 2)


@given(scales, st.sampled_from(["e", "w", "n", "s"]), st.booleans())
def test_a_belt_goes_on_to_the_very_edge_of_the_one_that_passes_over_it(k: float, way: str, narrow: bool) -> None:
    """So the eye follows it below: no floor shows between the two, and neither covers a pixel of the other."""
    ends = [Point(0, 50), Point(301, 50)] if way in "ew" else [Point(50, 0), Point(50, 301)]
    across = [Point(151, 0), Point(151, 99)] if way in "ew" else [Point(0, 151), Point(99, 151)]
    points = tuple(ends if way in "es" else ends[::-1])
    at = Point(151, 50) if way in "ew" else Point(50, 151)
    lane = Lane.of(Belt("a", "b", 0.5, False, False, points, crossings=(Crossing(at, 1, False),)), k,
                   {1: THIN_BELT} if narrow else {})  # fmt: skip
    above = Lane.of(Belt("c", "d", 0.5, False, narrow, tuple(across)), k).runs[0].box
    covered = [box.clip(above.inflate(8, 0) if way in "ew" else above.inflate(0, 8)) for box in lane.boxes]
    assert not any(box.colliderect(above) for box in lane.boxes)
    touching = [box for box in covered if box and box.inflate(2, 2).colliderect(above)]
    assert len(touching) == 2


@given(scales)
def test_a_belt_that_joins_ends_on_the_lane_of_the_other_and_opens_its_rail(k: float) -> None:
    points = (Point(100, 200), Point(100, 50), Point(300, 50))
    lane = Lane.of(Belt("a", "b", 0.2, False, False, points, join=Join(1, 150, 100)), k)
    other = Lane.of(Belt("c", "b", 0.8, False, False, (Point(0, 50), Point(300, 50))), k)
    assert len(lane.runs) == 1
    assert not lane.corners
    assert lane.runs[0].box.colliderect(other.runs[0].box)
    if lane.opening:
        assert other.runs[0].box.inflate(4, 4).contains(lane.opening)


@given(st.floats(0, 1e7), scales)
def test_chevrons_scroll_by_whole_pixels_within_their_period(phase: float, k: float) -> None:
    lane = Lane.of(CORNERED, k)
    assert 0 <= lane.scrolled(phase) < lane.period
