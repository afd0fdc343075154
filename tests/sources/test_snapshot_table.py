"""One row per deal: which dates become which entries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from factoryview.sources import EventLog
from tests.sources.conftest import events, findings


def day(number: int) -> datetime:
    return datetime(2024, 1, number)


DEALS = """nr,phase,kontakt_am,schluss_am,betrag
1,Ja,2024-01-01,2024-01-05,10
2,Nein,2024-01-02,2024-01-06,0
3,Gespräch,2024-01-03,,
4,Neu,,,
5,Gespräch,2024-01-04,,
6,Ja,2024-01-04,2024-01-09,5
"""


def test_structure_alone_tells_the_story(log_of: Callable[..., EventLog]) -> None:
    log = log_of(DEALS)
    assert log.meaning == "entry"
    assert log.explicit_ends == ("Ja", "Nein")
    assert (log.rows, log.rejected) == (6, 0)
    assert events(log, '"case", stage, time, value') == [
        ("1", "Gespräch", day(1), 10.0),
        ("1", "Ja", day(5), 10.0),
        ("2", "Gespräch", day(2), 0.0),
        ("2", "Nein", day(6), 0.0),
        ("3", "Gespräch", day(3), None),
        ("4", "Neu", None, None),
        ("5", "Gespräch", day(4), None),
        ("6", "Gespräch", day(4), 5.0),
        ("6", "Ja", day(9), 5.0),
    ]


def test_columns_in_any_order_and_rows_of_their_own(log_of: Callable[..., EventLog]) -> None:
    lines = [",".join(reversed(line.split(","))) for line in DEALS.splitlines()]
    assert sorted(events(log_of("\n".join(lines))), key=str) == sorted(events(log_of(DEALS)), key=str)
    rows = events(log_of(DEALS), "row")
    assert len(set(rows)) == len(rows)


def test_the_close_date_of_an_open_deal_is_a_forecast(log_of: Callable[..., EventLog]) -> None:
    text = "Record ID,Deal Stage,Create Date,Close Date\n"
    text += "1,Closed Won,2024-01-01,2024-01-05\n2,Proposal,2024-01-02,2024-09-01\n3,Qualified,2024-01-03,2024-09-01\n"
    log = log_of(text)
    assert log.explicit_ends == ("Closed Won",)
    assert events(log) == [
        ("1", "Create", day(1)),
        ("1", "Closed Won", day(5)),
        ("2", "Proposal", day(2)),
        ("3", "Qualified", day(3)),
    ]
    assert "2 open cases have this date: a forecast" in findings(log)
    assert "since when really is not said" in findings(log, "warning")


def test_won_at_and_lost_at(log_of: Callable[..., EventLog]) -> None:
    text = "id,status,added,won time,lost time\n"
    text += "1,won,2024-01-01,2024-01-05,\n2,lost,2024-01-02,,2024-01-06\n3,open,2024-01-03,,\n"
    log = log_of(text)
    assert set(log.explicit_ends) == {"won", "lost"}
    assert events(log) == [
        ("1", "open", day(1)),
        ("1", "won", day(5)),
        ("2", "open", day(2)),
        ("2", "lost", day(6)),
        ("3", "open", day(3)),
    ]


def test_milestones_without_a_status(log_of: Callable[..., EventLog]) -> None:
    text = "case id,department,received on,checked on,decided on\n"
    text += "".join(
        f"{i},North {i},2024-01-01,2024-01-0{2 + i % 3},{'2024-01-09' if i % 2 else ''}\n" for i in range(80)
    )
    log = log_of(text)
    assert [row[1] for row in events(log)][:5] == ["Received", "Checked", "Received", "Checked", "Decided"]


def test_a_flag_says_what_is_closed(log_of: Callable[..., EventLog]) -> None:
    text = "id,stage,is_closed,created,closed\n1,X9,true,2024-01-01,2024-01-02\n2,Z1,false,2024-01-01,2024-05-02\n"
    assert log_of(text).explicit_ends == ("X9",)


def test_bad_rows_are_set_aside(log_of: Callable[..., EventLog]) -> None:
    more = "".join(f"{i},Ja,2024-01-01,2024-01-05,1\n" for i in range(100, 120))
    log = log_of(
        DEALS + more + "7,Ja,2024-01-04,irgendwann,5\n,Ja,2024-01-04,2024-01-05,5\n8,,2024-01-04,2024-01-05,5\n"
    )
    assert (log.rows, log.rejected) == (29, 3)
    assert len(events(log)) == 9 + 40


def test_stages_are_named_after_their_dates_without_the_word_for_date(log_of: Callable[..., EventLog]) -> None:
    rows = []
    for i in range(24):
        status, paid = ("Paid", f"2025-03-{1 + i:02}") if i % 3 else (("Open", "Waiting")[i % 2], "")
        rows.append(f"P{i};{status};2025-01-{1 + i:02};2025-02-{1 + i:02};{paid}")
    log = log_of("\n".join(["permitno;status;applieddate;inspectiondate;paiddate", *rows]))
    assert {row[1] for row in events(log)} == {"Applied", "Inspection", "Paid", "Open", "Waiting"}
