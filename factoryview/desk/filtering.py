"""The plant as if there were only some of its cases: counted anew on a worker thread while the old picture stays."""

from __future__ import annotations

from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import reduce
from operator import and_

from factoryview.errors import FactoryviewError
from factoryview.factory.attributes import Offered
from factoryview.store.selection import RouteIs, Selection
from factoryview.view.model import Model, Part
from factoryview.view.state import Studied

_LARGE = 100_000
"""Of a log with so many stays some cases, however few, are shown before they are judged, which takes longest."""
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
    part: Part | None = None
    """With what it is judged; None: it is."""


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
        self._judging: tuple[tuple[int, Conditions], Future[Narrowed]] | None = None
        self._studied: Future[Studied] | None = None
        self._choices: tuple[Model, Future[Choices]] | None = None

    def ask(self, whole: Model, conditions: Conditions, at: int) -> Future[Narrowed] | None:
        """The model of the cases that fulfil all conditions, found out about at a moment (µs UTC), once it is made; of
        a large log first without levels, then with them.

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
        if self._judging is not None and self._judging[1].done():
            (whose, done), self._judging = self._judging, None
            if whose in self._made and not done.cancelled():
                self._made[whose] = done
                self._study(done, at)
        found = self._made.get(key)
        if found is not None:
            self._made.move_to_end(key)
            if found.done():
                self._latest = {conditions: found}
                self._judge(key, found)
        return self._latest.get(conditions)

    def _judge(self, key: tuple[int, Conditions], made: Future[Narrowed]) -> None:
        """Have what is shown judged, if it is not."""
        if made.exception() is not None or made.result().part is None:
            return
        if self._judging is None or (self._judging[0] != key and self._judging[1].cancel()):
            self._judging = key, self._students.submit(judged, made.result())

    def _study(self, made: Future[Narrowed], at: int) -> None:
        """Have what takes longer found out about what was made, once it is shown: its verdict, and the time at work."""
        if made.exception() is None and made.result().part is None:
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
        if self._judging is not None:
            self._judging[1].result()
        if self._studied is not None:
            self._studied.result()
        if self._choices is not None:
            self._choices[1].exception()


class BesideRoutes:
    """The model of the cases that fulfil all conditions but a route, whose routes are listed. `ask` returns at once."""

    def __init__(self) -> None:
        self._worker = ThreadPoolExecutor(1, "beside-routes")
        self._asked: tuple[Model, Conditions, Future[Narrowed]] | None = None
        self._known: tuple[Conditions, Model] | None = None

    def keep(self, conditions: Conditions, model: Model) -> None:
        """What was counted anyway need not be counted again."""
        if without_routes(conditions) == conditions:
            self._known = conditions, model

    def ask(self, whole: Model, conditions: Conditions) -> Model | None:
        """Once it is made; of a plant that goes on the last that was made, None while there is none yet."""
        wanted = without_routes(conditions)
        if wanted == ():
            return whole
        if self._asked is not None and self._asked[2].done() and trouble(self._asked[2]) is None:
            (_, of, made), self._asked = self._asked, None
            self._known = of, made.result().model
        known = self._known[1] if self._known is not None and self._known[0] == wanted else None
        free = self._asked is None or (self._asked[2].done() and self._asked[:2] != (whole, wanted))
        if free and (known is None or known.within is not whole):  # what was refused is not asked again
            self._asked = whole, wanted, self._worker.submit(narrowed, whole, wanted)
        return known

    def leave(self, whole: Model) -> None:
        """Nobody looks at the list: what is of another plant than this is not kept."""
        if self._known is not None and self._known[1].within is not whole:
            self._known = None
        if self._asked is not None and self._asked[0] is not whole:
            self._asked = None

    def settle(self) -> None:
        """Wait until what was asked for has come."""
        if self._asked is not None:
            self._asked[2].exception()


def without_routes(conditions: Conditions) -> Conditions:
    """Those that are no route."""
    return tuple(each for each in conditions if not isinstance(each, RouteIs))


def narrowed(whole: Model, conditions: Conditions) -> Narrowed:
    """The model of the cases that fulfil all conditions, judged unless the log is large.

    Raises InputError where it cannot be shown.
    """
    store = whole.factory.store
    if not whole.live:
        store.prepare()
    part = whole.counted(reduce(and_, conditions))
    of = whole.counts.remembered.of("cases", None, store.cases)
    found = Narrowed(part.model, part.model.factory.store.cases(), of, part)
    stays = float(whole.counts.history.arrivals.sum()) / whole.counts.weight
    return found if not whole.live and stays >= _LARGE else judged(found)


def judged(found: Narrowed) -> Narrowed:
    """The same with its stages judged."""
    return found if found.part is None else replace(found, model=found.part.judged(), part=None)


def choices_of(whole: Model) -> Choices:
    """Look up what cases may be selected by."""
    store, gate, worth = whole.factory.store, whole.factory.gate, []
    if not whole.live:
        whole.prepare()
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
