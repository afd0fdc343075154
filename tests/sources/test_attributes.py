"""Columns that play no role are kept as attributes of every kind of file, row by row as the file has them."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import pytest

from factoryview.plant.models import TableJoin, TableRule
from factoryview.sources import EventLog, ReadOptions, read, read_tables
from factoryview.sources.columns.headers import tells_who_works, tells_whom
from factoryview.sources.limits import LONGEST_ATTRIBUTE, MOST_ATTRIBUTES
from tests.sources.conftest import findings

Said = dict[str, list[tuple[str, str]]]
"""Attribute → the (case, text) pairs of the events, sorted."""

LOG = """case,stage,time,user,region,amount,Bearbeiter 2,note
a,Ask,2024-01-01 08:00,Ann,North,"1,200",Bo,first
a,Offer,2024-01-02 08:00,Bo,North,"1,200",Bo,
b,Ask,2024-01-03 08:00,Ann, South ,90,Ann,x
b,Offer,,Ann,South,90,Ann,rejected
"""


def said(log: EventLog) -> Said:
    found: Said = {}
    for column in log.attributes:
        query = f'select "case", text from ({column.query}) where text is not null order by all'
        found[column.name] = log.connection.execute(query).fetchall()
    return found


def written(tmp_path: Path, content: str, name: str = "log.csv") -> Path:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    return path


def by_hand(content: str, columns: Sequence[str], case: str = "case", time: str = "time") -> Said:
    rows = [row for row in csv.DictReader(io.StringIO(content)) if row[time]]
    return {c: sorted((row[case], row[c].strip()) for row in rows if row[c].strip()) for c in columns}


def test_columns_without_a_role_are_attributes_of_their_rows(tmp_path: Path) -> None:
    log = read(written(tmp_path, LOG), ReadOptions(columns={"resource": "user", "value": "amount"}))
    assert said(log) == by_hand(LOG, ["region", "note"])
    rows = log.connection.execute(f"select row, text from ({log.attributes[1].query}) order by row").fetchall()
    assert rows == [(0, "first"), (1, None), (2, "x")], "they are bound to the events by their rows"
    report = findings(log, "info")
    assert "Columns kept as attributes, to select by: region, note." in report
    assert "Columns that are not used: Bearbeiter 2." in report


def test_a_role_nobody_needs_is_an_attribute_and_nothing_is_kept_without_one(tmp_path: Path) -> None:
    bare = read(written(tmp_path, "case,stage,time\na,Ask,2024-01-01\n"))
    assert bare.attributes == ()
    tables = {name for (name,) in bare.connection.execute("select table_name from duckdb_tables()").fetchall()}
    assert tables == {"events"}


def test_starts_and_completions_keep_what_the_completion_says(tmp_path: Path) -> None:
    content = """case,activity,timestamp,lifecycle:transition,colour
a,Cut,2024-01-01 08:00,start,red
a,Cut,2024-01-01 09:00,complete,blue
a,Drill,2024-01-01 10:00,start,blue
a,Drill,2024-01-01 11:00,complete,blue
"""
    log = read(written(tmp_path, content))
    assert log.meaning == "interval"
    assert said(log) == {"colour": [("a", "blue"), ("a", "blue")]}


def test_a_table_of_cases_says_it_at_every_entry(tmp_path: Path) -> None:
    days = [f"{k % 27 + 1:02d}" for k in range(40)]
    rows = [
        f"D{k},{'Won' if k % 2 else 'Lost'},2024-01-{day},2024-02-{day},2024-03-{day},P{k % 3}"
        for k, day in enumerate(days)
    ]
    content = "deal,status,created,offered,closed,product\n" + "\n".join(rows) + "\n"
    log = read(written(tmp_path, content))
    assert "One row per case" in findings(log, "info")
    events = log.connection.execute('select "case", count(*) from events group by 1').fetchall()
    found = defaultdict(list)
    for case, text in said(log)["product"]:
        found[case].append(text)
    assert {case: (len(texts), set(texts)) for case, texts in found.items()} == {
        case: (count, {f"P{int(case[1:]) % 3}"}) for case, count in events
    }


def test_traces_and_events_of_xes_say_both(tmp_path: Path) -> None:
    content = """<?xml version="1.0" encoding="UTF-8"?>
