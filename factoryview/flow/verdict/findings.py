"""What limits a plant along its log: concluded at the ends of working days, each time from nothing later.

The picture and `explain` ask the same finding, so that they name the same machine, beginning and cost. Where more came
to a log, it is concluded anew from all of it, on a worker: what limits a plant hangs on all stages together.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from dataclasses import replace
from functools import cached_property
from threading import Lock

from factoryview.flow.moment.judging import Judged, judge
from factoryview.flow.moment.levels import NEUTRAL
from factoryview.flow.verdict.basis import Basis, basis_of
from factoryview.flow.verdict.bottleneck import find_bottleneck
from factoryview.flow.verdict.costs import cost_of
from factoryview.flow.verdict.demand import demand_of
from factoryview.flow.verdict.evidence import Evidence, gather, known_at
from factoryview.flow.verdict.lead import Conclusion
from factoryview.flow.verdict.ribbon import last_phases
from factoryview.plant.models import Plant
from factoryview.prefetch import Prefetcher
from factoryview.store.database import Store
from factoryview.time import HOUR

_FIRST, _RARELY, _SHARE = 5, 5, 40
"""The first finding is after so many working days; the next ones every 40th of the time so far, at most every five."""
_KEPT = 400
"""Findings kept in the cache."""
_AHEAD = 3.0
"""Seconds of display whose findings are made ahead."""


class Findings:
    """The findings of one log by moment. Any thread may ask; each is made once, when it is first asked for."""

    def __init__(self, store: Store, plant: Plant, jams: Judged) -> None:
        """jams: of the same log, with the clock of its working days."""
        self.store, self.plant, self.jams = store, plant, jams
        self._steps = _grid(jams.levels.steps)
        self._kept: OrderedDict[int, Conclusion] = OrderedDict()
        self._lock, self._making = Lock(), Lock()
        self._latest: tuple[float, Basis] | None = None
        """The last evidence cut, and until when it goes: a finding is asked for together with its basis."""
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
        return self._basis(moment / HOUR if step is None else self._hours(step))

    def over(self, since: float, until: float) -> tuple[Conclusion, Basis]:
        """The finding of a span (hours since 1970 UTC), as known at its end, and the evidence it is taken from."""
        basis = self._basis(until)
        return self._found(basis, self.jams.levels.at(round(until * HOUR)), (since, until)), basis

    @cached_property
    def evidence(self) -> Evidence:
        """Of the whole log."""
        return gather(self.store, self.plant)

    def _step(self, moment: int) -> int | None:
        place = bisect_right(self._steps, self.jams.levels.at(moment))
        return self._steps[place - 1] if place else None

    def _hours(self, step: int) -> float:
        return int(self.jams.levels.moments[step]) / HOUR

    def _basis(self, until: float) -> Basis:
        evidence, latest = self.evidence, self._latest
        until = min(until, evidence.end)
        if latest is None or latest[0] != until:
            latest = self._latest = until, basis_of(known_at(evidence, until))
        return latest[1]

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
        return self._found(self._basis(self._hours(step)), step, None)

    def _found(self, basis: Basis, step: int, span: tuple[float, float] | None) -> Conclusion:
        found = find_bottleneck(basis, span, phases=last_phases(basis))
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


def _grid(steps: int) -> list[int]:
    """The steps at whose ends something is concluded; a longer log has the same at its beginning.

    >>> _grid(10), _grid(500)[-2:]
    ([5, 6, 7, 8, 9], [492, 497])
    """
    found, step = [], _FIRST
    while step < steps:
        found.append(step)
        step += max(1, min(_RARELY, step // _SHARE))
    return found
