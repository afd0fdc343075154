"""Several tables as one log: joining by keys, days beside minutes, ranks, steps back, what has no case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import pytest

from factoryview.errors import InputError, PlantError, UsageError
from factoryview.factory.opening import open_factory
from factoryview.flow.kpis import kpis
from factoryview.plant.files import dump_plant, read_plant
from factoryview.plant.models import TableJoin, TableRule
from factoryview.sources import EventLog, ReadOptions, read_tables
from tests.sources.conftest import events, findings

LEADS = """mql_id;first_contact_date;origin
L1;2024-03-01;ads
L2;2024-03-02;organic
L3;2024-03-03;ads
L4;;ads
"""
DEALS = """mql_id,seller_id,won_date,status,revenue
L1,S1,2024-03-01 15:30:00,Won,"1,200.50"
L2,S2,2024-03-01 10:00:00,won,80
L3,S3,2024-03-09 10:00:00,Lost,
L9,S9,2024-03-09 10:00:00,Won,5
"""
DELIVERIES = """order,seller,approved,delivered
O1,S1,2024-03-01,03.03.2024
O2,S1,2024-03-05,
O3,S7,2024-03-05,06.03.2024
"""
ACCOUNTS = "seller,rep\nS1,Ann\nS2,Bo\nS2,Eve\n"
RULES = (
    TableRule(table="leads.csv", key="mql_id", date="first_contact_date", stage="Lead", rank=1,
              columns={"channel": "origin"}),
    TableRule(table="deals.csv", key="mql_id", date="won_date", stage_column="status", rank=2,
              only_if={"status": "won"}),
    TableRule(table="deliveries.csv", key="seller", date="approved", stage="Approved", rank=3,
              join=TableJoin(table="deals.csv", key="seller_id", case="mql_id")),
    TableRule(table="deliveries.csv", key="seller", date="delivered", stage="Delivered", rank=4,
              join=TableJoin(table="deals.csv", key="seller_id", case="mql_id")),
    TableRule(table="accounts.csv", key="seller", columns={"resource": "rep"},
              join=TableJoin(table="deals.csv", key="seller_id", case="mql_id")),
    TableRule(table="deals.csv", key="mql_id", columns={"value": "revenue"}),
)  # fmt: skip


@pytest.fixture
def joined(tmp_path: Path) -> Callable[..., EventLog]:
    """Writes the tables, with changes, and joins them."""
    files = {"leads.csv": LEADS, "deals.csv": DEALS, "deliveries.csv": DELIVERIES, "accounts.csv": ACCOUNTS}

    def join(rules: Sequence[TableRule] = RULES, timezone: str = "UTC", **changed: str) -> EventLog:
        for name, content in files.items():
            (tmp_path / name).write_text(changed.get(name.split(".")[0], content), encoding="utf-8")
        return read_tables(tmp_path, rules, ReadOptions(timezone=timezone))

    return join


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2024, 3, day, hour, minute)


def test_one_case_across_three_tables(joined: Callable[..., EventLog]) -> None:
    log = joined()
    rows = log.connection.execute(
        'SELECT "case", stage, time, resource, value, channel FROM events ORDER BY "case", time, row'
    ).fetchall()
    assert rows == [
        ("L1", "Lead", at(1), "Ann", 1200.5, "ads"),
        ("L1", "Won", at(1, 15, 30), "Ann", 1200.5, None),
        ("L1", "Approved", at(1, 15, 30), "Ann", 1200.5, None),
        ("L1", "Delivered", at(3), "Ann", 1200.5, None),
        ("L1", "Approved", at(5), "Ann", 1200.5, None),
        ("L2", "won", at(1, 10), "Bo", 80.0, None),
        ("L2", "Lead", at(2), "Bo", 80.0, "organic"),
        ("L3", "Lead", at(3), None, None, "ads"),
        ("L9", "Won", at(9, 10), None, 5.0, None),
    ]
    assert (log.meaning, log.mappable, log.rejected) == ("entry", False, 2)
    assert '1 case reaches "won" before "Lead"; the dates are kept as they are.' in findings(log, "warning")
    said = findings(log, "info")
    assert "4 tables are joined into 4 cases." in said
    assert 'deliveries.csv: "approved" (days) by "seller" through deals.csv → "Approved", 2 entries.' in said
    assert "Some tables know days only" in said


def test_what_has_no_case_is_set_aside_with_file_and_line(joined: Callable[..., EventLog]) -> None:
    log = joined()
    assert log.rejects_file is not None
    assert log.rejects_file.name == "tables.rejected.csv"
    lines = log.rejects_file.read_text(encoding="utf-8").splitlines()
    assert lines[1:] == [
        '4,deliveries.csv: no case for this key,"S7,2024-03-05"',
        '4,deliveries.csv: no case for this key,"S7,06.03.2024"',
    ]


def test_days_are_those_of_the_zone(joined: Callable[..., EventLog]) -> None:
    deals = DEALS.replace("2024-03-01 15:30:00", "2024-03-01T22:30:00Z")
    log = joined(timezone="Asia/Tokyo", deals=deals, deliveries=DELIVERIES.replace("2024-03-01", "2024-03-02"))
    first = [row for row in events(log) if row[0] == "L1"][:3]
    won = datetime(2024, 3, 1, 22, 30)
    assert first == [("L1", "Lead", datetime(2024, 2, 29, 15)), ("L1", "Won", won), ("L1", "Approved", won)]


def test_the_same_resolution_everywhere_is_compared_as_it_is(joined: Callable[..., EventLog]) -> None:
    deals = DEALS.replace(" 15:30:00", "").replace(" 10:00:00", "")
    log = joined(deals=deals)
    assert [row[1:] for row in events(log) if row[0] == "L1"][:3] == [
        ("Lead", at(1)),
        ("Won", at(1)),
        ("Approved", at(1)),
    ]
    assert "days are compared" not in findings(log)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"date": "when"}, 'deals.csv: has no column "when". It has: mql_id, seller_id'),
        ({"key": "nobody"}, "nobody"),
        ({"only_if": {"colour": "red"}}, "colour"),
        ({"columns": {"value": "sum"}}, "sum"),
        ({"table": "none.csv"}, "does not exist"),
        ({"date": "status"}, "holds no dates"),
        ({"join": TableJoin(table="leads.csv", key="x", case="mql_id")}, '"x"'),
    ],
)
def test_rules_that_do_not_fit(change: dict[str, object], word: str, joined: Callable[..., EventLog]) -> None:
    with pytest.raises(InputError, match=word.replace(".", r"\.")):
        joined((RULES[0], RULES[1].model_copy(update=change)))


def test_no_date_at_all_and_no_folder(joined: Callable[..., EventLog], tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no table has a date"):
        joined(RULES[4:])
    with pytest.raises(InputError, match="no date of any table can be used"):
        joined(RULES[:1], leads="mql_id;first_contact_date;origin\nL1;;ads\n")
    with pytest.raises(InputError, match="is no folder"):
        read_tables(tmp_path / "none", RULES)
    with pytest.raises(UsageError, match="time zone"):
        joined(timezone="Mars")


PLANT = """
name = "Funnel"

