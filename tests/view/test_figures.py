"""What comes and goes, what could go and the ladder of a moment, against plain loops over the events."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pytest

from factoryview.factory.factory import Factory
from factoryview.flow.office_hours import office_hours
from factoryview.plant.models import Calendar
from factoryview.store.database import Store
from factoryview.time import DAY, HOUR
from factoryview.view.figures import Figures
from factoryview.view.model import Model
from factoryview.view.state import Studied
from tests.kit.event_logs import event_log
from tests.kit.plain import Visit, visits
from tests.kit.small_plants import jammed, simulate

OFFICE = Calendar(days=("mon", "tue", "wed", "thu", "fri", "sat"), start=time(0), end=time(0))
EVENTS = simulate(jammed().line)
STAYS = visits(EVENTS, ("Paid", "Lost"))


@cache
def model() -> Model:
    plant = jammed().plant.model_copy(update={"calendar": OFFICE})
    store = Store.build(event_log(duckdb.connect(), "entry", EVENTS), ends=("Paid", "Lost"))
    found = Model(Factory(plant, store, "x", (), 0, {}, len(EVENTS)))
    found.study()
    return found


def figures(at: int) -> Figures:
    return model().state(at, 86_400e6).figures


def moments() -> list[int]:
    random, past = Random(5), model().counts.history
    return [past.first + HOUR, *(random.randint(past.first, past.last) for _ in range(12)), past.last]


def test_what_comes_and_goes_is_counted_a_working_day_over_the_window() -> None:
    for at in moments():
        found = figures(at)
        since, until = found.window.since, found.window.until
        worked = office_hours(OFFICE, "Europe/Berlin", since, until).days(since, until)
        assert found.days == pytest.approx(worked)
        for stage, flow in found.flows.items():
            stays = [s for s in STAYS if s.stage == stage]
            if worked < 1:  # what a few hours bring is no day's worth
                assert (flow.come, flow.go) == (None, None)
                assert worked or flow.capacity is None
                continue
            assert flow.come == pytest.approx(sum(since <= s.entered < until for s in stays) / worked)
            assert flow.go == pytest.approx(sum(since <= (s.left or 0) < until for s in stays) / worked)


def present(stays: list[Visit], at: int) -> int:
    return sum(s.present(at) for s in stays)


def test_capacity_is_what_the_staff_of_the_day_could_pass() -> None:
    at = model().counts.history.last
    found, compared = figures(at), 0
    since, until = found.window.since, found.window.until
    for stage, heads in (("Inquiry", 2), ("Approval", 2), ("Offer", 4)):
        stays = [s for s in STAYS if s.stage == stage]
        hours = office_hours(OFFICE, "Europe/Berlin", since, until)
        step = HOUR // 2
        open_ = [
            moment for moment in range(since, until, step) if np.diff(hours.worked(np.array([moment, moment + 1])))
        ]
        at_work = sum(min(present(stays, moment), heads) for moment in open_) * step
        gone = sum(since <= (s.left or 0) < until for s in stays)
        capacity = found.flows[stage].capacity
        assert capacity is not None
        assert capacity == pytest.approx(heads * DAY / (at_work / gone), rel=0.03)
        assert (found.flows[stage].go or 0) <= 1.05 * capacity
        compared += 1
    assert compared == 3
    jammed_stage = found.flows["Approval"]
    assert jammed_stage.go == pytest.approx(jammed_stage.capacity, rel=0.15), "a jam passes what it can"


def test_the_ladder_is_of_the_main_road_and_adds_up() -> None:
    assert model().counts.road == ("Inquiry", "Qualify", "Offer", "Approval", "Delivery")
    for at in moments():
        steps = figures(at).ladder
        assert steps is not None
        since, until = steps.window.since, steps.window.until
        means = {}
        for stage in model().counts.road:
            spans = [(s.left or 0) - s.entered for s in STAYS if s.stage == stage and since <= (s.left or 0) < until]
            if len(spans) >= model().factory.gate.smallest:
                means[stage] = sum(spans) / len(spans)
        assert [rung.stage for rung in steps.rungs] == list(means)
        assert [rung.stay for rung in steps.rungs] == pytest.approx(list(means.values()))
        assert steps.total == pytest.approx(sum(means.values()))
        if steps.rungs:
            assert steps.share == pytest.approx(sum(rung.work or 0 for rung in steps.rungs) / steps.total)
            assert all(0 <= (rung.work or 0) <= rung.stay for rung in steps.rungs)


def test_goals_are_those_of_the_plant_and_of_the_moment() -> None:
    for at in moments():
        found = figures(at)
        assert set(found.goals) == {"Paid"}
        assert found.goals["Paid"].plan == pytest.approx(10 * found.goals["Paid"].passed)


def test_while_nothing_is_planned_or_done_the_goals_of_the_last_working_day_stand_there() -> None:
    """Against a plain count of the stays that ended as paid on that local day."""
    zone, past, seen = ZoneInfo("Europe/Berlin"), model().counts.history, 0
    paid = [
        datetime.fromtimestamp(s.left / 1e6, UTC).astimezone(zone).date() for s in STAYS if s.to == "Paid" and s.left
    ]
    for at in range(past.first + 9 * DAY, past.last, 5 * HOUR):
        found, today = figures(at), datetime.fromtimestamp(at / 1e6, UTC).astimezone(zone).date()
        goal = found.goals["Paid"]
        if round(goal.actual) or round(goal.plan):
            assert found.before is None
            continue
        if found.before is None:
            continue
        day, goals = found.before
        assert day < today
        assert day.weekday() != 6
        assert sum((day + timedelta(days=n)).weekday() != 6 for n in range(1, (today - day).days)) == 0
        assert goals["Paid"].actual == paid.count(day)
        assert goals["Paid"].plan == pytest.approx(10.0, abs=0.2)
        seen += 1
    assert seen > 5


def test_until_it_is_studied_nothing_is_said_of_work() -> None:
    fresh = Model(model().factory)
    found = fresh.state(fresh.last, 86_400e6).figures
    assert found.ladder is None
    assert {flow.capacity for flow in found.flows.values()} == {None}
    assert all((flow.go or 0) > 0 for flow in found.flows.values())
    fresh.studied = Studied(None, model().studied.measured) if model().studied else None
    assert fresh.state(fresh.last, 86_400e6).figures.ladder is not None
