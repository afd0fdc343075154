"""The stays of a window: looked up in a sorted table they are those that a search of the whole log finds."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest

from factoryview.store import windows as module
from factoryview.store.database import Store
from factoryview.store.selection import Through
from factoryview.store.windows import Numbering, StayArrays, Windows
from factoryview.time import DAY, HOUR
from tests.kit.plants.logs import store_of

BEGIN = round(pd.Timestamp("2024-01-01").timestamp() * 1e6)
NUMBERING = Numbering(("A", "B"), ((None, "A"), ("A", "B")), ("web",))


@pytest.fixture
def store() -> Store:
    """Stays of none to months, some of exactly a power of two of hours, some that still last, two alike."""
    rng = np.random.default_rng(3)
    number = 400
    entered = BEGIN + rng.integers(0, 90, number) * DAY + rng.integers(0, 24, number) * HOUR
    lasted = np.concatenate([rng.choice([0, 1, HOUR, 2 * HOUR, 4 * HOUR, 64 * HOUR, 64 * HOUR + 1], 200),
                             (rng.exponential(5.0, number - 200) * DAY).astype(np.int64)])  # fmt: skip
    still = rng.random(number) < 0.1
    at = pd.to_datetime(entered, unit="us")
    left = pd.Series(pd.to_datetime(entered + lasted, unit="us")).where(~still)
    stays = pd.DataFrame({
        "id": np.arange(number), "case": [str(k // 2) for k in range(number)],
        "stage": np.where(np.arange(number) % 2, "B", "A"),
        "entered": at, "started": pd.Series(at).where(rng.random(number) < 0.5), "left": left, "next": None,
        "via": np.where(np.arange(number) % 2, "A", None), "channel": np.where(rng.random(number) < 0.5, "web", None),
        "weight": 1.0 + rng.integers(0, 3, number), "resource": None, "value": np.nan, "reason": None, "last": False,
    })  # fmt: skip
    return store_of(stays, pd.DataFrame(columns=["case"]), "entry")


def same(one: StayArrays, two: StayArrays) -> bool:
    return all(
        np.array_equal(getattr(one, name), getattr(two, name)) and getattr(one, name).dtype == getattr(two, name).dtype
        for name in ("id", "stage", "belt", "entered", "started", "left", "weight", "hue")
    )


def test_what_is_looked_up_is_what_is_found(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    searching = Windows(store, NUMBERING)
    spans = [(BEGIN + day * DAY, BEGIN + day * DAY + width)
             for day, width in product((-3, 0, 1, 44, 89, 95, 200), (1, HOUR, 64 * HOUR, 30 * DAY))]  # fmt: skip
    found = [searching.fetch(*span) for span in spans]
    monkeypatch.setattr(module, "MANY", 1)
    sorted_ = Windows(store, NUMBERING)

    assert sum(map(len, found)) > 1_000
    assert [same(sorted_.fetch(*span), before) for span, before in zip(spans, found, strict=True)] == [True] * len(
        spans
    )


def test_a_log_that_is_prepared_is_sorted_before_its_first_window(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Windows(store, NUMBERING).fetch(BEGIN, BEGIN + 30 * DAY)
    monkeypatch.setattr(module, "MANY", 1)
    windows = Windows(store, NUMBERING)
    windows.prepare()
    kept: list[str] = []
    monkeypatch.setattr(store.engine, "keep", lambda name, *_rest: kept.append(name))
    monkeypatch.setattr(store, "ask", lambda name, **_more: kept.append(name))

    assert same(windows.fetch(BEGIN, BEGIN + 30 * DAY), found)
    assert kept == []


def test_when_stays_come_or_go_and_for_some_cases_the_log_is_searched(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MANY", 1)
    windows = Windows(store, NUMBERING)
    assert len(windows.fetch(BEGIN, BEGIN + DAY)) > 0, "one window is searched, the next ones are looked up"
    whole = windows.fetch(BEGIN, BEGIN + 90 * DAY)
    some = Windows(store.where(Through("B")), NUMBERING).fetch(BEGIN, BEGIN + 90 * DAY)
    store.engine.keep("stays", "select * from stays where id < 100", {})
    store.changed()
    fewer = windows.fetch(BEGIN, BEGIN + 90 * DAY)

    assert len(whole) > 100
    assert 0 < len(some) <= len(whole)
    assert set(fewer.id.tolist()) == {stay for stay in whole.id.tolist() if stay < 100}


def test_codes_are_those_of_way_stage_and_channel(store: Store) -> None:
    """Against a plain look-up: stages that are not on the floor are left out, ways that are not drawn have no belt."""
    numbering = Numbering(("B",), (("A", "B"),), ("", "web"))
    found = Windows(store, numbering).fetch(BEGIN, BEGIN + 400 * DAY)
    rows = {number: (stage, via, channel) for number, stage, via, channel in store.engine.rows(
        "select id, stage, via, channel from stays", {})}  # fmt: skip
    assert set(found.id.tolist()) == {number for number, (stage, _, _) in rows.items() if stage == "B"}
    assert set(found.stage.tolist()) == {0}
    assert found.belt.tolist() == [0 if rows[n][1] == "A" else -1 for n in found.id.tolist()]
    assert found.hue.tolist() == [1 if rows[n][2] == "web" else 0 for n in found.id.tolist()]
    other = Windows(store, Numbering(("A", "B"), ((None, "A"),), ("web",))).fetch(BEGIN, BEGIN + 400 * DAY)
    assert other.belt.tolist() == [0 if rows[n][:2] == ("A", None) else -1 for n in other.id.tolist()]


@pytest.mark.parametrize("alike", [True, False])
def test_what_all_stays_say_alike_is_not_fetched(alike: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(4)
    number = 300
    at = pd.to_datetime(BEGIN + rng.integers(0, 40, number) * DAY, unit="us")
    stays = pd.DataFrame({
        "id": np.arange(number) + (0 if alike else 2**31), "case": [str(k) for k in range(number)], "stage": "A",
        "entered": at, "started": pd.Series([pd.NaT] * number, dtype="datetime64[us]") if alike else pd.Series(at),
        "left": at + pd.to_timedelta(rng.integers(0, 60, number), unit="h"), "next": None, "via": None,
        "channel": "web", "weight": 2.5 if alike else rng.choice([1.0, 2.0], number), "resource": None,
        "value": np.nan, "reason": None, "last": False,
    })  # fmt: skip
    store = store_of(stays, pd.DataFrame(columns=["case"]), "entry")
    span = BEGIN + 5 * DAY, BEGIN + 25 * DAY
    plain = Windows(store, NUMBERING).fetch(*span)
    monkeypatch.setattr(module, "MANY", 1)
    windows = Windows(store, NUMBERING)
    windows.prepare()
    before = store.engine.fetched.bytes
    found = windows.fetch(*span)

    assert same(found, plain)
    assert len(found) > 100
    assert store.engine.fetched.bytes - before == len(found) * windows.row_bytes
    assert windows.row_bytes == (25 if alike else 45)
