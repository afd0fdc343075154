"""Folding into milestones moves events, never cases: every case stays somewhere, exactly as long as before."""

from __future__ import annotations

from collections import defaultdict

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factoryview.sources.events import Meaning
from factoryview.store.database import Store
from factoryview.store.derivation import OTHER
from factoryview.store.windows import Totals
from tests.kit.event_logs import SECOND, STAGES, Event, event_log, logs

Path = list[tuple[str, int, int | None]]


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": 1})


def trail(connection: duckdb.DuckDBPyConnection, case: str = "a") -> Path:
    """(stage, entered, left) of the case's dated stays."""
    return connection.execute(
        'select stage, epoch_us(entered), epoch_us("left") from stays where "case" = ? and entered is not null '
        "order by entered, id",
        [case],
    ).fetchall()


def case_of(*steps: str) -> list[Event]:
    """One case; a step every ten microseconds."""
    return [Event(i, "a", stage, i * 10) for i, stage in enumerate(steps)]


@pytest.mark.parametrize(
    ("steps", "folded"),
    [
        ("x A y B z", [("A", 0, 30), ("B", 30, None)]),
        ("A A", [("A", 0, 10), ("A", 10, None)]),
        ("A x A", [("A", 0, 20), ("A", 20, None)]),
        ("x y", [(OTHER, 0, None)]),
        ("x y Won", [(OTHER, 0, 20)]),
        ("A x Won y", [("A", 0, 20)]),
        ("A Won x B", [("A", 0, 10), ("B", 30, None)]),
        ("Won x B", [("B", 20, None)]),
    ],
)
def test_entries_stay_in_the_milestone_they_entered(
    connection: duckdb.DuckDBPyConnection, steps: str, folded: Path
) -> None:
    log = event_log(connection, "entry", case_of(*steps.split()))
    Store.build(log, ends=("Won",), milestones=("A", "B"))
    assert trail(connection) == folded


@pytest.mark.parametrize(
    ("steps", "folded"),
    [
        ("x A y B z", [("A", 0, 10), ("B", 10, 40)]),
        ("A A", [("A", 0, 0), ("A", 0, 10)]),
        ("A x A", [("A", 0, 0), ("A", 0, 20)]),
        ("x y", [(OTHER, 0, 10)]),
        ("x y Won", [("Won", 0, 20)]),
    ],
)
def test_completions_belong_to_the_milestone_ahead(
    connection: duckdb.DuckDBPyConnection, steps: str, folded: Path
) -> None:
    log = event_log(connection, "completion", case_of(*steps.split()))
    Store.build(log, ends=("Won",), milestones=("A", "B"))
    assert trail(connection) == folded


def test_pieces_of_work_stay_pieces_of_work(connection: duckdb.DuckDBPyConnection) -> None:
    events = [Event(i, "a", stage, i * 10 + 5, i * 10) for i, stage in enumerate(["x", "A", "y", "B"])]
    Store.build(event_log(connection, "interval", events), milestones=("A", "B"))
    assert trail(connection) == [("A", 0, 5), ("A", 5, 15), ("A", 15, 25), ("B", 25, 35)]


def test_undated_rows_are_folded_too(connection: duckdb.DuckDBPyConnection) -> None:
    for meaning in ("entry", "completion", "interval"):
        events = [
            Event(0, "a", "A", None),
            Event(1, "a", "x", None),
            Event(2, "b", "B", 5, 5 if meaning == "interval" else None),
        ]
        store = Store.build(event_log(connection, meaning, events), milestones=("A", "B"))
        assert store.stages() == ["B", "A", OTHER]


def where(meaning: Meaning, dated: list[Event], named: set[str], ends: set[str], at: int) -> tuple[str, str] | None:
    """In which machine, at the exit or at the outcome of which the case is then."""
    past = [event for event in dated if event.time <= at]
    coming = dated[len(past) :]
    if not past:
        return None
    behind = [event.stage for event in past if event.stage in named]
    ahead = [event.stage for event in coming if event.stage in named]
    if meaning == "entry":
        machine = behind[-1] if behind else ahead[0] if ahead and ahead[0] not in ends else OTHER
        return ("outcome" if machine in ends else "machine"), machine
    if coming:
        return "machine", (ahead or behind[::-1] or [OTHER])[0]
    machine = behind[-1] if behind else OTHER
    return ("outcome" if machine in ends else "exit"), machine


@pytest.mark.parametrize("meaning", ["entry", "completion"])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_case_vanishes(connection: duckdb.DuckDBPyConnection, meaning: Meaning, data: st.DataObject) -> None:
    events = data.draw(logs(meaning))
    ends = data.draw(st.sets(st.sampled_from(["Won", "Lost"])))
    milestones = data.draw(st.sets(st.sampled_from(STAGES)))
    store = Store.build(event_log(connection, meaning, events), ends=ends, milestones=milestones)
    cases = defaultdict(list)
    for event in sorted((e for e in events if e.time is not None), key=lambda e: (e.time, e.row)):
        cases[event.case].append(event)
    totals = Totals.of(store, store.stages())
    for at in data.draw(st.lists(st.integers(-4, 26).map(lambda n: n * SECOND), min_size=1, max_size=6)):
        expected: dict[tuple[str, str], float] = defaultdict(float)
        for dated in cases.values():
            if place := where(meaning, dated, milestones | ends, ends, at):
                expected[place] += dated[0].weight
        found = {("outcome", name): many for name, many in totals.outcomes(at).items() if many > 1e-9}
        found |= {("exit", n): totals.at_exit(n, at) for n in store.stages() if totals.at_exit(n, at) > 1e-9}
        present = connection.execute(
            "select stage, sum(weight) from stays where entered <= make_timestamp($at) "
            'and ("left" > make_timestamp($at) or "left" is null) group by stage',
            {"at": at},
        ).fetchall()
        found |= {("machine", name): many for name, many in present}
        assert found == pytest.approx(dict(expected))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_presence_is_conserved(connection: duckdb.DuckDBPyConnection, data: st.DataObject) -> None:
    meaning = data.draw(st.sampled_from(["completion", "interval"]))
    events = data.draw(logs(meaning))
    milestones = data.draw(st.sets(st.sampled_from(STAGES)))
    total = 'select "case", sum(epoch_us("left") - epoch_us(entered)), count(*) from stays where entered is not null'
    if meaning == "completion":
        total = total.replace("count(*)", "1")
    found = []
    for folded in (None, milestones):
        Store.build(event_log(connection, meaning, events), ends=(), milestones=folded)
        found.append(connection.execute(f"{total} group by 1 order by 1").fetchall())
    assert found[0] == found[1]
