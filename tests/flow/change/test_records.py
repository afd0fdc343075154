"""What a day is in the records of a plant: the local one, however the clocks are changed."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from factoryview.flow.change.records import records_of
from factoryview.plant.models import Calendar, Plant
from tests.kit.plants.logs import store_of

EVERY_DAY = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@pytest.mark.parametrize("timezone", ["Europe/Berlin", "Europe/London", "America/New_York", "Australia/Lord_Howe"])
def test_who_works_after_midnight_is_counted_on_the_local_day_in_summer_and_winter(timezone: str) -> None:
    zone, rows = ZoneInfo(timezone), []
    expected: dict[date, set[str]] = defaultdict(set)
    for day in range(250):
        for hour, who in ((0.4, f"night {day % 3}"), (12.0, "day"), (14.0, "day"), (23.6, f"late {day % 2}")):
            if day % 5 == 0 and who != "day":
                continue
            at = datetime(2025, 1, 10, tzinfo=zone) + timedelta(days=day, hours=hour)
            expected[at.date()].add(who)
            rows.append((at.astimezone(UTC).replace(tzinfo=None), who))
    stays = pd.DataFrame({
        "id": range(len(rows)), "case": [f"c{k}" for k in range(len(rows))], "stage": "Check",
        "entered": [at - timedelta(minutes=5) for at, _ in rows], "started": [at for at, _ in rows],
        "left": [at + timedelta(minutes=5) for at, _ in rows], "next": "Done", "via": None, "channel": None,
        "weight": 1.0, "resource": [who for _, who in rows], "value": float("nan"), "reason": None, "last": True,
    })  # fmt: skip
    outcomes = pd.DataFrame({
        "case": stays["case"], "outcome": "Done", "at": stays["left"], "until": pd.NaT, "via": "Check",
        "channel": None, "weight": 1.0, "value": float("nan"), "reason": None,
    })  # fmt: skip
    plant = Plant(name="nights", timezone=timezone, calendar=Calendar(days=EVERY_DAY))
    records = records_of(store_of(stays, outcomes, "interval"), plant)
    [check] = records.stages
    told = dict(zip(records.dates, check.people.tolist(), strict=True))
    assert {day: told[day] for day in expected} == {day: len(who) for day, who in expected.items()}
