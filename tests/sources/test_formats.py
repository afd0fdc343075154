"""XES, JSON, Parquet and KPI tables, and where rejected rows go."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from factoryview.errors import InputError, UsageError
from factoryview.output import defused
from factoryview.sources import EventLog, ReadOptions, read
from factoryview.sources.rejects import Rejects
from factoryview.sources.spans import calendar_span
from tests.sources.conftest import events, findings

XES = """<?xml version="1.0" encoding="UTF-8"?>
<!-- a log -->
<log xes.version="1.0" xmlns="http://www.xes-standard.org/">
  <global scope="trace"><string key="concept:name" value="UNKNOWN"/></global>
  <string key="concept:name" value="the log"/>
  <trace>
    <event>
      <string key="concept:name" value="A &amp; B"><string key="concept:name" value="inner"/></string>
      <string key="org:resource" value="Ann"/>
      <date key="time:timestamp" value="2024-07-01T10:00:00.123+02:00"/>
      <string key="lifecycle:transition" value="complete"/>
    </event>
    <string key="concept:name" value="NA"/>
    <string key="channel" value="Post"/>
  </trace>
  <trace>
    <event><string key="concept:name" value="C"/><date key="time:timestamp" value="2024-07-02T10:00:00Z"/></event>
    <event><string key="concept:name" value="D"/></event>
  </trace>
