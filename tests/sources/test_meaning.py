"""What the times mean, detected or said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from factoryview.errors import UsageError
from factoryview.sources import EventLog
from tests.sources.conftest import events, findings


def table(header: str, *rows: str) -> str:
    return "\n".join([header, *rows]) + "\n"


PLAIN = table(
    "case,activity,timestamp",
    *(f"c{i},{'ABC'[k]},2024-01-{1 + i:02} 1{k}:00:00" for i in range(20) for k in range(3)),
)


def spans(first: str, second: str, minutes: int = 30) -> str:
    rows = [
        f"c{i},{'ABC'[k]},2024-01-{1 + i:02} 1{k}:00,2024-01-{1 + i:02} 1{k}:{minutes:02}"
        for i in range(20)
        for k in range(3)
    ]
    return table(f"case,activity,{first},{second}", *rows)


@pytest.mark.parametrize(
    ("content", "meaning", "asked"),
    [
        (PLAIN, "completion", True),
        (PLAIN.replace("timestamp", "completed at"), "completion", False),
        (PLAIN.replace("activity", "status"), "entry", True),
        (PLAIN.replace("activity", "stage").replace("timestamp", "entered at"), "entry", False),
        (PLAIN.replace("timestamp", "Beginn"), "entry", True),
        (spans("start_time", "end_time"), "interval", False),
        (spans("Beginn", "Ende"), "interval", False),
        (spans("Start", "Ende", minutes=0), "completion", True),
        (spans("valid_from", "valid_to"), "entry", False),
        (spans("entered_at", "left_at"), "entry", False),
    ],
)
def test_detected(content: str, meaning: str, asked: bool, log_of: Callable[..., EventLog]) -> None:
    log = log_of(content)
    assert log.meaning == meaning
    assert ("--times" in findings(log, "ask")) == asked


@pytest.mark.parametrize("wish", ["entry", "completion"])
def test_said(wish: str, log_of: Callable[..., EventLog]) -> None:
    log = log_of(PLAIN, times=wish)
    assert log.meaning == wish
    assert "--times" not in findings(log, "ask")


def test_interval_needs_a_start(log_of: Callable[..., EventLog]) -> None:
    with pytest.raises(UsageError, match="start"):
        log_of(PLAIN, times="interval")
    log = log_of(spans("one", "two"), times="interval", columns={"start": "one", "time": "two"})
    assert log.meaning == "interval"


def test_open_ends(log_of: Callable[..., EventLog]) -> None:
    rows = ["c,A,2024-01-01 10:00,2024-01-01 11:00", "c,B,2024-01-01 12:00,9999-12-31 00:00", "c,C,2024-01-01 13:00,"]
    log = log_of(table("case,activity,start time,end time", *rows))
    assert log.meaning == "interval"
    assert events(log, "stage, start, time") == [
        ("A", datetime(2024, 1, 1, 10), datetime(2024, 1, 1, 11)),
        ("B", datetime(2024, 1, 1, 12), None),
        ("C", datetime(2024, 1, 1, 13), None),
    ]


def test_a_start_after_its_end_is_set_aside(log_of: Callable[..., EventLog]) -> None:
    content = spans("start_time", "end_time") + "c1,A,2024-02-02 10:00,2024-02-02 09:00\nc1,B,2024-02-02 10:00,later\n"
    log = log_of(content)
    assert (len(events(log)), log.rejected) == (60, 2)


def test_lifecycle_pairs_first_in_first_out(log_of: Callable[..., EventLog]) -> None:
    rows = [
        "c,A,start,2024-01-01 10:00",
        "c,A,start,2024-01-01 11:00",
        "c,A,complete,2024-01-01 12:00",
        "c,A,complete,2024-01-01 13:00",
        "c,B,schedule,2024-01-01 13:10",
        "c,B,complete,2024-01-01 14:00",
        "c,C,start,2024-01-01 15:00",
        "c,D,start,2024-01-01 16:00",
    ]
    log = log_of(table("case,activity,lifecycle:transition,timestamp", *rows))
    hour = {h: datetime(2024, 1, 1, h) for h in range(10, 17)}
    assert log.meaning == "interval"
    assert events(log, "stage, start, time") == [
        ("A", hour[10], hour[12]),
        ("A", hour[11], hour[13]),
        ("B", None, hour[14]),
        ("C", hour[15], hour[15]),
        ("D", hour[16], None),
    ]
    assert "do not pair" in findings(log, "warning")
    assert "1 row is neither" in findings(log)


def test_instances_pair_with_themselves(log_of: Callable[..., EventLog]) -> None:
    rows = ["c,A,start,1,2024-01-01 10:00", "c,A,start,2,2024-01-01 11:00", "c,A,complete,2,2024-01-01 12:00"]
    rows.append("c,A,complete,1,2024-01-01 13:00")
    log = log_of(table("case,activity,lifecycle,concept:instance,timestamp", *rows))
    assert [row[0].hour for row in events(log, "start")] == [11, 10]  # type: ignore[attr-defined]


def test_ambiguous_days_are_asked_about(log_of: Callable[..., EventLog]) -> None:
    log = log_of(table("case,activity,completed at", "1,A,1/2/2024", "1,B,3/4/2024"))
    assert "day first" in findings(log, "ask")
    assert events(log)[0][2] == datetime(2024, 2, 1)


def test_one_day_above_twelve_anywhere_settles_the_order(log_of: Callable[..., EventLog]) -> None:
    rows = [f"c{i // 3},A,1/{1 + i % 12}/2024" for i in range(9000)]
    rows[4000] = "c1,A,1/13/2024"
    log = log_of(table("case,activity,completed at", *rows))
    assert log.rejected == 0
    assert "day first" not in findings(log)
    assert events(log)[1][2] == datetime(2024, 1, 2)


def test_local_midnight_is_reported(log_of: Callable[..., EventLog]) -> None:
    rows = [f"1,A{i % 3},2024-07-{1 + i:02}T{'00' if i % 2 else '10'}:00:00+02:00" for i in range(20)]
    assert "50% of the times are midnight" in findings(log_of(table("case,activity,timestamp", *rows)), "warning")


def test_full_hours_are_midnight_as_often_as_chance_has_it(log_of: Callable[..., EventLog]) -> None:
    rows = [f"{i // 3},A{i % 3},2024-07-{1 + i // 24:02}T{i * 5 % 24:02}:00:00" for i in range(0, 240, 2)]
    midnights = sum("T00:00:00" in row for row in rows)
    assert midnights / len(rows) > 0.05
    assert "midnight" not in findings(log_of(table("case,activity,timestamp", *rows)), "warning")


def test_naive_times_are_in_the_zone_said(log_of: Callable[..., EventLog]) -> None:
    log = log_of(table("case,activity,completed at", "1,A,2024-07-01 10:00"), timezone="Europe/Berlin")
    assert events(log)[0][2] == datetime(2024, 7, 1, 8)
    assert "Europe/Berlin" in findings(log, "info")
