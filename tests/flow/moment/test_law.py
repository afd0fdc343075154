"""The law of the picture: what is drawn at a moment is what an independent count of the log says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import duckdb
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factoryview.flow.moment.ride import SPACING
from factoryview.flow.moment.standing import Lanes, Standing, Way
from factoryview.sources.events import Meaning
from factoryview.store.database import Store
from factoryview.store.windows import Numbering, Totals, Windows
from tests.kit.event_logs import CHANNELS, SECOND, STAGES, Event, event_log, logs

MEANINGS: tuple[Meaning, ...] = ("entry", "completion", "interval")


@dataclass
class Count:
    """What a moment should show, counted from the raw events and nothing else."""

    present: dict[int, Event] = field(default_factory=dict)
    arrived: dict[int, int] = field(default_factory=dict)
    came: dict[int, str | None] = field(default_factory=dict)
    working: set[int] = field(default_factory=set)
    at_exit: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    outcomes: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    in_progress: float = 0.0

    def wip(self, stage: str) -> float:
        return sum(event.weight for event in self.present.values() if event.stage == stage)

    def crates(self, stage: str) -> int:
        return sum(event.stage == stage for event in self.present.values())

    def in_machine(self, stage: str) -> float:
        return sum(self.present[row].weight for row in self.working if self.present[row].stage == stage)


def count(meaning: Meaning, events: list[Event], ends: Iterable[str], at: int) -> Count:
    """Case by case, by the definitions of the time meanings."""
    cases = defaultdict(list)
    for event in events:
        cases[event.case].append(event)
    result = Count()
    for history in cases.values():
        if meaning == "interval":
            _count_interval(result, history, set(ends), at)
        else:
            dated = sorted((e for e in history if e.time is not None), key=lambda e: (e.time, e.row))
            (_count_entry if meaning == "entry" else _count_completion)(result, dated, set(ends), at)
    return result


def _channel(dated: list[Event]) -> str | None:
    return next((event.channel for event in dated if event.channel is not None), None)


def _count_entry(result: Count, dated: list[Event], ends: set[str], at: int) -> None:
    past = [event for event in dated if event.time <= at]
    if not past:
        return
    now = past[-1]
    if now.stage in ends:
        result.outcomes[now.stage] += now.weight
    else:
        result.in_progress += now.weight
        result.present[now.row] = now
        result.arrived[now.row] = now.time
        result.came[now.row] = past[-2].stage if past[1:] else _channel(dated)


def _count_completion(result: Count, dated: list[Event], ends: set[str], at: int) -> None:
    past = [event for event in dated if event.time <= at]
    if not past:
        return
    coming = dated[len(past) :]
    if coming:
        result.present[coming[0].row] = coming[0]
        result.arrived[coming[0].row] = past[-1].time
        result.came[coming[0].row] = past[-1].stage
        result.in_progress += past[-1].weight
    elif past[-1].stage in ends:
        result.outcomes[past[-1].stage] += past[-1].weight
    else:
        result.at_exit[past[-1].stage] += past[-1].weight
        result.in_progress += past[-1].weight


def _count_interval(result: Count, history: list[Event], ends: set[str], at: int) -> None:
    def begun(event: Event) -> int:
        return event.start if event.start is not None else event.time

    def end(event: Event) -> float:
        return event.time if event.time is not None else float("inf")

    known = [event for event in history if event.start is not None or event.time is not None]
    work = sorted(known, key=lambda e: (begun(e), end(e), e.row))
    for i, event in enumerate(work):
        free = i > 0 and max(map(end, work[:i])) <= at
        if (begun(event) <= at or free) and at < end(event):
            result.present[event.row] = event
            result.arrived[event.row] = min([begun(event), *([max(map(end, work[:i]))] if i else [])])
            result.came[event.row] = work[i - 1].stage if i else _channel(work)
            if event.start is not None and event.start <= at:
                result.working.add(event.row)
    if not work or begun(work[0]) > at:
        return
    last = max(work, key=lambda e: (end(e), begun(e), e.row))
    if end(last) <= at and last.stage in ends:
        result.outcomes[last.stage] += last.weight
        return
    result.in_progress += last.weight
    if end(last) <= at:
        result.at_exit[last.stage] += last.weight


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": 1})


def frozen(standing: Standing) -> object:
    """Every number of a standing, to the byte."""
    belts = [(b.id.tobytes(), b.position.tobytes(), b.hue.tobytes(), b.standing) for b in standing.belts]
    return standing.at, standing.stages, belts, [pile.tobytes() for pile in standing.piles]


@dataclass(frozen=True)
class Plan:
    """A floor made up: some ways drawn, some not."""

    belts: tuple[tuple[str | None, str], ...]
    lengths: tuple[float, ...]
    servers: dict[str, int]
    pace: float
    ends: tuple[str, ...]
    moments: tuple[int, ...]
    margins: tuple[int, int]
    joint: float
    """Tiles that belts into the same stage share before it; 0: none merge."""

    def ways(self, drawn: list[tuple[tuple[str | None, str], float]], stages: tuple[str, ...]) -> list[Way]:
        return [
            Way(
                stages.index(into),
                length,
                tuple(
                    (k, min(self.joint, length, other))
                    for k, ((_, also), other) in enumerate(drawn)
                    if k != i and also == into and self.joint
                ),
            )
            for i, ((_, into), length) in enumerate(drawn)
        ]


ways = st.tuples(st.sampled_from([*STAGES, *CHANNELS]), st.sampled_from(STAGES))


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    belts = tuple(draw(st.lists(ways, unique=True, max_size=10)))
    return Plan(
        belts,
        tuple(draw(st.lists(st.sampled_from([0.0, 19.2, 48.0, 177.6]), min_size=len(belts), max_size=len(belts)))),
        {name: draw(st.integers(0, 2)) for name in STAGES},
        draw(st.sampled_from([1.0, 0.3 * SECOND, 5.0 * SECOND, 1e9])),
        tuple(draw(st.lists(st.sampled_from(["Won", "Lost", "Offer"]), unique=True))),
        tuple(draw(st.lists(st.integers(-4 * 4, 40 * 4).map(lambda n: n * SECOND // 4), min_size=1, max_size=5))),
        draw(st.tuples(st.integers(0, 9 * SECOND), st.integers(1, 9 * SECOND))),
        draw(st.sampled_from([0.0, 0.0, 48.0, 96.0])),
    )


@pytest.mark.parametrize("meaning", MEANINGS)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_stands_there_is_what_the_log_says(
    connection: duckdb.DuckDBPyConnection, meaning: Meaning, data: st.DataObject
) -> None:
    events = data.draw(logs(meaning))
    plan = data.draw(plans())
    store = Store.build(event_log(connection, meaning, events), ends=plan.ends)
    stages = tuple(store.stages())
    drawn = [(belt, length) for belt, length in zip(plan.belts, plan.lengths, strict=True) if belt[1] in stages]
    ways = plan.ways(drawn, stages)
    servers = [plan.servers[name] for name in stages]
    windows = Windows(store, Numbering(stages, tuple(belt for belt, _ in drawn), ("web", "Check")))
    totals = Totals.of(store, stages)
    stays = windows.fetch(-60 * SECOND, 90 * SECOND)
    whole = Lanes(stays, ways, len(stages))
    for at in plan.moments:
        told = count(meaning, events, plan.ends, at)
        standing = whole.stand(at, plan.pace, servers)
        for i, name in enumerate(stages):
            here = standing.stages[i]
            assert here.wip == pytest.approx(told.wip(name))
            assert here.on_belt + here.in_pile + here.in_machine == pytest.approx(here.wip)
            assert min(here.on_belt, here.in_pile, here.in_machine) >= 0
            assert here.crates == told.crates(name)
            riding = [r for ((_, into), _), b in zip(drawn, standing.belts, strict=True) if into == name for r in b.id]
            assert here.on_belt == pytest.approx(sum(told.present[row].weight for row in riding))
            guests = sorted(e.weight for row, e in told.present.items() if e.stage == name and row not in told.working)
            room = sum(guests[::-1][: servers[i]])
            assert told.in_machine(name) - 1e-9 <= here.in_machine <= told.in_machine(name) + room + 1e-9
            inside = here.crates - len(riding) - len(standing.piles[i])
            assert len([row for row in told.working if told.present[row].stage == name]) <= inside
            assert inside <= len([r for r in told.working if told.present[r].stage == name]) + servers[i]
            assert (len(standing.piles[i]) > 0) == (here.in_pile > 0)
            assert totals.at_exit(name, at) == pytest.approx(told.at_exit[name])
        if meaning == "interval" and not any(event.start is None and event.time is not None for event in events):
            assert [here.in_machine for here in standing.stages] == pytest.approx([told.in_machine(n) for n in stages])
        assert totals.outcomes(at) == pytest.approx({name: told.outcomes[name] for name in totals.outcomes(at)})
        assert set(told.outcomes) <= set(totals.outcomes(at))
        assert totals.in_progress(at) == pytest.approx(told.in_progress)
        check_belts(standing, told, drawn, ways)
        around = windows.fetch(at - plan.margins[0], at + plan.margins[1])
        assert frozen(Lanes(around, ways, len(stages)).stand(at, plan.pace, servers)) == frozen(standing)
    playing = sorted(at + step for at in plan.moments for step in (0, 1, SECOND // 7, SECOND // 3))
    for at in playing:
        fresh = Lanes(stays, ways, len(stages))
        assert frozen(fresh.stand(at, plan.pace, servers)) == frozen(whole.stand(at, plan.pace, servers))


def check_belts(
    standing: Standing, told: Count, drawn: list[tuple[tuple[str | None, str], float]], ways: list[Way]
) -> None:
    """Nobody twice, nobody who is not there, nobody overlapping, everybody in order of arrival."""
    everybody = [row for belt in standing.belts for row in belt.id.tolist()]
    assert len(everybody) == len(set(everybody))
    for ((via, stage), length), belt in zip(drawn, standing.belts, strict=True):
        rows = belt.id.tolist()
        assert all(told.came[row] == via for row in rows)
        assert all(told.present[row].stage == stage and row not in told.working for row in rows)
        arrivals = [(told.arrived[row], row) for row in rows]
        assert arrivals == sorted(arrivals)
        assert np.all((belt.position >= 0) & (belt.position <= length + 1e-9))
        assert np.all(-np.diff(belt.position) >= SPACING - 1e-6)
    for i, (way, belt) in enumerate(zip(ways, standing.belts, strict=True)):
        if not way.shared:
            front = way.length - SPACING * np.arange(belt.standing)
            assert belt.position[: belt.standing] == pytest.approx(front, abs=1e-6)
        for k, length in way.shared:
            mine, theirs = way.length - belt.position, ways[k].length - standing.belts[k].position
            apart = np.abs(mine[mine < length][:, None] - theirs[theirs < length][None, :])
            assert i == k or np.all(apart >= SPACING - 1e-6)


def test_a_full_belt_leaves_the_rest_to_the_pile(connection: duckdb.DuckDBPyConnection) -> None:
    events = [Event(i, f"case {i}", "Check", i * SECOND) for i in range(20)]
    store = Store.build(event_log(connection, "entry", events))
    windows = Windows(store, Numbering(("Check",), ((None, "Check"),), ()))
    floor = Lanes(windows.fetch(0, 100 * SECOND), [Way(0, 144.0)], 1)
    here = floor.stand(90 * SECOND, SECOND, [2]).stages[0]
    assert (here.wip, here.in_machine, here.on_belt, here.in_pile) == (20, 2, 7, 11)


def test_a_ride_takes_display_time_but_never_longer_than_the_wait(connection: duckdb.DuckDBPyConnection) -> None:
    events = [
        Event(0, "a", "Ask", 0), Event(1, "a", "Check", 0), Event(2, "a", "Won", 100 * SECOND),
        Event(3, "b", "Ask", 200 * SECOND), Event(4, "b", "Check", 200 * SECOND), Event(5, "b", "Won", 201 * SECOND),
    ]  # fmt: skip
    store = Store.build(event_log(connection, "entry", events), ends=("Won",))
    windows = Windows(store, Numbering(("Ask", "Check"), (("Ask", "Check"),), ()))
    floor = Lanes(windows.fetch(0, 300 * SECOND), [Way(1, 240.0)], 2)

    def position(at: float) -> list[float]:
        return floor.stand(int(at * SECOND), 5 * SECOND, [0, 0]).belts[0].position.tolist()

    assert position(5) == pytest.approx([120.0])  # 240 u at 120 u a second of display are 2 × 5 s of data
    assert position(10) == position(99) == pytest.approx([240.0])
    assert position(200.35) == pytest.approx([120.0])  # seven tenths of its second are riding
    assert position(200.7) == pytest.approx([240.0])
    assert position(201) == []


def test_nobody_overtakes_and_who_is_inside_stays_inside(connection: duckdb.DuckDBPyConnection) -> None:
    events = [
        Event(0, "slow", "Check", 0), Event(1, "quick", "Check", 1 * SECOND), Event(2, "quick", "Won", 6 * SECOND),
    ]  # fmt: skip
    store = Store.build(event_log(connection, "entry", events), ends=("Won",))
    windows = Windows(store, Numbering(("Check",), ((None, "Check"),), ()))
    floor = Lanes(windows.fetch(0, 50 * SECOND), [Way(0, 120.0)], 1)
    assert floor.stand(3 * SECOND, 5 * SECOND, [1]).belts[0].position == pytest.approx([72.0, 48.0])
    waiting = [floor.stand(at * SECOND, 5 * SECOND, [1]).belts[0].id.tolist() for at in (3, 5, 6)]
    assert waiting == [[0, 1], [0], []]


def test_a_moment_outside_the_window_is_refused(connection: duckdb.DuckDBPyConnection) -> None:
    store = Store.build(event_log(connection, "entry", [Event(0, "a", "Ask", 0)]))
    floor = Lanes(Windows(store, Numbering(("Ask",), (), ())).fetch(0, 10), [], 1)
    with pytest.raises(ValueError, match="outside the window"):
        floor.stand(10, 1.0, [1])
