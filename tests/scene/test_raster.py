"""What is out of focus looks as if it were blurred as it is, at a cost that does not grow with the radius."""

from __future__ import annotations

import numpy as np
import pygame
import pytest

from factoryview.scene.art.raster import blurred, clear


def halo(size: tuple[int, int], rim: int) -> pygame.Surface:
    surface = clear((size[0] + 2 * rim, size[1] + 2 * rim))
    pygame.draw.rect(surface, (220, 80, 40, 120), pygame.Rect((rim, rim), size), border_radius=rim // 2)
    return surface.premul_alpha()


@pytest.mark.parametrize("radius", [1, 7, 15])
def test_a_narrow_blur_is_that_of_the_library(radius: int) -> None:
    surface = halo((60, 40), 30)
    wanted = pygame.transform.gaussian_blur(surface, radius)
    assert pygame.image.tobytes(blurred(surface, radius), "RGBA") == pygame.image.tobytes(wanted, "RGBA")


@pytest.mark.parametrize("radius", [16, 25, 47, 60])
def test_a_wide_blur_looks_like_it(radius: int) -> None:
    surface = halo((160, 100), 2 * radius)
    wanted, found = pygame.transform.gaussian_blur(surface, radius), blurred(surface, radius)
    assert found.get_size() == wanted.get_size()
    for each in (pygame.surfarray.array3d, pygame.surfarray.array_alpha):
        apart = np.abs(each(found).astype(int) - each(wanted).astype(int))
        assert apart.max() <= 6
        assert apart.mean() < 1


def test_the_cost_does_not_grow_with_the_radius(monkeypatch: pytest.MonkeyPatch) -> None:
    costs: list[int] = []
    blur = pygame.transform.gaussian_blur

    def counted(surface: pygame.Surface, radius: int) -> pygame.Surface:
        costs.append(surface.get_width() * surface.get_height() * radius)
        return blur(surface, radius)

    monkeypatch.setattr(pygame.transform, "gaussian_blur", counted)
    for radius in (16, 64, 200, 430):
        blurred(halo((600, 400), 200), radius)
    pixels = 1000 * 800
    assert len(costs) == 4
    assert all(cost <= 4 * pixels for cost in costs), "as that of a blur by four pixels"
    assert costs == sorted(costs, reverse=True)
