import numpy as np
import pytest

from factoryview.flow.change.points import chance_of, change_points, normal_scores

DAYS = np.arange(200)


def test_a_step_is_found_on_its_day_and_lies_in_its_interval() -> None:
    rng = np.random.default_rng(1)
    days = np.repeat(DAYS, 6)
    values = rng.exponential(np.where(days < 120, 1.0, 2.5))

    (point,) = change_points(normal_scores(values), days, 0.001)

    assert abs(point.day - 120) <= 3
    assert point.low <= 120 <= point.high


def test_a_step_without_any_noise_is_found_and_no_step_is_none() -> None:
    (point,) = change_points(np.where(DAYS < 77, 3.0, 4.0), DAYS, 1e-3)

    assert point.day == point.low == point.high == 77
    assert change_points(np.full(200, 3.0), DAYS, 0.05) == []
    assert change_points(np.zeros(0), np.zeros(0, np.int64), 0.05) == []


def test_two_steps_are_two_changes_in_order_of_time() -> None:
    rng = np.random.default_rng(2)
    level = np.where(DAYS < 60, 0.0, np.where(DAYS < 130, 4.0, 0.5))

    found = change_points(level + rng.normal(size=200), DAYS, 0.001)

    assert [abs(point.day - day) <= 2 for point, day in zip(found, (60, 130), strict=True)] == [True, True]


def test_a_change_shorter_than_the_least_is_none() -> None:
    values = np.where((DAYS >= 100) & (DAYS < 104), 5.0, 0.0) + np.random.default_rng(3).normal(size=200)

    assert change_points(values, DAYS, 0.001) == []


def test_days_that_follow_one_another_are_no_change() -> None:
    """Half as many false alarms as said of white noise, and few of noise that follows itself for days."""
    rng = np.random.default_rng(4)
    white = sum(bool(change_points(rng.normal(size=200), DAYS, 0.05)) for _ in range(200))
    follows = 0
    for _ in range(200):
        noise = rng.normal(size=204)
        follows += bool(change_points(np.convolve(noise, np.ones(5), "valid"), DAYS, 0.05, block=20))

    assert white <= 16
    assert follows <= 20


@pytest.mark.parametrize("values", [[2.0, 1.0, 5.0, 5.0], [1.0] * 7, [float(k) for k in range(4_500)]])
def test_scores_keep_the_order_and_are_alike_for_equals(values: list[float]) -> None:
    scores = normal_scores(np.array(values))

    for k in range(len(values) - 1):
        assert (values[k] < values[k + 1]) == (scores[k] < scores[k + 1] - 1e-12)
    assert scores.mean() == pytest.approx(0, abs=0.15)


def test_the_chance_falls_with_the_statistic() -> None:
    assert chance_of(0.0) == 1.0
    assert chance_of(1.628) == pytest.approx(0.01, abs=0.0005)
