"""Where more stands than can be drawn: the picture and its numbers are those of all stays, which are not fetched."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from factoryview.flow.moment import standing as module
from factoryview.flow.moment.lane import capacity
from factoryview.flow.moment.standing import Lanes, Way
from factoryview.store import windows as windows_module
from factoryview.store.database import Store
from factoryview.store.engine import Parameters
from factoryview.store.standing import Wanted
from factoryview.store.windows import Numbering, Windows
from factoryview.time import DAY, HOUR
from tests.kit.plants.logs import store_of

BEGIN = round(pd.Timestamp("2024-01-01").timestamp() * 1e6)
STAGES = ("A", "B", "C")
NUMBERING = Numbering(STAGES, ((None, "A"), ("A", "B"), ("B", "B"), ("C", "A")), ("", "web", "phone"))
WAYS = (Way(0, 48.0), Way(1, 96.0, ((2, 40.0),)), Way(1, 60.0, ((1, 40.0),)), Way(0, 0.0))
SHOWN = 7


def log(seed: int) -> tuple[Store, dict[int, int]]:
    """Stays of hours or of weeks at three stages by all kinds of ways, and those whom somebody has given up."""
    rng = np.random.default_rng(seed)
    number = 600
    entered = BEGIN + rng.integers(0, 20 * 24, number) * HOUR
    lasted = np.where(rng.random(number) < 0.5, rng.integers(0, 30, number) * HOUR, rng.integers(5, 20, number) * DAY)
    left = entered + lasted
    started = entered + (lasted * rng.choice([0.0, 0.3, 0.9, 1.0], number)).astype(np.int64)
    still, unknown = rng.random(number) < 0.15, rng.random(number) < rng.choice([0.0, 0.5, 1.0])
    stays = pd.DataFrame({
        "id": np.arange(number), "case": [str(k) for k in range(number)],
        "stage": rng.choice(STAGES, number, p=(0.6, 0.3, 0.1)), "entered": pd.to_datetime(entered, unit="us"),
        "started": pd.Series(pd.to_datetime(started, unit="us")).where(~unknown),
        "left": pd.Series(pd.to_datetime(left, unit="us")).where(~still), "next": None,
        "via": rng.choice(["A", "B", "C", None], number), "channel": rng.choice(["web", "phone", None], number),
        "weight": rng.choice([1.0, 2.0], number), "resource": None, "value": np.nan, "reason": None, "last": False,
    })  # fmt: skip
    fallen = np.flatnonzero((rng.random(number) < 0.2) & (lasted > DAY))
    return store_of(stays, pd.DataFrame(columns=["case"]), "entry"), {
        int(k): int(entered[k] + rng.uniform(0.2, 0.9) * lasted[k]) for k in fallen
    }


@pytest.mark.parametrize("seed", range(40))
def test_what_is_told_and_what_is_counted_make_the_same_picture(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows_module, "MANY", 1)
    monkeypatch.setattr(module, "SHOWN", SHOWN)
    rng = np.random.default_rng(1_000 + seed)
    store, given_up = log(seed)
    given_up = given_up if seed % 3 else {}
    servers = rng.integers(0, 3, len(STAGES)).tolist()
    windows = Windows(store, NUMBERING)
    windows.prepare()
    belts = [capacity(way.length) for way in WAYS]
    wanted = Wanted(max(belts) + max(servers), SHOWN + sum(belts) + max(servers))
    since = BEGIN + int(rng.integers(5, 18)) * DAY
    until = since + int(rng.choice([HOUR, 12 * HOUR, 3 * DAY]))
    pace = float(rng.choice([HOUR / 10, 10 * HOUR]))
    every, few = windows.fetch(since, until), windows.fetch_crowded(since, until, given_up, wanted)
    whole, cut = (Lanes(stays, WAYS, len(STAGES), given_up) for stays in (every, few))

    assert len(few) < len(every)
    assert not any(rest.complete for rest in few.rest[:1]), "more stand there than are shown"
    for at in sorted([*rng.integers(since, until, 12).tolist(), since, until - 1]):
        full, drawn = whole.stand(at, pace, servers), cut.stand(at, pace, servers)
        assert drawn.stages == full.stages
        for one, two in zip(drawn.belts, full.belts, strict=True):
            for part in ("id", "position", "hue", "standing"):
                assert np.array_equal(getattr(one, part), getattr(two, part)), part
        for one, two in zip(drawn.piles, full.piles, strict=True):
            assert one[:SHOWN].tolist() == two[:SHOWN].tolist(), "the first are known in order of arrival"
            assert sorted(one.tolist()) == sorted(two.tolist()), "of each hue there are as many as there are"


def test_of_a_log_that_is_not_sorted_all_are_fetched() -> None:
    store, given_up = log(0)
    windows = Windows(store, NUMBERING)
    found = windows.fetch_crowded(BEGIN + 9 * DAY, BEGIN + 10 * DAY, given_up, Wanted(1, 1))
    assert found.rest == ()
    assert len(found) == len(windows.fetch(BEGIN + 9 * DAY, BEGIN + 10 * DAY)) > 100


def test_a_window_leaves_nothing_in_the_engine_but_once_who_was_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables that come and go with every window make an engine in memory write all that it holds anew, for seconds."""
    monkeypatch.setattr(windows_module, "MANY", 1)
    store, given_up = log(0)
    windows = Windows(store, NUMBERING)
    windows.prepare()
    made: list[str] = []
    keep = store.engine.keep

    def noted(name: str, query: str, parameters: Parameters) -> None:
        made.append(name)
        keep(name, query, parameters)

    monkeypatch.setattr(store.engine, "keep", noted)
    for day in (6, 9, 12):
        few = windows.fetch_crowded(BEGIN + day * DAY, BEGIN + (day + 1) * DAY, {}, Wanted(1, 1))
        assert sum(rest.number for rest in few.rest) > 10
    assert made == []
    lying = [
        sum(rest.lying for rest in windows.fetch_crowded(since, since + DAY, given_up, Wanted(1, 1)).rest)
        for since in (BEGIN + 9 * DAY, BEGIN + 12 * DAY)
    ]
    assert min(lying) > 0
    assert len(made) == 1
    before = len(store.engine.rows("select table_name from duckdb_tables()", {}))
    del windows
    assert len(store.engine.rows("select table_name from duckdb_tables()", {})) == before - 2
