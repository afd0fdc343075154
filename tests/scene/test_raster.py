"""What is out of focus looks as if it were blurred as it is, at a cost that does not grow with the radius."""

from __future__ import annotations

import numpy as np
import pygame
import pytest

from factoryview.scene.art.raster import clear, soft


def panel(surface: pygame.Surface, scale: float) -> None:
    """A round panel in the middle of a surface of 320 × 240 at scale 1, half as large."""
    box = [round(scale * each) for each in (80, 60, 160, 120)]
    pygame.draw.rect(surface, (220, 80, 40, 120), box, border_radius=round(40 * scale))


def blurred(radius: int) -> pygame.Surface:
    surface = clear((320, 240))
    panel(surface, 1.0)
    return pygame.transform.gaussian_blur(surface.premul_alpha(), radius)


@pytest.mark.parametrize("radius", [1, 6])
def test_what_is_a_little_soft_is_that_of_the_library(radius: int) -> None:
    found = soft((320, 240), radius, panel)
    assert pygame.image.tobytes(found, "RGBA") == pygame.image.tobytes(blurred(radius), "RGBA")


@pytest.mark.parametrize("radius", [7, 13, 25, 47, 60])
def test_what_is_very_soft_looks_like_it(radius: int) -> None:
    wanted, found = blurred(radius), soft((320, 240), radius, panel)
    assert found.get_size() == wanted.get_size()
    for each in (pygame.surfarray.array3d, pygame.surfarray.array_alpha):
        apart = np.abs(each(found).astype(int) - each(wanted).astype(int))
        assert apart.max() <= 16
        assert apart.mean() < 2.5


def test_the_cost_does_not_grow_with_the_radius(monkeypatch: pytest.MonkeyPatch) -> None:
    costs: list[int] = []
    blur = pygame.transform.gaussian_blur

    def counted(surface: pygame.Surface, radius: int) -> pygame.Surface:
        costs.append(surface.get_width() * surface.get_height() * radius)
        return blur(surface, radius)

    monkeypatch.setattr(pygame.transform, "gaussian_blur", counted)
    for radius in (6, 16, 64, 200, 430):
        soft((1920, 1440), radius, lambda surface, scale: panel(surface, 6 * scale))
    assert len(costs) == 5
    assert costs == sorted(costs, reverse=True)
    assert costs[0] == 1920 * 1440 * 6
