"""What a scenario costs, as far as the plant file and the scenario say it."""

from __future__ import annotations

from factoryview.plant.models import Plant
from factoryview.plant.scenario_file import Scenario
from factoryview.whatif.calibration import Calibration

WEEKS_A_YEAR = 365.25 / 7


def cost_of(scenario: Scenario, calibration: Calibration, plant: Plant, days: float) -> tuple[float | None, float]:
    """What it costs a year (negative: what it saves) and once, in the plant's currency.

    None a year where the hour of somebody added or removed has no price. Other working hours are taken to be paid as
    those now; those who retire save what they cost in the time that is simulated.
    """
    a_year = 0.0
    once = 0.0
    known = True
    for people in scenario.people:
        price = people.cost_per_hour if people.cost_per_hour is not None else _price(plant, people.stage, people.kind)
        once += people.once
        if price is None:
            known = False
        else:
            a_year += people.add * price * _hours(calibration, people.stage)
    for retire in scenario.retire:
        price = _price(plant, retire.stage, "person")
        if price is None:
            known = False
        else:
            a_year -= retire.per_year * days / 365.25 / 2 * price * _hours(calibration, retire.stage)
    a_year += sum(change.per_year for kind in (scenario.work, scenario.losses, scenario.arrivals) for change in kind)
    once += sum(change.once for kind in (scenario.work, scenario.losses) for change in kind)
    return (a_year if known else None), once


def _price(plant: Plant, stage: str, kind: str) -> float | None:
    """What an hour of one of them costs, on average over those in the plant file; None where it says nothing."""
    here = [worker for worker in plant.workers if worker.stage == stage and worker.cost_per_hour is not None]
    alike = [worker for worker in here if worker.kind == kind]
    if not alike:
        return None
    return sum((worker.cost_per_hour or 0.0) * worker.count for worker in alike) / sum(one.count for one in alike)


def _hours(calibration: Calibration, stage: str) -> float:
    """Working hours a year of one at a stage."""
    pool = calibration.pool_of(stage)
    return (pool.calendar if pool else calibration.calendar).hours_a_week * WEEKS_A_YEAR
