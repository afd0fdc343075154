"""What a log looks like in numbers: everything discovering a plant needs to know of it, and no SQL."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

MOST_PASSED = 400
"""Activities through which flow is followed, the commonest."""


@dataclass(frozen=True)
class Activity:
    """One activity of a log. Undated events are in `events` and `cases`, and in nothing else."""

    name: str
    events: int
    cases: int
    """Cases that visit it at least once."""
    share: float
    """Of all cases, those that visit it; 0 to 1."""
    first: int
    """Cases that begin with it."""
    last: int
    """Cases whose last known event it is."""
    soon: int
    """Cases that end with it or shortly after their last visit: see `store/sql/profile_activities.sql`."""
    position: float
    """Mean place of its events within their cases, 0 (first) to 1 (last); 0 if seen in one-event cases only."""

    @property
    def repeats(self) -> float:
        """Events per visiting case; 1 means never done twice."""
        return self.events / self.cases

    @property
    def stop_share(self) -> float:
        """Of the cases that visit it, those that stop there."""
        return self.last / self.cases

    @property
    def soon_share(self) -> float:
        """Of the cases that visit it, those that end there or shortly after."""
        return self.soon / self.cases


@dataclass(frozen=True)
class Order:
    """Who comes first: counted over the cases (or a sample of them) that visit both of two activities."""

    both: int
    before: int
    """Cases in which the first of the pair comes before the second, by their first visits."""


@dataclass(frozen=True)
class LogProfile:
    """The shape of a log."""

    cases: int
    events: int
    since: datetime | None
    until: datetime | None
    """First and last moment, UTC without an offset; None when no event is dated."""
    activities: dict[str, Activity]
    """By name, commonest first."""
    follows: dict[tuple[str, str], int] = field(default_factory=dict)
    """How often the second activity is the case's next event after the first; self-loops included."""
    between: dict[tuple[str, str], float] = field(default_factory=dict)
    """Hours that lie between the events of such a pair, in all."""
    orders: dict[tuple[str, str], Order] = field(default_factory=dict)
    """By pair, the alphabetically smaller name first; pairs that share no case are absent."""
    channels: dict[str, int] = field(default_factory=dict)
    """Cases by the channel they entered through, commonest first."""

    def spent(self, meaning: str) -> dict[str, float]:
        """The share of all time that passes at each activity: after its entry, or before its completion."""
        hours = dict.fromkeys(self.activities, 0.0)
        for (origin, target), each in self.between.items():
            hours[origin if meaning == "entry" else target] += each
        whole = sum(hours.values())
        return {name: each / whole if whole else 0.0 for name, each in hours.items()}

    def flow_between(self, names: tuple[str, ...]) -> NDArray[np.float64]:
        """Moves from stage to stage, shape (n, n): [i, j] = moves from names[i] to names[j].

        Other activities are passed through: what leads into one is shared out by where it leads in the end
        (a Markov chain absorbed by `names`). Exact when `names` are all there are. Self-loops are on the diagonal.
        What passes through activities beyond the `MOST_PASSED` commonest is left out, so that the work is bounded.
        """
        taken = set(names)
        others = [name for name in self.activities if name not in taken][:MOST_PASSED]
        everything = [*names, *others]
        place = {name: index for index, name in enumerate(everything)}
        counts = np.zeros((len(everything), len(everything)))
        for (origin, target), moves in self.follows.items():
            if origin in place and target in place:
                counts[place[origin], place[target]] = moves
        n = len(names)
        direct = counts[:n, :n]
        if not others:
            return direct
        visits = counts[n:].sum(axis=1) + [self.activities[name].last for name in others]
        onward = counts[n:] / np.maximum(visits, 1)[:, None]
        absorbed = np.linalg.lstsq(np.eye(len(others)) - onward[:, n:], onward[:, :n], rcond=None)[0]
        through: NDArray[np.float64] = direct + counts[:n, n:] @ np.clip(absorbed, 0, 1)
        return through
