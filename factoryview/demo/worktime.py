"""Office hours on the time line: working seconds ↔ moments, and the German public holidays."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def easter(year: int) -> date:
    """Easter Sunday (Gregorian computus after Gauss, in Lichtenberg's form).

    >>> easter(2025)
    datetime.date(2025, 4, 20)
    """
    century = year // 100
    secular_moon = 15 + (3 * century + 3) // 4 - (8 * century + 13) // 25
    secular_sun = 2 - (3 * century + 3) // 4
    cycle = year % 19
    moon = (19 * cycle + secular_moon) % 30
    correction = (moon + cycle // 11) // 29
    full_moon = 21 + moon - correction
    sunday = 7 - (year + year // 4 + secular_sun) % 7
    return date(year, 3, 1) + timedelta(days=full_moon + 7 - (full_moon - sunday) % 7 - 1)


def german_holidays(years: Iterable[int], *, catholic: bool = False) -> tuple[date, ...]:
    """Nationwide public holidays; `catholic` adds Corpus Christi and All Saints (as in Cologne)."""
    days: list[date] = []
    for year in years:
        sunday = easter(year)
        days += [date(year, month, day) for month, day in ((1, 1), (5, 1), (10, 3), (12, 25), (12, 26))]
        days += [sunday + timedelta(days=after) for after in (-2, 1, 39, 50)]
        if catholic:
            days += [sunday + timedelta(days=60), date(year, 11, 1)]
    return tuple(sorted(days))


@dataclass(frozen=True)
class WorkingTime:
    """Monday to Friday, `opens` to `closes`, without `holidays`. Moments are seconds since 1970, UTC."""

    zone: ZoneInfo
    first: date
    last: date
    """The last day of the span; two months more are laid out so that work may end after it."""
    opens: time
    closes: time
    holidays: frozenset[date]
    _opening: list[int] = field(init=False, repr=False, compare=False, default_factory=list)
    _closing: list[int] = field(init=False, repr=False, compare=False, default_factory=list)
    _worked: list[int] = field(init=False, repr=False, compare=False, default_factory=list)
    """Working seconds before each opening."""

    def __post_init__(self) -> None:
        worked = 0
        for number in range((self.last - self.first).days + 60):
            day = self.first + timedelta(days=number)
            if self.is_working_day(day):
                self._opening.append(self.moment(day, self.opens))
                self._closing.append(self.moment(day, self.closes))
                self._worked.append(worked)
                worked += self._closing[-1] - self._opening[-1]

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.holidays

    def working_days(self, since: date, until: date) -> int:
        """Working days in since ≤ day < until."""
        return sum(self.is_working_day(since + timedelta(days=n)) for n in range((until - since).days))

    def moment(self, day: date, clock: time = time(0)) -> int:
        return int(datetime.combine(day, clock, self.zone).timestamp())

    def text(self, moment: int) -> str:
        """ISO 8601 in local time with its offset."""
        return datetime.fromtimestamp(moment, self.zone).isoformat()

    def openings(self) -> list[int]:
        return list(self._opening)

    def is_open(self, moment: int) -> bool:
        index = bisect_right(self._opening, moment) - 1
        return index >= 0 and moment < self._closing[index]

    def worked_by(self, moment: int) -> int:
        """Working seconds from the beginning of the span to the moment."""
        index = bisect_right(self._opening, moment) - 1
        if index < 0:
            return 0
        return self._worked[index] + min(moment, self._closing[index]) - self._opening[index]

    def after(self, moment: int, seconds: int) -> int:
        """The moment at which so many working seconds (at least one) have passed since `moment`."""
        goal = self.worked_by(moment) + seconds
        index = bisect_left(self._worked, goal) - 1
        return self._opening[index] + goal - self._worked[index]
