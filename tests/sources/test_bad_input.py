"""Whatever is thrown at the reader ends in an EventLog or in one readable line."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from factoryview.errors import FactoryviewError, InputError, UsageError
from factoryview.sources import EventLog, ReadOptions, read

CASES = 1000


def _rows(rng: random.Random) -> list[list[str]]:
    style = rng.randrange(4)
    rows = []
    for case in range(rng.randint(1, 12)):
        for step in range(rng.randint(1, 5)):
            day, hour = 1 + (case + step) % 28, rng.randrange(24)
            moment = (
                f"2024-05-{day:02}T{hour:02}:00:00Z",
                f"{day}.5.2024 {hour}:05",
                f"5/{day}/2024 {hour % 12 + 1}:05 PM",
                str(1_700_000_000 + day * 86_400 + hour * 3_600),
            )[style]
            stage, resource = "Prüfung" if step % 2 else "Eingang", rng.choice(["Ann", "Bo", ""])
            rows.append([f"c{case}", stage, moment, resource, "12,50"])
    return rows


def _delimited(rng: random.Random) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=rng.choice(",;\t|"))
    writer.writerow(["Case ID", "Activity", "Timestamp", "Resource", "Betrag"])
    writer.writerows(_rows(rng))
    return text.getvalue().encode(rng.choice(["utf-8", "utf-8-sig", "utf-16", "cp1252"]))


def _jsonl(rng: random.Random) -> bytes:
    keys = ("case", "activity", "timestamp", "resource", "amount")
    items = [dict(zip(keys, row, strict=True)) for row in _rows(rng)]
    return (json.dumps(items) if rng.random() < 0.4 else "\n".join(map(json.dumps, items))).encode()


def _xes(rng: random.Random) -> bytes:
    traces: dict[str, str] = {}
    for case, stage, moment, *_ in _rows(rng):
        event = f'<string key="concept:name" value="{stage}"/><date key="time:timestamp" value="{moment}"/>'
        traces[case] = traces.get(case, "") + f"<event>{event}</event>"
    body = "".join(f'<trace><string key="concept:name" value="{c}"/>{e}</trace>' for c, e in traces.items())
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1.0">{body}</log>'.encode()


def _deals(rng: random.Random) -> bytes:
    lines = ["id,stage,created,closed,amount"]
    for i in range(rng.randint(1, 30)):
        stage = rng.choice(["Open", "Won", "Lost"])
        closed = "2024-06-02" if stage != "Open" else rng.choice(["", "2050-01-01"])
        lines.append(f"{i},{stage},2024-05-0{1 + i % 9},{closed},{rng.randrange(1000)}")
    return "\n".join(lines).encode()


def _kpi(rng: random.Random) -> bytes:
    lines = ["Stufe;Woche;Zugänge;Abgänge;Bestand"]
    for i in range(rng.randint(1, 30)):
        lines.append(f"S{i % 3};2024-W{1 + i % 50:02};{rng.randrange(9)};{rng.randrange(9)};1,5")
    return "\n".join(lines).encode()


def _crm(rng: random.Random) -> bytes:
    """Exports of HubSpot, Salesforce and Pipedrive, a few deals each."""
    kind = rng.randrange(3)
    header = (
        'Record ID,Deal Stage,Amount,"Date entered ""A (P)""","Date entered ""Closed Won (P)"""',
        "OpportunityId,Field,OldValue,NewValue,CreatedDate",
        "Deal - ID,Deal - Stage,Deal - Status,Deal - Deal created,Deal - Last stage change,"
        "Deal - Won time,Deal - Lost time",
    )[kind]
    lines = [header]
    for i in range(rng.randint(1, 20)):
        day = f"2024-05-{1 + i:02} 09:00"
        lines.append((
            f"c{i},{rng.choice(['A', 'Closed Won', 'B'])},12.5,{day},{rng.choice(['', day])}",
            f"c{i % 5},{rng.choice(['StageName', 'created', 'Amount'])},A,{rng.choice('BC')},{day}",
            f"c{i},Offer,{rng.choice(['Open', 'Won', 'Lost'])},{day},{rng.choice(['', '2024-06-01 09:00'])},{day},",
        )[kind])  # fmt: skip
    return "\n".join(lines).encode()


