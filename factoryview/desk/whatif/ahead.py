"""The simulated future on the same floor: a model of what happened until a moment, and of one future from then on."""

from __future__ import annotations

from concurrent.futures import Future as Promise
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from factoryview.desk.whatif.futures import Changes, Known, changes_of
from factoryview.factory.factory import Factory
from factoryview.layout.plan import Plan
from factoryview.plant.models import Plant, Worker
from factoryview.plant.notes import Notes
from factoryview.plant.scenario_file import Scenario, resolved
from factoryview.store.continued import continued
from factoryview.time import micros_of, utc
from factoryview.view.model import Model
from factoryview.whatif.facts import Future
from factoryview.whatif.interventions import changed, check
from factoryview.whatif.kernel import simulate
from factoryview.whatif.lab import Changed
from factoryview.whatif.remembering import RememberingLab
from factoryview.whatif.stays import future_stays


class Ahead:
    """Models of simulated futures, made on a worker thread one after the other. `ask` returns at once."""

    def __init__(self) -> None:
        self._worker = ThreadPoolExecutor(1, "ahead")
        self._made: tuple[Factory, Plan, int, Changes, Promise[Model]] | None = None
        self.shown: Model | None = None
        """The last that was given out."""
        self._shown_with: Changes = ()

    def ask(
        self, whole: Model, known: Known, scenario: Scenario | None, futures: int, like: Scenario | None = None
    ) -> Model | None:
        """The plant with what happened until the moment of what is known, and then a future with a scenario; None: it
        is being made. futures: among how many it is the middle one by work in progress; like: with this scenario.

        Raises InputError where the scenario cannot be tried.
        """
        of = whole.factory, whole.topology.plan, known.at, (*changes_of(scenario), *changes_of(like))
        if known.lab is None:
            return None
        if self._made is None or self._made[:4] != of:
            if self._made is not None:
                self._made[4].cancel()
            self._made = *of, self._worker.submit(simulated, whole, known, known.lab, scenario, futures, like)
        if not self._made[4].done():
            return None
        self.shown, self._shown_with = self._made[4].result(), of[3]
        return self.shown

    def shows(self, scenario: Scenario | None) -> bool:
        """What was given out last is with this scenario, not with another that it is to take the place of."""
        return self.shown is not None and self._shown_with == changes_of(scenario)

    @property
    def busy(self) -> bool:
        """One is being made."""
        return self._made is not None and not self._made[4].done()

    def settle(self) -> None:
        """Wait until what was asked for has come."""
        if self._made is not None:
            self._made[4].exception()


def simulated(
    whole: Model, known: Known, lab: RememberingLab, scenario: Scenario | None, futures: int,
    like: Scenario | None = None,
) -> Model:  # fmt: skip
    """See `Ahead.ask`."""
    seed = middle_seed(lab, variant_of(whole, lab, like or scenario), futures)
    return future_of(whole, known.at, lab, scenario, seed)


def variant_of(whole: Model, lab: RememberingLab, scenario: Scenario | None) -> Changed:
    """What a scenario makes of a future. Raises InputError where it cannot be tried."""
    wanted = None if scenario is None else resolved(scenario, whole.factory.plant)
    if wanted is not None:
        check(wanted, lab.setting)

    def variant(future: Future, seed: int) -> Future:
        return future if wanted is None else changed(future, wanted, lab.setting, seed)

    return variant


def future_of(whole: Model, at: int, lab: RememberingLab, scenario: Scenario | None, seed: int) -> Model:
    """The plant with what happened until a moment (µs UTC), and then the future of a seed with a scenario."""
    factory = whole.factory
    wanted = None if scenario is None else resolved(scenario, factory.plant)
    future = variant_of(whole, lab, scenario)(lab.future(seed), seed)
    run = simulate(future.replication.steps, future.replication.pools, seed, lab.setting.end, future.replication.held)
    stays, outcomes = future_stays(factory.store, lab, future, run, at)
    store = continued(factory.store, at, stays, outcomes)
    notes = notes_then(factory.notes, factory.plant, at)
    then = replace(factory, plant=plant_then(factory.plant, wanted, at), store=store, notes=notes,
                   read_otherwise=None, _staff={})  # fmt: skip
    model = whole.going_on(then)
    model.study(model.last)
    return model


def middle_seed(lab: RememberingLab, variant: Changed, futures: int) -> int:
    """The seed of the future in which as much is in progress as in the middle of them all."""
    (figures,) = lab.outcomes([variant], range(futures))
    return int(np.argsort(figures["wip"], kind="stable")[(futures - 1) // 2])


def plant_then(plant: Plant, scenario: Scenario | None, at: int) -> Plant:
    """The plant as it was known at a moment (µs UTC), with those who come and go by a scenario; what was planned for
    later is not known.
    """
    day = utc(at).astimezone(ZoneInfo(plant.timezone)).date()
    workers = [
        worker.model_copy(update={"until": None}) if worker.until is not None and worker.until > day else worker
        for worker in plant.workers
        if worker.since is None or worker.since <= day
    ]
    for change in scenario.people if scenario is not None else ():
        begins = max(change.since or day, day + timedelta(days=1))
        if change.add > 0:
            workers.append(Worker(stage=change.stage, kind=change.kind, count=change.add, since=begins))
        else:
            workers = _without(workers, change.stage, change.kind, -change.add, begins)
    marks = tuple(mark for mark in plant.marks if _micros(mark.at, plant) <= at)
    return plant.model_copy(update={"workers": tuple(workers), "marks": marks})


def notes_then(notes: Notes, plant: Plant, at: int) -> Notes:
    """The notes that are pinned to a moment (µs UTC) or before it."""
    return Notes(note=tuple(note for note in notes.note if _micros(note.at, plant) <= at))


def _micros(moment: datetime, plant: Plant) -> int:
    """A moment of the plant file, which is in the plant's own time where it names no other."""
    return micros_of(moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(plant.timezone)))


def _without(workers: list[Worker], stage: str, kind: str, count: int, begins: date) -> list[Worker]:
    """So many of them leave the day before."""
    found: list[Worker] = []
    for worker in workers:
        gone = min(count, worker.count) if (worker.stage, worker.kind) == (stage, kind) and worker.until is None else 0
        count -= gone
        if gone:
            found.append(worker.model_copy(update={"count": gone, "until": begins - timedelta(days=1)}))
        if worker.count > gone:
            found.append(worker.model_copy(update={"count": worker.count - gone}))
    return found
