"""A live plant on the floor, or in a naive program, while events come; and what was seen of it in figures."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from factoryview.app.live import Live
from factoryview.factory.opening import store_of
from factoryview.language import Language
from factoryview.plant.files import load_plant
from factoryview.sources.feeds.records import Event, Interpreted
from factoryview.store.journal.journal import Journal
from factoryview.store.journal.recorder import Recorder
from factoryview.view.model import Model
from tests.kit.memory import resident
from tests.kit.servers.redis_server import RedisServer, free_port
from tests.kit.torrent.load import ENDS, STAGES, STREAM, TOKEN, steps

HISTORY, DAYS = 100_000, 10
_SETTLE = 3.0
"""Seconds in which it may catch up after the last event."""


@dataclass(frozen=True)
class Load:
    """What is sent: events a second, seconds, cases under way, events sent at once; and how many were there before."""

    rate: int
    seconds: float
    standing: int
    body: int
    past: int = HISTORY

    def crates(self) -> np.ndarray:
        """The numbers, from 1, of the events that put a crate on the floor: the others end a case."""
        flow = islice(steps(self.rate, self.standing), round(self.rate * self.seconds))
        return np.array([step.number + 1 for step in flow if step.stage not in ENDS])


@dataclass
class Seen:
    """What was seen while it ran. Moments in µs UTC."""

    frames: list[tuple[int, float]] = field(default_factory=list)
    """When each was on the screen, and the seconds it took."""
    known: list[tuple[int, int]] = field(default_factory=list)
    """By when how many events were drawn."""
    memory: list[tuple[int, float]] = field(default_factory=list)
    recorded: list[tuple[int, int]] = field(default_factory=list)
    """By when how many events were on disk."""
    sent: list[tuple[int, int]] = field(default_factory=list)


def live(source: str, load: Load) -> Seen:
    """A plant on the floor while events come."""
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    import pygame

    from factoryview.app.options import PlantOptions
    from factoryview.app.plant_screen import PlantScreen
    from factoryview.app.screen import Screens
    from factoryview.app.window import FRAMES

    pygame.display.init()
    pygame.font.init()
    with tempfile.TemporaryDirectory() as name, opened(source, Path(name), load.past) as address:
        folder, seen = Path(name), Seen()
        playback = Live(folder / "works.toml", lambda plant: Language("en", plant.timezone), 2.1, lambda *_: None)
        try:
            surface = pygame.display.set_mode((1920, 1080))
            playback.begin()
            screen = PlantScreen(playback, surface.get_size(), PlantOptions())
            screens, clock = Screens(screen), pygame.Clock()
            shown, drawn, all_drawn = None, 0, load.crates()[-1]

            def look() -> bool:
                nonlocal shown, drawn
                seconds = clock.tick(FRAMES) / 1000
                began = time.perf_counter()
                pygame.event.get()
                pygame.display.update(screens.frame(surface, seconds))
                seen.frames.append((now(), time.perf_counter() - began))
                if screen.model is not shown:
                    shown, drawn = screen.model, newest_crate(screen.model) - load.past
                    seen.known.append((seen.frames[-1][0], drawn))
                return bool(drawn >= all_drawn)

            for _ in range(30):
                look()
            watched(seen, source, address, load, folder, look)
        finally:
            playback.stop()
    return seen


def naively(source: str, load: Load) -> Seen:
    """The same recorder; what stands where is counted by pandas, of the whole table each time."""
    with tempfile.TemporaryDirectory() as name, opened(source, Path(name), load.past) as address:
        folder, seen = Path(name), Seen()
        plant = load_plant(folder / "works.toml")
        store = store_of(folder / "works.toml", plant)
        recorder = Recorder(plant, folder, store)
        recorder.start()
        journal = Journal.read(store)

        def look() -> bool:
            with journal.reading() as con:
                table = pd.read_sql('select row, "case", stage, time from events', con)
            last = table.sort_values(["case", "time"], kind="stable").groupby("case")["stage"].last()
            assert len(last.value_counts()) <= len(STAGES) + len(ENDS)
            seen.known.append((now(), len(table) - load.past))
            return len(table) - load.past >= round(load.rate * load.seconds)

        try:
            look()
            watched(seen, source, address, load, folder, look)
        finally:
            recorder.stop()
            journal.close()
    return seen


def watched(seen: Seen, source: str, address: str, load: Load, folder: Path, look: Callable[[], bool]) -> None:
    """Send, and look until all that was sent is drawn, or the time is over; beside it note what is on disk and held."""
    seen.known.clear()
    seen.frames.clear()
    log = folder / "sent.json"
    told = (source, address, load.rate, load.seconds, load.standing, load.body, log)
    ended = threading.Event()
    with Journal.read(folder / "works.store") as journal:
        noting = threading.Thread(target=_note, args=(seen, journal, load.past, ended), daemon=True)
        sender = subprocess.Popen([sys.executable, "-m", "tests.kit.torrent.load", *map(str, told)])
        noting.start()
        try:
            limit = time.monotonic() + 2 * load.seconds + 30
            while not look():
                if sender.poll() is not None:
                    limit = min(limit, time.monotonic() + 10 * _SETTLE)
                if time.monotonic() > limit:
                    break
            status = sender.wait(10)
        finally:
            ended.set()
            noting.join()
            sender.kill()
            sender.wait(10)
    assert status == 0, "the sender failed"
    seen.sent = [(at, count) for count, at in json.loads(log.read_text(encoding="utf-8"))]


def _note(seen: Seen, journal: Journal, past: int, ended: threading.Event) -> None:
    while not ended.wait(0.25):
        seen.memory.append((now(), resident()))
        seen.recorded.append((now(), journal.last_row - past))
    seen.recorded.append((now(), journal.last_row - past))


def newest_crate(model: Model) -> int:
    """The row in the journal of the newest event whose crate is on the floor that the last frame was painted of.

    Events are taken in the order of their rows: whatever came before it is on that floor, too.
    """
    floor = model.windows.at(model.last)
    return max(int(lane.id.max(initial=0)) for stage in floor._stages for lane in stage.lanes)


@contextmanager
def opened(source: str, folder: Path, past: int) -> Iterator[str]:
    """A plant in that folder with a store that holds a past, and what its events are sent to."""
    server = RedisServer(folder / "redis", durable=False) if source == "redis" else None
    with server or nullcontext():
        if server is not None:
            address, feed = server.url, f'kind = "redis"\nurl = "{server.url}"\nstream = "{STREAM}"'
        else:
            address = str(free_port())
            feed = f'kind = "webhook"\nport = {address}\ntoken = "{TOKEN}"'
        outcomes = "".join(
            f'[[outcomes]]\nname = "{e}"\nkind = "{k}"\n' for e, k in zip(ENDS, ("won", "lost"), strict=True)
        )
        plant = folder / "works.toml"
        plant.write_text(f'name = "Works"\n{outcomes}[[feeds]]\nname = "source"\n{feed}\n', encoding="utf-8")
        write_past(plant, past, DAYS)
        yield address


def write_past(plant: Path, events: int, days: int) -> None:
    """Record so many events of the last days."""
    loaded = load_plant(plant)
    rate = events / (days * 86_400)
    beginning = time.time() - days * 86_400
    flow = steps(rate, 300, seed=8)
    with Journal.create_or_open(store_of(plant, loaded), "", loaded.record.times) as journal:
        for first in range(0, events, 5_000):
            part = islice(flow, min(5_000, events - first))
            said = [
                Event(
                    step.number.to_bytes(16, "big"), f"old-{step.case}", step.stage, round((beginning + step.at) * 1e6),
                    None, None, None, None, None, 1.0,
                ) for step in part
            ]  # fmt: skip
            journal.commit("past", Interpreted(said), "", now())


def told_flood(seen: Seen) -> dict[str, Any]:
    """The figures of a run at full rate."""
    sent_at, sent = np.array(seen.sent).T
    known_at, known = np.array(seen.known).T
    began, ended = sent_at[0], sent_at[-1]
    disk_at, disk = np.array(seen.recorded).T
    during = (known_at > began) & (known_at <= ended)
    newest = np.interp(known, sent, sent_at)
    lag = (known_at - newest)[during] / 1e3
    times = np.array([at for at, _ in seen.frames if began < at <= ended])
    took = np.array([1e3 * took for at, took in seen.frames if began < at <= ended])
    memory_at, memory = np.array(seen.memory).T
    late = (memory_at <= ended) & (memory_at > began + (ended - began) / 3)
    slope = np.polyfit((memory_at[late] - began) / 1e6, memory[late], 1)[0]
    return {
        "sent": int(sent[-1]),
        "lost": int(sent[-1] - disk[-1]),
        "sent_per_second": round(float(sent[-1] / ((ended - began) / 1e6)), 0),
        "recorded_per_second": round(float(np.interp(ended, disk_at, disk) / ((ended - began) / 1e6)), 0),
        "backlog_at_end": int(sent[-1] - np.interp(ended, disk_at, disk)),
        "undrawn_at_end": int(sent[-1] - np.interp(ended, known_at, known)),
        "drawn_ms_after_sent": {"median": round(float(np.median(lag)), 0), "most": round(float(lag.max()), 0)},
        "renewals_per_second": round(float(during.sum() / ((ended - began) / 1e6)), 1),
        "memory_mb": {"first": round(float(memory[0]), 0), "last": round(float(memory[-1]), 0),
                      "bytes_per_event": round(float(1e6 * slope / (sent[-1] / ((ended - began) / 1e6))), 0)},
        **told_frames(times, took),
    }  # fmt: skip


def told_frames(times: np.ndarray, took: np.ndarray) -> dict[str, Any]:
    """Frames a second, and how long frames take and stay. times: µs; took: ms."""
    between = np.diff(times) / 1e3
    return {
        "frames_per_second": {"median": round(float(1e3 / np.median(between)), 1),
                              "mean": round(float(1e3 / np.mean(between)), 1)},
        "frame_ms": _spread(took),
        "between_frames_ms": _spread(between),
    }  # fmt: skip


def told_latency(seen: Seen, load: Load) -> dict[str, Any]:
    """From sent to painted, of every event that puts a crate on the floor."""
    sent_at, sent = np.array(seen.sent).T
    known_at, known = np.array(seen.known).T
    numbers = load.crates()
    first = np.searchsorted(np.maximum.accumulate(known), numbers)
    drawn = first < len(known_at)
    waited = (known_at[first[drawn]] - sent_at[np.searchsorted(sent, numbers[drawn])]) / 1e3
    times = np.array([at for at, _ in seen.frames])
    took = np.array([1e3 * took for _, took in seen.frames])
    return {
        "crates": len(numbers),
        "never_drawn": int((~drawn).sum()),
        "p50_ms": round(float(np.percentile(waited, 50)), 1),
        "p99_ms": round(float(np.percentile(waited, 99)), 1),
        "most_ms": round(float(waited.max()), 1),
        **(told_frames(times, took) if len(times) else {}),
    }


def _spread(values: np.ndarray) -> dict[str, float]:
    return {
        "median": round(statistics.median(values), 1),
        "p99": round(float(np.percentile(values, 99)), 1),
        "most": round(float(values.max()), 1),
    }


def now() -> int:
    return time.time_ns() // 1_000
