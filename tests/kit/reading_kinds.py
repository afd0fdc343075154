"""Inputs of the kinds that strangers' exports have, invented from the name of the kind alone: seeded, never the same.

Each kind is a function of a `Random` that writes a file and says what has to be read from it. A file is read rightly,
or somebody is asked; nothing else will do.
"""

from __future__ import annotations

import io
import json
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import openpyxl

from factoryview.errors import FactoryviewError
from factoryview.language.said import Said
from factoryview.sources import ReadOptions, read
from factoryview.sources.events import EventLog

Row = tuple[str, str, datetime]
"""Case, stage, moment of entering it."""
Count = tuple[str, str]
"""Stage and day or month of a bucket, as ISO writes it."""

PROCESSES: tuple[tuple[str, ...], ...] = (
    ("Intake", "Triage", "Repair", "Shipped"), ("Draft", "Legal check", "Sign-off", "Filed"),
    ("Anfrage", "Angebot", "Nachfassen", "Auftrag"), ("Wareneingang", "Prüfung", "Montage", "Versand"),
    ("Demande", "Étude", "Devis", "Clôturé"), ("Solicitud", "Revisión", "Firma", "Archivado"),
    ("Richiesta", "Verifica", "Esecuzione", "Chiuso"), ("Aanvraag", "Beoordeling", "Uitvoering", "Gereed"),
    ("Zgłoszenie", "Wycena", "Realizacja", "Gotowe"),
)  # fmt: skip
HEADS: tuple[tuple[str, str, str], ...] = (
    ("Ticket", "Status", "Changed at"), ("Order no", "Step", "Entered on"), ("Claim ID", "State", "Status changed"),
    ("Vorgangsnummer", "Status", "Geändert am"), ("Auftragsnr", "Station", "Eingetreten am"),
    ("N° dossier", "Étape", "Modifié le"), ("Número de caso", "Estado", "Fecha de cambio"),
    ("Numero pratica", "Stato", "Data modifica"), ("Zaaknummer", "Status", "Gewijzigd op"),
)  # fmt: skip
GLUED: tuple[tuple[str, str, str], ...] = (
    ("permitnum", "statuscurrent", "statusdate"), ("OrderNumber", "OrderStatus", "StatusChangedOn"),
    ("ticketid", "newstatus", "changedate"), ("fallnr", "stationname", "eintrittsdatum"),
    ("CASE_KEY", "CURR_STATE", "STATE_DTTM"), ("jobNo", "currentStage", "stageEntered"),
)  # fmt: skip
MONTHS = (
    "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
)
NEUTRAL = {"reading.times", "reading.done_at", "reading.ends_cover", "reading.no_ends"}
"""Questions that every log without a plant file has; they are no answer to what is odd about a file."""


@dataclass(frozen=True)
class Input:
    """A file, and what has to be read from it."""

    name: str
    data: bytes
    rows: tuple[Row, ...] = ()
    counts: tuple[tuple[str, str, float], ...] = ()
    """Of a table of counts: stage, first day of the bucket, how many arrived."""
    daily: bool = False
    """The file knows days only."""
    amounts: bool = False
    """Its amounts are in several currencies: none may be left."""


def log_of(rng: Random, cases: int = 0, minutes: bool = True) -> tuple[Row, ...]:
    """A log of a process of some language: rework, cases that are open, ids of some style."""
    stages = rng.choice(PROCESSES)
    style = rng.choice((lambda n: f"A-{1000 + n}", lambda n: str(20250 * 100 + n), lambda n: f"{n:04}/25",
                        lambda n: f"REQ{n:05}", lambda n: str(uuid.uuid5(uuid.NAMESPACE_OID, f"{n}"))))  # fmt: skip
    rows: list[Row] = []
    begin = datetime(2024, rng.randrange(1, 12), 2, 8)
    for number in range(cases or rng.randrange(26, 60)):
        at = begin + timedelta(minutes=number * rng.randrange(600, 2200))
        path = [*stages[:3], *((stages[1], stages[2]) if rng.random() < 0.2 else ()), stages[3]]
        case = style(number)
        for stage in path[: len(path) - (rng.random() < 0.2)]:
            rows.append((case, stage, at if minutes else at.replace(hour=0, minute=0)))
            at += timedelta(minutes=rng.randrange(1441, 9000))
    return tuple(sorted(rows, key=lambda row: row[2]))


