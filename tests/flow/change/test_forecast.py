from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

import numpy as np
import pytest

from factoryview.flow.change.forecast import CHANCES, FEWEST, WINDOW, Forecast, forecast, lately
from factoryview.flow.change.records import records_of
from factoryview.flow.change.sentences import forecast_sentences
from factoryview.language import CODES, Language
from factoryview.plant.models import Calendar, Plant
from factoryview.store.database import Store
from factoryview.time import DAY, micros_of, utc
from tests.flow.change.test_changes import BEGIN, PLANT, plant
from tests.kit.plants.logs import store_of, tables
from tests.kit.plants.simulate import simulate


def asked(day: int, plant_: Plant = PLANT) -> Forecast:
    """Of a still plant, so many days after the begin of its log."""
    found = forecast(records_of(plant(1, "still", "entry")[1], plant_, BEGIN + day * DAY))
    assert found is not None
    return found


def ends(store: Store | None = None) -> list[int]:
    rows = (store or plant(1, "still", "entry")[1]).engine.rows(
        """select epoch_us("at") from outcomes where outcome = 'Won'""", {}
    )
    return sorted(at for (at,) in rows)


OFFICE = Plant(name="shifts", calendar=Calendar(days=("mon", "tue", "wed", "thu", "fri")))
SATURDAY = date(2024, 6, 29)
"""The last working day of that June was the day before."""


@cache
def weekend() -> Store:
    """The still plant, but what ended well on that Friday and on the Monday after ended on the days between."""
    spec = plant(1, "still", "entry")[0].spec
    stays, outcomes = tables(spec, simulate(spec), "entry")
    ended = outcomes["at"].dt.date
    well = outcomes["outcome"] == "Won"
    for day, by in ((SATURDAY - timedelta(days=1), 1), (SATURDAY + timedelta(days=2), -1)):
        moved = well & (ended == day)
        assert moved.sum() >= 3
        last = stays["last"] & stays["case"].isin(outcomes["case"][moved])
        outcomes.loc[moved, "at"] += timedelta(days=by)
        stays.loc[last, "left"] += timedelta(days=by)
    return store_of(stays, outcomes, "entry")


@pytest.mark.parametrize("days", [0, 1, 2, 4])
def test_what_ends_on_a_free_day_is_of_the_month_of_that_day(days: int) -> None:
    """On the Saturday and the Sunday themselves, and in the month that follows."""
    moment = datetime.combine(SATURDAY + timedelta(days=days), datetime.min.time(), UTC) + timedelta(hours=23)
    found = forecast(records_of(weekend(), OFFICE, micros_of(moment)))
    assert found is not None
    month = micros_of(moment.replace(day=1, hour=0))
    plain = sum(month <= at <= micros_of(moment) for at in ends(weekend()))

    assert found.so_far == plain
    assert (found.days == 0) is (days < 2)
    if days < 2:
        assert set(found.by_month_end.values()) == {plain}


def test_what_ended_since_the_last_working_day_is_not_counted_twice() -> None:
    """20 on each working day, those of the weekend before it among them: at the end of the first Sunday, with its 20,
    the month is to bring 20 for each of its working days.
    """
    sunday = micros_of(datetime(2024, 9, 1, 23, tzinfo=UTC))
    records = records_of(plant(1, "still", "entry")[1], OFFICE, sunday)
    daily = np.full(len(records.days), 20.0)
    on = {**dict.fromkeys(records.dates, 20.0), date(2024, 9, 1): 20.0}
    found = forecast(replace(records, won=daily, ended=daily, won_on=on))

    assert found is not None
    assert (found.so_far, found.days) == (20, 21)
    assert set(found.by_month_end.values()) == {20.0 * 21}


def test_what_has_come_is_counted_and_what_is_to_come_is_more() -> None:
    found = asked(203)
    month = round(utc(found.at).replace(day=1, hour=0, minute=0, second=0, microsecond=0).timestamp() * 1e6)
    plain = sum(month <= at <= found.at for at in ends())

    assert found.so_far == plain
    assert found.so_far <= found.by_month_end[0.95] <= found.by_month_end[0.85] <= found.by_month_end[0.5]
    assert found.month_end == date(2024, 7, 31)
    days = [found.done[chance] for chance in CHANCES]
    assert days == sorted(day for day in days if day is not None)


