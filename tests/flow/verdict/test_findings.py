"""What limits a plant in a log so long that it is concluded from the last of those who came."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pytest

from factoryview.flow.verdict import findings as module
from factoryview.flow.verdict.findings import Findings, findings_of
from factoryview.store.database import Store
from factoryview.time import HOUR
from tests.kit.event_logs import Event, event_log
from tests.kit.small_plants import jammed, simulate

SMALL = jammed()
EVENTS = simulate(SMALL.line)
MOST = 150


def found_in(events: list[Event]) -> Findings:
    log = event_log(duckdb.connect(config={"threads": 1}), "entry", events)
    return findings_of(Store.build(log, ends=SMALL.ends), SMALL.plant)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_VISITS", MOST)


def entered(findings: Findings) -> np.ndarray[Any, np.dtype[np.int64]]:
    rows = findings.store.engine.rows("select epoch_us(entered) from stays where entered is not null", {})
    return np.sort(np.array([at for (at,) in rows]))


@pytest.mark.usefixtures("few")
def test_it_is_concluded_from_at_least_so_many_and_not_twice_as_many() -> None:
    findings = found_in(EVENTS)
    came, seen = entered(findings), 0
    assert len(came) > 6 * MOST
    for at in findings.jams.levels.moments[5::3].tolist():
        basis = findings.basis(at)
        by_then = int((came <= at).sum())
        since = basis.evidence.begin
        looked_at = int(((came >= since * HOUR) & (came <= at)).sum())
        if by_then >= 2 * MOST + 60:
            assert MOST - 20 <= looked_at < 2 * MOST + 60, "to the hour"
            seen += 1
        elif by_then < 2 * MOST - 60:
            assert looked_at == by_then
    assert seen > 3


@pytest.mark.usefixtures("few")
def test_nothing_of_later_is_known() -> None:
    whole, late = found_in(EVENTS), 0
    times = [event.time for event in EVENTS if event.time is not None]
    for share in (0.05, 0.5, 0.6, 0.9):
        at = sorted(times)[round(share * len(times))]
        ended = found_in([event for event in EVENTS if event.time is not None and event.time <= at])
        (_, mine), (_, theirs) = (each.over(at / HOUR - 72, at / HOUR) for each in (whole, ended))
        for one, other in zip(mine.evidence.visits, theirs.evidence.visits, strict=True):
            for name in ("entered", "left", "started", "next", "first"):
                assert np.array_equal(getattr(one, name), getattr(other, name), equal_nan=name == "started"), name
        assert (mine.evidence.begin, mine.evidence.stages) == (theirs.evidence.begin, theirs.evidence.stages)
        late += mine.evidence.begin * HOUR > min(times)
    assert late == 3


def test_a_jam_is_found_in_the_last_of_a_long_log_as_in_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = found_in(EVENTS)
    monkeypatch.setattr(module, "MOST_VISITS", 4 * MOST)
    late = found_in(EVENTS)
    same = [
        (one.bottleneck.stage, other.bottleneck.stage)
        for at in whole.jams.levels.moments[12::3].tolist()
        if (one := whole.at(at)) is not None and (other := late.at(at)) is not None
    ]
    assert len(same) > 5
    assert np.mean([one == other for one, other in same]) > 0.8