def table(
    rng: Random,
    rows: tuple[Row, ...],
    written: Callable[[datetime], str] = str,
    sign: str = "",
    head: tuple[str, ...] = (),
    more: Callable[[int, Row], tuple[str, ...]] = lambda _n, _row: (),
) -> str:
    """A text of a log; more: further cells of a row, whose names stand behind the three of the head."""
    sign = sign or rng.choice(",;\t")
    names = head or rng.choice(HEADS)

    def cell(text: str) -> str:
        return f'"{text}"' if sign in text or '"' in text else text

    lines = [sign.join(names)]
    lines += [sign.join(map(cell, (c, s, written(at), *more(n, (c, s, at))))) for n, (c, s, at) in enumerate(rows)]
    return "\n".join(lines) + "\n"


def _csv(text: str, rows: tuple[Row, ...], **more: bool) -> Input:
    return Input("export.csv", text.encode(), rows, **more)


def constant_dates(rng: Random) -> Input:
    rows = log_of(rng)
    first = {case: at for case, _, at in reversed(rows)}
    name = rng.choice(("Created", "opened_at", "Angelegt am", "Resolved", "Due date", "Date of order"))
    place = rng.choice((2, 3))
    names = list(rng.choice(HEADS))
    lines = []
    for case, stage, at in rows:
        cells = [case, stage, str(at)]
        cells.insert(place, str(first[case] - timedelta(hours=1)))
        lines.append(";".join(cells))
    names.insert(place, name)
    return _csv("\n".join([";".join(names), *lines]), rows)


def repeated_status(rng: Random) -> Input:
    rows = log_of(rng)
    lines: list[tuple[str, str, datetime, str]] = []
    fields = ("priority", "assignee", "comment")
    for case, stage, at in rows:
        lines.append((case, stage, at, "status"))
        lines += [
            (case, stage, at + timedelta(minutes=7 * (k + 1)), rng.choice(fields)) for k in range(rng.randrange(3))
        ]
    lines.sort(key=lambda row: row[2])
    names = (*rng.choice(HEADS), "Field")
    return _csv("\n".join([";".join(names), *(f"{c};{s};{at};{f}" for c, s, at, f in lines)]), rows)


def mixed_styles(rng: Random) -> Input:
    rows = tuple((c, s, at.replace(day=1 + at.day % 12)) for c, s, at in log_of(rng))
    other = rng.choice(("%m/%d/%Y %H:%M", "%d/%m/%Y %H:%M", "%d.%m.%Y %H:%M"))
    share = rng.choice((0.3, 0.5, 0.8))
    return _csv(table(rng, rows, lambda at: at.strftime(other if rng.random() < share else "%Y-%m-%d %H:%M")), rows)


def name_variants(rng: Random) -> Input:
    rows = log_of(rng)
    odd: tuple[Callable[[str], str], ...] = (
        str.upper, str.lower, lambda s: s + " ", lambda s: " " + s, lambda s: s + "\u00a0", lambda s: s + "\u200b", str,
        str, str,
    )  # fmt: skip
    written = [(c, rng.choice(odd)(s), at) for c, s, at in rows]
    return _csv(table(rng, tuple(written)), rows)


def padded_ids(rng: Random) -> Input:
    rows = log_of(rng)
    odd = ("", "", " ", "  ", "\u00a0", "\u200b", "\ufeff")
    return _csv(table(rng, tuple((rng.choice(odd) + c + rng.choice(odd), s, at) for c, s, at in rows)), rows)


