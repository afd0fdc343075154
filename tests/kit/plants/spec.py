"""What a generated plant is: stages, paths of its cases, and draws that every simulation of it shares."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

Kind = Literal["queue", "delay", "batch"]
Order = Literal["fifo", "random", "priority", "lifo"]


@dataclass(frozen=True)
class Hours:
    """Working time: the first `days` days of each week, from `start` to `end` o'clock. Times are hours."""

    days: int = 7
    start: float = 0.0
    end: float = 24.0

    @property
    def share(self) -> float:
        """Working time ÷ time."""
        return self.days * (self.end - self.start) / 168

    def worked(self, t: float) -> float:
        """Working hours from 0 to t."""
        day, per = int(t // 24), self.end - self.start
        week, weekday = divmod(day, 7)
        today = min(max(t - 24 * day - self.start, 0.0), per) if weekday < self.days else 0.0
        return (week * self.days + min(weekday, self.days)) * per + today

    def clock(self, worked: float) -> float:
        """The moment at which so many working hours have passed: the inverse of `worked`."""
        per = self.end - self.start
        day, rest = divmod(worked, per)
        week, weekday = divmod(int(day), self.days)
        return week * 168 + weekday * 24 + self.start + rest


@dataclass(frozen=True)
class Machine:
    """A stage. `mean` is hours of work (queue), of thinking (delay) or between runs (batch)."""

    name: str
    kind: Kind
    mean: float
    servers: int = 1
    shape: Literal["exponential", "lognormal", "constant", "gamma"] = "exponential"
    order: Order = "fifo"
    hours: Hours = field(default_factory=Hours)
    jitter: float = 0.0
    """Batches: hours by which a run may be late."""
    later: tuple[float, int] | None = None
    """Mean and servers after the plant's shift."""

    def at(self, shifted: bool) -> tuple[float, int]:
        return self.later if shifted and self.later else (self.mean, self.servers)


@dataclass(frozen=True)
class Spec:
    """A plant with everything random about it already drawn, so that variants of it can be compared."""

    machines: tuple[Machine, ...]
    arrivals: np.ndarray
    """Hours, ascending, one per case."""
    paths: list[list[int]]
    won: np.ndarray
    """bool per case: what becomes of it at the end of its path."""
    draws: list[np.ndarray]
    """Per case and step: a factor on the mean, of mean 1."""
    ranks: np.ndarray
    """Per case: its place in random and priority queues."""
    runs: dict[int, np.ndarray]
    """Machine → hours at which its batch runs."""
    until: float
    shift: float | None
    label: str
    seed: int
    patience: dict[int, np.ndarray] = field(default_factory=dict)
    """Machine → hours, one per case, after which a case that still waits there is lost."""

    def with_speed(self, machine: int, factor: float) -> Spec:
        """The same plant and the same chance, with one machine working `factor` times as fast."""
        old = self.machines[machine]
        later = (old.later[0] / factor, old.later[1]) if old.later else None
        new = replace(old, mean=old.mean / factor, later=later)
        return replace(self, machines=(*self.machines[:machine], new, *self.machines[machine + 1 :]))
