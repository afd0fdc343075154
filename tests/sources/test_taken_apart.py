"""What looks like something else: fields of an event, words of a status, people beside codes, dates of moves."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest

from factoryview.sources import EventLog
from tests.sources.conftest import events

STAGES = ("Intake", "Check", "Approve", "Ship")
ROWS = [
    (f"C{case:03}", stage, datetime(2026, 1, 5, 8) + timedelta(hours=7 * case + 20 * step + (3 * case + step) % 5))
    for case in range(40)
    for step, stage in enumerate(STAGES)
]


def csv(header: str, rows: Sequence[Sequence[object]]) -> str:
    return "\n".join([header, *(",".join(map(str, row)) for row in rows)]) + "\n"


@pytest.mark.parametrize(
    ("key", "field", "value"),
    [("custom_fields", "field", "value"), ("attributes", "attribute", "value"), ("properties", "property", "value"),
     ("custom", "field", "new_value")],
)  # fmt: skip
def test_fields_of_an_event_are_no_events(key: str, field: str, value: str, log_of: Callable[..., EventLog]) -> None:
    found = [
        {
            "case_id": c,
            "activity": s,
            "timestamp": f"{t}",
            key: [{field: "team", value: "X"}, {field: "cost", value: 7}],
        }
        for c, s, t in ROWS
    ]
    assert events(log_of(json.dumps(found), "events.json")) == ROWS


@pytest.mark.parametrize("more", [{"event": "updated"}, {}])
def test_changes_of_the_stage_inside_an_event_are(more: dict[str, str], log_of: Callable[..., EventLog]) -> None:
    found = [
        {"ticket_id": c, **more, "created_at": f"{t}",
         "events": [{"field_name": "status", "value": s, "previous_value": None}]}
        for c, s, t in ROWS
    ]  # fmt: skip
    assert events(log_of(json.dumps(found), "audits.json")) == ROWS


@pytest.mark.parametrize(
    ("stage", "other", "words"),
    [("Status", "Type", ("Started", "Paused", "Resume", "Finished")),
     ("Ereignis", "Ort", ("Anmeldung", "Pause", "Abmeldung")),
     ("Status", "Category", ("Check in", "Start", "Pause", "Check out"))],
)  # fmt: skip
def test_a_status_in_words_for_beginning_and_ending(
    stage: str, other: str, words: tuple[str, ...], log_of: Callable[..., EventLog]
) -> None:
    begun = datetime(2026, 1, 5, 8)
    rows = [
        (f"WO-{case}", word, begun + timedelta(hours=5 * case + 9 * step), ("Pump", "Fan", "Belt")[(case + step) % 3])
        for case in range(60)
        for step, word in enumerate(words)
    ]
    log = log_of(csv(f"Order,{stage},Changed at,{other}", rows))
    assert (log.columns["stage"], events(log)) == (stage, [row[:3] for row in rows])


def test_the_same_words_beside_a_stage_tell_how_far_it_is(log_of: Callable[..., EventLog]) -> None:
    rows = [
        (case, stage, word, at + timedelta(hours=k * 3))
        for case, stage, at in ROWS
        for k, word in enumerate(("Anmeldung", "Abmeldung"))
    ]
    log = log_of(csv("Case,Station,Status,Zeit", rows))
    assert (log.columns["stage"], log.meaning) == ("Station", "interval")
    assert events(log, '"case", stage, start, time') == [(c, s, t, t + timedelta(hours=3)) for c, s, t in ROWS]


@pytest.mark.parametrize("header", ["Owner", "Person", "Bearbeiter", "Department"])
def test_people_are_no_names_of_codes(header: str, log_of: Callable[..., EventLog]) -> None:
    who = dict(zip(STAGES, ("Anna", "Berta", "Carla", "Dora"), strict=True))
    log = log_of(csv(f"Case,Status,{header},Time", [(c, 10 * STAGES.index(s), who[s], t) for c, s, t in ROWS]))
    assert (log.columns["stage"], log.columns["resource"]) == ("Status", header)
    assert events(log, "stage, resource") == [(str(10 * STAGES.index(s)), who[s]) for _, s, _ in ROWS]


@pytest.mark.parametrize("header", ["Last moved", "Last transition date", "Letzte Bewegung", "Last status change"])
def test_open_cases_stand_since_they_last_moved(header: str, log_of: Callable[..., EventLog]) -> None:
    begun = datetime(2026, 1, 5)
    rows = [
        (f"D{n}", STAGES[n * 7 % 4], begun + timedelta(days=n), begun + timedelta(days=n + 1 + n % 8),
         begun + timedelta(days=n + 30) if n < 20 else "")
        for n in range(60)
    ]  # fmt: skip
    log = log_of(csv(f"Deal,Stage,Created on,{header},Close date", rows))
    last = {row[0]: row[2] for row in sorted(events(log), key=lambda row: str(row[2]))}
    assert {deal: last[deal] for deal, *_ in rows[20:]} == {deal: moved for deal, _, _, moved, _ in rows[20:]}
