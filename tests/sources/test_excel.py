"""Excel workbooks: which sheet, where the table begins, what dates are, and what is damaged."""

from __future__ import annotations

import random
import sys
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path

import duckdb
import openpyxl
import pytest

from factoryview.errors import FactoryviewError, InputError
from factoryview.sources import ReadOptions, read
from factoryview.sources.readers.sheets import cell_text, header_row
from tests.sources.conftest import events, findings

HEADER = ["Case ID", "Activity", "Completed at", "Resource", "Betrag"]
ROWS = [
    ["A-1", "Eingang", datetime(2024, 3, 1, 9, 30), "Ann", 1200.5],
    ["A-1", "Prüfung", datetime(2024, 3, 4, 0, 0), "Bo", 1200.5],
    [7, "Eingang", datetime(2024, 3, 2, 10, 0, 0, 250000), None, 80],
    ["NA", "Eingang", datetime(2024, 3, 5, 23, 59, 59), "Ann", None],
]
Sheets = dict[str, list[list[object]]]


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., Path]:
    """Writes sheets to a workbook and gives its path."""

    def write(sheets: Sheets, name: str = "log.xlsx", hidden: str = "") -> Path:
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            sheet.sheet_state = "hidden" if title == hidden else "visible"
            for row in rows:
                sheet.append(row)
        book.save(tmp_path / name)
        return tmp_path / name

    return write


def test_dates_numbers_and_empty_cells_are_typed(workbook: Callable[..., Path]) -> None:
    log = read(workbook({"Export": [HEADER, *ROWS]}))
    assert events(log, '"case", stage, time, resource, value') == [
        ("A-1", "Eingang", datetime(2024, 3, 1, 9, 30), "Ann", 1200.5),
        ("A-1", "Prüfung", datetime(2024, 3, 4), "Bo", 1200.5),
        ("7", "Eingang", datetime(2024, 3, 2, 10, 0, 0, 250000), None, 80.0),
        ("NA", "Eingang", datetime(2024, 3, 5, 23, 59, 59), "Ann", None),
    ]
    assert log.columns["case"] == "Case ID"


def test_times_are_those_of_the_plant(workbook: Callable[..., Path]) -> None:
    log = read(workbook({"Export": [HEADER, *ROWS]}), ReadOptions(timezone="Europe/Berlin"))
    assert events(log, "time")[0] == (datetime(2024, 3, 1, 8, 30),)


def test_the_largest_sheet_is_read_and_said(workbook: Callable[..., Path]) -> None:
    notes: list[list[object]] = [["Notes of the export"]] * 400
    sheets = {"Notes": notes, "Small": [HEADER, ["A", 1]], "Events": [HEADER, *ROWS], "Old": [HEADER, *ROWS * 9]}
    path = workbook(sheets, hidden="Old")
    log = read(path)
    assert (log.rows, log.rejected) == (4, 0)
    assert 'The sheet "Events" is read; it has times. Not read: Notes, Small.' in findings(log, "info")


def test_the_header_below_a_title_and_beside_empty_columns(workbook: Callable[..., Path]) -> None:
    title: list[list[object]] = [["Export of March"], [], [None, "made on", date(2024, 4, 1)]]
    rows = [
        *title,
        [None, None, *HEADER],
        *([None, None, *row] for row in ROWS),
        [],
        [None, None, "x", None, None, None],
    ]
    log = read(workbook({"Export": rows}))
    assert [row[1] for row in events(log)] == ["Eingang", "Prüfung", "Eingang", "Eingang"]
    assert (log.rows, log.rejected) == (5, 1)
    assert "begins in row 4" in findings(log, "info")
    assert log.rejects_file is not None
    assert "\n10," in log.rejects_file.read_text(encoding="utf-8")


def test_without_a_header_the_columns_are_numbered(workbook: Callable[..., Path]) -> None:
    path = workbook({"Export": list(ROWS)})
    log = read(path, ReadOptions(columns={"case": "column 1", "stage": "column 2", "time": "column 3"}))
    assert len(events(log)) == 4
    assert "no header" in findings(log, "warning")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (12.0, "12"),
        (0.1, "0.1"),
        (1e300, "1e+300"),
        (datetime(2024, 1, 2), "2024-01-02"),
        (datetime(2024, 1, 2, 3), "2024-01-02 03:00:00"),
        (date(2024, 1, 2), "2024-01-02"),
        (time(8, 5), "08:05:00"),
        ("\ud800", "?"),
    ],
)
def test_cells_as_text(value: object, text: str) -> None:
    assert cell_text(value) == text


def test_no_table() -> None:
    assert header_row([]) is None
    assert header_row([("one",), (None, "cell")]) is None


@pytest.mark.parametrize("sheets", [{"A": []}, {"A": [["only words"]], "B": []}])
def test_a_workbook_without_a_table(sheets: Sheets, workbook: Callable[..., Path]) -> None:
    with pytest.raises(InputError, match="no table"):
        read(workbook(sheets))


def test_openpyxl_missing(workbook: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbook({"Export": [HEADER, *ROWS]})
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(InputError, match=r"pip install 'factoryview\[excel\]'"):
        read(path)


def test_other_archives_and_traps(workbook: Callable[..., Path], tmp_path: Path) -> None:
    other = tmp_path / "other.zip"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("a.txt", "a")
    with pytest.raises(InputError, match="ZIP"):
        read(other)
    trap = tmp_path / "trap.xlsx"
    with zipfile.ZipFile(workbook({"A": [HEADER, *ROWS]})) as good, zipfile.ZipFile(trap, "w") as bad:
        for part in good.infolist():
            text = good.read(part).decode()
            if part.filename.endswith("sheet1.xml"):
                text = '<!DOCTYPE x [<!ENTITY a "aaaa">]>' + text
            bad.writestr(part.filename, text)
    with pytest.raises(InputError, match="DTD"):
        read(trap)


def test_damaged_workbooks_end_in_one_line(workbook: Callable[..., Path], tmp_path: Path) -> None:
    good = workbook({"A": [HEADER, *ROWS]}).read_bytes()
    parts: dict[str, bytes] = {}
    with zipfile.ZipFile(tmp_path / "log.xlsx") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    path = tmp_path / "damaged.xlsx"
    outcomes = {"log": 0, "error": 0}
    lines: list[str] = []
    connection = duckdb.connect(config={"threads": 1})
    for number in range(120):
        rng = random.Random(number)
        if number % 2:
            data = bytearray(good)
            for _ in range(rng.randint(1, 30)):
                data[rng.randrange(len(data))] = rng.randrange(256)
            path.write_bytes(data[: rng.randrange(len(data))] if number % 3 == 0 else data)
        else:
            broken = dict(parts)
            name = rng.choice(sorted(broken))
            text = bytearray(broken[name])
            for _ in range(rng.randint(1, 8)):
                text[rng.randrange(len(text))] = rng.randrange(32, 127)
            broken[name] = bytes(text)
            if number % 10 == 0:
                del broken[name]
            with zipfile.ZipFile(path, "w") as archive:
                for part, content in broken.items():
                    archive.writestr(part, content)
        try:
            read(path, ReadOptions(rejects=tmp_path / "rejected.csv"), connection)
            outcomes["log"] += 1
        except FactoryviewError as error:
            outcomes["error"] += 1
            lines.append(str(error))
    assert min(outcomes.values()) > 10, outcomes
    assert not any("\n" in line for line in lines)