[log]
path = "data"
ends = ["Delivered"]

[[log.tables]]
table = "leads.csv"
key = "mql_id"
date = "first_contact_date"
stage = "Lead"
rank = 1

[[log.tables]]
table = "deals.csv"
key = "mql_id"
date = "won_date"
stage = "Won"
rank = 2
only_if = { status = "Won" }
columns = { value = "revenue" }

[[log.tables]]
table = "deliveries.csv"
key = "seller"
date = "delivered"
stage = "Delivered"
rank = 3
join = { table = "deals.csv", key = "seller_id", case = "mql_id" }
"""


def test_a_plant_file_names_its_tables(joined: Callable[..., EventLog], tmp_path: Path) -> None:
    joined()
    plant = tmp_path / "funnel.toml"
    plant.write_text(PLANT.replace('"data"', '"."'), encoding="utf-8")
    factory = open_factory(plant)
    assert factory.store.stages() == ["Lead", "Won"]
    assert factory.store.ends == ("Delivered",)
    assert any("3 tables are joined into 4 cases" in finding.text for finding in factory.findings)


def test_the_rules_survive_writing() -> None:
    plant = read_plant(PLANT)
    assert plant.log is not None
    assert plant.log.tables[2].join == TableJoin(table="deals.csv", key="seller_id", case="mql_id")
    assert read_plant(dump_plant(plant)) == plant


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ('stage = "Lead"\n', "", "line 11.*dates and no stage"),
        ('date = "won_date"\n', "", "stage and no date"),
        ('value = "revenue"', 'time = "revenue"', 'cannot be "time"'),
        (', case = "mql_id"', "", '"case" is missing'),
        ("rank = 3", "rang = 3", 'no key "rang"'),
    ],
)
def test_mistakes_in_rules_are_named(old: str, new: str, word: str) -> None:
    with pytest.raises(PlantError, match=word):
        read_plant(PLANT.replace(old, new))


def test_an_entry_counts_for_one_case_where_no_weight_is_given(joined: Callable[..., EventLog], tmp_path: Path) -> None:
    weights = joined().connection.execute("select weight, count(*) from events group by 1").fetchall()
    assert weights == [(1.0, 9)]
    (tmp_path / "funnel.toml").write_text(PLANT.replace('"data"', '"."'), encoding="utf-8")
    frame = kpis(open_factory(tmp_path / "funnel.toml").store, bucket="month", timezone="UTC")
    assert frame.groupby("stage")["arrivals"].sum().to_dict() == {"Lead": 3, "Won": 3, "Delivered": 1}


def test_a_blank_weight_is_one_case_beside_weights_that_are_given(joined: Callable[..., EventLog]) -> None:
    leads = "mql_id;first_contact_date;origin;n\nL1;2024-03-01;ads;3\nL2;2024-03-02;ads;\nL3;2024-03-02;ads;0\n"
    log = joined((RULES[0].model_copy(update={"columns": {"weight": "n"}}),), leads=leads)
    assert log.connection.execute("select weight from events order by row").fetchall() == [(3.0,), (1.0,), (0.0,)]


def test_amounts_of_joined_tables_in_several_currencies_are_not_added_up(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id;day;sum;cur\nA;2025-01-02;100;EUR\nB;2025-01-03;50;EUR\n")
    rules = [TableRule(table="a.csv", key="id", date="day", stage="A", columns={"value": "sum"})]
    log = read_tables(tmp_path, rules)
    assert (log.currency, events(log, "value")) == ("EUR", [(100.0,), (50.0,)])
    for name, text in (("b.csv", "id;day;sum\nA;2025-01-09;$70\n"), ("c.csv", "id;day;sum (USD)\nA;2025-01-09;70\n")):
        (tmp_path / name).write_text(text)
        column = text.partition("\n")[0].split(";")[2]
        more = [*rules, TableRule(table=name, key="id", date="day", stage="B", columns={"value": column})]
        log = read_tables(tmp_path, more)
        assert (log.currency, [value for (value,) in events(log, "value")]) == (None, [None] * 3)
        assert "several currencies (EUR, USD)" in findings(log, "warning")
