"""How long a frame takes on the dummy video driver, in processor time, and whether memory stays as it is.

A frame is everything: what stands where, and painting it. Beside it, in turns of the same run, stand a bare copy of the
background, and a naive program that copies the background, makes the list of every visible crate from arrays, as crates
that move demand, and draws it with one `fblits`.

`python -m tests.bench frame` measures all but the hour; `frame still`, or another of `PARTS`, only that.
"""

from __future__ import annotations

import gc
import os
import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import duckdb
import numpy as np

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")

import pygame

from factoryview.factory.factory import Factory
from factoryview.language import Language
from factoryview.plant.models import Plant, Stage
from factoryview.scene.art.crates import crate as picture_of
from factoryview.scene.floor.camera import Camera
from factoryview.scene.painter import Painter
from factoryview.scene.picture import Moment
from factoryview.scene.themes import NIGHT
from factoryview.scene.ui.composition import composed
from factoryview.sources.events import EventLog
from factoryview.store.database import Store
from factoryview.view.model import Model
from factoryview.view.presentation import Presentation
from tests.kit.memory import resident

STAGES = 20
DAY = 86_400_000_000
FIRST = 1_735_689_600_000_000
MIDDLE = FIRST + 5 * DAY
PACE = DAY / 20.0
HD = (1920, 1080)
_FRAMES, _TURNS, _WARM = 480, 8, 10


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


@dataclass
class Bench:
    """A plant on the dummy display, seen by a still camera."""

    presentation: Presentation
    size: tuple[int, int]

    def __post_init__(self) -> None:
        self.surface = pygame.display.set_mode(self.size)
        self.camera = Camera.fit(self.presentation.facts.floor.plan, composed(self.size).view)
        self.painter = Painter(self.presentation.facts, NIGHT)

    def moment(self, i: int, *, rate: int = 60) -> Moment:
        """Of the i-th frame."""
        return self.presentation.moment(MIDDLE + round(i * PACE / rate), PACE)

    def play(self, i: int) -> None:
        """The i-th frame: what stands where, and painting it."""
        self.painter.paint(self.surface, self.moment(i), self.camera)


def run(*parts: str) -> dict[str, object]:
    """The figures; times are medians in milliseconds. parts: of `PARTS`; none: the short ones."""
    wanted = parts or tuple(part for part in PARTS if part != "hour")
    if unknown := set(wanted) - set(PARTS):
        raise ValueError(f"no part {', '.join(sorted(unknown))}; there are: {', '.join(PARTS)}")
    pygame.display.init()
    pygame.font.init()
    few = crowded(20_000)
    gc.freeze()  # as the window does with what it shows
    found: dict[str, object] = {}
    for part in wanted:
        found |= PARTS[part](few)
    return found


