"""The shape of what limited the plant: where it stands, how high it is, and what is said of it."""

from __future__ import annotations

import pygame

from factoryview.scene.art.art import Art
from factoryview.scene.charts.limits import limit_nodes
from factoryview.scene.charts.scale import TimeScale
from factoryview.scene.picture import Limit
from factoryview.scene.themes import NIGHT
from factoryview.scene.ui.look import Canvas

LANE = pygame.Rect(100, 20, 1000, 12)
SCALE = TimeScale(0, 1000, LANE.x, LANE.w)


def heights(limit: Limit, now: int) -> tuple[list[int], list[tuple[int, int, int]]]:
    """Of each column of the lane how many pixels are painted, and the colour of the lowest."""
    surface = pygame.Surface((1200, 60), depth=32)
    [node] = limit_nodes("limit", [limit], SCALE, LANE, now)
    assert node.key is not None
    node.key.paint(Canvas(surface, surface, Art(NIGHT)), node.rect)
    pixels = pygame.surfarray.array3d(surface)[LANE.x : LANE.right, LANE.y : LANE.bottom]
    return [int(column.any(axis=1).sum()) for column in pixels], [tuple(column[-1].tolist()) for column in pixels]


def test_it_is_thin_until_too_many_wait_and_highest_when_most_do() -> None:
    high, _ = heights(Limit(100, 900, 300, 600, ""), 1000)
    assert set(high[:100]) == set(high[901:]) == {0}
    assert len(set(high[105:295])) == 1
    assert 0 < high[200] < LANE.h / 2
    assert max(high[597:604]) == max(high) >= LANE.h - 1
    assert high[300:600] == sorted(high[300:600])
    assert high[605:895] == sorted(high[605:895], reverse=True)


def test_what_never_jams_stays_thin_and_what_is_to_come_is_paler() -> None:
    high, colours = heights(Limit(100, 900, None, None, ""), 500)
    assert len(set(high[105:895])) == 1
    assert sum(colours[300]) > sum(colours[700]) > 0


def test_it_ends_at_the_lane_and_leads_to_its_beginning() -> None:
    [node] = limit_nodes("limit", [Limit(-500, 5000, None, None, "Offer limited the plant")], SCALE, LANE, 0)
    assert (node.rect.x, node.rect.right) == (LANE.x, LANE.right - 1)
    assert node.label == "Offer limited the plant"
    assert node.action is not None
    assert (node.action.command, node.action.arguments) == ("to", (-500,))
