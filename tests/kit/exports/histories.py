"""More histories of changes and states: service desks, CRM, personnel, ERP, each with the headers of its program."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from tests.kit.exports.making import GERMAN, ISO, PEOPLE, TICKETS_DE, ZULU, by_case, changes, csv, log, written
from tests.kit.reading_inputs import Input, Row

DEALS = ("Qualification", "Needs Analysis", "Proposal", "Closed Won")


def bugzilla(rng: Random) -> Input:
    rows = log(rng, ("NEW", "ASSIGNED", "RESOLVED", "VERIFIED"), str)
    names = ("bug_id", "Who", "When", "What", "Removed", "Added")
    lines = [(c, rng.choice(PEOPLE), f"{t:%Y-%m-%d %H:%M:%S} UTC", f.capitalize(), old, new)
             for c, f, old, new, t in changes(rng, rows)]  # fmt: skip
    return written("bugs_activity.csv", csv(names, lines), rows)


def redmine(rng: Random) -> Input:
    rows = log(rng, ("New", "In Progress", "Feedback", "Closed"), str)
    names = ("Issue", "Journal", "Updated", "User", "Attribute", "Old", "New")
    lines = [(c, 9_000 + n, f"{t:%m/%d/%Y %I:%M %p}", rng.choice(PEOPLE), f.title(), old, new)
             for n, (c, f, old, new, t) in enumerate(changes(rng, rows))]  # fmt: skip
    return written("journals.csv", csv(names, lines), rows)


def zammad(rng: Random) -> Input:
    rows = log(rng, TICKETS_DE, lambda n: f"{67_000 + n}")
    known = {"status": "Status", "assignee": "Besitzer", "priority": "Priorität", "description": "Titel",
             "labels": "Gruppe"}  # fmt: skip
    lines = [(c, known[f], old or "-", new, GERMAN(t), rng.choice(PEOPLE)) for c, f, old, new, t in changes(rng, rows)]
    return written("verlauf.csv", csv(("Ticket#", "Attribut", "Von", "Nach", "Zeit", "Benutzer"), lines, ";"), rows)


def glpi(rng: Random) -> Input:
    rows = log(rng, ("Nouveau", "En cours (attribué)", "En attente", "Résolu"), str)
    known = {"status": "Statut", "assignee": "Technicien", "priority": "Priorité", "description": "Description",
             "labels": "Catégorie"}  # fmt: skip
    names = ("ID", "Ticket", "Date", "Utilisateur", "Champ", "Ancienne valeur", "Nouvelle valeur")
    lines = [(n, c, f"{t:%d-%m-%Y %H:%M}", rng.choice(PEOPLE), known[f], old, new)
             for n, (c, f, old, new, t) in enumerate(changes(rng, rows))]  # fmt: skip
    return written("historique.csv", csv(names, lines, ";"), rows)


def freshdesk(rng: Random) -> Input:
    rows = log(rng, ("Open", "Pending", "Waiting on Customer", "Resolved"), str)
    items = [{"performed_at": f"{t:%d-%m-%Y %H:%M:%S} +0000", "ticket_id": int(c), "performer_type": "user",
              "performer_id": 100 + n % 9, "activity": {"status": s}} for n, (c, s, t) in enumerate(rows)]  # fmt: skip
    return written("activities.json", json.dumps({"activities_data": items}).encode(), rows)


def hubspot_properties(rng: Random) -> Input:
    """What a property was set to, without what it was before."""
    rows = log(
        rng, ("appointmentscheduled", "qualifiedtobuy", "contractsent", "closedwon"), lambda n: str(9_100_000 + n)
    )
    known = {"status": "dealstage", "assignee": "hubspot_owner_id", "priority": "hs_priority",
             "description": "description", "labels": "dealtype"}  # fmt: skip
    lines = [(c, known[f], new, ZULU(t), "CRM_UI") for c, f, _, new, t in changes(rng, rows)]
    return written("history.csv", csv(("Object ID", "Property", "Value", "Timestamp", "Source"), lines), rows)


def dynamics_audit(rng: Random) -> Input:
    rows = log(rng, ("Qualify", "Develop", "Propose", "Close"), lambda n: f"OPP-{n:05}")
    known = {"status": "Status Reason", "assignee": "Owner", "priority": "Rating", "description": "Description",
             "labels": "Topic"}  # fmt: skip
    names = ("Changed Date", "Changed By", "Event", "Record", "Changed Field", "Old Value", "New Value")
    lines = [(f"{t:%-m/%-d/%Y %-I:%M %p}", rng.choice(PEOPLE), "Update", c, known[f], old, new)
             for c, f, old, new, t in changes(rng, rows)]  # fmt: skip
    return written("audit.csv", csv(names, lines), rows)


def zoho_stages(rng: Random) -> Input:
    rows = log(rng, DEALS, lambda n: f"Deal {n}")
    names = ("Deal Name", "Stage", "Amount", "Probability", "Closing Date", "Modified Time", "Modified By",
             "Stage Duration (Calendar Days)")  # fmt: skip
    close = {c: own[0][2] + timedelta(days=60) for c, own in by_case(rows).items()}
    lines = [(c, s, 1000 + len(c) * 70, 10 * DEALS.index(s), f"{close[c]:%b %d, %Y}", f"{t:%b %d, %Y %I:%M %p}",
              rng.choice(PEOPLE), rng.randrange(1, 9)) for c, s, t in rows]  # fmt: skip
    return written("stage_history.csv", csv(names, lines), rows)


def sugar_audit(rng: Random) -> Input:
    rows = log(rng, DEALS, lambda n: f"{n:08x}-00d4-4f6e-8c58-5a8f1c9e0b11")
    known = {"status": "sales_stage", "assignee": "assigned_user_id", "priority": "lead_source",
             "description": "next_step", "labels": "account_id"}  # fmt: skip
    names = ("id", "parent_id", "date_created", "created_by", "field_name", "data_type", "before_value_string",
             "after_value_string")  # fmt: skip
    lines = [(f"{n:08x}-aaaa", c, ISO(t), 1 + n % 7, known[f], "enum", old, new)
             for n, (c, f, old, new, t) in enumerate(changes(rng, rows))]  # fmt: skip
    return written("opportunities_audit.csv", csv(names, lines), rows)


def from_to_report(rng: Random) -> Input:
    """A report whose only moment is called that of the last change; what it left and came to beside it."""
    rows = log(rng, DEALS, lambda n: f"Acme {n} - renewal")
    names = ("Opportunity Name", "From Stage", "To Stage", "Amount", "Last Modified", "Last Modified By")
    lines, before = [], dict[str, str]()
    for c, s, t in rows:
        lines.append((c, before.get(c, ""), s, "EUR 1,200.00", f"{t:%m/%d/%Y %I:%M %p}", rng.choice(PEOPLE)))
        before[c] = s
    return written("stage_report.csv", csv(names, lines), rows)


def greenhouse(rng: Random) -> Input:
    """Stages entered and left; who is still there has not left."""
    rows = log(rng, ("Application Review", "Phone Screen", "Onsite", "Offer"), lambda n: str(55_000_000 + n))
    names = ("Candidate Name", "Application ID", "Job", "Stage", "Entered Stage On", "Exited Stage On")
    lines, truth = [], list[Row]()
    for own in by_case(rows).values():
        for (c, s, t), end in zip(own, [*(r[2] for r in own[1:]), None], strict=True):
            lines.append((f"Candidate {int(c) % 997}", c, "Engineer", s, ISO(t), "" if end is None else ISO(end)))
            truth.append((c, s, end or t))
    return written("candidates.csv", csv(names, lines), truth)


def milestones_of_issues(rng: Random) -> Input:
    """One row per issue with the dates of its states; the last edit and the deadline are none."""
    begin, rows, lines = datetime(2025, 1, 7, 9), list[Row](), list[tuple[object, ...]]()
    stages = ("Created", "Triaged", "Started", "Completed")
    for n in range(rng.randrange(40, 70)):
        at, cells = begin + timedelta(hours=n * rng.randrange(9, 20)), []
        for stage in stages[: rng.choice((2, 3, 4, 4, 4))]:
            rows.append((f"ENG-{n + 100}", stage, at))
            cells.append(ZULU(at))
            at += timedelta(hours=rng.randrange(20, 200))
        lines.append((f"ENG-{n + 100}", f"Make {n} work", *cells, *[""] * (4 - len(cells)), ZULU(at),
                      f"{at + timedelta(days=9):%Y-%m-%d}", rng.choice(PEOPLE)))  # fmt: skip
    names = ("ID", "Title", *stages, "Updated", "Due Date", "Assignee")
    return written("issues.csv", csv(names, lines), rows)


def present_state(rng: Random) -> Input:
    """One row per task with its present column: made, edited, done; where it was between is not known."""
    rows = log(rng, ("Backlog", "Doing", "Review", "Done"), lambda n: str(1_200_000_000_000 + n))
    lines = []
    for n, (c, own) in enumerate(by_case(rows).items()):
        done = f"{own[-1][2]:%Y-%m-%d}" if own[-1][1] == "Done" else ""
        lines.append((c, f"{own[0][2]:%Y-%m-%d}", done, f"{own[-1][2] + timedelta(days=1):%Y-%m-%d}", f"Task {n}",
                      own[-1][1], rng.choice(PEOPLE), f"{own[-1][2] + timedelta(days=20):%Y-%m-%d}"))  # fmt: skip
    names = ("Task ID", "Created At", "Completed At", "Last Modified", "Name", "Section/Column", "Assignee", "Due Date")
    return written("tasks.csv", csv(names, lines), ())


def time_in_status(rng: Random) -> Input:
    """How long each case was where: no moments at all."""
    names = ("Key", "Summary", "To Do", "In Progress", "In Review", "Done")
    lines = [(f"APP-{n}", f"Thing {n}", *(f"{rng.randrange(900) / 10}" for _ in range(4))) for n in range(60)]
    return written("time_in_status.csv", csv(names, lines), ())


def order_notes(rng: Random) -> Input:
    """What happened in whole sentences, of which there are few."""
    rows = log(rng, ("Order received.", "Status changed from Pending to Processing.",
                     "Status changed from Processing to Packed.", "Status changed from Packed to Completed."),
               lambda n: str(7_000 + n))  # fmt: skip
    lines = [(c, f"{t:%B %-d, %Y} at {t:%-I:%M %p}".replace("AM", "am").replace("PM", "pm"), s) for c, s, t in rows]
    return written("notes.csv", csv(("Order", "Date", "Note"), lines), rows)


def shop_orders(rng: Random) -> Input:
    """One row per order with its dates, and one more for each further thing that was bought, without them."""
    rows, lines, begin = list[Row](), list[tuple[object, ...]](), datetime(2025, 2, 3, 10, 11, 12)
    for n in range(rng.randrange(40, 70)):
        at, cells = begin + timedelta(hours=n * rng.randrange(9, 20)), []
        for stage in ("Created", "Paid", "Fulfilled")[: rng.choice((1, 2, 3, 3, 3))]:
            rows.append((f"#{n + 1000}", stage, at))
            cells.append(f"{at:%Y-%m-%d %H:%M:%S} +0000")
            at += timedelta(hours=rng.randrange(20, 90))
        cells += [""] * (3 - len(cells))
        lines.append((f"#{n + 1000}", cells[1], cells[2], cells[0], "49.90", 1, "Mug"))
        lines += [(f"#{n + 1000}", "", "", "", "", 2, thing) for thing in ("Cup", "Plate")[: rng.choice((0, 0, 1, 2))]]
    names = ("Name", "Paid at", "Fulfilled at", "Created at", "Total", "Lineitem quantity", "Lineitem name")
    return written("orders_export.csv", csv(names, lines), rows)


def order_positions(rng: Random) -> Input:
    """Each position of an order goes its own way: what the case is has to be asked."""
    rows = log(rng, ("Angelegt", "Kommissioniert", "Verpackt", "Versandt"), lambda n: f"{4_500_000 + n}")
    lines = []
    for c, own in by_case(rows).items():
        for position in range(1, 2 + rng.randrange(1, 4)):
            late = timedelta(minutes=position * rng.randrange(20, 4000))
            lines += [(c, position * 10, s, GERMAN(t + late), rng.choice(PEOPLE)) for _, s, t in own]
    lines.sort(key=lambda line: (line[0], line[1]))
    names = rng.choice((("Auftrag", "Position", "Status", "Datum", "Benutzer"),
                        ("Order", "Item", "Status", "Changed on", "User"),
                        ("Bestellung", "Pos.", "Status", "Geändert am", "Benutzer")))  # fmt: skip
    return written("positionen.csv", csv(names, lines, ";"), ())


def idoc_states(rng: Random) -> Input:
    """Codes with their names beside."""
    names = ("DOCNUM", "LOGDAT", "LOGTIM", "STATUS", "UNAME", "STATXT")
    codes = {"64": "IDoc ready to be transferred", "62": "IDoc passed to application",
             "51": "Application document not posted", "53": "Application document posted"}  # fmt: skip
    rows = log(rng, tuple(codes.values()), lambda n: f"{900_000 + n:016}")
    of = {text: code for code, text in codes.items()}
    lines = [(c, f"{t:%d.%m.%Y}", f"{t:%H:%M:%S}", of[s], rng.choice(PEOPLE).upper(), s) for c, s, t in rows]
    return written("EDIDS.csv", csv(names, lines, "\t"), rows)


def document_flow(rng: Random) -> Input:
    rows = log(rng, ("Terminauftrag", "Lieferung", "Warenausgang", "Faktura"), lambda n: f"{12_000 + n:010}")
    seen = defaultdict[str, int](int)
    lines = []
    for n, (c, s, t) in enumerate(rows):
        seen[c] += 1
        lines.append((c, f"{80_000_000 + n}", s, f"{t:%d.%m.%Y}", f"{t:%H:%M:%S}", seen[c] * 10))
    names = ("Vertriebsbeleg", "Folgebeleg", "Belegtyp", "Angelegt am", "Uhrzeit", "Lfd. Nr.")
    return written("VBFA.csv", csv(names, lines, ";"), rows)


def confirmations(rng: Random) -> Input:
    """Start and end, each in a column of days and one of clock times."""
    rows = log(rng, ("Zuschnitt", "Schweißen", "Lackieren", "Endmontage"), lambda n: f"{1_000_000 + n}")
    lines, truth = [], list[Row]()
    for c, s, t in rows:
        end = t + timedelta(minutes=rng.randrange(20, 1300))
        lines.append((c, s, f"{t:%d.%m.%Y}", f"{t:%H:%M:%S}", f"{end:%d.%m.%Y}", f"{end:%H:%M:%S}", rng.randrange(90)))
        truth.append((c, s, end))
    names = rng.choice((("Auftrag", "Vorgangstext", "Ist-Start Datum", "Ist-Start Zeit", "Ist-Ende Datum",
                         "Ist-Ende Zeit", "Menge"),
                        ("Order", "Operation", "Start date", "Start time", "End date", "End time",
                         "Quantity")))  # fmt: skip
    return written("AFRU.csv", csv(names, lines, ";"), truth)


def clocked(rng: Random) -> Input:
    """Clocked on and off at each step: one row for the beginning, one for the end."""
    rows = log(rng, ("Drehen", "Bohren", "Schleifen", "Prüfen"), lambda n: f"FA{20_000 + n}")
    lines, truth = [], list[Row]()
    for c, s, t in rows:
        end = t + timedelta(minutes=rng.randrange(20, 1300))
        who = rng.randrange(100, 120)
        lines += [(c, s, "Beginn", GERMAN(t), who, t), (c, s, "Ende", GERMAN(end), who, end)]
        truth.append((c, s, end))
    lines.sort(key=lambda line: line[-1])
    names = ("Fertigungsauftrag", "Arbeitsgang", "Meldeart", "Zeitpunkt", "Personalnr.")
    return written("bde.csv", csv(names, [line[:-1] for line in lines], ";"), truth)


def nav_log(rng: Random) -> Input:
    rows = log(rng, ("Open", "Pending Approval", "Released", "Invoiced"), lambda n: f"SO{101_000 + n}")
    known = {"status": "Status", "assignee": "Salesperson Code", "priority": "Shipping Advice",
             "description": "Your Reference", "labels": "Campaign No."}  # fmt: skip
    names = ("Entry No.", "Date and Time", "User ID", "Table Caption", "Primary Key Field 2 Value", "Field Caption",
             "Type of Change", "Old Value", "New Value")  # fmt: skip
    lines = [(n, f"{t:%m/%d/%Y %I:%M %p}", rng.choice(PEOPLE), "Sales Header", c, known[f],
              "Modification" if old else "Insertion", old, new)
             for n, (c, f, old, new, t) in enumerate(changes(rng, rows))]  # fmt: skip
    return written("change_log.csv", csv(names, lines), rows)


def invoice_book(rng: Random) -> Input:
    """One row per invoice with the days of its steps; when it is due is a plan."""
    rows, lines, begin = list[Row](), list[tuple[object, ...]](), datetime(2025, 1, 8)
    stages = ("Eingegangen", "Geprüft", "Freigegeben", "Bezahlt")
    for n in range(rng.randrange(40, 80)):
        at, cells = begin + timedelta(days=n // 2), []
        for stage in stages[: rng.choice((1, 2, 3, 4, 4, 4))]:
            rows.append((f"ER-{25_000 + n}", stage, at))
            cells.append(f"{at:%d.%m.%Y}")
            at += timedelta(days=rng.randrange(1, 20))
        cells += [""] * (4 - len(cells))
        lines.append((f"ER-{25_000 + n}", f"Lieferant {n % 13}", *cells, f"{at + timedelta(days=30):%d.%m.%Y}",
                      f"{rng.randrange(90)}.{rng.randrange(100, 999)},{rng.randrange(10, 99)}"))  # fmt: skip
    names = ("Belegnummer", "Lieferant", *(f"{s} am" for s in stages), "Fällig am", "Betrag")
    return written("eingangsbuch.csv", csv(names, lines, ";"), rows, daily=True)


def bank_statement(rng: Random) -> Input:
    """Money that came and went: no process."""
    names = ("Buchungstag", "Valuta", "Auftraggeber/Empfänger", "Verwendungszweck", "Währung", "Betrag", "Saldo")
    saldo, lines = 10_000.0, []
    for n in range(120):
        at, amount = datetime(2025, 1, 2) + timedelta(days=n), rng.randrange(-900, 900)
        saldo += amount
        lines.append((f"{at:%d.%m.%Y}", f"{at:%d.%m.%Y}", f"Firma {n % 23}", f"Rechnung {n * 37 % 1000} vom Januar",
                      "EUR", f"{amount},00", f"{saldo:.2f}".replace(".", ",")))  # fmt: skip
    return written("umsatz.csv", csv(names, lines, ";"), ())


def edited_field(rng: Random) -> Input:
    """Among the dates of steps that of the last edit of a field, which is no step."""
    rows, lines, begin = list[Row](), list[tuple[object, ...]](), datetime(2025, 1, 8, 9)
    stages = ("Requested", "Quoted", "Ordered", "Delivered")
    odd = rng.choice(("Price last modified", "Last price update", "Address last changed", "Owner last updated on"))
    for n in range(rng.randrange(40, 80)):
        at, cells = begin + timedelta(hours=9 * n), []
        for stage in stages[: rng.choice((1, 2, 3, 4, 4, 4))]:
            rows.append((f"Q-{n:04}", stage, at))
            cells.append(ISO(at))
            at += timedelta(hours=rng.randrange(20, 200))
        lines.append(
            (f"Q-{n:04}", *cells, *[""] * (4 - len(cells)), ISO(at + timedelta(hours=rng.randrange(900))), 120)
        )
    return written("quotes.csv", csv(("Quote no.", *(f"{s} at" for s in stages), odd, "Amount"), lines), rows)


KINDS: tuple[Callable[[Random], Input], ...] = (
    bugzilla, redmine, zammad, glpi, freshdesk, hubspot_properties, dynamics_audit, zoho_stages, sugar_audit,
    from_to_report, greenhouse, milestones_of_issues, present_state, time_in_status, order_notes, shop_orders,
    order_positions, idoc_states, document_flow, confirmations, clocked, nav_log, invoice_book, bank_statement,
    edited_field,
)  # fmt: skip