def _cut(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def _shuffled(data: bytes, rng: random.Random) -> bytes:
    lines = data.split(b"\n")
    rng.shuffle(lines)
    return b"\n".join(lines)


def _noise(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.randint(1, 20)):
        if changed:
            changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def _inserted(piece: bytes) -> Callable[[bytes, random.Random], bytes]:
    def insert(data: bytes, rng: random.Random) -> bytes:
        place = rng.randrange(len(data) + 1)
        return data[:place] + piece + data[place:]

    return insert


def _replaced(old: bytes, new: bytes) -> Callable[[bytes, random.Random], bytes]:
    return lambda data, _rng: data.replace(old, new)


MUTATIONS: list[Callable[[bytes, random.Random], bytes]] = [
    _cut,
    _shuffled,
    _noise,
    lambda _data, rng: rng.randbytes(rng.randrange(3000)),
    lambda _data, _rng: b"",
    lambda data, _rng: gzip.compress(data),
    lambda data, rng: _cut(gzip.compress(data), rng),
    lambda data, rng: _noise(gzip.compress(data), rng),
    lambda data, _rng: data.decode("utf-8", "replace").encode("utf-16-le"),
    lambda data, _rng: data.decode("utf-8", "replace").encode("cp1252", "replace"),
    lambda data, _rng: data.replace(b"\n", b"\r"),
    lambda data, _rng: data * 2,
    _inserted(b"\x00"),
    _inserted(b'"'),
    _inserted(b"\xff\xfe\xfd"),
    _inserted(b",;\t|"),
    _inserted(b"\n\n\n"),
    _inserted(b"<!DOCTYPE x [<!ENTITY a 'b'>]>"),
    _replaced(b"c1", b"NA"),
    _replaced(b"2024", b"9999"),
    _replaced(b"2024", b"0001"),
    _replaced(b"2024", b"99999999999999999999"),
    _replaced(b"Activity", b"Case ID"),
    _replaced(b"c0", b"=cmd|' /C calc'!A0"),
    _replaced(b":", b""),
]
HUGE = _inserted(b"x" * 1_200_000)


@pytest.mark.parametrize("block", range(10))
def test_mutated_files_end_in_a_log_or_one_line(block: int, tmp_path: Path) -> None:
    con = duckdb.connect(config={"threads": 1})
    outcomes = {"log": 0, "error": 0}
    for number in range(block * CASES // 10, (block + 1) * CASES // 10):
        rng = random.Random(number)
        make = rng.choice([_delimited, _delimited, _crm, _jsonl, _xes, _deals, _kpi])
        data = make(rng)
        mutations = [HUGE] if number % 50 == 0 else rng.choices(MUTATIONS, k=rng.choice([1, 1, 2]))
        for mutate in mutations:
            data = mutate(data, rng)
        path = tmp_path / f"file{rng.choice(['.csv', '.txt', '.xes', '.jsonl', '.csv.gz', '.parquet', ''])}"
        path.write_bytes(data)
        try:
            log = read(path, ReadOptions(rejects=tmp_path / "rejected.csv"), con)
        except FactoryviewError as error:
            outcomes["error"] += 1
            text = str(error)
        else:
            outcomes["log"] += 1
            _check(log, number)
            continue
        assert len(text.splitlines()) == 1, (number, text)
        assert len(text) < 1500, number
        assert path.name in text, (number, text)
    assert min(outcomes.values()) > 10, outcomes


def _check(log: EventLog, number: int) -> None:
    if log.meaning == "kpi":
        wrong = "SELECT count(*) FROM kpi WHERE stage IS NULL OR bucket IS NULL OR bucket_end <= bucket"
    else:
        wrong = (
            'SELECT count(*) FROM events WHERE "case" IS NULL OR stage IS NULL OR trim("case") = \'\' '
            "OR start > time OR year(time) NOT BETWEEN 1900 AND 2100 OR weight IS NULL OR isnan(value)"
        )
    found = log.connection.execute(wrong).fetchone()
    assert found == (0,), number
    assert log.rows >= log.rejected >= 0, number
    if log.rejected:
        assert log.rejects_file is not None
        with log.rejects_file.open(encoding="utf-8", newline="") as file:
            csv.field_size_limit(1 << 26)
            listed = list(csv.reader(file))
        assert listed[0] == ["line", "reason", "raw content"]
        assert len(listed) == log.rejected + 1, number
        assert not any(row[2].startswith(("=", "+", "-", "@")) for row in listed[1:]), number


def test_what_is_no_file(tmp_path: Path) -> None:
    for path, word in ((tmp_path, "folder"), (tmp_path / "none.csv", "exist"), (tmp_path / ("x" * 400), "open")):
        with pytest.raises(InputError, match=word):
            read(path)


def test_not_readable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "log.csv"
    path.write_text("case,activity,timestamp\n1,A,2024-01-01\n")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(InputError, match="permission denied"):
        read(path)


def test_unknown_zone_and_times(written: Callable[..., Path]) -> None:
    path = written("case,activity,timestamp\n1,A,2024-01-01\n")
    with pytest.raises(UsageError, match="time zone"):
        read(path, ReadOptions(timezone="Mars/Base"))
    with pytest.raises(UsageError, match="times"):
        read(path, ReadOptions(times="sometimes"))


def test_the_connection_keeps_its_zone(written: Callable[..., Path]) -> None:
    con = duckdb.connect()
    con.execute("SET TimeZone = 'Asia/Tokyo'")
    read(written("case,activity,timestamp\n1,A,2024-01-01\n"), ReadOptions(timezone="Europe/Berlin"), con)
    assert con.execute("SELECT current_setting('TimeZone')").fetchone() == ("Asia/Tokyo",)
    assert con.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name <> 'events'").fetchone() == (0,)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"SQLite format 3\x00" + b"\x00" * 100, "SQLite"),
        (b"PK\x03\x04" + b"\x00" * 100, "Excel"),
        (b"<ocel><object-types/></ocel>", "OCEL"),
        (b'{"objectTypes": []}', "OCEL"),
        (b"<html></html>", "web page without a table"),
        (b"PAR1 broken", "Parquet"),
        (b"\x00\x01\x02" * 500, "known kind"),
        (b"just some words\nand more of them\n", "delimiter"),
        (b"case,activity,timestamp\n", "no rows"),
        (b'[{"case": 1}, {"case":', "JSON"),
        (b"<log><trace><event></trace></log>", "XML"),
        (b'<!DOCTYPE log [<!ENTITY a "aaaa">]><log><trace/></log>', "DTD"),
    ],
)
def test_what_cannot_be_used_is_named(content: bytes, word: str, written: Callable[..., Path]) -> None:
    with pytest.raises(InputError, match=word):
        read(written(content, "file.dat"))
