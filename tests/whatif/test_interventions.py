from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from factoryview.errors import InputError
from factoryview.plant.scenario_file import parse_set
from factoryview.whatif.facts import Future, future_of
from factoryview.whatif.interventions import changed, check, staffed
from factoryview.whatif.kernel import NEVER, Pool, Run, simulate
from factoryview.whatif.measures import measured
from factoryview.whatif.replication import draw
from factoryview.whatif.today import today_of
from tests.kit.office_queue import OFFICE, PATIENCE_H, STAGES, OfficeQueue, office_queue

APPROVAL = STAGES.index("Approval")


@pytest.fixture(scope="module")
def office() -> OfficeQueue:
    return office_queue()


def future(office: OfficeQueue, seed: int = 3) -> Future:
    drawn = draw(office.calibration, seed, office.setting.begin, office.setting.days)
    return future_of(office.calibration, office.facts, drawn, seed)


def after(office: OfficeQueue, said: str, seed: int = 3) -> Future:
    return changed(future(office, seed), parse_set([said]), office.setting, seed)


def run_of(future: Future, until: float = NEVER) -> Run:
    replication = future.replication
    return simulate(replication.steps, replication.pools, until=until, held=replication.held)


def sound(future: Future) -> None:
    """What holds for any future: steps follow steps of their own case, and every column fits."""
    steps, replication = future.replication.steps, future.replication
    inner = steps.parent >= 0
    assert np.array_equal(steps.case[inner], steps.case[steps.parent[inner]])
    assert len(replication.stage) == len(replication.source) == len(steps)
    assert len(future.donor) == len(replication.arrived) == len(replication.open) == len(future.value)
    roots = ~inner
    assert set(steps.case[roots]) == set(steps.case)
    assert (steps.release[roots] >= replication.arrived[steps.case[roots]] - 1e-6).all()


def test_who_leaves_because_of_waiting_is_found_with_how_long_they_wait(office: OfficeQueue) -> None:
    leaves = office.facts.leaves
    assert leaves[0] == leaves[2] == 0
    assert 1 / leaves[APPROVAL] == pytest.approx(PATIENCE_H, rel=0.2)
    assert office.facts.gave_up.sum() == pytest.approx(office.left, rel=0.02)
    assert office.left > 100


def test_who_left_stays_if_it_is_served_sooner_and_goes_on_as_others_did(office: OfficeQueue) -> None:
    as_is, to_be = future(office), after(office, "Approval.people+=2")
    sound(as_is)
    before, then = run_of(as_is), run_of(to_be)
    assert before.gave_up.sum() > 5 * then.gave_up.sum()
    served = np.isfinite(then.end) & (to_be.replication.stage == APPROVAL) & ~then.gave_up
    after_it = to_be.replication.steps.parent[to_be.replication.stage == STAGES.index("Order")]
    assert set(np.flatnonzero(served)) == set(after_it[np.isfinite(then.start[after_it])])


def test_people_come_and_go_on_a_day(office: OfficeQueue) -> None:
    pool = Pool(2, OFFICE, ((50.0, 3),))
    assert staffed(pool, 10.0, 1, 0.0) == Pool(2, OFFICE, ((10.0, 3), (50.0, 4)))
    assert staffed(pool, -5.0, 1, 0.0) == Pool(3, OFFICE, ((50.0, 4),))
    assert staffed(pool, 60.0, -5, 0.0) == Pool(2, OFFICE, ((50.0, 3), (60.0, 0)))
    to_be = after(office, "Approval.people-=1")
    assert to_be.replication.pools[APPROVAL].servers == 0
    assert office.setting.hour(date(1970, 1, 6)) == 24.0


def test_people_retire_evenly(office: OfficeQueue) -> None:
    setting = replace(office.setting, days=730.0)
    to_be = changed(future(office), parse_set(["Offer.retire=1"]), setting, 3)
    assert to_be.replication.pools[0].changes == ((setting.begin + 365.25 * 12, 0), (setting.begin + 365.25 * 36, 0))


