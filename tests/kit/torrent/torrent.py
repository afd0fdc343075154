"""A clean log, and the same log as the world sends it: in disorder, some of it twice, with poison in between."""

from __future__ import annotations

import csv
import json
import random
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from factoryview.sources import ReadOptions, read
from factoryview.store.database import Store
from factoryview.store.journal.journal import Journal
from factoryview.store.journal.recorded import read_recorded

STAGES = ("Enquiry", "Qualified", "Offer", "Negotiation", "Contract", "Delivery")
ENDS = ("Won", "Lost")
_FIELDS = ("event_id", "case", "stage", "time", "value", "channel", "resource", "reason")
_START = datetime(2025, 1, 6, tzinfo=UTC)
_MARK = re.compile(r"poison-(\d+)-")


@dataclass(frozen=True)
class Torrent:
    """The events of a log in order, and all messages in the order in which they come."""

    events: list[dict[str, str]]
    messages: list[str]
    """JSON texts, and what only looks like some."""
    twice: int
    """How many of them say what another one says."""
    poison: frozenset[int]
    """The numbers of those that cannot be used."""

    def write_csv(self, path: Path) -> Path:
        """The clean log."""
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, _FIELDS[1:], extrasaction="ignore")
            writer.writeheader()
            writer.writerows(self.events)
        return path


def torrent(events: int, seed: int, *, only_json: bool = False) -> Torrent:
    """So many events, 1 % of them twice, and 1 % poison beside them. only_json: the poison is valid JSON, too."""
    rng = random.Random(seed)
    clean = _clean(events, rng)
    arriving = [(k + _delay(rng, events), json.dumps(event, ensure_ascii=rng.random() < 0.5))
                for k, event in enumerate(clean)]  # fmt: skip
    twice = [(place + _delay(rng, events), text) for place, text in rng.sample(arriving, events // 100)]
    poison = [(rng.uniform(0, events), _poison(k, rng, only_json)) for k in range(events // 100)]
    ordered = [text for _, text in sorted([*arriving, *twice, *poison], key=lambda one: one[0])]
    return Torrent(clean, ordered, len(twice), frozenset(range(len(poison))))


def set_aside(store: Path) -> tuple[frozenset[int], int]:
    """The numbers of the poison that was set aside, and how often poison was."""
    with Journal.read(store) as journal:
        found = journal.set_aside(10**6)
        marks = [int(match[1]) for *_, raw in found if (match := _MARK.search(raw))]
        assert len(marks) == len(found), "something was set aside that is no poison"
        return frozenset(marks), len(found)


def differences(store: Path, log: Path) -> dict[str, list[object]]:
    """What the stays and outcomes of a recorded store and of a clean log do not share; empty when they are the same.

    All columns count but the number of the row.
    """
    clean = Store.build(read(log, ReadOptions(times="entry")), ends=ENDS)
    with Journal.read(store) as journal:
        recorded = Store.build(read_recorded(journal).log, ends=ENDS)
    try:
        found: dict[str, list[object]] = {}
        for table in ("stays", "outcomes"):
            one, other = (
                built.engine.connection.execute(f"select * exclude (id) from {table} order by all").fetchall()
                for built in (clean, recorded)
            )
            assert one, "an empty log proves nothing"
            if one != other:
                found[table] = [*(set(one) ^ set(other)), len(one), len(other)][:10]
        return found
    finally:
        clean.close()
        recorded.close()


def _clean(events: int, rng: random.Random) -> list[dict[str, str]]:
    """Cases that overlap; the times of one case are never equal."""
    rows: list[tuple[datetime, dict[str, str]]] = []
    case = 0
    while len(rows) < events:
        case += 1
        moment = _START + timedelta(seconds=case * 97 + rng.random() * 50)
        about = {
            "case": f"Köln-{case:06}",
            "channel": rng.choice(("web", "phone", "")),
            "value": rng.choice(("", "1200", "87.5", "0.1")),
        }
        steps = list(STAGES[: rng.randint(1, len(STAGES))])
        if rng.random() < 0.2 and len(steps) > 2:
            steps.insert(rng.randrange(2, len(steps)), steps[1])
        steps += [rng.choice(ENDS)] if rng.random() < 0.8 else []
        for step in steps[: events - len(rows)]:
            said = {"stage": step, "resource": rng.choice(("Ada", "Grace", "")), "reason": ""}
            if step == "Lost":
                said["reason"] = rng.choice(("price", "silent"))
            rows.append((moment, {**about, **said, "time": moment.isoformat()}))
            moment += timedelta(microseconds=1 + int(rng.expovariate(1 / 4e10)))
    ordered = [row for _, row in sorted(rows, key=lambda row: (row[0], row[1]["case"]))]
    return [{"event_id": f"e{k}", **row} for k, row in enumerate(ordered)]


def _delay(rng: random.Random, events: int) -> float:
    """How many places later a message comes than it should: mostly some, sometimes very many."""
    return rng.uniform(0, events / 50) if rng.random() < 0.97 else rng.uniform(0, events / 2)


def _poison(number: int, rng: random.Random, only_json: bool) -> str:
    mark = f"poison-{number}-"
    good = {"event_id": mark, "case": "Köln-1", "stage": "Offer", "time": "2025-03-01T00:00:00+00:00", "resource": mark}
    bad: list[object] = [
        {**good, "case": ""},
        {key: value for key, value in good.items() if key != "case"},
        {**good, "stage": None},
        {**good, "time": "31 February"},
        {**good, "time": "2025-02-30T00:00:00Z"},
        {**good, "time": "2099-01-01T00:00:00Z"},
        {key: value for key, value in good.items() if key != "time"},
        {**good, "value": "a lot"},
        {**good, "case": ["x"]},
        mark,
        [[mark]],
    ]
    if only_json or rng.random() < 0.6:
        return json.dumps(rng.choice(bad))
    text = json.dumps(good)
    return rng.choice([mark, text[:-1], text.replace(":", "", 1), f"{text}}}", f'{{"{mark}": NaN}}', f"<a>{mark}</a>"])
