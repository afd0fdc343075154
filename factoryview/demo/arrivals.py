"""When cases come in: Poisson days with a weekday and a season, hours of the day from a profile."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta

from factoryview.demo.worktime import WorkingTime

Uniform = Callable[[], float]

OFFICE = (0, 0, 0, 0, 0, 0, 0, 1, 6, 9, 10, 9, 5, 6, 8, 8, 6, 2, 0, 0, 0, 0, 0, 0)
"""Weight of each hour for people who write from work."""
EVENING = (0, 0, 0, 0, 0, 0, 1, 3, 6, 8, 8, 7, 6, 6, 6, 6, 6, 6, 5, 5, 5, 4, 2, 1)
"""Weight of each hour for people who write from home as well."""


@dataclass(frozen=True)
class ArrivalChannel:
    """A source of cases."""

    name: str
    per_day: float
    """Mean on a working day of the mean season."""
    weekend: float = 0.0
    """Share of that on days off."""
    hours: tuple[int, ...] = OFFICE


WEEKDAYS = (1.12, 1.08, 1.02, 0.98, 0.80)


def poisson(mean: float, uniform: Uniform) -> int:
    """A Poisson number by inversion; fine for means below some hundreds."""
    left, number = uniform(), 0
    share = math.exp(-mean)
    while left > share and number < 1000:
        left -= share
        number += 1
        share *= mean / number
    return number


def pick(weights: tuple[float, ...] | tuple[int, ...], chance: float) -> int:
    """The index that a uniform chance picks from the weights.

    >>> pick((1, 0, 3), 0.2), pick((1, 0, 3), 0.26)
    (0, 2)
    """
    goal = chance * sum(weights)
    for index, weight in enumerate(weights):
        goal -= weight
        if goal < 0:
            return index
    return len(weights) - 1


def arrivals(
    seed: int, work: WorkingTime, channel: ArrivalChannel, factor: Callable[[date], float]
) -> Iterator[tuple[int, Uniform]]:
    """Moments of arrival from the first to the last day, each with the stream to draw the case's traits from.

    Each day and channel has its own substream, and so has each arrival.
    """
    day = work.first
    while day <= work.last:
        uniform = random.Random(f"{seed}/arrivals/{channel.name}/{day.isoformat()}").random
        share = WEEKDAYS[day.weekday()] if work.is_working_day(day) else channel.weekend
        for number in range(poisson(channel.per_day * share * factor(day), uniform)):
            hour = pick(channel.hours, uniform())
            moment = work.moment(day, time(hour)) + int(uniform() * 3600)
            yield moment, random.Random(f"{seed}/case/{channel.name}/{day.isoformat()}/{number}").random
        day += timedelta(days=1)
