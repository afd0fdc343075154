"""How often the day of a change is found on generated plants whose one stage changed, and how often one is seen in a
year in which nothing did.

The day is found if a change is named at that stage, at most three working days from the true one.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np

from factoryview.flow.change.changes import changes
from factoryview.flow.change.records import records_of
from factoryview.plant.models import Plant
from factoryview.time import HOUR
from tests.kit.plants.logs import EPOCH, store_of, tables
from tests.kit.plants.shifts import Shift, generate
from tests.kit.plants.simulate import simulate

KINDS = ("work", "people", "delay")
NEAR = 3


def judged(shift: Shift, meaning: str) -> dict[str, Any]:
    """What is said about the log of one plant."""
    store = store_of(*tables(shift.spec, simulate(shift.spec), meaning), meaning)  # type: ignore[arg-type]
    records = records_of(store, Plant(name="bench"))
    found = changes(records)
    true = records.day_of(round((EPOCH.timestamp() / 3600 + shift.day) * HOUR))
    here = [change for change in found if change.stage == shift.stage]
    off = min((abs(records.day_of(change.at) - true) for change in here), default=None)
    held = any(change.since // HOUR <= EPOCH.timestamp() / 3600 + shift.day + 48
               and EPOCH.timestamp() / 3600 + shift.day - 48 <= change.until // HOUR for change in here)  # fmt: skip
    elsewhere = [change for change in found if change.stage != shift.stage]
    said = [(each.stage, each.cause, records.day_of(each.at)) for each in found]
    return {"changes": len(found), "off": off, "held": held, "elsewhere": len(elsewhere), "said": said, "true": true,
            "factor": round(shift.factor, 2)}  # fmt: skip


def run(plants: int = 200, first: int = 0, still: int = 1, verbose: int = 0) -> dict[str, Any]:
    """plants: with a change (a third each of work, people, delays), and as many without (still=0: none)."""
    rows: dict[str, Any] = {}
    for meaning in ("interval", "entry"):
        told = defaultdict(list)
        for seed in range(first, first + plants):
            kind = KINDS[seed % 3]
            found = judged(generate(seed, kind), meaning)
            told[kind].append(found)
            if verbose and (found["off"] is None or found["off"] > NEAR):
                print(meaning, kind, seed, found)
        every = [each for group in told.values() for each in group]
        rows[f"{meaning}, changed"] = {
            "plants": len(every),
            "day within 3 working days": share([hit(each) for each in every]),
            **{f"of these: {kind}": share([hit(each) for each in group]) for kind, group in told.items()},
            "interval holds the day": share([each["held"] for each in every if each["off"] is not None]),
            "changes named at other stages, per plant": round(float(np.mean([e["elsewhere"] for e in every])), 3),
        }
        if still:
            quiet = [judged(generate(seed, "still"), meaning) for seed in range(first, first + plants)]
            if verbose:
                print([(k + first, each["said"]) for k, each in enumerate(quiet) if each["said"]])
            rows[f"{meaning}, still"] = {
                "plants": len(quiet),
                "a change is named": share([e["changes"] > 0 for e in quiet]),
            }
    return rows


def hit(found: dict[str, Any]) -> bool:
    """Whether the day was found."""
    return found["off"] is not None and found["off"] <= NEAR


def share(values: list[bool]) -> float:
    return round(float(np.mean(values)), 3) if values else float("nan")
