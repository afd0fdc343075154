"""Which clock belongs to which date, and what waits where a bucket has a row for each group or shift."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

import pytest

from factoryview.sources import EventLog
from tests.sources.conftest import events, findings

STAGES = ("Intake", "Check", "Approve", "Ship")
SPANS = [
    (f"C{case:03}", stage, begun, begun + timedelta(minutes=137 + 61 * ((case + step) % 7)))
    for case in range(40)
    for step, stage in enumerate(STAGES)
    for begun in [datetime(2026, 1, 5, 8) + timedelta(hours=7 * case + 30 * step)]
]
MIDNIGHT = datetime.min.time()


@pytest.mark.parametrize(
    ("header", "clocks"),
    [
        ("Start date,End date,End time", "end"),
        ("End date,Start date,End time", "end"),
        ("Start date,Time,End date", "end"),
        ("Start date,Start time,End date", "start"),
        ("Start time,Start date,End time,End date", "both"),
        ("Start date,End date,Start time,End time", "both"),
        ("End date,Start date,Start time,End time", "both"),
        ("Beginn Datum,Ende Datum,Ende Uhrzeit,Beginn Uhrzeit", "both"),
    ],
)
def test_each_date_takes_its_own_clock(header: str, clocks: str, log_of: Callable[..., EventLog]) -> None:
    spans = [(c, s, a, b + timedelta(days=clocks == "start")) for c, s, a, b in SPANS]

    def cell(name: str, begun: datetime, done: datetime) -> str:
        at = begun if name.startswith(("Start", "Beginn")) else done
        return f"{at:%Y-%m-%d}" if "dat" in name.lower() else f"{at:%H:%M}"

    lines = [",".join([c, s, *(cell(name, a, b) for name in header.split(","))]) for c, s, a, b in spans]
    log = log_of("\n".join([f"Case,Activity,{header}", *lines]) + "\n")

    def told(at: datetime, side: str) -> datetime:
        return at if clocks in (side, "both") else datetime.combine(at, MIDNIGHT)

    found = events(log, '"case", stage, start, time')
    assert sorted(found) == sorted((c, s, told(a, "start"), told(b, "end")) for c, s, a, b in spans)


@pytest.mark.parametrize("kind", ["groups", "shifts", "shifts upwards", "neither"])
def test_what_waits_where_a_bucket_has_several_rows(kind: str, log_of: Callable[..., EventLog]) -> None:
    rng, rows = Random(3), []
    waiting = {"north": 50, "south": 20, "west": 35}
    expected: dict[datetime, float | None] = {}
    for day in range(30):
        at = datetime(2026, 1, 5) + timedelta(days=day)
        for part in waiting:
            came, went = rng.randint(5, 9), rng.randint(5, 9)
            waiting[part] += came - went
            whole = sum(waiting.values())
            told = waiting[part] if kind == "groups" else whole if "shifts" in kind else rng.randint(1, 99)
            rows.append(f"{at:%Y-%m-%d},{part},{came},{went},{told}")
        expected[at] = None if kind == "neither" else whole
    lines = rows[::-1] if kind == "shifts upwards" else rows
    log = log_of("\n".join(["Date,Part,Arrivals,Departures,WIP", *lines]) + "\n")
    found = dict(log.connection.execute("SELECT bucket, wip FROM kpi").fetchall())
    assert found == expected
    assert ("What waits is left out" in findings(log, "warning")) == (kind == "neither")


def test_a_row_given_twice_is_no_second_group(log_of: Callable[..., EventLog]) -> None:
    rows = [f"Sales,2026-01-{day:02},{5 + day % 3},5,{20 + day}" for day in range(1, 29)]
    log = log_of("\n".join(["Stage,Date,Arrivals,Departures,WIP", *rows, rows[9]]) + "\n")
    assert [wip for (wip,) in log.connection.execute("SELECT wip FROM kpi ORDER BY bucket").fetchall()] == [
        None if day == 10 else 20 + day for day in range(1, 29)
    ]
