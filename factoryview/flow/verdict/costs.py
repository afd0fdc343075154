"""What the bottleneck costs: completed cases and money a day that the next constraint would let through."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from factoryview.flow.verdict.basis import Line
from factoryview.flow.verdict.bottleneck import FREE, Bottleneck
from factoryview.flow.verdict.lift import lift, steadied
from factoryview.flow.verdict.ribbon import Phase
from factoryview.flow.verdict.worktime import working_days
from factoryview.store.database import Store
from factoryview.time import moment_of

SHORTEST = 3 * 24.0
"""Hours; a shorter stretch says too little about a day's gain."""


@dataclass(frozen=True)
class Cost:
    """Per working day."""

    cases: float
    money: float | None
    """None where no case has a value."""
    value: float | None
    """Mean value of a completed case."""


def stretch(line: Line, bottleneck: Bottleneck, phases: list[Phase]) -> tuple[float, float]:
    """The time around the moment in which the same stage is the bottleneck and its staff, where known, the same."""
    if bottleneck.stage is None:
        return bottleneck.window
    moment = min(bottleneck.until, line.evidence.end - 1e-6)
    here = [phase for phase in phases if phase.stage == bottleneck.stage and phase.since <= moment < phase.until]
    if not here:
        return bottleneck.window
    since, until = here[0].since, here[0].until
    staff = line.stations[line.evidence.index(bottleneck.stage)].staff
    if staff is not None:
        since = max([since, *staff.since_h[staff.since_h <= moment].tolist()])
        until = min([until, *staff.since_h[staff.since_h > moment].tolist()])
    return (since, until) if until - since >= SHORTEST else bottleneck.window


def cost_of(
    line: Line,
    bottleneck: Bottleneck,
    store: Store,
    phases: list[Phase] | None = None,
) -> Cost:
    """What lifting the bottleneck to the next constraint would have gained a day, losses through impatience included.

    Over the bottleneck's window, or, given the ribbon, over the whole stretch of its present state.
    """
    since, until = bottleneck.window if phases is None else stretch(line, bottleneck, phases)
    value = completed_value(line, store, (since, until))
    if bottleneck.stage is None:
        return Cost(0.0, 0.0 if value is not None else None, value)
    first = line.frame.bin_of(since)
    length = max(1, line.frame.bin_of(until - 1e-9) - first + 1)
    gain = lift(line.frame, line.evidence, line.stations, np.array([first]), length, FREE, steadied)
    extra = max(float(gain.final[0, line.evidence.index(bottleneck.stage)]), 0.0)
    cases = extra / working_days(line.evidence, since, until)
    return Cost(cases, cases * value if value is not None else None, value)


def completed_value(line: Line, store: Store, window: tuple[float, float]) -> float | None:
    """Mean value of the cases completed in the window, else of all completed ones; None where none has a value."""
    good = [name for name, well in zip(line.evidence.ways, line.evidence.good, strict=True) if well]
    since, until = (moment_of(hour).replace(tzinfo=None) for hour in window)
    [(recent, every)] = store.rows("verdict/completed_value", since=since, until=until, good=good)
    found = recent if recent is not None else every
    return float(found) if found is not None else None
