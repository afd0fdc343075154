"""A path names one file: nothing in it is a pattern, a partition or a home folder."""

from __future__ import annotations

import gzip
from pathlib import Path

import duckdb
import pytest

from factoryview.sources import read
from factoryview.sources.files import literal

NAMES = ("data[1]", "a*b", "what?", "[a-c]", "[!a]", "[[]x", "{a,b}", "**", "~", "year=2024", "a'b\"c", "x\\y", "-o")
"""Each beside files that it would stand for if it were a pattern."""
OTHERS = ("data1", "axb", "whatx", "a", "b", "[x", "x")


def _rows(stage: str) -> str:
    return "case,activity,timestamp\n" + "".join(f"c{i},{stage},2024-01-{1 + i:02}\n" for i in range(9))


def _write(path: Path, stage: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".parquet":
        make = "create table t as select 'c' || i as \"case\", $stage as activity, date '2024-01-01' + i::int as time"
        with duckdb.connect() as con:
            con.execute(f"{make} from range(9) as r(i)", {"stage": stage})
            con.table("t").write_parquet("./written.parquet")
        Path("written.parquet").replace(path)
    elif path.suffix == ".gz":
        path.write_bytes(gzip.compress(_rows(stage).encode()))
    else:
        path.write_text(_rows(stage), encoding="utf-8")
    return path


def _stages(path: Path) -> set[str]:
    return {row[0] for row in read(path).connection.execute("SELECT DISTINCT stage FROM events").fetchall()}


@pytest.mark.parametrize("ending", [".csv", ".csv.gz", ".parquet"])
def test_a_name_like_a_pattern_is_a_name(ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in OTHERS:
        _write(Path(name + ending), "other")
    for name in NAMES:
        assert _stages(_write(Path(name + ending), f"of {len(name)}")) == {f"of {len(name)}"}, name


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_a_folder_like_a_pattern_is_a_folder(ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for number, folder in enumerate((*NAMES, *OTHERS)):
        _write(Path(folder) / f"log{ending}", f"of {number}")
    for number, folder in enumerate(NAMES):
        assert _stages(Path(folder) / f"log{ending}") == {f"of {number}"}


def test_a_partition_in_the_path_is_no_column(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for ending in (".csv", ".parquet"):
        log = read(_write(Path("channel=web") / f"log{ending}", "A"))
        assert "channel" not in log.columns


def test_a_plain_file_that_calls_itself_compressed_is_read(tmp_path: Path) -> None:
    path = tmp_path / "log.csv.zst"
    path.write_text(_rows("A"), encoding="utf-8")
    assert _stages(path) == {"A"}


def test_the_pattern_finds_exactly_the_file(tmp_path: Path) -> None:
    with duckdb.connect() as con:
        for name in NAMES:
            (tmp_path / name).write_text("x", encoding="utf-8")
            found = con.execute("select file from glob($path)", {"path": literal(tmp_path / name)}).fetchall()
            assert [Path(row[0]).name for row in found] == [name]
