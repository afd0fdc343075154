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
