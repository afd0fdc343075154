from dataclasses import replace
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from factoryview.flow.change.changes import Change, _seasoned, changes
from factoryview.flow.change.records import Records, Samples, most_of_days, paced, records_of
from factoryview.flow.change.sentences import change_sentences
from factoryview.language import CODES, Language
from factoryview.plant.models import Calendar, Plant, Worker
from factoryview.store.database import Store
from factoryview.time import DAY, HOUR, utc
from tests.kit.plants.logs import EPOCH, store_of, tables
from tests.kit.plants.shifts import Shift, generate
from tests.kit.plants.simulate import simulate

PLANT = Plant(name="shifts")
WEEK = Calendar(days=("mon", "tue", "wed", "thu", "fri"))
BEGIN = round(EPOCH.timestamp() * 1e6)


@cache
def plant(seed: int, what: str, meaning: str = "interval") -> tuple[Shift, Store]:
    shift = generate(seed, what)
    return shift, store_of(*tables(shift.spec, simulate(shift.spec), meaning), meaning)  # type: ignore[arg-type]


def found(seed: int, what: str, meaning: str = "interval") -> tuple[Shift, Records, list[Change]]:
    shift, store = plant(seed, what, meaning)
    records = records_of(store, PLANT)
    return shift, records, list(changes(records))


@pytest.mark.parametrize(("seed", "what"), [(3, "work"), (200, "work"), (2, "delay")])
@pytest.mark.parametrize("meaning", ["interval", "entry"])
def test_the_day_of_a_change_is_found(seed: int, what: str, meaning: str) -> None:
    shift, records, told = found(seed, what, meaning)
    true = records.day_of(BEGIN + round(shift.day * HOUR))

    assert any(each.stage == shift.stage and abs(records.day_of(each.at) - true) <= 3 for each in told)


def test_nothing_is_known_before_it_happened() -> None:
    """Up to the day of the change, none is told there; what is told then is what the log cut there tells."""
    shift, store = plant(3, "work")
    day = BEGIN + round(shift.day * HOUR)
    before = changes(records_of(store, PLANT, day))
    cut = _cut(shift, day)

    assert not [each for each in before if each.stage == shift.stage and each.at > day - 20 * DAY]
    assert before == changes(records_of(cut, PLANT))


def _cut(shift: Shift, day: int) -> Store:
    """The same plant as if nobody had looked after that day."""
    spec = replace(shift.spec, until=(day - BEGIN) / HOUR)
    return store_of(*tables(spec, simulate(spec), "interval"), "interval")


def test_effects_are_the_means_before_and_after_counted_plainly() -> None:
    shift, records, told = found(3, "work")
    change = next(each for each in told if each.stage == shift.stage)
    day = records.day_of(change.at)
    effect = change.effects["throughput"]
    rows = plant(3, "work")[1].engine.rows(
        'select "left" from stays where stage = $stage and "left" is not null', {"stage": shift.stage}
    )
    edges = [int(edge) for edge in records.days]
    moments = [round(left.replace(tzinfo=utc(0).tzinfo).timestamp() * 1e6) for (left,) in rows]
    own = sorted(records.day_of(each.at) for each in told if each.stage == shift.stage)
    last = min([day + 60, records.over, *(other for other in own if other > day)])
    since = sum(edges[day] <= moment < edges[last] for moment in moments) / (last - day)

    assert effect.after == pytest.approx(since, rel=0.05)
    assert effect.low <= effect.difference <= effect.high


def test_a_still_year_shows_nothing() -> None:
    assert [found(seed, "still")[2] for seed in (1, 2, 3, 5)] == [[]] * 4


