"""Whatever is too much is said in a sentence, and never taken in."""

from __future__ import annotations

import gzip
import io
import json
import os
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factoryview.errors import InputError
from factoryview.sources import EventLog, memory, read
from factoryview.sources.readers import json_stream
from factoryview.sources.scratch import remove_abandoned, scratch_folder

MAIN = Path(__file__).parents[2] / "main.py"
LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs limits of memory")
HEADER = "case,activity,timestamp\n"
Written = Callable[..., Path]


def _workbook(path: Path, edit: Callable[[str], str]) -> Path:
    """A small workbook whose sheet is edited as XML."""
    book = openpyxl.Workbook()
    for row in [HEADER.strip().split(","), *(["1", "A", f"2024-01-0{day}"] for day in range(1, 9))]:
        book.active.append(row)
    plain = io.BytesIO()
    book.save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            is_sheet = name.endswith("sheet1.xml")
            new.writestr(name, edit(data.decode()) if is_sheet else data)
    return path


def _refused(path: Path, word: str) -> None:
    with pytest.raises(InputError, match=word) as caught:
        read(path)
    assert len(str(caught.value).splitlines()) == 1


def test_what_unpacks_without_end(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("factoryview.sources.files.UNPACKED_BYTES", 1 << 20)
    _refused(
        written(gzip.compress(HEADER.encode() + b"1,A,2024-01-01\n" * 200_000), "log.csv.gz"), "100 times its size"
    )
    assert read(written(gzip.compress(HEADER.encode() + b"1,A,2024-01-01\n" * 200), "log.csv.gz")).rows == 200


@pytest.mark.parametrize("opening", ["<trace>", '<trace><string key="a" value="b">', "<x>"])
def test_xml_that_opens_and_opens(opening: str, written: Written) -> None:
    _refused(written("<log>" + opening * 200, "deep.xes"), "inside one another")
    ocel = "<log><object-types/><event-types/>" + "<objects>" * 200
    _refused(written(ocel, "deep.xml"), "inside one another")


def test_a_trace_without_an_end(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("factoryview.sources.readers.xes.MOST_EVENTS_OF_CASE", 50)
    monkeypatch.setattr("factoryview.sources.readers.xes_plain._LONGEST", 1_000)
    time = '<date key="time:timestamp" value="2024-01-01T00:00:00Z"/>'
    event = f'<event><string key="concept:name" value="A"/>{time}</event>'
    _refused(written(f"<log><trace>{event * 60}</trace></log>", "long.xes"), "more than 50 events")


@pytest.mark.parametrize("row", [1_048_577, 99_999_999])
def test_a_sheet_with_more_rows_than_there_can_be(row: int, tmp_path: Path) -> None:
    path = _workbook(
        tmp_path / "x.xlsx", lambda xml: xml.replace('<row r="9"', f'<row r="{row}"').replace('9"><', f'{row}"><')
    )
    _refused(path, "1,048,576 rows")


def test_a_sheet_with_a_gap_is_read_on(tmp_path: Path) -> None:
    path = _workbook(tmp_path / "x.xlsx", lambda xml: xml.replace('<row r="9"', '<row r="90000"'))
    assert read(path).rows == 8


def test_a_part_of_a_workbook_that_is_no_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("factoryview.sources.readers.excel.LARGEST_PART", 100)
    _refused(_workbook(tmp_path / "x.xlsx", str), "no table")


@pytest.mark.parametrize("ending", [".csv", ".json", ".parquet"])
def test_more_rows_than_are_taken_in(ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("", ".table", ".readers.parquet"):
        monkeypatch.setattr(f"factoryview.sources{module}.MOST_ROWS", 500)
    path = tmp_path / f"rows{ending}"
    for count in (500, 501):
        if ending == ".parquet":
            rows = f"select 'c' as \"case\", 'A' as activity, date '2024-01-01' as time from range({count})"
            with duckdb.connect() as con:
                con.sql(rows).write_parquet(str(path))
        elif ending == ".csv":
            path.write_text(HEADER + "c,A,2024-01-01\n" * count, encoding="utf-8")
        else:
            row = {"case": "c", "activity": "A", "timestamp": "2024-01-01"}
            path.write_text(json.dumps([row] * count), encoding="utf-8")
        if count == 500:
            assert read(path).rows == 500
    _refused(path, "more than 500 rows")


def test_a_line_without_an_end_is_set_aside(log_of: Callable[..., EventLog], monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("files", "readers.delimited"):
        monkeypatch.setattr(f"factoryview.sources.{module}.LONGEST_LINE", 1 << 20)
    log = log_of(HEADER + "1,A,2024-01-01\n" + "x" * 3_000_000 + "\n2,A,2024-01-02\n")
    assert (log.rows, log.rejected) == (3, 1)
    item = json.dumps({"case": "1", "activity": "A", "timestamp": "2024-01-01"})
    log = log_of(f'{item}\n{{"case": "{"x" * 3_000_000}"}}\n{item}\n', "log.jsonl")
    assert (log.rows, log.rejected) == (3, 1)


def test_quotes_that_nobody_closes(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("factoryview.sources.readers.delimited.MOST_OPEN_QUOTES", 20)
    monkeypatch.setattr("factoryview.sources.readers.delimited._RECORD_LINES", 1)
    good = "".join(f"c{i},A,2024-01-01\n" for i in range(400))
    _refused(written(HEADER + good + 'c,"A,2024-01-01\nc,A,2024-01-01\n' * 50), "more than 20 quoted fields")


def test_json_of_one_enormous_value(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "LARGEST_PART", 1_000)
    monkeypatch.setattr(json_stream, "_CHUNK", 100)
    _refused(written('[{"a": "' + "x" * 5_000 + '"}]', "log.json"), "a value of more than")
    _refused(written('{"a": {"b": [' + "1," * 5_000, "log.json"), "JSON|a value of more than")


def test_json_nested_without_end(written: Written) -> None:
    _refused(written('[{"a": ' + "[" * 300_000, "log.json"), "nested too deeply")
    members = ",".join(f'"k{i}": {i}' for i in range(5_000))
    _refused(written(f"{{{members}}}", "log.json"), "2000 columns")


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


@given(_values, st.integers(1, 40), st.sampled_from([None, 1]), st.sampled_from(["", "\n", " \r\n\t"]))
def test_json_is_the_same_part_by_part(value: object, chunk: int, indent: int | None, blank: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_stream, "_CHUNK", chunk)
        found = list(json_stream.parts(io.StringIO(blank + json.dumps(value, indent=indent) + blank)))
    if isinstance(value, list):
        assert found == [("", each, True) for each in value]
    elif isinstance(value, dict):
        expected = []
        for key, each in value.items():
            expected += [(key, one, True) for one in each] if isinstance(each, list) else [(key, each, False)]
        assert found == expected
    else:
        assert found == [("", value, False)]


@given(st.text(st.sampled_from('[]{}",:1-ea .tru\\\n'), max_size=30), st.integers(1, 9))
def test_what_is_no_json_is_told_as_the_standard_reader_tells(text: str, chunk: int) -> None:
    def read_all() -> bool:
        try:
            list(json_stream.parts(io.StringIO(text)))
        except json_stream.Broken:
            return False
        return True

    def is_json() -> bool:
        try:
            json.JSONDecoder().raw_decode(text.lstrip(" \n\r\t"))
        except json.JSONDecodeError:
            return False
        return True

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_stream, "_CHUNK", chunk)
        assert read_all() == is_json()


@LINUX
def test_reading_is_held_to_its_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    before = resource.getrlimit(resource.RLIMIT_DATA)
    monkeypatch.setattr(memory, "MEMORY", 64 << 20)
    with pytest.raises(InputError, match="needs more memory than the"), memory.bounded("log.csv"):
        bytearray(512 << 20)
    with memory.bounded("log.csv"):
        assert len(bytearray(16 << 20)) == 16 << 20
    assert resource.getrlimit(resource.RLIMIT_DATA) == before


@LINUX
def test_bombs_in_a_process_with_little_memory(tmp_path: Path) -> None:
    """Small ones of each mechanism: what is read as a whole or keeps what it has seen would need many times 1.5 GB."""
    deep = tmp_path / "deep.xes.gz"
    deep.write_bytes(gzip.compress(b"<log>" + b"<trace>" * 4_000_000, 1))
    array = tmp_path / "array.json.gz"
    array.write_bytes(gzip.compress(b"[" + b'{"a":{"b":{}}},' * 1_000_000 + b"1]", 1))
    row = _workbook(tmp_path / "row.xlsx", lambda xml: xml.replace('<row r="9"', '<row r="99999999"'))

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (900 << 20, 900 << 20))

    for path in (deep, array, row):
        ended = subprocess.run(
            [sys.executable, str(MAIN), "kpis", str(path)],
            capture_output=True, text=True, timeout=300, check=False, preexec_fn=limited,
            env={**os.environ, "COLUMNS": "200"},
        )  # fmt: skip
        assert ended.returncode == 3, (path.name, ended.stderr)
        assert len(ended.stderr.splitlines()) == 1, ended.stderr
        assert path.name in ended.stderr
        assert "mistake" not in ended.stderr


def test_what_a_killed_process_left_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("factoryview.sources.scratch._own", None)
    left, young, other = (tmp_path / name for name in ("factoryview-left", "factoryview-young", "somebody"))
    for folder in (left, young, other):
        folder.mkdir()
        (folder / "owner").touch()
        (folder / "unpacked").write_bytes(b"x" * 1_000)
    for folder in (left, other):
        os.utime(folder / "owner", (1_000_000, 1_000_000))
    own = scratch_folder()
    os.utime(own / "owner", (1_000_000, 1_000_000))
    remove_abandoned()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([own.name, "factoryview-young", "somebody"])


def test_files_of_strangers() -> None:
    folder = Path(__file__).parents[2] / ".." / "shared" / "faults" / "robustness"
    if not folder.is_dir():
        pytest.skip("needs ../shared/faults")
    _refused(folder / "row_99999999.xlsx", "1,048,576 rows")
