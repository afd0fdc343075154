"""Exports of sales, purchase, accounts, plants and carriers."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from tests.kit.exports.making import (
    GERMAN,
    ISO,
    PEOPLE,
    SALES,
    SALES_DE,
    ZULU,
    by_case,
    changes,
    csv,
    leaving,
    log,
    written,
)
from tests.kit.reading_inputs import Input


def sap_changes(rng: Random) -> Input:
    rows = log(rng, ("Angelegt", "Freigegeben", "Geliefert", "Fakturiert"), lambda n: f"{4500000000 + n:010}")
    names = ("OBJECTCLAS", "OBJECTID", "CHANGENR", "USERNAME", "UDATE", "UTIME", "TCODE", "FNAME", "VALUE_OLD",
             "VALUE_NEW")  # fmt: skip
    field = {"status": "STATU", "assignee": "EKGRP", "priority": "PRIOK", "description": "TXZ01", "labels": "MATKL"}
    day, clock = rng.choice((("%d.%m.%Y", "%H:%M:%S"), ("%Y%m%d", "%H%M%S"), ("%Y-%m-%d", "%H:%M:%S")))
    lines = [("EINKBELEG", c, f"{700_000 + n:010}", rng.choice(PEOPLE).upper(), at.strftime(day), at.strftime(clock),
              "ME22N", field[f], old, new) for n, (c, f, old, new, at) in enumerate(changes(rng, rows))]  # fmt: skip
    return written("cdpos.csv", csv(names, lines, ";"), rows)


def sap_status(rng: Random) -> Input:
    rows = log(rng, ("Eröffnet", "Freigegeben", "Rückgemeldet", "Technisch abgeschlossen"), lambda n: f"{1000000 + n}")
    names = ("Auftrag", "Status", "Datum", "Uhrzeit", "Benutzer", "Werk")
    lines = [(c, s, at.strftime("%d.%m.%Y"), at.strftime("%H:%M:%S"), rng.choice(PEOPLE), 1000) for c, s, at in rows]
    return written("JCDS.csv", csv(names, lines, rng.choice(";\t")), rows)


def salesforce_history(rng: Random) -> Input:
    rows = log(rng, ("Prospecting", "Proposal", "Negotiation", "Closed Won"), lambda n: f"006Kj00000{n:05}IAX")
    names = ("Id", "OpportunityId", "CreatedById", "CreatedDate", "StageName", "Amount", "ExpectedRevenue", "CloseDate",
             "Probability", "ForecastCategory", "IsDeleted", "SystemModstamp")  # fmt: skip
    lines = [(f"008Kj0000{n:06}QAA", c, "005Kj000001", ZULU(at), s, 1000 + n % 40 * 250, 500,
              f"{at + timedelta(days=40):%Y-%m-%d}", 10 * (n % 10), "Pipeline", "false", ZULU(at))
             for n, (c, s, at) in enumerate(rows)]  # fmt: skip
    return written("OpportunityHistory.csv", csv(names, lines), rows)


def salesforce_fields(rng: Random) -> Input:
    rows = log(rng, ("Prospecting", "Proposal", "Negotiation", "Closed Won"), lambda n: f"006Kj00000{n:05}IAX")
    names = ("Opportunity ID", "Opportunity Name", "Field / Event", "Old Value", "New Value", "Edited By", "Edit Date")
    known = {"status": "Stage", "assignee": "Owner", "priority": "Type", "description": "Next Step", "labels": "Region"}
    lines = [(c, f"Deal {c[-8:-3]}", known[f], old, new, rng.choice(PEOPLE), at.strftime("%m/%d/%Y %-I:%M %p"))
             for c, f, old, new, at in changes(rng, rows)]  # fmt: skip
    return written("report.csv", csv(names, lines), rows)


def hubspot_wide(rng: Random) -> Input:
    """One row per deal, with the date of entering each stage."""
    stages = rng.choice((SALES, SALES_DE))
    begin, rows, lines = datetime(2025, 1, 6, 9), [], []
    head = ('Date entered "{}"', "Date entered '{} (Sales Pipeline)'", "{} - entered on") if stages is SALES else (
        "Datum des Eintritts in „{}“", "Eingetreten in {} am")  # fmt: skip
    form = rng.choice(head)
    names = ("Record ID", "Deal Name", "Amount", *(form.format(s) for s in stages), "Deal owner")
    for n in range(rng.randrange(30, 70)):
        at = begin + timedelta(hours=n * rng.randrange(9, 30))
        dates = []
        for stage in stages[: rng.choice((1, 2, 3, 4, 4, 4))]:
            rows.append((str(9_000_000 + n), stage, at))
            dates.append(at)
            at += timedelta(hours=rng.randrange(20, 200))
        cells = [at.strftime("%Y-%m-%d %H:%M") for at in dates] + [""] * (len(stages) - len(dates))
        lines.append((9_000_000 + n, f"Deal {n}", rng.randrange(1, 90) * 100, *cells, rng.choice(PEOPLE)))
    return written("deals.csv", csv(names, lines), rows)


def pipedrive_flow(rng: Random) -> Input:
    rows = log(rng, ("Qualified", "Demo", "Proposal", "Won"), lambda n: str(500 + n))
    items = [{"object": "dealChange", "timestamp": ISO(at), "data": {
        "id": 70_000 + n, "item_id": int(c), "user_id": n % 7, "field_key": "stage_id" if f == "status" else f,
        "old_value": old or None, "new_value": new, "log_time": ISO(at)}}
        for n, (c, f, old, new, at) in enumerate(changes(rng, rows))]  # fmt: skip
    return written("flow.json", json.dumps({"success": True, "data": items}).encode(), rows)


def odoo_tracking(rng: Random) -> Input:
    rows = log(rng, ("Quotation", "Quotation Sent", "Sales Order", "Delivered"), lambda n: f"S{n:05}")
    names = ("Related Document", "Field", "Old Value Char", "New Value Char", "Date")
    lines = [(c, f.title(), old, new, ISO(at)) for c, f, old, new, at in changes(rng, rows)]
    return written("mail.tracking.value.csv", csv(names, lines, rng.choice(",;")), rows)


def datev_bookings(rng: Random) -> Input:
    """A stack of bookings: no process."""
    names = ("Umsatz (ohne Soll/Haben-Kz)", "Soll/Haben-Kennzeichen", "WKZ Umsatz", "Konto", "Gegenkonto (ohne BU)",
             "Belegdatum", "Belegfeld 1", "Buchungstext")  # fmt: skip
    lines = [(f"{rng.randrange(9_000)},{rng.randrange(100):02}", rng.choice("SH"), "EUR", rng.choice((8400, 1200)),
              rng.randrange(10_000, 10_090), f"{1 + n % 28:02}{1 + n % 12:02}", f"RE-{2025_000 + n}",
              rng.choice(("Wareneinkauf", "Erlöse 19 %", "Miete"))) for n in range(150)]  # fmt: skip
    above = '"EXTF";700;21;"Buchungsstapel";12;20250101120000000;;"RE";"";"";29098;55003;20250101;4\n'
    return written("EXTF_Buchungsstapel.csv", csv(names, lines, ";", above), ())


def invoices_approval(rng: Random) -> Input:
    rows = log(rng, ("Erfasst", "Sachlich geprüft", "Freigegeben", "Überwiesen"), lambda n: f"RE-{2025000 + n}",
               daily=True)  # fmt: skip
    names = ("Belegnr.", "Buchungsstatus", "Belegdatum", "Statusdatum", "Betrag", "Kreditor", "Prüfer")
    first = {case: own[0][2] - timedelta(days=4) for case, own in by_case(rows).items()}
    lines = [(c, s, f"{first[c]:%d.%m.%Y}", f"{at:%d.%m.%Y}", f"{int(c[-3:]) * 17},{int(c[-2:]):02}",
              f"K{int(c[-2:])}", rng.choice(PEOPLE)) for c, s, at in rows]  # fmt: skip
    return written("freigaben.csv", csv(names, lines, ";"), rows, daily=True)


def machine_bookings(rng: Random) -> Input:
    rows = log(rng, ("Sägen", "Fräsen", "Härten", "Endprüfung"), lambda n: str(30_000 + n))
    names = rng.choice((("FA-Nr", "AFO", "Arbeitsgang", "Maschine", "Beginn", "Ende", "Gutmenge", "Ausschuss", "MA"),
                        ("Order", "Op", "Operation", "Work center", "Start", "End", "Ok", "Bad", "By")))  # fmt: skip
    place = {s: 10 * (n + 1) for n, s in enumerate(("Sägen", "Fräsen", "Härten", "Endprüfung"))}
    stays = leaving(rows, rng)
    lines = [(c, place[s], s, f"M{place[s] + rng.randrange(3)}", GERMAN(a), GERMAN(b), rng.randrange(50, 200),
              rng.randrange(4), rng.randrange(100, 130)) for c, s, a, b in stays]  # fmt: skip
    return written("bde.csv", csv(names, lines, ";"), [(c, s, b) for c, s, _, b in stays])


def parcels(rng: Random) -> Input:
    rows = log(rng, ("Elektronisch angekündigt", "Abgeholt", "Im Paketzentrum", "Zugestellt"),
               lambda n: f"00340434{161_000_000 + n}")  # fmt: skip
    names = rng.choice((("Sendungsnummer", "Datum", "Uhrzeit", "Ort", "Ereignis"),
                        ("Tracking number", "Date", "Time", "Location", "Event")))  # fmt: skip
    lines = [(c, f"{at:%d.%m.%Y}", f"{at:%H:%M}", rng.choice(("Köln", "Lahr", "Speyer")), s) for c, s, at in rows]
    return written("tracking.csv", csv(names, lines, ";"), rows)


def plan_and_actual(rng: Random) -> Input:
    rows = log(rng, ("Entwurf", "Prüfung", "Freigabe", "Druck"), lambda n: f"P-{n}", daily=True)
    names = ("Projekt", "Meilenstein", *rng.choice((("Soll-Termin", "Ist-Termin"), ("Plan", "Ist"),
                                                    ("Geplant", "Erledigt am"))))  # fmt: skip
    lines = [(c, s, f"{at + timedelta(days=rng.randrange(-9, 9)):%d.%m.%Y}", f"{at:%d.%m.%Y}") for c, s, at in rows]
    return written("termine.csv", csv(names, lines, ";"), rows, daily=True)


KINDS: tuple[Callable[[Random], Input], ...] = (
    sap_changes,
    sap_status,
    salesforce_history,
    salesforce_fields,
    hubspot_wide,
    pipedrive_flow,
    odoo_tracking,
    datev_bookings,
    invoices_approval,
    machine_bookings,
    parcels,
    plan_and_actual,
)
