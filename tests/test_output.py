"""What is written never takes the place of what is read, of a store, or of what lies behind a link."""

from __future__ import annotations

import csv
import os
import sqlite3
import stat
from pathlib import Path

import pytest

from factoryview.errors import UsageError
from factoryview.output import check_output, defused, replacing
from factoryview.sources import ReadOptions, read
from tests.kit.command import factoryview, write_log

BAD = "case,activity,timestamp\n1,A,2024-01-01\n1,B,\n2,A,2024-01-02\n"
SMALL = ("-320x180",)


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write_log(tmp_path / "log.csv")


def _same_file(name: str, log: Path) -> Path:
    """Another name of the log with an ending that the verb writes."""
    other = log.with_name(name)
    os.link(log, other)
    return other


@pytest.mark.parametrize(
    ("verb", "name"), [("kpis", "log.csv"), ("kpis", "also.json"), ("render", "x.png"), ("discover", "x.toml")]
)
def test_an_output_is_never_the_input_by_any_name(verb: str, name: str, log: Path) -> None:
    before = log.read_bytes()
    place = log if name == log.name else _same_file(name, log)
    said = factoryview(verb, log, "-o", place)
    assert (said.status, said.out) == (2, "")
    assert name in said.err
    assert len(said.err.splitlines()) == 1
    assert log.read_bytes() == before


def test_nor_is_it_the_log_or_the_tables_of_a_plant(log: Path) -> None:
    plant = log.with_name("plant.toml")
    plant.write_text('name = "P"\n[log]\npath = "log.csv"\n', encoding="utf-8")
    assert factoryview("kpis", plant, "-o", log).status == 2
    assert factoryview("kpis", log, "--plant", plant, "-o", _same_file("y.csv", log)).status == 2
    tables = log.with_name("tables.toml")
    rule = '[[log.tables]]\ntable = "log.csv"\nkey = "case"\ndate = "entered"\nstage = "A"\n'
    tables.write_text(f'name = "T"\n[log]\npath = "."\n{rule}', encoding="utf-8")
    assert factoryview("kpis", tables, "-o", log).status == 2
    assert factoryview("kpis", tables, "-o", "own.csv").status == 0


@pytest.mark.parametrize(("verb", "name"), [("kpis", "t.csv"), ("render", "t.png"), ("discover", "t.toml")])
def test_a_link_is_not_followed(verb: str, name: str, log: Path) -> None:
    other = log.with_name("other.txt")
    other.write_text("mine", encoding="utf-8")
    log.with_name(name).symlink_to(other)
    said = factoryview(verb, log, "-o", name)
    assert said.status == 2
    assert "link" in said.err
    assert other.read_text(encoding="utf-8") == "mine"
    assert log.with_name(name).is_symlink()


@pytest.mark.parametrize("name", ["t.csv", "t.json", "t.parquet"])
def test_a_store_is_not_replaced(name: str, log: Path) -> None:
    with sqlite3.connect(log.with_name(name)) as store:
        store.execute("create table events (row)")
    store.close()
    before = log.with_name(name).read_bytes()
    assert "store" in factoryview("kpis", log, "-o", name).err
    assert log.with_name(name).read_bytes() == before


def test_what_is_no_ordinary_file_is_not_written_to(log: Path) -> None:
    os.mkfifo("t.csv")
    said = factoryview("kpis", log, "-o", "t.csv")
    assert said.status == 2
    assert "not an ordinary file" in said.err


def test_a_plant_file_that_exists_is_kept(log: Path) -> None:
    Path("plant.toml").write_text("# by hand\n", encoding="utf-8")
    said = factoryview("discover", log, "-o", "plant.toml")
    assert said.status == 2
    assert "Remove it, or name another one." in said.err
    assert Path("plant.toml").read_text(encoding="utf-8") == "# by hand\n"


def test_a_table_or_picture_of_before_is_replaced(log: Path) -> None:
    for verb, name, more in (("kpis", "t.csv", ()), ("render", "t.png", SMALL)):
        Path(name).write_text("old", encoding="utf-8")
        assert factoryview(verb, log, "-o", name, *more).status == 0
        assert b"old" not in Path(name).read_bytes()
    assert sorted(os.listdir()) == ["log.csv", "t.csv", "t.png"]