def test_work_hours_priority_and_route(office: OfficeQueue) -> None:
    as_is = future(office).replication.steps
    steps = after(office, "Approval.work*=0.5").replication.steps
    mine = as_is.pool == APPROVAL
    assert np.array_equal(steps.work, np.where(mine, as_is.work / 2, as_is.work))
    later = after(office, "Approval.hours=10-19:30").replication.pools
    assert later[APPROVAL].calendar.spans[0] == (10.0, 19.5)
    assert later[0].calendar == OFFICE
    shortest = after(office, "Approval.priority=shortest first")
    assert shortest.replication.pools[APPROVAL].order == "priority"
    assert np.array_equal(shortest.replication.steps.priority[mine], as_is.work[mine])
    valued = after(office, "Approval.priority=highest value first")
    assert np.array_equal(valued.replication.steps.priority[mine], -valued.value[as_is.case[mine]])
    routed = after(office, "Approval.by=Order").replication.steps
    assert not (routed.pool == APPROVAL).any()


def test_small_cases_go_past_a_stage(office: OfficeQueue) -> None:
    as_is, to_be = future(office), after(office, "Approval.skip<4000")
    sound(to_be)
    kept = to_be.replication.stage == APPROVAL
    assert to_be.value[to_be.replication.steps.case[kept]].min() == 4000
    stage = as_is.replication.stage
    small = as_is.value[as_is.replication.steps.case] < 4000
    assert len(stage) - len(to_be.replication.stage) == ((stage == APPROVAL) & small).sum() > 20
    assert run_of(to_be).gave_up.sum() < run_of(as_is).gave_up.sum()


def test_a_first_stage_is_skipped_too(office: OfficeQueue) -> None:
    to_be = after(office, "Offer.skip=1")
    sound(to_be)
    stage, steps = to_be.replication.stage, to_be.replication.steps
    assert (steps.parent[stage == APPROVAL] == -1).all()
    only_offers = np.bincount(steps.case[stage == 0], minlength=len(to_be.donor)) > 0
    assert only_offers.sum() == (stage == 0).sum()  # those that were lost there still are: they have nothing else


def test_a_leak_is_mended(office: OfficeQueue) -> None:
    as_is, to_be = future(office), after(office, "Offer.losses*=0")
    sound(to_be)
    lost = office.facts.lost[as_is.donor] & (np.bincount(as_is.replication.steps.case) == 1)
    assert lost.sum() > 20
    assert (np.bincount(to_be.replication.steps.case)[lost] == 3).all()
    half = after(office, "Offer.losses*=0.5")
    assert (np.bincount(half.replication.steps.case)[lost] == 3).mean() == pytest.approx(0.5, abs=0.2)
    patient = run_of(after(office, "Approval.losses*=0"))
    assert patient.gave_up.sum() == 0


def test_a_limit_that_is_never_reached_changes_nothing_and_one_that_is_moves_the_queue(office: OfficeQueue) -> None:
    as_is, free = future(office), run_of(future(office))
    wide = run_of(after(office, "Approval.limit=9999"))
    assert np.array_equal(wide.start, free.start)
    assert np.array_equal(wide.end, free.end)
    limited = after(office, "Approval.limit=3")
    sound(limited)
    run = run_of(limited)
    stage, parent = limited.replication.stage, limited.replication.steps.parent
    there = np.flatnonzero((stage == APPROVAL) & (parent >= 0))
    came, went = run.start[parent[there]], np.minimum(run.start[there], run.end[there])
    came, went = np.sort(came[np.isfinite(came)]), np.sort(went[np.isfinite(went)])
    inside = np.searchsorted(came, came, "right") - np.searchsorted(went, came, "right")
    assert inside.max() == 3
    before = np.searchsorted(np.sort(free.start[parent[there]]), came, "right")
    assert (before - np.searchsorted(np.sort(free.start[there]), came, "right")).max() > 6
    offers = (stage == 0) & np.isfinite(run.start) & np.isfinite(free.start)
    waits = (run.start[offers] - run.ready[offers]).mean()
    assert waits > 2 * (free.start[offers] - free.ready[offers]).mean()
    assert np.isfinite(run.end[as_is.replication.stage == APPROVAL]).sum() > 100


