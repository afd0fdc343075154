"""Inputs of the kinds that strangers' exports have, invented from the name of the kind alone: seeded, never the same.

Each kind is a function of a `Random` that writes a file and says what has to be read from it.
"""

from __future__ import annotations

import io
import json
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

import openpyxl

from tests.kit.reading_inputs import HEADS, PROCESSES, Count, Input, Row, csv_of, log_of, table

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
    return csv_of("\n".join([";".join(names), *lines]), rows)


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
    return csv_of("\n".join([";".join(names), *(f"{c};{s};{at};{f}" for c, s, at, f in lines)]), rows)


def mixed_styles(rng: Random) -> Input:
    rows = tuple((c, s, at.replace(day=1 + at.day % 12)) for c, s, at in log_of(rng))
    other = rng.choice(("%m/%d/%Y %H:%M", "%d/%m/%Y %H:%M", "%d.%m.%Y %H:%M"))
    share = rng.choice((0.3, 0.5, 0.8))
    return csv_of(table(rng, rows, lambda at: at.strftime(other if rng.random() < share else "%Y-%m-%d %H:%M")), rows)


def name_variants(rng: Random) -> Input:
    rows = log_of(rng)
    odd: tuple[Callable[[str], str], ...] = (
        str.upper, str.lower, lambda s: s + " ", lambda s: " " + s, lambda s: s + "\u00a0", lambda s: s + "\u200b", str,
        str, str,
    )  # fmt: skip
    written = [(c, rng.choice(odd)(s), at) for c, s, at in rows]
    return csv_of(table(rng, tuple(written)), rows)


def padded_ids(rng: Random) -> Input:
    rows = log_of(rng)
    odd = ("", "", " ", "  ", "\u00a0", "\u200b", "\ufeff")
    return csv_of(table(rng, tuple((rng.choice(odd) + c + rng.choice(odd), s, at) for c, s, at in rows)), rows)


def ragged(rng: Random) -> Input:
    rows = log_of(rng)
    sign = rng.choice(",;\t")
    text = table(rng, rows, sign=sign, head=(*rng.choice(HEADS), "Owner", "Note", "Extra")[:6],
                 more=lambda n, _: ("Kim", "late", "x")[: n % 4])  # fmt: skip
    return csv_of(text, rows)


def newest_first(rng: Random) -> Input:
    rows = log_of(rng, minutes=rng.random() < 0.5)
    daily = all(at.hour == 0 for _, _, at in rows)
    text = table(rng, rows[::-1], (lambda at: f"{at:%Y-%m-%d}") if daily else str)
    return csv_of(text, rows, daily=daily)


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
    return csv_of("\n".join(lines), rows)


def outlier_years(rng: Random) -> Input:
    rows = log_of(rng)
    wrong = rng.randrange(1, len(rows))
    year = rng.choice((1900, 1970, 2004, 2099, 2204))
    written = [(c, s, at.replace(year=year, day=1) if n == wrong else at) for n, (c, s, at) in enumerate(rows)]
    return csv_of(table(rng, tuple(written)), tuple(row for n, row in enumerate(rows) if n != wrong))


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
    return csv_of(table(rng, rows, rng.choice(STYLES), sign=rng.choice(";\t")), rows)


def odd_digits(rng: Random) -> Input:
    rows = log_of(rng)
    wide = str.maketrans("0123456789-: ", "０１２３４５６７８９－：\u3000")
    change: Callable[[str], str] = rng.choice((
        lambda text: text.translate(wide), lambda text: text.replace(" ", "\u00a0"),
        lambda text: text.replace(" ", "\u202f"), lambda text: "\u200e" + text, lambda text: text + "\u00a0",
    ))  # fmt: skip
    return csv_of(table(rng, rows, lambda at: change(str(at))), rows)


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
    return csv_of("\n".join(lines), rows)


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
    return csv_of(above + table(rng, rows, sign=sign), rows)


def row_names(rng: Random) -> Input:
    rows = log_of(rng)
    sign = rng.choice(",;\t")
    head, *lines = table(rng, rows, sign=sign).splitlines()
    blank = rng.choice(("", sign, f'""{sign}'))
    return csv_of("\n".join([blank + head, *(f'"{n}"{sign}{line}' for n, line in enumerate(lines, 1))]), rows)


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
    return csv_of(text, rows)


def weights(rng: Random) -> Input:
    rows = log_of(rng)
    name = rng.choice(("Weight", "Gewicht", "Weight kg", "Poids", "Amount", "Quantity", "Menge"))
    kilos = {case: str(rng.randrange(2, 900)) for case, _, _ in rows}
    return csv_of(table(rng, rows, head=(*rng.choice(HEADS), name), more=lambda _n, row: (kilos[row[0]],)), rows)


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


def counted_thousands(rng: Random) -> Input:
    """Counts with a sign between thousands, which stand in quotes where the delimiter is the same."""
    months = [f"{2023 + n // 12}-{n % 12 + 1:02}-01" for n in range(rng.randrange(12, 20))]
    stages = rng.choice(PROCESSES)
    found = {(s, month): rng.randrange(300, 90_000) for month in months for s in stages}
    sign, mark = rng.choice(((",", ","), (";", "."), (";", ","), ("\t", ".")))

    def cell(count: int) -> str:
        text = f"{count:,}".replace(",", mark)
        return f'"{text}"' if sign in text else text

    lines = [sign.join([rng.choice(("Month", "Monat", "Mois")), *stages])]
    lines += [sign.join([month[:7], *(cell(found[s, month]) for s in stages)]) for month in months]
    counts = tuple((s, month, float(n)) for (s, month), n in found.items())
    return Input("kpi.csv", "\n".join(lines).encode(), counts=counts)


def correlated(rng: Random) -> Input:
    """Messages with an id of their own, and one of what they belong to."""
    rows = log_of(rng)
    own, case = rng.choice((("message_id", "correlation_id"), ("eventId", "businessKey"), ("uuid", "conversation id")))
    items = [
        {own: str(uuid.UUID(int=rng.getrandbits(128))), case: c, "type": s, "sent": at.isoformat()} for c, s, at in rows
    ]
    return Input("messages.json", json.dumps(items).encode(), rows)


def grouped_rows(rng: Random) -> Input:
    """Sorted by case, which stands in its first row only, as in merged cells."""
    rows = log_of(rng)
    names, sign = rng.choice(HEADS), rng.choice(",;\t")
    by_case = [(case, [row for row in rows if row[0] == case]) for case in dict.fromkeys(row[0] for row in rows)]
    lines = [sign.join(names)]
    for case, own in by_case:
        lines += [sign.join([case if place == 0 else "", s, str(at)]) for place, (_, s, at) in enumerate(own)]
    return csv_of("\n".join(lines), rows)


KINDS: dict[str, Callable[[Random], Input]] = {
    kind.__name__: kind
    for kind in (
        constant_dates, repeated_status, mixed_styles, name_variants, padded_ids, ragged, newest_first, currencies,
        event_ids, outlier_years, date_styles, odd_digits, quoting, encoded, comments_above, row_names, xes_forms,
        json_forms, excel_forms, glued_headers, weights, wide_counts, month_names, daily_activity,
        counted_thousands, correlated, grouped_rows,
    )
}  # fmt: skip
