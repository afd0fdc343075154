"""What the open cases will do: their age against the stage's own past, who meets the target.

Ages and stays are measured in the stage's working time; open cases count as open (`survival`), so a slow stage is
not flattered by the few that have left it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from factoryview.flow.verdict.basis import Basis
from factoryview.flow.verdict.stations import Station
from factoryview.flow.verdict.survival import Survival, kaplan_meier
from factoryview.flow.verdict.visits import Floats, Visits

PERCENTILES = (0.5, 0.85, 0.95)
FEWEST = 20
SAMPLE = 20_000
"""The newest visits of a stage say what is usual there, and all open ones."""


@dataclass(frozen=True)
class Outlook:
    """The open cases of one stage; durations in hours of the stage's working time."""

    open: int
    usual: dict[float, float]
    """Percentile → stay by which that share has left; infinite where it is not known."""
    older: dict[float, int]
    """Percentile → open cases older than that."""
    on_time: float | None
    """Expected share of the open cases that leave within the plant's target; None without a target."""
    overdue: int
    """Open cases already older than the target."""


def stays_of(station: Station, until: float) -> tuple[Survival, Floats]:
    """The survival of stays at a stage as known at a moment, and the ages of the open ones (working hours)."""
    known: Visits = station.visits.until(until)
    if len(known.left) > SAMPLE:
        recent = np.arange(len(known.left)) >= len(known.left) - SAMPLE
        known = known.only(recent | ~np.isfinite(known.left))
    clock = station.clock
    entered = clock.worked(known.entered)
    now = float(clock.worked(np.array([until]))[0])
    ended = np.isfinite(known.left)
    durations = np.where(ended, clock.worked(np.where(ended, known.left, until)), now) - entered
    return kaplan_meier(np.maximum(durations, 0.0), ended), np.maximum(durations[~ended], 0.0)


def outlook(basis: Basis, until: float) -> dict[str, Outlook]:
    """Per stage with open cases at the moment (hours since 1970 UTC)."""
    found = {}
    for station in basis.stations:
        curve, ages = stays_of(station, until)
        if not len(ages):
            continue
        usual = {q: curve.quantile(q) for q in PERCENTILES}
        stage = basis.evidence.plant.stage(station.name)
        target = stage.target_wait if stage is not None else None
        on_time, overdue = None, 0
        if target is not None and len(curve.times) >= FEWEST:
            hours = target.total_seconds() / 3600 * station.clock.share
            on_time = float(curve.within(ages, hours).mean())
            overdue = int((ages >= hours).sum())
        found[station.name] = Outlook(
            len(ages), usual, {q: int((ages > limit).sum()) for q, limit in usual.items()}, on_time, overdue
        )
    return found
