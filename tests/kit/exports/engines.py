"""Exports of workflow engines, of mining tools, of programs that talk to programs, and of databases."""

from __future__ import annotations

import io
import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import duckdb

from tests.kit.exports.making import ISO, PEOPLE, TICKETS, by_case, csv, leaving, log, written
from tests.kit.reading_inputs import Input, Row

STEPS = ("Register request", "Examine file", "Decide", "Notify applicant")


def _ended(rows: tuple[Row, ...], rng: Random) -> tuple[list[tuple[str, str, datetime, datetime]], list[Row]]:
    stays = leaving(rows, rng)
    return stays, [(c, s, b) for c, s, _, b in stays]


def camunda(rng: Random) -> Input:
    rows = log(rng, STEPS, lambda n: f"{n:08x}-4b1d-11ef-9c2a-0242ac130003")
    stays, truth = _ended(rows, rng)
    names = ("ID_", "PROC_INST_ID_", "ACT_NAME_", "ACT_TYPE_", "START_TIME_", "END_TIME_", "DURATION_", "ASSIGNEE_",
             "TENANT_ID_")  # fmt: skip
    lines = [(f"act:{n:07}", c, s, "userTask", f"{a:%Y-%m-%d %H:%M:%S.000}", f"{b:%Y-%m-%d %H:%M:%S.000}",
              int((b - a).total_seconds() * 1000), rng.choice(PEOPLE), "")
             for n, (c, s, a, b) in enumerate(stays)]  # fmt: skip
    return written("ACT_HI_ACTINST.csv", csv(names, lines), truth)


def pega(rng: Random) -> Input:
    rows = log(rng, ("Open", "Pending-Review", "Pending-Approval", "Resolved-Completed"), lambda n: f"MYORG-WORK S-{n}")
    names = ("pxHistoryForReference", "pyWorkStatus", "pxTimeCreated", "pxAddedByID")
    lines = [(c, s, f"{t:%Y%m%dT%H%M%S}.000 GMT", rng.choice(PEOPLE)) for c, s, t in rows]
    return written("pc_history.csv", csv(names, lines), rows)


def robots(rng: Random) -> Input:
    rows = log(rng, ("Read mail", "Check data", "Post invoice", "Archive"), lambda n: f"R-{n:06}")
    stays, truth = _ended(rows, rng)
    names = ("Status", "Reference", "Process", "Started (absolute)", "Ended (absolute)", "Robot")
    lines = [("Successful", c, s, f"{a:%m/%d/%Y %I:%M:%S %p}", f"{b:%m/%d/%Y %I:%M:%S %p}", f"bot{n % 4}")
             for n, (c, s, a, b) in enumerate(stays)]  # fmt: skip
    return written("queue_items.csv", csv(names, lines), truth)


def celonis(rng: Random) -> Input:
    rows = log(rng, STEPS, lambda n: f"800{n:07}")
    order = {s: n * 10 for n, s in enumerate(STEPS)}
    names = ("_CASE_KEY", "ACTIVITY_EN", "EVENTTIME", "_SORTING", "USER_NAME", "USER_TYPE")
    lines = [(c, s, ISO(t), order[s], rng.choice(PEOPLE), "A") for c, s, t in rows]
    return written("_CEL_P2P_ACTIVITIES.csv", csv(names, lines), rows)


def disco(rng: Random) -> Input:
    rows = log(rng, STEPS, lambda n: f"Case {n}")
    stays, truth = _ended(rows, rng)
    names = ("Case ID", "Activity", "Resource", "Start Timestamp", "Complete Timestamp", "Variant", "Variant index")
    lines = [(c, s, rng.choice(PEOPLE), f"{a:%Y/%m/%d %H:%M:%S.000}", f"{b:%Y/%m/%d %H:%M:%S.000}",
              f"Variant {len(c) % 3}", len(c) % 3) for c, s, a, b in stays]  # fmt: skip
    return written("disco.csv", csv(names, lines), truth)


def pm4py(rng: Random) -> Input:
    rows = log(rng, STEPS, str)
    names = ("", "case:concept:name", "concept:name", "time:timestamp", "org:resource", "case:AMOUNT_REQ", "@@index")
    lines = [(n, c, s, f"{t:%Y-%m-%d %H:%M:%S}+00:00", rng.choice(PEOPLE), 10_000 + int(c) % 9 * 500, n)
             for n, (c, s, t) in enumerate(rows)]  # fmt: skip
    return written("log.csv", csv(names, lines), rows)