def ragged(rng: Random) -> Input:
    rows = log_of(rng)
    sign = rng.choice(",;\t")
    text = table(rng, rows, sign=sign, head=(*rng.choice(HEADS), "Owner", "Note", "Extra")[:6],
                 more=lambda n, _: ("Kim", "late", "x")[: n % 4])  # fmt: skip
    return _csv(text, rows)


def newest_first(rng: Random) -> Input:
    rows = log_of(rng, minutes=rng.random() < 0.5)
    daily = all(at.hour == 0 for _, _, at in rows)
    text = table(rng, rows[::-1], (lambda at: f"{at:%Y-%m-%d}") if daily else str)
    return _csv(text, rows, daily=daily)


def currencies(rng: Random) -> Input:
    rows = log_of(rng)
    signs = rng.sample(("€", "$", "£", "CHF", "JPY", "zł", "SEK"), 2)
    apart = rng.random() < 0.5
    names = (*rng.choice(HEADS), *(("Amount", "Currency") if apart else ("Amount",)))

    def more(_n: int, row: Row) -> tuple[str, ...]:
        sign, amount = signs[sum(map(ord, row[0])) % 2], str(100 + sum(map(ord, row[0])) % 900)
        return (amount, sign) if apart else (f"{amount} {sign}",)

    return Input("export.csv", table(rng, rows, head=names, more=more).encode(), rows, amounts=True)


def event_ids(rng: Random) -> Input:
    rows = log_of(rng)
    names, items = rng.choice(HEADS), []
    for number, (case, stage, at) in enumerate(rows):
        items.append(
            {rng.choice(("id",)): f"ev-{number:06}", names[0]: case, names[1]: stage, names[2]: at.isoformat()}
        )
    if rng.random() < 0.5:
        return Input("events.json", json.dumps(items).encode(), rows)
    lines = [";".join(items[0]), *(";".join(item.values()) for item in items)]
    return _csv("\n".join(lines), rows)


def outlier_years(rng: Random) -> Input:
    rows = log_of(rng)
    wrong = rng.randrange(1, len(rows))
    year = rng.choice((1900, 1970, 2004, 2099, 2204))
    written = [(c, s, at.replace(year=year, day=1) if n == wrong else at) for n, (c, s, at) in enumerate(rows)]
    return _csv(table(rng, tuple(written)), tuple(row for n, row in enumerate(rows) if n != wrong))


MONTHS_FR = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
STYLES: tuple[Callable[[datetime], str], ...] = (
    lambda at: at.strftime("%d/%b/%y %-I:%M %p"), lambda at: at.strftime("%d/%b/%Y:%H:%M:%S +0000"),
    lambda at: at.strftime("%a %d.%m.%Y %H:%M"), lambda at: at.strftime("%a, %b %d, %Y %I:%M %p"),
    lambda at: at.strftime("%d-%b-%y %I.%M.%S.000000 %p"), lambda at: at.strftime("%a %b %d %Y %H:%M:%S GMT+0000"),
    lambda at: f"{at.day} {MONTHS_FR[at.month - 1]} {at.year} {at:%H:%M}",
    lambda at: at.strftime("%d.%m.%Y, %H:%M Uhr"),
    lambda at: at.strftime("%Y-%m-%d %H:%M:%S UTC"), lambda at: at.strftime("%d%m%Y %H%M"),
    lambda at: at.strftime("%Y年%m月%d日 %H:%M"), lambda at: at.strftime("%A, %d. %B %Y %H:%M"),
    lambda at: at.strftime("%m-%d-%Y %H:%M"), lambda at: at.strftime("%Y.%m.%d %H:%M:%S"),
    lambda at: str((at - datetime(1899, 12, 30)) / timedelta(days=1)).replace(".", ","),
    lambda at: f"{(at - datetime(1970, 1, 1)) / timedelta(seconds=1):.0f}", lambda at: at.strftime("%d. %b %Y %H:%M"),
    lambda at: at.strftime("%H:%M %d/%m/%Y"), lambda at: at.strftime("%Y%m%dT%H%M%SZ"), lambda at: at.strftime("%x %X"),
)  # fmt: skip


