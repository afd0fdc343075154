"""A belt is red for how long its work will take, never for how much there is."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from factoryview.flow.moment.congestion import AMBER, NEUTRAL, RED, Congestion, congestion
from factoryview.flow.moment.history import DAY, HOUR, History

Counts = NDArray[np.float64]
DAYS = 120


def plant(stages: dict[str, tuple[Counts, Counts]], width: int = 6 * HOUR) -> History:
    """A history from arrivals and departures per bucket of each stage, first in, first out."""
    arrivals, departures = (np.array([flows[i] for flows in stages.values()], dtype=float) for i in range(2))
    buckets = arrivals.shape[1]
    stayed = np.array([_stayed(come, go) for come, go in zip(arrivals, departures, strict=True)]) * width
    return History(tuple(stages), 0, width, 0, buckets * width - 1, arrivals, departures, stayed)


def _stayed(come: Counts, go: Counts) -> Counts:
    """Buckets that the departed of each bucket had stayed: from the arrival curve to the departure curve."""
    ends = np.arange(len(go)) + 0.5
    begins = np.interp(np.cumsum(go) - go / 2, np.cumsum([0.0, *come]), np.arange(len(come) + 1))
    return go * np.maximum(ends - begins, 0.0)


def levels(found: Congestion, stage: int = 0) -> list[int]:
    return found.levels[stage].tolist()


def steady(per_bucket: float, standing: float, buckets: int = 4 * DAYS) -> tuple[Counts, Counts]:
    """As much leaves as comes, and so much stands there."""
    come, go = np.full(buckets, per_bucket), np.full(buckets, per_bucket)
    come[0] += standing
    return come, go


def queue(rng: np.random.Generator, per_bucket: float, slow: Counts, load: float = 0.7) -> tuple[Counts, Counts]:
    """Poisson arrivals at a server that is `slow` times slower along time; what comes waits for the next bucket."""
    come = rng.poisson(per_bucket, len(slow)).astype(float)
    ready = rng.poisson(per_bucket / load / slow).astype(float)
    go, standing = np.zeros(len(slow)), 0.0
    for i, (new, able) in enumerate(zip(come, ready, strict=True)):
        go[i] = min(standing, able)
        standing += new - go[i]
    return come, go


@pytest.mark.parametrize("standing", [10, 1_000, 100_000])
def test_a_full_moving_belt_is_healthy(standing: float) -> None:
    found = congestion(plant({"Ask": steady(standing / 4, standing)}), {"Ask": timedelta(days=2)})
    assert set(levels(found)) == {NEUTRAL}


@pytest.mark.parametrize(("days", "level"), [(1.9, NEUTRAL), (2.5, AMBER), (5.0, RED)])
def test_the_level_is_the_wait_over_the_target(days: float, level: int) -> None:
    found = congestion(plant({"Ask": steady(100, 400 * days)}), {"Ask": timedelta(days=2)})
    assert levels(found)[-1] == level
    assert found.waits[0, -1] == pytest.approx(days * DAY)
    assert (found.thresholds[0].amber, found.thresholds[0].red) == (2 * DAY, 4 * DAY)
    assert found.thresholds[0].from_target


def test_a_pile_that_nothing_leaves_is_red() -> None:
    come, go = steady(100, 100)
    go[240:] = 0
    come[240:] = 0
    moving = steady(5, 10)
    found = congestion(plant({"Ask": (come, go), "Else": moving}), {"Ask": timedelta(days=2)})
    assert levels(found)[-1] == RED
    assert found.waits[0, -1] == np.inf


def waits_of(days: list[float]) -> tuple[Counts, Counts]:
    """Work for so many days stands there, 1,000 cases a day leaving, each for forty days."""
    wip = np.repeat(np.array(days) * 1_000, 160)
    go = np.full(len(wip), 250.0)
    return np.diff(wip, prepend=0.0) + go, go


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([1, 2.2, 1.6, 1.4, 2.2], [NEUTRAL, AMBER, AMBER, NEUTRAL, AMBER]),
        ([1, 4.5, 3.1, 2.9, 1.6, 1.4], [NEUTRAL, RED, RED, AMBER, AMBER, NEUTRAL]),
        ([1.6, 4.5, 1.4, 1.6], [NEUTRAL, RED, NEUTRAL, NEUTRAL]),
    ],
)
def test_a_level_holds_until_the_wait_is_well_below(days: list[float], expected: list[int]) -> None:
    found = congestion(plant({"Ask": waits_of(days)}), {"Ask": timedelta(days=2)})
    assert [levels(found)[160 * i + 159] for i in range(len(days))] == expected


@given(
    days=st.lists(st.floats(0, 12), min_size=1, max_size=5),
    more=st.floats(1, 4),
)
@settings(max_examples=60, deadline=None)
def test_longer_waits_are_never_better(days: list[float], more: float) -> None:
    target = {"Ask": timedelta(days=2)}
    less = congestion(plant({"Ask": waits_of(days)}), target).levels
    assert np.all(congestion(plant({"Ask": waits_of([day * more for day in days])}), target).levels >= less)


@pytest.mark.parametrize("load", [0.5, 0.7, 0.8])
@pytest.mark.parametrize("per_bucket", [1, 5, 40])
def test_constant_noise_is_not_painted_red(load: float, per_bucket: float) -> None:
    rng = np.random.default_rng(7)
    steadily = np.ones(4 * DAYS)
    stages = {f"Stage {i}": queue(rng, per_bucket, steadily, load) for i in range(8)}
    stages |= {"Delay": steady(per_bucket, per_bucket * 8)}
    found = congestion(plant(stages), {})
    assert not any(limit.from_target for limit in found.thresholds)
    assert (found.levels == RED).mean() < 0.005
    assert (found.levels == AMBER).mean() < 0.05


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5])
def test_a_jam_is_red_from_its_own_history_however_long_it_lasts(share: float) -> None:
    rng = np.random.default_rng(3)
    buckets = 4 * 240
    jam = slice(320, 320 + int(buckets * share))
    slow = np.ones(buckets)
    slow[jam] = 1.8
    found = congestion(plant({"Ask": queue(rng, 10, slow), "Check": queue(rng, 10, np.ones(buckets))}), {})
    inside = found.levels[0, jam.start + 56 : jam.stop]  # it takes two weeks to pile up
    assert (inside == RED).mean() > 0.8
    assert (found.levels[0, : jam.start] == NEUTRAL).mean() > 0.95
    assert (found.levels[1] == NEUTRAL).mean() > 0.95


def test_a_wait_that_does_not_matter_in_the_plant_is_neutral() -> None:
    quick = waits_of([0.01, 0.01, 0.01, 0.2])
    assert levels(congestion(plant({"Ask": quick}), {}))[-1] == RED
    beside = congestion(plant({"Ask": quick, "Build": steady(10, 10 * 4 * 20, 640)}), {})
    assert set(levels(beside)) == {NEUTRAL}


def test_few_departures_prove_little() -> None:
    """The same wait: sure from a hundred departures a week, from one it may be chance."""
    wait, target = 3 * DAY, {"Ask": timedelta(days=2)}
    for weekly, level in ((280.0, AMBER), (2.0, NEUTRAL)):
        per_bucket = weekly / 28
        history = plant({"Ask": steady(per_bucket, max(6.0, per_bucket * wait / (6 * HOUR)))})
        scaled = {"Ask": target["Ask"] * (history.wip[0, -1] / per_bucket * 6 * HOUR / wait)}
        assert levels(congestion(history, scaled))[-1] == level


def test_fewer_than_five_are_no_jam() -> None:
    found = congestion(plant({"Ask": steady(0.01, 4)}), {"Ask": timedelta(hours=1)})
    assert set(levels(found)) == {NEUTRAL}


def test_nights_and_weekends_are_no_jam() -> None:
    hours = np.arange(24 * 70)
    at_work = (hours % 24 >= 8) & (hours % 24 < 16) & (hours // 24 % 7 < 5)
    come = np.where(hours // 24 % 7 < 5, 4.0, 1.0)
    go, standing = np.zeros(len(hours)), 0.0
    for i, new in enumerate(come):
        standing += new
        go[i] = min(standing, 20.0 * at_work[i])
        standing -= go[i]
    found = congestion(plant({"Ask": (come, go)}, HOUR), {"Ask": timedelta(hours=18)})
    assert set(levels(found)) == {NEUTRAL}


@pytest.mark.parametrize("width", [10_000_000, HOUR // 4])
def test_a_jam_shows_in_short_logs_too(width: int) -> None:
    rng = np.random.default_rng(5)
    slow = np.ones(1_400)
    slow[700:1_100] = 2.0
    found = congestion(plant({"Ask": queue(rng, 20, slow)}, width), {})
    assert (found.levels[0, 900:1_100] == RED).mean() > 0.8
    assert (found.levels[0, :700] == NEUTRAL).mean() > 0.95


def test_a_stage_without_history_is_neutral() -> None:
    come = np.zeros(400)
    come[390] = 50.0
    found = congestion(plant({"Ask": (come, np.zeros(400))}), {})
    assert set(levels(found)) == {NEUTRAL}
    assert found.thresholds[0].red == np.inf


def test_since_when() -> None:
    line = np.array([[0, 1, 2, 2, 1, 0, 1], [2] * 7], dtype=np.int8)
    found = Congestion(line, np.zeros(line.shape), ())
    assert [found.since(0, i) for i in range(7)] == [0, 1, 2, 2, 1, 0, 6]
    assert found.since(1, 6) == 0


def test_one_bucket_and_no_stage() -> None:
    empty = np.zeros((0, 3))
    assert congestion(History((), 0, HOUR, 0, 3 * HOUR, empty, empty, empty), {}).levels.shape == (0, 3)
    assert levels(congestion(plant({"Ask": (np.ones(1), np.zeros(1))}), {})) == [NEUTRAL]
