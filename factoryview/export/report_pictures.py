"""The pictures of a report: the plant at a moment, and its time from left to right."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace

import pygame

from factoryview.export.filming import known_by
from factoryview.export.frames import Frames, whole_floor
from factoryview.scene.art.raster import opaque
from factoryview.scene.painter import Painter
from factoryview.scene.picture import Facts
from factoryview.scene.themes import DAY as BY_DAY
from factoryview.scene.ui.composition import composed
from factoryview.view.presentation import Presentation

_WHOLE = (1920, 1080)
"""Pixels of the screen from which the timeline is cut."""
_RIM = 12
"""u left of the bars."""


@dataclass(frozen=True)
class PictureOf:
    """A moment as a picture. png: its bytes."""

    png: bytes
    title: str
    detail: str


def drawn(frames: Frames, presentation: Presentation, at: int, pace: float) -> bytes:
    """The plant at a moment (µs UTC), as a .png."""
    known_by(presentation, at)
    return _png(frames.at(at, pace))


def timeline_drawn(presentation: Presentation, ribbon: Facts, at: int, pace: float, words: str) -> PictureOf:
    """The timeline alone. ribbon: what it shows. at: the playhead, µs UTC. words: what is written under it."""
    composition, facts = composed(_WHOLE), presentation.facts
    surface = opaque(_WHOLE)
    painter = Painter(facts, BY_DAY)
    moment = replace(presentation.moment(at, pace), notes=())
    painter.paint(surface, moment, whole_floor(facts, composition), composition, ribbon=ribbon)
    box = composition.timeline
    left = composition.bars.x - round(_RIM * composition.u)
    part = surface.subsurface(pygame.Rect(left, box.y, box.right - left, box.h))
    return PictureOf(_png(part), "", words)


def _png(surface: pygame.Surface) -> bytes:
    file = io.BytesIO()
    pygame.image.save(surface, file, "picture.png")
    return file.getvalue()
