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

import numpy as np

from factoryview.flow.moment.judging import Judged, judge
from factoryview.flow.moment.levels import NEUTRAL
from factoryview.flow.verdict.basis import Basis, basis_of
from factoryview.flow.verdict.bottleneck import find_bottleneck
from factoryview.flow.verdict.costs import cost_of
from factoryview.flow.verdict.demand import demand_of
from factoryview.flow.verdict.evidence import ALWAYS, Evidence, gather, known_at
from factoryview.flow.verdict.lead import Conclusion
from factoryview.flow.verdict.ribbon import last_phases
from factoryview.plant.models import Plant
from factoryview.prefetch import Prefetcher
from factoryview.store.database import Store
from factoryview.time import HOUR

_FIRST, _RARELY, _SHARE = 5, 5, 40
"""The first finding is after so many working days; the next ones every 40th of the time so far, at most every five."""
MOST_VISITS = 3_000_000
"""Where more than twice as many came to the stages, what limits a plant is concluded from the last of them, at least so
many and not twice as many, as if the log had begun then: of more there is no room."""
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
        self._gathered: tuple[tuple[int, int], Evidence] | None = None
        """The last evidence, and of which span it is."""
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
        basis = self._basis(until, since)
        return self._found(basis, self.jams.levels.at(round(until * HOUR)), (since, until)), basis

    @property
    def evidence(self) -> Evidence:
        """Of the whole log."""
        if len(self._edges) <= 1:
            return self._evidence(None, 0)
        self._gathered = self._latest = None  # there is no room for both
        return gather(self.store, self.plant)

    @cached_property
    def _edges(self) -> list[int]:
        """By when `MOST_VISITS` more had come each time, µs UTC."""
        come = self.store.ask("verdict/come")
        hours, number = (np.asarray(come[name], dtype=np.int64) for name in ("hour", "number"))
        total = np.cumsum(number)
        wanted = np.arange(MOST_VISITS, total[-1] + 1 if len(total) else 0, MOST_VISITS)
        return [int(edge) for edge in np.unique(hours[np.searchsorted(total, wanted)]) * HOUR]

    def _evidence(self, since: int | None, until: int) -> Evidence:
        """What findings of a moment, or of a span that ends then, are taken from (µs UTC); it may go on later."""
        edges = self._edges
        passed = max(1, bisect_right(edges, until))
        begins = passed if since is None else max(1, min(passed, bisect_right(edges, since)))
        span = (edges[begins - 2] if begins > 1 else ALWAYS[0], edges[passed] if passed < len(edges) else ALWAYS[1])
        known = self._gathered
        if known is None or known[0] != span:
            self._gathered = self._latest = None  # there is no room for two
            known = self._gathered = span, gather(self.store, self.plant, span=span)
        return known[1]

    def _step(self, moment: int) -> int | None:
        place = bisect_right(self._steps, self.jams.levels.at(moment))
        return self._steps[place - 1] if place else None

    def _hours(self, step: int) -> float:
        return int(self.jams.levels.moments[step]) / HOUR

    def _basis(self, until: float, since: float | None = None) -> Basis:
        evidence = self._evidence(None if since is None else round(since * HOUR), round(until * HOUR))
        until, latest = min(until, evidence.end), self._latest
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
