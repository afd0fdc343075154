"""A log in a table of a DuckDB file, with all that a floor can show."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import duckdb
import pytest

from factoryview.store import kept_stays, sketch
from factoryview.view import keeping

PLANT = """name = "Office"
[warehouse]
path = "events.duckdb"
table = "moves"
ends = ["Won", "Lost"]
"""
STAGES = ("Ask", "Call", "Check", "Offer")
CASES = 900
HOUR = 3_600


Row = tuple[str, str, int | None, str, str]
"""Case, stage, second, channel, reason."""


def rows(seed: int = 1) -> list[Row]:
    """Cases that come for two hundred days; some come back, some stop, some are lost; one is at a stage of its own."""
    random, found = Random(seed), list[Row]()
    for case in range(CASES):
        at, stage, channel = random.randrange(200 * 24) * HOUR, 0, random.choice(("web", "phone", "fair"))
        while True:
            found.append((f"c{case}", STAGES[stage], at, channel, ""))
            at += random.randint(0, 90) * HOUR
            draw = random.random()
            if draw < 0.05:
                break
            if draw < 0.2 or stage == len(STAGES) - 1:
                end = "Lost" if draw < 0.2 else "Won"
                found.append((f"c{case}", end, at, channel, random.choice(("price", "late")) if end == "Lost" else ""))
                if draw > 0.07:
                    break
                at, stage = at + 5 * HOUR, 1
            else:
                stage = max(0, stage - 1) if draw > 0.93 else stage + 1
    found.append(("rare", "Court", 5_000 * HOUR, "web", ""))
    return sorted(found, key=lambda row: row[2] or 0)


def write(folder: Path, more: Callable[[list[Row]], None] = lambda _rows: None) -> Path:
    """The plant file of such a log in a DuckDB file. more: changes its rows."""
    found = rows()
    more(found)
    with duckdb.connect(str(folder / "events.duckdb")) as con:
        con.execute('create table moves ("case" text, stage text, time timestamp, channel text, reason text)')
        names = ("case", "stage", "after", "channel", "reason")
        columns = dict(zip(names, map(list, zip(*found, strict=True)), strict=True))
        con.execute(
            "insert into moves "
            "select c, s, timestamp '2025-01-01' + to_seconds(after), channel, nullif(reason, '') from ("
            "select unnest($case::text[]) as c, unnest($stage::text[]) as s, unnest($after::bigint[]) as after, "
            "unnest($channel::text[]) as channel, unnest($reason::text[]) as reason)",
            columns,
        )
    (folder / "plant.toml").write_text(PLANT, encoding="utf-8")
    return folder / "plant.toml"


def as_large(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Such a log is taken for a large one, and what is kept is kept in the folder."""
    for variable in ("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(variable, str(folder))
    monkeypatch.setattr(sketch, "FEWEST", 1_000)
    monkeypatch.setattr(sketch, "SAMPLED", 1_000)
    monkeypatch.setattr(sketch, "BEGUN", 1_200)
    monkeypatch.setattr(kept_stays, "FEWEST", 1)
    monkeypatch.setattr(keeping, "FEWEST", 1)