def date_styles(rng: Random) -> Input:
    rows = log_of(rng)
    return _csv(table(rng, rows, rng.choice(STYLES), sign=rng.choice(";\t")), rows)


def odd_digits(rng: Random) -> Input:
    rows = log_of(rng)
    wide = str.maketrans("0123456789-: ", "０１２３４５６７８９－：\u3000")
    change: Callable[[str], str] = rng.choice((
        lambda text: text.translate(wide), lambda text: text.replace(" ", "\u00a0"),
        lambda text: text.replace(" ", "\u202f"), lambda text: "\u200e" + text, lambda text: text + "\u00a0",
    ))  # fmt: skip
    return _csv(table(rng, rows, lambda at: change(str(at))), rows)


def quoting(rng: Random) -> Input:
    rows = log_of(rng)
    sign, kind = rng.choice(",;\t"), rng.choice(("backslash", "single", "doubled", "wrapped", "spaced"))
    names = (*rng.choice(HEADS), "Remark")
    lines = []
    for n, row in enumerate([names, *((c, s, str(at), f'say "hi"{sign} O\'Hara' if k % 3 else "")
                                      for k, (c, s, at) in enumerate(rows))]):  # fmt: skip
        if kind == "single":
            lines.append(sign.join("'" + cell.replace("'", "''") + "'" for cell in row))
            continue
        old, new = '"', '\\"' if kind == "backslash" else '""'
        cells = [f'"{cell.replace(old, new)}"' for cell in row]
        text = (sign + " " * (kind == "spaced")).join(cells)
        lines.append('"' + sign.join(row[:3]).replace('"', '""') + '"' if kind == "wrapped" and n >= 0 else text)
    return _csv("\n".join(lines), rows)


ENCODED: tuple[tuple[str, tuple[str, ...], tuple[str, str, str]], ...] = (
    ("cp1251", ("Новый заказ", "Проверка", "Согласование", "Выполнено"), ("Номер заказа", "Статус", "Дата изменения")),
    ("koi8-r", ("Новый заказ", "Проверка", "Согласование", "Выполнено"), ("Номер заказа", "Статус", "Дата изменения")),
    ("cp1250", ("Zgłoszenie", "Przegląd części", "Wysyłka końcowa", "Gotowe już"),
     ("Numer zlecenia", "Etap", "Data zmiany")),
    ("cp1253", ("Νέα αίτηση", "Έλεγχος", "Έγκριση", "Ολοκληρώθηκε"), ("Αριθμός", "Κατάσταση", "Ημερομηνία αλλαγής")),
    ("mac_roman", ("Prüfung groß", "Ausführung", "Rückfrage", "Übergabe"), ("Auftragsnr", "Status", "Geändert am")),
    ("cp850", ("Prüfung groß", "Ausführung", "Rückfrage", "Übergabe"), ("Auftragsnr", "Status", "Geändert am")),
    ("utf-16", ("Étude", "Réglage", "Contrôle", "Livré"), ("N° dossier", "Étape", "Modifié le")),
    ("cp932", ("新規受付", "審査中です", "承認待ち", "完了しました"), ("案件番号", "状態", "変更日時")),
    ("cp1254", ("Başvuru", "İnceleme", "Onay süreci", "Teslim edildi ğ"), ("Sipariş no", "Durum", "Değişiklik tarihi")),
)  # fmt: skip


def encoded(rng: Random) -> Input:
    encoding, stages, names = rng.choice(ENCODED)
    plain = log_of(rng)
    known = dict(zip(dict.fromkeys(sorted({s for _, s, _ in plain})), stages, strict=False))
    rows = tuple((c, known[s], at) for c, s, at in plain)
    return Input("export.csv", table(rng, rows, sign=";", head=names).encode(encoding), rows)


