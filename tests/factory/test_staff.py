"""Who works at a stage on a day, against plain Python, by day and along time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from factoryview.factory.staff import heads_on, staff_of, workers_on
from factoryview.plant.models import Plant, Stage, Worker
from factoryview.time import hours_of

FIRST = date(2024, 3, 25)
DAYS = st.integers(0, 14).map(lambda n: FIRST + timedelta(n))
WORKERS = st.lists(
    st.builds(
        Worker,
        stage=st.sampled_from(["Ask", "Offer"]),
        kind=st.sampled_from(["person", "robot"]),
        count=st.integers(1, 3),
        since=st.none() | DAYS,
        until=st.none() | DAYS,
    ),
    max_size=5,
)


@given(WORKERS, st.sampled_from(["Europe/Berlin", "America/New_York", "UTC"]))
def test_every_day_has_the_heads_of_its_workers(workers: list[Worker], zone: str) -> None:
    plant = Plant(name="x", timezone=zone, workers=tuple(workers), stages=(Stage(name="Ask", posts=4),))
    staff = staff_of(plant, "Ask")
    here = [worker for worker in workers if worker.stage == "Ask"]
    for n in range(-2, 18):
        day = FIRST + timedelta(n)
        expected = {"person": 0, "robot": 0}
        for worker in here:
            if (worker.since or day) <= day <= (worker.until or day):
                expected[worker.kind] += worker.count
        assert heads_on(plant, "Ask", day) == (expected["person"], expected["robot"])
        assert sum(worker.count for worker in workers_on(plant, "Ask", day)) == sum(expected.values())
        assert staff is not None
        if not here:
            assert staff.at(np.array([0.0])).tolist() == [4.0], "the posts stand for workers that nobody names"
        elif any(worker.since is None for worker in here) or day >= min(w.since for w in here if w.since is not None):
            begin = datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
            last = datetime.combine(day, time(23, 59, 59), ZoneInfo(zone)).astimezone(UTC)
            moments = np.array([hours_of(begin), hours_of(last)])
            assert staff.at(moments).tolist() == [float(sum(expected.values()))] * 2


def test_before_the_first_worker_there_were_as_many() -> None:
    plant = Plant(name="x", workers=(Worker(stage="Ask", count=2, since=date(2024, 4, 1)),))
    staff = staff_of(plant, "Ask")
    assert staff is not None
    assert staff.at(np.array([hours_of(datetime(2020, 1, 1, tzinfo=UTC))])).tolist() == [2.0]


def test_without_workers_and_posts_nothing_is_known() -> None:
    assert staff_of(Plant(name="x", stages=(Stage(name="Ask"),)), "Ask") is None
    assert staff_of(Plant(name="x"), "nowhere") is None
