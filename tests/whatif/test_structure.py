"""What released what, against plain loops over the steps of each case."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factoryview.whatif.log import Log, log_of_steps
from factoryview.whatif.structure import LEAST, SHARE, SLACK_H, structure_of

KINDS = "ABCD"


@st.composite
def logs(draw: st.DrawFn) -> Log:
    """Up to thirty cases with steps that overlap, follow at once or leave gaps."""
    rows = []
    for case in range(draw(st.integers(1, 30))):
        for _ in range(draw(st.integers(1, 5))):
            start = draw(st.integers(0, 12))
            rows.append((case, draw(st.integers(0, 3)), start, start + draw(st.integers(0, 4))))
    case, stage, start, end = zip(*rows, strict=True)
    return log_of_steps(KINDS, case, stage, start, end)


@settings(max_examples=60, deadline=None)
@given(logs())
def test_structure_is_that_of_loops(log: Log) -> None:
    rows = list(zip(log.case.tolist(), log.stage.tolist(), log.start.tolist(), log.end.tolist(), strict=True))
    cases = {case: [i for i, row in enumerate(rows) if row[0] == case] for case in range(log.cases)}
    together = set()
    for a in range(4):
        for b in range(a, 4):
            have = overlap = 0
            for steps in cases.values():
                pairs = [(i, j) for i in steps for j in steps if i < j and sorted((rows[i][1], rows[j][1])) == [a, b]]
                have += bool(pairs)
                overlap += any(min(rows[i][3], rows[j][3]) - max(rows[i][2], rows[j][2]) > SLACK_H for i, j in pairs)
            if overlap >= max(LEAST, SHARE * have):
                together |= {(a, b), (b, a)}
    found = structure_of(log)
    assert {(int(a), int(b)) for a, b in zip(*np.nonzero(found.concurrent), strict=True)} == together
    for steps in cases.values():
        came = min(rows[i][2] for i in steps)
        for i in steps:
            before = [j for j in steps if j < i and rows[j][3] <= rows[i][2] + SLACK_H]
            before = [j for j in before if (rows[j][1], rows[i][1]) not in together]
            if found.parent[i] >= 0:
                assert found.parent[i] in before
            released = max((rows[j][3] for j in before), default=came)
            assert found.enabled[i] == released
            assert found.gap[i] == max(rows[i][2] - released, 0)


def test_what_overlaps_often_is_no_parent() -> None:
    """B and C begin together after A: C is released by A, although B often ends before C begins."""
    rows = []
    for case in range(20):
        rows += [(case, 0, 0.0, 1.0), (case, 1, 1.0, 2.0), (case, 2, 1.5 if case < 6 else 2.5, 4.0)]
    case, stage, start, end = zip(*rows, strict=True)
    log = log_of_steps("ABC", case, stage, start, end)
    found = structure_of(log)
    assert (log.stage[found.parent[log.stage == 2]] == 0).all()
    assert found.gap[log.stage == 2].max() == 1.5


def test_a_branch_that_always_ends_later_is_seen_by_its_gaps() -> None:
    """B and C are released by A; C begins 5 h to 8 h later, and B never takes so long: nothing overlaps."""
    rng = np.random.default_rng(1)
    rows = []
    for case in range(200):
        rows += [(case, 0, 0.0, 1.0), (case, 1, 1.0, 1 + 5 * rng.random()), (case, 2, 6 + 3 * rng.random(), 9.5)]
    case, stage, start, end = zip(*rows, strict=True)
    log = log_of_steps("ABC", case, stage, start, end)
    found = structure_of(log)
    assert (log.stage[found.parent[log.stage == 2]] == 0).all()
    assert found.gap[log.stage == 2].mean() == pytest.approx(6.5, abs=0.2)


def test_a_step_after_a_step_is_no_branch() -> None:
    rng = np.random.default_rng(2)
    rows = []
    for case in range(200):
        ends = 1 + 5 * rng.random()
        rows += [(case, 0, 0.0, 1.0), (case, 1, 1.0, ends), (case, 2, ends + 3 * rng.random(), 12.0)]
    case, stage, start, end = zip(*rows, strict=True)
    log = log_of_steps("ABC", case, stage, start, end)
    assert (log.stage[structure_of(log).parent[log.stage == 2]] == 1).all()
