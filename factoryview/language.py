"""Words, numbers, dates and durations as people write them, in German and English."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.numbers import format_currency, format_decimal, format_scientific

Code = Literal["de", "en"]

_TEXTS: dict[str, tuple[str, str]] = {
    "per_minute": ("/min", "/min"),
    "per_hour": ("/Std.", "/h"),
    "per_day": ("/Tag", "/day"),
    "waiting": ("warten", "waiting"),
    "days_since": ("{n} Tagen", "{n} days"),
    "day": ("{n} Tag", "{n} day"),
    "hours": ("{n} Std.", "{n} h"),
    "minutes": ("{n} Min.", "{n} min"),
    "seconds": ("{n} s", "{n} s"),
    "jam": ("STAU {stage}", "JAM {stage}"),
    "slow": ("Langsam: {stage}", "Slow: {stage}"),
    "queue": ("{n} warten", "{n} waiting"),
    "clears_in": ("Abbau in {span}", "clears in {span}"),
    "stuck": ("nichts geht ab", "nothing leaves"),
    "bottleneck": ("ENGPASS {stage}", "BOTTLENECK {stage}"),
    "costs": ("kostet {cases}/Tag", "costs {cases} a day"),
    "cases_lost": ("{n} Fälle", "{n} cases"),
    "goal_lost": ("{n} {goal}", "{n} {goal}"),
    "vacant": ("{n} Stelle unbesetzt", "{n} post vacant"),
    "vacants": ("{n} Stellen unbesetzt", "{n} posts vacant"),
    "handover": ("ÜBERGABE {stage}", "HAND-OVER {stage}"),
    "never_picked_up": ("{n} Fälle nie aufgenommen", "{n} cases never picked up"),
    "worth": ("{money} wert", "worth {money}"),
    "all_flows": ("Kein Stau", "No jam"),
    "flow_detail": ("{n} in Arbeit", "{n} in progress"),
    "today": ("{label} heute", "{label} today"),
    "one_crate": ("1 Kiste = {n} Fälle", "1 crate = {n} cases"),
    "rejected": ("{n} Zeilen unlesbar", "{n} rows unreadable"),
    "undated": ("{n} ohne Datum", "{n} undated"),
    "anonymous": ("Kisten aus Zählwerten, keine Einzelfälle", "Crates made from counts, not single cases"),
    "lost": ("verloren", "lost"),
    "other_sources": ("Eingang", "Intake"),
    "in_progress_bars": ("Fälle in Arbeit", "Cases in progress"),
    "legend_calm": ("fließt", "flowing"),
    "legend_amber_target": ("wartet länger als das Ziel", "waits longer than the target"),
    "legend_amber": ("wartet viel länger als üblich", "waits much longer than usual"),
    "legend_red": ("Stau: doppelt so lang", "jam: twice as long"),
    "legend_bins": ("verloren in {span}", "lost in {span}"),
    "legend_bins_all": ("bisher verloren", "lost so far"),
    "in_span": ("in {span}", "in {span}"),
    "legend_heap": ("{n} Fälle", "{n} cases"),
    "speed": ("{span}/s", "{span}/s"),
    "paused": ("Pause", "paused"),
    "loading": ("Lade {name} …", "Loading {name} …"),
    "waiting_for": ("Warte auf die ersten Ereignisse: {names}", "Waiting for the first events: {names}"),
    "live": ("LIVE", "LIVE"),
    "to_live": ("L = live", "L = live"),
    "ago": ("vor {span}", "{span} ago"),
    "as_of": ("Stand {time}", "as of {time}"),
    "no_data_yet": ("noch keine Daten", "no data yet"),
    "no_data": ("KEINE DATEN {name}", "NO DATA {name}"),
    "sources": ("{n} Quellen", "{n} sources"),
    "for_span": ("seit {span}", "for {span}"),
    "not_renewed": ("BILD STEHT", "PICTURE STANDS STILL"),
    "not_recorded": ("NICHTS WIRD GESPEICHERT", "NOTHING IS RECORDED"),
}


_TOO_LONG = 1e15
"""Numbers from here on are written with a power of ten."""


class Language:
    """One language and one time zone for everything a person reads."""

    def __init__(self, code: Code = "en", timezone: str = "UTC", currency: str = "EUR") -> None:
        self.code = code
        self.zone = ZoneInfo(timezone)
        self.currency = currency
        self._column = 0 if code == "de" else 1

    def text(self, key: str, **values: object) -> str:
        """The text of that key, its gaps filled."""
        return _TEXTS[key][self._column].format(**values)

    def number(self, value: float, digits: int = 0) -> str:
        """1.234,5 or 1,234.5"""
        return _decimal(round(value, digits), self.code)

    def rate(self, value: float) -> str:
        """A throughput: whole from ten up, one digit below."""
        return self.number(value, 0 if value >= 9.95 else 1)

    def money(self, value: float) -> str:
        """Whole units of the plant's currency."""
        if abs(value) >= _TOO_LONG:
            return f"{self.number(value)}\u00a0{self.currency}"
        return str(format_currency(round(value), self.currency, "#,##0 ¤", locale=self.code, currency_digits=False))

    def moment(self, at: int) -> datetime:
        """Local time of a moment in µs UTC."""
        return datetime.fromtimestamp(at // 1_000_000, UTC).astimezone(self.zone)

    def clock(self, at: int, *, seconds: bool = False) -> str:
        """Weekday, date and time: `Mi. 18.06.2025 · 14:20`."""
        pattern = "EEE dd.MM.y · HH:mm" if self.code == "de" else "EEE d MMM y · HH:mm"
        return str(format_datetime(self.moment(at), pattern + (":ss" if seconds else ""), locale=self.code))

    def date(self, at: int, pattern: str) -> str:
        """A date in a Unicode date pattern."""
        return str(format_datetime(self.moment(at), pattern, locale=self.code))

    def duration(self, span: float, *, words: bool = False) -> str:
        """µs in the unit that fits: `6,2 d`, or in words after "since": `6 Tagen`, `6 days`."""
        for size, unit, one, many in (
            (86_400e6, "d", "day", "days_since"),
            (3_600e6, "h", "hours", "hours"),
            (60e6, "min", "minutes", "minutes"),
            (1e6, "s", "seconds", "seconds"),
        ):
            if span >= 0.995 * size or unit == "s":
                count = span / size
                if words:
                    return self.text(one if round(count) == 1 else many, n=self.number(count))
                return f"{self.number(count, 1 if count < 9.95 else 0)} {unit}"
        raise AssertionError("the last unit always fits")


@lru_cache(maxsize=4096)
def _decimal(value: float, code: str) -> str:
    if abs(value) >= _TOO_LONG:
        return str(format_scientific(value, "0.0E0", locale=code))
    return str(format_decimal(value, locale=code))
