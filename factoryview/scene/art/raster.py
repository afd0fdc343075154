"""Small operations on surfaces that pygame lacks. None of them changes what it is given."""

from __future__ import annotations

import pygame

from factoryview.scene.theme import Colour


def clear(size: tuple[int, int]) -> pygame.Surface:
    """A wholly transparent surface."""
    return pygame.Surface(size, pygame.SRCALPHA)


def opaque(size: tuple[int, int]) -> pygame.Surface:
    """A surface without transparency, in the display's format when there is a display."""
    surface = pygame.Surface(size, 0, 32)
    return surface.convert() if pygame.display.get_surface() else surface


def ready(surface: pygame.Surface) -> pygame.Surface:
    """The surface in the format that blits fastest onto the display, if there is one."""
    if not pygame.display.get_surface():
        return surface
    return surface.convert_alpha() if surface.get_flags() & pygame.SRCALPHA else surface.convert()


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
