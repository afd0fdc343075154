"""How cost grows with the log: events in a DuckDB file, asked where they lie, each size in a process of its own.

`open`: until the first picture is drawn as the window opens it, of a large log that is of its first days, in seconds of
the clock and of the processor. `counted`: until all of it is there instead; meanwhile it plays at 1080p and up to 60
frames a second, and `counting_frame` is what one takes, `counting_gap` the longest from one to the next. `seek`: a
random moment of the whole log is fetched and drawn, nothing prefetched. `frame`: one of a play, from a window at hand.
`aggregates`: the key figures of every month. `peak`: the most memory that the process held, with what is found out
beside the picture. `again_…`: the same in a second process, which finds stays and counts in the cache. A frame should
cost the same whatever the log, a seek grow at most with its logarithm, aggregates in proportion. `most=100000000` goes
on to a hundred million.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

if TYPE_CHECKING:
    from factoryview.view.model import Model

SIZES = (1_000_000, 10_000_000, 100_000_000)
SEEKS, FRAMES = 40, 60
SIZE = (1920, 1080)
LIMITS = {
    "open_s": 5.0, "counting_frame_p99_ms": 33.3, "seek_p95_ms": 300.0, "seek_most_kb": 2_000.0, "peak_mb": 1_500.0,
    "again_open_s": 5.0, "again_seek_p95_ms": 300.0, "again_peak_mb": 1_500.0,
}  # fmt: skip
"""At the largest size."""
PLANT = """name = "Scale"
[warehouse]
path = "events.duckdb"
table = "events"
times = "entry"
ends = ["Paid", "Lost"]
"""
_SAID = "said: "
"""Before what a process has measured."""
_EVENTS = """
create table events as
with cases as (
    select c, timestamp '2025-01-01' + to_microseconds((hash(c) % 31536000)::bigint * 1000000) as begun,
        least(7, 3 + (hash(c, 1) % 6)::bigint) as steps
    from range($cases) as t(c)
), moves as (
    select c, begun, steps, unnest(range(steps)) as step from cases
)
select 'A-' || c as "case",
    case when step = steps - 1 and steps < 7 then 'Lost'
        else ['Inquiry', 'Call', 'Check', 'Offer', 'Approval', 'Order', 'Paid'][step + 1] end as stage,
    begun + to_microseconds((step * 172800 + hash(c, step) % 86400)::bigint * 1000000) as time,
    ['web', 'phone', 'partner'][1 + (hash(c, 2) % 3)::bigint] as channel
