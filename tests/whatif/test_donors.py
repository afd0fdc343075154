"""What donors weigh and how many come, against plain sums; and cases drawn whole."""

from __future__ import annotations

from math import log as ln

import numpy as np
import pytest

from factoryview.whatif.bands import band
from factoryview.whatif.calibration import calibrate
from factoryview.whatif.donors import HALF_LIFE_H, MOST, donors_of, steady_h
from factoryview.whatif.log import Log, log_of_steps
from factoryview.whatif.replication import draw


def cases(open_seen: bool, weeks: int = 20, seed: int = 0) -> tuple[Log, float]:
    """Ten cases a week, half of them done after an hour, half after five weeks; the open ones seen or not."""
    rng = np.random.default_rng(seed)
    end = weeks * 168.0
    came = np.sort(rng.random(10 * weeks) * end)
    length = np.where(rng.random(len(came)) < 0.5, 1.0, 5 * 168.0)
    seen = came + length <= end if not open_seen else came >= 0
    came, length = came[seen], length[seen]
    done = np.where(came + length <= end, came + length, np.inf)
    n = np.arange(len(came))
    log = log_of_steps("A", n, 0 * n, came, done, arrived=came, closed=done, now=end, since=0.0, open_seen=open_seen)
    return log, end


def test_weights_are_those_of_the_formula() -> None:
    log, end = cases(False)
    found = donors_of(log)

    def phi(span: float) -> float:
        return HALF_LIFE_H / ln(2) * (1 - 2 ** (-span / HALF_LIFE_H))

    raw = []
    for case in range(log.cases):
        length = log.closed[case] - log.arrived[case]
        recent = 2 ** (-(end - log.closed[case]) / HALF_LIFE_H)
        raw.append(recent / max(phi(end - length), phi(end) / MOST))
    assert found.weight == pytest.approx([one / sum(raw) for one in raw])
    assert found.rate == pytest.approx(sum(raw) * 168)


def test_long_cases_are_not_forgotten_because_they_are_late() -> None:
    """A quarter of the long ones is cut off by the end of the log; weighed, they are half of all again."""
    share, rate = [], []
    for seed in range(12):
        log, _ = cases(False, seed=seed)
        found = donors_of(log)
        share.append(found.weight[found.length > 100].sum())
        rate.append(found.rate)
    assert np.mean(share) == pytest.approx(0.5, abs=0.03)
    assert np.mean(rate) == pytest.approx(10.0, rel=0.05)


def test_open_cases_count_as_arrivals() -> None:
    log, end = cases(True)
    found = donors_of(log)
    assert found.rate == pytest.approx(sum(came > end - 20 * 168 for came in log.arrived.tolist()) / 20)
    assert found.counted == log.cases
    assert set(found.case.tolist()) == {case for case in range(log.cases) if log.closed[case] <= end}


def test_arrivals_are_counted_as_far_back_as_they_are_what_they_are_now() -> None:
    """Ten a week for twenty weeks, then twenty-five a week for twelve."""
    came = np.concatenate([np.arange(0, 20 * 168.0, 16.8), np.arange(20 * 168.0, 32 * 168.0, 6.72)])
    n = np.arange(len(came))
    log = log_of_steps("A", n, 0 * n, came, came + 1, arrived=came, now=32 * 168.0, since=0.0)
    assert steady_h(log) == 12 * 168
    assert donors_of(log).rate == pytest.approx(25, rel=0.01)
    calm = log_of_steps("A", n[:200], 0 * n[:200], came[:200], came[:200] + 1, now=20 * 168.0, since=0.0)
    assert steady_h(calm) == 20 * 168


def test_dealt_and_drawn_have_the_mix_of_the_weights() -> None:
    log, _ = cases(False)
    found = donors_of(log)
    rng = np.random.default_rng(1)
    long_ = found.weight[found.length > 100].sum()
    dealt, week = found.dealt(1_000, 10, rng)
    assert (log.closed[dealt] - log.arrived[dealt] > 100).mean() == pytest.approx(long_, abs=0.002)
    assert np.bincount(week, minlength=10).tolist() == [100] * 10
    drawn = found.drawn(20_000, rng, found.weight)
    assert (log.closed[drawn] - log.arrived[drawn] > 100).mean() == pytest.approx(long_, abs=0.02)


def test_cases_come_at_their_hour_of_the_week_and_whole() -> None:
    log, end = cases(False)
    calibration = calibrate(log)
    made = draw(calibration, 5, end, 70.0)
    assert ((made.arrived >= end) & (made.arrived < end + 70 * 24)).all()
    hours = set(np.round(log.arrived % 168, 6))
    assert set(np.round(made.arrived % 168, 6)) <= hours
    assert made.steps.release.tolist() == made.arrived.tolist(), "one step a case, released when it comes"
    assert len(made.arrived) == pytest.approx(calibration.donors.rate * 10, rel=0.35)
    level = [len(draw(calibration, seed, end, 70.0, level=True).arrived) for seed in range(10)]
    assert np.ptp(level) <= 8


def test_a_band_holds_nine_of_ten() -> None:
    assert band(np.arange(101.0)) == pytest.approx((5, 50, 95))
