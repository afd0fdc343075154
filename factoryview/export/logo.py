"""The logo of a film, from a file."""

from __future__ import annotations

from pathlib import Path

import pygame

from factoryview.errors import InputError
from factoryview.language.said import said


def logo_of(path: Path, high: int) -> pygame.Surface:
    """The picture; one in vectors as large as a film of that height can use. Raises InputError if it is none."""
    try:
        if path.suffix.lower() == ".svg":
            with path.open("rb") as file:
                return pygame.image.load_sized_svg(file, (high, high))
        with path.open("rb") as file:
            return pygame.image.load(file, path.name)
    except (OSError, pygame.error) as error:
        raise InputError(
            said("error.logo_not_read", why=error), where=str(path), cure=said("error.logo_kinds")
        ) from error
