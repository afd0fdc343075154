"""How display time is spread: whole, without losing any of the log, and none on what is skipped."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from factoryview.time import DAY, HOUR
from factoryview.view.model import Model
from factoryview.view.pacing import Pace, Pacing, pacing_of
from factoryview.view.playhead import Playhead
from tests.kit.halved import halved
from tests.kit.small_plants import kept


def model() -> Model:
    return kept("jammed").model


def made(pace: Pace, interest: tuple[int, ...] = (), *, skipping: bool = False) -> Pacing:
    counts = model().counts
    found = pacing_of(counts.history, counts.jams.levels.workdays, pace, interest, skipping=skipping)
    assert found is not None
    return found


def test_evenly_nothing_is_paced() -> None:
    counts = model().counts
    assert pacing_of(counts.history, counts.jams.levels.workdays, "time") is None


@pytest.mark.parametrize("pace", ["events", "interest"])
def test_the_whole_log_takes_as_long_as_evenly_and_time_never_goes_back(pace: Pace) -> None:
    first, last = model().first, model().last
    pacing = made(pace, (first + (last - first) // 3,))
    assert pacing.shown[-1] == pytest.approx(last - first, rel=1e-6)
    at, step, seen = first, (last - first) / 500, []
    while at < last:
        seen.append(at)
        at = pacing.on(at, step)
    assert 499 <= len(seen) <= 501
    assert all(after > before for before, after in pairwise(seen))


def test_by_interest_it_is_slow_where_something_is() -> None:
    first, last = model().first, model().last
    middle, step = (first + last) // 2, (last - first) / 1000
    pacing = made("interest", (middle,))
    assert pacing.on(middle, step) - middle < step * 0.6
    assert pacing.on(first, step) - first > step


def test_by_events_each_takes_as_long_as_another() -> None:
    counts = model().counts
    past, pacing = counts.history, made("events")
    number = (past.arrivals + past.departures).sum(axis=0)
    edges = past.origin + past.width * np.arange(past.buckets + 1)
    took = np.diff(np.interp(edges, pacing.edges, pacing.shown))[1:-1]
    busy = number[1:-1] > 0.5 * number.mean()
    assert busy.sum() > 10
    each = took[busy] / number[1:-1][busy]
    assert each.max() / each.min() == pytest.approx(1, rel=0.02)


def test_free_time_takes_none(tmp_path: Path) -> None:
    counts = Model(halved(tmp_path, 90)[0]).counts
    clock = counts.jams.levels.workdays
    pacing = pacing_of(counts.history, clock, "time", skipping=True)
    assert pacing is not None
    assert not clock.open.all()
    slot = int(np.flatnonzero(~clock.open[30:-3])[0]) + 30
    friday = int(clock.closes[slot - 1]) if clock.open[slot - 1] else int(clock.edges[slot])
    at = pacing.on(friday - HOUR // 60, HOUR / 30)
    after = next(k for k in range(slot, len(clock.open)) if clock.open[k])
    assert int(clock.begins[after]) <= at < int(clock.begins[after]) + HOUR
    worked = sum(int(c) - int(b) for b, c, open_ in zip(clock.begins, clock.closes, clock.open, strict=True) if open_)
    assert pacing.shown[-1] <= worked


def test_a_playhead_plays_paced_and_loops_a_span() -> None:
    first, last = model().first, model().last
    head = Playhead(first, DAY, first, last)
    assert head.advanced(0.1).at == first + DAY // 10
    paced = head.advanced(0.1, None, made("interest", (last,)))
    assert first + DAY // 10 < paced.at < first + DAY
    looping = Playhead(first + 2 * DAY - 10, DAY, first, last, within=(first + DAY, first + 2 * DAY))
    assert looping.advanced(0.1).at == first + DAY
    beyond = looping.sought(first + 5 * DAY)
    assert beyond.advanced(0.1).at == beyond.at + DAY // 10
