"""What a log may be wrapped in: envelopes of JSON, tables of web pages, sheets of workbooks, prefixes of XES."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from factoryview.errors import InputError
from factoryview.sources import EventLog, ReadOptions, read
from tests.sources.conftest import events, findings

Made = Callable[..., EventLog]
STEPS = ("Inbox", "Checking", "Ready")
HEADS = ("ticket", "status", "changed")
ROWS = [
    (f"T{case}", step, (datetime(2025, 1, 6) + timedelta(hours=7 * case + 5 * place * (case % 3 + 1))).isoformat())
    for case in range(24)
    for place, step in enumerate(STEPS)
]
OBJECTS = [dict(zip(HEADS, row, strict=True)) for row in ROWS]
EXPECTED = [(case, step, datetime.fromisoformat(at)) for case, step, at in ROWS]


def of_case(case: int) -> list[dict[str, str]]:
    return [{"status": o["status"], "changed": o["changed"]} for o in OBJECTS if o["ticket"] == f"T{case}"]


ENVELOPES: dict[str, Any] = {
    "data": {"data": OBJECTS},
    "odata": {"@odata.context": "https://example.org", "value": OBJECTS},
    "nested": {"ok": True, "response": {"page": 1, "result": {"items": OBJECTS}}},
    "hits": {"hits": {"total": 72, "hits": [{"_id": str(i), "_source": o} for i, o in enumerate(OBJECTS)]}},
    "features": {"type": "FeatureCollection", "features": [{"type": "F", "properties": o} for o in OBJECTS]},
    "beside a list without times": {"users": [{"id": 1, "name": "x"}] * 90, "events": OBJECTS},
    "rows under a header": {"columns": list(HEADS), "data": [list(row) for row in ROWS]},
    "rows under fields": {"schema": {"fields": [{"name": n, "type": "STRING"} for n in HEADS]}, "rows": ROWS},
    "rows with a header": {"range": "A1:C73", "values": [HEADS, *ROWS]},
    "an array of rows": [HEADS, *ROWS],
    "columns": {name: [row[i] for row in ROWS] for i, name in enumerate(HEADS)},
    "numbered columns": {name: {str(n): row[i] for n, row in enumerate(ROWS)} for i, name in enumerate(HEADS)},
    "keys": {f"-N{i}": o for i, o in enumerate(OBJECTS)},
    "events of cases": [{"ticket": f"T{c}", "status": "Ready", "history": of_case(c)} for c in range(24)],
    "events inside cases": {"cases": [{"ticket": f"T{c}", "log": {"events": of_case(c)}} for c in range(24)]},
}


@pytest.mark.parametrize("kind", ENVELOPES)
def test_an_envelope_of_json(kind: str, log_of: Made) -> None:
    assert sorted(events(log_of(json.dumps(ENVELOPES[kind]), "log.json"))) == sorted(EXPECTED)


SEVERAL = {
    "pretty": "\n".join(json.dumps(o, indent=2) for o in OBJECTS),
    "commas": ",\n".join(map(json.dumps, OBJECTS)),
    "pages": "\n".join(json.dumps({"page": p, "data": OBJECTS[p * 24 : p * 24 + 24]}) for p in range(3)),
    "events of cases": "\n".join(json.dumps({"ticket": f"T{c}", "history": of_case(c)}) for c in range(24)),
}


@pytest.mark.parametrize("kind", SEVERAL)
def test_documents_one_after_the_other(kind: str, log_of: Made) -> None:
    assert sorted(events(log_of(SEVERAL[kind], "log.json"))) == sorted(EXPECTED)


def test_of_several_lists_with_times_one_has_to_be_said(log_of: Made) -> None:
    text = json.dumps({"events": OBJECTS, "logins": [{"user": 1, "at": "2025-01-01T00:00:00Z"}]})
    with pytest.raises(InputError, match=r"several lists: events, logins\. .*--sheet events"):
        log_of(text, "log.json")
    assert events(log_of(text, "log.json", sheet="events")) == EXPECTED
    with pytest.raises(InputError, match=r'no list "event"\. It has: events, logins'):
        log_of(text, "log.json", sheet="event")


def test_a_case_without_events_is_set_aside(log_of: Made) -> None:
    cases = [*ENVELOPES["events of cases"], {"ticket": "T99", "history": []}]
    log = log_of(json.dumps(cases), "log.json")
    assert (log.rows, log.rejected) == (73, 1)


def table(rows: list[tuple[str, ...]], tag: str = "td") -> str:
    return "".join(f"<tr>{''.join(f'<{tag}>{cell}</{tag}>' for cell in row)}</tr>" for row in rows)


PAGES = {
    "plain": f"<table>{table([HEADS], 'th')}{table(ROWS)}</table>",
    "office": '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta charset=utf-8><style>td{x:y}</style>'
    f"</head><body><table border=1><tr><td colspan=3>Report</td></tr>{table([HEADS, *ROWS])}</table></body></html>",
    "inside a layout": "<!DOCTYPE html><table><tr><td>Menu</td><td>"
    f"<table>{table([HEADS, *ROWS])}</table></td></tr></table>",
    "no ends of cells": f"<TABLE>{table([HEADS, *ROWS]).replace('</td>', '').replace('</tr>', '')}</TABLE>",
    "a case over rows": f"<table>{table([HEADS])}"
    + "".join(
        f"<tr>{f'<td rowspan=3>{case}</td>' if n % 3 == 0 else ''}<td>{step}</td><td>{at}</td></tr>"
        for n, (case, step, at) in enumerate(ROWS)
    )
    + "</table>",
}  # fmt: skip


@pytest.mark.parametrize("kind", PAGES)
@pytest.mark.parametrize("name", ["log.xls", "log.html"])
def test_the_table_of_a_web_page(kind: str, name: str, log_of: Made) -> None:
    assert events(log_of(PAGES[kind], name)) == EXPECTED


def test_letters_of_a_web_page_are_those_it_declares(log_of: Made) -> None:
    text = "<html><meta charset='windows-1250'>" + PAGES["plain"].replace("Inbox", "Příjem &amp; třídění") + "</html>"
    stages = {row[1] for row in events(log_of(text.encode("cp1250"), "log.xls"))}
    assert stages == {"Příjem & třídění", "Checking", "Ready"}


def test_a_web_page_without_a_table_says_so(log_of: Made) -> None:
    with pytest.raises(InputError, match="is a web page without a table"):
        log_of("<!DOCTYPE html><html><body><form>Log in</form></body></html>", "export.csv")


def spreadsheet(rows: list[tuple[str, ...]]) -> Iterator[str]:
    yield '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    yield '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
    yield 'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="Log"><Table>'
    for row in rows:
        yield "<Row>"
        for place, cell in enumerate(row, 1):
            kind = "DateTime" if cell[:2] == "20" else "String"
            yield f'<Cell ss:Index="{place + 1}"><Data ss:Type="{kind}">{cell}</Data></Cell>'
        yield "</Row>"
    yield "</Table></Worksheet></Workbook>"


def test_a_workbook_in_xml(log_of: Made) -> None:
    assert events(log_of("".join(spreadsheet([HEADS, *ROWS])), "log.xls")) == EXPECTED
    with pytest.raises(InputError, match="broken XML in line 1"):
        log_of("".join(spreadsheet([HEADS, *ROWS]))[:-30], "log.xls")


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """A pivot larger than the log, two months of a log, and a hidden sheet."""
    book = openpyxl.Workbook()
    book.active.title = "Pivot"
    for row in [("Step", *"abcdefghij"), *((step, *range(10)) for step in STEPS * 20)]:
        book["Pivot"].append(row)
    for title, part in (("January", EXPECTED[:30]), ("February", EXPECTED[30:]), ("Old", EXPECTED[:3])):
        sheet = book.create_sheet(title)
        for cells in [HEADS, *part]:
            sheet.append(cells)
    book["Old"].sheet_state = "hidden"
    book.save(tmp_path / "book.xlsx")
    return tmp_path / "book.xlsx"


def test_the_sheet_with_times_is_read_and_the_other_one_asked_about(workbook: Path) -> None:
    log = read(workbook)
    assert events(log) == EXPECTED[30:]
    assert 'The sheet "February" is read' in findings(log, "ask")
    assert [guess.others for guess in log.guesses if guess.what == "sheet"] == [('--sheet "January"',)]


@pytest.mark.parametrize(("wish", "rows"), [("January", 30), (" january", 30), ("2", 30), ("3", 42), ("Old", 3)])
def test_a_sheet_that_is_said(wish: str, rows: int, workbook: Path) -> None:
    log = read(workbook, ReadOptions(sheet=wish))
    assert log.rows == rows
    assert "is read" not in findings(log, "ask")


def test_a_workbook_may_be_compressed(workbook: Path, log_of: Made) -> None:
    assert events(log_of(gzip.compress(workbook.read_bytes()), "book.xlsx.gz")) == EXPECTED[30:]


def test_a_sheet_that_is_not_there(workbook: Path) -> None:
    with pytest.raises(InputError, match=r'no sheet "March"\. It has: Pivot, January, February, Old'):
        read(workbook, ReadOptions(sheet="March"))


def xes(names: list[str], prefix: str = "") -> str:
    p = prefix
    traces = []
    for name, case in zip(names, range(24), strict=True):
        inner = "".join(
            f'<{p}event><{p}string key="concept:name" value="{e["status"]}"/>'
            f'<{p}date key="time:timestamp" value="{e["changed"]}Z"/></{p}event>'
            for e in of_case(case)
        )
        traces.append(f'<{p}trace><{p}string key="concept:name" value="{name}"/>{inner}</{p}trace>')
    space = f'xmlns{":" + p.rstrip(":") if p else ""}="http://www.xes-standard.org/"'
    return f"<?xml version='1.0'?><{p}log {space}>{''.join(traces)}</{p}log>"


@pytest.mark.parametrize("prefix", ["", "xes:", "ns0:"])
def test_xes_with_a_prefix(prefix: str, log_of: Made) -> None:
    assert events(log_of(xes([f"T{case}" for case in range(24)], prefix), "log.xes")) == EXPECTED


@pytest.mark.parametrize("prefix", ["", "x:"])
def test_traces_of_the_same_name_are_cases_of_their_own(prefix: str, log_of: Made) -> None:
    log = log_of(xes(["Order"] * 20 + ["Claim"] * 4, prefix), "log.xes")
    assert sorted(Counter(row[0] for row in events(log)).values()) == [3] * 24
    stages = [[row[1] for row in events(log) if row[0] == case] for case in {row[0] for row in events(log)}]
    assert all(list(pairwise(one)) == list(pairwise(STEPS)) for one in stages)
    assert "24 traces share 2 names" in findings(log, "warning")


def test_a_trace_that_comes_twice_is_one_case_and_said(log_of: Made) -> None:
    log = log_of(xes(["T0", *[f"T{case}" for case in range(23)]]), "log.xes")
    assert len({row[0] for row in events(log)}) == 23
    assert "1 trace has the name of another" in findings(log, "warning")
