"""From what is measured to pixels and back, and where ticks stand: pure, in no language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

Unit = Literal["minute", "hour", "day", "month", "year"]
_SECONDS: dict[Unit, int] = {"minute": 60, "hour": 3_600, "day": 86_400, "month": 2_629_746, "year": 31_556_952}
_MOST = 60
"""Ticks of a level; a finer one finds room on no screen."""
_WEEK = 7


@dataclass(frozen=True)
class TimeScale:
    """Time from left to right: `first` to `last` (µs UTC) over `width` pixels from column `left`."""

    first: int
    last: int
    left: int
    width: int

    def column(self, at: int) -> int:
        """The pixel column of a moment, clipped to the scale.

        >>> TimeScale(0, 100, 10, 50).column(50)
        35
        """
        share = (at - self.first) / max(1, self.last - self.first)
        return self.left + round(min(1.0, max(0.0, share)) * self.width)


class TickStep(NamedTuple):
    """A distance between ticks: so many units, counted from where the next larger unit begins."""

    every: int
    unit: Unit


STEPS = (
    *(TickStep(every, "year") for every in (1_000, 500, 200, 100, 50, 20, 10, 5, 2, 1)),
    *(TickStep(every, "month") for every in (6, 3, 1)),
    *(TickStep(every, "day") for every in (_WEEK, 2, 1)),
    *(TickStep(every, "hour") for every in (12, 6, 3, 1)),
    *(TickStep(every, "minute") for every in (30, 15, 5, 1)),
)
"""Steps that people can read, coarsest first."""


def levels(first: int, last: int, zone: ZoneInfo, most: int = _MOST) -> Iterator[tuple[TickStep, list[int]]]:
    """Ticks from `first` to `last` (µs UTC), for every step that gives some and at most so many, coarsest first.

    They stand at round times of the zone: on a day on which the clock is put forward, an hour is missing; on one on
    which it is put back, the hour that comes twice has one tick; a day begins when its first hour does.
    """
    for step in STEPS:
        if (last - first) / (1e6 * step.every * _SECONDS[step.unit]) > most:
            return
        found = [at for at in _ticks(first, last, zone, step) if first <= at <= last]
        if found:
            yield step, found


def _ticks(first: int, last: int, zone: ZoneInfo, step: TickStep) -> Iterator[int]:
    """Ticks of one step from before `first` until `last`, or the end of the calendar."""
    begin = datetime.fromtimestamp(first // 1_000_000, UTC).astimezone(zone).date()
    for local in _local(begin, step):
        moment = local.replace(tzinfo=zone)
        at = round(moment.timestamp()) * 1_000_000
        if at > last:
            return
        exists = moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == local
        if exists or step.unit not in ("hour", "minute"):
            yield at


def _local(begin: date, step: TickStep) -> Iterator[datetime]:
    """Local times of one step from a day on, in order."""
    count, unit = step
    try:
        if unit == "year":
            for year in range(max(1, begin.year // count * count), 10_000, count):
                yield datetime(year, 1, 1)
        elif unit == "month":
            for month in range(12 * begin.year, 12 * 10_000, count):
                yield datetime(month // 12, month % 12 + 1, 1)
        else:
            each = timedelta(days=count if unit == "day" else 1)
            # Mondays, and every other day counted from the first of the calendar: what one shows does not depend on it.
            day = datetime(begin.year, begin.month, begin.day) - timedelta(days=(begin.toordinal() - 1) % each.days)
            minutes = {"day": 24 * 60, "hour": 60 * count, "minute": count}[unit]
            while True:
                yield from (day + timedelta(minutes=minute) for minute in range(0, 24 * 60, minutes))
                day += each
    except OverflowError:
        return
