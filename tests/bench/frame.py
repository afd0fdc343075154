"""How long a frame takes: many crates standing and riding, still and moving camera, 1080p and 4K, and half an hour.

All in one run on the dummy video driver, in processor time. A frame is everything: what stands where, and painting it.
The baseline is the painting alone of a naive program: copy the whole background, then draw every visible crate with one
`fblits` of a list made beforehand. Beside it the same with the list made anew from arrays, as crates that move demand;
and the bare copy of the background, with how many of them a playing and a paused frame cost.
"""

from __future__ import annotations

import gc
import os
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import replace

import duckdb
import numpy as np

from factoryview.factory.factory import Factory
from factoryview.language import Language
from factoryview.plant.models import Plant, Stage
from factoryview.sources.events import EventLog
from factoryview.store.database import Store
from factoryview.view.model import Model
from factoryview.view.presentation import Presentation
from tests.kit.memory import resident

STAGES = 20
DAY = 86_400_000_000
FIRST = 1_735_689_600_000_000


def crowded(crates: int, days: int = 10, flow: int = 40) -> Presentation:
    """A chain of machines at which so many cases stand in all, with a flow of cases through it."""
    rng = random.Random(7)
    rows: list[tuple[int, str, str, int]] = []
    standing = crates // STAGES
    for s in range(STAGES):
        rows += [(0, f"old-{s}-{k}", f"Stage {s:02d}", FIRST + rng.randrange(DAY // 2)) for k in range(standing)]
    for k in range(days * flow):
        at = FIRST + DAY // 2 + rng.randrange((days - 1) * DAY)
        for s in range(STAGES):
            rows.append((0, f"case-{k}", f"Stage {s:02d}", at))
            at += rng.randrange(DAY // 20, DAY // 4)
        rows.append((0, f"case-{k}", "Done", at))
    con = duckdb.connect()
    con.execute(
        'create table events (row bigint, "case" varchar, stage varchar, time timestamp, start timestamp, '
        "resource varchar, value double, channel varchar, reason varchar, weight double)"
    )
    cases = np.array([row[1] for row in rows], dtype=object)
    stages = np.array([row[2] for row in rows], dtype=object)
    at = np.array([row[3] for row in rows], dtype=np.int64)
    con.register("made", {"k": np.arange(len(rows)), "c": cases, "s": stages, "t": at})
    con.execute("insert into events select k, c, s, make_timestamp(t), null, null, null, null, null, 1.0 from made")
    log = EventLog(con, "entry", {}, [], len(rows), 0)
    store = Store.build(log, ends=("Done",))
    plant = Plant(name="Bench", stages=tuple(Stage(name=f"Stage {s:02d}") for s in range(STAGES)))
    return Presentation(Model(Factory(plant, store, "bench", (), 0, {}, len(rows))), Language("en"))


def run() -> dict[str, object]:
    """The figures; times are medians in milliseconds."""
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    import pygame

    from factoryview.scene.art.crates import crate as picture_of
    from factoryview.scene.floor.camera import Camera
    from factoryview.scene.painter import Painter
    from factoryview.scene.themes import NIGHT
    from factoryview.scene.ui.composition import composed

    pygame.display.init()
    pygame.font.init()

    def prepare(presentation: Presentation, size: tuple[int, int]) -> tuple[pygame.Surface, Painter, Camera]:
        surface = pygame.display.set_mode(size)
        camera = Camera.fit(presentation.facts.floor.plan, composed(size).view)
        return surface, Painter(presentation.facts, NIGHT), camera

    pace = DAY / 20.0
    middle = FIRST + 5 * DAY

    def still(presentation: Presentation, size: tuple[int, int], frames: int = 240) -> list[float]:
        surface, painter, camera = prepare(presentation, size)

        def frame(i: int) -> None:
            painter.paint(surface, presentation.moment(middle + round(i * pace / 60), pace), camera)

        return timed(frame, frames)

    few, many = crowded(20_000), crowded(200_000)
    hd, uhd = (1920, 1080), (3840, 2160)
    drawn = few.model.standing(middle, pace)
    few_ms, many_ms = [], []
    for _ in range(3):
        few_ms += still(few, hd)
        many_ms += still(many, hd)
    uhd_ms = still(few, uhd)

    surface, painter, camera = prepare(few, hd)
    background, crate = surface.copy(), picture_of(8, NIGHT.hues[0], NIGHT.belt.calm)
    spots = [(crate, (i % 190 * 10, i // 190 * 9 + 90)) for i in range(20_000)]

    def naive(_i: int) -> None:
        surface.blit(background, (0, 0))
        surface.fblits(spots)

    bare_ms = timed(lambda _: surface.blit(background, (0, 0)), 120)
    naive_ms = timed(naive, 60)
    left, top = (np.array(axis, dtype=float) for axis in zip(*(spot for _, spot in spots), strict=True))

    def naive_moving(i: int) -> None:
        surface.blit(background, (0, 0))
        x, y = np.rint(left + i % 7).astype(int).tolist(), np.rint(top).astype(int).tolist()
        surface.fblits([(crate, spot) for spot in zip(x, y, strict=True)])

    naive_moving_ms = timed(naive_moving, 60)

    def paused() -> list[float]:
        surface, painter, camera = prepare(few, hd)
        moment = few.moment(middle, pace)
        return timed(lambda _: painter.paint(surface, moment, camera), 120)

    paused_ms = paused()

    def only_painting() -> list[float]:
        surface, painter, camera = prepare(few, hd)
        moments = [few.moment(middle + round(i * pace / 60), pace) for i in range(130)]
        return timed(lambda i: painter.paint(surface, moments[i], camera), 120)

    painting_ms = only_painting()

    def panning(i: int) -> None:
        moved = replace(camera, x=camera.x + 8 * np.sin(i / 9), y=camera.y + 5 * np.sin(i / 7))
        painter.paint(surface, few.moment(middle + round(i * pace / 60), pace), moved)

    panning_ms = timed(panning, 120)
    growth = memory_growth(few, surface, painter, camera, pace)
    value, baseline = statistics.median(few_ms), statistics.median(naive_ms)
    bare, moving = statistics.median(bare_ms), statistics.median(naive_moving_ms)
    return {
        "value": round(value, 3),
        "baseline": round(baseline, 3),
        "ratio": round(baseline / value, 2),
        "ratio_of_painting_alone": round(baseline / statistics.median(painting_ms), 2),
        "painting_alone_ms": round(statistics.median(painting_ms), 3),
        "baseline_with_positions_ms": round(moving, 3),
        "ratio_with_positions": {"ratio": round(moving / value, 2), "limit": 3},
        "bare_copies": {
            "copy_ms": round(bare, 3),
            "playing": round(value / bare, 1),
            "limit": 3,
            "paused": round(statistics.median(paused_ms) / bare, 2),
        },
        "visible_crates": sum(stage.crates for stage in drawn.stages),
        "still_1080p_ms": {"median": round(value, 3), "p99": round(float(np.percentile(few_ms, 99)), 3), "limit": 4},
        "ten_times_the_crates": {
            "median": round(statistics.median(many_ms), 3),
            "ratio": round(statistics.median(many_ms) / value, 2),
            "limit": 1.2,
        },
        "panning_1080p_ms": {"median": round(statistics.median(panning_ms), 3), "limit": 12},
        "still_2160p_ms": {
            "median": round(statistics.median(uhd_ms), 3),
            "ratio": round(statistics.median(uhd_ms) / value, 2),
            "limit": 4,
        },
        "half_an_hour": growth,
    }


def timed(frame: Callable[[int], None], frames: int) -> list[float]:
    """Milliseconds of each frame, the first ten left out."""
    found = []
    for i in range(frames + 10):
        start = time.process_time()
        frame(i)
        found.append(1000 * (time.process_time() - start))
    return found[10:]


def memory_growth(
    presentation: Presentation, surface: object, painter: object, camera: object, pace: float
) -> dict[str, object]:
    """Memory over the frames of thirty minutes at 30 a second, once the whole log has been seen once.

    The growth is that of the median from the first third to the last: what a fetch holds for a moment is no growth.
    """
    span = presentation.model.last - presentation.model.first
    warm = round(span / pace * 30)
    frames = 30 * 60 * 30
    held: list[float] = []
    for i in range(warm + frames):
        at = presentation.model.first + round(i * pace / 30) % span
        painter.paint(surface, presentation.moment(at, pace, playing=True), camera)  # type: ignore[attr-defined]
        if i >= warm and i % 600 == 0:
            gc.collect()
            held.append(resident())
    third = len(held) // 3
    growth = statistics.median(held[-third:]) - statistics.median(held[:third])
    return {"frames": frames, "growth_mb": round(growth, 2), "most_mb": round(max(held), 1), "limit_mb": 5}
