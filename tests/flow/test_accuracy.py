"""What is handed over complete and accurate, against plain loops over the visits of each case."""

from __future__ import annotations

from collections import Counter, defaultdict
from random import Random

import duckdb
import pytest

from factoryview.factory.privacy import Gate
from factoryview.flow.accuracy import hand_overs
from factoryview.flow.moment.history import Window
from factoryview.store.database import Store
from factoryview.time import HOUR
from tests.kit.event_logs import Event, event_log

STAGES = ("Ask", "Check", "Offer", "Sign")


def wandering(seed: int, cases: int = 120) -> list[Event]:
    """Cases that mostly go on and sometimes go back, an hour or more apart."""
    random, events = Random(seed), []
    for number in range(cases):
        at, place = random.randrange(400) * HOUR, 0
        while 0 <= place < len(STAGES):
            events.append(Event(len(events), f"case {number}", STAGES[place], at))
            at += random.randint(1, 30) * HOUR
            place += -random.randint(1, 2) if place and random.random() < 0.25 else 1
        if place >= len(STAGES):
            events.append(Event(len(events), f"case {number}", "Won", at))
    return events


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("smallest", [1, 6])
def test_what_is_sent_back_is_counted_by_hand_over(seed: int, smallest: int) -> None:
    events = wandering(seed)
    since, until = 150 * HOUR, 420 * HOUR
    came, back = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    paths: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        paths[event.case].append(event)
    for path in paths.values():
        names = [event.stage for event in path]
        for i in range(1, len(path) - 1):
            left = path[i + 1].time
            assert left is not None
            if since <= left < until:
                came[names[i - 1], names[i]] += 1
                back[names[i - 1], names[i]] += names[i + 1] in names[: names.index(names[i])]
    store = Store.build(event_log(duckdb.connect(), "entry", events), ends=("Won",))
    found = hand_overs(store, Window(since, until, slice(0)), Gate(smallest=smallest))
    assert len(found) > 3
    assert {(one.origin, one.target): one.visits for one in found} == {k: n for k, n in came.items() if n >= smallest}
    assert [one.visits for one in found] == sorted((one.visits for one in found), reverse=True)
    assert any(one.accurate not in (None, 1.0) for one in found)
    for one in found:
        sent = back[one.origin, one.target]
        if 0 < sent < smallest:
            assert one.accurate is None
        else:
            assert one.accurate == pytest.approx(1 - sent / came[one.origin, one.target])


def test_cases_of_counts_are_not_told_apart() -> None:
    store = Store.build(event_log(duckdb.connect(), "entry", wandering(1)), ends=("Won",))
    store.counted_after = -1
    assert hand_overs(store, Window(0, 1_000 * HOUR, slice(0)), Gate(smallest=1)) == ()
