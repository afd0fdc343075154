"""The wall for days in minutes: frames, changes of view, losses of sources, reloads; what grows, what is late or blank.

`python -m tests.bench soak frames=1000000` is 72 hours of the wall's time and more; fewer frames are a piece of that.
`seconds=300` ends it then, however far it is, `told=1000` says how it is every so many frames. `trace=1` says what
Python has allocated, apart from the resident size. `fast=400` replays the log so many days a second instead of live:
each frame has another window, and each second the log begins anew. `width=3840 height=2160` is another display.

What keeps memory flat: whatever is kept is bounded by number or bytes (rendered lines and sprites by bytes, pallets by
both, measured texts, windows and findings by number), and what is bounded is full after the warm-up: a clock writes
other texts all day, so the caches of texts take an hour or two. Faces of all sizes share one open file
(`scene/faces.py`). A plant that is read anew takes the one before with it, with all its pictures. Windows, of which a
fast replay wants thirty a second, leave nothing in DuckDB since they are searched without joins (`store/windows.py`).

What the heap holds is more than what is in use: all threads share two arenas, since what is free in one no other uses;
large arrays that come and go are mapped and given back; what is free in the midst of the heap is given back every
minute (`wall/memory.py`). What remains wavers by some MB while the heap in use stands: before, 18,000 frames at 400
days a second grew by 2 to 14 MB, as luck had it, of which thousands of small pallets were in use for 3; now by less
than one. A million frames live, 75 hours of the wall's time, grew by 2 MB from the median of their first third to that
of their last, 0.6 of them in use.
"""

from __future__ import annotations

import gc
import os
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import NamedTuple

from factoryview.app.playback import Playback
from factoryview.factory.factory import Opening
from factoryview.factory.opening import open_factory
from factoryview.language import Language
from factoryview.plant.feeds import FileFeed
from factoryview.resources import data_file
from factoryview.sources.feeds.follower import FeedState
from factoryview.view.health import FeedHealth
from factoryview.view.model import Model
from factoryview.view.presentation import Presentation
from factoryview.wall.memory import give_back
from tests.kit.memory import heap, resident
from tests.wall.kit import VIEWS, Played, Wand, wall_text

_PER_FRAME = 0.27
"""Seconds of the wall's time for each frame: a million are 75 hours."""
_LOST = (600.0, 120.0)
"""Every so many seconds the source is lost for so many."""
_RELOAD, _RENEW = 1800.0, 20.0
"""Seconds between two changes of the wall file, and between two models of a live plant."""
_WARM = 10_000
"""Frames of the warm-up: 45 minutes of the wall's time. Of a short run the first quarter."""
_REPLAY = "start = 2020-01-01T00:00:00\nseconds_per_day = {}"
_FAST_FRAME = 1 / 30
"""Seconds for each frame of a replay."""
_MORE_VIEWS = (
    'kind = "hours"\nseconds = 10',
    'kind = "timelapse"\nseconds = 10',
    'kind = "department"\nseconds = 10\ndepartment = "Sales"',
)
_LATE = 0.1
"""Seconds of the processor after which a change of view would be late on a machine of its own."""


class _Demo(Played):
    """The demo as a live plant: its clock goes on, its source comes and goes, its model is renewed."""

    def __init__(self, presentation: Presentation, start: int) -> None:
        super().__init__(presentation, lambda: self.at)
        self.at, self._start = start, start
        self.losses = 0
        self._lost, self._renewed = False, 0.0
        self._settings = {"crm": FileFeed(name="crm", kind="file", path="crm.jsonl")}
        self._stages = {name: frozenset({"crm"}) for name in self.model.topology.stages}

    def begin(self) -> None:
        """As a live plant begins."""
        super().begin()
        gc.collect()
        gc.freeze()

    def stop(self) -> None:
        """As a live plant ends: what was kept from being looked through is garbage like any other now."""
        super().stop()
        gc.unfreeze()

    def go_on(self, seconds: float) -> None:
        """Its clock goes on, and what is needed of it now is fetched, as a live plant's own thread does."""
        self.at += round(seconds * 1e6)
        elapsed = (self.at - self._start) / 1e6
        lost = elapsed % _LOST[0] < _LOST[1] and elapsed > _LOST[0]
        self.losses += lost and not self._lost
        since = self.at - round((elapsed % _LOST[0]) * 1e6) if lost else self.at
        state = FeedState("crm", "retrying" if lost else "live", since, heard=since, newest=since)
        self.of = FeedHealth(self.at, (state,), self._settings, self._stages)
        self._lost = lost
        if elapsed - self._renewed >= _RENEW:
            self._renewed = elapsed
            later = self.model.with_latest(self.at)
            later.prefetch(self.at)
            self.model = later


class _Fast(_Demo):
    """The demo replayed."""

    def go_on(self, seconds: float) -> None:
        """It goes on by itself."""

    def now(self) -> int | None:
        """It has ended long ago."""
        return None


def run(
    frames: int = 20_000, seconds: int = 3600, trace: int = 0, told: int = 0, width: int = 960, height: int = 540,
    fast: int = 0,
) -> dict[str, object]:  # fmt: skip
    """Frames of the demo on a surface of that size. fast: days a second of a replay; 0: it is live."""
    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
    give_back()
    factory = open_factory(data_file("umsatzwerk.toml"), Opening())
    model = Model(factory, now=None)
    model.live = not fast
    model.study()
    presentation = Presentation(model, Language("de", factory.plant.timezone))
    demo = (_Fast if fast else _Demo)(presentation, model.first + (model.last - model.first) // 2)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        file, text = (
            Path(folder) / "wall.toml",
            wall_text(*VIEWS, *_MORE_VIEWS, plant=_REPLAY.format(1 / fast) if fast else ""),
        )
        opens: list[Playback] = [demo]
        with Wand(lambda: opens[0], text, size=(width, height), folder=Path(folder), at=datetime(2026, 3, 2)) as wand:
            wand.until_open()
            passing = _FAST_FRAME if fast else _PER_FRAME
            found = _soak(wand, demo, file, text, frames, seconds, trace, told, passing)
    return {**found,
            "seconds": round(time.monotonic() - began, 1)}  # fmt: skip


