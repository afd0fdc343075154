"""Fewer come on a holiday: as many fewer as on those before."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from factoryview.plant.scenario_file import parse_set
from factoryview.whatif.calendar import Calendar
from factoryview.whatif.calibration import calibrate
from factoryview.whatif.facts import future_of, known_of
from factoryview.whatif.holidays import GUESS, holidays_of
from factoryview.whatif.interventions import Setting, changed
from factoryview.whatif.log import Log, log_of_steps
from factoryview.whatif.replication import draw
from factoryview.whatif.week import LocalWeek

WEEK, WEEKS = 168.0, 16
BEFORE, AFTER = (10, 31, 52, 73, 94), (120, 121)
"""Days, all of them Thursdays but the last; the log ends with day 111."""
OFFICE = Calendar(
    tuple((24.0 * day + 9, 24.0 * day + 17) for day in range(7 * 30) if day % 7 < 5 and day not in (*BEFORE, *AFTER)),
    30,
)


def log(share: float, a_day: int = 40, seed: int = 0) -> Log:
    """So many a working day, an eighth of it on Saturdays and Sundays, and that share of it on holidays."""
    dice, came = Random(seed), []
    for day in range(7 * WEEKS):
        usual = a_day if day % 7 < 5 else a_day // 8
        came += [24.0 * day + dice.uniform(9, 17) for _ in range(round(usual * (share if day in BEFORE else 1)))]
    at = np.sort(came)
    return log_of_steps("A", np.arange(len(at)), np.zeros(len(at)), at, at + 0.1, now=WEEK * WEEKS, since=0.0)


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_how_many_come_on_holidays_is_counted_and_guessed_of_few(share: float) -> None:
    found = holidays_of(log(share), OFFICE)
    assert found.days.tolist() == sorted((*BEFORE, *AFTER))
    expected = 40.0 * len(BEFORE)
    assert found.share == pytest.approx((share * expected + GUESS / 8) / (expected + GUESS), abs=0.001)
    some = np.array([24.0 * 120 + 10, 24.0 * 122 + 10])
    assert found.comes(some, np.array([0.99, 0.99])).tolist() == [found.share > 0.99, True]
    assert found.comes(some, np.array([0.0, 0.0])).tolist() == [found.share > 0, True]


def test_of_the_first_holidays_nothing_is_known_but_who_comes_when_nobody_works() -> None:
    early = Calendar(
        tuple((24.0 * day + 9, 24.0 * day + 17) for day in range(7 * 30) if day % 7 < 5 and day not in AFTER), 30
    )
    assert holidays_of(log(1.0), early).share == pytest.approx(1 / 8, abs=0.01)
    always = Calendar(tuple((24.0 * day + 1, 24.0 * day + 23) for day in range(7 * 30) if day not in AFTER), 30)
    assert holidays_of(log(1.0), always).share == 1.0, "it works every day: nothing says that fewer come"
    assert holidays_of(log(0.0), Calendar.of_days(range(5), 9, 17)).share == 1.0, "no holidays"


def test_futures_have_fewer_on_holidays_and_on_other_days_as_many_as_ever() -> None:
    calibration = calibrate(log(0.25), calendar=OFFICE)
    share = calibration.holidays.share
    days = np.zeros(21)
    for seed in range(60):
        made = draw(calibration, seed, WEEK * WEEKS, 21.0)
        days += np.bincount(np.floor(made.arrived / 24).astype(int) - 7 * WEEKS, minlength=21)
    days /= 60
    rest = np.array([day - 7 * WEEKS for day in AFTER])
    working = np.setdiff1d([day for day in range(21) if day % 7 < 5], rest)
    assert days[working].mean() == pytest.approx(40, rel=0.03), "the rate is that of weeks without holidays"
    assert days[rest].mean() == pytest.approx(40 * share, rel=0.15)
    level = draw(calibration, 1, WEEK * WEEKS, 21.0, level=True).arrived
    assert len(level) == pytest.approx(3 * (200 + 10) - 80 * (1 - share), rel=0.03)


def test_those_who_come_more_come_no_more_on_holidays_than_others() -> None:
    calibration = calibrate(log(0.0), calendar=OFFICE)
    cases = calibration.log.cases
    known = np.ones(cases, dtype=np.bool_)
    facts = known_of(calibration, (), np.full(cases, -1), np.full(cases, np.nan), known, ~known)
    setting = Setting(calibration, facts, LocalWeek("UTC", 0), WEEK * WEEKS, 21.0)
    holidays, rest = 0, 0
    for seed in range(20):
        base = future_of(calibration, facts, draw(calibration, seed, WEEK * WEEKS, 21.0), seed)
        more = changed(base, parse_set(["arrivals*=2"]), setting, seed).replication.arrived
        assert len(more) == 2 * len(base.replication.arrived)
        assert ((more >= setting.begin) & (more < setting.end)).all()
        on = np.isin(np.floor(more / 24), AFTER)
        holidays, rest = holidays + int(on.sum()), rest + int((~on).sum())
    assert holidays / (holidays + rest) < 2 * 0.05 / 15
