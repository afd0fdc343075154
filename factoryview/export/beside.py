"""Two plants, or two spans of one, in one picture: their playheads run together by weekday and time of day."""

from __future__ import annotations

from pathlib import Path

import pygame

from factoryview.export.film import film_writer
from factoryview.export.filming import Format, Progress, known_by
from factoryview.export.frames import Frames
from factoryview.export.picture import save_picture
from factoryview.scene.art.raster import opaque
from factoryview.time import DAY
from factoryview.view.paired import Paired
from factoryview.view.presentation import Presentation

_GAP = 0.006
"""Between the two, as a share of the longer side."""


class Beside:
    """Frames of two plants: one above the other, in a tall or square picture as well as in a wide one."""

    def __init__(self, both: tuple[Presentation, Presentation], form: Format) -> None:
        width, height = form.size
        gap = max(2, round(_GAP * max(form.size)))
        size = width, (height - gap) // 2
        self._tops = 0, height - size[1]
        self._frames = tuple(
            Frames(each, size, form.theme, smallest_text=2 * form.smallest_text, low_motion=form.low_motion)
            for each in both
        )
        self._both = both
        self.surface = opaque(form.size)

    def at(self, moments: tuple[int, int], pace: float, *, playing: bool = False) -> pygame.Surface:
        """The frame of two moments (µs UTC). pace: data µs per second of display."""
        for presentation, frames, at, top in zip(self._both, self._frames, moments, self._tops, strict=True):
            known_by(presentation, at)
            self.surface.blit(frames.at(at, pace, playing=playing), (0, top))
        return self.surface


def write_beside(both: tuple[Presentation, Presentation], paired: Paired, path: Path, form: Format) -> tuple[int, int]:
    """A picture of the last moments that both spans have; which these are. Raises InputError if it cannot be saved."""
    moments = paired.at(1.0)
    save_picture(Beside(both, form).at(moments, DAY / 10), path)
    return moments


def film_beside(
    both: tuple[Presentation, Presentation],
    paired: Paired,
    path: Path,
    form: Format,
    seconds: float,
    progress: Progress,
) -> int:
    """A film of both spans in so many seconds of display; how many frames it has. Raises InputError as `write_film`."""
    count = max(2, round(seconds * form.fps))
    pace = paired.length.total_seconds() * 1e6 / seconds
    beside = Beside(both, form)
    title = " · ".join(dict.fromkeys(each.facts.title for each in both))
    with film_writer(path, form.size, form.fps, title=title) as write:
        for k in range(count):
            write(beside.at(paired.at(k / (count - 1)), pace, playing=k < count - 1))
            progress((k + 1) / count)
    return count
