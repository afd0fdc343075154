"""The recorder is killed at any moment, again and again: nothing is lost, nothing is there twice."""

from __future__ import annotations

import json
import multiprocessing
import random
import sqlite3
import threading
import time
from collections import Counter
from pathlib import Path

from factoryview.errors import InputError
from factoryview.plant.files import load_plant
from factoryview.store.journal.journal import Journal
from factoryview.store.journal.recorder import Recorder

KILLS = 50
EVENTS = 12_000
STAGES = 50
PLANT = """
name = "Werk"
[[feeds]]
name = "log"
kind = "file"
path = "log.jsonl"
"""


def record(plant: Path) -> None:
    """What `factoryview record` does, in a process that is about to be killed."""
    recorder = Recorder(load_plant(plant), plant.parent, plant.with_suffix(".store"))
    recorder.start()
    threading.Event().wait(60)


def stream(rng: random.Random) -> tuple[bytes, list[tuple[str, str, int]], int, int]:
    """A log with duplicates and poison; its events, and how many of its lines come twice or cannot be read."""
    events = [(f"case {rng.randrange(900)}", f"stage {k % STAGES}", 1_700_000_000 + k) for k in range(EVENTS)]
    lines = [
        json.dumps({"event id": k, "case": case, "stage": stage, "time": time})
        for k, (case, stage, time) in enumerate(events)
    ]
    twice = rng.sample(range(EVENTS), EVENTS // 100)
    poison = [(rng.randrange(EVENTS), f'{{"case": "ü{k}", "stage"') for k in range(EVENTS // 100)]
    extra = [(k + rng.randrange(1, 400), lines[k]) for k in twice] + poison
    for place, line in sorted(extra, reverse=True):
        lines.insert(place, line)
    return "".join(f"{line}\n" for line in lines).encode(), events, len(twice), len(poison)


def test_fifty_kills_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    seed = 5
    rng = random.Random(seed)
    written, events, twice, poison = stream(rng)
    plant, log, store = tmp_path / "werk.toml", tmp_path / "log.jsonl", tmp_path / "werk.store"
    plant.write_text(PLANT)
    log.touch()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    loaded = context.Process(target=time.sleep, args=(0,))
    loaded.start()
    loaded.join(60)
    seen = set()
    began = time.monotonic()
    with log.open("ab", buffering=0) as file:
        at = file.write(written[:4_000])
        recording = context.Process(target=record, args=(plant,), daemon=True)
        recording.start()
        while not (store.exists() and rows(store)):
            assert time.monotonic() - began < 60, "nothing was recorded"
            time.sleep(0.01)
        start_up = time.monotonic() - began
        recording.kill()
        recording.join(10)
        for kill in range(KILLS):
            recording = context.Process(target=record, args=(plant,), daemon=True)
            recording.start()
            until = time.monotonic() + rng.uniform(0, 5 * start_up)
            share = len(written) * (kill + 1) // KILLS
            while time.monotonic() < until:
                step = rng.randrange(1, 4_000)
                at += file.write(written[at : min(at + step, share)])
                time.sleep(rng.uniform(0, 0.01))
            recording.kill()
            recording.join(10)
            at += file.write(written[at:share])
            if store.exists():
                seen.add(rows(store))
    began = time.monotonic()
    recording = context.Process(target=record, args=(plant,), daemon=True)
    recording.start()
    try:
        while rows(store) < EVENTS or state(store) != (EVENTS, twice, poison):
            assert time.monotonic() - began < 60, f"{rows(store)} of {EVENTS} events, {state(store)}"
            time.sleep(0.05)
    finally:
        recording.kill()
        recording.join(10)
    with Journal.read(store) as journal:
        found = journal.events_after(0, EVENTS * 2)
    recorded = zip(found["case"], found["stage"], (moment // 10**6 for moment in found["time"]), strict=True)
    assert Counter(recorded) == Counter(events)
    assert len(seen) > KILLS // 2, f"the kills met too few moments of a recording: {sorted(seen)}"
    with sqlite3.connect(store) as con:
        assert con.execute("pragma integrity_check").fetchall() == [("ok",)]
    con.close()


def rows(store: Path) -> int:
    """Events on disk."""
    try:
        with Journal.read(store) as journal, journal.reading() as con:
            return int(con.execute("select count(*) from events").fetchone()[0])
    except InputError:
        return 0  # killed before the tables were there


def state(store: Path) -> tuple[int, int, int]:
    """What was accepted, came twice, was set aside."""
    with Journal.read(store) as journal:
        return next(((s.accepted, s.duplicates, s.rejected) for s in journal.states()), (0, 0, 0))
