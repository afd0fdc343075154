"""What a simulation says of scenarios, as a document for other programs."""

from __future__ import annotations

from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from factoryview.whatif import bands
from factoryview.whatif.log import Floats
from factoryview.whatif.trust import Trust, Why

Name = Literal["throughput", "lead_time", "on_time", "wip", "losses"]
NAMES: tuple[Name, ...] = ("throughput", "lead_time", "on_time", "wip", "losses")
JUDGED: dict[Name, int] = {"throughput": 1, "lead_time": -1, "losses": -1, "on_time": 1}
"""By what a scenario is better or worse, and whether more of it is better (1) or less (−1)."""
Effect = Literal["better", "worse", "mixed", "none", "blocked"]
Focus = Literal["exploit", "subordinate", "elevate", "elsewhere", "unknown"]


class Document(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Band(Document):
    """A median and between what nine of ten futures lie."""

    median: float
    low: float
    high: float


class Measured(Document):
    """One figure as it is, as it would be, and the difference future by future."""

    as_is: Band | None
    """None: in too few futures there was any case to tell it from."""
    to_be: Band | None
    difference: Band | None


class Money(Document):
    """In the plant's currency. None: not known."""

    cost_a_year: float | None
    once: float
    value_a_year: Band | None
    """More good cases a year times what is left of their value."""
    net_a_year: Band | None


class Guess(Document):
    """The same scenario, if a number of servers that was guessed is another."""

    stages: tuple[str, ...]
    servers: int
    throughput: float
    """Median difference a week."""
    lead_time: float | None
    """Median difference, hours."""


class Tried(Document):
    """A scenario beside the plant as it is."""

    name: str
    figures: dict[Name, Measured]
    effect: Effect
    """`none`: what differs is chance; `blocked`: the constraint is elsewhere, or goes there, and keeps most of it."""
    constraint: tuple[str, ...] | None
    """The stages of the pool that limits then; None: none does."""
    possible: float | None
    """By how much throughput would change a week if nothing waited at that constraint; None: not blocked."""
    focus: Focus
    """Which of the five focusing steps it is: make more of the constraint, let all else follow it, add to it."""
    money: Money
    on_front: bool
    """No other scenario is better in throughput, lead time and cost at once."""
    guesses: tuple[Guess, ...]


class Trusted(Document):
    """How far the model is from what happened, by the distance of cycle times in hours, beside a copy of the past."""

    as_is_hours: float | None
    as_is_copy_hours: float | None
    """Half of the cases of the last month, simulated from the other half. None: too few cases."""
    forecast_hours: float | None
    forecast_copy_hours: float | None
    """The last month, simulated from what was known before it."""
    why_not: Why
    """Why nothing of this should be believed; empty: it may be."""

    @classmethod
    def of(cls, trust: Trust) -> Trusted:
        as_is, forecast = trust.as_is, trust.forecast
        return cls(
            as_is_hours=None if as_is is None else as_is.model_h,
            as_is_copy_hours=None if as_is is None else as_is.copy_h,
            forecast_hours=None if forecast is None else forecast.model_h,
            forecast_copy_hours=None if forecast is None else forecast.copy_h,
            why_not=trust.why_not,
        )


class WhatIf(Document):
    """What would happen, from a moment on."""

    at: str
    days: int
    futures: int
    capacity_visible: bool
    """Some queue can be seen to be limited by its servers; if not, more people change nothing here."""
    trust: Trusted | None
    """None: it was not asked."""
    constraint: tuple[str, ...] | None
    promise_hours: float
    """Lead time within which a case is in time: that of 85 of 100 good cases of the log."""
    as_is: dict[Name, Band | None]
    scenarios: tuple[Tried, ...]


def band(values: Floats) -> Band | None:
    """The band of a figure over the futures; None where most of them have none."""
    known = values[np.isfinite(values)]
    if len(known) * 2 <= len(values):
        return None
    low, median, high = bands.band(known)
    return Band(median=median, low=low, high=high)
