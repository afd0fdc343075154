"""Two playheads that run together: the same weekday and time of day on both sides, whatever the dates."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from factoryview.language.dates import local
from factoryview.time import micros_of

Side = tuple[int, int, ZoneInfo]
"""A span [since, until] (µs UTC) and the time zone of its plant."""


class Paired:
    """Where both playheads stand after so much local time. The second span begins on the weekday of the first, at most
    six days later than asked for; both end when the shorter one does.
    """

    def __init__(self, first: Side, second: Side) -> None:
        begins = [local(side[0], side[2]).replace(tzinfo=None) for side in (first, second)]
        later = (begins[0].weekday() - begins[1].weekday()) % 7
        begins[1] = datetime.combine(begins[1].date(), begins[0].time()) + timedelta(days=later)
        if micros_of(begins[1].replace(tzinfo=second[2])) < second[0]:
            begins[1] += timedelta(days=7)
        self._begins, self._zones = begins, (first[2], second[2])
        ends = [local(side[1], side[2]).replace(tzinfo=None) for side in (first, second)]
        self.length = max(timedelta(0), min(end - begin for begin, end in zip(begins, ends, strict=True)))
        """Of local time, that both have."""

    def at(self, share: float) -> tuple[int, int]:
        """Both moments (µs UTC) after a share of the length, 0 to 1."""
        passed = self.length * min(max(share, 0.0), 1.0)
        one, two = (
            micros_of((begin + passed).replace(tzinfo=zone))
            for begin, zone in zip(self._begins, self._zones, strict=True)
        )
        return one, two