def test_cases_of_a_stage_come_in_batches(office: OfficeQueue) -> None:
    to_be = after(office, "Approval.batch=4")
    sound(to_be)
    run, mine = run_of(to_be), to_be.replication.stage == APPROVAL
    begun = run.ready[mine & np.isfinite(run.start)]  # who left may have done so before the batch was whole
    moments, together = np.unique(run.ready[mine & np.isin(run.ready, begun)], return_counts=True)
    assert len(moments) > 30
    assert set(together.tolist()) == {4}
    with pytest.raises(InputError, match="Approval"):
        check(parse_set(["Approval.batch=4", "Approval.limit=3"]), office.setting)


@pytest.mark.parametrize(("factor", "channel"), [(2.0, ""), (1.4, ""), (0.5, ""), (0.0, "web."), (3.0, "web.")])
def test_more_or_fewer_come(office: OfficeQueue, factor: float, channel: str) -> None:
    as_is, to_be = future(office), after(office, f"{channel}arrivals*={factor}")
    sound(to_be)
    of = as_is.channel == 1 if channel else np.ones(len(as_is.donor), dtype=bool)
    there = to_be.channel == 1 if channel else np.ones(len(to_be.donor), dtype=bool)
    assert there.sum() == pytest.approx(factor * of.sum(), abs=35)
    assert (~there).sum() == (~of).sum()
    came = to_be.replication.arrived
    assert came.min() >= office.setting.begin
    assert came.max() < office.setting.end
    assert set(np.round(np.mod(came, 168), 6)) <= set(np.round(np.mod(as_is.replication.arrived, 168), 6))


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Aproval.people+=1", 'Did you mean "Approval"'),
        ("Approval.people-=2", "Approval"),
        ("fax.arrivals*=2", "fax"),
        ("Offer.limit=3", "Offer"),
    ],
)
def test_what_cannot_be_tried_is_said(office: OfficeQueue, said: str, found: str) -> None:
    with pytest.raises(InputError) as raised:
        check(parse_set([said]), office.setting)
    assert found in str(raised.value)


@pytest.mark.parametrize("factor", [0.6, 1.25, 2.0])
def test_more_cases_of_the_same_kind_take_no_longer_where_nobody_waits_for_servers(factor: float) -> None:
    """Open cases are long, those that come and are done in time are short: their mix must be no effect."""
    office = office_queue(approvers=2, days=28)
    effects = []
    for seed in range(12):
        drawn = draw(office.calibration, seed, office.setting.begin, 28, today=today_of(office.calibration))
        steps = replace(drawn.steps, queued=np.zeros(len(drawn.steps), dtype=bool), patience=np.zeros(0))
        steps = replace(steps, delay=steps.delay + np.where(drawn.open[steps.case], 0.0, 30.0))
        base = future_of(office.calibration, office.facts, replace(drawn, steps=steps), seed)
        free = replace(base.replication.steps, queued=np.zeros(len(base.replication.steps), dtype=bool))
        as_is = replace(base, replication=replace(base.replication, steps=free))
        to_be = changed(as_is, parse_set([f"arrivals*={factor}"]), office.setting, seed)
        found = [measured(each, run_of(each), office.setting, 100.0).lead_time for each in (as_is, to_be)]
        effects.append(found[1] / found[0] - 1)
        moved = to_be.replication.arrived[~to_be.replication.open]
        assert (moved >= office.setting.begin).all()
        assert (moved < office.setting.end).all()
    assert abs(np.mean(effects)) < 0.02, effects


def test_what_more_come_is_spread_over_all_of_the_time(office: OfficeQueue) -> None:
    setting = replace(office.setting, days=25.0)
    more = np.concatenate([
        changed(made, parse_set(["arrivals*=2"]), setting, seed).replication.arrived[len(made.donor) :]
        for seed in range(8)
        if (made := future(office, seed)) is not None
    ])  # fmt: skip
    late = more >= setting.begin + 24 * 21
    assert late.mean() == pytest.approx(4 / 25, abs=0.05)
