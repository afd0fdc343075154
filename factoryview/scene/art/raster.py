"""Small operations on surfaces that pygame lacks. None of them changes what it is given."""

from __future__ import annotations

import pygame


def clear(size: tuple[int, int]) -> pygame.Surface:
    """A wholly transparent surface."""
    return pygame.Surface(size, pygame.SRCALPHA, 32)


def opaque(size: tuple[int, int]) -> pygame.Surface:
    """A surface without transparency, of 32 bits a pixel: the format of every display there is today."""
    return pygame.Surface(size, 0, 32)


def ready(surface: pygame.Surface) -> pygame.Surface:
    """The surface in the format that blits fastest onto one of 32 bits, itself if it is; needs no display."""
    format_ = clear((1, 1)) if surface.get_flags() & pygame.SRCALPHA else opaque((1, 1))
    return surface if surface.get_masks() == format_.get_masks() else surface.convert(format_)


_SOFT = 8
"""Pixels of radius that are blurred as they are; softer ones smaller, where nobody sees the difference."""


def blurred(surface: pygame.Surface, radius: int) -> pygame.Surface:
    """The surface, out of focus; premultiplied stays so. A blur costs pixels times radius: a wide one, on a large
    display that is looked at closely, would take seconds."""
    part = max(1, radius // _SOFT)
    if part == 1:
        return pygame.transform.gaussian_blur(surface, max(1, radius))
    width, height = surface.get_size()
    small = pygame.transform.smoothscale(surface, (-(-width // part), -(-height // part)))
    return pygame.transform.smoothscale(pygame.transform.gaussian_blur(small, round(radius / part)), (width, height))
