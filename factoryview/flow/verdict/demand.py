"""What comes to a stage and goes since it jams, beside as long a time before: does more come, is less done?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from factoryview.flow.verdict.evidence import Evidence
from factoryview.flow.verdict.worktime import working_days

FEWEST_DAYS = 5.0
"""Working days from which on comings and goings are compared."""
MOST = 3.0
"""So many times as many as before, or more, come only where work had hardly begun."""
_MORE = 1.1
"""So many times as many come as before: more demand; as few go: less is done."""


@dataclass(frozen=True)
class Demand:
    """Cases per working day."""

    since: float
    """When the jam began that it belongs to, hours since 1970 UTC."""
    come: float
    go: float
    before_come: float | None
    """None where the log does not go back so far."""
    before_go: float | None


class Flow(Protocol):
    """Cases per working day, and before; None where the log does not go back so far."""

    @property
    def come(self) -> float: ...
    @property
    def go(self) -> float: ...
    @property
    def before_come(self) -> float | None: ...
    @property
    def before_go(self) -> float | None: ...


def changed(flow: Flow | None) -> Literal["demand", "output"] | None:
    """More comes than before, or else less is done than before; None: neither, or not known.

    A stage to which next to nothing came before was not at work yet: with that nothing is compared.
    """
    if flow is None or not flow.before_come or not flow.before_go or flow.come > MOST * flow.before_come:
        return None
    if flow.come >= _MORE * flow.before_come:
        return "demand"
    return "output" if flow.go * _MORE <= flow.before_go else None


def demand_of(evidence: Evidence, stage: str, since: float, until: float) -> Demand | None:
    """What came and went in [since, until) (hours since 1970 UTC), and in as long a time before.

    None where that is so short that nothing can be said of it.
    """
    if stage not in evidence.stages or working_days(evidence, since, until) < FEWEST_DAYS:
        return None
    visits = evidence.shown[evidence.index(stage)]

    def rates(begin: float, end: float) -> tuple[float, float]:
        length = working_days(evidence, begin, end)
        come, go = (
            evidence.weight * float(((at >= begin) & (at < end)).sum()) / length for at in (visits.entered, visits.left)
        )
        return come, go

    come, go = rates(since, until)
    before = max(since - (until - since), evidence.begin)
    known = working_days(evidence, before, since) >= FEWEST_DAYS
    earlier = rates(before, since) if known else (None, None)
    return Demand(since, come, go, *earlier)
