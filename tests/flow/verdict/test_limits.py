"""What limits a log before it is judged: the same as is concluded of it afterwards, and from nothing later."""

from __future__ import annotations

import numpy as np

from factoryview.flow.verdict.findings import findings_of
from factoryview.flow.verdict.limits import Limits, concluded
from factoryview.plant.models import Plant
from factoryview.time import HOUR
from tests.kit.plants.generate import generate
from tests.kit.plants.logs import store_of, tables
from tests.kit.plants.simulate import simulate

PLANT = Plant(name="x")


def test_a_finding_is_that_of_the_last_working_day_at_whose_end_something_is_concluded() -> None:
    ends = np.arange(1, 13, dtype=np.int64) * 24 * HOUR
    assert concluded(ends, 4 * 24 * HOUR) is None
    assert concluded(ends, 5 * 24 * HOUR - 1) is None
    assert concluded(ends, 5 * 24 * HOUR) == 5 * 24
    assert concluded(ends, 7 * 24 * HOUR + 3) == 7 * 24
    assert concluded(ends, 99 * 24 * HOUR) == 12 * 24


def test_what_is_found_out_before_is_what_is_concluded_after() -> None:
    spec = generate(21)
    store = store_of(*tables(spec, simulate(spec), "entry"), "entry")
    findings, seen = findings_of(store, PLANT), set()
    first, last = store.span()
    for moment in np.linspace(first, last, 7).astype(int).tolist():
        hour = concluded(findings.jams.levels.workdays.ends, moment)
        found = findings.at(moment)
        assert (hour is None) == (found is None)
        if hour is None or found is None:
            continue
        alone = Limits(store, PLANT).bottleneck(hour)
        assert alone.until <= moment / HOUR
        assert alone.gains == found.bottleneck.gains
        if found.bottleneck.reason != "idle":
            assert alone == found.bottleneck
        seen.add(alone.until)
    assert len(seen) > 4
