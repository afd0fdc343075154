"""Every figure of a future against a plain count."""

from __future__ import annotations

import numpy as np
import pytest

from factoryview.plant.models import Plant, Worker
from factoryview.plant.scenario_file import parse_set, read_scenarios
from factoryview.whatif.comparing import compare, effect_of, focus_of, front
from factoryview.whatif.document import NAMES, Band, Measured, Money, Tried, band
from factoryview.whatif.facts import Future, future_of
from factoryview.whatif.kernel import Run, simulate
from factoryview.whatif.lab import Lab
from factoryview.whatif.measures import measured
from factoryview.whatif.money import cost_of
from factoryview.whatif.replication import draw
from tests.kit.office_queue import OFFICE, STAGES, OfficeQueue, office_queue

PLANT = Plant(name="Office", workers=(Worker(stage="Approval", count=1, cost_per_hour=70.0),))


@pytest.fixture(scope="module")
def office() -> OfficeQueue:
    return office_queue(days=28)


def simulated(office: OfficeQueue) -> tuple[Future, Run]:
    drawn = draw(office.calibration, 5, office.setting.begin, office.setting.days)
    future = future_of(office.calibration, office.facts, drawn, 5)
    return future, simulate(future.replication.steps, future.replication.pools, 5, office.setting.end)


def test_every_figure_is_the_plain_count(office: OfficeQueue) -> None:
    future, run = simulated(office)
    begin, end = office.setting.begin, office.setting.end
    found = measured(future, run, office.setting, promise_h=100.0)
    steps = future.replication.steps
    good, lost, leads, present, worth = 0, 0, [], 0.0, 0.0
    for case in range(len(future.donor)):
        mine = np.flatnonzero(steps.case == case)
        left = [run.end[step] for step in mine if run.gave_up[step]]
        over = min(left) if left else max(run.end[mine])
        present += max(0.0, min(over, end) - future.replication.arrived[case])
        if over <= end and left:
            lost += 1
        elif over <= end and office.facts.won[future.donor[case]]:
            good += 1
            leads.append(over - future.replication.arrived[case])
            worth += future.value[case]
    assert good > 50
    assert lost > 5
    assert found.throughput == pytest.approx(good / 4)
    assert found.losses == pytest.approx(lost / 4)
    assert found.lead_time == pytest.approx(np.mean(leads))
    assert found.on_time == pytest.approx(np.mean(np.array(leads) <= 100))
    assert found.wip == pytest.approx(present / (end - begin))
    assert found.value == pytest.approx(worth / 28 * 365.25)
    approval = STAGES.index("Approval")
    hours = [steps.work[k] for k in np.flatnonzero((steps.pool == approval) & (run.start < end))]
    assert found.load[approval] == pytest.approx(sum(hours) / float(OFFICE.worked(end) - OFFICE.worked(begin)))
    waiting = [
        min(run.start[k], run.end[k], end) - run.ready[k]
        for k in np.flatnonzero((steps.pool == approval) & (run.ready < end))
    ]
    assert found.queue[approval] == pytest.approx(sum(waiting) / (end - begin))


def test_a_scenario_at_the_constraint_helps_and_one_elsewhere_does_not(office: OfficeQueue) -> None:
    wanted = read_scenarios(
        'replications = 20\ndays = 28\n[[scenario]]\nname = "here"\npeople = [{ stage = "Approval", add = 1 }]\n'
        '[[scenario]]\nname = "there"\nwork = [{ stage = "Order", factor = 0.5, per_year = 100.0 }]\n'
    )
    found = compare(Lab.of(office.setting, PLANT), wanted, "now")
    here, there = found.scenarios
    assert found.constraint == ("Approval",)
    assert here.effect == "better"
    assert here.focus == "elevate"
    assert here.on_front
    gain = here.figures["throughput"].difference
    assert gain is not None
    assert gain.low > 0
    assert here.money.cost_a_year == pytest.approx(70 * 45 * 365.25 / 7)
    assert here.money.net_a_year is not None
    assert there.effect in ("none", "blocked")
    assert there.focus == "elsewhere"
    assert not there.on_front
    assert there.possible is None or there.possible > 0


def test_the_same_futures_say_the_same(office: OfficeQueue) -> None:
    wanted = read_scenarios('replications = 20\ndays = 28\n[[scenario]]\nname = "a"\nskip = [{ stage = "Approval" }]')
    lab = Lab.of(office.setting, PLANT)
    assert compare(lab, wanted, "now") == compare(lab, wanted, "now")


def test_a_band_holds_nine_of_ten_futures() -> None:
    found = band(np.arange(101.0))
    assert found == Band(median=50.0, low=5.0, high=95.0)
    assert band(np.array([np.nan, np.nan, 1.0])) is None


def figures(**difference: float) -> dict[str, Measured]:
    of = {name: difference.get(name, 0.0) for name in NAMES}
    as_is = Band(median=10.0, low=9.0, high=11.0)
    return {
        name: Measured(as_is=as_is, to_be=as_is, difference=Band(median=n, low=n - 0.1, high=n + 0.1))
        for name, n in of.items()
    }


def test_what_is_better_and_what_is_chance() -> None:
    assert effect_of(figures(throughput=1.0)) == "better"  # type: ignore[arg-type]
    assert effect_of(figures(lead_time=1.0)) == "worse"  # type: ignore[arg-type]
    assert effect_of(figures(throughput=1.0, lead_time=1.0)) == "mixed"  # type: ignore[arg-type]
    assert effect_of(figures(throughput=0.05)) == "none"  # type: ignore[arg-type]


def test_the_front_has_those_that_none_beats() -> None:
    def tried(name: str, gain: float, cost: float) -> Tried:
        return Tried(
            name=name, figures=figures(throughput=gain), effect="better", constraint=None, possible=None,
            focus="exploit", guesses=(), on_front=False,
            money=Money(cost_a_year=cost, once=0.0, value_a_year=None, net_a_year=None),
        )  # fmt: skip

    marked = front([tried("dear", 2.0, 100.0), tried("cheap", 1.0, 10.0), tried("beaten", 1.0, 50.0)])
    assert [one.on_front for one in marked] == [True, True, False]


@pytest.mark.parametrize(
    ("said", "step"),
    [
        ("Approval.people+=1", "elevate"),
        ("Approval.work*=0.9", "exploit"),
        ("Offer.work*=0.9", "elsewhere"),
        ("arrivals*=0.9", "subordinate"),
        ("arrivals*=1.2", "unknown"),
        ("Approval.work*=1.2", "unknown"),
        ("Approval.people-=1", "unknown"),
        ("Offer.limit=5", "subordinate"),
        ("Approval.batch=1", "subordinate"),
    ],
)
def test_each_change_is_one_of_the_five_steps(said: str, step: str) -> None:
    assert focus_of(parse_set([said]), ("Approval",)) == step
    assert focus_of(parse_set([said]), None) == "unknown"


def test_what_it_costs_is_unknown_where_nobody_says_it(office: OfficeQueue) -> None:
    assert cost_of(parse_set(["Offer.people+=1"]), office.calibration, PLANT, 90)[0] is None
    half = cost_of(parse_set(["Approval.retire=1"]), office.calibration, PLANT, 365.25)[0]
    assert half == pytest.approx(-0.5 * 70 * 45 * 365.25 / 7)
