"""Foreign delays are found beside a queue, and none is invented."""

from __future__ import annotations

import numpy as np
import pytest

from factoryview.whatif.calendar import Calendar
from factoryview.whatif.capacity import found_pool
from factoryview.whatif.delays import bounds, estimate, expected, on_calendar, ready_before, turnbull
from factoryview.whatif.kernel import Pool, Steps, simulate
from factoryview.whatif.log import log_of_steps
from factoryview.whatif.structure import structure_of

OFFICE = Calendar.of_days(range(5), 9, 17)


def test_self_consistency_is_that_of_plain_loops() -> None:
    rng = np.random.default_rng(0)
    low = rng.integers(0, 6, 40).astype(float)
    high = low + rng.integers(0, 4, 40)
    found = turnbull(low, high)
    support = found.support.tolist()
    chance = [1 / len(support)] * len(support)
    for _ in range(200):
        share = [0.0] * len(support)
        for a, b in zip(low, high, strict=True):
            inside = [j for j, x in enumerate(support) if a <= x <= b]
            total = sum(chance[j] for j in inside)
            for j in inside:
                share[j] += chance[j] / total / len(low)
        chance = share
    assert found.chance == pytest.approx(chance, abs=1e-9)
    means = [
        sum(chance[j] * x for j, x in enumerate(support) if a <= x <= b)
        / sum(chance[j] for j, x in enumerate(support) if a <= x <= b)
        for a, b in zip(low, high, strict=True)
    ]
    assert expected(found) == pytest.approx(means)


def test_censored_exponentials_have_their_mean() -> None:
    rng = np.random.default_rng(1)
    true = rng.exponential(8.0, 4_000)
    seen = rng.exponential(10.0, 4_000)
    low, high = np.where(true < seen, true, seen), np.where(true < seen, true, np.maximum(true, seen) + 30.0)
    assert turnbull(low, high).mean == pytest.approx(true.mean(), rel=0.05)


def test_draws_keep_their_bounds_and_the_distribution() -> None:
    rng = np.random.default_rng(2)
    low, high = np.zeros(500), np.full(500, 40.0)
    low[:250] = high[:250] = rng.exponential(8.0, 250).clip(max=40)
    found = turnbull(low, high)
    steps = np.repeat(np.arange(500), 20)
    drawn = found.drawn(found.chance, steps, rng.random(len(steps)))
    assert ((drawn >= low[steps]) & (drawn <= high[steps])).all()
    assert drawn.mean() == pytest.approx(found.mean, rel=0.03)
    other = found.reweighted(rng.exponential(size=500))
    assert other.sum() == pytest.approx(1.0)
    assert not np.allclose(other, found.chance)


@pytest.mark.parametrize("order", ["first come", "priority"])
@pytest.mark.parametrize("delay", [0.0, 20.0])
def test_a_delay_before_a_queue_is_told_from_it(delay: float, order: str) -> None:
    """Two stages; before the second, cases are away for a while and then wait for three people in office hours."""
    rng = np.random.default_rng(4)
    n = 2_500
    came = OFFICE.moment(np.cumsum(rng.exponential(1 / 2.4, n)))
    away = rng.gamma(2.0, delay / 2.0, n) if delay else np.zeros(n)
    half = np.zeros(n)
    steps = Steps(
        case=np.tile(np.arange(n), 2),
        pool=np.repeat([0, 1], n),
        parent=np.concatenate([np.full(n, -1), np.arange(n)]),
        release=np.tile(came, 2),
        delay=np.concatenate([half, away]),
        work=np.concatenate([half + 0.1, rng.gamma(3.0, 1 / 3.0, n)]),
        queued=np.repeat([False, True], n),
        priority=rng.integers(0, 2, 2 * n).astype(float),
    )
    run = simulate(steps, [Pool(1, OFFICE), Pool(3, OFFICE, order=order)])  # type: ignore[arg-type]
    log = log_of_steps("AB", steps.case, np.repeat([0, 1], n), run.start, run.end)
    structure, second = structure_of(log), np.flatnonzero(log.stage == 1)
    pool = found_pool(log, structure_of(log), [1], OFFICE, {}, OFFICE)
    assert pool.servers == 3
    start, enabled, gap = log.start[second], structure.enabled[second], structure.gap[second]
    low, high = bounds(start, enabled, gap, pool)
    assert (low <= away + 1e-6).all()
    tight = np.clip(ready_before(start, enabled + low) - enabled, low, high)
    found = estimate(low, high, tight)
    assert gap.mean() > away.mean() + 1.0, "there is a queue"
    if delay:
        assert found.mean == pytest.approx(away.mean(), rel=0.15 if order == "first come" else 0.35)
    else:
        assert found.mean < 0.2


def test_moments_on_a_calendar() -> None:
    moments = np.array([8.9, 9.0, 12.0, 17.0, 17.1, 24 * 5 + 10])
    assert on_calendar(moments, OFFICE).tolist() == [False, True, True, True, False, False]