def spans(rng: Random) -> Input:
    rows = log(rng, ("checkout", "reserve stock", "charge card", "ship"), lambda n: f"{n * 7919:032x}")
    stays, truth = _ended(rows, rng)
    items = [{"traceId": c, "spanId": f"{n * 104729:016x}", "name": s,
              "startTimeUnixNano": str(int(a.replace(tzinfo=UTC).timestamp()) * 10**9),
              "endTimeUnixNano": str(int(b.replace(tzinfo=UTC).timestamp()) * 10**9)}
             for n, (c, s, a, b) in enumerate(stays)]  # fmt: skip
    return written("spans.jsonl", "\n".join(map(json.dumps, items)).encode(), truth)


def webhooks(rng: Random) -> Input:
    rows = log(rng, ("created", "paid", "packed", "delivered"), lambda n: f"ord_{n:08x}")
    items = [{"event": "order.updated", "id": f"wh_{n}", "data": {"order": {
        "id": c, "status": s, "updated_at": f"{t.isoformat()}Z", "total": 100 + n % 50}}}
        for n, (c, s, t) in enumerate(rows)]  # fmt: skip
    return written("webhooks.jsonl", "\n".join(map(json.dumps, items)).encode(), rows)


def event_bridge(rng: Random) -> Input:
    rows = log(rng, ("OrderPlaced", "PaymentTaken", "Packed", "OrderShipped"), lambda n: f"o-{n:05}")
    items = [{"version": "0", "id": f"{n * 999_983:012x}-aaaa", "detail-type": s, "source": "shop.orders",
              "account": "123456789012", "time": f"{t.isoformat()}Z", "region": "eu-central-1", "resources": [],
              "detail": {"orderId": c}} for n, (c, s, t) in enumerate(rows)]  # fmt: skip
    return written("events.json", json.dumps(items).encode(), rows)


def payment_events(rng: Random) -> Input:
    rows = log(rng, ("payment_intent.created", "payment_intent.processing", "charge.captured", "payout.paid"),
               lambda n: f"pi_{n:016x}")  # fmt: skip
    items = [{"id": f"evt_{n:016x}", "object": "event", "type": s, "created": int(t.replace(tzinfo=UTC).timestamp()),
              "livemode": True, "data": {"object": {"id": c, "object": "payment_intent", "amount": 1000 + n % 250}}}
             for n, (c, s, t) in enumerate(rows)]  # fmt: skip
    return written("events.json", json.dumps({"object": "list", "data": items, "has_more": False}).encode(), rows)


def mongo(rng: Random) -> Input:
    rows = log(rng, STEPS, lambda n: f"F{n:05}")
    canonical = rng.random() < 0.5
    items = []
    for n, (c, s, t) in enumerate(rows):
        ms = int(t.replace(tzinfo=UTC).timestamp()) * 1000
        date: object = {"$numberLong": str(ms)} if canonical else f"{t.isoformat()}.000Z"
        items.append({"_id": {"$oid": f"66f0{n:020x}"}, "fileNo": c, "state": s, "changedAt": {"$date": date},
                      "by": rng.choice(PEOPLE)})  # fmt: skip
    text = "\n".join(map(json.dumps, items)) if rng.random() < 0.5 else json.dumps(items)
    return written("export.json", text.encode(), rows)


def jira_changelog(rng: Random) -> Input:
    """The answer of the search for issues, with what changed of each inside."""
    rows = log(rng, ("To Do", "In Progress", "In Review", "Done"), lambda n: f"APP-{n}")
    ids = {s: str(10_000 + n) for n, s in enumerate(("Backlog", *dict.fromkeys(r[1] for r in rows)))}
    issues = []
    for n, (key, own) in enumerate(by_case(rows).items()):
        histories, before = [], "Backlog"
        for k, (_, stage, at) in enumerate(own):
            items = [{"field": "status", "fieldtype": "jira", "from": ids[before], "fromString": before,
                      "to": ids[stage], "toString": stage}]  # fmt: skip
            histories.append({"id": str(100_000 + 10 * n + k), "author": {"displayName": rng.choice(PEOPLE)},
                              "created": f"{at.isoformat()}.000+0000", "items": items})  # fmt: skip
            before = stage
        issues.append({"id": str(20_000 + n), "key": key, "fields": {"summary": f"Thing {n}"},
                       "changelog": {"total": len(histories), "histories": histories}})  # fmt: skip
    return written("search.json", json.dumps({"startAt": 0, "total": len(issues), "issues": issues}).encode(), rows)


