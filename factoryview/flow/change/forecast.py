"""How many by the end of the month, and when those in progress are done: by Monte Carlo on the team's own days.

Days to come are drawn from the last working days, since the output changed last if it did, some together as they
followed one another and from the same weekday on, for a Monday may bring what a weekend has finished; the level itself
is uncertain as far as so few days tell it (block bootstrap). Tested on the past: what would have been said on each past
day, from nothing later, beside what came; where it came true too often or too seldom, later ones are said less or more
carefully (adaptive conformal inference, Gibbs and Candès 2021, arXiv 2106.00170).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from factoryview.flow.change.points import LEAST as SHORTEST
from factoryview.flow.change.points import change_points
from factoryview.flow.change.records import Records
from factoryview.flow.office_hours import is_working_day
from factoryview.language.dates import local

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CHANCES = (0.5, 0.85, 0.95)
WINDOW = 60
"""Working days whose output is drawn from at most."""
BROKEN = 0.05
"""How often an output that does not change may be said to have changed in the last two such windows."""
LEAST = 20
"""Working days from which on something is said."""
FEWEST = 10.0
"""Cases that must have ended in them."""
LONGEST = 400
"""Working days that are looked ahead."""
_BLOCK, _DRAWS, _TESTS, _STEP = 5, 2_000, 400, 3
"""Days drawn together; draws; draws in each test; working days from one test to the next."""
_PACE, _LEVELS = 0.03, (0.02, 0.99)
"""How much one forecast that came true or not changes how carefully the next is said; and how far that goes."""


class Tested(NamedTuple):
    """How often a forecast came true on past days."""

    hits: int
    tries: int


@dataclass(frozen=True)
class Forecast:
    """What is to be expected at a moment. Chance → what comes true that often."""

    at: int
    """µs UTC."""
    month_end: date
    """The last day of the month."""
    days: int
    """Working days that are left of it."""
    so_far: float
    """Cases that ended well in it, on free days, too."""
    by_month_end: Mapping[float, float]
    """At least so many in the whole month."""
    month_tested: Mapping[float, Tested]
    open: float
    """Cases in progress, by what has begun and ended."""
    done: Mapping[float, date | None]
    """By the end of that day as many have ended; None: not in the next `LONGEST` working days."""
    done_tested: Mapping[float, Tested]


def forecast(records: Records) -> Forecast | None:
    """At the end of the records; None where too few cases ended lately to say anything."""
    days, over = list(records.dates), records.over
    won, ended = records.won[:over], records.ended[:over]
    if not _enough(won) or not _enough(ended):
        return None
    rng = np.random.default_rng(0)
    today = local(records.end, ZoneInfo(records.plant.timezone)).date()
    ahead = _ahead(records, days, today)
    left = sum(_month(day) == _month(today) for day in ahead)
    week = np.array([day.weekday() for day in (*days[:over], *ahead)])
    so_far = sum(count for day, count in records.won_on.items() if _month(day) == _month(today))
    begun = sum(count for day, count in records.won_on.items() if day > days[over - 1])  # of the first day to come
    sums = _paths(won, week, left, _DRAWS, rng)[:, -1] if left else np.zeros(_DRAWS)
    total = so_far + np.maximum(sums - begun, 0.0)
    in_progress = max(0.0, float(records.begun.sum() - records.ended.sum()))
    taken = _days_until(ended, week, in_progress, _DRAWS, rng)
    month, done = _month_tests(won, week, days), _done_tests(records.begun[:over], ended, week)
    return Forecast(
        at=records.end,
        month_end=(today.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1),
        days=left,
        so_far=so_far,
        by_month_end={chance: _at_least(total, careful.level) for chance, careful in month.items()},
        month_tested={chance: careful.tested for chance, careful in month.items()},
        open=in_progress,
        done={chance: _day(ahead, _within(taken, careful.level)) for chance, careful in done.items()},
        done_tested={chance: careful.tested for chance, careful in done.items()},
    )


def _ahead(records: Records, days: list[date], today: date) -> list[date]:
    """Working days to come, from the one that is going on: by the calendar, else on weekdays worked lately."""
    calendar = records.plant.calendar
    lately = [day.weekday() for day in days[-WINDOW:]]
    worked = {
        weekday for weekday in range(7) if lately.count(weekday) >= 0.1 * lately.count(max(lately, key=lately.count))
    }
    found = days[records.over :]
    day = found[-1] if found else today
    while len(found) < LONGEST:
        day += timedelta(days=1)
        if is_working_day(calendar, day) and day.weekday() in worked:
            found.append(day)
    return found


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month


def _enough(past: Floats) -> bool:
    return len(past) >= LEAST and float(past[-WINDOW:].sum()) >= FEWEST


def _paths(past: Floats, week: Ints, days: int, draws: int, rng: np.random.Generator) -> Floats:
    """How much has come after each of so many days to come, in many draws: shape (draws, days).

    week: the weekday of each past day, and of those to come.
    """
    n = lately(past, week)
    recent = past[-n:].astype(float)
    here, ahead = week[len(past) - n : len(past)], week[len(past) : len(past) + days]

    def drawn(starts: Ints, number: int) -> Floats:
        places = (starts[:, :, None] + np.arange(_BLOCK)) % n
        return np.asarray(recent[places].reshape(draws, -1)[:, :number])

    level = drawn(rng.integers(0, n, (draws, -(-n // _BLOCK))), n).mean(axis=1) - recent.mean()
    alike = [_from(here, weekday) for weekday in ahead[::_BLOCK]]
    starts = np.stack([places[rng.integers(0, len(places), draws)] for places in alike], axis=1)
    path = np.cumsum(drawn(starts, days), axis=1) + level[:, None] * np.arange(1, days + 1)
    return np.asarray(np.maximum.accumulate(np.maximum(path, 0.0), axis=1))


def lately(past: Floats, week: Ints) -> int:
    """How many of the newest days are like those to come: `WINDOW`, or those since the output became another one.

    past: the output of each day. week: their weekdays, from the first one on.
    """
    seen = np.sqrt(past[-2 * WINDOW :] + 0.375)  # so that counts vary alike, be they few or many (Anscombe 1948)
    weekday = week[: len(past)][-len(seen) :]
    usual = np.bincount(weekday, seen, minlength=7) / np.maximum(np.bincount(weekday, minlength=7), 1)
    found = change_points(seen - usual[weekday], np.arange(len(seen)), BROKEN)
    since = len(seen) - found[-1].day if found else len(seen)
    return min(WINDOW, max(SHORTEST, since), len(past))


def _from(week: Ints, weekday: int) -> Ints:
    """The days at which a block may begin that is to begin on a weekday: any, where there was none such."""
    whole = week[: max(1, len(week) - _BLOCK + 1)]
    same = np.flatnonzero(whole == weekday)
    return same if len(same) else np.arange(len(whole))


def _days_until(past: Floats, week: Ints, wanted: float, draws: int, rng: np.random.Generator) -> Floats:
    """After how many days so much has come, in each draw; infinite where not within `LONGEST`."""
    mean = max(float(past[-lately(past, week) :].mean()), 1e-9)
    days = int(min(LONGEST, np.ceil(3 * wanted / mean) + 3 * _BLOCK))
    reached = _paths(past, week, min(days, len(week) - len(past)), draws, rng) >= wanted - 1e-9
    return np.where(reached.any(axis=1), reached.argmax(axis=1) + 1.0, np.inf)


def _at_least(totals: Floats, chance: float) -> float:
    """The whole number that is reached with a chance nearest to that one; none that is never reached."""
    low = float(np.floor(np.quantile(totals, 1 - chance)))
    shares = [float((totals >= number - 1e-9).mean()) for number in (low, low + 1)]
    return low + float(shares[1] > 0 and abs(shares[1] - chance) < abs(shares[0] - chance))


def _within(days: Floats, chance: float) -> float:
    """The number of days that suffices with a chance nearest to that one."""
    high = float(np.quantile(days, chance, method="higher"))
    if not np.isfinite(high) or high < 1:
        return high
    shares = [abs(float((days <= number).mean()) - chance) for number in (high, high - 1)]
    return high - float(shares[1] < shares[0])


def _day(ahead: list[date], number: float) -> date | None:
    """The working day on which so many are over."""
    return ahead[max(int(number) - 1, 0)] if np.isfinite(number) and number <= len(ahead) else None


class _Careful:
    """How carefully a chance is said, learnt from what came of earlier forecasts; and how these did."""

    def __init__(self, chance: float) -> None:
        self.chance = self.level = chance
        self._hits = self._tries = 0
        self._pending: list[tuple[int, bool]] = []

    def came(self, known: int, hit: bool) -> None:
        """What came of a forecast, and on which day that is known."""
        self._hits += hit
        self._tries += 1
        self._pending.append((known, hit))

    def learn(self, today: int) -> None:
        """From all that is known by a day."""
        for known, hit in self._pending:
            if known <= today:
                self.level = min(max(self.level + _PACE * (self.chance - hit), _LEVELS[0]), _LEVELS[1])
        self._pending = [(known, hit) for known, hit in self._pending if known > today]

    @property
    def tested(self) -> Tested:
        return Tested(self._hits, self._tries)


def _filled(days: int) -> int:
    """The first day on which a forecast is tested: a plant is empty where its log begins, and as long as more comes
    from week to week, what came of forecasts says nothing of later ones.
    """
    return min(WINDOW, max(LEAST, days // 2))


def _month_tests(won: Floats, week: Ints, days: list[date]) -> dict[float, _Careful]:
    """Of every few past days: did as many come until the month's end as would have been said?"""
    found = {chance: _Careful(chance) for chance in CHANCES}
    for t in range(_filled(len(won)), len(won), _STEP):
        end = next((k for k in range(t, len(days)) if _month(days[k]) != _month(days[t])), len(won) + 1)
        if end > len(won) or not _enough(won[:t]):
            continue
        sums = _paths(won[:t], week, end - t, _TESTS, np.random.default_rng(t))[:, -1]
        for careful in found.values():
            careful.learn(t)
            careful.came(end, bool(won[t:end].sum() >= _at_least(sums, careful.level) - 1e-9))
    for careful in found.values():
        careful.learn(len(won))
    return found


def _done_tests(begun: Floats, ended: Floats, week: Ints) -> dict[float, _Careful]:
    """Of every few past days: had as many as were in progress ended by the day that would have been said?

    Where the log ends before that day and before they had, nobody knows.
    """
    found = {chance: _Careful(chance) for chance in CHANCES}
    total = np.cumsum(ended)
    standing = np.cumsum(begun) - total
    for t in range(_filled(len(ended)), len(ended), _STEP):
        wanted = float(standing[t - 1])
        if wanted < 1 or not _enough(ended[:t]):
            continue
        place = int(np.searchsorted(total, total[t - 1] + wanted - 1e-9))
        taken = place - t + 1 if place < len(total) else np.inf
        said = _days_until(ended[:t], week, wanted, _TESTS, np.random.default_rng(t))
        for careful in found.values():
            careful.learn(t)
            days = _within(said, careful.level)
            if np.isfinite(taken) or t + days <= len(ended):
                careful.came(t + int(min(days, taken)), bool(taken <= days))
    for careful in found.values():
        careful.learn(len(ended))
    return found
