"""Stays fetched once for history and levels, against a plain loop over the events."""

from __future__ import annotations

import duckdb

from factoryview.flow.moment.presence import presence
from factoryview.store.database import Store
from factoryview.store.selection import Through
from factoryview.store.windows import FOREVER
from tests.kit.event_logs import Event, event_log
from tests.kit.plain import visits
from tests.kit.small_plants import jammed, simulate


def test_stays_are_those_of_the_events_by_stage_in_order_of_entry() -> None:
    events = simulate(jammed().line)
    store = Store.build(event_log(duckdb.connect(), "entry", events), ends=jammed().ends)
    stages = tuple(store.stages())
    found = presence(store, stages)
    plain = sorted(
        (stay.entered, stages.index(stay.stage), FOREVER if stay.left is None else stay.left)
        for stay in visits(events, jammed().ends)
    )
    told = list(zip(found.entered.tolist(), found.stage.tolist(), found.left.tolist(), strict=True))
    assert sorted(told) == plain
    assert told == sorted(told, key=lambda stay: (stay[1], stay[0]))
    for code in range(len(stages)):
        assert set(found.stage[found.of(code)].tolist()) == {code}
    assert sum(len(found.id[found.of(code)]) for code in range(len(stages))) == len(plain)
    assert found.span == store.span()


def test_some_cases_are_as_if_there_were_no_others_and_in_which_order_they_end_is_known() -> None:
    events = simulate(jammed().line)
    store, alone = (Store.build(event_log(duckdb.connect(), "entry", events), ends=jammed().ends) for _ in range(2))
    stages, last = tuple(store.stages()), store.stages()[-1]
    store.prepare()
    some = store.where(~Through(last))
    found, plain = presence(some, stages), presence(alone.where(~Through(last)), stages)
    assert 0 < len(found.id) < len(presence(store, stages).id)
    assert found.span == plain.span
    for name in ("stage", "id", "entered", "left", "weight"):
        assert getattr(found, name).tolist() == getattr(plain, name).tolist()
    for code in range(len(stages)):
        left = found.left[found.of(code)].tolist()
        assert found.leaving(code).tolist() == sorted(range(len(left)), key=left.__getitem__)
        assert found.ends(code).tolist() == sorted(moment for moment in left if moment < FOREVER)
    assert any(moment == FOREVER for moment in found.left.tolist())


def test_a_log_without_any_time_has_no_span_and_no_stays() -> None:
    store = Store.build(event_log(duckdb.connect(), "entry", [Event(0, "a", "Ask", None)]))
    found = presence(store, ("Ask",))
    assert found.span is None
    assert len(found.entered) == 0
