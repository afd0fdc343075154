"""A calibrated plant in which scenarios are tried: its futures, and what each brings with and without a change."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from factoryview.plant.models import Plant
from factoryview.store.database import Store
from factoryview.whatif.calibration import Calibration, calibrate
from factoryview.whatif.document import Name
from factoryview.whatif.facts import Future, facts_of, future_of
from factoryview.whatif.interventions import Setting
from factoryview.whatif.kernel import simulate
from factoryview.whatif.log import Floats, Log
from factoryview.whatif.measures import Measures, measured
from factoryview.whatif.observe import Observed, observe
from factoryview.whatif.replication import draw
from factoryview.whatif.today import Today, today_of
from factoryview.whatif.trust import Trust, trust_of

FULL = 0.85
"""Load from which on a pool limits the plant."""
Changed = Callable[[Future, int], Future]


@dataclass(frozen=True, eq=False)
class Lab:
    """A calibrated plant in which scenarios are tried."""

    setting: Setting
    today: Today
    plant: Plant
    promise_h: float

    @classmethod
    def of(cls, setting: Setting, plant: Plant) -> Lab:
        """Ready to begin with the real queue."""
        setting = replace(setting, holidays=tuple(plant.calendar.holidays))
        log, facts = setting.calibration.log, setting.facts
        lead = (log.closed - log.arrived)[facts.won & np.isfinite(log.closed)]
        promise = float(np.quantile(lead, 0.85)) if len(lead) else 0.0
        return cls(setting, today_of(setting.calibration), plant, promise)

    def future(self, seed: int) -> Future:
        """One possible future of the plant as it is."""
        setting = self.setting
        drawn = draw(setting.calibration, seed, setting.begin, setting.days, today=self.today)
        return future_of(setting.calibration, setting.facts, drawn, seed)

    def outcome(self, future: Future, seed: int) -> Measures:
        """What a future brings."""
        replication = future.replication
        run = simulate(replication.steps, replication.pools, seed, self.setting.end, replication.held)
        return measured(future, run, self.setting, self.promise_h)

    def brought(self, variant: Changed, as_is: Future, seed: int) -> Measures:
        """What a variant of a future brings."""
        return self.outcome(variant(as_is, seed), seed)

    def outcomes(
        self,
        variants: Sequence[Changed],
        seeds: Sequence[int],
        done: Callable[[], None] = lambda: None,
        drawn: Sequence[Future] = (),
    ) -> list[Figures]:
        """The figures of each variant over the same futures, on all cores.

        drawn: the futures of these seeds, where they are drawn already, as before somebody clicks.
        """

        def one(seed: int) -> list[Measures]:
            as_is = drawn[seed] if drawn else self.future(seed)
            found = [self.brought(variant, as_is, seed) for variant in variants]
            done()
            return found

        with ThreadPoolExecutor(os.cpu_count()) as threads:
            rows = list(threads.map(one, seeds))
        return [Figures([row[place] for row in rows]) for place in range(len(variants))]


class Figures:
    """Measures of many futures."""

    def __init__(self, rows: Sequence[Measures]) -> None:
        self.rows = rows

    def __getitem__(self, name: Name) -> Floats:
        return np.array([getattr(row, name) for row in self.rows])

    @property
    def value(self) -> Floats:
        return np.array([row.value for row in self.rows])

    def constraint(self) -> int | None:
        """The pool that limits: of those that are full, the one before which most wait."""
        load = np.median([row.load for row in self.rows], axis=0)
        queue = np.median([row.queue for row in self.rows], axis=0)
        full = np.flatnonzero(np.nan_to_num(load) >= FULL)
        return int(full[np.argmax(queue[full])]) if len(full) else None


def open_lab(store: Store, plant: Plant, at: int, days: float) -> tuple[Lab, Observed]:
    """The plant as it is known at a moment (µs UTC), and the log it was learnt from.

    Raises InputError where the log has counts only, or too few complete cases.
    """
    seen = observe(store, plant, at)
    calibration = calibrate(seen.log, calendar=seen.calendar, heads=seen.heads)
    facts = facts_of(store, plant, calibration, at)
    return Lab.of(Setting(calibration, facts, seen.week, calibration.log.now, days), plant), seen


def trusted(seen: Observed) -> Trust:
    """How far the model of a log can be trusted, beside a copy of the past."""

    def calibrated(log: Log) -> Calibration:
        return calibrate(log, calendar=seen.calendar, heads=seen.heads)

    return trust_of(seen.log, calibrated)