def test_those_in_progress_are_what_has_begun_and_not_ended() -> None:
    _, store = plant(1, "still", "entry")
    found = asked(203)
    begun = store.engine.rows(
        'select min(entered) from stays group by "case" having epoch_us(min(entered)) <= $at', {"at": found.at}
    )
    ended = store.engine.rows('select "case" from outcomes where epoch_us("at") <= $at', {"at": found.at})

    assert found.open == len(begun) - len(ended)


def test_working_days_left_are_those_of_the_calendar() -> None:
    week = Calendar(days=("mon", "tue", "wed", "thu", "fri"), holidays=(date(2024, 7, 24), date(2024, 7, 27)))
    found = asked(203, Plant(name="shifts", calendar=week))
    today = utc(found.at).date()
    plain = [day for day in range(today.day, 32) if date(2024, 7, day).weekday() < 5 and day != 24]

    assert found.days == len(plain)


def test_what_each_weekday_brings_is_known() -> None:
    """All come on Mondays: on the last Thursday of May, with a Friday to come, hardly any are to be expected."""
    records = records_of(plant(1, "still", "entry")[1], PLANT, BEGIN + 150 * DAY)
    mondays = np.where((records.days // DAY + 3) % 7 == 0, 20.0, 0.0)
    on = dict(zip(records.dates, mondays.tolist(), strict=True))
    found = forecast(replace(records, won=mondays, ended=mondays, won_on=on))

    assert found is not None
    assert (found.month_end, found.days) == (date(2024, 5, 31), 2)
    assert found.so_far == 80
    assert all(found.so_far <= least <= found.so_far + 3 for least in found.by_month_end.values())


def test_days_before_the_output_changed_are_not_drawn_from() -> None:
    rng = np.random.default_rng(5)
    week = np.arange(140) % 5
    still = rng.poisson(20.0, 140).astype(float)
    fallen = np.concatenate([still[:115], rng.poisson(8.0, 25)]).astype(float)

    assert lately(still, week) == WINDOW
    assert 22 <= lately(fallen, week) <= 28
    assert lately(fallen[:118], week[:118]) == WINDOW, "three days are none yet"
    assert lately(still[:12], week) == 12

    records = records_of(plant(1, "still", "entry")[1], PLANT, BEGIN + 203 * DAY)
    daily = np.concatenate([still, fallen])[-len(records.days) :]
    found = forecast(replace(records, won=daily, ended=daily))
    assert found is not None
    to_come = found.by_month_end[0.5] - found.so_far
    assert 4 * found.days < to_come < 10 * found.days


def test_while_a_plant_fills_nothing_is_learnt_from_it() -> None:
    """More comes from week to week until the plant is full; then forecasts come true as often as said."""
    hits = np.zeros(2)
    for seed in (1, 2, 3, 5, 6, 7):
        records = records_of(plant(seed, "still", "entry")[1], PLANT)
        found = forecast(records)
        assert found is not None
        tries = found.month_tested[0.85].tries
        assert tries <= (records.over - 60) // 3 + 1
        hits += found.month_tested[0.85]
    assert 0.78 < hits[0] / hits[1] < 0.92


def test_forecasts_come_true_as_often_as_they_say() -> None:
    """On the past days of four plants, with the levels learnt on the way."""
    hits = {chance: np.zeros(2) for chance in CHANCES}
    for seed in (1, 2, 3, 5):
        found = forecast(records_of(plant(seed, "still")[1], PLANT))
        assert found is not None
        for tested in (found.month_tested, found.done_tested):
            for chance, (came, tries) in tested.items():
                hits[chance] += came, tries
    for chance, (came, tries) in hits.items():
        assert tries > 400
        assert came / tries == pytest.approx(chance, abs=0.06)


def test_too_little_says_nothing_in_both_languages() -> None:
    early = records_of(plant(1, "still", "entry")[1], PLANT, BEGIN + 12 * DAY)

    assert early.ended.sum() >= 0
    assert early.over < 20 or early.ended.sum() < FEWEST
    assert forecast(early) is None
    for code in CODES:
        assert len(forecast_sentences(None, Language(code))) == 1
        assert len(forecast_sentences(asked(203), Language(code))) == 4
