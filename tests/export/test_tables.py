"""Tables as files say the same as in memory, and no cell of them runs in a spreadsheet."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from factoryview.errors import InputError, UsageError
from factoryview.export.tables import write_table


@pytest.fixture
def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "stage": ["Prüfung", '=HYPERLINK("http://x";"y")', "+1", "-2", "@SUM(A1)", "\tcmd", "\rx", "a=b"],
            "bucket": pd.date_range("2024-03-31", periods=8, freq="h", tz="Europe/Berlin").as_unit("us"),
            "wip": [-1.5, np.nan, *range(6)],
        }
    )


def test_csv_defuses_text_and_leaves_numbers(frame: pd.DataFrame, tmp_path: Path) -> None:
    write_table(frame, tmp_path / "kpis.csv")
    with (tmp_path / "kpis.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["stage", "bucket", "wip"]
    names = [row[0] for row in rows[1:]]
    assert names == ["Prüfung", *("'" + name for name in frame["stage"][1:7]), "a=b"]
    assert [row[2] for row in rows[1:3]] == ["-1.5", ""]
    assert [row[1] for row in rows[2:4]] == ["2024-03-31 01:00:00+01:00", "2024-03-31 03:00:00+02:00"]


def test_a_header_may_not_be_a_formula_either(tmp_path: Path) -> None:
    write_table(pd.DataFrame({"=A1": [1]}), tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_text(encoding="utf-8") == "'=A1\n1\n"


def test_json_keeps_the_offset_and_says_null(frame: pd.DataFrame, tmp_path: Path) -> None:
    write_table(frame, tmp_path / "kpis.json")
    rows = json.loads((tmp_path / "kpis.json").read_text(encoding="utf-8"))
    assert rows[1]["bucket"] == "2024-03-31T01:00:00+01:00"
    assert (rows[0]["stage"], rows[1]["wip"], rows[0]["wip"]) == ("Prüfung", None, -1.5)


def test_parquet_is_read_back(frame: pd.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / "it's.parquet"
    write_table(frame, path)
    columns = duckdb.connect().read_parquet(str(path)).select("stage, epoch_us(bucket) as bucket, wip").fetchnumpy()
    assert columns["stage"].tolist() == frame["stage"].tolist()
    assert columns["bucket"].tolist() == frame["bucket"].astype("int64").tolist()
    np.testing.assert_array_equal(np.ma.filled(columns["wip"], np.nan), frame["wip"])


def test_another_ending_is_refused(frame: pd.DataFrame, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.csv, \.json, \.parquet"):
        write_table(frame, tmp_path / "kpis.xlsx")


@pytest.mark.parametrize("ending", ["csv", "json", "parquet"])
def test_a_place_that_cannot_be_written_is_named(frame: pd.DataFrame, tmp_path: Path, ending: str) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        write_table(frame, tmp_path / "missing" / f"kpis.{ending}")