def comments_above(rng: Random) -> Input:
    rows = log_of(rng)
    sign = rng.choice(",;\t")
    above = rng.choice((
        "# export: tickets, all: yes\n", f"sep={sign}\n", "Report of May 2025\nDepartment: Sales\n\n", "\n\n\n",
        "// made by a tool\n// v2: a, b, c\n", "% header follows\n", f"Bericht{sign}{sign}\n",
    ))  # fmt: skip
    return _csv(above + table(rng, rows, sign=sign), rows)


def row_names(rng: Random) -> Input:
    rows = log_of(rng)
    sign = rng.choice(",;\t")
    head, *lines = table(rng, rows, sign=sign).splitlines()
    blank = rng.choice(("", sign, f'""{sign}'))
    return _csv("\n".join([blank + head, *(f'"{n}"{sign}{line}' for n, line in enumerate(lines, 1))]), rows)


def xes_forms(rng: Random) -> Input:
    rows = log_of(rng)
    prefix, number = rng.choice(("", "xes:", "x:")), rng.random() < 0.4
    cases: dict[str, list[Row]] = {}
    for row in rows:
        cases.setdefault(row[0], []).append(row)
    out = []
    for n, (case, each) in enumerate(cases.items()):
        events = "".join(
            f'<{prefix}event><{prefix}date key="time:timestamp" value="{at.isoformat()}Z"/>'
            f'<{prefix}string key="concept:name" value="{stage}"/></{prefix}event>' for _, stage, at in each
        )  # fmt: skip
        name = "Process" if number else case
        out.append(f'<{prefix}trace><{prefix}string key="concept:name" value="{name}"/>{events}</{prefix}trace>')
        cases[case] = [(str(n), s, at) for _, s, at in each]
    space = f' xmlns:{prefix[:-1]}="http://www.xes-standard.org/"' if prefix else ""
    data = f'<?xml version="1.0"?><{prefix}log{space}>{"".join(out)}</{prefix}log>'
    return Input("log.xes", data.encode(), rows)


def json_forms(rng: Random) -> Input:
    rows = log_of(rng)
    names = rng.choice(HEADS)
    items = [dict(zip(names, (c, s, at.isoformat()), strict=True)) for c, s, at in rows]
    people = [{"id": n, "name": f"P{n}"} for n in range(rng.randrange(3, 90))]
    text = rng.choice((
        json.dumps({"users": people, "events": items, "count": len(items)}),
        json.dumps({"meta": {"page": 1}, "data": {"items": items}}),
        "\n".join(json.dumps(item, indent=2) for item in items),
        "\n".join(json.dumps(item) for item in items) + "\n\n",
        "[" + ",\n".join(json.dumps(item) for item in items) + "]",
        json.dumps({"result": items, "next": None}, indent=1),
    ))  # fmt: skip
    return Input("log.json", text.encode(), rows)


def excel_forms(rng: Random) -> Input:
    rows = log_of(rng)
    names, kind = rng.choice(HEADS), rng.choice(("pivot", "title", "moved", "html", "dates", "blank columns"))
    if kind == "html":
        body = "".join(f"<tr><td>{c}</td><td>{s}</td><td>{at}</td></tr>" for c, s, at in rows)
        head = "".join(f"<th>{name}</th>" for name in names)
        return Input(
            "export.xls", f"<html><meta charset=utf-8><table><tr>{head}</tr>{body}</table></html>".encode(), rows
        )
    book, out = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    left = ["", ""] if kind == "moved" else []
    if kind in ("title", "moved"):
        sheet.append(["Report of tickets"])
        sheet.append([])
    sheet.append([*left, *names])
    for case, stage, at in rows:
        sheet.append(
            [*left, case, stage, at if kind == "dates" else str(at), *([""] * 3 if kind == "blank columns" else [])]
        )
    if kind == "pivot":
        other = book.create_sheet("Pivot", rng.choice((0, 1)))
        for n in range(len(rows) * 2):
            other.append([f"Group {n}", n, n * 2, n % 7, "sum"])
    book.save(out)
    return Input("export.xlsx", out.getvalue(), rows)


