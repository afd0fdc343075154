"""A store's log as a calibration sees it: nothing later than the moment, and starts that servers explain."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pytest

from factoryview.errors import InputError
from factoryview.plant.models import Calendar as PlantCalendar
from factoryview.plant.models import Outcome, Plant, Stage, Worker
from factoryview.store.database import Store
from factoryview.time import DAY, HOUR
from factoryview.whatif.calendar import Calendar
from factoryview.whatif.kernel import Pool, Steps, simulate
from factoryview.whatif.observe import calendar_of_plant, calibrate_plant, observe
from factoryview.whatif.replication import draw
from factoryview.whatif.starts import worked_out
from factoryview.whatif.week import LocalWeek
from tests.kit.event_logs import Event, event_log

MONDAY = round(datetime(2025, 3, 3, tzinfo=UTC).timestamp()) * 1_000_000
PLANT = Plant(
    name="Office",
    calendar=PlantCalendar(days=("mon", "tue", "wed", "thu", "fri"), start=time(9), end=time(17)),
    stages=(Stage(name="Check"), Stage(name="Reply", kind="delay")),
    outcomes=(Outcome(name="Done", kind="won"),),
    workers=(Worker(stage="Check", count=2), Worker(stage="Check", since=date(2025, 4, 14))),
)


def entries() -> list[Event]:
    """Two people check for an hour and a half each; then a customer replies after two days."""
    rng = np.random.default_rng(0)
    office = Calendar.of_days(range(5), 9, 17)
    n = 300
    came = office.moment(np.cumsum(rng.exponential(0.85, n)))
    zero = np.zeros(n)
    run = simulate(
        Steps(np.arange(n), np.zeros(n, int), np.full(n, -1), came, zero, rng.gamma(9, 1 / 6, n), came > 0, zero),
        [Pool(2, office)],
    )
    events, row = [], 0
    for case in range(n):
        for stage, hour in (("Check", came[case]), ("Reply", run.end[case]), ("Done", run.end[case] + 48.0)):
            events.append(Event(row, f"case {case}", stage, MONDAY + round(hour * HOUR)))
            row += 1
    return events


@pytest.fixture(scope="module")
def store() -> Store:
    return Store.build(event_log(duckdb.connect(), "entry", entries()), ends=["Done"])


def test_starts_are_those_that_two_people_explain(store: Store) -> None:
    at = MONDAY + 30 * DAY
    seen = observe(store, PLANT, at)
    log, events = seen.log, [event for event in entries() if event.time is not None and event.time <= at]
    came = sorted(event.time or 0 for event in events if event.stage == "Check")
    assert len(log.arrived) == len(came)
    assert log.now == pytest.approx(float(seen.week.hours(np.array([at]))[0]))
    here = log.stage == log.stages.index("Check")
    assert log.entered is not None
    gone = {event.case: event.time for event in events if event.stage == "Reply"}
    assert np.isfinite(log.end[here]).sum() == len(gone)
    busy = [int(((log.start[here] <= m) & (log.end[here] > m)).sum()) for m in np.linspace(log.since, log.now, 200)]
    assert max(busy) <= 2
    waits = [one for one in log.waiting if log.stages[one.stage] == "Check"]
    assert len(waits) + int(here.sum()) == len(came)
    done = [event for event in events if event.stage == "Done"]
    assert np.isfinite(log.closed).sum() == len(done)


def test_calibration_knows_servers_work_and_the_customer(store: Store) -> None:
    calibration, _ = calibrate_plant(store, PLANT, MONDAY + 36 * DAY)
    check, reply = calibration.pool_of("Check"), calibration.pool_of("Reply")
    assert check is not None
    assert reply is not None
    assert (check.servers, check.counted, check.constrained) == (2, "plan", True)
    assert not reply.constrained
    work = calibration.work[(calibration.log.stage == 0) & calibration.log.over]
    assert work.mean() == pytest.approx(1.5, rel=0.1)
    assert calibration.log.delay is not None
    assert calibration.log.delay.tolist() == [False, True]
    over = (calibration.log.stage == 1) & calibration.log.over
    assert (calibration.log.end - calibration.log.start)[over] == pytest.approx(48.0, abs=1e-6)
    assert calibration.delays[1].mean == 0, "it begins when the case comes"
    later, _ = calibrate_plant(store, PLANT, MONDAY + 43 * DAY)
    pool = later.pool_of("Check")
    assert pool is not None
    assert pool.servers == 3, "since the 14th of April"


def test_who_replies_in_working_hours_takes_as_long_whenever_it_begins() -> None:
    """Checks end at other hours in a future than they did; replies last as long as ever, and come in working hours."""
    rng = np.random.default_rng(5)
    office = Calendar.of_days(range(5), 9, 17)
    n = 400
    came = office.moment(np.cumsum(rng.exponential(0.85, n)))
    zero = np.zeros(n)
    run = simulate(
        Steps(np.arange(n), np.zeros(n, int), np.full(n, -1), came, zero, rng.gamma(9, 1 / 6, n), came > 0, zero),
        [Pool(2, office)],
    )
    replied = office.moment(office.worked(run.end) + rng.gamma(2.0, 8.0, n))
    events = [
        Event(3 * case + place, f"case {case}", stage, MONDAY + round(float(hour) * HOUR))
        for case in range(n)
        for place, (stage, hour) in enumerate(
            (("Check", came[case]), ("Reply", run.end[case]), ("Done", replied[case]))
        )
    ]
    own = Store.build(event_log(duckdb.connect(), "entry", events), ends=["Done"])
    calibration, _ = calibrate_plant(own, PLANT, MONDAY + 70 * DAY)
    took = []
    for seed in range(8):
        made = draw(calibration, seed, calibration.log.now, 56.0)
        end = simulate(made.steps, made.pools, seed).end
        reply = np.flatnonzero(made.stage == calibration.log.stages.index("Reply"))
        took += (end[reply] - end[made.steps.parent[reply]]).tolist()
        assert (office.next_open(end[reply] - 1e-6) <= end[reply]).all()
    log, donors = calibration.log, calibration.donors
    then = (log.closed - log.end[log.first[:-1]])[donors.case]
    assert np.mean(took) == pytest.approx(np.average(then, weights=donors.weight), rel=0.03)


def test_too_little_is_said(store: Store) -> None:
    with pytest.raises(InputError, match="complete"):
        calibrate_plant(store, PLANT, MONDAY + 1 * DAY)
    with pytest.raises(InputError, match="nothing has happened"):
        observe(store, PLANT, MONDAY - 10 * DAY)


def test_the_plants_own_week_and_back() -> None:
    zone = ZoneInfo("Europe/Berlin")
    moments = [
        round(datetime(2025, month, day, hour, 30, tzinfo=zone).timestamp()) * 1_000_000
        for month, day in ((3, 29), (3, 30), (3, 31), (10, 25), (10, 27))
        for hour in (0, 9, 23)
    ]
    week = LocalWeek.before(moments[0], "Europe/Berlin")
    hours = week.hours(moments)
    for moment, hour in zip(moments, hours.tolist(), strict=True):
        local = datetime.fromtimestamp(moment // 1_000_000, zone)
        assert hour % 24 == pytest.approx(local.hour + local.minute / 60)
        assert int(hour % 168 // 24) == local.weekday()
    assert week.moments(hours).tolist() == moments


def test_one_server_after_another() -> None:
    entered, left = np.array([0.0, 1.0, 2.0, 3.0]), np.array([4.0, 6.0, 5.0, np.inf])
    always = Calendar.always()
    assert worked_out(entered, left, ((-np.inf, 1),), always).tolist() == [0.0, 4.0, 5.0, 6.0]
    assert worked_out(entered, left, ((-np.inf, 2),), always).tolist() == [0.0, 1.0, 4.0, 5.0]
    assert worked_out(entered, left, ((-np.inf, 1), (2.5, 3)), always).tolist() == [0.0, 2.5, 2.5, 4.0]
    waiting = worked_out(entered, np.array([np.inf] * 4), ((-np.inf, 2),), always)
    assert np.isinf(waiting[2:]).all()
    assert worked_out(np.array([18.0]), np.array([34.0]), ((-np.inf, 1),), Calendar.of_days([0, 1], 9, 17))[0] == 33.0


def test_the_plants_calendar() -> None:
    assert calendar_of_plant(PLANT) == Calendar.of_days(range(5), 9, 17)
    assert calendar_of_plant(Plant(name="any")) is None
    with_holiday = PLANT.model_copy(
        update={"calendar": PLANT.calendar.model_copy(update={"holidays": (date(2025, 4, 18), date(2025, 4, 21))})}
    )
    week = LocalWeek.before(MONDAY, "UTC")
    found = calendar_of_plant(with_holiday, week, 168.0 * 20)
    assert found is not None
    for day in range(60):
        noon = MONDAY + day * DAY + 12 * HOUR
        closed = day % 7 > 4 or day in (46, 49)
        hour = float(week.hours(np.array([noon]))[0])
        assert (found.next_open(hour) == hour) != closed


def test_servers_that_nobody_names_are_a_guess(store: Store) -> None:
    nobody = PLANT.model_copy(update={"workers": ()})
    calibration, _ = calibrate_plant(store, nobody, MONDAY + 36 * DAY)
    check = calibration.pool_of("Check")
    assert check is not None
    assert check.counted == "rate"
    assert check in calibration.guessed
    assert not calibration.starts_known
    named, _ = calibrate_plant(store, PLANT, MONDAY + 36 * DAY)
    assert named.guessed == ()