<log xmlns="http://www.xes-standard.org/">
  <trace><string key="concept:name" value="a"/><string key="segment" value="large"/>
    <event><string key="concept:name" value="Ask"/><date key="time:timestamp" value="2024-01-01T10:00:00Z"/>
      <string key="org:resource" value="Ann"/><int key="pages" value="3"/></event>
    <event><string key="concept:name" value="Bid"/><date key="time:timestamp" value="2024-01-02T10:00:00Z"/></event>
  </trace>
</log>"""
    log = read(written(tmp_path, content, "log.xes"))
    assert said(log) == {"case:segment": [("a", "large"), ("a", "large")], "pages": [("a", "3")]}


def test_an_export_of_a_crm_says_it_of_the_case(tmp_path: Path) -> None:
    content = """Opportunity ID,Field,Old Value,New Value,Created Date,Territory,Edited By
D1,created,,,2024-01-01T08:00:00Z,West,Ann
D1,StageName,Prospecting,Offer,2024-01-03T08:00:00Z,West,Bo
D2,created,,,2024-01-02T08:00:00Z,East,Ann
D2,StageName,Prospecting,Closed Won,2024-01-04T08:00:00Z,East,Ann
"""
    log = read(written(tmp_path, content))
    assert "Salesforce" in findings(log, "info")
    assert {name: sorted(set(pairs)) for name, pairs in said(log).items()} == {
        "Territory": [("D1", "West"), ("D2", "East")]
    }


def test_joined_tables_say_it_of_the_cases_their_rows_belong_to(tmp_path: Path) -> None:
    written(tmp_path, "lead,day,origin,region\nL1,2024-01-01,web,North\nL2,2024-01-02,fair,South\n", "leads.csv")
    written(tmp_path, "lead,customer,won,plan,region\nL1,C1,2024-02-01,gold,N\n", "deals.csv")
    written(tmp_path, "customer,sent,parcel size\nC1,2024-03-01,XL\n", "orders.csv")
    rules = (
        TableRule(table="leads.csv", key="lead", date="day", stage="Lead", rank=1, columns={"channel": "origin"}),
        TableRule(table="deals.csv", key="lead", date="won", stage="Won", rank=2),
        TableRule(
            table="orders.csv", key="customer", date="sent", stage="Sent", rank=3,
            join=TableJoin(table="deals.csv", key="customer", case="lead"),
        ),
    )  # fmt: skip
    assert said(read_tables(tmp_path, rules)) == {
        "region": [("L1", "North"), ("L2", "South")],
        "plan": [("L1", "gold")],
        "deals.region": [("L1", "N")],
        "parcel size": [("L1", "XL")],
    }


def test_number_and_length_are_bounded_and_told(tmp_path: Path) -> None:
    names = [f"field {k}" for k in range(MOST_ATTRIBUTES + 3)]
    long = "x" * (LONGEST_ATTRIBUTE + 50)
    content = f"case,stage,time,{','.join(names)}\na,Ask,2024-01-01 08:00,{','.join([long] * len(names))}\n"
    log = read(written(tmp_path, content))
    assert [column.name for column in log.attributes] == names[:MOST_ATTRIBUTES]
    assert said(log)["field 0"] == [("a", long[:LONGEST_ATTRIBUTE])]
    assert f"not used: {', '.join(names[MOST_ATTRIBUTES:])}." in findings(log, "info")


@pytest.mark.parametrize("name", ["User 2", "case:Responsible", "po_creator", "Zweiter Prüfer", "approver id", "owner"])
def test_who_works_is_no_attribute_under_any_name(name: str, tmp_path: Path) -> None:
    assert tells_who_works(name)
    content = f"case,stage,time,resource,{name}\na,Ask,2024-01-01 08:00,Ann,Bo\na,Offer,2024-01-02 08:00,Ann,Bo\n"
    log = read(written(tmp_path, content))
    assert said(log) == {}


@pytest.mark.parametrize(
    ("name", "personal"),
    [
        *[
            (name, True)
            for name in ("Kunde", "customer_name", "E-Mail", "Customer ID", "Vorname", "Telefon", "account")
        ],
        *[(name, False) for name in ("customer segment", "region", "product name", "account type", "team", "amount")],
    ],
)
def test_columns_of_customers_are_known_by_their_names(name: str, personal: bool) -> None:
    assert tells_whom(name) is personal
