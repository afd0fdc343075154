"""How long it takes to seek to a random moment of a log of ten million events and to draw it, at 1080p. Its cases end.

A seek is everything: the window of stays is fetched, what stands where is found, and the frame is painted; nothing is
prefetched, and the next moment lies anywhere. Playing and seeking give the same frame: some moments are drawn again by
playing up to them, and their pixels compared.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import pygame

from factoryview.export.frames import Frames
from factoryview.factory.opening import open_factory
from factoryview.language import Language
from factoryview.scene.themes import NIGHT
from factoryview.time import DAY
from factoryview.view.model import Model
from factoryview.view.presentation import Presentation
from tests.kit.large_logs import write_csv

SIZE = (1920, 1080)
LIMIT = 100.0
"""ms at the 95th percentile."""
PACE = DAY / 10
"""µs of data a second of display."""
AGAIN = 3
"""Moments that are drawn again by playing to them."""


def run(events: int = 10_000_000, seeks: int = 60, seed: int = 1) -> dict[str, Any]:
    """Milliseconds of fetching and drawing, by rank."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log.csv"
        write_csv(log, events, told=True)
        begin = time.perf_counter()
        factory = open_factory(log)
        presentation = Presentation(Model(factory), Language("en"))
        counted = time.perf_counter()
        presentation.model.prepare_windows()
        opened, sorted_s = time.perf_counter() - begin, time.perf_counter() - counted
    model = presentation.model
    frames = Frames(presentation, SIZE, NIGHT)
    rng = random.Random(seed)
    frames.at(model.last, PACE)
    fetched, drawn, whole, busy = [], [], [], []
    moments = [rng.randrange(model.first, model.last) for _ in range(seeks)]
    for at in moments:
        begin, worked = time.perf_counter(), time.process_time()
        model.prefetch(at)
        middle = time.perf_counter()
        frames.at(at, PACE)
        end = time.perf_counter()
        fetched.append(1e3 * (middle - begin))
        drawn.append(1e3 * (end - middle))
        whole.append(1e3 * (end - begin))
        busy.append(1e3 * (time.process_time() - worked))
    alike = [_alike(presentation, at) for at in moments[:AGAIN]]
    found = high(whole)
    return {
        "events": events, "opened_s": round(opened, 1),
        "of these sorting for the seeks": round(sorted_s, 1), "seeks": seeks,
        "fetch_ms": {"p50": round(statistics.median(fetched), 1), "p95": high(fetched)},
        "draw_ms": {"p50": round(statistics.median(drawn), 1), "p95": high(drawn)},
        "seek_ms": {"p50": round(statistics.median(whole), 1), "p95": found, "most": round(max(whole), 1),
                    "first": round(whole[0], 1)},
        "processor_ms": {"p50": round(statistics.median(busy), 1), "p95": high(busy), "first": round(busy[0], 1)},
        "in_progress": round(median_wip(model, moments)),
        "same_frame_when_played": all(alike), "limits": {"p95": LIMIT}, "kept": {"p95": found <= LIMIT},
    }  # fmt: skip


def high(values: list[float]) -> float:
    """The 95th percentile."""
    return round(sorted(values)[max(0, -(-95 * len(values) // 100) - 1)], 1)


def median_wip(model: Model, moments: list[int]) -> float:
    """Cases in progress at the median moment."""
    return statistics.median(float(model.counts.history.wip[:, model.counts.history.index(at)].sum()) for at in moments)


def _alike(presentation: Presentation, at: int) -> bool:
    """Whether the frame is the same for one who plays there for a second, and for one who jumps there from afar."""
    played, sought = (Frames(presentation, SIZE, NIGHT) for _ in range(2))
    for k in range(30, -1, -1):
        picture = played.at(max(presentation.model.first, at - round(k * PACE / 30)), PACE)
    sought.at(presentation.model.first, PACE)
    return pygame.image.tobytes(picture, "RGB") == pygame.image.tobytes(sought.at(at, PACE), "RGB")
