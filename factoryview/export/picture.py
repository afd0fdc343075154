"""A picture of a plant at a moment, as a file."""

from __future__ import annotations

from pathlib import Path

import pygame

from factoryview.errors import InputError
from factoryview.export.frames import Frames, camera_at
from factoryview.language.said import said
from factoryview.output import replacing
from factoryview.scene.painter import SMALLEST_TEXT
from factoryview.scene.theme import Theme
from factoryview.scene.ui.composition import composed
from factoryview.view.health import SILENT, FeedHealth
from factoryview.view.playhead import usual_pace
from factoryview.view.presentation import Presentation


def render_frame(
    presentation: Presentation,
    at: int,
    *,
    size: tuple[int, int],
    theme: Theme,
    zoom: float = 1.0,
    centre: str | None = None,
    smallest_text: float = SMALLEST_TEXT,
    health: FeedHealth = SILENT,
) -> pygame.Surface:
    """The frame of a moment (µs UTC) at the usual pace. zoom: 1 sees the whole floor. centre: the stage to look at.

    smallest_text: height of capitals below which text on the floor is left out, as a share of the shorter side.
    health: of the live sources then.
    """
    model = presentation.model
    camera = camera_at(presentation.facts, composed(size), zoom, centre)
    frames = Frames(presentation, size, theme, camera=camera, smallest_text=smallest_text)
    return frames.at(at, usual_pace(model.last - model.first), health=health)


def save_picture(surface: pygame.Surface, path: Path) -> None:
    """Write a PNG. Raises InputError if the file cannot be written."""
    try:
        with replacing(path) as beside:
            pygame.image.save(surface, str(beside))
    except (OSError, pygame.error) as error:
        raise InputError(
            said("error.unwritable", why=error), where=str(path), cure=said("error.another_folder")
        ) from error
