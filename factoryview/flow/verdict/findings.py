"""What limits a plant along its log: concluded at the ends of working days, each time from nothing later.

The picture and `explain` ask the same finding, so that they name the same machine, beginning and cost.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from dataclasses import replace
from threading import Lock

from factoryview.flow.moment.judging import Judged, judge
from factoryview.flow.moment.levels import NEUTRAL
from factoryview.flow.verdict.basis import Basis
from factoryview.flow.verdict.bottleneck import Bottleneck, find_bottleneck
from factoryview.flow.verdict.costs import cost_of
from factoryview.flow.verdict.demand import demand_of
from factoryview.flow.verdict.evidence import Evidence
from factoryview.flow.verdict.lead import Conclusion
from factoryview.flow.verdict.limits import Limits, grid
from factoryview.flow.verdict.ribbon import last_phases
from factoryview.plant.models import Plant
from factoryview.prefetch import Prefetcher
from factoryview.store.database import Store
from factoryview.time import HOUR

_KEPT = 400
"""Findings kept in the cache."""
_AHEAD = 3.0
"""Seconds of display whose findings are made ahead."""


class Findings:
    """The findings of one log by moment. Any thread may ask; each is made once, when it is first asked for."""

    def __init__(self, store: Store, plant: Plant, jams: Judged, limits: Limits | None = None) -> None:
        """jams: of the same log, with the clock of its working days. limits: what has been found out of it before."""
        self.store, self.plant, self.jams = store, plant, jams
        self._limits = limits or Limits(store, plant)
        self._steps = grid(jams.levels.steps)
        self._kept: OrderedDict[int, Conclusion] = OrderedDict()
        self._lock, self._making = Lock(), Lock()
        self._prefetcher: Prefetcher[int] = Prefetcher("findings", self._kept.__contains__)

    def at(self, moment: int) -> Conclusion | None:
        """What is known at a moment (µs UTC); None in the first days of a log. Makes it if nobody has yet."""
        step = self._step(moment)
        return None if step is None else self._made(step)

    def known(self, moment: int) -> Conclusion | None:
        """As `at`, but None while it has not been made. Returns at once."""
        step = self._step(moment)
        with self._lock:
            return None if step is None else self._kept.get(step)

    def at_hand(self, moment: int) -> bool:
        """Whether `at` answers at once."""
        step = self._step(moment)
        with self._lock:
            return step is None or step in self._kept

    def ahead(self, moment: int, pace: float) -> None:
        """Prefetch the findings of a moment and of those soon after it on a worker thread. Returns at once.

        pace: data µs per second of display. What was wished for before is no longer.
        """
        steps = (self._step(moment), self._step(moment + round(_AHEAD * pace)))
        self._prefetcher.want([step for step in steps if step is not None], self._made)

    def basis(self, moment: int) -> Basis:
        """The evidence that the finding of a moment is taken from; of the first days, all that is known then."""
        step = self._step(moment)
        return self._limits.basis(moment / HOUR if step is None else self._hours(step))

    def over(self, since: float, until: float) -> tuple[Conclusion, Basis]:
        """The finding of a span (hours since 1970 UTC), as known at its end, and the evidence it is taken from."""
        basis, span = self._limits.basis(until), (since, until)
        found = find_bottleneck(basis, span, phases=last_phases(basis))
        return self._found(basis, found, self.jams.levels.at(round(until * HOUR)), span), basis

    @property
    def evidence(self) -> Evidence:
        """Of the whole log."""
        return self._limits.evidence

    def _step(self, moment: int) -> int | None:
        place = bisect_right(self._steps, self.jams.levels.at(moment))
        return self._steps[place - 1] if place else None

    def _hours(self, step: int) -> float:
        return int(self.jams.levels.moments[step]) / HOUR

    def _made(self, step: int) -> Conclusion:
        with self._making:
            with self._lock:
                found = self._kept.get(step)
            if found is None:
                found = self._find(step)
                with self._lock:
                    self._kept[step] = found
                    while len(self._kept) > _KEPT:
                        self._kept.popitem(last=False)
            return found

    def _find(self, step: int) -> Conclusion:
        hour = self._hours(step)
        return self._found(self._limits.basis(hour), self._limits.bottleneck(hour), step, None)

    def _found(self, basis: Basis, found: Bottleneck, step: int, span: tuple[float, float] | None) -> Conclusion:
        levels = self.jams.levels
        onsets = {
            name: int(levels.moments[levels.since(i, step)]) / HOUR
            for i, name in enumerate(levels.stages)
            if levels.level[i, step] > NEUTRAL and name in basis.evidence.stages
        }
        if found.stage is not None and found.since is not None:
            onsets[found.stage] = found.since
        costs = {name: cost_of(basis, self.store, name, since, span) for name, since in onsets.items()}
        if found.stage is not None and costs[found.stage].case == "none":  # nobody waits there: it limits nothing
            found = replace(found, stage=None, kind="none", since=None, reason="idle")
        demands = {
            name: replace(flow, since=since)
            for name, since in onsets.items()
            if (flow := demand_of(basis.evidence, name, *(span or (since, basis.evidence.end)))) is not None
        }
        return Conclusion(found, costs, demands)


def findings_of(store: Store, plant: Plant) -> Findings:
    """The findings of a log."""
    return Findings(store, plant, judge(store, plant, tuple(store.stages())))
