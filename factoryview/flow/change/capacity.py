"""On which day the capacity of a queue changed, where no start is known.

Of c servers those work that have a case, and each is done with it at a rate μ: cases leave at μ min(WIP, c), whatever
the order in which they are served and however long the queue has become (the queue M/M/c; its likelihood is that of a
point process with this intensity, Daley and Vere-Jones 2003, section 7.2). A day on which c, μ or both became others
is as likely as the departures before and after it. That is pooled with the likelihood of a step in what departures
leave for the work on each case: the mean of both logarithms, for they look at the same departures (logarithmic opinion
pool, Genest and Zidek 1986).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from factoryview.flow.change.points import LEAST, NEARLY, Point, normal_scores, step_likelihood
from factoryview.flow.verdict.clock import Clock
from factoryview.flow.verdict.stations import is_queue
from factoryview.flow.verdict.visits import Visits

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_EACH, _COARSE = 20, 20
"""So many servers one by one, and so many numbers up to the longest queue."""


class Work(NamedTuple):
    """What servers did on each day, for each number c of them: time and logs have the shape (choices of c, days)."""

    time: Floats
    """Working hours of all servers together, if there are c."""
    logs: Floats
    """Σ ln(servers at work) over the departures."""
    gone: Floats
    """Departures."""


@dataclass(frozen=True)
class Queue:
    """Who came to a stage and left it."""

    visits: Visits
    clock: Clock
    days: Floats
    """When each working day begins, and when the last one ends, in hours since 1970 UTC."""

    def seen(self, since: int, until: int) -> bool:
        """Whether what came on the working days [since, until) queued: the longer, the more were there before."""
        came = self.visits.entered
        chosen = (came >= self.days[since]) & (came < self.days[until])
        return is_queue(self.visits.only(chosen), self.clock, float(self.days[-1]))

    def work(self, since: int, until: int) -> Work:
        """Of the working days [since, until)."""
        edges, both = self.days[since : until + 1], (self.visits.entered, self.visits.departures)
        before, later = ([int(np.searchsorted(moments, edge)) for moments in both] for edge in (edges[0], edges[-1]))
        came, gone = (moments[low:high] for moments, low, high in zip(both, before, later, strict=True))
        standing = before[0] - before[1]
        moments = np.concatenate([edges, came, gone])
        steps = np.concatenate([np.zeros(len(edges)), np.ones(len(came)), -np.ones(len(gone))])
        order = np.lexsort((-steps, moments))  # who comes and leaves at one moment had come before
        moments, steps = moments[order], steps[order]
        level = np.maximum(standing + np.cumsum(steps), 0.0)
        day = np.clip(np.searchsorted(edges, moments, side="right") - 1, 0, until - since - 1)
        spent = np.diff(self.clock.worked(moments), append=0.0)
        spent[-1] = 0.0
        leaves = steps < 0
        at_work = np.maximum(level[leaves] + 1, 1.0)
        choices = _choices(int(level.max()))

        def a_day(where: Ints, values: Floats) -> Floats:
            return np.bincount(where, values, minlength=until - since).astype(float)

        return Work(
            np.stack([a_day(day, spent * np.minimum(level, c)) for c in choices]),
            np.stack([a_day(day[leaves], np.log(np.minimum(at_work, c))) for c in choices]),
            a_day(day[leaves], np.ones(len(at_work))),
        )


def _choices(longest: int) -> Floats:
    most = max(longest, 1)
    return np.unique(np.concatenate([np.arange(1.0, min(most, _EACH) + 1), np.geomspace(1, most, _COARSE).round()]))


def likelihood(work: Work) -> Floats:
    """The logarithm of the likelihood that rate and number of servers became others on each day but the first."""
    time, logs, gone = np.cumsum(work.time, axis=1), np.cumsum(work.logs, axis=1), np.cumsum(work.gone)
    early = _best(time[:, :-1], logs[:, :-1], gone[:-1])
    late = _best(time[:, -1:] - time[:, :-1], logs[:, -1:] - logs[:, :-1], gone[-1] - gone[:-1])
    return early + late


def _best(time: Floats, logs: Floats, gone: Floats) -> Floats:
    """The largest likelihood over the number of servers, each with the rate at which so many leave."""
    rate = np.maximum(gone, 1e-12) / np.maximum(time, 1e-9)
    return np.asarray((logs + gone * np.log(rate)).max(axis=0))


def placed(queue: Queue, paced: Floats, days: Ints, point: Point, since: int, until: int) -> Point:
    """A change of capacity on the day that is as likely too early as too late, between two days of no other change.

    paced, days: what departures leave for the work on each case, by the day they left. since, until: working days.
    """
    if until - since < 2 * LEAST or not len(paced):
        return point
    grid = np.arange(since + 1, until)
    inside = (days >= since) & (days < until)
    likely = (
        likelihood(queue.work(since, until)) + step_likelihood(normal_scores(paced[inside]), days[inside], grid)
    ) / 2
    grid, likely = grid[LEAST - 1 : 1 - LEAST], likely[LEAST - 1 : 1 - LEAST]
    if not np.isfinite(likely).any():
        return point
    chances = np.cumsum(np.exp(likely - likely.max()))
    near = grid[2 * (likely.max() - likely) <= NEARLY]
    middle = int(grid[np.searchsorted(chances, chances[-1] / 2)])
    return Point(middle, int(near[0]), int(near[-1]), point.strength)
