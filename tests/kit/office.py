"""A folder as a user of the README and the docs has it: a log, its plant, a live plant, a wall."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

PLANT = """name = "Our office"
timezone = "Europe/Berlin"
log = { path = "deals.csv", times = "entry", ends = ["Won", "Lost"] }
stages = [{ name = "Offer", target_wait = "2 d" }, { name = "Approval", department = "Sales", posts = 2 }]
departments = [{ name = "Sales" }]
workers = [{ stage = "Approval", count = 1, cost_per_hour = 70.0 }]
outcomes = [{ name = "Won", kind = "won" }, { name = "Lost", kind = "lost" }]
targets = [{ of = "Won", per_day = 2.0 }]
"""
LIVE = """name = "Our office, live"
timezone = "Europe/Berlin"

[record]
ends = ["Won", "Lost"]

[[feeds]]
name = "CRM"
kind = "file"
path = "changes.jsonl"
"""
WALL = """title = "Our office"

[[plant]]
name = "office"
file = "plant.toml"

[[view]]
kind = "whole"
seconds = 20

[[view]]
kind = "constraint"
seconds = 10
"""
SCENARIOS = """days = 30

[[scenario]]
name = "A second approver"
people = [{ stage = "Approval", add = 1 }]

[[scenario]]
name = "A third needs none"
skip = [{ stage = "Approval", share = 0.33 }]
"""


def furnish(folder: Path) -> None:
    """Write all of it into a folder."""
    (folder / "deals.csv").write_text(_log(), encoding="utf-8")
    (folder / "plant.toml").write_text(PLANT, encoding="utf-8")
    (folder / "live.toml").write_text(LIVE, encoding="utf-8")
    (folder / "wall.toml").write_text(WALL, encoding="utf-8")
    (folder / "scenarios.toml").write_text(SCENARIOS, encoding="utf-8")
    (folder / "changes.jsonl").write_text(
        '{"case": "A-1", "stage": "Offer", "time": "2026-03-31T10:00:00+02:00"}\n', encoding="utf-8"
    )


def _log(cases: int = 700, seed: int = 4) -> str:
    """Deals of January to July 2025: one every seven hours, with a queue before the approval from May to the end."""
    rng = random.Random(seed)
    lines = ["case,stage,entered,channel"]
    free = begin = datetime(2025, 1, 6, 8, tzinfo=UTC)
    end = begin + timedelta(hours=7 * cases)
    for case in range(cases):
        moment = begin + timedelta(hours=7 * case + rng.random() * 5)
        offered = moment + timedelta(hours=rng.uniform(2, 40))
        free = max(free, offered) + timedelta(hours=rng.uniform(7, 11) if case > 420 else rng.uniform(2, 6))
        ended = free + timedelta(hours=rng.uniform(1, 20))
        for stage, at in (
            ("Enquiry", moment),
            ("Offer", offered - timedelta(hours=1)),
            ("Approval", offered),
            ("Won" if rng.random() < 0.6 else "Lost", ended),
        ):
            if at <= end:
                lines.append(f"D{case},{stage},{at:%Y-%m-%dT%H:%M:%SZ},{('web', 'phone')[case % 2]}")
    return "\n".join(lines) + "\n"