@pytest.mark.parametrize(
    ("verb", "name", "more"),
    [("kpis", "t.csv", ()), ("report", "t.html", ()), ("whatif", "t.png", ("--set", "F.people+=1")),
     ("notes", "t.md", ()), ("render", "t.png", SMALL), ("workshop", "t.md", ("--groups", "A"))],
)  # fmt: skip
def test_a_folder_that_is_not_there_is_said_before_anything_is_read(
    verb: str, name: str, more: tuple[str, ...], log: Path
) -> None:
    log.write_text("nothing that could be read", encoding="utf-8")
    file = (log.with_name("w.toml"),) if verb == "workshop" else ()
    told = factoryview(verb, log, *file, "-o", str(Path("gone") / name), *more)
    assert (told.status, "Traceback" in told.err) == (3, False), told.err
    assert "no folder gone" in told.err


def test_what_fails_half_way_leaves_what_was_there(tmp_path: Path) -> None:
    place = tmp_path / "t.csv"
    place.write_text("old", encoding="utf-8")

    def write() -> None:
        with replacing(place) as beside:
            beside.write_text("half", encoding="utf-8")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write()
    assert os.listdir(tmp_path) == ["t.csv"]
    assert place.read_text(encoding="utf-8") == "old"


def test_a_new_name_is_welcome(tmp_path: Path) -> None:
    check_output(tmp_path / "none" / "new.csv", [tmp_path], fresh=True)
    with pytest.raises(UsageError, match="folder"):
        check_output(tmp_path)


def test_rejected_rows_replace_only_rejected_rows(tmp_path: Path) -> None:
    log, usual = tmp_path / "log.csv", tmp_path / "log.rejected.csv"
    log.write_text(BAD, encoding="utf-8")
    assert read(log).rejects_file == usual
    assert read(log).rejects_file == usual
    usual.write_text("my own table\n", encoding="utf-8")
    found = read(log)
    assert found.rejects_file is not None
    assert found.rejects_file != usual
    assert any("log.rejected.csv is another file" in finding.text for finding in found.findings)
    found.rejects_file.unlink()
    assert usual.read_text(encoding="utf-8") == "my own table\n"
    usual.unlink()
    usual.symlink_to(log)
    elsewhere = read(log).rejects_file
    assert elsewhere is not None
    elsewhere.unlink()
    assert log.read_text(encoding="utf-8") == BAD
    with pytest.raises(UsageError, match="link"):
        read(log, ReadOptions(rejects=usual))


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("formula", ["=1+1", "+A1", "-A1+2", "@SUM(A1)", ' =HYPERLINK("http://x")'])
def test_a_formula_is_defused_wherever_a_line_may_be_split(separator: str, formula: str) -> None:
    for text in (f"a{separator}{formula}", f'a{separator}"{formula}', f"1{separator}2{separator}{formula}"):
        (row,) = csv.reader([defused(text)], delimiter=separator)
        assert not any(cell.lstrip(" ").startswith(("=", "+", "-", "@")) for cell in row), row


@pytest.mark.parametrize("text", ["a - b", "c1;-5", "c1,+3.5;x", "a=b", "Müller-Lüdenscheid", "2024-01-01;x"])
def test_what_is_no_formula_stays_as_it_is(text: str) -> None:
    assert defused(text) == text


@pytest.mark.skipif(os.name != "posix", reason="folders are not synced elsewhere")
def test_what_is_written_is_on_disk_before_it_takes_its_place_and_so_is_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[object] = []
    sync, replace = os.fsync, os.replace

    def synced(opened: int) -> None:
        found = os.fstat(opened)
        done.append("folder" if stat.S_ISDIR(found.st_mode) else found.st_size)
        sync(opened)

    def replaced(before: Path, after: Path) -> None:
        done.append("replaced")
        replace(before, after)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", replaced)
    with replacing(tmp_path / "x.txt") as beside:
        beside.write_bytes(b"12345")
    assert done == [5, "replaced", "folder"]
