"""Exports of town halls, hospitals, insurers and personnel offices, in the languages they work in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from tests.kit.exports.making import GERMAN, PEOPLE, WARDS, csv, leaving, log, written
from tests.kit.reading_inputs import Input


def personio(rng: Random) -> Input:
    rows = log(rng, ("Eingang", "Telefoninterview", "Vor-Ort-Gespräch", "Angebot"), lambda n: str(88_000 + n))
    names = ("Bewerbungs-ID", "Stelle", "Phase", "Phasenwechsel am", "Recruiter", "Kanal")
    lines = [(c, rng.choice(("Buchhalter (m/w/d)", "Entwickler (m/w/d)")), s, GERMAN(at), rng.choice(PEOPLE),
              rng.choice(("StepStone", "Website", "Empfehlung"))) for c, s, at in rows]  # fmt: skip
    return written("personio.csv", csv(names, lines, ";"), rows)


def polish_office(rng: Random) -> Input:
    rows = log(rng, ("Rejestracja", "Weryfikacja formalna", "Decyzja", "Archiwum"), lambda n: f"OR.5210.{n}.2025")
    names = rng.choice((("Numer sprawy", "Etap", "Data zmiany", "Referent"),
                        ("Znak sprawy", "Status sprawy", "Data zdarzenia", "Prowadzący")))  # fmt: skip
    lines = [(c, s, at.strftime("%d.%m.%Y %H:%M"), rng.choice(PEOPLE)) for c, s, at in rows]
    return written("sprawy.csv", csv(names, lines, ";"), rows)


def ward_transfers(rng: Random) -> Input:
    rows = log(rng, WARDS, lambda n: str(70_001_000 + n))
    names = rng.choice((("Fallnummer", "Patient", "Station", "Zugang", "Abgang", "Bett"),
                        ("Fall-Nr.", "PatID", "Fachabteilung", "Beginn", "Ende", "Zimmer"),
                        ("N° séjour", "IPP", "Unité", "Date entrée", "Date sortie", "Lit")))  # fmt: skip
    stays = leaving(rows, rng)
    lines = [(c, f"P{int(c) % 500}", s, GERMAN(a), GERMAN(b), rng.randrange(1, 60)) for c, s, a, b in stays]
    return written("verlegungen.csv", csv(names, lines, ";"), [(c, s, b) for c, s, _, b in stays])


def emergency_room(rng: Random) -> Input:
    rows = log(rng, ("Arrival", "Triage", "Seen by doctor", "Discharge"), lambda n: f"V{90_000 + n}")
    names = ("VisitID", "MRN", "EventName", "EventDateTime", "Location", "Age")
    lines = [(c, int(c[1:]) * 7 % 4000, s, at.strftime("%m/%d/%Y %H:%M"), rng.choice(("ED1", "ED2")), int(c[1:]) % 90)
             for c, s, at in rows]  # fmt: skip
    return written("visits.csv", csv(names, lines), rows)


def permits_wide(rng: Random) -> Input:
    """One row per permit with the dates of what happened to it."""
    names, stages = rng.choice((
        (("Aktenzeichen", "Vorhaben", "Eingegangen am", "Vollständig am", "Geprüft am", "Genehmigt am", "Bezirk"),
         ("Eingegangen", "Vollständig", "Geprüft", "Genehmigt")),
        (("Permit Number", "Description", "Filed Date", "Reviewed Date", "Issued Date", "Completed Date", "District"),
         ("Filed", "Reviewed", "Issued", "Completed")),
        (("N° de dossier", "Objet", "Déposé le", "Instruit le", "Accordé le", "Notifié le", "Commune"),
         ("Déposé", "Instruit", "Accordé", "Notifié")),
    ))  # fmt: skip
    rows, lines, begin = [], [], datetime(2024, 3, 4)
    for n in range(rng.randrange(40, 80)):
        at, cells = begin + timedelta(days=n * rng.randrange(1, 4)), []
        for stage in stages[: rng.choice((2, 3, 4, 4, 4))]:
            rows.append((f"BA-{n + 100}/24", stage, at))
            cells.append(f"{at:%d.%m.%Y}" if names[0] != "Permit Number" else f"{at:%m/%d/%Y}")
            at += timedelta(days=rng.randrange(3, 60))
        lines.append((f"BA-{n + 100}/24", rng.choice(("Dachausbau", "Garage, neu", "Carport")),
                      *cells, *[""] * (4 - len(cells)), rng.choice(("Nord", "Süd"))))  # fmt: skip
    return written("bauantraege.csv", csv(names, lines, ";"), rows, daily=True)


def insurance_claims(rng: Random) -> Input:
    rows = log(rng, ("Déclaration", "Expertise", "Règlement", "Clôture"), lambda n: f"SIN{n:06}")
    names = ("Réf. sinistre", "Étape", "Début", "Fin", "Gestionnaire", "Montant")
    stays = leaving(rows, rng)
    lines = [(c, s, a.strftime("%d/%m/%Y %H:%M"), b.strftime("%d/%m/%Y %H:%M"), rng.choice(PEOPLE), f"{int(c[-3:])} €")
             for c, s, a, b in stays]  # fmt: skip
    return written("sinistres.csv", csv(names, lines, ";"), [(c, s, b) for c, s, _, b in stays])


def call_queue(rng: Random) -> Input:
    rows = log(rng, ("IVR", "Queue Sales", "Agent", "Wrap-up"), lambda n: f"{n:08x}-call")
    names = ("CallGUID", "Segment", "SegmentStart", "SegmentStop", "Duration", "AgentID", "ANI")
    stays = leaving(rows, rng)
    lines = [(c, s, f"{a:%Y-%m-%d %H:%M:%S.000}", f"{b:%Y-%m-%d %H:%M:%S.000}", int((b - a).total_seconds()),
              rng.randrange(200, 230), f"+4917{int(c[:8], 16)}") for c, s, a, b in stays]  # fmt: skip
    return written("calls.csv", csv(names, lines), [(c, s, b) for c, s, _, b in stays])


def arabic(rng: Random) -> Input:
    rows = log(rng, ("جديد", "قيد المراجعة", "موافقة", "مكتمل"), lambda n: f"{1000 + n}")
    names = rng.choice(
        (("رقم الطلب", "الحالة", "تاريخ التغيير", "المسؤول"), ("رقم المعاملة", "المرحلة", "التاريخ", "الموظف"))
    )
    lines = [(c, s, at.strftime("%Y-%m-%d %H:%M"), rng.choice(PEOPLE)) for c, s, at in rows]
    return written("طلبات.csv", csv(names, lines, rng.choice(",;")), rows)


def japanese(rng: Random) -> Input:
    rows = log(rng, ("受付", "審査", "承認", "完了"), lambda n: f"A{1000 + n}")
    names = ("申請番号", "ステータス", "更新日時", "担当者")
    lines = [(c, s, at.strftime("%Y/%m/%d %H:%M"), rng.choice(PEOPLE)) for c, s, at in rows]
    return written("申請.csv", csv(names, lines), rows)


def turkish(rng: Random) -> Input:
    rows = log(rng, ("Alındı", "İnceleniyor", "Onaylandı", "Teslim edildi"), lambda n: f"TR{1000 + n}")
    names = ("Sipariş No", "Durum", "Değişiklik Tarihi", "Sorumlu")
    lines = [(c, s, at.strftime("%d.%m.%Y %H:%M"), rng.choice(PEOPLE)) for c, s, at in rows]
    return written("siparis.csv", csv(names, lines, ";"), rows)


def czech(rng: Random) -> Input:
    rows = log(rng, ("Přijato", "Ověření", "Schváleno", "Vyřízeno"), lambda n: f"CZ-{n}")
    names = ("Číslo žádosti", "Stav", "Datum změny", "Zpracovatel")
    lines = [(c, s, at.strftime("%-d. %-m. %Y %-H:%M"), rng.choice(PEOPLE)) for c, s, at in rows]
    return written("zadosti.csv", csv(names, lines, ";"), rows)


KINDS: tuple[Callable[[Random], Input], ...] = (
    personio,
    polish_office,
    ward_transfers,
    emergency_room,
    permits_wide,
    insurance_claims,
    call_queue,
    arabic,
    japanese,
    turkish,
    czech,
)
