"""Pairs of spans of generated plants: is an injected difference told, and is a chance one not?

Two spans of 60 working days of one plant, with and without a change of one stage between them. Told: a difference of
that stage is among those told. False: without a change, anything is told; with one, what is told of stages before it
(what comes after the stage is otherwise, too).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from factoryview.factory.privacy import STRICT
from factoryview.flow.change.compare import Comparison, Span, compare
from factoryview.flow.change.records import records_of
from factoryview.plant.models import Plant
from factoryview.time import HOUR
from tests.kit.plants.logs import EPOCH, store_of, tables
from tests.kit.plants.shifts import Shift, generate
from tests.kit.plants.simulate import simulate

KINDS = ("work", "delay", "people")
DAYS = 60


def judged(shift: Shift, meaning: str) -> Comparison:
    """What is said of the spans before and after the day of the shift (or the day on which none is)."""
    store = store_of(*tables(shift.spec, simulate(shift.spec), meaning), meaning)  # type: ignore[arg-type]
    records = records_of(store, Plant(name="bench"))
    day = records.day_of(round((EPOCH.timestamp() / 3600 + shift.day) * HOUR))
    return compare(Span(records, day - DAYS, day), Span(records, day, min(day + DAYS, records.over)), STRICT)


def run(pairs: int = 200, first: int = 0) -> dict[str, Any]:
    """pairs: half with an injected difference, half without."""
    rows: dict[str, Any] = {}
    half = range(first, first + pairs // 2)
    for meaning in ("interval", "entry"):
        told, wrong, named = [], [], []
        for seed in half:
            shift = generate(seed, KINDS[seed % 3])
            found = judged(shift, meaning).differences
            names = [machine.name for machine in shift.spec.machines]
            told.append(any(each.stage == shift.stage for each in found))
            before = names[: names.index(shift.stage or "")]
            wrong += [each.stage in before for each in found]
        still = [judged(generate(seed, "still"), meaning) for seed in half]
        named = [bool(each.found) for each in still]
        rows[meaning] = {
            "pairs with a difference": len(told), "told": round(float(np.mean(told)), 3),
            "of all that is told, of a stage before it": round(float(np.mean(wrong or [0])), 3),
            "pairs without": len(named), "anything is told": round(float(np.mean(named)), 3),
            "of all that is tested": round(sum(e.found for e in still) / max(sum(e.tested for e in still), 1), 4),
        }  # fmt: skip
    return rows
