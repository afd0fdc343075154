"""Who has waited longer than a limit that changes: against counts in plain Python."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factoryview.flow.moment.beyond import left_late, older
from factoryview.flow.moment.crowd import LATELY, NEVER, Crowd
from factoryview.store import scroll

INF = float("inf")
DAYS = st.one_of(st.integers(0, 40), st.floats(0, 40)).map(float)
STAYS = st.lists(st.tuples(DAYS, st.one_of(st.just(INF), DAYS)).map(lambda pair: (pair[0], sum(pair))), max_size=40)
STRETCHES = st.lists(st.tuples(st.integers(1, 12), st.one_of(st.integers(1, 15), st.floats(0.5, 15))), min_size=1)


@settings(deadline=None)
@given(STAYS, st.integers(1, 30), STRETCHES, st.sampled_from([1.0, 2.0, None]), st.integers(0, 3), st.integers(1, 40))
def test_of_each_step_those_are_counted_that_are_beyond_its_limit(
    stays: list[tuple[float, float]], first: int, stretches: list[tuple[int, float]], each: float | None, lying: int,
    piece: int,
) -> None:  # fmt: skip
    stays = sorted(stays)
    weight = np.full(len(stays), each) if each else 1.0 + np.arange(len(stays)) % 3
    crowd = Crowd(np.array([a for a, _ in stays]), np.array([b for _, b in stays]), weight)
    crowd.wrecked[: lying * 2] = first + 3
    edges = first + np.concatenate([[0], np.cumsum([length for length, _ in stretches])])
    limits = np.array([float(limit) for _, limit in stretches])
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(scroll, "PIECE", piece)
        found, gone = older(crowd, edges, limits), left_late(crowd, edges, limits)
    everybody = list(zip(stays, weight.tolist(), crowd.wrecked.tolist(), strict=True))
    assert {step for _, _, step in everybody} <= {NEVER, first + 3}
    for (begin, end), limit in zip(pairwise(edges.tolist()), limits.tolist(), strict=True):
        for k in range(begin, end):
            late = sum(w for (a, b), w, wreck in everybody if a + limit < k < min(b, wreck))
            assert found[k - first] == late
            left = sum(w for (a, b), w, _ in everybody if k - LATELY < b <= k and b - a > limit)
            assert gone[k - first] == left
