"""What the exports of offices are made of: cases that go through stages, their changes, a file in some form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random

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
