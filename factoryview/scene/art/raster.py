"""Small operations on surfaces that pygame lacks. None of them changes what it is given."""

from __future__ import annotations

import pygame

from factoryview.scene.theme import Colour


def clear(size: tuple[int, int]) -> pygame.Surface:
    """A wholly transparent surface."""
    return pygame.Surface(size, pygame.SRCALPHA, 32)


def opaque(size: tuple[int, int]) -> pygame.Surface:
    """A surface without transparency, of 32 bits a pixel: the format of every display there is today."""
    return pygame.Surface(size, 0, 32)


def ready(surface: pygame.Surface) -> pygame.Surface:
    """The surface in the format that blits fastest onto one of 32 bits; needs no display."""
    return surface.convert(clear((1, 1)) if surface.get_flags() & pygame.SRCALPHA else opaque((1, 1)))


def turned(surface: pygame.Surface, quarters: int) -> pygame.Surface:
    """The surface turned by quarters of a circle, against the clock; exact, no pixel is mixed."""
    return pygame.transform.rotate(surface, 90 * (quarters % 4)) if quarters % 4 else surface


def within(surface: pygame.Surface, stencil: pygame.Surface) -> pygame.Surface:
    """The surface where the stencil, which must be white, is opaque."""
    cut = surface.copy()
    cut.blit(stencil, (0, 0), special_flags=pygame.BLEND_RGBA_MULT)
    return cut


def soft_box(size: tuple[int, int], reach: int, drop: tuple[int, int], colour: Colour, opacity: int) -> pygame.Surface:
    """A blurred box, `reach` pixels larger than `size` on every side and moved by `drop` within them."""
    surface = clear((size[0] + 2 * reach, size[1] + 2 * reach))
    surface.fill((*colour, 0))
    box = pygame.Rect((reach + drop[0], reach + drop[1]), size).inflate(-reach // 2, -reach // 2)
    pygame.draw.rect(surface, (*colour, opacity), box, border_radius=max(1, min(size) // 8))
    return pygame.transform.gaussian_blur(surface, max(1, reach // 2))
