"""Rounds: a break changes nothing, a change leaves what was before it, and what is in progress is counted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from factoryview.errors import InputError
from factoryview.plant.models import Plant
from factoryview.plant.scenario_file import Scenario, parse_set
from factoryview.whatif.facts import Future, future_of
from factoryview.whatif.interventions import changed
from factoryview.whatif.kernel import Run, simulate
from factoryview.whatif.lab import Lab
from factoryview.whatif.measures import ends_of
from factoryview.whatif.replication import draw
from factoryview.whatif.rounds import brought, going_on, play, play_all, playable
from tests.kit.office_queue import OfficeQueue, office_queue

CHANGES = ("", "Approval.people+=1", "Approval.people-=1", "Approval.limit=4", "Approval.batch=3",
           "Approval.priority=shortest first", "Offer.work*=0.5")  # fmt: skip


@pytest.fixture(scope="module")
def office() -> OfficeQueue:
    return office_queue(approvers=2)


@pytest.fixture(scope="module")
def lab(office: OfficeQueue) -> Lab:
    return Lab.of(office.setting, Plant(name="Office"))


def run_of(future: Future, until: float) -> Run:
    made = future.replication
    return simulate(made.steps, made.pools, 3, until, made.held)


def ends(future: Future, run: Run, since: float, until: float) -> list[tuple[float, float]]:
    """When each case came and was over, of those that were over in the span."""
    over, _ = ends_of(future, run)
    here = (over > since) & (over <= until)
    return sorted(zip(future.replication.arrived[here].tolist(), over[here].tolist(), strict=True))


@pytest.mark.parametrize("said", CHANGES)
def test_a_break_changes_nothing(office: OfficeQueue, said: str) -> None:
    setting = office.setting
    drawn = draw(office.calibration, 3, setting.begin, setting.days)
    future = future_of(office.calibration, office.facts, drawn, 3)
    if said:
        future = changed(future, parse_set([said]), setting, 3)
    whole = run_of(future, setting.end)
    at = setting.begin + 24.0 * 17.47  # within a working day
    broken = run_of(future, at)
    rest = going_on(future, broken, at)
    assert rest.replication.steps.in_hand.any(), "work is in hand then"
    after = run_of(rest, setting.end)
    expected, found = ends(future, whole, at, setting.end), ends(rest, after, at, setting.end)
    assert len(expected) > 100
    assert np.allclose(expected, found, atol=1e-3)


@pytest.mark.parametrize(("said", "patience"), [("", 6.0), ("Approval.batch=3", 6.0), ("Approval.batch=12", 20.0)])
def test_a_break_leaves_patience_as_it_was(office: OfficeQueue, said: str, patience: float) -> None:
    setting = office.setting
    future = future_of(office.calibration, office.facts, draw(office.calibration, 3, setting.begin, setting.days), 3)
    if said:
        future = changed(future, parse_set([said]), setting, 3)
    steps = future.replication.steps
    limits = np.where(future.replication.stage == 1, patience, np.inf)
    future = replace(future, replication=replace(future.replication, steps=replace(steps, patience=limits)))
    whole = run_of(future, setting.end)
    assert whole.gave_up.any()
    for place in range(12):
        at = setting.begin + 24.0 * (10 + 0.74 * place)  # at night and at weekends, too
        rest = going_on(future, run_of(future, at), at)
        expected = ends(future, whole, at, setting.end)
        found = ends(rest, run_of(rest, setting.end), at, setting.end)
        assert len(expected) == len(found), place
        assert np.allclose(expected, found, atol=1e-2), place


def test_rounds_without_a_change_are_the_future_as_it_is(lab: Lab) -> None:
    once, thrice = play(lab, [None], 42, 5), play(lab, [None] * 3, 14, 5)
    assert np.allclose(once.came, thrice.came)
    assert np.abs(once.gone - thrice.gone).max() <= 1
    assert once.rounds[0].throughput == pytest.approx(np.mean([each.throughput for each in thrice.rounds]), rel=0.01)
    assert once.rounds[0].wip == pytest.approx(np.mean([each.wip for each in thrice.rounds]), rel=0.01)


def test_a_change_leaves_every_earlier_moment_as_it_was(lab: Lab) -> None:
    more, twice = parse_set(["Approval.people+=1"]), parse_set(["arrivals*=1.5"])
    as_is, to_be = play(lab, [None] * 3, 14, 4), play(lab, [None, more, twice], 14, 4)
    assert np.array_equal(as_is.gone[:15], to_be.gone[:15])
    assert np.array_equal(as_is.came[:29], to_be.came[:29]), "as many come until the last round"
    assert to_be.came[-1] - to_be.came[28] > 1.2 * (as_is.came[-1] - as_is.came[28])


def test_cumulative_flow_is_what_a_plain_count_says(lab: Lab) -> None:
    """Independent of rounds: the same future simulated at once, each case looked at by itself."""
    played = play(lab, [None, None], 14, 6)
    future, begin = lab.future(6), lab.setting.begin
    run = run_of(future, lab.setting.end)
    last: dict[int, float] = {}
    gave_up = {int(case) for case in future.replication.steps.case[run.gave_up]}
    for case, ready, end in zip(future.replication.steps.case.tolist(), run.ready, run.end, strict=True):
        if case not in gave_up or np.isfinite(ready):
            last[case] = max(last.get(case, -np.inf), float(end))
    for day in (0, 9, 14, 20, 28):
        at = begin + 24.0 * day
        came = sum(1 for arrived in future.replication.arrived.tolist() if arrived <= at)
        assert played.came[day] == came
        assert abs(played.gone[day] - sum(1 for end in last.values() if end <= at)) <= 1


def test_people_who_leave_finish_what_they_have_begun(office: OfficeQueue) -> None:
    setting = office.setting
    drawn = draw(office.calibration, 3, setting.begin, setting.days)
    future = future_of(office.calibration, office.facts, drawn, 3)
    busy = run_of(future, setting.end)
    two = np.flatnonzero((future.replication.stage == 1) & (busy.start > setting.begin + 400))[:40]
    moments = (float(busy.start[step]) + 1e-3 for step in two)
    at = next(each for each in moments if sum((busy.start[two] <= each) & (busy.end[two] > each)) == 2)
    rest = going_on(future, run_of(future, at), at)
    hands = rest.replication.steps.in_hand & (rest.replication.stage == 1)
    assert hands.sum() == 2
    fewer = changed(rest, parse_set(["Approval.people-=2"]), replace(setting, begin=at, days=20.0), 3)
    run = run_of(fewer, setting.end)
    begun = np.isfinite(run.start) & (fewer.replication.stage == 1)
    assert np.array_equal(np.flatnonzero(begun), np.flatnonzero(hands)), "and begin nothing more"


def test_each_round_says_what_it_brought(lab: Lab) -> None:
    plan: list[Scenario | None] = [None, parse_set(["Approval.people+=1"])]
    as_is, to_be = play_all(lab, [None, None], 21, 20), play_all(lab, plan, 21, 20)
    first, second = brought(as_is, to_be)
    unchanged = first["lead_time"].difference
    assert unchanged is not None
    assert (unchanged.low, unchanged.high) == (0.0, 0.0)
    quicker = second["lead_time"].difference
    assert quicker is not None
    assert quicker.median < 0


@pytest.mark.parametrize(
    "said",
    [("Approval.batch=10", "Approval.limit=3"), ("Approval.limit=3", "", "Approval.batch=10"),
     ("Approval.people-=1", "Approval.people-=1", "Approval.people-=1")],
)  # fmt: skip
def test_rounds_that_cannot_be_made_one_after_the_other_are_refused(lab: Lab, said: tuple[str, ...]) -> None:
    rounds = [parse_set([each]) if each else None for each in said]
    for each in rounds:
        playable(lab, [each])
    with pytest.raises(InputError, match="Approval"):
        playable(lab, rounds)
