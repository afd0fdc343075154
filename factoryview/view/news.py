"""What there is to say at a moment, as numbers and names: `headlines` finds it, `wording` puts it into words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from factoryview.flow.moment.levels import AMBER, NEUTRAL, RED

if TYPE_CHECKING:
    from factoryview.flow.verdict.costs import Cost
    from factoryview.flow.verdict.demand import Demand


@dataclass(frozen=True)
class Longest:
    """The stage of the main road at which a case spends most of its time."""

    stage: str
    stay: float
    """µs there, of `lead_time` µs in all."""
    lead_time: float


@dataclass(frozen=True)
class Working:
    """Most of the lead time is work."""

    work: float
    """µs, of `lead_time` µs in all."""
    lead_time: float


_MANY = 0.1
"""Share of the cases in progress from which on those left lying are many."""


@dataclass(frozen=True)
class Calm:
    """Nothing jams."""

    in_progress: float
    """What all machines show together."""
    largest: str = ""
    """The stage at which most wait, left lying apart; empty where nothing stands anywhere."""
    waiting: float = 0.0
    """How many stand there."""
    lying: float = 0.0
    """How many are left lying, where most are."""
    lying_at: str = ""
    lying_among: float = 0.0
    """How many its machine shows in all."""
    at_exit: float = 0.0
    """Cases begun and not ended that stand at no machine: done at their last stage, the next step not known. Fewer
    where cases stand at several machines at once."""
    judged: bool = True
    """The history is long enough to say so; else only the largest queue can be named."""
    usual: bool = False
    """As many as that wait at the largest on most days: it was judged."""
    longest: Longest | Working | None = None
    """Where the time goes; None until it is known, or where it goes nowhere in particular."""
    queues: bool = True
    """Some stage behaves like a queue; else nobody there waits for another."""
    level: int = NEUTRAL
    stage: str = ""

    @property
    def abandoned(self) -> bool:
        """So many are left lying that nobody who reads only the headline may think that all is well."""
        return bool(self.lying_at) and self.lying >= _MANY * self.in_progress


@dataclass(frozen=True)
class Elsewhere:
    """Where more wait than at the stage that is the news."""

    stage: str
    waiting: float
    usual: bool = True
    """It was judged, and as many wait there on most days."""


@dataclass(frozen=True)
class Jam:
    """The worst congestion of the floor."""

    stage: str
    level: int
    waiting: float
    since: int
    """When it began, µs UTC."""
    clears_in: float | None
    """Expected wait, µs; None: nothing leaves."""
    cost: Cost | None = None
    """None while it has not been found out."""
    elsewhere: Elsewhere | None = None
    demand: Demand | None = None
    """What comes and goes since it began; None where that is not known, or the stage works in batches."""
    vacancies: int = 0
    late: float = 0.0
    """How many of them had waited longer than is usual there when the last working day ended."""
    before: float | None = None
    """How many waited 30 days before; None where the log was not that old."""


@dataclass(frozen=True)
class Constraint:
    """The stage that limits the plant."""

    stage: str
    level: int
    waiting: float
    since: int
    """When it became so, µs UTC."""
    cost: Cost | None
    vacancies: int
    elsewhere: Elsewhere | None = None
    demand: Demand | None = None
    late: float = 0.0
    before: float | None = None
    """All as of a jam."""


@dataclass(frozen=True)
class LeftLying:
    """Cases at a stage on which nobody works any more: a hand-over that lost them."""

    stage: str
    cases: float
    since: int
    """When the first of them came, µs UTC."""
    value: float | None
    level: int = AMBER


@dataclass(frozen=True)
class Late:
    """Live sources that are silent."""

    names: tuple[str, ...]
    since: int
    """µs UTC; 0: nothing was ever heard."""
    level: int = AMBER
    stage: str = ""


@dataclass(frozen=True)
class Standstill:
    """What comes is not recorded, or not shown."""

    recorded: bool
    trouble: str
    since: int
    level: int = RED
    stage: str = ""


def told_of(news: Sequence[News]) -> str:
    """The stage that the first headline speaks of; empty if it is none."""
    first = news[0] if news else None
    return first.lying_at if isinstance(first, Calm) and first.abandoned else first.stage if first else ""


def longest_of(news: Sequence[News]) -> str:
    """The stage at which cases spend most of their time, where the first headline says so; empty if it does not."""
    longest = news[0].longest if news and isinstance(news[0], Calm) and not news[0].abandoned else None
    return longest.stage if isinstance(longest, Longest) else ""


News = Calm | Jam | Constraint | LeftLying | Late | Standstill
"""Each has a `level` (0 to 2) and the `stage` it speaks of, empty if it is none."""
