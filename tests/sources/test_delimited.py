"""Text tables: delimiters, encodings, headers, and rows that are set aside."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable
from datetime import datetime

import pytest

from factoryview.errors import UsageError
from factoryview.sources import EventLog
from factoryview.sources.readers import delimited
from tests.sources.conftest import events, findings

HEADER = ["Fallnummer", "Tätigkeit", "Zeitstempel", "Sachbearbeiter"]
ROWS = [["NA", "Prüfung", "2024-01-01 10:00:00", "Müller"], ["4", "Ende", "2024-01-02 11:30:00", "Ilse"]]
SEEN = [("NA", "Prüfung", datetime(2024, 1, 1, 10)), ("4", "Ende", datetime(2024, 1, 2, 11, 30))]


def joined(delimiter: str, end: str = "\n") -> str:
    return end.join(delimiter.join(row) for row in [HEADER, *ROWS]) + end


@pytest.mark.parametrize("delimiter", list(",;\t|~^"))
def test_any_delimiter(delimiter: str, log_of: Callable[..., EventLog]) -> None:
    assert events(log_of(joined(delimiter))) == SEEN


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_encoding_and_line_end(encoding: str, end: str, log_of: Callable[..., EventLog]) -> None:
    log = log_of(joined(";", end).encode(encoding))
    assert events(log) == SEEN
    assert log.columns["case"] == "Fallnummer"
    assert ("Read as" in findings(log)) == (not encoding.startswith("utf-8"))


def test_compressed(log_of: Callable[..., EventLog]) -> None:
    assert events(log_of(gzip.compress(joined(",").encode()), "log.csv.gz")) == SEEN


@pytest.mark.parametrize("above", ["sep=;\n", "Bericht vom 1.1.2024\nAbteilung Bau\n", "\n\n"])
def test_what_stands_above_the_header(above: str, log_of: Callable[..., EventLog]) -> None:
    assert events(log_of(above + joined(";"))) == SEEN


def test_no_header(log_of: Callable[..., EventLog]) -> None:
    log = log_of("K1,Start,2024-01-01\nK1,End,2024-01-02\nK2,Start,2024-01-02\nK2,End,2024-01-04\n")
    assert log.rows == 4
    assert log.columns == {"time": "column 3", "case": "column 1", "stage": "column 2"}
    assert "no header" in findings(log, "warning")


def test_quotes_and_line_breaks_inside_fields(log_of: Callable[..., EventLog]) -> None:
    log = log_of('case,activity,timestamp\n1,"say ""hi"",\nthere",2024-01-01\n1,5" pipe,2024-01-02\n')
    assert [row[1] for row in events(log)] == ['say "hi",\nthere', '5" pipe']


def _rejected(log: EventLog) -> list[list[str]]:
    assert log.rejects_file is not None
    with log.rejects_file.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def test_bad_rows_are_set_aside_with_line_and_reason(log_of: Callable[..., EventLog]) -> None:
    text = (
        "case,activity,timestamp\n1,A,2024-01-01\n1,B\n\n,C,2024-01-02\n1, ,2024-01-02\n1,D,\n1,E,soon\n"
        "1,F,9999-01-01\n=1+1,G,2024-13-01\n1,H,2024-01-03\n"
    )
    log = log_of(text)
    assert [row[1] for row in events(log)] == ["A", "H"]
    assert (log.rows, log.rejected) == (9, 7)
    assert log.rejects_file is not None
    assert log.rejects_file.name == "log.rejected.csv"
    assert _rejected(log) == [
        ["3", "no time", "1,B,"],
        ["5", "no case", ",C,2024-01-02"],
        ["6", "no stage", "1, ,2024-01-02"],
        ["7", "no time", "1,D,"],
        ["8", 'time that cannot be read: "soon"', "1,E,soon"],
        ["9", 'time outside the years 1900 to 2099: "9999-01-01"', "1,F,9999-01-01"],
        ["10", 'time that cannot be read: "2024-13-01"', "'=1+1,G,2024-13-01"],
    ]
    assert "7 rows cannot be used" in findings(log, "warning")


@pytest.mark.parametrize("blank", [False, True])
def test_line_numbers_hold_in_clean_and_odd_files(blank: bool, log_of: Callable[..., EventLog]) -> None:
    lines = ["case,activity,timestamp"] + [f"{i},A,2024-01-01" for i in range(30)]
    lines[20] = "19,A,never"
    if blank:
        lines.insert(5, "")
    assert _rejected(log_of("\n".join(lines)))[0][0] == str(22 if blank else 21)


def test_an_open_quote_costs_one_row(log_of: Callable[..., EventLog]) -> None:
    lines = ["case,activity,timestamp"] + [f"{i},A,2024-01-01" for i in range(500)]
    lines[100] = '99,"A,2024-01-01'
    log = log_of("\n".join(lines))
    assert (log.rows, log.rejected) == (500, 1)
    assert _rejected(log)[0][:2] == ["101", "a quoted field is not closed"]


def test_broken_bytes_cost_their_row_only(log_of: Callable[..., EventLog]) -> None:
    rows = "".join(f"{i},Prüfung für Müller,2024-01-01\n" for i in range(50)).encode()
    log = log_of(b"case,activity,timestamp\n" + rows + b"x,\xff\xfe,2024-01-01\n")
    assert (log.rows, log.rejected) == (51, 1)


def test_huge_fields_are_read(log_of: Callable[..., EventLog]) -> None:
    log = log_of("case,activity,timestamp,note\n1,A,2024-01-01," + "x" * 3_000_000 + "\n1,B,2024-01-02,y\n")
    assert len(events(log)) == 2


def test_rows_without_their_last_blank_cells_are_filled_up(log_of: Callable[..., EventLog]) -> None:
    log = log_of("case,activity,timestamp,owner,note\n1,A,2024-01-01\n1,B,2024-01-02,ann\n1,C,2024-01-03,bob,late\n")
    assert events(log, "stage, resource") == [("A", None), ("B", "ann"), ("C", "bob")]
    assert log.rejected == 0
    assert "2 rows end before the last column" in findings(log, "info")


@pytest.mark.parametrize(
    "above",
    [
        "# made by tool 3\n# rows: 2, columns: 3\n",
        "// a, b, c\n",
        "-- Export, 1 March\n\n",
        "Tickets of March;;\nby,Ann\n",
        '"Report, all teams"\n',
    ],
)
def test_comments_above_the_header(above: str, log_of: Callable[..., EventLog]) -> None:
    log = log_of(above + "case,activity,timestamp\n1,A,2024-01-01\n1,B,2024-01-02\n")
    assert [row[1] for row in events(log)] == ["A", "B"]
    assert log.columns["time"] == "timestamp"


def test_a_header_may_begin_like_a_comment(log_of: Callable[..., EventLog]) -> None:
    log = log_of("#case,activity,timestamp\n1,A,2024-01-01\n1,B,2024-01-02\n")
    assert (log.columns["case"], log.rejected) == ("case", 0)


def test_names_of_rows_that_the_header_lacks(log_of: Callable[..., EventLog]) -> None:
    rows = "".join(f'"{i}","c{i % 3}","{"ABC"[i // 3]}","2024-01-0{1 + i}"\n' for i in range(9))
    log = log_of('"case","activity","timestamp"\n' + rows)
    assert log.columns == {"case": "case", "stage": "activity", "time": "timestamp"}
    assert "name of their own" in findings(log, "info")


@pytest.mark.parametrize(
    "row",
    [
        '"1","he said \\"now\\", then; left","A","{t}"',
        '"1","he said ""now"", then; left","A","{t}"',
        "'1','he said \"now\", then; left','A','{t}'",
        '"1", "he said ""now"", then; left", "A", "{t}"',
        '"1,""he said \'now\', then; left"",A,{t}"',
    ],
)
def test_ways_of_quoting(row: str, log_of: Callable[..., EventLog]) -> None:
    header = "case,reason,activity,timestamp"
    lines = [f'"{header}"' if row.endswith('{t}"') and row.startswith('"1,') else header]
    log = log_of("\n".join([*lines, *(row.format(t=f"2024-01-0{day}") for day in range(1, 8))]) + "\n")
    assert log.rejected == 0
    assert {reason.replace("'", '"') for (reason,) in events(log, "reason")} == {'he said "now", then; left'}


@pytest.mark.parametrize(
    ("encoding", "word"),
    [
        ("cp1252", "Prüfung größer"), ("mac_roman", "Prüfung größer"), ("cp850", "Prüfung größer"),
        ("cp1250", "Początek sprawdzania"), ("cp1251", "Проверка"), ("koi8_r", "Проверка"), ("cp1253", "Έλεγχος"),
        ("cp1254", "Başlangıç değişikliği"), ("shift_jis", "審査中です"), ("gb18030", "审核批准完成"),
        ("utf-16", "Prüfung"), ("utf-16-le", "Prüfung"), ("utf-32", "Prüfung"), ("utf-8-sig", "Prüfung"),
    ],
)  # fmt: skip
def test_encodings(encoding: str, word: str, log_of: Callable[..., EventLog]) -> None:
    """The letters that were meant, or a question that names the option."""
    text = "case;activity;timestamp\n" + "".join(f"{i};{word};2024-01-{i:02}\n" for i in range(1, 29))
    log = log_of(text.encode(encoding))
    assert {row[1] for row in events(log)} == {word} or "--encoding" in findings(log, "ask")
    assert {row[1] for row in events(log_of(text.encode(encoding), encoding=encoding))} == {word}


def test_letters_that_were_encoded_twice(log_of: Callable[..., EventLog]) -> None:
    text = "case;activity;timestamp\n" + "".join(f"{i};Prüfung – größer;2024-01-{i:02}\n" for i in range(1, 29))
    log = log_of(text.encode().decode("cp1252").encode())
    assert {row[1] for row in events(log)} == {"Prüfung – größer"}
    assert "encoded twice" in findings(log, "warning")


def test_an_encoding_that_does_not_exist(log_of: Callable[..., EventLog]) -> None:
    with pytest.raises(UsageError, match=r"klingon.*cp1250"):
        log_of("case,activity,timestamp\n1,A,2024-01-01\n", encoding="klingon")


def test_trailing_delimiters_are_no_fields(log_of: Callable[..., EventLog]) -> None:
    assert log_of("case,activity,timestamp\n1,A,2024-01-01,\n1,B,2024-01-02,,\n").rejected == 0


def test_duplicates_are_reported_and_kept(log_of: Callable[..., EventLog]) -> None:
    log = log_of("case,activity,timestamp\n" + "1,A,2024-01-01\n" * 3 + "1,B,2024-01-02\n")
    assert log.rows == len(events(log)) == 4
    assert "2 rows are exact duplicates" in findings(log, "warning")


def test_ties_keep_the_order_of_the_file(log_of: Callable[..., EventLog]) -> None:
    labels = [f"S{i * 7 % 100}" for i in range(100)]
    log = log_of("case,activity,timestamp\n" + "".join(f"1,{label},2024-01-01\n" for label in labels))
    assert [row[1] for row in events(log)] == labels


def test_both_ways_give_the_same_table(log_of: Callable[..., EventLog]) -> None:
    body = "".join(f"c{i % 50},{'AB'[i % 2]},2024-01-01 {i % 24:02}:00,,{i}\n" for i in range(3000))
    header = "case,activity,timestamp,resource,value\n"
    fast, careful = log_of(header + body), log_of(header + body + "one,field\n")
    columns = '"case", stage, time, resource, value'
    assert events(fast, columns) == events(careful, columns)
    assert careful.rejected == 1


def test_dialect() -> None:
    found = delimited.find_dialect("a;b;c\n1,5;2;3\n", True, "x")
    assert (found.delimiter, found.names, found.skip) == (";", ["a", "b", "c"], 1)


@pytest.mark.parametrize("blank", ["\n", "\r\n", " \n"])
def test_lines_quoted_as_a_whole_with_blank_ones_between(blank: str, log_of: Callable[..., EventLog]) -> None:
    later = [[str(number), "Ende", "2024-01-03 08:00:00", ""] for number in range(7, 16)]
    text = blank.join(f'"{";".join(row)}"\n' for row in [HEADER, *ROWS, *later])
    assert events(log_of(text))[:2] == SEEN


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("escaped", ["''", "\\'"])
@pytest.mark.parametrize("first", [0, 1, 3])
def test_single_quotes(delimiter: str, escaped: str, first: int, log_of: Callable[..., EventLog]) -> None:
    names = [f"Lee{delimiter} Ann", "Rory O'Neil", "", "Finn's, 2nd"]

    def line(row: list[str]) -> str:
        quoted = ["'" + cell.replace("'", escaped) + "'" for cell in row]
        return delimiter.join([*row[:first], *quoted[first:]])

    stages = ("Start", "Check", "End")
    rows = [[f"K{n // 3}", stages[n % 3], f"2024-01-{n + 1:02} 10:00:00", names[n * n // 5 % 4]] for n in range(21)]
    header = ["Vorgang", "Status", "Geändert am", "Bearbeiter"]
    log = log_of("\n".join([delimiter.join(header), *map(line, rows)]))
    assert (log.rows, log.rejected) == (21, 0)
    assert [row[:2] for row in events(log)] == [(case, stage) for case, stage, *_ in rows]
    assert set(log.connection.execute("SELECT DISTINCT resource FROM events").fetchall()) >= {("Rory O'Neil",)}


@pytest.mark.parametrize("more", ["", '"a; b"'])
def test_a_quote_inside_a_quoted_field_takes_no_row_away(more: str, log_of: Callable[..., EventLog]) -> None:
    rows = [f'C{n // 3};{step};2025-01-{1 + n % 28:02} {n % 24:02}:00;"{n}" pipe";{more}' for n, step in
            enumerate(("New", "Check", "Done") * 9)]  # fmt: skip
    log = log_of("\n".join(["Case;Status;Changed at;Note;More", *rows]))
    assert (len(events(log)), log.rejected) == (27, 0)
    assert {row[1] for row in events(log)} == {"New", "Check", "Done"}
