"""Tables of counts, whatever their shape, say what passed which stage when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from factoryview.errors import InputError
from factoryview.sources import EventLog
from factoryview.sources.spans import calendar_span
from tests.sources.conftest import findings

STAGES = ("Calls", "Offers", "Orders")
DAYS = [date(2025, 1, 6) + timedelta(days=n) for n in range(28) if n % 7 < 5]
COUNTS = {(day, stage): 90 - 30 * k + n % 7 for n, day in enumerate(DAYS) for k, stage in enumerate(STAGES)}


def passed(log: EventLog) -> dict[tuple[date, str], float]:
    assert log.meaning == "kpi"
    rows = log.connection.execute("SELECT bucket, stage, arrivals, departures FROM kpi").fetchall()
    assert all(arrivals == departures for _, _, arrivals, departures in rows)
    return {(bucket.date(), stage): arrivals for bucket, stage, arrivals, _ in rows}


def wide(header: str, day: Callable[[date], str], sign: str = ",", more: Callable[[date], str] = lambda _: "") -> str:
    lines = [sign.join([day(d), *(str(COUNTS[d, s]) for s in STAGES)]) + more(d) for d in DAYS]
    return "\n".join([header, *lines]) + "\n"


@pytest.mark.parametrize(
    "text",
    [
        wide("Date,Calls,Offers,Orders", str),
        wide("Datum;Calls;Offers;Orders", lambda d: f"{d:%d.%m.%Y}", ";"),
        wide("Tag;Calls;Offers;Orders;Gesamt", lambda d: f"{d:%d.%m.%y}", ";", lambda _: ";180"),
        wide("day\tCalls\tOffers\tOrders", lambda d: f"{d:%a %d %b %Y}", "\t"),
        wide("x,Calls,Offers,Orders", lambda d: f"{d}T00:00:00"),
        "Stage," + ",".join(map(str, DAYS)) + "\n"
        + "".join(f"{s}," + ",".join(str(COUNTS[d, s]) for d in DAYS) + "\n" for s in STAGES),
        "date,stage,count\n" + "".join(f"{d},{s},{n}\n" for (d, s), n in COUNTS.items()),
        "Datum;Aktivität;Anzahl\n" + "".join(f"{d:%d.%m.%Y};{s};{n}\n" for (d, s), n in COUNTS.items()),
    ],
)  # fmt: skip
def test_one_number_per_stage_and_day(text: str, log_of: Callable[..., EventLog]) -> None:
    log = log_of(text)
    assert passed(log) == COUNTS
    assert "How many wait is not known" in findings(log, "warning")


@pytest.mark.parametrize(
    ("names", "buckets"),
    [
        (["2025-W02", "2025-W03", "2025-W04"], ["2025-01-06", "2025-01-13", "2025-01-20"]),
        (["KW 2/2025", "KW 3/2025", "KW 4/2025"], ["2025-01-06", "2025-01-13", "2025-01-20"]),
        (["Jan 2025", "Feb 2025", "Mar 2025"], ["2025-01-01", "2025-02-01", "2025-03-01"]),
        (["janv. 2025", "févr. 2025", "mars 2025"], ["2025-01-01", "2025-02-01", "2025-03-01"]),
        (["Januar 25", "Februar 25", "März 25"], ["2025-01-01", "2025-02-01", "2025-03-01"]),
        (["Q1 2025", "Q2 2025", "Q3 2025"], ["2025-01-01", "2025-04-01", "2025-07-01"]),
        (["06.01.2025 - 12.01.2025", "13.01. - 19.01.2025", "20.01.-26.01.2025"],
         ["2025-01-06", "2025-01-13", "2025-01-20"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("shape", ["rows", "columns"])
def test_buckets_by_name(names: list[str], buckets: list[str], shape: str, log_of: Callable[..., EventLog]) -> None:
    if shape == "rows":
        text = "period;A;B\n" + "".join(f"{name};{n};{n + 10}\n" for n, name in enumerate(names, 1))
    else:
        text = f"stage;{';'.join(names)}\nA;1;2;3\nB;11;12;13\n"
    log = log_of(text)
    rows = log.connection.execute("SELECT bucket::DATE::VARCHAR, arrivals FROM kpi WHERE stage = 'B' ORDER BY 1")
    assert rows.fetchall() == list(zip(buckets, (11, 12, 13), strict=True))


def test_columns_that_say_what_they_count(log_of: Callable[..., EventLog]) -> None:
    text = "week,Review in,Review out,Done in,Done out,Review backlog\n" + "".join(
        f"2025-W{w:02},{w},{w - 1},{w - 1},{w - 2},5\n" for w in range(3, 20)
    )
    log = log_of(text)
    found = log.connection.execute(
        "SELECT stage, sum(arrivals), sum(departures), max(wip) FROM kpi GROUP BY 1 ORDER BY 1"
    )
    assert found.fetchall() == [("Done", sum(range(2, 19)), sum(range(1, 18)), None),
                                ("Review", sum(range(3, 20)), sum(range(2, 19)), 5)]  # fmt: skip
    assert "How many wait" not in findings(log)


def test_what_waits_alone_is_not_enough(log_of: Callable[..., EventLog]) -> None:
    with pytest.raises(InputError, match=r"backlog.*arrivals and departures"):
        log_of("week,stage,backlog\n" + "".join(f"2025-W{w:02},{s},{w}\n" for w in range(2, 9) for s in "AB"))


@pytest.mark.parametrize(
    "text",
    [
        "id,step,time\n" + "".join(f"{n // 3},{n % 3},2025-01-{1 + n // 2:02} 1{n % 7}:3{n % 10}\n" for n in range(40)),
        "ticket,code,when\n" + "".join(f"{n % 13},{n % 5},2025-01-{1 + n // 2:02}\n" for n in range(40)),
    ],
)
def test_a_log_of_numbers_is_no_table_of_counts(text: str, log_of: Callable[..., EventLog]) -> None:
    assert log_of(text).meaning != "kpi"


@pytest.mark.parametrize("text", ["Jan", "13", "2025-01-06", "Q5 2025", "W60 2025", "soon", "", "2025-13", "Foo 2025"])
def test_what_is_no_span(text: str) -> None:
    assert calendar_span(text) is None