from moves order by time
"""


def run(most: int = 10_000_000) -> dict[str, Any]:
    """What each size costs, and how each cost grows from one to the next."""
    found = []
    for events in [size for size in SIZES if size <= most]:
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder), events)
            first, again = _measured(folder), _measured(folder)
            found.append({"events": events, **first, **{f"again_{name}": value for name, value in again.items()}})
    every = set.intersection(*map(set, found))
    names = [name for name in found[0] if name in every - {"events", "stays", "again_stays"}]
    grows = [
        {name: round(later[name] / max(earlier[name], 1e-9), 2) for name in names} for earlier, later in pairwise(found)
    ]
    return {
        "sizes": found, "grows_by": grows, "limits": LIMITS,
        "kept": {name: found[-1][name] <= limit for name, limit in LIMITS.items() if name in found[-1]},
    }  # fmt: skip


def _measured(folder: str) -> dict[str, float]:
    """What a process of its own measures, with a cache in the folder."""
    done = subprocess.run(
        [sys.executable, "-c", "from tests.bench.scale import child; child()", folder],
        capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2],
        env=os.environ | {"XDG_CACHE_HOME": f"{folder}/cache", "SDL_VIDEODRIVER": "dummy"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    # DuckDB writes bars of its own where there is no script
    said: dict[str, float] = json.loads(done.stdout[done.stdout.index(_SAID) :].splitlines()[0].removeprefix(_SAID))
    return said


def write(folder: Path, events: int) -> None:
    """About so many events in a DuckDB file, and the plant that names it."""
    (folder / "plant.toml").write_text(PLANT, encoding="utf-8")
    with duckdb.connect(str(folder / "events.duckdb"), config={"memory_limit": "4GB"}) as connection:
        connection.execute(_EVENTS, {"cases": events * 2 // 11})


def child() -> None:
    """Measure the plant in the folder named on the command line, and print it."""
    from factoryview.export.frames import Frames
    from factoryview.flow.kpis import kpis
    from factoryview.language import Language
    from factoryview.scene.themes import NIGHT
    from factoryview.time import DAY
    from factoryview.view.presentation import Presentation

    begin = time.perf_counter(), time.process_time()
    model, counting = _shown(Path(sys.argv[1]) / "plant.toml", *begin)
    factory = model.factory
    frames = Frames(Presentation(model, Language("en")), SIZE, NIGHT)
    pace = DAY / 10
    frames.at(model.last, pace)
    rng = random.Random(1)
    seeks, played, fetched = [], [], []
    for _ in range(SEEKS):
        at = rng.randrange(model.first, model.last)
        before = factory.store.engine.fetched.bytes
        seeks.append(_took(lambda at=at: (model.prefetch(at), frames.at(at, pace))))
        fetched.append(factory.store.engine.fetched.bytes - before)
    middle = (model.first + model.last) // 2
    model.prefetch(middle)
    frames.at(middle, pace)
    for number in range(FRAMES):
        at = middle + round(number * pace / 60)
        played.append(_took(lambda at=at: frames.at(at, pace)))
    aggregates = _took(lambda: kpis(factory.store, bucket="month", timezone="UTC"))
    [(stays,)] = factory.store.rows("stays/number")
    said = {
        "stays": stays, **counting,
        "seek_p50_ms": statistics.median(seeks),
        "seek_p95_ms": sorted(seeks)[-max(1, SEEKS // 20)], "seek_most_kb": max(fetched) / 1e3,
        "frame_p50_ms": statistics.median(played), "aggregates_ms": aggregates,
        "peak_mb": _peak(),
    }  # fmt: skip
    print(f"\n{_SAID}{json.dumps({name: round(value, 1) for name, value in said.items()})}", flush=True)


def _shown(path: Path, begin: float, begin_cpu: float) -> tuple[Model, dict[str, float]]:
    """The whole log, once a window shows it; and what was measured until then, since a moment of both clocks."""
    import pygame

    from factoryview.app.screen import Screens
    from factoryview.app.settings import Settings
    from factoryview.cli.options import InputOptions, Playing
    from factoryview.cli.playing import PlayRequest, open_plant
    from factoryview.desk.screen import Desk

    desks: list[Desk] = []

    def desk(*of: Any) -> Desk:
        desks.append(Desk(*of))
        return desks[0]

    asked = PlayRequest(path, InputOptions(), Playing(), SIZE, None, "en", "night", Settings())
    opened = open_plant(asked, lambda _share, _doing: None, desk)
    surface, clock = pygame.Surface(SIZE), pygame.Clock()
    screens = Screens(opened.screen(SIZE))
    opened.begin()
    screens.frame(surface, 0.0)
    found = {"open_s": time.perf_counter() - begin, "open_cpu_s": time.process_time() - begin_cpu}
    took, starts = [], []
    while desks[0].model.until is not None:
        clock.tick(60)
        starts.append(time.perf_counter())
        took.append(_took(lambda: screens.frame(surface, 1 / 60)))
    if took:
        took.sort()
        found |= {
            "counted_s": time.perf_counter() - begin,
            "counting_frame_p50_ms": statistics.median(took), "counting_frame_p99_ms": took[-max(1, len(took) // 100)],
            "counting_fps": len(took) / (starts[-1] - starts[0]),
            "counting_gap_most_ms": 1e3 * max(later - each for each, later in pairwise(starts)),
            "counting_peak_mb": _peak(),
        }  # fmt: skip
    opened.stop()
    for thread in threading.enumerate():
        if thread.name == "rereading":  # what it has begun to find out is not to be measured with what follows
            thread.join()
    return desks[0].model, found


def _peak() -> float:
    """The most memory that this process held, in MB. `getrusage` says at least what the one held that began it."""
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) / 1024


def _took(do: Any) -> float:
    """Milliseconds."""
    begin = time.perf_counter()
    do()
    return 1e3 * (time.perf_counter() - begin)
