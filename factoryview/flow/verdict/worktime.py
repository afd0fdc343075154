"""How many working days lie in a stretch of time: by the plant's calendar, else by when anything was done."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from factoryview.flow.verdict.evidence import Evidence
from factoryview.plant.words import WEEKDAYS

RARE = 0.02


def working_days(evidence: Evidence, since: float, until: float) -> float:
    """Working days in [since, until) (hours since 1970 UTC), parts of days included; never below a tenth."""
    calendar, zone = evidence.plant.calendar, ZoneInfo(evidence.plant.timezone)
    days = set(calendar.days) or _busy_weekdays(evidence)
    begin = datetime.fromtimestamp(since * 3600, UTC).astimezone(zone)
    end = datetime.fromtimestamp(until * 3600, UTC).astimezone(zone)
    total, day = 0.0, begin.date()
    while day <= end.date():
        if WEEKDAYS[day.weekday()] in days and day not in calendar.holidays:
            low = datetime.combine(day, calendar.start, zone)
            high = datetime.combine(day, calendar.end, zone)
            if high <= low:
                high = datetime.combine(day + timedelta(days=1), calendar.start, zone)
            inside = min(high, end) - max(low, begin)
            total += max(inside / (high - low), 0.0)
        day += timedelta(days=1)
    return max(total, 0.1)


def _busy_weekdays(evidence: Evidence) -> set[str]:
    """Local weekdays with at least 2 % of all departures."""
    hours = evidence.hours
    gone = hours.every
    if not gone.any():
        return set(WEEKDAYS)
    share = np.bincount(hours.weekday, gone, minlength=7) / gone.sum()
    return {WEEKDAYS[day] for day in range(7) if share[day] >= RARE}
