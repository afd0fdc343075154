"""The plant as if there were only some of its cases: counted anew on a worker thread while the old picture stays."""

from __future__ import annotations

from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import reduce
from operator import and_

from factoryview.errors import FactoryviewError
from factoryview.factory.attributes import Offered
from factoryview.store.selection import Selection
from factoryview.view.model import Model
from factoryview.view.state import Studied

_MOST = 4
"""Models that are kept: whoever takes a condition back finds the picture at hand."""
Conditions = tuple[Selection, ...]
"""Conditions that all hold."""


@dataclass(frozen=True, eq=False)
class Narrowed:
    """A model of some cases, with how many they are."""

    model: Model
    cases: float
    of: float
    """All cases."""


@dataclass(frozen=True)
class Choices:
    """What the cases of a plant may be selected by beside where they went."""

    attributes: tuple[Offered, ...] = ()
    worth: tuple[float, ...] = ()
    """Values that the half and a tenth of the cases are beyond."""


NO_CHOICES = Choices()


class Filtering:
    """Models of some cases, counted one after the other. `ask` returns at once."""

    def __init__(self) -> None:
        self._worker = ThreadPoolExecutor(1, "filter")
        self._made: OrderedDict[tuple[int, Conditions], Future[Narrowed]] = OrderedDict()
        self._latest: dict[Conditions, Future[Narrowed]] = {}
        """The last that was made of some conditions, of whatever model."""
        self._running: tuple[Conditions, Future[Narrowed]] | None = None
        self._students = ThreadPoolExecutor(1, "verdict")
        self._studied: Future[Studied] | None = None
        self._choices: tuple[Model, Future[Choices]] | None = None

    def ask(self, whole: Model, conditions: Conditions, at: int) -> Future[Narrowed] | None:
        """The model of the cases that fulfil all conditions, found out about at a moment (µs UTC), once it is made.

        Of a plant that goes on, the last that was made; None while there is none yet.
        """
        key = id(whole), conditions
        if self._running is not None and self._running[1].done():
            self._latest, self._running = dict([self._running]), None
            self._study(next(iter(self._latest.values())), at)
        if key not in self._made and self._running is None:
            self._made[key] = self._worker.submit(narrowed, whole, conditions)
            self._running = conditions, self._made[key]
            while len(self._made) > _MOST:
                self._made.popitem(last=False)
        found = self._made.get(key)
        if found is not None:
            self._made.move_to_end(key)
            if found.done():
                self._latest = {conditions: found}
        return self._latest.get(conditions)

    def _study(self, made: Future[Narrowed], at: int) -> None:
        """Have what takes longer found out about what was made, once it is shown: its verdict, and the time at work."""
        if made.exception() is None:
            if self._studied is not None:
                self._studied.cancel()
            self._studied = self._students.submit(made.result().model.study, at)

    def forget(self, whole: Model, conditions: Conditions) -> None:
        """Count anew when next asked."""
        self._made.pop((id(whole), conditions), None)
        self._latest.pop(conditions, None)

    def choices(self, whole: Model) -> Choices:
        """What cases may be selected by; nothing until that has been looked up."""
        if self._choices is None or self._choices[0] is not whole:
            self._choices = whole, self._worker.submit(choices_of, whole)
        found = self._choices[1]
        return found.result() if found.done() else NO_CHOICES

    def settle(self) -> None:
        """Wait until all has come that was asked for."""
        if self._running is not None:
            self._running[1].exception()
        if self._studied is not None:
            self._studied.result()
        if self._choices is not None:
            self._choices[1].exception()


def narrowed(whole: Model, conditions: Conditions) -> Narrowed:
    """The model of the cases that fulfil all conditions. Raises InputError where it cannot be shown."""
    model = whole.where(reduce(and_, conditions))
    of = whole.counts.remembered.of("cases", None, lambda: _cases(whole))
    return Narrowed(model, _cases(model), of)


def _cases(model: Model) -> float:
    [(cases,)] = model.factory.store.rows("stays/cases")
    return float(cases)


def choices_of(whole: Model) -> Choices:
    """Look up what cases may be selected by."""
    store, gate, worth = whole.factory.store, whole.factory.gate, []
    for share in (0.5, 0.9):
        [(most, cases)] = store.rows("series/values", share=share)
        if most is not None and gate.enough(round((1 - share) * cases)):
            worth.append(float(most))
    return Choices(whole.factory.attributes(), tuple(dict.fromkeys(worth)))


def trouble(found: Future[Narrowed]) -> FactoryviewError | None:
    """What speaks against showing it; raises what is a mistake of the program."""
    error = found.exception()
    if error is None or isinstance(error, FactoryviewError):
        return error
    raise error
