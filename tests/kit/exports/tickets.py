"""Exports of ticket systems, forges and boards: changes of fields, rows per state, audits in JSON."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from random import Random

from tests.kit.exports.making import ISO, PEOPLE, TICKETS, ZULU, by_case, changes, csv, leaving, log, written
from tests.kit.reading_inputs import Input


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


def monday_activity(rng: Random) -> Input:
    rows = log(rng, ("Idea", "Working on it", "Stuck", "Done"), lambda n: f"Item {n}")
    names = ("Date", "User", "Item", "Column", "Before", "After")
    lines = [(ISO(at), rng.choice(PEOPLE), c, f.title(), old, new) for c, f, old, new, at in changes(rng, rows)]
    return written("activity.csv", csv(names, lines), rows)


KINDS: tuple[Callable[[Random], Input], ...] = (
    jira_changes,
    jira_issues,
    servicenow_audit,
    servicenow_metric,
    servicenow_history,
    zendesk_changes,
    zendesk_audits,
    github_events,
    gitlab_states,
    azure_devops,
    trello_actions,
    otrs_history,
    topdesk,
    monday_activity,
)
