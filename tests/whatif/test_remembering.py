"""A lab that remembers says what the lab says, and stops when it is told to."""

from __future__ import annotations

import pytest

from factoryview.plant.models import Plant
from factoryview.plant.scenario_file import Scenarios, parse_set
from factoryview.whatif.comparing import compare
from factoryview.whatif.facts import Future
from factoryview.whatif.lab import Lab
from factoryview.whatif.measures import Measures
from factoryview.whatif.remembering import RememberingLab, Stopped
from tests.kit.office_queue import office_queue

WANTED = Scenarios(replications=20, days=28, scenario=(parse_set(["Approval.people+=1"]),))


def lab() -> Lab:
    office = office_queue()
    return Lab.of(office.setting, Plant(name="office"))


def test_with_and_without_a_memory_the_answer_is_the_same() -> None:
    forgetful = lab()
    most = sum(len(forgetful.future(seed).replication.steps) for seed in range(7))
    mindful = RememberingLab.like(lab(), most_steps=most)
    expected = compare(forgetful, WANTED, "")
    first = compare(mindful, WANTED, "")
    assert first == expected
    assert compare(mindful, WANTED, "") == expected
    assert 0 < len(mindful._kept) < WANTED.replications
    assert sum(len(each.replication.steps) for each in mindful._kept.values()) <= most


def test_it_stops_before_the_next_future() -> None:
    asked = 0

    def enough() -> bool:
        nonlocal asked
        asked += 1
        return asked > 5

    mindful = RememberingLab.like(lab(), enough)
    with pytest.raises(Stopped):
        compare(mindful, WANTED, "")
    assert len(mindful._as_is) <= 5


def test_what_was_simulated_is_not_again_and_more_futures_go_on_from_it(monkeypatch: pytest.MonkeyPatch) -> None:
    mindful, simulated = RememberingLab.like(lab()), list[int]()
    outcome = Lab.outcome

    def counted(self: Lab, future: Future, seed: int) -> Measures:
        simulated.append(seed)
        return outcome(self, future, seed)

    monkeypatch.setattr(Lab, "outcome", counted)
    few = WANTED.model_copy(update={"replications": 8})
    first = compare(mindful, few, "")
    side = len(simulated) - 2 * 8
    """Of questions beside, which are asked each time."""
    simulated.clear()
    assert compare(mindful, WANTED, "") == compare(lab(), WANTED, "")
    simulated.clear()
    assert compare(mindful, few, "") == first
    assert len(simulated) <= side
    other = WANTED.model_copy(update={"scenario": (parse_set(["Approval.people+=2"]),)})
    assert compare(mindful, other, "").scenarios[0].figures != compare(mindful, WANTED, "").scenarios[0].figures
