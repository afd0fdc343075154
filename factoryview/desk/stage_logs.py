"""The stays of the stages that somebody looks at, fetched on a worker thread and kept."""

from __future__ import annotations

from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor

from factoryview.flow.contributors import Trait
from factoryview.view.crates import Journey, journey
from factoryview.view.model import Model
from factoryview.view.series import StageLog
from factoryview.view.traits import traits_of

_MOST = 24
"""Stages whose stays are kept."""


class StageLogs:
    """Stage logs of one model after the other. `get` returns at once; what is not at hand yet is fetched."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._worker = ThreadPoolExecutor(1, "desk")
        self._logs: OrderedDict[str, Future[StageLog]] = OrderedDict()
        self._traits: OrderedDict[StageLog, Future[tuple[Trait, ...]]] = OrderedDict()
        self._journey: tuple[int, Future[Journey | None]] | None = None
        self._running: dict[str, Future[StageLog]] = {}
        """Those of models before that are still being fetched: a plant that goes on makes no queue of them."""
        self._before: dict[str, StageLog] = {}
        """Those of the model before, shown until the new ones have come."""

    def renew(self, model: Model) -> None:
        """Another model: the log has grown, or other cases are looked at."""
        self._before |= {name: log for name in self._logs if (log := self._at_hand(name)) is not None}
        self._running = {name: found for name, found in (self._running | self._logs).items() if not found.done()}
        self._logs.clear()
        self._traits.clear()
        self._journey = None
        self.model = model

    def get(self, stage: str) -> StageLog | None:
        """The log of a stage; None while it is fetched, and of what holds no work. Raises what the query raised."""
        if stage not in self.model.topology.stages:
            return None
        if stage not in self._logs:
            if (running := self._running.get(stage)) is not None and not running.done():
                return self._before.get(stage)
            self._logs[stage] = self._worker.submit(
                StageLog.fetch, self.model.factory.store, self.model.topology, stage
            )
            while len(self._logs) > _MOST:
                self._logs.popitem(last=False)
        self._logs.move_to_end(stage)
        found = self._logs[stage]
        return found.result() if found.done() else self._before.get(stage)

    def traits(self, log: StageLog) -> tuple[Trait, ...]:
        """What is known of the cases of a log; nothing while it is being looked up."""
        if log not in self._traits:
            self._traits[log] = self._worker.submit(traits_of, self.model.factory, log)
            while len(self._traits) > _MOST:
                self._traits.popitem(last=False)
        found = self._traits[log]
        return found.result() if found.done() else ()

    def journey(self, stay: int) -> Journey | None:
        """The way of the case of a stay; None while it is being looked up, or is not told."""
        if self._journey is None or self._journey[0] != stay:
            self._journey = stay, self._worker.submit(journey, self.model.factory, stay)
        found = self._journey[1]
        return found.result() if found.done() else None

    def at_hand(self) -> tuple[object, ...]:
        """All that has come."""
        logs = (log for name in self._logs if (log := self._at_hand(name)) is not None)
        way = self._journey
        journeys = (way[1].result(),) if way is not None and way[1].done() else ()
        return (*logs, *journeys, *(found.result() for found in self._traits.values() if found.done()))

    def settle(self) -> None:
        """Wait until all that was asked for has come."""
        for log in [*self._running.values(), *self._logs.values()]:
            log.result()
        if self._journey is not None:
            self._journey[1].result()
        for traits in list(self._traits.values()):
            traits.result()

    def close(self) -> None:
        """Fetch nothing more."""
        self._worker.shutdown(wait=False, cancel_futures=True)

    def _at_hand(self, stage: str) -> StageLog | None:
        found = self._logs[stage]
        return found.result() if found.done() else None
