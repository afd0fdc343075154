"""Exports as the programs of offices write them: ticket systems, CRM, ERP, hospitals, town halls, forges, shop floors.

Each kind is a function of a `Random` that writes a file and says what has to be read from it: `rows`. An input with no
rows tells of no process that can be known; it has to be asked about or refused.
"""

from __future__ import annotations

import io
import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from random import Random

import openpyxl

from tests.kit.reading_inputs import Input, Row

PEOPLE = ("a.weber", "kim", "l.duarte", "M. Nowak", "svc_import", "Özlem", "jo.hansen", "T. Rossi", "li.wei", "béa")
SALES = ("Appointment scheduled", "Qualified to buy", "Contract sent", "Closed won")
SALES_DE = ("Erstgespräch", "Bedarfsanalyse", "Angebot", "Gewonnen")
TICKETS = ("New", "In Progress", "Waiting for Customer", "Resolved")
TICKETS_DE = ("Neu", "In Bearbeitung", "Wartet auf Rückmeldung", "Gelöst")
TICKETS_PL = ("Nowe", "W trakcie", "Oczekuje", "Rozwiązane")
WARDS = ("Notaufnahme", "Chirurgie", "Intensiv", "Innere")
OTHER_FIELDS = ("assignee", "priority", "description", "labels")
Style = Callable[[datetime], str]
ISO: Style = lambda at: at.strftime("%Y-%m-%d %H:%M:%S")  # noqa: E731
GERMAN: Style = lambda at: at.strftime("%d.%m.%Y %H:%M")  # noqa: E731
ZULU: Style = lambda at: at.strftime("%Y-%m-%dT%H:%M:%S.000Z")  # noqa: E731


def log(rng: Random, stages: Sequence[str], name: Callable[[int], str], daily: bool = False) -> tuple[Row, ...]:
    """Cases that go through the stages with rework; a fifth is not done yet. In the order of time."""
    rows: list[Row] = []
    begin = datetime(2024, rng.randrange(1, 11), rng.randrange(1, 20), 7, rng.randrange(60))
    first = rng.randrange(3_000)
    for n in range(rng.randrange(30, 70)):
        at = begin + timedelta(minutes=n * rng.randrange(500, 2_000))
        path = [*stages[:3], *((stages[1], stages[2]) if rng.random() < 0.25 else ()), *stages[3:]]
        for stage in path[: len(path) - (rng.random() < 0.2)]:
            rows.append((name(first + n), stage, at.replace(hour=0, minute=0) if daily else at))
            at += timedelta(minutes=rng.randrange(1_500, 9_000))
    return tuple(sorted(rows, key=lambda row: row[2]))


