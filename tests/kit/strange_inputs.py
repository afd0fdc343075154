"""More inputs of the kinds that strangers' files have, each written in ways that no other list of this kit has.

Each kind is a function of a `Random` that writes a file and says what has to be read from it. It is long, for it is a
list.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random

import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.kit.exports.making import PEOPLE, by_case, csv, log, written
from tests.kit.reading_inputs import Input, Row

STAGES = (
    ("Received", "Checked", "Repaired", "Returned"), ("Eingegangen", "Geprüft", "Kalkuliert", "Bestellt"),
    ("Antrag", "Vorprüfung", "Bescheid", "Ablage"), ("Ouvert", "Analysé", "Traité", "Fermé"),
)  # fmt: skip
HEADS = (
    ("Order", "Status", "Timestamp"), ("Auftrag", "Station", "Zeitpunkt"), ("Vorgang", "Status", "Datum"),
    ("Reference", "State", "Date"), ("Dossier", "Statut", "Date"), ("caseId", "stage", "enteredAt"),
)  # fmt: skip


def _log(rng: Random, daily: bool = False) -> tuple[Row, ...]:
    form = rng.choice(("A{:05}", "{}", "25-{:04}", "K/{:03}/B"))
    return log(rng, rng.choice(STAGES), lambda n: form.format(n + 17), daily)


def _plain(rng: Random, rows: tuple[Row, ...], at: Callable[[datetime], str] = str, sign: str = ";") -> Input:
    head = rng.choice(HEADS)
    return written("file.csv", csv(head, [(c, s, at(t)) for c, s, t in rows], sign), rows)


def several_constant_dates(rng: Random) -> Input:
    rows = _log(rng)
    own = by_case(rows)
    first, last = {c: r[0][2] for c, r in own.items()}, {c: r[-1][2] for c, r in own.items()}
    names = rng.choice((("Auftrag", "Angelegt", "Status", "Letzte Änderung", "Zeit", "Liefertermin"),
                        ("Order", "Opened", "Status", "Last modified", "When", "Promised"),
                        ("Case", "Start date", "Status", "Closed", "Step time", "Birth date")))  # fmt: skip
    lines = [(c, f"{first[c] - timedelta(minutes=3)}", s, f"{last[c] + timedelta(hours=5)}", f"{t}",
              f"{first[c] + timedelta(days=30):%Y-%m-%d}") for c, s, t in rows]  # fmt: skip
    return written("file.csv", csv(names, lines, ";"), rows)


def repeated_rows(rng: Random) -> Input:
    """The same state told again, by another person or at once."""
    rows, lines = _log(rng), []
    for c, s, t in rows:
        lines.append((c, s, t, "Kim"))
        lines += [(c, s, t + timedelta(minutes=rng.choice((0, 1, 45, 300))), rng.choice(PEOPLE))
                  for _ in range(rng.randrange(3))]  # fmt: skip
    lines.sort(key=lambda line: line[2])
    head = rng.choice(
        (("Order", "Status", "Changed"), ("Vorgang", "Status", "Geändert"), ("Sag", "Tilstand", "Ændret"))
    )
    return written("file.csv", csv((*head, "Editor"), lines, ";"), rows)


def inner_blanks(rng: Random) -> Input:
    rows = log(rng, ("New order", "In quality check", "With customer", "All done"), lambda n: f"Q {n}")
    odd: tuple[Callable[[str], str], ...] = (
        str, str, lambda s: s.replace(" ", "  "), lambda s: s.replace(" ", "\u00a0"), lambda s: s + "\t",
        lambda s: "\u200f" + s, lambda s: s.replace(" ", " \u00ad"), lambda s: s.replace(" ", "\u2009"),
    )  # fmt: skip
    plain = {c: n for n, (c, _, _) in enumerate(rows)}  # its last row has the id as it is
    lines = [
        (c if plain[c] == n else rng.choice(odd[:4])(c), rng.choice(odd)(s), t) for n, (c, s, t) in enumerate(rows)
    ]
    return written("file.csv", csv(("Order", "Status", "Timestamp"), lines, ";"), rows)


def mixed_forms(rng: Random) -> Input:
    """Two ways of writing dates in one column that do not contradict each other."""
    rows = _log(rng)
    one, other = rng.choice((
        ("%Y-%m-%d %H:%M:%S", "%d.%m.%Y %H:%M"), ("%d.%m.%Y %H:%M", "%d.%m.%y %H:%M"),
        ("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S"), ("%d.%m.%Y %H:%M", "%d. %B %Y %H:%M"),
        ("%Y-%m-%d %H:%M:%S", "serial"), ("%Y/%m/%d %H:%M", "%Y%m%d%H%M"),
    ))  # fmt: skip

    def at(t: datetime) -> str:
        form = one if rng.random() < 0.7 else other
        return f"{(t - datetime(1899, 12, 30)) / timedelta(days=1):.6f}" if form == "serial" else t.strftime(form)

    return _plain(rng, rows, at)


def amounts_apart(rng: Random) -> Input:
    rows = _log(rng)
    forms: tuple[Callable[[int], str], ...] = rng.sample((
        lambda n: f"€ {n}.200,00", lambda n: f"{n},200.00 USD", lambda n: f"CHF {n}'200.-", lambda n: f"{n} 200,00 zł",
        lambda n: f"£{n},200", lambda n: f"{n}.200 kr SEK", lambda n: f"JPY {n},200",
    ), 2)  # fmt: skip
    lines = [(c, s, t, forms[sum(map(ord, c)) % 2](1 + sum(map(ord, c)) % 9)) for c, s, t in rows]
    return Input("file.csv", csv((*rng.choice(HEADS), "Betrag"), lines, ";"), rows, amounts=True)


def amounts_beside(rng: Random) -> Input:
    rows = _log(rng)
    name = rng.choice(("Whg", "Währungscode", "Currency", "Devise", "CurrencyIsoCode", "Waluta"))
    pair = rng.sample(("EUR", "USD", "CHF", "GBP", "PLN"), 2)
    lines = [(c, s, t, 100 + sum(map(ord, c)) % 900, pair[sum(map(ord, c)) % 2]) for c, s, t in rows]
    return Input("file.csv", csv((*rng.choice(HEADS), "Amount", name), lines, ";"), rows, amounts=True)


def newest_on_top(rng: Random) -> Input:
    """Newest first, by case or all together; days only, or with minutes."""
    daily = rng.random() < 0.5
    rows = _log(rng, daily)
    lines = list(rows[::-1])
    if rng.random() < 0.5:
        lines = [row for own in by_case(rows).values() for row in own[::-1]]
    form = "%d.%m.%Y" if daily else "%d.%m.%Y %H:%M"
    data = csv(rng.choice(HEADS), [(c, s, t.strftime(form)) for c, s, t in lines], ";")
    return written("file.csv", data, rows, daily=daily)


def uneven_rows(rng: Random) -> Input:
    rows, sign = _log(rng), rng.choice(",;\t")
    lines = [sign.join((*rng.choice(HEADS), "Note", "Owner"))]
    for n, (c, s, t) in enumerate(rows):
        lines.append(sign.join((c, s, str(t), *("n", "kim")[: n % 3])) + sign * (n % 4 == 3))
    return written("file.csv", "\n".join(lines).encode(), rows)


def numbered_rows(rng: Random) -> Input:
    rows = _log(rng)
    name = rng.choice(("#", "Nr.", "lfd. Nr.", "Row", "EventID", "Pos", "ID", "Index", "Zeile", ""))
    lines = [(n, c, s, t) for n, (c, s, t) in enumerate(rows, rng.choice((0, 1, 50_000)))]
    return written("file.csv", csv((name, *rng.choice(HEADS)), lines, ";"), rows)


def far_moments(rng: Random) -> Input:
    rows = _log(rng)
    wrong = set(rng.sample(range(3, len(rows)), 2))
    odd = rng.choice((("1900-01-01 00:00", "9999-12-31 00:00"), ("0202-05-01 10:00", "2068-01-01 10:00"),
                      ("1970-01-01 00:00", "2215-03-04 09:00"), ("1899-12-30 00:00", "1899-12-30 00:00")))  # fmt: skip
    texts = iter(odd)
    lines = [(c, s, next(texts) if n in wrong else f"{t:%Y-%m-%d %H:%M}") for n, (c, s, t) in enumerate(rows)]
    kept = tuple(row for n, row in enumerate(rows) if n not in wrong)
    return written("file.csv", csv(rng.choice(HEADS), lines, ";"), kept)


MONTHS_FR = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip
MONTHS_IT = (
    "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre",
    "novembre", "dicembre",
)  # fmt: skip
MONTHS_PL = (
    "stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca", "sierpnia", "września", "października",
    "listopada", "grudnia",
)  # fmt: skip
FORMS: tuple[Callable[[datetime], str], ...] = (
    lambda t: t.strftime("%d%b%Y:%H:%M:%S").upper(), lambda t: t.strftime("%Y-%m-%d-%H.%M.%S.000000"),
    lambda t: t.strftime("%a, %d %b %Y %H:%M:%S +0000"), lambda t: t.strftime("%Y-%m-%d %H.%M"),
    lambda t: f"{t.day} {MONTHS_FR[t.month - 1]} {t.year} à {t.hour}h{t:%M}",
    lambda t: f"{t.day} {MONTHS_IT[t.month - 1]} {t.year}, {t:%H:%M}",
    lambda t: f"{t.day} {MONTHS_PL[t.month - 1]} {t.year} {t:%H:%M}",
    lambda t: t.strftime("%B %-d, %Y at %-I:%M %p"), lambda t: t.strftime("%d.%m.%y, %-H:%M Uhr"),
    lambda t: t.strftime("%d-%m-%YT%H:%M"), lambda t: t.strftime("%Y/%-m/%-d %-H:%M:%S"),
    lambda t: t.strftime("%d. %-m. %Y %H:%M"), lambda t: t.strftime("%-d-%b-%Y %-I:%M:%S %p"),
    lambda t: t.strftime("%Y%m%d %H:%M"), lambda t: t.strftime("%Y%m%dT%H%M"), lambda t: t.strftime("%b %d %Y %I:%M%p"),
    lambda t: t.strftime("%d/%m/%Y, %H:%M:%S"), lambda t: f"{t.timestamp():.3f}", lambda t: t.strftime("%G-W%V-%u"),
    lambda t: t.strftime("%Y-%j"), lambda t: t.strftime("%A %d %B %Y %H:%M"), lambda t: t.strftime("%H:%M %d.%m.%Y"),
    lambda t: t.strftime("%Y-%m-%d %H:%M:%S.000 +00:00"), lambda t: t.strftime("%Y-%m-%dT%H:%M:%S+0000"),
    lambda t: t.strftime("%d.%b.%Y %H:%M"), lambda t: t.strftime("%m/%d/%y %H:%M"),
    lambda t: f"/Date({int(t.replace(tzinfo=UTC).timestamp() * 1000)})/",
)  # fmt: skip


def forms_of_dates(rng: Random) -> Input:
    daily = False
    rows = _log(rng)
    form = rng.choice(FORMS)
    if form(rows[0][2]) == form(rows[0][2].replace(hour=23)):
        daily, rows = True, tuple((c, s, t.replace(hour=0, minute=0)) for c, s, t in rows)
    return written("file.csv", csv(rng.choice(HEADS), [(c, s, form(t)) for c, s, t in rows], ";"), rows, daily=daily)


def odd_figures(rng: Random) -> Input:
    rows = _log(rng)
    figures = rng.choice(("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९", "０１２３４５６７８９"))
    change: Callable[[str], str] = rng.choice((
        lambda text: text.translate(str.maketrans("0123456789", figures)), lambda text: text.replace("-", "\u2011"),
        lambda text: text.replace(" ", "\u2007"), lambda text: f"\u202a{text}\u202c",
        lambda text: text.replace(" ", "\u3000"), lambda text: text.replace(":", "\uff1a"),
    ))  # fmt: skip
    return _plain(rng, rows, lambda t: change(f"{t:%Y-%m-%d %H:%M}"))


CODED: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("iso-8859-2", ("Zgłoszono", "Sprawdzono części", "Wysłano paczkę", "Zakończono")),
    ("iso-8859-5", ("Заявка принята", "Проверка", "Согласование", "Исполнено")),
    ("iso-8859-7", ("Παραλαβή", "Έλεγχος", "Έγκριση", "Ολοκλήρωση")),
    ("cp1256", ("استلام الطلب", "مراجعة", "موافقة", "تم التسليم")),
    ("cp1255", ("התקבלה", "בבדיקה", "אושרה", "הושלמה")),
    ("gb18030", ("收到申请", "正在审核", "领导批准", "已经完成")),
    ("big5", ("收到申請", "正在審核", "主管批准", "已經完成")),
    ("euc-kr", ("접수 완료", "검토 중입니다", "승인 대기", "처리 완료")),
    ("shift_jis", ("受付しました", "確認しています", "承認しました", "完了しました")),
    ("iso-8859-9", ("Başvuru alındı", "İnceleniyor", "Onaylandı", "Teslim edildi")),
    ("cp1257", ("Gauta paraiška", "Tikrinama šiuo metu", "Patvirtinta", "Įvykdyta")),
    ("cp852", ("Zgłoszono", "Sprawdzono części", "Wysłano paczkę", "Zakończono")),
    ("cp866", ("Заявка принята", "Проверка", "Согласование", "Исполнено")),
    ("utf-16-be", ("Eingang", "Prüfung", "Übergabe", "Größe")),
    ("utf-8-sig", ("Eingang", "Prüfung", "Übergabe", "Maß")),
)  # fmt: skip


def codings(rng: Random) -> Input:
    coding, stages = rng.choice(CODED)
    rows = log(rng, stages, lambda n: f"A{n:05}")
    text = csv(rng.choice(HEADS[:4]), rows, ";").decode()
    return written("file.csv", text.encode(coding), rows)


def quotes(rng: Random) -> Input:
    rows, kind = _log(rng), rng.choice(("excel", "pipe", "cr", "newlines", "some", "inner"))
    head = (*rng.choice(HEADS), "Note")
    if kind == "excel":
        lines = [";".join(head), *(f'="{c}";{s};{t};' for c, s, t in rows)]
    elif kind == "pipe":
        lines = ["|".join(f"'{name}'" for name in head), *(f"'{c}'|'{s}'|'{t}'|'it''s'" for c, s, t in rows)]
    elif kind == "newlines":
        lines = [";".join(head), *(f'{c};{s};{t};"first line\nsecond; line"' for c, s, t in rows)]
    elif kind == "some":
        lines = [";".join(head), *(f'{c};"{s}";{t};' + ('"a;b"' if n % 3 else "") for n, (c, s, t) in enumerate(rows))]
    elif kind == "inner":
        lines = [";".join(head), *(f'{c};{s};{t};"12" pipe"' for c, s, t in rows)]
    else:
        lines = [";".join(head), *(f"{c};{s};{t};" for c, s, t in rows)]
    return written("file.csv", ("\r" if kind == "cr" else "\n").join(lines).encode(), rows)


def xes_ways(rng: Random) -> Input:
    rows = _log(rng)
    space = rng.choice(("", ' xmlns="http://www.xes-standard.org/" xes.version="2.0"'))
    kind = rng.choice(("globals", "lifecycle", "unordered", "nested"))
    traces = []
    for case, own in by_case(rows).items():
        order = own[::-1] if kind == "unordered" else own
        more = '<string key="lifecycle:transition" value="complete"/>' if kind == "lifecycle" else ""
        inner = '<list key="items"><values><int key="n" value="3"/></values></list>' if kind == "nested" else ""
        traces.append(
            f'<trace><string key="concept:name" value="{case}"/><int key="size" value="3"/>'
            + "".join(f'<event>{inner}<string key="concept:name" value="{s}"/>{more}'
                      f'<date key="time:timestamp" value="{t.isoformat()}.000+00:00"/></event>' for _, s, t in order)
            + "</trace>"
        )  # fmt: skip
    extra = '<global scope="event"><string key="concept:name" value="x"/></global>' if kind == "globals" else ""
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<log{space}>{extra}{"".join(traces)}</log>'
    return written("log.xes", text.encode(), rows)


def json_ways(rng: Random) -> Input:
    rows = _log(rng)
    names = rng.choice(HEADS)
    items = [dict(zip(names, (c, s, f"{t.isoformat()}Z"), strict=True)) for c, s, t in rows]
    table = [[c, s, f"{t.isoformat()}Z"] for c, s, t in rows]
    history = [{"id": c, "customer": "x", "history": [{"status": s, "at": f"{t.isoformat()}Z"} for _, s, t in own]}
               for c, own in by_case(rows).items()]  # fmt: skip
    found: object = rng.choice((
        {"columns": list(names), "index": list(range(len(table))), "data": table}, [list(names), *table],
        {name: [row[k] for row in table] for k, name in enumerate(names)}, {"cases": history}, history,
        {"took": 3, "hits": {"total": 9, "hits": [{"_id": f"x{n}", "_source": i} for n, i in enumerate(items)]}},
        {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": i} for i in items]},
        {c: [{"status": s, "at": f"{t.isoformat()}Z"} for _, s, t in own] for c, own in by_case(rows).items()},
        {"value": items, "@odata.context": "x"}, {"d": {"results": items}},
    ))  # fmt: skip
    text = json.dumps(found, indent=rng.choice((None, 2)))
    return written("file.json", (rng.choice(("", "\ufeff")) + text).encode(), rows)


def workbooks(rng: Random) -> Input:
    rows, kind = _log(rng), rng.choice(("1904", "row five", "errors", "hidden", "text dates", "two tables", "formula"))
    book, out = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    if kind == "1904":
        book.epoch = CALENDAR_MAC_1904
    if kind == "hidden":
        hidden = book.create_sheet("Settings")
        hidden.sheet_state = "hidden"
        for n in range(3 * len(rows)):
            hidden.append([f"key {n}", n, "value", n * 2])
    if kind == "row five":
        for text in ("Company Ltd", "Printed 1 June 2025", None, "Filter: all"):
            sheet.append([text])
    head = [*rng.choice(HEADS), "Check"]
    sheet.append([*head, None, "Stage", "Count"] if kind == "two tables" else head)
    for n, (c, s, t) in enumerate(rows):
        when: object = f"{t:%d.%m.%Y %H:%M}" if kind == "text dates" else t
        more: list[object] = [None]
        if kind == "errors":
            more = ["#N/A" if n % 2 else "#DIV/0!"]
        if kind == "formula":
            more = [f"=LEN(A{n + 2})"]
        if kind == "two tables" and n < 4:
            more = [None, None, s, n]
        sheet.append([c, s, when, *more])
    book.save(out)
    return written("file.xlsx", out.getvalue(), rows)


def counts_by_week(rng: Random) -> Input:
    """Columns of weeks, with totals at the side and below."""
    stages = rng.choice(STAGES)
    weeks = [datetime(2025, 1, 6) + timedelta(weeks=n) for n in range(rng.randrange(12, 24))]
    found = {(s, w): rng.randrange(5, 90) for s in stages for w in weeks}
    label = rng.choice(("KW {1}/{0}", "{0}-W{1:02}", "W{1} {0}"))
    names = [label.format(*week.isocalendar()) for week in weeks]
    total = rng.choice(("Summe", "Total", "Gesamt", ""))
    lines = [(s, *(found[s, w] for w in weeks), *([sum(found[s, w] for w in weeks)] if total else [])) for s in stages]
    if total:
        lines.append((total, *(sum(found[s, w] for s in stages) for w in weeks), sum(found.values())))
    head = (rng.choice(("Station", "Stage", "Schritt")), *names, *([total] if total else []))
    counts = tuple((s, f"{w:%Y-%m-%d}", float(n)) for (s, w), n in found.items())
    return Input("kpi.csv", csv(head, lines, ";"), counts=counts)


def counts_in_and_out(rng: Random) -> Input:
    stages = rng.choice(STAGES)
    days = [datetime(2025, 3, 3) + timedelta(days=n) for n in range(40)]
    found = {(s, d): (rng.randrange(3, 40), rng.randrange(3, 40)) for s in stages for d in days}
    names = rng.choice((("Datum", "Station", "Zugang", "Abgang", "Bestand"), ("Day", "Stage", "In", "Out", "WIP"),
                        ("Jour", "Étape", "Entrées", "Sorties", "En cours")))  # fmt: skip
    lines = [(f"{d:%d.%m.%Y}", s, *found[s, d], 20) for d in days for s in stages]
    counts = tuple((s, f"{d:%Y-%m-%d}", float(n)) for (s, d), (n, _) in found.items())
    return Input("kpi.csv", csv(names, lines, ";"), counts=counts)


KINDS: dict[str, Callable[[Random], Input]] = {
    kind.__name__: kind
    for kind in (
        several_constant_dates, repeated_rows, inner_blanks, mixed_forms, amounts_apart, amounts_beside, newest_on_top,
        uneven_rows, numbered_rows, far_moments, forms_of_dates, odd_figures, codings, quotes, xes_ways, json_ways,
        workbooks, counts_by_week, counts_in_and_out,
    )
}  # fmt: skip