def glued_headers(rng: Random) -> Input:
    rows = log_of(rng)
    names = rng.choice(GLUED)
    fee = {case: str(rng.randrange(20, 9000)) for case, _, _ in rows}
    towns = ("North", "South", "East", "West")
    text = table(
        rng, rows, head=(*names, "fee", "district"), more=lambda _n, row: (fee[row[0]], towns[len(row[0]) % 4])
    )
    return _csv(text, rows)


def weights(rng: Random) -> Input:
    rows = log_of(rng)
    name = rng.choice(("Weight", "Gewicht", "Weight kg", "Poids", "Amount", "Quantity", "Menge"))
    kilos = {case: str(rng.randrange(2, 900)) for case, _, _ in rows}
    return _csv(table(rng, rows, head=(*rng.choice(HEADS), name), more=lambda _n, row: (kilos[row[0]],)), rows)


def _counts(rng: Random, buckets: list[str]) -> tuple[tuple[str, ...], dict[Count, int]]:
    stages = rng.choice(PROCESSES)
    return stages, {(stage, bucket): rng.randrange(5, 60) for bucket in buckets for stage in stages}


def wide_counts(rng: Random) -> Input:
    days = [datetime(2025, 1, 6) + timedelta(weeks=n) for n in range(rng.randrange(12, 30))]
    stages, found = _counts(rng, [f"{day:%Y-%m-%d}" for day in days])
    sign = rng.choice(",;\t")
    label: Callable[[datetime], str] = rng.choice((
        lambda day: f"{day:%Y-%m-%d}", lambda day: f"{day:%G-W%V}", lambda day: f"{day:%d.%m.%Y}",
    ))  # fmt: skip
    if rng.random() < 0.5:
        lines = [sign.join([rng.choice(("Week", "Woche", "Semaine")), *stages])]
        lines += [sign.join([label(day), *(str(found[s, f"{day:%Y-%m-%d}"]) for s in stages)]) for day in days]
    else:
        lines = [sign.join([rng.choice(("Stage", "Station", "Étape")), *map(label, days)])]
        lines += [sign.join([s, *(str(found[s, f"{day:%Y-%m-%d}"]) for day in days)]) for s in stages]
    counts = tuple((s, day, float(n)) for (s, day), n in found.items())
    return Input("kpi.csv", "\n".join(lines).encode(), counts=counts)