</log>
"""


def test_xes(log_of: Callable[..., EventLog]) -> None:
    log = log_of(XES, "log.xes")
    assert events(log, '"case", stage, time, resource, channel') == [
        ("NA", "A & B", datetime(2024, 7, 1, 8, 0, 0, 123000), "Ann", "Post"),
        ("trace 2", "C", datetime(2024, 7, 2, 10), None, None),
    ]
    assert (log.rows, log.rejected) == (3, 1)
    assert "1 trace has no name" in findings(log, "warning")


def test_xes_is_known_by_its_content_too(log_of: Callable[..., EventLog]) -> None:
    assert events(log_of(gzip.compress(XES.encode()), "log.dat")) == events(log_of(XES, "log.xes"))


ITEMS = [
    {"case": 1, "activity": "A", "timestamp": "2024-01-01T10:00:00Z", "who": {"user": "Ann"}, "amount": 1.5},
    {"case": 1, "activity": "B", "timestamp": "2024-01-02T10:00:00Z", "late": True},
]


@pytest.mark.parametrize(
    "content",
    [
        "\n".join(map(json.dumps, ITEMS)),
        json.dumps(ITEMS),
        json.dumps(ITEMS, indent=2),
        json.dumps({"meta": 1, "events": ITEMS}, indent=1),
        "\ufeff" + json.dumps(ITEMS),
    ],
)
@pytest.mark.parametrize("name", ["log.jsonl", "log.json", "log"])
def test_json(content: str, name: str, log_of: Callable[..., EventLog]) -> None:
    log = log_of(content, name)
    assert events(log, '"case", stage, time, resource, value') == [
        ("1", "A", datetime(2024, 1, 1, 10), "Ann", 1.5),
        ("1", "B", datetime(2024, 1, 2, 10), None, None),
    ]
    assert log.columns["resource"] == "who.user"


def test_json_lines_that_are_no_objects_are_set_aside(log_of: Callable[..., EventLog]) -> None:
    log = log_of("\n".join([json.dumps(ITEMS[0]), "[1]", '{"case": ', json.dumps(ITEMS[1])]), "log.jsonl")
    assert (log.rows, log.rejected) == (4, 2)


@pytest.mark.parametrize("kind", ["TIMESTAMP", "TIMESTAMPTZ", "TIMESTAMP_NS", "VARCHAR"])
def test_parquet(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "log.parquet"
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    con.execute(
        f"COPY (SELECT 7 AS \"case id\", 'A' AS activity, ('2024-01-01 10:00:00.5')::{kind} AS timestamp, "
        "2.5::DECIMAL(9,2) AS amount) "
        f"TO '{path}' (FORMAT parquet)"
    )
    expected = [("7", "A", datetime(2024, 1, 1, 10, 0, 0, 500000), 2.5)]
    assert events(read(path), '"case", stage, time, value') == expected


def kpis(log: EventLog) -> list[tuple[object, ...]]:
    return log.connection.execute("SELECT * FROM kpi").fetchall()


def test_kpi_in_german(log_of: Callable[..., EventLog]) -> None:
    text = "Stufe;Woche;Zugänge;Abgänge;Verluste;Bestand\nAngebot;2025-W14;1.200;8,5;;3\nAngebot;2025-W15;;7;1;4\n"
    log = log_of(text)
    assert log.meaning == "kpi"
    monday = [datetime(2025, 3, 31), datetime(2025, 4, 7), datetime(2025, 4, 14)]
    assert kpis(log) == [
        ("Angebot", monday[0], monday[1], 1200.0, 8.5, None, 3.0),
        ("Angebot", monday[1], monday[2], 0.0, 7.0, 1.0, 4.0),
    ]


def test_kpi_in_english_by_day_in_a_zone(log_of: Callable[..., EventLog]) -> None:
    text = "stage,date,arrivals,departures\n" + "".join(f"A,2025-03-{d},1,2\n" for d in (29, 30, 31))
    log = log_of(text, timezone="Europe/Berlin")
    assert [row[1:3] for row in kpis(log)] == [
        (datetime(2025, 3, 28, 23), datetime(2025, 3, 29, 23)),
        (datetime(2025, 3, 29, 23), datetime(2025, 3, 30, 22)),
        (datetime(2025, 3, 30, 22), datetime(2025, 3, 31, 22)),
    ]


def test_kpi_bad_rows(log_of: Callable[..., EventLog]) -> None:
    text = "stage,month,in,out\nA,2025-01,1,1\nA,2025-02,1,1\n,2025-02,1,1\nA,soon,1,1\n"
    text += "A,2025-03,-1,1\nA,2025-03,x,1\nA,2025-02,2,2\n"
    log = log_of(text)
    assert (log.rows, log.rejected) == (7, 4)
    assert kpis(log)[1][1:5] == (datetime(2025, 2, 1), datetime(2025, 3, 1), 3.0, 3.0)
    assert "repeats a stage" in findings(log, "warning")


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2025-W01", datetime(2024, 12, 30), datetime(2025, 1, 6)),
        ("KW 14 2025", datetime(2025, 3, 31), datetime(2025, 4, 7)),
        ("2025-12", datetime(2025, 12, 1), datetime(2026, 1, 1)),
        ("03/2025", datetime(2025, 3, 1), datetime(2025, 4, 1)),
        ("Q4 2025", datetime(2025, 10, 1), datetime(2026, 1, 1)),
        ("2025", datetime(2025, 1, 1), datetime(2026, 1, 1)),
    ],
)
def test_buckets_named_after_the_calendar(text: str, start: datetime, end: datetime) -> None:
    assert calendar_span(text) == (start, end)


@pytest.mark.parametrize("text", ["2025-W60", "2025-13", "soon", "", "0000-01"])
def test_what_is_no_bucket(text: str) -> None:
    assert calendar_span(text) is None


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "  =1"])
def test_formulas_are_defused(text: str) -> None:
    assert defused(text) == "'" + text


BAD = "case,activity,timestamp\n1,A,2024-01-01\n1,B,\n"


def test_rejects_go_where_the_user_says(tmp_path: Path, written: Callable[..., Path]) -> None:
    target = tmp_path / "elsewhere.csv"
    assert read(written(BAD), ReadOptions(rejects=target)).rejects_file == target
    with pytest.raises(UsageError, match="it would be replaced"):
        read(written(BAD), ReadOptions(rejects=tmp_path / "log.csv"))
    with pytest.raises(InputError, match="rejected rows cannot be written"):
        read(written(BAD), ReadOptions(rejects=tmp_path / "none" / "x.csv"))


def test_rejects_go_to_the_temporary_folder_when_they_must(tmp_path: Path) -> None:
    with Rejects(tmp_path / "missing" / "log.csv", "log") as rejects:
        rejects.add(2, "no time", "1,B,")
    assert rejects.file is not None
    assert rejects.file.read_text(encoding="utf-8").splitlines() == ["line,reason,raw content", '2,no time,"1,B,"']
    assert "cannot be written to" in rejects.moved
    rejects.file.unlink()


def test_progress_rises_to_one(written: Callable[..., Path]) -> None:
    seen: list[tuple[float, str]] = []
    read(written(BAD), progress=lambda part, text: seen.append((part, text)))
    parts = [part for part, _ in seen]
    assert parts == sorted(parts)
    assert (parts[0], parts[-1]) == (0.0, 1.0)


def test_a_blank_weight_is_one_case(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("case,stage,time,n\na,Ask,2024-01-01,2\nb,Ask,2024-01-02,\n", encoding="utf-8")
    log = read(path, ReadOptions(columns={"weight": "n"}))
    assert log.connection.execute("select weight from events order by row").fetchall() == [(2.0,), (1.0,)]
