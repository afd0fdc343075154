"""Inputs of every kind, damaged, each given to a command of its own process with little memory and time.

The processes are forks of one that has imported everything, so that thousands of them take minutes. It stays as small
as one that has just begun: each input is made in a fork as well, whose libraries reserve what they like.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import resource
import shutil
import signal
import sqlite3
import sys
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import duckdb
import openpyxl

from tests.kit.dialects import DATES, ENCODINGS, HEADERS, Dialect

MEMORY = 1_500_000_000
"""Bytes of address space."""
SECONDS = 20
"""Of the processor; a process that only waits is ended after twenty times as long."""
COMMANDS = (("check",), ("check",), ("kpis",), ("explain",), ("snapshot", "--at", "0.5"), ("discover",))

Mutation = Callable[[bytes, Random], bytes]


@dataclass(frozen=True)
class End:
    """How a command ended: its status (below 0: the signal), and what it said."""

    name: str
    status: int
    said: str

    @property
    def fault(self) -> str:
        """What is wrong with this end; empty where nothing is."""
        if self.status in (-signal.SIGALRM, -signal.SIGXCPU):
            return "too slow"
        if self.status not in (0, 2, 3):
            return f"status {self.status}"
        if "Traceback" in self.said or "mistake in factoryview" in self.said:
            return "a mistake of the program"
        return "" if self.status == 0 or self.said.strip() else "no word"


def _rows(rng: Random) -> list[list[str]]:
    dialect = Dialect(language=rng.choice(sorted(HEADERS)), dates=rng.choice(sorted(DATES)))
    rows = dialect.rows(rng.randrange(1000), cases=12)
    return [list(HEADERS[dialect.language][:3]), *([c, s, DATES[dialect.dates](at)] for c, s, at in rows)]


def _delimited(rng: Random) -> bytes:
    dialect = Dialect(
        rng.choice(sorted(HEADERS)), rng.choice(ENCODINGS), rng.choice(",;\t|"), rng.choice((0, 1)),
        rng.choice(sorted(DATES)), short=rng.random() < 0.3, blanks=rng.random() < 0.3,
    )  # fmt: skip
    return dialect.written(dialect.rows(rng.randrange(1000), cases=12))


def _objects(rng: Random) -> list[dict[str, str]]:
    head, *rows = _rows(rng)
    return [dict(zip(head, row, strict=True)) for row in rows]


def _json(rng: Random) -> bytes:
    objects = _objects(rng)
    return json.dumps(rng.choice([objects, {"data": objects}, {"a": {"b": objects}, "users": [{"id": 1}]}])).encode()


def _lines(rng: Random) -> bytes:
    return "\n".join(map(json.dumps, _objects(rng))).encode()


def _xes(rng: Random) -> bytes:
    prefix = rng.choice(["", "xes:"])
    traces: dict[str, list[str]] = {}
    for case, stage, at in _rows(rng)[1:]:
        traces.setdefault(case, []).append(
            f'<{prefix}event><{prefix}string key="concept:name" value="{stage}"/>'
            f'<{prefix}date key="time:timestamp" value="{at}"/></{prefix}event>'
        )
    body = "\n".join(
        f'<{prefix}trace><{prefix}string key="concept:name" value="{case}"/>{"".join(events)}</{prefix}trace>'
        for case, events in traces.items()
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{prefix}log>{body}</{prefix}log>'.encode()


def _ocel(rng: Random) -> bytes:
    rows = _rows(rng)[1:]
    log = {
        "objectTypes": [], "eventTypes": [], "objects": [{"id": case, "type": "order"} for case, _, _ in rows],
        "events": [{"id": f"e{i}", "type": stage, "time": at, "relationships": [{"objectId": case, "qualifier": "of"}]}
                   for i, (case, stage, at) in enumerate(rows)],
    }  # fmt: skip
    return json.dumps(log).encode()


def _sqlite(rng: Random) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.sqlite"
        with closing(sqlite3.connect(path)) as database, database:
            for table in ("event (ocel_id, ocel_type)", "object (ocel_id, ocel_type)",
                          "event_object (ocel_event_id, ocel_object_id)", "event_map_type (ocel_type, ocel_type_map)",
                          "object_map_type (ocel_type, ocel_type_map)", "event_A (ocel_id, ocel_time)"):  # fmt: skip
                database.execute(f"CREATE TABLE {table}")
            database.execute("INSERT INTO event_map_type VALUES ('a', 'A')")
            for i, (case, stage, at) in enumerate(_rows(rng)[1:]):
                database.execute("INSERT INTO event VALUES (?, ?)", (f"e{i}", stage))
                database.execute("INSERT INTO event_A VALUES (?, ?)", (f"e{i}", at))
                database.execute("INSERT INTO object VALUES (?, 'order')", (case,))
                database.execute("INSERT INTO event_object VALUES (?, ?)", (f"e{i}", case))
        return path.read_bytes()


def _excel(rng: Random) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in _rows(rng):
        book.active.append(row)
    if rng.random() < 0.4:
        book.create_sheet("More").append(["a", 1])
    book.save(out)
    return out.getvalue()


def _page(rng: Random) -> bytes:
    rows = ("".join(f"<td>{cell}</td>" for cell in row) for row in _rows(rng))
    return f"<html><meta charset=utf-8><table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table></html>".encode()


def _workbook(rng: Random) -> bytes:
    rows = ""
    for row in _rows(rng):
        cells = "".join(f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in row)
        rows += f"<Row>{cells}</Row>"
    return (
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="L"><Table>'
        f"{rows}</Table></Worksheet></Workbook>"
    ).encode()


def _parquet(rng: Random) -> bytes:
    head, *rows = _rows(rng)
    with TemporaryDirectory() as folder, closing(duckdb.connect()) as con:
        con.execute("CREATE TABLE t (" + ", ".join(f'"{name}" VARCHAR' for name in head) + ")")
        con.executemany("INSERT INTO t VALUES (?, ?, ?)", rows)
        con.execute(f"COPY t TO '{folder}/x.parquet'")
        return (Path(folder) / "x.parquet").read_bytes()


def _counts(rng: Random) -> bytes:
    lines = ["week;stage;arrivals;departures;wip"]
    lines += [f"2025-W{week:02};{stage};{rng.randrange(50)};{rng.randrange(50)};{rng.randrange(90)}"
              for week in range(1, 20) for stage in ("Lead", "Offer")]  # fmt: skip
    return "\n".join(lines).encode()


def _plant(rng: Random) -> bytes:
    return (
        'name = "P"\ntimezone = "Europe/Berlin"\nlog = { path = "log.csv", times = "entry", ends = ["Paid"] }\n'
        'stages = [{ name = "New", target_wait = "2 d", posts = 2 }, { name = "In review", department = "D" }]\n'
        f'departments = [{{ name = "D" }}]\nworkers = [{{ stage = "New", count = {rng.randrange(1, 9)} }}]\n'
        'outcomes = [{ name = "Paid", kind = "won" }]\nbelts = [{ origin = "New", target = "In review" }]\n'
    ).encode()


KINDS: dict[str, Callable[[Random], bytes]] = {
    "csv": _delimited, "tsv": _delimited, "json": _json, "jsonl": _lines, "xes": _xes, "jsonocel": _ocel,
    "sqlite": _sqlite, "xlsx": _excel, "xls": _page, "xml": _workbook, "parquet": _parquet, "kpi.csv": _counts,
    "toml": _plant,
}  # fmt: skip
_PIECES = (
    b"\0", b"\x1b[31m\x07", b'"', b"'", b"\\", b"\r", b"\n\n\n", b"<", b"&#0;", b"]]>",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
    b"{", b"[", b"[" * 3000, b"}" * 50, b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"9" * 400, b"1e999", b"-1",
    b"NaN", b"null", b"2025-13-45", b"9999-12-31T23:59:59", b"0000-00-00", b"x" * 70_000, b",;|\t" * 500,
    "\u202e\u200b\U0001f3ed".encode(), b"=1+1", b"../../x",
)  # fmt: skip


def _cut(data: bytes, rng: Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def _without(data: bytes, rng: Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + data[at + rng.randrange(1, 400) :]


def _flipped(data: bytes, rng: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice((1, 3, 30, 300)) * bool(data)):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def _inserted(data: bytes, rng: Random) -> bytes:
    for _ in range(rng.choice((1, 1, 4, 20))):
        at = rng.randrange(len(data) + 1)
        data = data[:at] + rng.choice(_PIECES) + data[at:]
    return data


def _repeated(data: bytes, rng: Random) -> bytes:
    at, size = rng.randrange(len(data) + 1), rng.choice((1, 9, 80, 900))
    return data[:at] + data[at : at + size] * rng.choice((2, 40, 3000)) + data[at:]


def _replaced(data: bytes, rng: Random) -> bytes:
    old = rng.choice((b"\n", b",", b";", b'"', b":", b"<", b">", b"2025", b"0", b"1", b" ", b"-"))
    return data.replace(old, rng.choice((b"", rng.choice(_PIECES[:16]), old * 2)), rng.choice((-1, 1, 5)))


def _shuffled(data: bytes, rng: Random) -> bytes:
    lines = data.split(b"\n")
    rng.shuffle(lines)
    return b"\n".join(lines)


def _joined(data: bytes, rng: Random) -> bytes:
    return data + KINDS[rng.choice(sorted(KINDS))](rng)


def _packed(data: bytes, rng: Random) -> bytes:
    packed = gzip.compress(data)
    return _flipped(packed, rng) if rng.random() < 0.5 else packed


def _recoded(data: bytes, rng: Random) -> bytes:
    return data.decode("latin-1").encode(rng.choice(("utf-8", "utf-16", "utf-32", "utf-16-le")))


MUTATIONS: tuple[Mutation, ...] = (
    _cut, _without, _flipped, _inserted, _inserted, _repeated, _replaced, _shuffled, _joined, _packed, _recoded,
)  # fmt: skip


def malformed(number: int, seed: int = 0) -> tuple[str, bytes]:
    """A name and what is in it."""
    rng = Random(f"{seed}/{number}")
    kind = rng.choice(sorted(KINDS))
    data = KINDS[kind](rng)
    for _ in range(rng.choice((1, 1, 2, 3))):
        data = rng.choice(MUTATIONS)(data, rng)
    return f"{number}.{kind if rng.random() < 0.9 else rng.choice(sorted(KINDS))}", data


def end_of(arguments: list[str], folder: Path) -> End:
    """How `factoryview ARGUMENTS` ends in a process of its own that has little memory and time."""
    said = folder / "said.txt"
    child = os.fork()
    if not child:
        status = 70
        try:
            signal.alarm(20 * SECONDS)
            resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            with said.open("wb") as out:
                os.dup2(out.fileno(), 1)
                os.dup2(out.fileno(), 2)
            os.chdir(folder)
            sys.argv = ["factoryview", *arguments]
            sys.stdout = io.TextIOWrapper(io.FileIO(1, "w", closefd=False), encoding="utf-8")
            sys.stderr = io.TextIOWrapper(io.FileIO(2, "w", closefd=False), encoding="utf-8", line_buffering=True)
            from factoryview.cli import main

            try:
                main()
            except SystemExit as end:
                status = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
            sys.stdout.flush()
            sys.stderr.flush()
        except BaseException:  # noqa: BLE001  (whatever it is, the parent sees it)
            traceback.print_exc()
        finally:
            os._exit(status)
    _, ended = os.waitpid(child, 0)
    return End("", os.waitstatus_to_exitcode(ended), said.read_text(encoding="utf-8", errors="replace"))


def _write(number: int, seed: int, folder: Path) -> str:
    """The name of an input that now lies in the folder, beside the log that a plant file names."""
    file = folder / "name.txt"
    child = os.fork()
    if not child:
        try:
            name, data = malformed(number, seed)
            (folder / name).write_bytes(data)
            (folder / "log.csv").write_bytes(Dialect(delimiter=";").written(Dialect().rows(1)))
            file.write_text(name, encoding="utf-8")
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    name = file.read_text(encoding="utf-8")
    file.unlink()
    return name


def run(count: int, seed: int = 0, keep: Path | None = None) -> list[End]:
    """The ends of so many commands. keep: a folder for the inputs of which something is wrong."""
    ends = []
    for number in range(count):
        with TemporaryDirectory() as name:
            folder = Path(name)
            file = _write(number, seed, folder)
            command = list(Random(f"{seed}:{number}").choice(COMMANDS))
            found = end_of([*command, file, *(["-o", "out.toml"] if command[0] == "discover" else [])], folder)
            ends.append(End(f"{command[0]} {file}", found.status, found.said))
            if keep is not None and ends[-1].fault:
                shutil.copyfile(folder / file, keep / f"{seed}-{file}")
                print(f"{ends[-1].fault}: {ends[-1].name}: {found.said[-600:]}", flush=True)
    return ends


def summary(ends: list[End]) -> dict[str, int]:
    """How many ended how."""
    return dict(Counter(end.fault or f"exit {end.status}" for end in ends))


if __name__ == "__main__":
    from factoryview.addresses import reserve_little

    reserve_little()
    import factoryview.cli.check
    import factoryview.cli.discover
    import factoryview.cli.explain
    import factoryview.cli.kpis
    import factoryview.cli.program
    import factoryview.cli.snapshot
    import factoryview.factory.check  # noqa: F401  (imported before the forks, so that each is quick)

    count, seed, place = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    place.mkdir(parents=True, exist_ok=True)
    print(summary(run(count, seed, place)))
