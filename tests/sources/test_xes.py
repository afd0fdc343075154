"""XES: the quick way and the parser agree on whatever they are given, and memory does not follow the events' text."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from factoryview.errors import InputError
from factoryview.sources import EventLog, ReadOptions, read
from factoryview.sources.readers import xes_plain
from tests.kit.large_logs import write_xes
from tests.sources.conftest import events, findings

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1.0">\n<string key="concept:name" value="all"/>\n'
WAYS = (
    '<string key="concept:name" value="{stage}"/>',
    '<string value="{stage}" key="concept:name"/>',
    "<string key='concept:name' value='{stage}'/>",
    '<string key="concept:name" value="{stage}"></string>',
    '<string key="concept:name" value="{stage}"><int key="concept:name" value="1"/></string>',
    '<string key="concept:name" value="{stage} &amp; more"/>',
    '<!-- note --><string key="concept:name" value="{stage}"/>',
    '<list key="all"><values><string key="concept:name" value="inner"/></values></list>'
    '<string key="concept:name" value="{stage}"/>',
    '<string key="concept:name" value="two\nlines {stage}"/>',
)


def log_text(rng: random.Random) -> str:
    """A few traces, some of them written in unusual ways."""
    text = HEAD
    for case in range(rng.randint(0, 6)):
        before = rng.choice(["", "\n", f'\n<string key="channel" value="c{case}"/>'])
        body = f'<string key="concept:name" value="case {case}"/>{before}'
        for step in range(rng.randint(0, 4)):
            way = WAYS[0] if rng.random() < 0.7 else rng.choice(WAYS)
            stage = way.format(stage=rng.choice("ABC"))
            time = f"2024-07-{1 + case:02}T{step:02}:00:00.000+02:00"
            body += f'\n<event>\n{stage}<date key="time:timestamp" value="{time}"/>\n</event>'
        after = rng.choice(["", "", '<string key="late" value="x"/>', "<!-- </trace> -->"])
        text += f"{rng.choice(['<trace>', '<trace>', '<trace >'])}\n{body}{after}\n</trace>\n"
    return text + "</log>"


def outcome(path: Path, rejects: Path, connection: duckdb.DuckDBPyConnection) -> object:
    try:
        log = read(path, ReadOptions(rejects=rejects), connection)
    except InputError as error:
        return str(error)
    columns = sorted(log.columns.items())
    return events(log, '"case", stage, time, channel'), columns, log.rows, log.rejected, findings(log)


def test_the_quick_way_and_the_parser_agree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise xes_plain.NotPlain

    path, rejects = tmp_path / "log.xes", tmp_path / "rejected.csv"
    connection, both = duckdb.connect(config={"threads": 1}), []
    for number in range(100):
        rng = random.Random(number)
        data = log_text(rng).encode()
        if number % 3 == 0:
            place = rng.randrange(len(data))
            piece = rng.choice([b"", b"<", b"&", b'"', b"\x01", b"</trace>", b"<trace>", b"\xff", b"<event>", b"]]>"])
            data = data[:place] + piece + data[place + rng.randint(0, 3) :]
        path.write_bytes(data)
        quick = outcome(path, rejects, connection)
        with monkeypatch.context() as patch:
            patch.setattr(xes_plain, "traces", refuse)
            assert outcome(path, rejects, connection) == quick, number
        both.append(isinstance(quick, tuple))
    assert 25 < sum(both) < 98


def test_lines_are_those_of_the_file(log_of: Callable[..., EventLog]) -> None:
    late = '<trace>\n<string key="concept:name" value="2"/>\n<event>\n<string key="concept:name" value="B"/>'
    late += "</event>\n</trace>"
    odd = late.replace('value="B"/>', 'value="B"></string>').replace('value="2"', 'value="3"')
    good = '<trace><string key="concept:name" value="1"/>\n<event><string key="concept:name" value="A"/>' \
        '<date key="time:timestamp" value="2024-01-01"/></event></trace>'  # fmt: skip
    log = log_of(f"{HEAD}{good}\n{late}\n{odd}\n</log>", "log.xes")
    assert events(log) == [("1", "A", datetime(2024, 1, 1))]
    assert log.rejects_file is not None
    lines = log.rejects_file.read_text(encoding="utf-8").splitlines()[1:]
    assert [line.split(",")[0] for line in lines] == ["8", "13"]


def test_another_encoding_is_left_to_the_parser(log_of: Callable[..., EventLog]) -> None:
    text = HEAD.replace("UTF-8", "ISO-8859-1") + (
        '<trace><event><string key="concept:name" value="Prüfung"/>'
        '<date key="time:timestamp" value="2024-01-01"/></event></trace></log>'
    )
    assert events(log_of(text.encode("latin-1"), "log.xes"), "stage") == [("Prüfung",)]


def test_every_event_of_a_larger_log_is_read(tmp_path: Path) -> None:
    path = tmp_path / "log.xes.gz"
    write_xes(path, 6000)
    log = read(path)
    assert (log.rows, log.rejected) == (6000, 0)
    assert gzip.decompress(path.read_bytes()).count(b"<event>") == 6000
    assert log.columns["value"] in ("RequestedAmount", "case:RequestedAmount", "OfferedAmount")