def _soak(
    wand: Wand, demo: _Demo, file: Path, text: str, frames: int, seconds: int, trace: int, told: int,
    passing: float,
) -> dict[str, object]:  # fmt: skip
    warm, began = min(_WARM, frames // 4), time.monotonic()
    blank = reloads = late = 0
    busiest: dict[str, float] = {}
    longest: dict[str, float] = {}
    before: dict[str, float] = {}
    snapshot: tracemalloc.Snapshot | None = None
    curve: list[Held] = []
    at_reload, at_change = 0.0, 0
    for frame in range(frames):
        demo.go_on(passing)
        busy = time.thread_time()
        wand.frame(passing, spare=0.0)
        busy = time.thread_time() - busy
        _draw_ahead(wand, longest, counted=frame > warm)
        counts = wand.kiosk.counts
        if counts.changes != at_change:
            at_change, kind = counts.changes, wand.kiosk.view
            if frame > warm:
                busiest[kind] = max(busiest.get(kind, 0.0), busy)
            late += busy > _LATE
            blank += wand.blank()
        if wand.hands.now - at_reload >= _RELOAD:
            at_reload, reloads = wand.hands.now, reloads + 1
            file.write_text(f'title = "Werk {reloads % 7}"\n{text}', encoding="utf-8")
            for _ in range(2):
                wand.kiosk._watch.look()
        if frame == warm:
            gc.collect()
            before = {"mb": resident(), "files": _open_files()}
            if trace:
                tracemalloc.start(8)
                snapshot = tracemalloc.take_snapshot()
        if frame % 500 == 0:
            curve.append(Held(frame, round(resident(), 1), round(heap(), 1), sys.getallocatedblocks()))
        if told and frame % told == 0:
            print(
                curve[-1], counts, f"losses={demo.losses} blank={blank} late={late} files={_open_files()}", flush=True
            )
        if time.monotonic() - began > seconds and before:
            break
    gc.collect()
    counts = wand.kiosk.counts
    found: dict[str, object] = {
        "frames": counts.frames, "hours": round(counts.frames * passing / 3600, 2), "after_warm_up": frame - warm,
        "changes": counts.changes, "losses": demo.losses, "reloads": counts.reloads, "blank": blank,
        "late_changes": counts.late_changes, "longest_change_ms": round(1000 * counts.longest_change, 1),
        "late_changes_by_processor": late, "longest_change_cpu_ms": _in_ms(busiest),
        "longest_step_ahead_cpu_ms": _in_ms(longest),
        "growth_mb": round(resident() - before["mb"], 2),
        "growth_of_medians_mb": _growth([(held.frame, held.resident_mb) for held in curve], warm),
        "growth_of_heap_mb": _growth([(held.frame, held.heap_mb) for held in curve], warm),
        "growth_of_python_blocks": _growth([(held.frame, held.blocks) for held in curve], warm),
        "files": _open_files() - before["files"],
        "resident": [(held.frame, held.resident_mb) for held in curve[:: max(1, len(curve) // 40)]],
    }  # fmt: skip
    if snapshot is not None:
        after = tracemalloc.take_snapshot()
        found["python_growth_mb"] = round(sum(s.size_diff for s in after.compare_to(snapshot, "filename")) / 1e6, 2)
        found["grows"] = [
            f"{stat.size_diff / 1e3:.0f} kB {Path(stat.traceback[-1].filename).name}:{stat.traceback[-1].lineno}"
            for stat in after.compare_to(snapshot, "lineno")[:12]
        ]
    return found


def _draw_ahead(wand: Wand, longest: dict[str, float], *, counted: bool) -> None:
    """Draw the next view step by step. longest: by what it is, the processor's seconds of its longest step."""
    kiosk = wand.kiosk
    while (scene := kiosk._next.scene) is not None:
        ready = kiosk._next.ready
        if ready and (kiosk._refreshed or not kiosk._due_now):
            return
        busy = time.thread_time()
        kiosk.spare(0.0)
        busy = time.thread_time() - busy
        if counted:
            kind = f"{scene.view.kind} {'anew' if ready else 'part'}"
            longest[kind] = max(longest.get(kind, 0.0), busy)


def _in_ms(seconds: dict[str, float]) -> dict[str, float]:
    return {name: round(1000 * each, 1) for name, each in sorted(seconds.items())}


class Held(NamedTuple):
    """What is held at a frame."""

    frame: int
    resident_mb: float
    heap_mb: float
    """In use of what the C library's allocator holds."""
    blocks: int
    """Of Python's own allocator."""


def _growth(curve: Sequence[tuple[int, float]], warm: int) -> float | None:
    """By how much the median of the last third of the frames is above that of the first third after the warm-up:
    what a fetch or a garbage collection holds for a moment is no growth. None of too short a run."""
    held = [value for frame, value in curve if frame > warm]
    third = len(held) // 3
    return round(median(held[-third:]) - median(held[:third]), 2) if third else None


def _open_files() -> int:
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.is_dir() else 0
