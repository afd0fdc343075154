"""The stays of a stage along time, against plain loops over its events."""

from __future__ import annotations

from functools import cache
from random import Random

import numpy as np
import pytest

from factoryview.view.series import StageLog, counted, percentile
from tests.kit.plain import Visit, visits
from tests.kit.small_plants import jammed, kept, reworked, simulate

SMALL = {"jammed": jammed(), "reworked": reworked()}
CASES = [(name, stage) for name in SMALL for stage in ("Qualify", "Offer", "Approval", "Delivery")]


@cache
def plain(name: str) -> list[Visit]:
    return visits(simulate(SMALL[name].line), SMALL[name].ends)


@cache
def logged(name: str, stage: str) -> StageLog:
    model = kept(name).model
    return StageLog.fetch(model.factory.store, model.topology, stage)


def moments(name: str, stage: str, count: int = 12) -> list[int]:
    model, random = kept(name).model, Random(f"{name} {stage}")
    return [random.randint(model.first, model.last) for _ in range(count)]


@pytest.mark.parametrize(("name", "stage"), CASES)
def test_who_is_there_and_who_has_been_there_longest(name: str, stage: str) -> None:
    log, seen = logged(name, stage), 0
    for at in moments(name, stage):
        here = [visit.entered for visit in plain(name) if visit.stage == stage and visit.present(at)]
        assert sorted(log.entered[log.there(at)].tolist()) == sorted(here)
        assert log.wip(np.array([at])).tolist() == [len(here)]
        seen += len(here)
    assert seen


@pytest.mark.parametrize(("name", "stage"), CASES)
def test_how_long_those_stayed_that_left(name: str, stage: str) -> None:
    log, seen = logged(name, stage), 0
    ends = moments(name, stage)
    for since, until in zip(sorted(ends)[::2], sorted(ends)[1::2], strict=True):
        gone = [v.left - v.entered for v in plain(name) if v.stage == stage and v.left and since <= v.left < until]
        spans, weights = log.departed(since, until)
        assert sorted(spans.tolist()) == sorted(gone)
        assert weights.sum() == len(gone)
        arrived = sum(since <= v.entered < until for v in plain(name) if v.stage == stage)
        assert counted(log.come, np.array([since, until])).tolist() == [arrived]
        seen += len(gone)
    assert seen


@pytest.mark.parametrize(("name", "stage"), CASES)
def test_what_was_handed_on_and_what_came_back(name: str, stage: str) -> None:
    """By loops over each case: it came from the stage to another, and went where it had been before that one."""
    log, model = logged(name, stage), kept(name).model
    paths: dict[str, list[Visit]] = {}
    for visit in sorted(plain(name), key=lambda each: each.entered):
        paths.setdefault(visit.case, []).append(visit)
    handed, back = [], []
    for path in paths.values():
        for k, visit in enumerate(path):
            if visit.came_from == stage and visit.stage != stage and visit.left:
                first = next(n for n, each in enumerate(path) if each.stage == visit.stage)
                handed.append(visit.left)
                if visit.to in {each.stage for each in path[:first]}:
                    back.append(visit.left)
            assert k < len(path)
    for at in [*moments(name, stage), model.last]:
        assert log.handed.by(at) == sum(left <= at for left in handed)
        assert log.returned.by(at) == sum(left <= at for left in back)
    assert handed or stage == "Delivery"


@pytest.mark.parametrize("stage", ["Inquiry", "Qualify", "Approval"])
def test_what_was_lost(stage: str) -> None:
    log, seen = logged("jammed", stage), 0
    for since in moments("jammed", stage):
        until = since + 6 * 86_400_000_000
        lost = [v for v in plain("jammed") if v.stage == stage and v.to == "Lost" and since <= (v.left or 0) < until]
        found = log.lost_in(since, until)
        assert sum(cases for cases, _ in found.values()) == len(lost)
        assert all(money is None for _, money in found.values()), "this log knows no values"
        assert set(found) <= {"Lost"}, "without reasons the outcome stands for them"
        seen += len(lost)
    assert seen


def test_percentiles_are_of_weights() -> None:
    spans, weights = np.array([5.0, 1.0, 3.0]), np.array([1.0, 1.0, 8.0])
    assert percentile(spans, weights, 0.5) == 3
    assert percentile(spans, weights, 0.1) == 1
    assert percentile(spans, weights, 0.95) == 5
    assert percentile(spans[:0], weights[:0], 0.5) is None
