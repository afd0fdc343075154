"""What can be tried at a machine or a source with one press."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from math import ceil
from typing import NamedTuple

from factoryview.desk.filtering import Choices
from factoryview.desk.whatif.futures import Known
from factoryview.plant.models import Plant
from factoryview.plant.scenario_file import (
    ChangeArrivals,
    ChangeBatch,
    ChangeHours,
    ChangeLimit,
    ChangeLosses,
    ChangePeople,
    ChangePriority,
    ChangeRetirements,
    ChangeRoute,
    ChangeSkip,
    ChangeWork,
    Scenario,
)
from factoryview.plant.words import PlantModel
from factoryview.view.model import Model
from factoryview.whatif.held import batched, feeding
from factoryview.whatif.interventions import YEAR_H

LESS_WORK, LESS_LOST, MORE_COME, LESS_COME = 0.8, 0.5, 1.25, 0.75
HELPED = 0.5
"""Share of the cases that others work on."""
_YEAR = YEAR_H / 24
"""Days."""
_LONGER = 2
"""Hours by which a day is made longer."""
_MANY_WAIT = 4
"""Fewer are no queue that anybody would limit."""


class Press(NamedTuple):
    """A button."""

    name: str
    """The last part of its node's id."""
    change: PlantModel
    why_not: str = ""
    """Text that says why it cannot be pressed; empty: it can."""


def of_stage(
    stage: str,
    model: Model,
    choices: Choices,
    known: Known | None,
    scenario: Scenario | None,
    days: float = _YEAR / 4,
) -> Iterator[Press]:
    """At a machine. scenario: that the change goes to; days: in whose first half the first of those goes who leave."""
    why = _why_not(stage, known)
    yield Press("person", ChangePeople(stage=stage, add=1), why)
    yield Press("robot", ChangePeople(stage=stage, add=1, kind="robot"), why)
    alone = why or _nobody_left(stage, known, scenario)
    yield Press("fewer", ChangePeople(stage=stage, add=-1), alone)
    yield Press("retire", ChangeRetirements(stage=stage, per_year=ceil(_YEAR / days)), alone)
    yield Press("work", ChangeWork(stage=stage, factor=LESS_WORK), why)
    hours = _longer(stage, model.factory.plant, scenario)
    if hours is not None:
        yield Press("hours", hours, why)
    yield Press("shortest", ChangePriority(stage=stage, rule="shortest first"), why)
    if (by := _least_loaded(stage, known)) is not None:
        yield Press("route", ChangeRoute(stage=stage, by=by, share=HELPED))
    if (most := _half_of_them(stage, known)) is not None:
        yield Press("limit", ChangeLimit(stage=stage, most=most))
    if known is not None and known.lab is not None and batched(known.lab.setting.calibration, stage):
        yield Press("batch", ChangeBatch(stage=stage, size=1))
    for value in choices.worth[:1]:
        yield Press("skip", ChangeSkip(stage=stage, below=value))
    if stage in model.topology.losing:
        yield Press("losses", ChangeLosses(stage=stage, factor=LESS_LOST))


def of_channel(channel: str | None) -> Iterator[Press]:
    """At a source; None: at all of them."""
    yield Press("more", ChangeArrivals(channel=channel, factor=MORE_COME))
    yield Press("less", ChangeArrivals(channel=channel, factor=LESS_COME))


def _why_not(stage: str, known: Known | None) -> str:
    """Why people cannot be changed at a stage, as far as that is known."""
    if known is None or known.lab is None:
        return ""
    log = known.lab.setting.calibration.log
    if stage not in log.stages:
        return "offer.nothing_there"
    if log.delay is not None and log.delay[log.stages.index(stage)]:
        return "offer.nobody_there"
    return ""


def _nobody_left(stage: str, known: Known | None, scenario: Scenario | None) -> str:
    if known is None or known.lab is None:
        return ""
    setting = known.lab.setting
    gone = sum(people.add for people in scenario.people if people.stage == stage) if scenario is not None else 0
    return "offer.nobody_left" if setting.calibration.pools[setting.pool(stage)].servers + gone <= 0 else ""


def _least_loaded(stage: str, known: Known | None) -> str | None:
    """The stage whose people have worked the least share of their hours, of another pool; None where there is none."""
    if known is None or known.lab is None:
        return None
    calibration = known.lab.setting.calibration
    log, mine = calibration.log, calibration.pool_of(stage)
    if mine is None:
        return None
    others = [
        (float(load), log.stages[pool.stages[0]])
        for pool, load in zip(calibration.pools, calibration.load.tolist(), strict=True)
        if pool is not mine and load > 0 and not (log.delay is not None and log.delay[list(pool.stages)].any())
    ]
    return min(others)[1] if others else None


def _half_of_them(stage: str, known: Known | None) -> int | None:
    """A limit to half of what waits now before a stage; None where that is little, or nobody could be held back."""
    if known is None or known.lab is None:
        return None
    calibration, log = known.lab.setting.calibration, known.lab.setting.calibration.log
    if stage not in log.stages or not feeding(calibration, stage):
        return None
    waiting = sum(log.stages[one.stage] == stage for one in log.waiting)
    return waiting // 2 if waiting >= _MANY_WAIT else None


def _longer(stage: str, plant: Plant, scenario: Scenario | None) -> ChangeHours | None:
    """A longer day than the plant's, or than the scenario's; None where it has none, or it would end at night."""
    said = plant.calendar
    if not said.days:
        return None
    before = next((each for each in scenario.hours if each.stage == stage), None) if scenario is not None else None
    start, end = (said.start, said.end) if before is None else (before.start, before.end)
    if end <= start or end.hour + _LONGER > 23:
        return None
    return ChangeHours(stage=stage, days=said.days, start=start, end=time(end.hour + _LONGER, end.minute))