def by_case(rows: Sequence[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(row)
    return found


def csv(names: Sequence[str], lines: Sequence[Sequence[object]], sign: str = ",", above: str = "") -> bytes:
    def cell(value: object) -> str:
        text = "" if value is None else str(value)
        return '"' + text.replace('"', '""') + '"' if sign in text or '"' in text or "\n" in text else text

    return (above + "\n".join(sign.join(map(cell, line)) for line in [names, *lines]) + "\n").encode()


def written(name: str, data: bytes, rows: Sequence[Row], daily: bool = False) -> Input:
    return Input(name, data, tuple(rows), daily=daily)


def leaving(rows: Sequence[Row], rng: Random) -> list[tuple[str, str, datetime, datetime]]:
    """Each stay with its end: the next entry of the case, or some hours later."""
    found = []
    for own in by_case(rows).values():
        ends = [row[2] for row in own[1:]] + [own[-1][2] + timedelta(hours=rng.randrange(2, 60))]
        found += [(case, stage, at, end) for (case, stage, at), end in zip(own, ends, strict=True)]
    return sorted(found, key=lambda stay: stay[2])


def changes(rng: Random, rows: Sequence[Row]) -> list[tuple[str, str, str, str, datetime]]:
    """Changes of the status among those of other fields: case, field, old, new, moment."""
    found: list[tuple[str, str, str, str, datetime]] = []
    values = {"assignee": PEOPLE, "priority": ("Low", "Medium", "High"), "description": ("a text", "another text"),
              "labels": ("web", "mobile", "backend")}  # fmt: skip
    for own in by_case(rows).values():
        before = ""
        for case, stage, at in own:
            found.append((case, "status", before, stage, at))
            before = stage
            for _ in range(rng.randrange(3)):
                field = rng.choice(OTHER_FIELDS)
                old, new = rng.sample(values[field], 2)
                found.append((case, field, old, new, at + timedelta(minutes=rng.randrange(2, 900))))
    return sorted(found, key=lambda change: change[4])


def jira_changes(rng: Random) -> Input:
    rows = log(rng, ("To Do", "In Development", "Code Review", "Done"), lambda n: f"SHOP-{n}")
    names = rng.choice((("Issue Key", "Field", "From", "To", "Author", "Created"),
                        ("Key", "Changed field", "From String", "To String", "User", "Change date")))  # fmt: skip
    style = rng.choice((lambda at: at.strftime("%d/%b/%y %-I:%M %p"), ISO, ZULU))
    lines = [(c, f, old, new, rng.choice(PEOPLE), style(at)) for c, f, old, new, at in changes(rng, rows)]
    return written("jira.csv", csv(names, lines), rows)


def jira_issues(rng: Random) -> Input:
    """One row per issue, with its present status: two dates, of which the second is only that of the last edit."""
    rows = log(rng, ("To Do", "In Development", "Code Review", "Done"), lambda n: f"OPS-{n}")
    names = ("Summary", "Issue key", "Issue id", "Issue Type", "Status", "Assignee", "Reporter", "Created", "Updated",
             "Resolved")  # fmt: skip
    lines, last = [], {}
    for n, (case, own) in enumerate(by_case(rows).items()):
        done = own[-1][1] == "Done"
        lines.append((f"Fix {n}, then test", case, 10_000 + n, rng.choice(("Bug", "Task")), own[-1][1],
                      rng.choice(PEOPLE), rng.choice(PEOPLE), ISO(own[0][2]), ISO(own[-1][2] + timedelta(hours=3)),
                      ISO(own[-1][2]) if done else ""))  # fmt: skip
        last[case] = own
    return written("issues.csv", csv(names, lines), ())


def servicenow_audit(rng: Random) -> Input:
    rows = log(rng, TICKETS, lambda n: f"INC00{10_000 + n}")
    names = ("Table name", "Document key", "Field name", "Old value", "New value", "User", "Created")
    lines = [("incident", c, {"status": "state", "assignee": "assigned_to"}.get(f, f), old, new, rng.choice(PEOPLE),
              ISO(at)) for c, f, old, new, at in changes(rng, rows)]  # fmt: skip
    return written("sys_audit.csv", csv(names, lines), rows)


def servicenow_metric(rng: Random) -> Input:
    rows = log(rng, TICKETS, lambda n: f"INC00{10_000 + n}")
    stays = leaving(rows, rng)
    names = ("Number", "Definition", "Value", "Start", "End", "Duration", "Calculation complete")
    lines = [(c, "Incident State Duration", s, ISO(a), ISO(b), int((b - a).total_seconds()), "true")
             for c, s, a, b in stays]  # fmt: skip
    return written("metric_instance.csv", csv(names, lines), [(c, s, b) for c, s, _, b in stays])


def servicenow_history(rng: Random) -> Input:
    rows = log(rng, TICKETS, lambda n: f"INC00{10_000 + n}")
    opened = {case: own[0][2] for case, own in by_case(rows).items()}
    names = ("number", "state", "sys_updated_on", "sys_updated_by", "opened_at", "assignment_group", "reopen_count")
    lines = [(c, s, ISO(at), rng.choice(PEOPLE), ISO(opened[c] - timedelta(minutes=9)), rng.choice("ABC"), 0)
             for c, s, at in rows]  # fmt: skip
    return written("incident.csv", csv(names, lines), rows)


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


def personio(rng: Random) -> Input:
    rows = log(rng, ("Eingang", "Telefoninterview", "Vor-Ort-Gespräch", "Angebot"), lambda n: str(88_000 + n))
    names = ("Bewerbungs-ID", "Stelle", "Phase", "Phasenwechsel am", "Recruiter", "Kanal")
    lines = [(c, rng.choice(("Buchhalter (m/w/d)", "Entwickler (m/w/d)")), s, GERMAN(at), rng.choice(PEOPLE),
              rng.choice(("StepStone", "Website", "Empfehlung"))) for c, s, at in rows]  # fmt: skip
    return written("personio.csv", csv(names, lines, ";"), rows)


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


def zendesk_changes(rng: Random) -> Input:
    rows = log(rng, ("new", "open", "pending", "solved"), lambda n: str(35_000 + n))
    names = ("Update - Timestamp", "Ticket ID", "Changes - Field name", "Changes - Previous value",
             "Changes - New value", "Updater name")  # fmt: skip
    lines = [(ZULU(at), c, f, old, new, rng.choice(PEOPLE)) for c, f, old, new, at in changes(rng, rows)]
    return written("explore.csv", csv(names, lines), rows)


def zendesk_audits(rng: Random) -> Input:
    """Audits with events inside; what cannot be opened has to be said."""
    rows = log(rng, ("new", "open", "pending", "solved"), lambda n: str(35_000 + n))
    audits = [{"id": 1_000_000 + n, "ticket_id": int(c), "created_at": ZULU(at), "author_id": n % 9, "events": [
        {"id": 9_000_000 + n, "type": "Change", "field_name": "status", "value": s, "previous_value": None}]}
        for n, (c, s, at) in enumerate(rows)]  # fmt: skip
    return written("audits.json", json.dumps({"audits": audits, "next_page": None}).encode(), rows)


def github_events(rng: Random) -> Input:
    rows = log(rng, ("opened", "labeled", "assigned", "closed"), lambda n: str(n + 1))
    items = [{"id": 17_000_000_000 + n, "event": s, "created_at": ZULU(at)[:-5] + "Z", "commit_id": None,
              "actor": {"login": rng.choice(PEOPLE), "id": n % 10}, "issue": {"number": int(c), "title": f"Issue {c}"}}
             for n, (c, s, at) in enumerate(rows)]  # fmt: skip
    if rng.random() < 0.5:
        return written("events.jsonl", "\n".join(map(json.dumps, items)).encode(), rows)
    return written("events.json", json.dumps(items).encode(), rows)


def gitlab_states(rng: Random) -> Input:
    rows = log(rng, ("opened", "in review", "approved", "merged"), lambda n: str(n + 1))
    names = ("id", "merge_request_iid", "state", "created_at", "user.name")
    lines = [(4_000 + n, c, s, at.strftime("%Y-%m-%dT%H:%M:%S.000+02:00"), rng.choice(PEOPLE))
             for n, (c, s, at) in enumerate(rows)]  # fmt: skip
    return written("states.csv", csv(names, lines), [(c, s, at - timedelta(hours=2)) for c, s, at in rows])  # fmt: skip


def azure_devops(rng: Random) -> Input:
    rows = log(rng, ("New", "Active", "Resolved", "Closed"), lambda n: str(4_100 + n))
    names = ("Work Item Id", "Rev", "Work Item Type", "Title", "State", "Changed Date", "Changed By", "Area Path")
    seen: dict[str, int] = defaultdict(int)
    lines = []
    for c, s, at in rows:
        seen[c] += 1
        lines.append((c, seen[c], rng.choice(("Bug", "User Story")), f"Title of {c}", s,
                      at.strftime("%-m/%-d/%Y %-I:%M:%S %p"), rng.choice(PEOPLE), "Shop\\Web"))  # fmt: skip
    return written("revisions.csv", csv(names, lines), rows)


def trello_actions(rng: Random) -> Input:
    rows = log(rng, ("Backlog", "Doing", "Review", "Done"), lambda n: f"65f0{n:020x}")
    actions, before = [], {}
    for n, (c, s, at) in enumerate(rows):
        data = {"card": {"id": c, "name": f"Card {c[-3:]}"}, "board": {"name": "Team"}}
        if c in before:
            data |= {"listBefore": {"name": before[c]}, "listAfter": {"name": s}}
        else:
            data |= {"list": {"name": s}}
        actions.append({"id": f"77{n:022x}", "type": "updateCard" if c in before else "createCard", "date": ZULU(at),
                        "data": data})  # fmt: skip
        before[c] = s
    return written("board.json", json.dumps({"name": "Team", "actions": actions[::-1]}).encode(), rows)


def otrs_history(rng: Random) -> Input:
    rows = log(rng, ("new", "open", "pending reminder", "closed successful"), lambda n: f"20250{n:06}")
    names = ("history_id", "ticket_id", "ticket_number", "history_type", "queue", "state", "create_time", "create_by")
    own = {case: str(900 + n) for n, case in enumerate(by_case(rows))}
    lines = [(50_000 + n, own[c], c, "StateUpdate", rng.choice(("Junk", "Support", "Sales")), s, ISO(at), n % 9)
             for n, (c, s, at) in enumerate(rows)]  # fmt: skip
    return written("history.csv", csv(names, lines, rng.choice(",;\t")), [(own[c], s, at) for c, s, at in rows])


def topdesk(rng: Random) -> Input:
    rows = log(rng, ("Geregistreerd", "In behandeling", "Wacht op leverancier", "Gereed"), lambda n: f"M2501 {n:04}")
    names = ("Meldingsnummer", "Status", "Datum wijziging", "Behandelaar", "Categorie")
    lines = [(c, s, at.strftime("%d-%m-%Y %H:%M"), rng.choice(PEOPLE), rng.choice(("Hardware", "Software")))
             for c, s, at in rows]  # fmt: skip
    return written("meldingen.csv", csv(names, lines, ";"), rows)


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


def with_total(rng: Random) -> Input:
    """Lines under the table that count it."""
    rows = log(rng, TICKETS_DE, lambda n: f"T{n:05}")
    names = ("Ticketnr.", "Status", "Geändert am", "Aufwand h")
    text = csv(names, [(c, s, GERMAN(at), f"{rng.randrange(1, 40) / 4:g}".replace(".", ",")) for c, s, at in rows], ";")
    below = rng.choice((f"Gesamt;;;{len(rows)}\n", f";;;\nSumme: {len(rows)} Zeilen;;;\n",
                        "\nErstellt am 05.06.2025 von a.weber\n"))  # fmt: skip
    return written("bericht.csv", text + below.encode(), rows)


def plan_and_actual(rng: Random) -> Input:
    rows = log(rng, ("Entwurf", "Prüfung", "Freigabe", "Druck"), lambda n: f"P-{n}", daily=True)
    names = ("Projekt", "Meilenstein", *rng.choice((("Soll-Termin", "Ist-Termin"), ("Plan", "Ist"),
                                                    ("Geplant", "Erledigt am"))))  # fmt: skip
    lines = [(c, s, f"{at + timedelta(days=rng.randrange(-9, 9)):%d.%m.%Y}", f"{at:%d.%m.%Y}") for c, s, at in rows]
    return written("termine.csv", csv(names, lines, ";"), rows, daily=True)


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


def call_queue(rng: Random) -> Input:
    rows = log(rng, ("IVR", "Queue Sales", "Agent", "Wrap-up"), lambda n: f"{n:08x}-call")
    names = ("CallGUID", "Segment", "SegmentStart", "SegmentStop", "Duration", "AgentID", "ANI")
    stays = leaving(rows, rng)
    lines = [(c, s, f"{a:%Y-%m-%d %H:%M:%S.000}", f"{b:%Y-%m-%d %H:%M:%S.000}", int((b - a).total_seconds()),
              rng.randrange(200, 230), f"+4917{int(c[:8], 16)}") for c, s, a, b in stays]  # fmt: skip
    return written("calls.csv", csv(names, lines), [(c, s, b) for c, s, _, b in stays])


def monday_activity(rng: Random) -> Input:
    rows = log(rng, ("Idea", "Working on it", "Stuck", "Done"), lambda n: f"Item {n}")
    names = ("Date", "User", "Item", "Column", "Before", "After")
    lines = [(ISO(at), rng.choice(PEOPLE), c, f.title(), old, new) for c, f, old, new, at in changes(rng, rows)]
    return written("activity.csv", csv(names, lines), rows)


def odoo_tracking(rng: Random) -> Input:
    rows = log(rng, ("Quotation", "Quotation Sent", "Sales Order", "Delivered"), lambda n: f"S{n:05}")
    names = ("Related Document", "Field", "Old Value Char", "New Value Char", "Date")
    lines = [(c, f.title(), old, new, ISO(at)) for c, f, old, new, at in changes(rng, rows)]
    return written("mail.tracking.value.csv", csv(names, lines, rng.choice(",;")), rows)


def insurance_claims(rng: Random) -> Input:
    rows = log(rng, ("Déclaration", "Expertise", "Règlement", "Clôture"), lambda n: f"SIN{n:06}")
    names = ("Réf. sinistre", "Étape", "Début", "Fin", "Gestionnaire", "Montant")
    stays = leaving(rows, rng)
    lines = [(c, s, a.strftime("%d/%m/%Y %H:%M"), b.strftime("%d/%m/%Y %H:%M"), rng.choice(PEOPLE), f"{int(c[-3:])} €")
             for c, s, a, b in stays]  # fmt: skip
    return written("sinistres.csv", csv(names, lines, ";"), [(c, s, b) for c, s, _, b in stays])


KINDS: dict[str, Callable[[Random], Input]] = {
    kind.__name__: kind
    for kind in (
        jira_changes, jira_issues, servicenow_audit, servicenow_metric, servicenow_history, sap_changes, sap_status,
        salesforce_history, salesforce_fields, hubspot_wide, pipedrive_flow, personio, datev_bookings,
        invoices_approval, zendesk_changes, zendesk_audits, github_events, gitlab_states, azure_devops, trello_actions,
        otrs_history, topdesk, polish_office, ward_transfers, emergency_room, permits_wide, machine_bookings, parcels,
        with_total, plan_and_actual, daily_snapshots, blind, sparse_cases, sparse_once, excel_report, epoch_log, arabic,
        japanese, turkish, czech, call_queue, monday_activity, odoo_tracking, insurance_claims,
    )
}  # fmt: skip
