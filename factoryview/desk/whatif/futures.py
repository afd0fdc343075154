"""What scenarios would bring, found out on a worker thread: with few futures at first, then with many."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock, Thread, main_thread

from factoryview.errors import FactoryviewError
from factoryview.factory.factory import Factory
from factoryview.plant.scenario_file import Scenario, Scenarios
from factoryview.plant.words import PlantModel
from factoryview.whatif.comparing import compare
from factoryview.whatif.document import WhatIf
from factoryview.whatif.kernel import prepare
from factoryview.whatif.lab import open_lab, trusted
from factoryview.whatif.observe import Observed
from factoryview.whatif.remembering import RememberingLab, Stopped
from factoryview.whatif.trust import Trust

DAYS, FIRST, ALL = 90, 50, 200
"""How far ahead; futures of the first answer, and of the one that stays."""
Changes = tuple[PlantModel, ...]


@dataclass(frozen=True, eq=False)
class Known:
    """What has been found out so far of a plant, from a moment on."""

    factory: Factory
    at: int
    """µs UTC: nothing later is known."""
    lab: RememberingLab | None = None
    trust: Trust | None = None
    found: Mapping[Changes, WhatIf] = field(default_factory=dict)
    """Changes made together → what they bring; of none: the plant as it is."""
    refused: Mapping[Changes, FactoryviewError] = field(default_factory=dict)
    """Changes that cannot be tried here, and why."""
    trouble: FactoryviewError | None = None
    """Why nothing can be simulated."""

    def of(self, scenario: Scenario | None) -> WhatIf | None:
        """What a scenario (None: nothing) brings, as far as that is known."""
        return self.found.get(changes_of(scenario))

    def refusal(self, scenario: Scenario | None) -> FactoryviewError | None:
        """Why a scenario cannot be tried."""
        return self.trouble or self.refused.get(changes_of(scenario))


def changes_of(scenario: Scenario | None) -> Changes:
    """What a scenario changes, whatever it is called."""
    return () if scenario is None else tuple(scenario.changes())


@dataclass(frozen=True, eq=False)
class _Wish:
    factory: Factory
    at: int
    scenarios: tuple[Scenario, ...]
    """The most urgent first."""

    def is_of(self, known: Known) -> bool:
        return known.factory.store is self.factory.store and known.at == self.at


class Futures:
    """Answers for one plant and moment after the other. `ask` returns at once; what nobody asks for any more stops.

    The program waits for the step that is being done when it ends, for a thread that is killed inside the database or
    the compiled simulator takes the whole process along; no further one is begun.
    """

    def __init__(self, first: int = FIRST, every: int = ALL, days: int = DAYS) -> None:
        self.first, self.every, self.days = first, every, days
        self._known: Known | None = None
        self._seen: Observed | None = None
        self._wish: _Wish | None = None
        self._worker: Thread | None = None
        self._broken: BaseException | None = None
        self._lock = Lock()

    def ask(self, factory: Factory, at: int, scenarios: Sequence[Scenario]) -> Known:
        """What is known of the scenarios from a moment on (µs UTC); the rest is being found out, the first one first.

        Raises what is a mistake of the program.
        """
        with self._lock:
            if self._broken is not None:
                raise self._broken
            wish = _Wish(factory, at, tuple(scenarios))
            self._wish = wish
            if self._known is None or not wish.is_of(self._known):
                self._known = Known(factory, at)
            if self._worker is None and self._next(wish, self._known) is not None:
                self._worker = Thread(target=self._work, name="what-if")
                self._worker.start()
            return self._known

    @property
    def known(self) -> Known | None:
        """What was found out last."""
        return self._known

    def leave(self) -> None:
        """Nobody asks any more."""
        self._wish = None

    def settle(self) -> None:
        """Wait until all that was asked for has come."""
        worker = self._worker
        if worker is not None:
            worker.join()
        if self._broken is not None:
            raise self._broken

    def _work(self) -> None:
        """One step after the other, as long as there is any. A step whose answer nobody waits for any more is left."""
        while True:
            with self._lock:
                wish, known = self._wish, self._known
                step = None if wish is None or known is None else self._next(wish, known)
                if step is None or known is None:
                    self._worker = None
                    return
            try:
                more = step(known)
            except Stopped:
                continue
            except FactoryviewError as error:
                more = replace(known, trouble=error)
            except BaseException as error:  # noqa: BLE001  (raised where it is asked for)
                with self._lock:
                    self._broken, self._worker = error, None
                return
            with self._lock:
                if self._known is known:
                    self._known = more

    def _next(self, wish: _Wish, known: Known) -> Callable[[Known], Known] | None:
        if known.trouble is not None or not wish.is_of(known) or not main_thread().is_alive():
            return None
        if known.lab is None:
            return self._open
        if known.trust is None:
            return self._trust
        urgent = self._urgent(wish, known)
        if urgent is None:
            return None
        scenario, futures = urgent
        return lambda known: self._tried(known, scenario, futures)

    def _urgent(self, wish: _Wish, known: Known) -> tuple[Scenario | None, int] | None:
        """The next scenario to be tried (None: the plant as it is), and with how many futures."""
        for number in (self.first, self.every):
            for scenario in (None, *wish.scenarios):
                key, found = changes_of(scenario), known.of(scenario)
                if key not in known.refused and (found is None or found.futures < number):
                    return scenario, number
        return None

    def _open(self, known: Known) -> Known:
        prepare()
        lab, self._seen = open_lab(known.factory.store, known.factory.plant, known.at, self.days)
        return replace(known, lab=RememberingLab.like(lab))

    def _trust(self, known: Known) -> Known:
        assert self._seen is not None, "the lab is open"
        return replace(known, trust=trusted(self._seen))

    def _tried(self, known: Known, scenario: Scenario | None, futures: int) -> Known:
        assert known.lab is not None, "opened before"

        def stopped() -> bool:
            wish, ended = self._wish, not main_thread().is_alive()
            return ended or wish is None or not wish.is_of(known) or self._urgent(wish, known) != (scenario, futures)

        wanted = Scenarios(days=self.days, replications=futures, scenario=() if scenario is None else (scenario,))
        key = changes_of(scenario)
        try:
            found = compare(replace(known.lab, stopped=stopped), wanted, "", trust=known.trust)
        except FactoryviewError as error:
            return replace(known, refused={**known.refused, key: error})
        return replace(known, found={**known.found, key: found})
