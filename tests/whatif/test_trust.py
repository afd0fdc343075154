"""What is said of a model: good of a plant that goes on as it did, and that it loses where it is wrong."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from factoryview.language import Language
from factoryview.whatif.calibration import Calibration, calibrate
from factoryview.whatif.distances import cycle_times
from factoryview.whatif.fidelity import happened, known_at, shifted, simulated
from factoryview.whatif.log import Log
from factoryview.whatif.trust import Compared, Trust, as_is, forecast, trust_of
from factoryview.whatif.trust_words import doubt_in, sentences
from tests.kit.whatif_plants import log_at, plant, run


@pytest.fixture(scope="module")
def log() -> Log:
    of = plant(9)
    return log_at(of, run(of, 0, until=24 * 168.0))


def test_a_log_at_a_moment_holds_nothing_later(log: Log) -> None:
    at = log.now - 500.0
    cut = known_at(log, at)
    begun = log.start <= at
    assert len(cut.case) == begun.sum()
    assert cut.cases == (log.arrived <= at).sum()
    assert np.isfinite(cut.closed).sum() == (log.closed <= at).sum()
    assert (cut.end[np.isfinite(cut.end)] <= at).all()
    assert np.array_equal(np.sort(cut.end[np.isfinite(cut.end)]), np.sort(log.end[log.end <= at]))
    for case in range(0, cut.cases, 50):
        assert (cut.start[cut.case == case] >= cut.arrived[case]).all()


def test_what_happened_in_a_period_by_counting(log: Log) -> None:
    begin, end = log.now - 900.0, log.now - 200.0
    found = happened(log, begin, end)
    cases = [case for case in range(log.cases) if log.arrived[case] >= begin and log.closed[case] <= end]
    assert len(np.unique(found.case)) == len(cases) > 0
    assert len(found.case) == sum(int((log.case == case).sum()) for case in cases)


def test_a_forecast_is_held_beside_the_month_before(log: Log) -> None:
    found = forecast(log, runs=4)
    assert found is not None
    month = 28 * 24.0
    begin = log.now - month
    true, past = happened(log, begin, log.now), happened(log, begin - month, begin)
    assert found.copy_h == pytest.approx(cycle_times(true, shifted(past, 4)))
    assert found.cases == len(np.unique(true.case))
    assert found.lucky_h <= found.model_h


def test_a_model_that_knows_a_plant_is_about_as_near_as_its_own_past(log: Log) -> None:
    trust = trust_of(log, runs=4)
    assert trust.as_is is not None
    assert trust.forecast is not None
    assert trust.as_is.model_h < 3 * trust.as_is.copy_h + 5
    assert trust.capacity_visible
    assert trust.why_not in ("", "loses")


def test_a_wrong_model_loses(log: Log) -> None:
    def slow(of: Log) -> Calibration:
        made = calibrate(of)
        return replace(made, work=made.work * 3.0)

    found = as_is(log, slow, runs=4)
    assert found is not None
    assert found.loses
    assert Trust(found, found, True).why_not == "loses"


def test_reasons() -> None:
    good, bad = Compared(1.0, 0.8, 1.2, 100), Compared(3.0, 2.0, 1.2, 100)
    assert Trust(good, None, True).why_not == ""
    assert Trust(bad, good, True).why_not == ""
    assert Trust(good, bad, True).why_not == "", "the plant was changed"
    assert Trust(bad, bad, True).why_not == Trust(bad, None, True).why_not == "loses"
    assert Trust(None, None, True).why_not == "untested"
    assert Trust(good, good, False).why_not == "capacity"


def test_a_simulated_period_shows_what_a_log_would(log: Log) -> None:
    calibration = calibrate(log)
    begin, end = log.now - 28 * 24, log.now
    made = simulated(calibration, 0, begin, end)
    first, last = made.spans
    assert (first >= begin).all()
    assert (last <= end).all()
    assert len(first) == pytest.approx(calibration.donors.rate * 4, rel=0.4)


def test_what_is_said_of_it() -> None:
    english, german = Language("en"), Language("de")
    seen = Trust(Compared(3.0, 2.5, 4.0, 100), Compared(36.0, 30.0, 30.0, 80), False)
    assert sentences(seen, english) == (
        "This model reproduces last month to ± 3 h; copying the past would give ± 4 h.",
        "A month earlier it would have foreseen that month to ± 1.5 d; copying the month before would give ± 1.2 d.",
    )
    said = doubt_in(seen, english)
    assert said == "No effect of capacity can be seen in this log: nowhere does work wait for people."
    loses = Trust(Compared(8.0, 7.0, 4.0, 100), Compared(9.0, 8.0, 5.0, 80), True)
    assert doubt_in(loses, english).startswith("Not to be relied on: a copy of the past")
    assert doubt_in(loses, german).startswith("Nicht verlässlich: Eine Kopie")
    assert doubt_in(Trust(Compared(3.0, 2.5, 4.0, 100), Compared(3.0, 2.5, 4.0, 80), True), english) == ""
    assert sentences(Trust(None, None, True), german) == ()
    assert doubt_in(Trust(None, None, True), german).startswith("Zu wenige Fälle")
