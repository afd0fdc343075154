"""A finished frame as PNG."""

from __future__ import annotations

from io import BytesIO

import pygame

from factoryview.wall.control import Pixels


def png_of(pixels: Pixels) -> bytes:
    """The frame as a PNG file."""
    surface = pygame.image.frombytes(pixels.rgb, (pixels.width, pixels.height), "RGB")
    file = BytesIO()
    pygame.image.save(surface, file, "frame.png")
    return file.getvalue()