def month_names(rng: Random) -> Input:
    names = rng.choice(MONTHS).split()
    months = [(2023 + n // 12, n % 12 + 1) for n in range(rng.randrange(14, 24))]
    stages, found = _counts(rng, [f"{y}-{m:02}-01" for y, m in months])
    written: Callable[[int, int], str] = rng.choice((
        lambda y, m: f"{names[m - 1]} {y}", lambda y, m: f"{names[m - 1]} {y % 100:02}",
        lambda y, m: f"{names[m - 1]}-{y}",
        lambda y, m: f"{m:02}/{y}", lambda y, m: f"{m:02}.{y}",
    ))  # fmt: skip
    lines = ["month;stage;arrivals;departures"]
    lines += [
        f"{written(y, m)};{s};{found[s, f'{y}-{m:02}-01']};{found[s, f'{y}-{m:02}-01']}"
        for y, m in months
        for s in stages
    ]
    return Input(
        "kpi.csv", "\n".join(lines).encode(), counts=tuple((s, day, float(n)) for (s, day), n in found.items())
    )


def daily_activity(rng: Random) -> Input:
    days = [datetime(2025, 2, 3) + timedelta(days=n) for n in range(60) if n % 7 < 5]
    stages = rng.choice(
        (("Calls", "Offers", "Orders"), ("Anrufe", "Angebote", "Aufträge"), ("Appels", "Devis", "Commandes"))
    )
    found = {(s, f"{d:%Y-%m-%d}"): rng.randrange(3, 40) for d in days for s in stages}
    lines = [";".join([rng.choice(("Date", "Datum", "Tag", "Jour")), *stages])]
    lines += [";".join([f"{d:%d.%m.%Y}", *(str(found[s, f"{d:%Y-%m-%d}"]) for s in stages)]) for d in days]
    return Input(
        "activity.csv", "\n".join(lines).encode(), counts=tuple((s, d, float(n)) for (s, d), n in found.items())
    )


KINDS: dict[str, Callable[[Random], Input]] = {
    kind.__name__: kind
    for kind in (
        constant_dates, repeated_status, mixed_styles, name_variants, padded_ids, ragged, newest_first, currencies,
        event_ids, outlier_years, date_styles, odd_digits, quoting, encoded, comments_above, row_names, xes_forms,
        json_forms, excel_forms, glued_headers, weights, wide_counts, month_names, daily_activity,
    )
}  # fmt: skip


def ending(kind: str, seed: int, folder: Path) -> tuple[str, str]:
    """How an input is read: `right`, `asked` or `wrong`, and what was said or found instead."""
    made = KINDS[kind](Random(f"{kind}/{seed}"))
    path = folder / f"{seed}-{made.name}"
    path.write_bytes(made.data)
    try:
        log = read(path, ReadOptions())
    except FactoryviewError as error:
        return "asked", str(error)
    difference = _difference(log, made)
    if not difference:
        return "right", ""
    asked = [
        finding for finding in log.findings
        if finding.severity != "info" and not (isinstance(finding.text, Said) and _keys(finding.text) & NEUTRAL)
    ]  # fmt: skip
    told = "; ".join(f"{finding.severity}: {finding.text}" for finding in asked)
    return ("asked" if asked else "wrong"), f"{difference} {told}"


def _keys(text: Said) -> set[str]:
    """The keys of a text and of what stands in its gaps."""
    return {text.key}.union(*(_keys(gap) for gap in text.gaps.values() if isinstance(gap, Said)))


def _difference(log: EventLog, made: Input) -> str:
    """What is read otherwise than it was written; empty if nothing is."""
    if made.counts:
        if log.meaning != "kpi":
            return f"read as {log.meaning}"
        found = log.connection.execute("SELECT stage, bucket, arrivals FROM kpi").fetchall()
        counted = Counter((s, f"{bucket:%Y-%m-%d}", arrivals) for s, bucket, arrivals in found)
        return "" if counted == Counter(made.counts) else f"{list((counted - Counter(made.counts)).elements())[:2]}"
    if log.meaning == "kpi":
        return "read as counts"
    if made.amounts and log.connection.execute("SELECT count(value) FROM events").fetchone() != (0,):
        return "amounts of several currencies are left"
    rows = log.connection.execute('SELECT "case", stage, time FROM events').fetchall()
    written = Counter(made.rows)
    if made.name.endswith("xes") and len({case for case, _, _ in rows}) == len({case for case, _, _ in made.rows}):
        rows, written = [("", *row[1:]) for row in rows], Counter(("", *row[1:]) for row in made.rows)
    if made.daily:
        rows = [(c, s, at.replace(hour=0, minute=0, second=0, microsecond=0)) for c, s, at in rows]
    got = Counter((c, s, at.replace(microsecond=0) if at.microsecond < 500_000 else
                   at.replace(microsecond=0) + timedelta(seconds=1)) for c, s, at in rows)  # fmt: skip
    if got == written:
        return ""
    return (
        f"{sum(got.values())} for {sum(written.values())} rows, {[*(got - written)][:1]} for {[*(written - got)][:1]}"
    )