def ocel_json(rng: Random) -> Input:
    rows = log(rng, ("Place order", "Pick", "Pack", "Ship"), lambda n: f"o{n}")
    two = rng.random() < 0.5
    cases = list(by_case(rows))
    if two:
        document: dict[str, object] = {
            "objectTypes": [{"name": "order", "attributes": []}],
            "eventTypes": [{"name": s, "attributes": []} for s in dict.fromkeys(r[1] for r in rows)],
            "objects": [{"id": c, "type": "order"} for c in cases],
            "events": [{"id": f"e{n}", "type": s, "time": f"{t.isoformat()}Z",
                        "relationships": [{"objectId": c, "qualifier": "order"}]} for n, (c, s, t) in enumerate(rows)],
        }  # fmt: skip
    else:
        document = {
            "ocel:global-log": {"ocel:version": "1.0", "ocel:object-types": ["order"], "ocel:attribute-names": []},
            "ocel:events": {f"e{n}": {"ocel:activity": s, "ocel:timestamp": f"{t.isoformat()}Z", "ocel:omap": [c],
                                      "ocel:vmap": {}} for n, (c, s, t) in enumerate(rows)},
            "ocel:objects": {c: {"ocel:type": "order", "ocel:ovmap": {}} for c in cases},
        }  # fmt: skip
    return written("log.jsonocel" if not two else "log.json", json.dumps(document).encode(), rows)


def _queried(rows: tuple[Row, ...], at: Callable[[datetime], str]) -> list[tuple[str, ...]]:
    return [(str(n), c, s, at(t)) for n, (c, s, t) in enumerate(rows, 1)]


def client_output(rng: Random) -> Input:
    """What the command lines of databases print: lines below the header, blanks around cells, a count below."""
    rows = log(rng, TICKETS, lambda n: f"T-{n:05}")
    names, kind = ("id", "ticket", "status", "changed_at"), rng.choice(("psql", "mysql", "markdown"))
    lines = _queried(rows, lambda t: f"{t:%Y-%m-%d %H:%M:%S}")
    width = [max(len(row[k]) for row in [names, *lines]) for k in range(4)]
    cells = [" | ".join(cell.ljust(w) for cell, w in zip(row, width, strict=True)) for row in [names, *lines]]
    if kind == "psql":
        rule, below = "-+-".join("-" * w for w in width), f"({len(rows)} rows)\n"
        text = "\n".join([f" {cells[0]}", f"-{rule}-", *(f" {line}" for line in cells[1:]), below])
    elif kind == "mysql":
        rule = "+-" + "-+-".join("-" * w for w in width) + "-+"
        text = "\n".join([rule, f"| {cells[0]} |", rule, *(f"| {line} |" for line in cells[1:]), rule, ""])
    else:
        rule = "|" + "|".join("-" * (w + 2) for w in width) + "|"
        text = "\n".join([f"| {cells[0]} |", rule, *(f"| {line} |" for line in cells[1:])])
    return written("out.txt", text.encode(), rows)


def dumped(rng: Random) -> Input:
    """Dumps of databases: nulls of their own, short offsets, months that are padded with a blank."""
    rows = log(rng, TICKETS, lambda n: f"T-{n:05}")
    kind = rng.choice(("copy", "null", "mssql", "snowflake", "db2"))
    note = [rng.choice(PEOPLE) if n % 3 else None for n in range(len(rows))]
    if kind == "copy":
        at, sign, blank = (lambda t: f"{t:%Y-%m-%d %H:%M:%S}.123456+00"), "\t", "\\N"
    elif kind == "null":
        at, sign, blank = (lambda t: f"{t:%Y-%m-%d %H:%M:%S}"), ",", "NULL"
    elif kind == "mssql":
        at, sign, blank = (lambda t: f"{t:%b} {t.day:>2} {t.year} {int(t.strftime('%I')):>2}:{t:%M%p}"), "\t", "NULL"
    elif kind == "snowflake":
        at, sign, blank = (lambda t: f"{t:%Y-%m-%d %H:%M:%S}.000 +0000"), ",", "\\\\N"
    else:
        at, sign, blank = (lambda t: f"{t:%Y-%m-%d-%H.%M.%S}.000000"), ";", "-"
    names = ("TICKET", "STATUS", "CHANGED_AT", "CHANGED_BY")
    lines = [(c, s, at(t), who or blank) for (c, s, t), who in zip(rows, note, strict=True)]
    return written("dump.txt", csv(names, lines, sign), rows)


