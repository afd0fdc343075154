"""What the kinds of strangers' inputs are made of: a log of some process, its table in some language, and the file."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

Row = tuple[str, str, datetime]
"""Case, stage, moment of entering it."""
Count = tuple[str, str]
"""Stage and day or month of a bucket, as ISO writes it."""

PROCESSES: tuple[tuple[str, ...], ...] = (
    ("Intake", "Triage", "Repair", "Shipped"), ("Draft", "Legal check", "Sign-off", "Filed"),
    ("Anfrage", "Angebot", "Nachfassen", "Auftrag"), ("Wareneingang", "Prüfung", "Montage", "Versand"),
    ("Demande", "Étude", "Devis", "Clôturé"), ("Solicitud", "Revisión", "Firma", "Archivado"),
    ("Richiesta", "Verifica", "Esecuzione", "Chiuso"), ("Aanvraag", "Beoordeling", "Uitvoering", "Gereed"),
    ("Zgłoszenie", "Wycena", "Realizacja", "Gotowe"),
)  # fmt: skip
HEADS: tuple[tuple[str, str, str], ...] = (
    ("Ticket", "Status", "Changed at"), ("Order no", "Step", "Entered on"), ("Claim ID", "State", "Status changed"),
    ("Vorgangsnummer", "Status", "Geändert am"), ("Auftragsnr", "Station", "Eingetreten am"),
    ("N° dossier", "Étape", "Modifié le"), ("Número de caso", "Estado", "Fecha de cambio"),
    ("Numero pratica", "Stato", "Data modifica"), ("Zaaknummer", "Status", "Gewijzigd op"),
)  # fmt: skip


@dataclass(frozen=True)
class Input:
    """A file, and what has to be read from it."""

    name: str
    data: bytes
    rows: tuple[Row, ...] = ()
    counts: tuple[tuple[str, str, float], ...] = ()
    """Of a table of counts: stage, first day of the bucket, how many arrived."""
    daily: bool = False
    """The file knows days only."""
    amounts: bool = False
    """Its amounts are in several currencies: none may be left."""


def log_of(rng: Random, cases: int = 0, minutes: bool = True) -> tuple[Row, ...]:
    """A log of a process of some language: rework, cases that are open, ids of some style."""
    stages = rng.choice(PROCESSES)
    style = rng.choice((lambda n: f"A-{1000 + n}", lambda n: str(20250 * 100 + n), lambda n: f"{n:04}/25",
                        lambda n: f"REQ{n:05}", lambda n: str(uuid.uuid5(uuid.NAMESPACE_OID, f"{n}"))))  # fmt: skip
    rows: list[Row] = []
    begin = datetime(2024, rng.randrange(1, 12), 2, 8)
    for number in range(cases or rng.randrange(26, 60)):
        at = begin + timedelta(minutes=number * rng.randrange(600, 2200))
        path = [*stages[:3], *((stages[1], stages[2]) if rng.random() < 0.2 else ()), stages[3]]
        case = style(number)
        for stage in path[: len(path) - (rng.random() < 0.2)]:
            rows.append((case, stage, at if minutes else at.replace(hour=0, minute=0)))
            at += timedelta(minutes=rng.randrange(1441, 9000))
    return tuple(sorted(rows, key=lambda row: row[2]))


def table(
    rng: Random,
    rows: tuple[Row, ...],
    written: Callable[[datetime], str] = str,
    sign: str = "",
    head: tuple[str, ...] = (),
    more: Callable[[int, Row], tuple[str, ...]] = lambda _n, _row: (),
) -> str:
    """A text of a log; more: further cells of a row, whose names stand behind the three of the head."""
    sign = sign or rng.choice(",;\t")
    names = head or rng.choice(HEADS)

    def cell(text: str) -> str:
        return f'"{text}"' if sign in text or '"' in text else text

    lines = [sign.join(names)]
    lines += [sign.join(map(cell, (c, s, written(at), *more(n, (c, s, at))))) for n, (c, s, at) in enumerate(rows)]
    return "\n".join(lines) + "\n"


def csv_of(text: str, rows: tuple[Row, ...], **more: bool) -> Input:
    return Input("export.csv", text.encode(), rows, **more)
