"""A live plant in a small stream of events: what is recorded and drawn is what was sent."""

from __future__ import annotations

import pytest

pytest.importorskip("redis")

from tests.kit.torrent.load import ENDS, STAGES, steps
from tests.kit.torrent.watched import Load, live, naively, told_flood, told_latency


def test_cases_go_from_stage_to_stage_and_so_many_are_under_way() -> None:
    flow = steps(100, 50)
    at: dict[int, str] = {}
    for number in range(5_000):
        step = next(flow)
        assert (step.number, step.at) == (number, number / 100)
        before = at.get(step.case)
        assert before not in ENDS
        assert before != step.stage
        assert before is not None or step.stage == STAGES[0]
        at[step.case] = step.stage
    assert 30 < sum(stage not in ENDS for stage in at.values()) < 80


@pytest.mark.parametrize("source", ["webhook", pytest.param("redis", marks=pytest.mark.parts)])
def test_all_that_was_sent_is_recorded_and_drawn(source: str) -> None:
    load = Load(300, 2.0, 60, 30, past=2_000)
    seen = live(source, load)
    calm = told_latency(seen, load)
    assert calm["never_drawn"] == 0
    assert 0 < calm["p50_ms"] <= calm["p99_ms"] <= calm["most_ms"]
    flood = told_flood(seen)
    assert (flood["sent"], flood["lost"]) == (600, 0)
    assert flood["frames_per_second"]["mean"] > 0


def test_the_naive_program_sees_the_same_events() -> None:
    load = Load(300, 1.0, 60, 30, past=2_000)
    told = told_latency(naively("webhook", load), load)
    assert told["never_drawn"] == 0
    assert told["p50_ms"] > 0
