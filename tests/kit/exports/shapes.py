"""Exports whose shape is odd, whatever office they come from."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import UTC, timedelta
from random import Random

import openpyxl

from tests.kit.exports.making import (
    GERMAN,
    ISO,
    PEOPLE,
    SALES,
    TICKETS,
    TICKETS_DE,
    TICKETS_PL,
    WARDS,
    by_case,
    csv,
    log,
    written,
)
from tests.kit.reading_inputs import Input


def with_total(rng: Random) -> Input:
    """Lines under the table that count it."""
    rows = log(rng, TICKETS_DE, lambda n: f"T{n:05}")
    names = ("Ticketnr.", "Status", "Geändert am", "Aufwand h")
    text = csv(names, [(c, s, GERMAN(at), f"{rng.randrange(1, 40) / 4:g}".replace(".", ",")) for c, s, at in rows], ";")
    below = rng.choice((f"Gesamt;;;{len(rows)}\n", f";;;\nSumme: {len(rows)} Zeilen;;;\n",
                        "\nErstellt am 05.06.2025 von a.weber\n"))  # fmt: skip
    return written("bericht.csv", text + below.encode(), rows)


def daily_snapshots(rng: Random) -> Input:
    """The state of every open case on every day."""
    rows = log(rng, TICKETS_DE, lambda n: f"#{n}", daily=True)
    lines, first = [], []
    for case, own in by_case(rows).items():
        ends = [row[2] for row in own[1:]] + [own[-1][2] + timedelta(days=3)]
        for (_, stage, at), end in zip(own, ends, strict=True):
            first.append((case, stage, at))
            lines += [(at + timedelta(days=n), case, stage) for n in range((end - at).days)]
    lines.sort(key=lambda line: line[0])
    names = rng.choice((("Stichtag", "Vorgang", "Status"), ("Snapshot date", "Ticket", "Status")))
    return written("stand.csv", csv(names, [(f"{d:%Y-%m-%d}", c, s) for d, c, s in lines], ";"), first, daily=True)


def blind(rng: Random) -> Input:
    """Columns whose names say nothing, or none at all."""
    rows = log(rng, rng.choice((TICKETS, TICKETS_DE, SALES, WARDS)), rng.choice((lambda n: f"K{n:04}", str)))
    order = [0, 1, 2, 3]
    rng.shuffle(order)
    form = rng.choice(("abcd", "Spalte{}", "F{}", "Column{}", "", "{}", None))
    names = None if form is None else tuple(form.format(n) if form != "abcd" else form[n] for n in range(4))
    lines = []
    for c, s, at in rows:
        cells = (c, s, ISO(at), rng.choice(PEOPLE))
        lines.append(tuple(cells[k] for k in order))
    sign = rng.choice(",;\t")
    data = csv(names or lines[0], lines if names else lines[1:], sign)
    return written("export.csv", data, rows)


def sparse_cases(rng: Random) -> Input:
    """Half of the ids are missing, anywhere: nobody can know whose the others are."""
    rows = log(rng, TICKETS, lambda n: f"R{n:05}")
    seen, lines = set(), []
    for n, (c, s, at) in enumerate(rows):
        keep = n == 0 or (rng.random() < 0.45 and (c not in seen or rng.random() < 0.5))
        seen.add(c)
        lines.append((c if keep else "", s, ISO(at)))
    return written("tickets.csv", csv(("Ticket", "Status", "Changed at"), lines), ())


def sparse_once(rng: Random) -> Input:
    """The id stands in the first row of a case only, but the cases are mixed by time: nobody can know the others."""
    rows = log(rng, TICKETS, lambda n: f"R{n:05}")
    seen: set[str] = set()
    lines = []
    for c, s, at in rows:
        lines.append(("" if c in seen else c, s, ISO(at)))
        seen.add(c)
    return written("tickets.csv", csv(("Ticket", "Status", "Changed at"), lines), ())


def excel_report(rng: Random) -> Input:
    rows = log(rng, TICKETS_PL, lambda n: f"ZG/{n}/2025")
    book, out = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    sheet.title = "Zgłoszenia"
    sheet.append(["Raport zgłoszeń", None, None, "wydruk: 2025-06-01"])
    sheet.append([])
    sheet.append(["Nr zgłoszenia", "Status", "Data zmiany", "Przypisany do"])
    for c, s, at in rows:
        sheet.append([c, s, at if rng.random() < 2 else None, rng.choice(PEOPLE)])
    sheet.append([None, None, None, f"razem {len(rows)}"])
    book.save(out)
    return written("raport.xlsx", out.getvalue(), rows)


def epoch_log(rng: Random) -> Input:
    rows = log(rng, ("received", "validated", "packed", "sent"), lambda n: f"ord_{n:06}")
    scale = rng.choice((1, 1000))
    items = [{"ts": int(at.replace(tzinfo=UTC).timestamp()) * scale, "level": "INFO", "order_id": c, "event": s,
              "host": f"web{n % 3}"} for n, (c, s, at) in enumerate(rows)]  # fmt: skip
    return written("app.jsonl", "\n".join(map(json.dumps, items)).encode(), rows)


KINDS: tuple[Callable[[Random], Input], ...] = (
    with_total,
    daily_snapshots,
    blind,
    sparse_cases,
    sparse_once,
    excel_report,
    epoch_log,
)
