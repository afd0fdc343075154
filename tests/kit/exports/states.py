"""Exports in which a column tells how far something is: a task, a step, an issue, the case itself, a contract."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from tests.kit.exports.making import ISO, PEOPLE, by_case, csv, leaving, log, written
from tests.kit.reading_inputs import Input

_TASKS = (
    ("Cut", "Weld", "Paint", "Pack"), ("Sägen", "Bohren", "Lackieren", "Packen"),
    ("Collect", "Write", "Review", "Send"),
)  # fmt: skip
_TURNS = (
    ("started", "paused", "resumed", "completed"), ("Start", "Pause", "Resume", "Stop"),
    ("begonnen", "unterbrochen", "fortgesetzt", "beendet"), ("running", "suspended", "resumed", "finished"),
    ("assigned", "on hold", "resumed", "done"),
)  # fmt: skip
_JIRA = ("To Do", "In Progress", "In Review", "Done")


def _jira(at: datetime) -> str:
    return at.strftime("%d/%b/%y %-I:%M %p")


def _turns(rng: Random, stays: list[tuple[str, str, datetime, datetime]]) -> list[tuple[str, str, str, datetime]]:
    """Each stay begun, perhaps interrupted, and ended, in the order of time."""
    begin, pause, resume, end = rng.choice(_TURNS)
    lines = []
    for case, stage, at, left in stays:
        lines += [(case, stage, begin, at), (case, stage, end, left)]
        if rng.random() < 0.6:
            for word, share in ((pause, 3), (resume, 2)):
                lines.append((case, stage, word, (at + (left - at) / share).replace(microsecond=0)))
    return sorted(lines, key=lambda line: line[3])


def states_of_tasks(rng: Random) -> Input:
    """What is done is the stage, whatever the column of its states is called."""
    rows = log(rng, rng.choice(_TASKS), lambda n: f"J{n:05}")
    stays = [(c, s, a, b - timedelta(minutes=30)) for c, s, a, b in leaving(rows, rng)]
    names = rng.choice((
        ("Job", "Task", "State", "Timestamp"), ("Auftrag", "Aufgabe", "Status", "Zeit"),
        ("Order ID", "Step", "Event", "When"), ("Ticket", "Activity", "Status", "Time"),
        ("Auftrag", "Arbeitsgang", "Meldung", "Zeitpunkt"),
    ))  # fmt: skip
    lines = [(c, s, word, ISO(t)) for c, s, word, t in _turns(rng, stays)]
    return written("states.csv", csv(names, lines, rng.choice(",;")), [(c, s, b) for c, s, _, b in stays])


def states_side_by_side(rng: Random) -> Input:
    """Parts of a case that are worked on at the same time."""
    stays = []
    for n in range(rng.randrange(30, 60)):
        begin = datetime(2024, 3, 4, 7) + timedelta(hours=9 * n)
        for part in ("Frame", "Motor", "Wiring", "Test"):
            at = begin + timedelta(minutes=rng.randrange(5, 600), hours=30 * (part == "Test"))
            stays.append((f"M{n}", part, at, at + timedelta(minutes=rng.randrange(100, 900))))
    lines = [(c, s, word, ISO(t)) for c, s, word, t in _turns(rng, stays)]
    return written(
        "parts.csv", csv(("Machine", "Component", "Status", "Time"), lines), [(c, s, b) for c, s, _, b in stays]
    )


def states_of_cases(rng: Random) -> Input:
    """The same words of the case itself, beside a title or a department that is no step."""
    words = rng.choice((
        ("created", "started", "paused", "resumed", "completed"), ("opened", "in work", "on hold", "resumed", "closed"),
        ("angelegt", "begonnen", "unterbrochen", "fortgesetzt", "beendet"),
    ))  # fmt: skip
    rows = log(rng, words, lambda n: f"T-{n}")
    titles = ("Call back", "Write letter", "Fix pump", "Order part", "Visit site", "Check bill", "Send offer")
    if rng.random() < 0.5:
        names = rng.choice((("Task ID", "Task", "State", "Time"), ("Aufgabennr", "Aufgabe", "Status", "Zeitpunkt")))
        lines = [(c, titles[int(c[2:]) % 7], s, ISO(t)) for c, s, t in rows]
    else:
        names = ("Order", "Department", "State", "Time")
        lines = [(c, "Desk" if s in (words[0], words[-1]) else "Shop", s, ISO(t)) for c, s, t in rows]
    return written("states.csv", csv(names, lines, rng.choice(",;")), rows)


def cases_called_tasks(rng: Random) -> Input:
    """The id stands in a column that is called like a step."""
    rows = log(rng, ("open", "working", "on hold", "resumed", "closed"), lambda n: f"T{n:04}")
    name = rng.choice(("Task", "Quote", "Step no", "Pipeline"))
    lines = [(c, s, ISO(t), rng.choice(PEOPLE)) for c, s, t in rows]
    return written("tasks.csv", csv((name, "State", "Timestamp", "User"), lines), rows)


def jobs_of_pipelines(rng: Random) -> Input:
    """Rows with an id of their own, and inside what they belong to."""
    rows = log(rng, ("build", "test", "package", "deploy"), lambda n: str(880_000 + n))
    stays = [(c, s, a, b - timedelta(minutes=20)) for c, s, a, b in leaving(rows, rng)]
    items = [{"id": 7_000_000 + n, "stage": s, "status": "success", "started_at": f"{a.isoformat()}Z",
              "finished_at": f"{b.isoformat()}Z", "pipeline": {"id": int(c)}}
             for n, (c, s, a, b) in enumerate(stays)]  # fmt: skip
    return written("jobs.json", json.dumps(items).encode(), [(c, s, b) for c, s, _, b in stays])


def contract_history(rng: Random) -> Input:
    """Spans of validity, of which the last ones end in the year 9999."""
    rows = log(rng, ("Entwurf", "Beantragt", "In Kraft", "Archiviert"), lambda n: f"V{n}")
    lines = []
    for own in by_case(rows).values():
        for (case, stage, at), after in zip(own, [*own[1:], None], strict=True):
            lines.append((case, stage, ISO(at), "9999-12-31 00:00:00" if after is None else ISO(after[2])))
    return written("history.csv", csv(("VERTRAG", "STATUS", "GUELTIG_AB", "GUELTIG_BIS"), lines, ";"), rows)


def jira_beside_present(rng: Random) -> Input:
    """What an issue is in by now stands beside every change."""
    rows = log(rng, _JIRA, lambda n: f"APP-{n}")
    lines: list[tuple[datetime, tuple[object, ...]]] = []
    for own in by_case(rows).values():
        before = "Backlog"
        for case, stage, at in own:
            lines.append((at, (case, "Task", own[-1][1], _jira(at), rng.choice(PEOPLE), before, stage)))
            before = stage
    names = ("Key", "Type", "Status", "History created", "History author", "fromString", "toString")
    return written("history.csv", csv(names, [line for _, line in sorted(lines, key=lambda each: each[0])]), rows)


def jira_transitions(rng: Random) -> Input:
    """The name of the transition, or the category, beside the status that it leads to."""
    rows = log(rng, _JIRA, lambda n: f"APP-{n}")
    if rng.random() < 0.5:
        names: tuple[str, ...] = ("When", "Issue", "Transition", "Resulting status", "Who")
        called = dict(zip(_JIRA, ("Create", "Start work", "Send to review", "Finish"), strict=True))
        lines = [(_jira(t), c, called[s], s, rng.choice(PEOPLE)) for c, s, t in rows]
    else:
        names = ("Transitioned", "Issue key", "Issue Type", "Status Category", "Status")
        lines = [(_jira(t), c, "Story", s if s in ("To Do", "Done") else "In Progress", s) for c, s, t in rows]
    return written("transitions.csv", csv(names, lines), rows)


def jira_spans(rng: Random) -> Input:
    """How long an issue was in each status, with both ends."""
    rows = log(rng, _JIRA, lambda n: f"APP-{n}")
    lines: list[tuple[str, ...]] = []
    for own in by_case(rows).values():
        for (case, stage, at), after in zip(own, [*own[1:], None], strict=True):
            hours = "" if after is None else f"{(after[2] - at).total_seconds() / 3600:.2f}"
            lines.append((case, "Task", stage, _jira(at), "" if after is None else _jira(after[2]), hours))
    names = ("Issue", "Issue Type", "Status", "From date", "To date", "Hours in status")
    return written("spans.csv", csv(names, lines), rows)


KINDS: tuple[Callable[[Random], Input], ...] = (
    states_of_tasks, states_side_by_side, states_of_cases, cases_called_tasks, jobs_of_pipelines, contract_history,
    jira_beside_present, jira_transitions, jira_spans,
)  # fmt: skip
