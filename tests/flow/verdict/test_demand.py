"""What comes and goes since a jam began, against the rows of the log, and what is made of it."""

from __future__ import annotations

import csv
import gzip
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from factoryview.factory.opening import open_factory
from factoryview.flow.verdict.demand import Demand, changed, demand_of
from factoryview.flow.verdict.findings import findings_of

DATA = Path(__file__).parents[3] / "data"
BERLIN = ZoneInfo("Europe/Berlin")


def test_what_comes_and_goes_is_what_the_rows_say() -> None:
    made = open_factory(DATA / "umsatzwerk.toml")
    evidence = findings_of(made.store, made.plant).evidence
    until, since = datetime(2025, 5, 19, tzinfo=BERLIN), datetime(2025, 4, 7, tzinfo=BERLIN)
    found = demand_of(evidence, "Approval", since.timestamp() / 3600, until.timestamp() / 3600)
    come, go = rows("Approval")
    before = since - (until - since)
    holidays = set(made.plant.calendar.holidays)
    assert found is not None
    for moments, now, earlier in ((come, found.come, found.before_come), (go, found.go, found.before_go)):
        assert now == pytest.approx(sum(since <= at < until for at in moments) / days(since, until, holidays))
        assert earlier == pytest.approx(sum(before <= at < since for at in moments) / days(before, since, holidays))
    short = (since + timedelta(days=2)).timestamp() / 3600
    assert demand_of(evidence, "Approval", since.timestamp() / 3600, short) is None


def rows(stage: str) -> tuple[list[datetime], list[datetime]]:
    """When cases came to the stage, and when they left it."""
    cases: dict[str, list[tuple[datetime, str]]] = {}
    with gzip.open(DATA / "umsatzwerk.csv.gz", "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            cases.setdefault(row["case"], []).append((datetime.fromisoformat(row["time"]), row["stage"]))
    come, go = [], []
    for way in cases.values():
        way.sort(key=lambda step: step[0])
        come += [at for at, name in way if name == stage]
        go += [after for (_, name), (after, _) in pairwise(way) if name == stage]
    return come, go


def days(since: datetime, until: datetime, holidays: set[date]) -> int:
    """Working days between two midnights."""
    dates = [since.date() + timedelta(days=k) for k in range((until.date() - since.date()).days)]
    return sum(day.weekday() < 5 and day not in holidays for day in dates)


@pytest.mark.parametrize(
    ("come", "go", "before", "means"),
    [
        (34.0, 31.0, (23.0, 23.0), "demand"),
        (23.0, 18.0, (23.0, 23.0), "output"),
        (30.0, 18.0, (23.0, 23.0), "demand"),
        (23.0, 22.0, (23.0, 23.0), None),
        (34.0, 31.0, (None, None), None),
        (34.0, 31.0, (0.0, 0.0), None),
        (34.0, 31.0, (12.0, 12.0), "demand"),
        (34.0, 31.0, (6.6, 6.0), None),
    ],
)
def test_more_that_comes_is_looked_at_before_less_that_goes(
    come: float, go: float, before: tuple[float | None, float | None], means: str | None
) -> None:
    assert changed(Demand(0.0, come, go, *before)) == means


def test_of_what_is_not_known_nothing_is_said() -> None:
    assert changed(None) is None