def sqlite_file(rng: Random) -> Input:
    """A database with the log in one of its tables."""
    rows = log(rng, TICKETS, lambda n: f"T-{n:05}")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "app.db"
        with sqlite3.connect(path) as con:
            con.execute("create table users (id integer, name text)")
            con.executemany("insert into users values (?, ?)", list(enumerate(PEOPLE)))
            con.execute("create table ticket_history (id integer, ticket text, status text, changed_at text)")
            con.executemany("insert into ticket_history values (?, ?, ?, ?)", _queried(rows, ISO))
        con.close()
        return written("app.db", path.read_bytes(), rows)


def parquet_file(rng: Random) -> Input:
    rows = log(rng, TICKETS, lambda n: f"T-{n:05}")
    kind = rng.choice(("TIMESTAMP", "TIMESTAMPTZ", "VARCHAR"))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.parquet"
        con = duckdb.connect()
        con.execute("SET TimeZone = 'UTC'")
        con.execute(f"create table t (__index_level_0__ bigint, ticket varchar, status varchar, changed_at {kind})")
        zone = "+00" * (kind == "TIMESTAMPTZ")
        cells = [(n, c, s, ISO(t) + zone) for n, (c, s, t) in enumerate(rows)]
        con.executemany("insert into t values (?, ?, ?, ?)", cells)
        con.execute(f"copy t to '{path}' (format parquet)")
        con.close()
        return written("x.parquet", path.read_bytes(), rows)


def frames(rng: Random) -> Input:
    """What R and pandas write: names of rows, quotes around all, blanks between."""
    rows = log(rng, TICKETS, lambda n: f"T-{n:05}")
    kind = rng.choice(("table", "csv2", "tsv"))
    out = io.StringIO()
    sign = {"table": " ", "csv2": ";", "tsv": "\t"}[kind]
    out.write(sign.join(f'"{name}"' for name in ("ticket", "status", "changed", "hours")) + "\n")
    for n, (c, s, t) in enumerate(rows, 1):
        cells = [f'"{n}"', f'"{c}"', f'"{s}"', f'"{t}"', f"{n % 40 / 4}".replace(".", "," if kind == "csv2" else ".")]
        out.write(sign.join(cells) + "\n")
    return written("frame.txt", out.getvalue().encode(), rows)


def plain_log(rng: Random) -> Input:
    """Lines of a program in words: no table."""
    rows = log(rng, ("received", "validated", "packed", "sent"), lambda n: f"ord_{n:06}")
    lines = [f"{t:%Y-%m-%d %H:%M:%S},{n % 1000:03} INFO  [worker-{n % 4}] shop.orders - order {c} is {s}"
             for n, (c, s, t) in enumerate(rows)]  # fmt: skip
    return written("app.log", "\n".join(lines).encode(), ())


def tag_reads(rng: Random) -> Input:
    rows = log(rng, ("Dock", "Wash", "Paint", "Oven"), lambda n: f"3034257BF400B7800004{n:04X}")
    names = ("EPC", "Reader", "First seen", "Last seen", "Reads")
    stays = [(c, s, a, min(b, a + timedelta(minutes=rng.randrange(3, 600)))) for c, s, a, b in leaving(rows, rng)]
    lines = [(c, s, ISO(a), ISO(b), rng.randrange(1, 90)) for c, s, a, b in stays]
    return written("reads.csv", csv(names, lines), [(c, s, b) for c, s, _, b in stays])


KINDS: tuple[Callable[[Random], Input], ...] = (
    camunda, pega, robots, celonis, disco, pm4py, spans, webhooks, event_bridge, payment_events, mongo, jira_changelog,
    ocel_json, client_output, dumped, sqlite_file, parquet_file, frames, plain_log, tag_reads,
)  # fmt: skip