@pytest.mark.parametrize("timezone", ["UTC", "Europe/Berlin", "Europe/London", "America/New_York", "Asia/Tokyo"])
def test_a_change_of_the_clocks_hides_no_other(timezone: str) -> None:
    """Each weekday brings its own number; in May a quarter more begins to come: that day is found wherever it is."""
    records = records_of(
        plant(1, "still", "entry")[1], Plant(name="shifts", timezone=timezone, calendar=WEEK), BEGIN + 270 * DAY
    )
    local = [utc(at).astimezone(ZoneInfo(timezone)) for at in records.days.tolist()]
    weekdays = [day.weekday() for day in local]
    assert set(weekdays) == {0, 1, 2, 3, 4}
    more = np.array([1.25 if (day.month, day.day) >= (5, 13) else 1.0 for day in local])
    usual = np.array([40.0, 16.0, 12.0, 10.0, 4.0])[weekdays]
    came = np.round(usual * more).astype(np.int64) + np.random.default_rng(1).integers(0, 3, len(usual))
    assert _seasoned(usual, np.arange(len(usual)), records) == pytest.approx(0.0), "nothing is left of a usual week"
    door = next(record for record in records.stages if record.entrance)
    told = changes(replace(records, stages=(replace(door, arrivals=came),)))
    [change] = [each for each in told if each.cause == "arrivals"]

    assert abs(records.day_of(change.at) - int(np.argmax(more > 1))) <= 5


def test_people_are_the_cause_where_the_plant_file_says_that_they_changed() -> None:
    shift, _, told = found(200, "work", "entry")
    change = next(each for each in told if each.stage == shift.stage)
    left = utc(change.at).date()
    worked = Plant(name="shifts", workers=(Worker(stage=str(shift.stage), until=left), Worker(stage=str(shift.stage))))
    again = changes(records_of(plant(200, "work", "entry")[1], worked))

    assert change.cause == "contention"
    assert "people" in [each.cause for each in again if each.stage == shift.stage]


def test_a_log_of_a_few_days_has_no_changes_and_says_so() -> None:
    _, store = plant(3, "work")
    records = records_of(store, PLANT, BEGIN + 8 * DAY)

    assert changes(records) == ()
    for code in CODES:
        assert len(change_sentences((), PLANT, Language(code))) == 1


@pytest.mark.parametrize("code", CODES)
def test_a_change_is_said_with_its_day_size_and_cause(code: str) -> None:
    shift, _, told = found(3, "work")
    language = Language(code)  # type: ignore[arg-type]
    change = next(each for each in told if each.stage == shift.stage)
    assert change.main is not None
    said = " ".join(change_sentences([change], PLANT, language))

    assert str(shift.stage) in said
    assert language.date(change.at, "date.long") in said
    assert language.duration(abs(change.effects[change.main].difference)) in said


@pytest.mark.parametrize("seed", [19, 70])
def test_people_who_come_or_go_are_seen_even_at_the_door_where_no_queue_is(seed: int) -> None:
    """The wait before the first step is written nowhere; how many are worked on at once is."""
    shift, records, told = found(seed, "people")
    true = records.day_of(BEGIN + round(shift.day * HOUR))
    [change] = [each for each in told if each.stage == shift.stage]

    assert records.stages[0].stage == shift.stage
    assert abs(records.day_of(change.at) - true) <= 3
    assert change.cause == "people"


def test_what_merely_waits_unseen_at_the_end_is_neither_lost_nor_missing() -> None:
    """Cases in a queue that grows until the end of the log have no next event yet, those lost before it have."""
    shift, records, told = found(22, "people")

    assert shift.factor < 1
    assert {(each.stage, each.cause) for each in told} == {(shift.stage, "people")}
    busy = records.by_name[str(shift.stage)]
    assert busy.came_until < records.over - 20
    assert 40 <= busy.arrivals[busy.came_until :].sum() < 60, "of the last day that is known the others, too"


def test_the_most_of_each_day_is_counted_plainly() -> None:
    sample = Samples(np.array([1.0, 3, 2, 5, 4, 1]), np.array([0, 0, 0, 2, 2, 7]))
    most = most_of_days(sample)

    assert (most.days.tolist(), most.values.tolist()) == ([0, 2, 7], [3.0, 5.0, 1.0])
    assert most_of_days(Samples(np.zeros(0), np.zeros(0, np.int64))).values.tolist() == []


def test_the_pace_of_servers_that_are_always_busy_is_their_work() -> None:
    arrived, work = np.zeros(9), 2.0
    left = np.array([2.0, 2, 2, 4, 4, 4, 6, 6, 6])

    assert paced(arrived, left, 3).tolist() == [work] * 9
    assert len(paced(np.zeros(0), np.zeros(0), 2)) == 0