def still(few: Presentation) -> dict[str, object]:
    """A still camera, beside the naive program and the bare copy, in turn."""
    bench = Bench(few, HD)
    visible = sum(stage.crates for stage in few.model.standing(MIDDLE, PACE).stages)
    moment = bench.moment(0)
    bench.play(0)
    copy, crate = bench.surface.copy(), picture_of(8, NIGHT.hues[0], NIGHT.belt.calm)
    spots = [(crate, (i % 190 * 10, i // 190 * 9 + 90)) for i in range(visible)]
    left, top = (np.array(axis, dtype=float) for axis in zip(*(spot for _, spot in spots), strict=True))
    on = pygame.Surface(HD).convert()

    def naive(_i: int) -> None:
        on.blit(copy, (0, 0))
        on.fblits(spots)

    def naive_moving(i: int) -> None:
        on.blit(copy, (0, 0))
        x, y = np.rint(left + i % 7).astype(int).tolist(), np.rint(top).astype(int).tolist()
        on.fblits([(crate, spot) for spot in zip(x, y, strict=True)])

    ms = in_turn({
        "playing": bench.play,
        "paused": lambda _: bench.painter.paint(bench.surface, moment, bench.camera),
        "bare": lambda _: on.blit(copy, (0, 0)),
        "naive": naive,
        "naive_moving": naive_moving,
    })  # fmt: skip
    playing, bare = statistics.median(ms["playing"]), statistics.median(ms["bare"])
    return {
        "visible_crates": visible,
        "still_1080p_ms": spread(ms["playing"]),
        "paused_ms": spread(ms["paused"]),
        "bare_copy_ms": spread(ms["bare"]),
        "naive_painting_ms": spread(ms["naive"]),
        "naive_with_positions_ms": spread(ms["naive_moving"]),
        "playing_by_bare_copy": {"ratio": round(playing / bare, 2), "most": 3},
        "paused_by_bare_copy": {"ratio": round(statistics.median(ms["paused"]) / bare, 2), "most": 3},
        "naive_by_playing": {"ratio": round(statistics.median(ms["naive_moving"]) / playing, 2), "least": 3},
    }


def playing(few: Presentation) -> dict[str, object]:
    """Where the time of a playing frame goes."""
    bench = Bench(few, HD)
    states = [few.model.state(MIDDLE + round(i * PACE / 60), PACE) for i in range(_FRAMES)]
    moments = [few.wording.moment(state) for state in states]
    trees = [bench.painter.tree(moment, bench.camera, composed(HD)) for moment in moments]
    steps: dict[str, Callable[[int], object]] = {
        "state": lambda i: few.model.state(MIDDLE + round(i * PACE / 60), PACE),
        "wording": lambda i: few.wording.moment(states[i]),
        "tree": lambda i: bench.painter.tree(moments[i], bench.camera, composed(HD)),
        "painting": lambda i: bench.painter.compositor.paint(bench.surface, trees[i], bench.painter.art),
    }
    return {f"{name}_ms": spread(timed(step, _FRAMES - _WARM)) for name, step in steps.items()}


def many(few: Presentation) -> dict[str, object]:
    """Ten times the crates, in turn with once."""
    ms = in_turn({"few": Bench(few, HD).play, "many": Bench(crowded(200_000), HD).play})
    ratio = statistics.median(ms["many"]) / statistics.median(ms["few"])
    return {"ten_times_the_crates_ms": spread(ms["many"]), "ten_times_by_once": {"ratio": round(ratio, 2), "most": 1.2}}


def uhd(few: Presentation) -> dict[str, object]:
    """Four times the pixels, in turn with once."""
    once, four = Bench(few, HD), Bench(few, (3840, 2160))
    once.surface = pygame.Surface(HD).convert()
    ms = in_turn({"once": once.play, "four": four.play})
    ratio = statistics.median(ms["four"]) / statistics.median(ms["once"])
    return {"still_2160p_ms": spread(ms["four"]), "2160p_by_1080p": {"ratio": round(ratio, 2), "most": 4}}


def pan(few: Presentation) -> dict[str, object]:
    """The camera moves at every frame while the plant plays."""
    bench = Bench(few, HD)

    def panning(i: int) -> None:
        moved = replace(bench.camera, x=bench.camera.x + 8 * np.sin(i / 9), y=bench.camera.y + 5 * np.sin(i / 7))
        bench.painter.paint(bench.surface, bench.moment(i), moved)

    return {"panning_1080p_ms": {**spread(timed(panning, 240)), "most": 16.6}}


def hour(few: Presentation) -> dict[str, object]:
    """Memory over the frames of an hour at 30 a second, once the whole log has been seen once.

    The growth is that of the median from the first third to the last: what a fetch holds for a moment is no growth.
    """
    bench = Bench(few, HD)
    first, span = few.model.first, few.model.last - few.model.first
    warm, frames = round(span / PACE * 30), 60 * 60 * 30
    held: list[float] = []
    for i in range(warm + frames):
        at = first + round(i * PACE / 30) % span
        bench.painter.paint(bench.surface, few.moment(at, PACE, playing=True), bench.camera)
        if i >= warm and i % 600 == 0:
            gc.collect()
            held.append(resident())
    third = len(held) // 3
    growth = statistics.median(held[-third:]) - statistics.median(held[:third])
    return {"an_hour": {"frames": frames, "growth_mb": round(growth, 2), "most_mb": round(max(held), 1), "limit_mb": 5}}


PARTS: dict[str, Callable[[Presentation], dict[str, object]]] = {
    "still": still, "playing": playing, "many": many, "uhd": uhd, "pan": pan, "hour": hour,
}  # fmt: skip


def timed(frame: Callable[[int], object], frames: int, begin: int = 0) -> list[float]:
    """Milliseconds of each frame, the first few left out."""
    found = []
    for i in range(begin, begin + frames + _WARM):
        start = time.process_time()
        frame(i)
        found.append(1000 * (time.process_time() - start))
    return found[_WARM:]


def in_turn(frames: dict[str, Callable[[int], object]]) -> dict[str, list[float]]:
    """Milliseconds of each kind of frame, a few of each in turn, so that a busy machine is busy for all alike."""
    found: dict[str, list[float]] = {name: [] for name in frames}
    for turn in range(_TURNS):
        for name, frame in frames.items():
            found[name] += timed(frame, _FRAMES // _TURNS, turn * _FRAMES // _TURNS)
    return found


def spread(ms: Sequence[float]) -> dict[str, float]:
    return {"median": round(statistics.median(ms), 3), "p99": round(float(np.percentile(ms, 99)), 3)}
