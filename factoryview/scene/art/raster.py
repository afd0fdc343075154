"""Small operations on surfaces that pygame lacks. None of them changes what it is given."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pygame


def clear(size: tuple[int, int]) -> pygame.Surface:
    """A wholly transparent surface."""
    return pygame.Surface(size, pygame.SRCALPHA, 32)


def opaque(size: tuple[int, int]) -> pygame.Surface:
    """A surface without transparency, of 32 bits a pixel: the format of every display there is today."""
    return pygame.Surface(size, 0, 32)


def ready(surface: pygame.Surface) -> pygame.Surface:
    """The surface in the format that blits fastest onto one of 32 bits, itself if it is; needs no display."""
    format_ = _format(bool(surface.get_flags() & pygame.SRCALPHA))
    return surface if surface.get_masks() == format_.get_masks() else surface.convert(format_)


@cache
def _format(alpha: bool) -> pygame.Surface:
    return clear((1, 1)) if alpha else opaque((1, 1))


_SOFT = 6
"""Pixels of radius that are blurred as they are; softer ones smaller, where nobody sees the difference."""


def soft(size: tuple[int, int], radius: int, draw: Callable[[pygame.Surface, float], None]) -> pygame.Surface:
    """What `draw` paints on a clear surface at a scale, out of focus, premultiplied. A blur costs pixels times radius:
    a wide one, on a large display that is looked at closely, would take seconds, so that it is made smaller."""
    part = max(1, -(-radius // _SOFT))
    small = clear((-(-size[0] // part), -(-size[1] // part)))
    draw(small, small.get_width() / size[0])
    found = pygame.transform.gaussian_blur(small.premul_alpha(), max(1, round(radius / part)))
    return found if part == 1 else pygame.transform.smoothscale(found, size)
