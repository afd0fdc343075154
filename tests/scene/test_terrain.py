"""The floor beneath everything: where it differs, and what of it is baked before it comes into sight."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pygame
import pytest

from factoryview.scene.floor.camera import Camera
from factoryview.scene.floor.terrain import Terrain
from factoryview.scene.painter import Painter
from factoryview.scene.themes import NIGHT
from factoryview.scene.ui.composition import composed
from tests.kit.small_plants import kept

SIZE = (640, 480)


def terrain_with_camera() -> tuple[Terrain, Camera]:
    """Of a floor that is larger than the view."""
    floor = kept("sales").facts.floor
    view = pygame.Rect((0, 0), SIZE)
    return Terrain(floor.plan, NIGHT, floor.departments), replace(Camera.fit(floor.plan, view), k=2.5)


def test_a_camera_that_moves_finds_the_floor_baked(monkeypatch: pytest.MonkeyPatch) -> None:
    terrain, camera = terrain_with_camera()
    baked: list[tuple[float, int, int]] = []
    bake = Terrain._bake

    def told(self: Terrain, k: float, column: int, row: int) -> pygame.Surface:
        baked.append((k, column, row))
        return bake(self, k, column, row)

    monkeypatch.setattr(Terrain, "_bake", told)
    surface = pygame.Surface(SIZE, 0, 32)
    counts = []
    for step in range(160):
        terrain.paint(surface, camera.panned((-8 * step, -6 * step)), camera.view)
        counts.append(len(baked))
    assert len(baked) == len(set(baked)) > counts[0] + 6
    assert max(after - before for before, after in pairwise(counts)) == 1
    nearer = replace(camera, k=camera.k * 1.25)
    terrain.paint(surface, nearer, camera.view)
    # of a scale that was not there before only what is seen: while one zooms, nothing else is of any use
    assert baked[counts[-1] :] == [(nearer.k, *place) for place in terrain.places(nearer, camera.view)]


def test_a_moved_camera_changes_nothing_around_the_floor() -> None:
    plant = kept("sales")
    painter, composition = Painter(plant.facts, NIGHT), composed((960, 540))
    surface, clean = pygame.Surface((960, 540), 0, 32), pygame.Surface((960, 540), 0, 32)
    moment = plant.moment((plant.model.first + plant.model.last) // 2, 3.6e9)
    camera = Camera.fit(plant.facts.floor.plan, composition.view)
    painter.paint(surface, moment, camera)
    assert painter.paint(surface, moment, camera.panned((7, -3))) == [composition.view]
    Painter(plant.facts, NIGHT).paint(clean, moment, camera.panned((7, -3)))
    assert np.array_equal(pygame.surfarray.pixels3d(surface), pygame.surfarray.pixels3d(clean))


def test_a_floor_with_other_names_is_painted_anew() -> None:
    plant = kept("sales")
    painter = Painter(plant.facts, NIGHT)
    surface, clean = pygame.Surface((1920, 1080), 0, 32), pygame.Surface((1920, 1080), 0, 32)
    moment = plant.moment((plant.model.first + plant.model.last) // 2, 3.6e9)
    camera = Camera.fit(plant.facts.floor.plan, composed((1920, 1080)).view)
    painter.paint(surface, moment, camera)
    floor = plant.facts.floor
    other = replace(plant.facts, floor=replace(floor, departments=dict.fromkeys(floor.departments, "Renamed")))
    painter.renew(other)
    assert composed((1920, 1080)).view in painter.paint(surface, moment, camera)
    Painter(other, NIGHT).paint(clean, moment, camera)
    assert np.array_equal(pygame.surfarray.pixels3d(surface), pygame.surfarray.pixels3d(clean))
