"""How much of the time of a film is encoding: the same frames, drawn before, encoded alone by the same encoder."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

import pygame

from factoryview.export.film import film_writer
from factoryview.export.frames import Frames
from factoryview.factory.opening import open_factory
from factoryview.language import Language
from factoryview.resources import data_file
from factoryview.scene.themes import NIGHT
from factoryview.view.model import Model
from factoryview.view.presentation import Presentation

SIZE, FPS = (1920, 1080), 30
FRAMES, ROUNDS = 150, 3
_PACE = 86_400e6 * 6


def run() -> dict[str, Any]:
    """For `python -m tests.bench film`: the middle of three rounds, each both ways."""
    presentation = Presentation(
        Model(open_factory(data_file("umsatzwerk.toml"))), Language("en", "Europe/Berlin", "EUR")
    )
    model = presentation.model
    begin = model.first + (model.last - model.first) // 2
    moments = [begin + round(k / FPS * _PACE) for k in range(FRAMES)]
    model.study(begin)
    assert model.studied is not None
    assert model.studied.findings is not None
    for at in moments:
        model.studied.findings.at(at)
    frames = Frames(presentation, SIZE, NIGHT)
    drawn = [frames.at(at, _PACE, playing=True).copy() for at in moments]
    whole, alone = [], []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        for _ in range(ROUNDS):
            alone.append(_timed(path, drawn))
            whole.append(_timed(path, (frames.at(at, _PACE, playing=True) for at in moments)))
    value, baseline = sorted(whole)[ROUNDS // 2] / FRAMES, sorted(alone)[ROUNDS // 2] / FRAMES
    return {
        "what": "ms a frame of a film at 1080p; baseline: converting and encoding the same frames alone",
        "value": round(1e3 * value, 1), "baseline": round(1e3 * baseline, 1),
        "ratio": round(value / baseline, 2), "share of encoding": round(baseline / value, 2),
        "seconds for 60 s of film": round(1800 * value, 1),
    }  # fmt: skip


def _timed(path: Path, surfaces: Any) -> float:
    begin = time.perf_counter()
    with film_writer(path, SIZE, FPS) as write:
        for surface in surfaces:
            assert isinstance(surface, pygame.Surface)
            write(surface)
    return time.perf_counter() - begin
