"""Tables that people keep by hand, tables of figures, and offices of many tongues."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

import openpyxl

from tests.kit.exports.making import PEOPLE, TICKETS_DE, by_case, csv, leaving, log, written
from tests.kit.reading_inputs import Input, Row

TONGUES: tuple[tuple[tuple[str, ...], tuple[str, ...], str], ...] = (
    (("Ärendenummer", "Händelse", "Tidpunkt", "Handläggare"), ("Inkommen", "Granskning", "Beslut", "Avslutat"),
     "%Y-%m-%d %H:%M"),
    (("Sagsnummer", "Trin", "Dato", "Sagsbehandler"), ("Modtaget", "Vurdering", "Afgørelse", "Lukket"),
     "%d-%m-%Y %H:%M"),
    (("Saksnummer", "Status", "Endret dato", "Saksbehandler"), ("Mottatt", "Under behandling", "Vedtak", "Avsluttet"),
     "%d.%m.%Y %H:%M"),
    (("Tapausnumero", "Vaihe", "Päivämäärä", "Käsittelijä"), ("Vastaanotettu", "Käsittelyssä", "Päätös", "Valmis"),
     "%d.%m.%Y %H:%M"),
    (("Ügyszám", "Állapot", "Módosítás dátuma", "Ügyintéző"), ("Beérkezett", "Vizsgálat", "Döntés", "Lezárva"),
     "%Y.%m.%d %H:%M"),
    (("Nr. dosar", "Etapa", "Data modificării", "Responsabil"), ("Înregistrat", "Verificare", "Aprobare", "Finalizat"),
     "%d.%m.%Y %H:%M"),
    (("Αριθμός αίτησης", "Στάδιο", "Ημερομηνία", "Υπάλληλος"), ("Παραλαβή", "Έλεγχος", "Έγκριση", "Ολοκλήρωση"),
     "%d/%m/%Y %H:%M"),
    (("Номер заказа", "Статус", "Дата изменения", "Пользователь"), ("Принят", "Проверка", "Сборка", "Отгружен"),
     "%d.%m.%Y %H:%M"),
    (("Номер заявки", "Стан", "Дата зміни", "Виконавець"), ("Нова", "Перевірка", "Погодження", "Виконано"),
     "%d.%m.%Y %H:%M"),
    (("신청번호", "상태", "변경일시", "담당자"), ("접수", "검토", "승인", "완료"), "%Y-%m-%d %H:%M"),
    (("申请编号", "状态", "变更时间", "处理人"), ("已提交", "审核中", "已批准", "已完成"), "%Y/%m/%d %H:%M"),
    (("מספר בקשה", "סטטוס", "תאריך שינוי", "מטפל"), ("התקבלה", "בבדיקה", "אושרה", "הושלמה"), "%d/%m/%Y %H:%M"),
    (("Nº do processo", "Etapa", "Data de entrada", "Responsável"), ("Recebido", "Análise", "Parecer", "Arquivado"),
     "%d/%m/%Y %H:%M"),
    (("Číslo jednací", "Krok", "Datum a čas", "Zpracoval"), ("Přijato", "Posouzení", "Rozhodnutí", "Spis uzavřen"),
     "%d.%m.%Y %H:%M"),
    (("Broj predmeta", "Faza", "Datum promjene", "Referent"), ("Zaprimljeno", "Provjera", "Odluka", "Zatvoreno"),
     "%d.%m.%Y. %H:%M"),
)  # fmt: skip
SPANS: tuple[tuple[tuple[str, ...], tuple[str, ...], str], ...] = (
    (("Nº expediente", "Trámite", "Fecha de inicio", "Fecha de fin", "Unidad tramitadora"),
     ("Registro", "Instrucción", "Resolución", "Notificación"), "%d/%m/%Y %H:%M"),
    (("Zaaknummer", "Fase", "Startdatum", "Einddatum", "Behandelaar"),
     ("Intake", "Onderzoek", "Besluit", "Afhandeling"), "%d-%m-%Y %H:%M"),
    (("Numero pratica", "Fase", "Data inizio", "Data fine", "Operatore"),
     ("Protocollo", "Istruttoria", "Parere", "Rilascio"), "%d/%m/%Y %H:%M"),
    (("Numer zlecenia", "Etap", "Rozpoczęcie", "Zakończenie", "Operator"),
     ("Przyjęcie", "Cięcie", "Spawanie", "Kontrola"), "%d.%m.%Y %H:%M"),
    (("Nº pedido", "Atividade", "Início", "Fim", "Usuário"), ("Registro", "Separação", "Embalagem", "Expedição"),
     "%d/%m/%Y %H:%M"),
    (("Dossier", "Tâche", "Date de début", "Date de fin", "Agent"), ("Saisie", "Contrôle", "Visa", "Envoi"),
     "%d/%m/%Y %Hh%M"),
)  # fmt: skip


def tongues(rng: Random) -> Input:
    names, stages, form = rng.choice(TONGUES)
    rows = log(rng, stages, rng.choice((lambda n: f"{n}/2025", lambda n: f"A{n:05}")))
    lines = [(c, s, t.strftime(form), rng.choice(PEOPLE)) for c, s, t in rows]
    return written("export.csv", csv(names, lines, rng.choice(";\t")), rows)


def tongues_with_spans(rng: Random) -> Input:
    names, stages, form = rng.choice(SPANS)
    rows = log(rng, stages, lambda n: f"{n}/25")
    stays = leaving(rows, rng)
    lines = [(c, s, a.strftime(form), b.strftime(form), rng.choice(PEOPLE)) for c, s, a, b in stays]
    return written("export.csv", csv(names, lines, ";"), [(c, s, b) for c, s, _, b in stays])


def parcels_elsewhere(rng: Random) -> Input:
    names, stages, day, clock = rng.choice((
        (("Numer przesyłki", "Data", "Godzina", "Zdarzenie", "Placówka"),
         ("Nadana", "W sortowni", "W doręczeniu", "Doręczona"), "%d.%m.%Y", "%H:%M"),
        (("Container No", "Event Date", "Event Time", "Move", "Location"),
         ("Gate in", "Loaded", "Discharged", "Gate out"), "%m/%d/%Y", "%I:%M %p"),
        (("N° de suivi", "Date", "Heure", "Événement", "Agence"),
         ("Pris en charge", "En transit", "En livraison", "Livré"), "%d/%m/%Y", "%H:%M:%S"),
    ))  # fmt: skip
    rows = log(rng, stages, lambda n: f"MSKU{1_000_000 + n}")
    lines = [(c, t.strftime(day), t.strftime(clock), s, rng.choice(("Gdynia", "Lyon", "Hull"))) for c, s, t in rows]
    return written("tracking.csv", csv(names, lines, ";"), rows)


def _saved(sheet_rows: list[list[object]]) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in sheet_rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def list_of_offers(rng: Random) -> Input:
    """A row per customer with the days of what was done, and words where there is none."""
    stages = ("Angefragt", "Angebot raus", "Nachgefasst", "Auftrag")
    rows, lines, begin = list[Row](), list[list[object]](), datetime(2025, 1, 7)
    for n in range(rng.randrange(30, 60)):
        at, cells = begin + timedelta(days=n), list[object]()
        for stage in stages[: rng.choice((1, 2, 3, 4, 4, 4))]:
            rows.append((f"Kunde {n + 1:03}", stage, at))
            cells.append(f"{at:%d.%m.%y}" if rng.random() < 0.3 else f"{at.day}.{at.month}.{at.year}")
            at += timedelta(days=rng.randrange(2, 25))
        cells += ["offen" if rng.random() < 0.1 else "-" for _ in range(4 - len(cells))]
        lines.append([f"Kunde {n + 1:03}", *cells, rng.choice(("", "ruft zurück", "Rabatt?"))])
    return written("angebote.csv", csv(("Kunde", *stages, "Bemerkung"), lines, ";"), rows, daily=True)


def months_between(rng: Random) -> Input:
    """Lines with the name of the month between the rows."""
    rows = log(rng, TICKETS_DE, lambda n: f"T{n:04}")
    lines, month = list[list[object]](), ""
    for c, s, t in rows:
        if f"{t:%m.%Y}" != month:
            month = f"{t:%m.%Y}"
            lines.append([f"Monat {month}", None, None, None])
        lines.append([c, s, t, rng.choice(PEOPLE)])
    return written("liste.xlsx", _saved([["Ticket", "Status", "Geändert am", "Wer"], *lines]), rows)


def two_headers(rng: Random) -> Input:
    """A line of groups above the header, as under merged cells."""
    rows = log(rng, TICKETS_DE, lambda n: f"T{n:04}")
    above = rng.choice((["Vorgang", None, "Verlauf", None], ["Stammdaten", None, None, "Bearbeitung"]))
    lines: list[list[object]] = [[c, s, t, rng.choice(PEOPLE)] for c, s, t in rows]
    return written("liste.xlsx", _saved([above, ["Nr.", "Status", "Geändert am", "Wer"], *lines]), rows)


def legend_below(rng: Random) -> Input:
    rows = log(rng, TICKETS_DE, lambda n: f"T{n:04}")
    below: list[list[object]] = [
        [],
        ["Legende:"],
        ["rot", "überfällig"],
        ["grün", "im Plan"],
        [None, None, "Stand: Juni"],
    ]
    lines: list[list[object]] = [["Nr.", "Status", "Geändert am"], *([c, s, t] for c, s, t in rows)]
    return written("liste.xlsx", _saved([*lines, *below]), rows)


def form_answers(rng: Random) -> Input:
    rows = log(rng, ("Gemeldet", "In Prüfung", "In Arbeit", "Erledigt"), lambda n: f"{n}")
    lines = [(f"{t:%-m/%-d/%Y %-H:%M:%S}", f"{rng.choice(PEOPLE).split()[0]}@example.org", c, s) for c, s, t in rows]
    names = ("Timestamp", "Email Address", "Request number", "New status")
    return written("Form Responses 1.csv", csv(names, lines), rows)


def printed_page(rng: Random) -> Input:
    """A page of a program, saved with the ending of a workbook: a title across, a row of sums."""
    rows = log(rng, TICKETS_DE, lambda n: f"T{n:04}")
    body = "".join(f"<tr><td>{c}</td><td>{s}</td><td>{t:%d.%m.%Y %H:%M}</td></tr>" for c, s, t in rows)
    head = "<tr><td colspan=3><b>Auswertung Tickets</b></td></tr><tr><td>Ticket</td><td>Status</td><td>Geändert am</td>"
    below = f"<tr><td colspan=2>Summe</td><td>{len(rows)}</td></tr>" if rng.random() < 0.5 else ""
    text = f"<html><body><table><tr><td>Menü</td></tr></table><table border=1>{head}</tr>{body}{below}</table></body>"
    return written("Auswertung.xls", text.encode("cp1252"), rows)


def _weeks(rng: Random) -> list[datetime]:
    return [datetime(2025, 1, 6) + timedelta(weeks=n) for n in range(rng.randrange(14, 26))]


def _counted(found: dict[tuple[str, datetime], int]) -> tuple[tuple[str, str, float], ...]:
    return tuple((s, f"{w:%Y-%m-%d}", float(n)) for (s, w), n in found.items())


def figures_with_ratios(rng: Random) -> Input:
    """Counts of stages with shares and money beside them, which are no stages."""
    stages, weeks = ("Anfragen", "Angebote", "Aufträge"), _weeks(rng)
    found = {(s, w): rng.randrange(5, 90) for w in weeks for s in stages}
    lines = [(f"{w:%d.%m.%Y}", *(found[s, w] for s in stages), f"{rng.randrange(20, 60)} %",
              f"{rng.randrange(9, 99)}.{rng.randrange(100, 999)},00 €") for w in weeks]  # fmt: skip
    return Input("kpi.csv", csv(("Woche", *stages, "Quote", "Umsatz"), lines, ";"), counts=_counted(found))


def long_figures(rng: Random) -> Input:
    stages, weeks = ("Anfragen", "Angebote", "Aufträge"), _weeks(rng)
    found = {(s, w): rng.randrange(5, 90) for w in weeks for s in stages}
    names = rng.choice((("Datum", "Kennzahl", "Wert"), ("Week", "Metric", "Value"), ("Semaine", "Étape", "Nombre")))
    lines = [(f"{w:%Y-%m-%d}", s, found[s, w]) for w in weeks for s in stages]
    return Input("kpi.csv", csv(names, lines, ";"), counts=_counted(found))


def call_intervals(rng: Random) -> Input:
    queues, begin = ("Sales", "Support", "Billing"), datetime(2025, 3, 3, 8)
    found = {(q, begin + timedelta(minutes=30 * n)): rng.randrange(5, 60) for n in range(60) for q in queues}
    lines = [(f"{t:%Y-%m-%d %H:%M}", q, n, n - 2, 2) for (q, t), n in found.items()]
    names = ("Interval Start", "Queue", "Offered", "Handled", "Abandoned")
    return Input("intervals.csv", csv(names, lines), counts=_counted(found))


def months_across(rng: Random) -> Input:
    stages, found = rng.choice((("Eingang", "Prüfung", "Versand"), ("Intake", "Review", "Dispatch"))), {}
    months = [datetime(2024 + n // 12, n % 12 + 1, 1) for n in range(rng.randrange(12, 18))]
    label = rng.choice(("%b %y", "%Y-%m", "%m/%Y", "%b-%Y"))
    found = {(s, m): rng.randrange(5, 900) for s in stages for m in months}
    lines = [(s, *(found[s, m] for m in months)) for s in stages]
    return Input(
        "kpi.csv", csv(("Abteilung", *(m.strftime(label) for m in months)), lines, ";"), counts=_counted(found)
    )


def shifts(rng: Random) -> Input:
    """Two lines a day, one for each shift: the day has their sum, or somebody is asked."""
    stages, days = ("Sägen", "Fräsen", "Montage"), [datetime(2025, 3, 3) + timedelta(days=n) for n in range(40)]
    lines, found = [], dict[tuple[str, datetime], int]()
    for day in days:
        for shift in ("Früh", "Spät"):
            made = [rng.randrange(5, 60) for _ in stages]
            lines.append((f"{day:%d.%m.%Y}", shift, *made))
            for stage, n in zip(stages, made, strict=True):
                found[stage, day] = found.get((stage, day), 0) + n
    return Input("schichten.csv", csv(("Datum", "Schicht", *stages), lines, ";"), counts=_counted(found))


def snapshot_per_month(rng: Random) -> Input:
    """The open deals at the ends of months, one below the other: where each was, as far as that can be known."""
    rows = log(rng, ("Kontakt", "Angebot", "Verhandlung", "Gewonnen"), lambda n: f"D-{n}", daily=True)
    lines, truth = [], list[Row]()
    ends = [datetime(2024 + k // 12, k % 12 + 1, 1) for k in range(30)]
    for c, own in by_case(rows).items():
        before = ""
        for day in ends:
            at = [s for _, s, t in own if t <= day]
            if not at or (own[-1][1] == "Gewonnen" and before == "Gewonnen"):
                continue
            lines.append((day, c, at[-1]))
            if at[-1] != before:
                truth.append((c, at[-1], day))
            before = at[-1]
    lines.sort(key=lambda line: line[0])
    text = csv(("Monat", "Deal", "Phase"), [(f"{d:%d.%m.%Y}", c, s) for d, c, s in lines], ";")
    return written("pipeline.csv", text, truth, daily=True)


def whole_ids(rng: Random) -> Input:
    """Ids that went through a table of numbers: each ends with a zero behind a point."""
    rows = log(rng, TICKETS_DE, lambda n: f"{1000 + n}.0")
    return written("frame.csv", csv(("order_id", "status", "changed_at"), rows), rows)


def shortened_ids(rng: Random) -> Input:
    """Long ids that a spreadsheet has shortened: nobody can know which case a row is of."""
    rows = log(rng, TICKETS_DE, lambda n: f"{1_234_560_000_000 + n}")
    lines = [(f"{int(c) / 1e12:.5f}E+12".replace(".", ","), s, f"{t:%d.%m.%Y %H:%M}") for c, s, t in rows]
    return written("auftraege.csv", csv(("Auftragsnr", "Status", "Datum"), lines, ";"), ())


def one_stage(rng: Random) -> Input:
    """What comes, goes and waits at one place, whose name is that of the file."""
    names = rng.choice((("Semaine", "Entrées", "Sorties", "Stock"), ("Woche", "Eingang", "Ausgang", "Bestand"),
                        ("Week", "In", "Out", "WIP")))  # fmt: skip
    found = {("Werkstatt", week): rng.randrange(5, 60) for week in _weeks(rng)}
    lines = [(f"{w:%d.%m.%Y}", n, rng.randrange(5, 60), 20) for (_, w), n in found.items()]
    return Input("Werkstatt.csv", csv(names, lines, ";"), counts=_counted(found))


def zones_by_name(rng: Random) -> Input:
    """Local times with the name of the zone, in summer and in winter."""
    rows = log(rng, TICKETS_DE, lambda n: f"A{n}")

    def at(t: datetime) -> str:
        summer = 4 <= t.month <= 9
        return f"{t + timedelta(hours=1 + summer):%Y-%m-%d %H:%M:%S} {'CEST' if summer else 'CET'}"

    return written("log.csv", csv(("Order", "Status", "Changed at"), [(c, s, at(t)) for c, s, t in rows]), rows)


KINDS: tuple[Callable[[Random], Input], ...] = (
    tongues, tongues_with_spans, parcels_elsewhere, list_of_offers, months_between, two_headers, legend_below,
    form_answers, printed_page, figures_with_ratios, long_figures, call_intervals, months_across, shifts,
    snapshot_per_month, whole_ids, shortened_ids, one_stage, zones_by_name,
)  # fmt: skip
