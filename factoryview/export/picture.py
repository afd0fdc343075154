"""A picture of a plant at a moment, without a screen."""

from __future__ import annotations

import os
from pathlib import Path

import pygame

from factoryview.errors import InputError, UsageError
from factoryview.output import replacing
from factoryview.scene.floor.camera import Camera
from factoryview.scene.painter import SMALLEST_TEXT, Painter
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
    """The frame of a moment (µs UTC). zoom: 1 sees the whole floor. centre: the stage to look at when nearer.

    smallest_text: size below which text on the floor is left out, as a share of the picture's height. health: of
    the live sources then.
    """
    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
    pygame.display.init()
    pygame.font.init()
    surface = pygame.display.set_mode(size)
    facts, model = presentation.facts, presentation.model
    camera = Camera.fit(facts.plan.width, facts.plan.height, composed(size).floor)
    if centre is not None:
        if centre not in facts.plan.machines:
            raise UsageError(f'no stage is called "{centre}"; there are {", ".join(facts.plan.machines)}.')
        box = facts.plan.machines[centre].box
        camera = Camera(box.x + box.w / 2, box.y + box.h / 2, camera.tile, camera.view)
    if zoom != 1.0:
        view = camera.view
        camera = camera.zoomed(zoom, (view.x + view.w // 2, view.y + view.h // 2))
    moment = presentation.moment(at, usual_pace(model.last - model.first), health=health)
    Painter(facts, theme, smallest_text=smallest_text).paint(surface, moment, camera)
    return surface


def save_picture(surface: pygame.Surface, path: Path) -> None:
    """Write a PNG. Raises InputError if the file cannot be written."""
    try:
        with replacing(path) as beside:
            pygame.image.save(surface, str(beside))
    except (OSError, pygame.error) as error:
        raise InputError(
            f"cannot be written ({error}).", where=str(path), cure="Choose another folder with -o."
        ) from error
