"""Object-centric logs: the three formats agree, the case notion is guessed or chosen, splitting and merging is said."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import pytest

from factoryview.errors import FactoryviewError, InputError
from factoryview.sources import EventLog, ReadOptions, read
from tests.sources.conftest import events, findings

Log = dict[str, list[dict[str, Any]]]
NAMES = ("example.json", "example.xml", "example.sqlite")


def orders(number: int = 12) -> Log:
    """Orders with two items each, packed by twos into packages; everything is done by one of two clerks."""
    objects: list[dict[str, Any]] = [{"id": f"clerk {i}", "type": "clerk"} for i in (0, 1)]
    happened: list[tuple[int, str, list[str]]] = []
    for i in range(number):
        objects.append({"id": f"o{i}", "type": "order", "attributes": [{"name": "channel", "value": "Shop"}]})
        items = [f"o{i}-{j}" for j in (1, 2)]
        objects += [{"id": item, "type": "item"} for item in items]
        happened.append((i * 1440, "place order", [f"o{i}", *items]))
        happened.append((i * 1440 + 60, "confirm order", [f"o{i}"]))
        happened += [(i * 1440 + 90 + 9 * j, "pick item", [item]) for j, item in enumerate(items)]
        happened.append((i * 1440 + 700, "pay order", [f"o{i}"]))
        if i % 2:
            objects.append({"id": f"p{i}", "type": "package"})
            packed = [f"o{k}-{j}" for k in (i - 1, i) for j in (1, 2)]
            happened.append((i * 1440 + 200, "send package", [f"p{i}", f"o{i - 1}", f"o{i}", *packed]))
    listed = []
    for n, (minute, activity, things) in enumerate(sorted(happened)):
        time = f"2024-05-{1 + minute // 1440:02}T{minute % 1440 // 60:02}:{minute % 60:02}:00Z"
        links = [{"objectId": thing, "qualifier": "of"} for thing in [*things, f"clerk {n % 2}"]]
        listed.append({"id": f"e{n}", "type": activity, "time": time, "relationships": links})
    return {"objectTypes": [], "eventTypes": [], "objects": objects, "events": listed}


def as_xml(log: Log) -> str:
    text = "<?xml version='1.0' encoding='UTF-8'?><log><object-types/><event-types/><objects>"
    for item in log["objects"]:
        values = "".join(
            f'<attribute name={quoteattr(a["name"])} time="1970-01-01T00:00:00Z">{a["value"]}</attribute>'
            for a in item.get("attributes", [])
        )
        text += f"<object id={quoteattr(item['id'])} type={quoteattr(item['type'])}>"
        text += f"<attributes>{values}</attributes></object>"
    text += "</objects><events>"
    for item in log["events"]:
        text += (
            f"<event id={quoteattr(item['id'])} type={quoteattr(item['type'])} time={quoteattr(item['time'])}><objects>"
        )
        for link in item["relationships"]:
            text += f'<relationship object-id={quoteattr(link["objectId"])} qualifier="of"/>'
        text += "</objects></event>"
    return text + "</events></log>"


def as_sqlite(log: Log, path: Path) -> Path:
    with closing(sqlite3.connect(path)) as database, database:
        for name in ("event", "object"):
            database.execute(f"CREATE TABLE {name} (ocel_id TEXT, ocel_type TEXT)")
            database.execute(f"CREATE TABLE {name}_map_type (ocel_type TEXT, ocel_type_map TEXT)")
        database.execute("CREATE TABLE event_object (ocel_event_id TEXT, ocel_object_id TEXT, ocel_qualifier TEXT)")
        database.execute("CREATE TABLE object_order (ocel_id TEXT, ocel_time TIMESTAMP, channel TEXT)")
        database.executemany("INSERT INTO object VALUES (:id, :type)", log["objects"])
        database.execute("INSERT INTO object_map_type VALUES ('order', 'order')")
        for item in log["objects"]:
            for attribute in item.get("attributes", []):
                row = (item["id"], "1970-01-01 00:00:00", attribute["value"])
                database.execute("INSERT INTO object_order VALUES (?, ?, ?)", row)
        for activity in {item["type"] for item in log["events"]}:
            part = "".join(word.title() for word in activity.split())
            database.execute("INSERT INTO event_map_type VALUES (?, ?)", (activity, part))
            database.execute(f'CREATE TABLE "event_{part}" (ocel_id TEXT, ocel_time TIMESTAMP)')
        for item in log["events"]:
            part = "".join(word.title() for word in item["type"].split())
            database.execute("INSERT INTO event VALUES (?, ?)", (item["id"], item["type"]))
            database.execute(f'INSERT INTO "event_{part}" VALUES (?, ?)', (item["id"], item["time"].replace("Z", "")))
            for link in item["relationships"]:
                database.execute("INSERT INTO event_object VALUES (?, ?, 'of')", (item["id"], link["objectId"]))
                database.execute("INSERT INTO event_object VALUES (?, ?, 'again')", (item["id"], link["objectId"]))
    return path


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """The orders in the three formats."""
    log = orders()
    (tmp_path / NAMES[0]).write_text(json.dumps(log))
    (tmp_path / NAMES[1]).write_text(as_xml(log))
    as_sqlite(log, tmp_path / NAMES[2])
    return [tmp_path / name for name in NAMES]


def test_three_formats_say_the_same(files: list[Path]) -> None:
    logs = [read(path, ReadOptions(columns={"case": "order"})) for path in files]
    first = events(logs[0], '"case", stage, time, channel')
    assert first[0][:2] == ("o0", "place order")
    assert {row[3] for row in first} == {"Shop"}
    for log in logs:
        assert events(log, '"case", stage, time, channel') == first
        assert log.columns["case"] == "order"
        assert "object-centric log (OCEL 2.0)" in findings(log, "info")


def test_an_event_is_in_every_case_it_touches(files: list[Path]) -> None:
    log = read(files[0], ReadOptions(columns={"case": "Order"}))
    sent = [row for row in events(log) if row[1] == "send package"]
    assert len(sent) == 12
    said = findings(log, "info")
    assert "6 events touch several cases and appear in each: 12 entries." in said
    assert '12 split into several "item"' in said
    assert '12 merge with others in 6 "package"' in said
    assert '24 "item"' not in said
    assert "clerk" not in said.split("Of the")[1].splitlines()[0]
    assert '24 of 66 events touch no "order" and are not shown: pick item (24).' in findings(log, "warning")


def test_the_case_is_guessed_but_never_a_person(files: list[Path]) -> None:
    log = read(files[1])
    assert log.columns["case"] in ("order", "item")
    asked = findings(log, "ask")
    assert "This is a guess. Others:" in asked
    assert "--map case=TYPE" in asked
    chosen = read(files[1], ReadOptions(columns={"case": "package"}))
    assert len(events(chosen)) == 6


def test_a_type_that_is_not_there(files: list[Path]) -> None:
    for path in files:
        with pytest.raises(InputError, match=r'no object type "invoice".*clerk \(2 objects'):
            read(path, ReadOptions(columns={"case": "invoice"}))


def test_the_sample_of_the_standard(real: Path) -> None:
    paths = [real / "formats" / f"ocel20_example.{kind}" for kind in ("jsonocel", "xmlocel", "sqlite")]
    logs = [read(path, ReadOptions(timezone="Europe/Berlin")) for path in paths]
    assert [row[1] for row in events(logs[0]) if row[0] == "R3"] == [
        "Insert Invoice",
        "Create Purchase Order",
        "Set Payment Block",
        "Remove Payment Block",
        "Insert Payment",
    ]
    assert events(logs[0]) == events(logs[1]) == events(logs[2])
    assert '2 merge with others in 1 "Purchase Order"' in findings(logs[2], "info")


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ('{"objectTypes": [], "eventTypes": [], "objects": [], "events": []}', "no event"),
        ('{"objectTypes": [], "objects": [{"id": 1}], "events": []}', "lacks a part"),
        ('{"objectTypes": [', "broken"),
        ('{"ocel:global-log": {}}', "1.0"),
        ('<!DOCTYPE log [<!ENTITY a "aa">]><log><object-types/></log>', "DTD"),
        ("<log><object-types></log>", "broken"),
        (b"SQLite format 3\x00" + b"\x01" * 5000, "broken"),
    ],
)
def test_what_cannot_be_used(content: str | bytes, word: str, log_of: Callable[..., EventLog]) -> None:
    with pytest.raises(InputError, match=word):
        log_of(content, "file.dat")


def test_another_database(tmp_path: Path) -> None:
    path = tmp_path / "crm.db"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE deals (id INTEGER)")
        database.execute("CREATE VIEW event AS SELECT 1")
    with pytest.raises(InputError, match="no object-centric log"):
        read(path)
    assert [file.name for file in tmp_path.iterdir()] == ["crm.db"]


def test_the_database_is_not_touched(files: list[Path]) -> None:
    before = files[2].read_bytes()
    files[2].chmod(0o444)
    read(files[2])
    assert files[2].read_bytes() == before


def test_a_schema_whose_complaint_is_no_text_ends_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "schema.sqlite"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE event (a TEXT)")
        database.execute("CREATE TABLE naming (a TEXT)")
    data = path.read_bytes().replace(b"CREATE TABLE naming", b"CREATE TABLX naming")
    path.write_bytes(data.replace(b"naming", b"n\xdcming"))
    with pytest.raises(InputError, match="broken SQLite"):
        read(path, ReadOptions())


def test_damaged_files_end_in_one_line(files: list[Path], tmp_path: Path) -> None:
    outcomes = {"log": 0, "error": 0}
    lines: list[str] = []
    for number in range(90):
        rng = random.Random(number)
        data = bytearray(files[number % 3].read_bytes())
        for _ in range(rng.randint(1, 6)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        path = tmp_path / "damaged"
        path.write_bytes(data[: rng.randrange(len(data))] if number % 7 == 0 else data)
        try:
            read(path, ReadOptions(rejects=tmp_path / "rejected.csv"))
            outcomes["log"] += 1
        except FactoryviewError as error:
            outcomes["error"] += 1
            lines.append(str(error))
    assert min(outcomes.values()) > 5, outcomes
    assert not any("\n" in line for line in lines)
