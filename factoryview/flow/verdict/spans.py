"""When which stage limited the plant, looked back at: how that began, how the queue grew, and how it went away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from factoryview.flow.moment.levels import NEUTRAL, Levels
from factoryview.flow.verdict.ribbon import Phase
from factoryview.time import HOUR


@dataclass(frozen=True)
class ConstraintSpan:
    """A stretch of time in which one stage limited the plant; all moments in µs UTC."""

    stage: str
    since: int
    until: int
    late: int | None
    """When more waited there than is usual: until then it spread nowhere. None: never."""
    peak: int | None
    """When most waited there; from then on it dissolved."""


def constraint_spans(phases: Iterable[Phase], levels: Levels) -> Iterator[ConstraintSpan]:
    """The phases in which there was a bottleneck. levels: of the same log, at the ends of its working days."""
    moments = levels.moments
    for phase in phases:
        if phase.stage is None:
            continue
        since, until = round(phase.since * HOUR), round(phase.until * HOUR)
        late = peak = None
        if phase.stage in levels.stages:
            row = levels.stages.index(phase.stage)
            inside = (moments > since) & (moments <= until) & (levels.level[row] > NEUTRAL)
            steps = np.flatnonzero(inside)
            if len(steps):
                late = int(moments[steps[0]])
                peak = int(moments[steps[np.argmax(levels.live[row, steps])]])
        yield ConstraintSpan(phase.stage, since, until, late, peak)
