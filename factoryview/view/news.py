"""What there is to say at a moment, as numbers and names: `headlines` finds it, `wording` puts it into words."""

from __future__ import annotations

from dataclasses import dataclass

from factoryview.flow.moment.levels import AMBER, NEUTRAL, RED


@dataclass(frozen=True)
class Calm:
    """Nothing jams."""

    in_progress: float
    largest: str = ""
    """The stage at which most wait; empty where nothing stands anywhere."""
    waiting: float = 0.0
    """How many stand there."""
    judged: bool = True
    """The history is long enough to say so; else only the largest queue can be named."""
    level: int = NEUTRAL
    stage: str = ""


@dataclass(frozen=True)
class Jam:
    """The worst congestion of the floor."""

    stage: str
    level: int
    waiting: float
    lasts: int
    """µs since it began."""
    clears_in: float | None
    """Expected wait, µs; None: nothing leaves."""


@dataclass(frozen=True)
class Constraint:
    """The stage that limits the plant."""

    stage: str
    level: int
    cases_per_day: float
    lasts: int
    """µs since it became so."""
    vacancies: int


@dataclass(frozen=True)
class LostHandover:
    """Cases handed over to a stage and never picked up there."""

    stage: str
    cases: int
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


News = Calm | Jam | Constraint | LostHandover | Late | Standstill
"""Each has a `level` (0 to 2) and the `stage` it speaks of, empty if it is none."""
