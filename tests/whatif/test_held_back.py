"""Limits and batches against a plain reference that shares nothing with the simulator, and by hand."""

from __future__ import annotations

import numpy as np
import pytest

from factoryview.whatif.calendar import Calendar
from factoryview.whatif.kernel import NEVER, Held, Pool, Steps, simulate

ALWAYS = Calendar.always()
FEEDERS = 2


class Case:
    """One that is worked on by a feeder and then by the last desk."""

    def __init__(self, feeder: int, came: float, work: tuple[float, float], patience: float) -> None:
        self.feeder, self.came, self.work, self.patience = feeder, came, work, patience
        self.turn: int | None = None
        self.start = [NEVER, NEVER]
        self.end = [NEVER, NEVER]


def reference(cases: list[Case], servers: list[int], most: int, batch: int) -> None:
    """What comes to feeder 0 gathers in batches; at most `most` are between the begin at a feeder and that at the last
    desk. At each moment everybody who might begin tries to, until nobody can any more.
    """
    agenda = sorted({case.came for case in cases} | {case.came + case.patience for case in cases})
    gathered: list[Case] = []
    waiting: list[list[Case]] = [[] for _ in range(FEEDERS)]
    behind: list[Case] = []
    turns = 0
    while agenda:
        now = agenda.pop(0)
        agenda = [each for each in agenda if each > now]
        for case in cases:
            if case.came == now and case.feeder == 0:
                gathered.append(case)
                if len(gathered) == batch:
                    waiting[0] += gathered
                    gathered = []
            elif case.came == now:
                waiting[case.feeder].append(case)
            if case.end[0] == now:
                behind.append(case)
        for line in (gathered, *waiting):
            for case in [each for each in line if each.came + each.patience <= now]:
                line.remove(case)
                case.end[0] = now
        while True:
            busy = [sum(case.start[0] <= now < case.end[0] and case.feeder == k for case in cases) for k in (0, 1)]
            last = sum(case.start[1] <= now < case.end[1] for case in cases)
            there = sum(case.start[0] <= now and case.start[1] > now for case in cases)
            able = [k for k in range(FEEDERS) if waiting[k] and busy[k] < servers[k]]
            trying = [case for k in able for case in waiting[k]]
            for case in sorted(trying, key=lambda each: each.came):
                if there >= most and case.turn is None:
                    case.turn, turns = turns, turns + 1
            if behind and last < servers[2]:
                case = behind.pop(0)
                case.start[1], case.end[1] = now, now + case.work[1]
                agenda = sorted({*agenda, case.end[1]})
                continue
            if not trying or there >= most:
                break
            case = min(trying, key=lambda each: (each.turn is None, each.turn, each.came))
            waiting[case.feeder].remove(case)
            case.start[0], case.end[0] = now, now + case.work[0]
            agenda = sorted({*agenda, case.end[0]})


def steps_of(cases: list[Case]) -> Steps:
    n = len(cases)
    first = np.arange(n)
    return Steps(
        case=np.tile(first, 2),
        pool=np.concatenate([[case.feeder for case in cases], np.full(n, FEEDERS)]),
        parent=np.concatenate([np.full(n, -1), first]),
        release=np.tile([case.came for case in cases], 2),
        delay=np.zeros(2 * n),
        work=np.array([case.work[k] for k in (0, 1) for case in cases]),
        queued=np.ones(2 * n, dtype=bool),
        priority=np.zeros(2 * n),
        patience=np.concatenate([[case.patience for case in cases], np.full(n, NEVER)]),
        gather=np.concatenate([[0 if case.feeder == 0 else -1 for case in cases], np.full(n, -1)]),
        room=np.concatenate([np.full(n, -1), np.zeros(n, dtype=int)]),
        asks=np.concatenate([np.zeros(n, dtype=int), np.full(n, -1)]),
    )


@pytest.mark.parametrize("compiled", [False, True])
def test_limits_batches_and_patience_are_those_of_a_plain_reference(compiled: bool) -> None:
    if compiled:
        pytest.importorskip("numba")
    left = refused = 0
    for seed in range(30):
        random = np.random.default_rng(seed)
        servers, most, batch = random.integers(1, 4, 3).tolist(), int(random.integers(1, 4)), int(random.integers(1, 4))
        cases = [
            Case(int(random.integers(0, 2)), came, tuple(random.exponential((1.0, 1.2)).tolist()),
                 float(random.exponential(9.0)) if random.random() < 0.5 else 1e6)
            for came in np.cumsum(random.exponential(0.8, 60)).tolist()
        ]  # fmt: skip
        run = simulate(
            steps_of(cases), [Pool(each, ALWAYS) for each in servers], held=Held((batch,), (most,)), compiled=compiled
        )
        reference(cases, servers, most, batch)
        expected = [case.start[k] for k in (0, 1) for case in cases]
        assert run.start.tolist() == pytest.approx(expected, abs=1e-9), seed
        assert run.end.tolist()[:60] == pytest.approx([case.end[0] for case in cases], abs=1e-9), seed
        left += sum(case.start[0] == NEVER and case.end[0] < NEVER for case in cases)
        refused += sum(case.turn is not None for case in cases)
    assert left > 100
    assert refused > 300


@pytest.mark.parametrize("compiled", [False, True])
def test_who_waits_for_a_batch_to_be_whole_leaves_in_time(compiled: bool) -> None:
    if compiled:
        pytest.importorskip("numba")
    steps = Steps(
        case=np.arange(4), pool=np.zeros(4, dtype=int), parent=np.full(4, -1),
        release=np.array([0.0, 10.0, 12.0, 20.0]), delay=np.zeros(4), work=np.ones(4),
        queued=np.ones(4, dtype=bool), priority=np.zeros(4),
        patience=np.array([5.0, NEVER, 9.0, NEVER]), gather=np.zeros(4, dtype=int),
    )  # fmt: skip
    run = simulate(steps, [Pool(2, ALWAYS)], held=Held((3,)), compiled=compiled)
    assert run.end.tolist() == [5.0, 21.0, 21.0, 22.0]
    assert run.ready.tolist() == [0.0, 20.0, 20.0, 20.0]
    assert run.gave_up.tolist() == [True, False, False, False]


@pytest.mark.parametrize("compiled", [False, True])
def test_a_freed_place_is_taken_by_the_first_who_has_a_server(compiled: bool) -> None:
    """The first to be refused has no server any more when the place is free; the second has."""
    if compiled:
        pytest.importorskip("numba")
    # Pool 0: who was refused at 1, and one without a room that takes its server at 2. Pool 1: who was refused at 3.
    steps = Steps(
        case=np.arange(7), pool=np.array([2, 0, 0, 1, 2, 2, 2]), parent=np.array([-1, -1, -1, -1, -1, 1, 3]),
        release=np.array([0.0, 1.0, 2.0, 3.0, 0.5, 0.0, 0.0]), delay=np.zeros(7),
        work=np.array([4.0, 1.0, 9.0, 1.0, 0.5, 1.0, 1.0]), queued=np.ones(7, dtype=bool), priority=np.zeros(7),
        room=np.array([-1, -1, -1, -1, 0, 0, 0]), asks=np.array([-1, 0, -1, 0, -1, -1, -1]),
    )  # fmt: skip
    run = simulate(steps, [Pool(1, ALWAYS)] * 3, held=Held(rooms=(1,)), compiled=compiled)
    assert run.start[4] == 4.0, "then the place is free"
    assert run.start[3] == 4.0, "and is taken at once"
    assert run.start[1] == 11.0
