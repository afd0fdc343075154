"""Words, numbers, dates and durations as people write them, in German and English."""

from __future__ import annotations

from datetime import date as Day
from datetime import datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

from factoryview.language import dates, durations, numbers
from factoryview.language.catalogues import Catalogue, catalogue

__all__ = ["CODES", "Code", "Language"]

Code = Literal["de", "en"]
CODES: tuple[Code, ...] = ("de", "en")


class Language:
    """One language and one time zone for everything a person reads. All text comes from its catalogue."""

    def __init__(
        self,
        code: Code = "en",
        timezone: str = "UTC",
        currency: str = "EUR",
        *,
        texts: Catalogue | None = None,
    ) -> None:
        """timezone: an IANA name. currency: ISO 4217. texts: instead of the language's own."""
        self.code = code
        self.zone = ZoneInfo(timezone)
        self.currency = currency
        self.texts = texts if texts is not None else catalogue(code)

    def text(self, key: str, **values: object) -> str:
        """The text of that key, its gaps filled."""
        return self.texts.text(key).format(**values)

    def count(self, key: str, n: float, *, digits: int = 0, **values: object) -> str:
        """The text of that key in the form that the number asks for; its gap `n` is the number, so many digits long."""
        shown = round(n, digits)
        return self.texts.text(key, shown).format(n=self.number(shown, digits), **values)

    def number(self, value: float, digits: int = 0) -> str:
        """1.234,5 or 1,234.5"""
        return numbers.decimal(value, digits, self.code)

    def rate(self, value: float) -> str:
        """A throughput: whole from ten up, one digit below; of what is less than that, that it is."""
        least = 0.1
        if 0 < value < least / 2:
            return f"<{self.number(least, 1)}"
        return self.number(value, numbers.digits_of_rate(value))

    def percent(self, share: float) -> str:
        """A share from 0 to 1: `35 %`, `35%`."""
        return self.text("number.percent", n=self.number(100 * share))

    def money(self, value: float) -> str:
        """Whole units of the plant's currency."""
        return numbers.money(value, self.currency, self.code)

    def money_in_short(self, value: float) -> str:
        """About so much, where there is little room: three digits, millions as such."""
        return numbers.money_in_short(value, self.currency, self.code)

    def moment(self, at: int) -> datetime:
        """Local time of a moment in µs UTC."""
        return dates.local(at, self.zone)

    def clock(self, at: int, *, seconds: bool = False) -> str:
        """Weekday, date and time: `Mi. 18.06.2025 · 14:20`."""
        return self.date(at, "date.clock_seconds" if seconds else "date.clock")

    def date(self, at: int, key: str) -> str:
        """A moment (µs UTC) as the pattern of that key writes it."""
        return dates.written(self.moment(at), self.text(key), self.code)

    def day(self, day: Day) -> str:
        """`31. Juli 2026`, `31 July 2026`."""
        return dates.written(datetime.combine(day, time()), self.text("date.long"), self.code)

    def weekday(self, day: Day) -> str:
        """`Mo`, `Mon`."""
        return dates.written(datetime.combine(day, time()), self.text("date.weekday"), self.code)

    def weekday_and_day(self, day: Day) -> str:
        """`Fr. 18. Juli`, `Fri 18 Jul`."""
        return dates.written(datetime.combine(day, time()), self.text("date.weekday_and_day"), self.code)

    def duration(self, span: float) -> str:
        """µs in the unit that fits: `6,2 d`."""
        unit, count = durations.fitting(span)
        return self.text(f"span.{unit}", n=self.number(count, 1 if count < 9.95 else 0))

    def since(self, span: float) -> str:
        """µs as words after "since", "for", "in" or "ago": `6 Tagen`, `6 days`."""
        unit, count = durations.fitting(span)
        return self.count(f"since.{unit}", count)
