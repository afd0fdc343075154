"""Where cases go from each stage, against counts in plain Python and many walks."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from factoryview.flow.verdict.evidence import Evidence
from factoryview.flow.verdict.visits import Visits
from factoryview.flow.verdict.ways import counted, ways_of
from factoryview.plant.models import Plant

STAGES, WAYS = ("Ask", "Bid", "Make"), ("Ask", "Bid", "Make", "Won", "Lost")
GOOD = np.array([False, False, False, True, False])
CHANCES = {"Ask": {"Bid": 0.7, "Lost": 0.3}, "Bid": {"Ask": 0.2, "Make": 0.5, "Lost": 0.3}, "Make": {"Won": 1.0}}


def evidence(moves: list[tuple[str, str | None]]) -> Evidence:
    """One visit for each move; None: still there."""
    parts = []
    for stage in STAGES:
        to = [target for origin, target in moves if origin == stage]
        left = np.array([np.inf if target is None else 1.0 + k for k, target in enumerate(to)])
        way = np.array([-1 if target is None else WAYS.index(target) for target in to], dtype=np.int64)
        parts.append(Visits(np.zeros(len(to)), np.full(len(to), np.nan), left, way, np.zeros(len(to), bool)))
    return Evidence(Plant(name="x"), "entry", STAGES, WAYS, tuple(parts), GOOD, 0.0, 100.0, 1.0)


def walk(random: Random) -> list[tuple[str, str]]:
    at, moves = "Ask", []
    while at in CHANCES:
        to = random.choices(list(CHANCES[at]), list(CHANCES[at].values()))[0]
        moves.append((at, to))
        at = to
    return moves


def test_moves_are_counted_and_open_stays_are_none() -> None:
    counts, total = counted(evidence([("Ask", "Bid"), ("Ask", "Bid"), ("Ask", "Lost"), ("Bid", None), ("Make", "Won")]))
    assert counts.tolist() == [[0, 2, 0, 0, 1], [0, 0, 0, 0, 0], [0, 0, 0, 1, 0]]
    assert total.tolist() == [3.0, 0.0, 1.0]


def test_visits_and_completions_ahead_are_those_of_many_walks() -> None:
    random = Random(3)
    walks = [walk(random) for _ in range(20_000)]
    made = evidence([move for moves in walks for move in moves])
    counts, total = counted(made)
    ways = ways_of(made, counts, np.zeros(3), total)
    for stage in STAGES[:2]:
        row = ways.share[STAGES.index(stage)]
        assert dict(zip(WAYS, row, strict=True)) == pytest.approx(
            {**dict.fromkeys(WAYS, 0.0), **CHANCES[stage]}, abs=0.02
        )
    visits = [sum(origin == stage for moves in walks for origin, _ in moves) / len(walks) for stage in STAGES]
    assert ways.visits[0].tolist() == pytest.approx(visits, rel=0.01)
    assert ways.finished[0] == pytest.approx(sum(moves[-1][1] == "Won" for moves in walks) / len(walks), rel=0.01)
    assert ways.finished[2] == pytest.approx(1.0)


def test_who_is_never_seen_again_is_a_share_of_all_who_left() -> None:
    made = evidence([("Ask", "Bid"), ("Ask", "Bid")])
    counts, _ = counted(made)
    ways = ways_of(made, counts, np.array([2.0, 0.0, 0.0]), np.array([4.0, 0.0, 0.0]))
    assert ways.gone.tolist() == [0.5, 0.0, 0.0]
    assert ways.share[0].tolist() == [0.0, 0.5, 0.0, 0.0, 0.0]
