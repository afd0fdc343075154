"""Files as strangers have them: odd names, odd encodings, no files at all; each is read, or refused in one sentence."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from factoryview.errors import InputError
from factoryview.plant.discover import name_of
from factoryview.plant.notes import notes_path, together_path
from factoryview.sources import EventLog, ReadOptions, names, read
from tests.kit.command import factoryview, write_log
from tests.sources.conftest import events

SHARED = Path(__file__).parents[2] / ".." / "shared" / "faults" / "robustness"
ROWS = "case,activity,timestamp\n" + "".join(f"c{i},{'AB'[i % 2]},2024-01-{1 + i:02}\n" for i in range(8))
OCEL = """<?xml version="1.0" encoding="{encoding}"?>
<log><object-types/><event-types/><objects><object id="o1" type="{name}"/><object id="o2" type="{name}"/></objects>
<events>{events}</events></log>"""


def _xes(encoding: str, name: str) -> bytes:
    events_of = "".join(
        f'<event><string key="concept:name" value="{name}"/><date key="time:timestamp" value="2024-01-0{i}"/></event>'
        for i in range(1, 5)
    )
    text = f'<?xml version="1.0" encoding="{encoding}"?>\n<log>'
    text += "".join(f'<trace><string key="concept:name" value="{c}"/>{events_of}</trace>' for c in "xyz")
    return (text + "</log>").encode(encoding)


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "审批"), ("UTF-16", "审批"), ("utf-16-le", "审批"), ("gb2312", "审批"), ("GBK", "審批"),
        ("gb18030", "🏭"), ("big5", "審批"), ("shift_jis", "承認"), ("euc-jp", "承認"), ("euc-kr", "승인"),
        ("iso-8859-1", "Prüfung"), ("iso-8859-2", "Zatwierdź"),
        ("windows-1251", "Проверка"), ("koi8-r", "Проверка"), ("cp437", "Prüfung"),
    ],
)  # fmt: skip
def test_xml_in_any_encoding(encoding: str, name: str, log_of: Callable[..., EventLog]) -> None:
    log = log_of(_xes(encoding, name), "log.xes")
    assert {row[1] for row in events(log)} == {name}
    assert log.rows == 12
    happened = "".join(
        f'<event id="e{k}" type="A" time="2024-01-0{k}T00:00:00Z"><objects><relationship object-id="o{1 + k % 2}"/>'
        "</objects></event>"
        for k in range(1, 9)
    )
    ocel = OCEL.format(encoding=encoding, name=name, events=happened).encode(encoding)
    assert log_of(ocel, "ocel.xml").columns["case"] == name


@pytest.mark.parametrize("encoding", ["nix", "rot13", "hex", "utf-7x", "x" * 50])
def test_an_encoding_that_does_not_exist_is_named(encoding: str, written: Callable[..., Path]) -> None:
    data = _xes("utf-8", "A").replace(b'"utf-8"', f'"{encoding}"'.encode())
    with pytest.raises(InputError, match=f'declares the encoding "{encoding}"') as caught:
        read(written(data, "log.xes"))
    assert "--encoding utf-8" in str(caught.value)
    assert read(written(data, "log.xes"), ReadOptions(encoding="utf-8")).rows == 12


@pytest.mark.parametrize("name", [".deals", "latin_ł_🏭", "...", " ", "名前", "x\ny", "a" * 200])
def test_any_name_of_a_file(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = write_log(tmp_path / f"{name}.csv")
    assert factoryview("render", path, "-o", "x.png", "-320x180").status == 0
    assert factoryview("discover", path, "-o", "plant.toml").status == 0
    assert factoryview("snapshot", "plant.toml", "--json").status == 0


@pytest.mark.parametrize("ending", [b".csv", b".xes", b".jsonl"])
def test_a_name_that_is_no_text(ending: bytes, tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/log\xff\xfe" + ending))
    if ending == b".csv":
        path.write_text(ROWS, encoding="utf-8")
    elif ending == b".xes":
        path.write_bytes(_xes("utf-8", "A"))
    else:
        path.write_text('{"case": "1", "activity": "A", "timestamp": "2024-01-01"}\n' * 3, encoding="utf-8")
    assert read(path).rows > 2


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("deals.csv", "Deals"), ("building_permits.csv.gz", "Building permits"), (".deals.csv", "Deals"),
        ("...", "Plant"),
        ("Werk Nord.xlsx", "Werk Nord"), ("ÖPNV.csv", "ÖPNV"), ("änderungen.csv", "Änderungen"), ("x\x1by.csv", "X?y"),
    ],
)  # fmt: skip
def test_what_a_plant_is_called_that_has_no_name(path: str, name: str) -> None:
    assert name_of(Path(path)) == name


@pytest.mark.parametrize("verb", ["snapshot", "explain", "check", "kpis"])
def test_what_is_no_ordinary_file_is_refused_at_once(verb: str, tmp_path: Path) -> None:
    for name in ("log.csv", "plant.toml", "plant.store"):
        pipe = tmp_path / name
        os.mkfifo(pipe)
        said = factoryview(verb, pipe)
        assert said.status == 3, said
        assert "not an ordinary file" in said.out + said.err
    log = write_log(tmp_path / "read.csv", cases=12)
    os.mkfifo(together_path(notes_path(log)))
    said = factoryview("answer", log)
    assert said.status == 3, said
    assert "not an ordinary file" in said.err
    plant = tmp_path / "own.toml"
    plant.write_text('name = "P"\n[log]\npath = "log.csv"\n', encoding="utf-8")
    assert "not an ordinary file" in factoryview(verb, plant).err + factoryview(verb, plant).out
    assert factoryview("snapshot", "/dev/zero").status == 3


@pytest.mark.parametrize(
    ("name", "clean"), [("\x1b[31mRed\x07", "[31mRed"), ("Bl\x9bue", "Bl ue"), ("a\0b\x1c", "a b")]
)
def test_controls_in_a_name_are_blanks(name: str, clean: str) -> None:
    assert names.clean(name) == clean
    plain = "select " + names.is_plain("name") + " from (select $name as name)"
    with duckdb.connect() as con:
        assert con.execute(plain, {"name": name}).fetchall() == [(False,)]
        assert con.execute(plain, {"name": clean}).fetchall() == [(True,)]


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ("position = [10000, 10000]", "at most 500"),
        ("position = [-1, 0]", "at least 0"),
        ("position = [999999999999999999999999, 0]", "at most 500"),
    ],
)
def test_a_position_off_every_floor_is_refused(more: str, word: str, tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.csv")
    plant = tmp_path / "plant.toml"
    plant.write_text(
        f'name = "P"\n[log]\npath = "{log.name}"\n[[stages]]\nname = "Enquiry"\n{more}\n', encoding="utf-8"
    )
    said = factoryview("snapshot", plant)
    assert said.status == 3
    assert word in said.err


@pytest.mark.parametrize("more", ["posts = 1000000000", '[[workers]]\nstage = "Offer"\ncount = 1000000000'])
def test_a_billion_people_are_a_number(more: str, tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.csv")
    plant = tmp_path / "plant.toml"
    stages = '[[stages]]\nname = "Enquiry"\n[[stages]]\nname = "Decision"\n[[stages]]\nname = "Offer"\n'
    plant.write_text(f'name = "P"\n[log]\npath = "{log.name}"\n{stages}{more}\n', encoding="utf-8")
    said = factoryview("render", plant, "-o", tmp_path / "x.png", "-640x360")
    assert said.status == 0, said.err


def test_a_plant_file_of_megabytes_is_none(tmp_path: Path) -> None:
    plant = tmp_path / "plant.toml"
    plant.write_text("#" * (5 << 20), encoding="utf-8")
    assert "5 MB" in factoryview("snapshot", plant).err


def _objects(path: Path, *, ids: type = str) -> Path:
    """An OCEL in SQLite whose ids are of a type."""
    with sqlite3.connect(path) as base:
        base.executescript("""
            create table event (ocel_id, ocel_type); create table object (ocel_id, ocel_type);
            create table event_object (ocel_event_id, ocel_object_id, ocel_qualifier);
            create table event_map_type (ocel_type, ocel_type_map);
            create table object_map_type (ocel_type, ocel_type_map);
            create table event_A (ocel_id, ocel_time, cost); create table object_Order (ocel_id, ocel_time, colour);
            insert into event_map_type values ('A', 'A'); insert into object_map_type values ('order', 'Order');
        """)
        for k in range(8):
            event, thing = (
                (ids(f"e{k}".encode()), ids(f"o{k % 3}".encode())) if ids is bytes else (f"e{k}", f"o{k % 3}")
            )
            base.execute("insert into event values (?, 'A')", (event,))
            base.execute("insert into event_A values (?, ?, ?)", (event, f"2024-01-0{1 + k}T00:00:00Z", b"\xff\x00"))
            base.execute("insert into event_object values (?, ?, '')", (event, thing))
            if k < 3:
                base.execute("insert into object values (?, 'order')", (thing,))
                base.execute("insert into object_Order values (?, '2024-01-01', ?)", (thing, 1.5))
    base.close()
    return path


@pytest.mark.parametrize("ids", [str, bytes])
def test_ids_of_any_type_in_a_database(ids: type, tmp_path: Path) -> None:
    log = read(_objects(tmp_path / "log.sqlite", ids=ids))
    assert (log.rows, log.columns["case"]) == (8, "order")
    assert {row[0] for row in events(log)} == {"o0", "o1", "o2"}


@pytest.mark.parametrize(
    "name", ["kpi_1e30.csv", "ocel_blob_id.sqlite", ".deals.csv", "latin_ł_🏭.csv", "xes_gb2312.xes",
             "xes_unknown_encoding.xes", "people.toml", "posts.toml", "position_10000.toml", "semi_formula.csv",
             "escape_stage.csv", "stages_1000.csv"],
)  # fmt: skip
def test_files_of_strangers(name: str, tmp_path: Path) -> None:
    if not SHARED.is_dir():
        pytest.skip("needs ../shared/faults")
    for beside in {name, "people.csv"}:
        shutil.copyfile(SHARED / beside, tmp_path / beside)
    said = factoryview("snapshot", tmp_path / name)
    assert said.readable, said.err
    assert "\x1b" not in said.out
