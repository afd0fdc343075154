"""How moments are written: every shape as a pattern with named parts, for Python and for the database alike.

A pattern is tried on text as `prepare` leaves it. `{L}` stands for a letter, which the two call differently. The parts
are: weekday w before or w2 after the date · numbers a, b, c with separators s1, s2, or day d, month mon, year y · hour
h, minute mi, second s, fraction f, half of the day before (early) or after (half) the clock · zone, offset off, region.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from factoryview.sources.names import clean
from factoryview.sources.times import words

BLANKS = ("", "null", "none", "nan", "nat", "na", "n/a", "#n/a", "-", "\\n", "(null)", "<null>", "nil", "undefined")
_BLANK = frozenset(BLANKS)
"""What stands where there is no moment (lower case)."""
WRAPPING = "'\"[] "
"""What may stand around a moment."""
DASHES = "\u2212\u2010\u2011\u2012\u2013\u2014"
"""Dashes that are written for a minus."""
LATER = ("下午", "午後", "오후")
"""What stands before a clock after noon."""
_LONGEST = 90
"""Characters of a text that may be a moment."""
_COUNTED = re.compile(r"[0-9][^0-9]+[0-9]|[0-9]{8}")
"""What every shape has: two numbers, or one of eight figures."""

_EARLY = r"(?:(?P<early>上午|下午|午前|午後|오전|오후) ?)?"
_SECONDS = r"(?:(?:[:.分분]| ?m(?:in)? ?) ?(?P<s>[0-9]{2})(?:[.,:](?P<f>[0-9]{1,9}))?(?: ?s|秒|초)?)?[分분]?"
_MINUTES = rf"(?:[:.時时点시]| ?h ?| uhr ) ?(?P<mi>[0-9]{{2}}){_SECONDS}"
_AFTER_CLOCK = r"(?: ?(?:h|hrs?|hs|uhr|uur|u)\b)?\.?(?: ?(?P<half>[ap]\.? ?m\.?))?"
_REGION = r"(?: ?\[?(?P<region>[a-z]+(?:/[a-z0-9_+-]+){1,2})\]?)?"
_ZONE = (
    r"(?: ?(?P<zone>{L}{1,5})\b)?(?: ?(?P<off>[+-][0-9]{1,2}(?::?[0-9]{2}){0,2})(?: [a-z]{3,4}\b)?)?"
    + _REGION
    + r"(?: ?\([^()]*\))?(?: m=[+-][0-9.]+)?"
)
_CLOCK = rf"{_EARLY}(?P<h>[0-9]{{1,2}})(?:{_MINUTES})?{_AFTER_CLOCK}{_ZONE}"
_FIRST = (
    rf"{_EARLY}(?P<h>[0-9]{{1,2}}){_MINUTES}{_AFTER_CLOCK}(?:,? (?:on|am|den|le|el|il|op|,|-) |{_ZONE}(?:,| -|;)? )"
)
_GAP = (
    r"(?:t|[日일] ?|[ ,:;_|-]+(?:(?:at|um|a las|a la|alle(?: ore)?|a|à|às|as|ore|ora|kl\.?|klo|om|o godz\.?|o|v|в|u|de"
    r"|г\.?,?|r\.?,?) )?)"
)
_THEN = rf"(?:{_GAP}{_CLOCK})?"
_WEEKDAY = r"(?:(?P<w>{L}{1,14}(?:-feira)?)(?:[.,]+ ?| )(?:(?:den|the|le|el|il|am) )?)?"
_NUMBERS = (
    r"(?P<a>[0-9]{1,4})(?P<s1>\. ?|[/-]|[年년] ?)(?P<b>[0-9]{1,2})(?P<s2>\. ?|[/-]|[月월] ?)(?P<c>[0-9]{1,4})[日일.]?"
    r"(?: ?\({L}{1,12}\.?\)| ?星期{L}| ?{L}曜日| ?{L}요일)?"
)
_DAYNAME = r"(?:,? (?P<w2>{L}{2,12})\.?)??"
_DAY = r"(?P<d>[0-9]{1,2})(?:st|nd|rd|th|er|º|ª|°)?"
_MONTH = r"(?P<mon>{L}{3,14})\.?"
_DMY = (
    rf"{_DAY}(?:[ ./-]+(?:de |of |d')?)?{_MONTH}(?:[ ,./-]+(?:de |del )?)?'?(?P<y>[0-9]{{4}}|[0-9]{{2}})(?: ?[гr]\.?)?"
    + _DAYNAME
)
_MDY = rf"{_MONTH}[ -]+{_DAY},?[ -]+(?P<y>[0-9]{{4}})"
_YMD = rf"(?P<y>[0-9]{{4}})[ ./-]+{_MONTH}[ ./-]+{_DAY}\.?" + _DAYNAME
_OPTIONAL = {"w": _WEEKDAY, "w2": _DAYNAME, "early": _EARLY, "region": _REGION}
"""What most columns lack."""
_COMPACT = (
    r"(?P<y>(?:19|20)[0-9]{2})(?P<mon>0[1-9]|1[0-2])(?P<d>0[1-9]|[12][0-9]|3[01])(?:[t _:-]?(?P<h>[01][0-9]|2[0-3])"
    rf":?(?P<mi>[0-5][0-9]):?(?:(?P<s>[0-5][0-9])(?:[.,]?(?P<f>[0-9]{{1,9}}))?)?{_ZONE})?"
)
_GLUED = r"(?P<a>[0-9]{2})(?P<s1>)(?P<b>[0-9]{2})(?P<s2>)(?P<c>(?:19|20)[0-9]{2})"


@dataclass(frozen=True)
class TimeShape:
    """One way of putting a moment together."""

    name: str
    pattern: str
    worded: bool = False
    """Whether day, month and year are known, instead of three numbers in an order that has to be found out."""

    @cached_property
    def regex(self) -> re.Pattern[str]:
        return re.compile(self.pattern.replace("{L}", r"[^\W\d_]"))

    @cached_property
    def parts(self) -> tuple[str, ...]:
        return tuple(self.regex.groupindex)

    def without(self, *parts: str) -> TimeShape:
        """The shape for texts that lack some of the parts w, early and region: a simpler pattern."""
        pattern = self.pattern
        for part in parts:
            pattern = pattern.replace(_OPTIONAL[part], "")
        return TimeShape(self.name, pattern, self.worded)

    def re2(self, letters: str) -> tuple[str, tuple[str, ...]]:
        """The pattern for the database, for the whole text, and its groups in order; letters: those of the words.

        A class of all letters there are would take the database forty times as long.
        """
        pattern = self.pattern.replace("{L}", f"[{letters}]")
        return "^(?:" + re.sub(r"\?P<\w+>", "", pattern) + ")$", self.parts


SHAPES = {
    shape.name: shape
    for shape in (
        TimeShape("numeric", _WEEKDAY + _NUMBERS + _THEN),
        TimeShape("day first", _WEEKDAY + _DMY + _THEN, True),
        TimeShape("month first", _WEEKDAY + _MDY + _THEN, True),
        TimeShape("year first", _WEEKDAY + _YMD + _THEN, True),
        TimeShape("unix", rf"{_WEEKDAY}{_MONTH} +{_DAY} +{_CLOCK} (?P<y>[0-9]{{4}})", True),
        TimeShape("unix, day first", rf"{_WEEKDAY}{_DAY} +{_MONTH} +{_CLOCK} (?P<y>[0-9]{{4}})", True),
        TimeShape("clock, numeric", _FIRST + _WEEKDAY + _NUMBERS),
        TimeShape("clock, day first", _FIRST + _WEEKDAY + _DMY, True),
        TimeShape("clock, month first", _FIRST + _WEEKDAY + _MDY, True),
        TimeShape("compact", _COMPACT, True),
        TimeShape("glued", _GLUED),
    )
}
"""Tried in this order."""
ONLY_DIGITS = frozenset(("compact", "glued", "epoch", "serial"))
"""Shapes that any number may have."""
EPOCH = re.compile(
    r"(?:/date\()?([1-9][0-9]{8,9}(?:\.[0-9]{1,9})?|[1-9][0-9]{11,12}(?:\.[0-9]{1,6})?|[1-9][0-9]{14,15}|[1-9][0-9]{17,18})"
    r"(?:[+-][0-9]{4})?(?:\)/)?"
)
"""Seconds, milli-, micro- or nanoseconds since 1970."""
SERIAL = re.compile(r"([2-6][0-9]{4})(?:[.,]([0-9]{1,12}))?")
"""Days of a spreadsheet since the end of 1899."""
SERIAL_DIGITS = 6
"""With so many figures after the point, or fewer, only whole seconds are meant: 45659.33333 is eight o'clock."""
_YEARLESS = re.compile(
    rf"{_WEEKDAY}(?:{_DAY}[ .-]+{_MONTH}|{_MONTH} +{_DAY}|[0-9]{{1,2}}[./][0-9]{{1,2}}\.?)(?:{_GAP}{_CLOCK})?".replace(
        "{L}", r"[^\W\d_]"
    ).replace("(?P<d>[0-9]{1,2})", "[0-9]{1,2}").replace("(?P<mon>", "(?:")
)  # fmt: skip


@dataclass(frozen=True)
class Match:
    """A text that has a shape; its parts, blank where there are none."""

    shape: TimeShape
    found: re.Match[str]

    def __getitem__(self, part: str) -> str:
        return (self.found[part] or "") if part in self.shape.parts else ""

    @property
    def hour(self) -> int | None:
        """0 to 24; None without a clock."""
        if not self["h"]:
            return None
        hour, half = int(self["h"]), self["half"][:1]
        if self["early"]:
            half = "p" if self["early"] in LATER else "a"
        if half == "p" and hour < 12:
            return hour + 12
        return 0 if half == "a" and hour == 12 else hour

    @property
    def midnight(self) -> bool:
        """Whether it is 00:00 as written, or has no clock."""
        return not self.hour and self.full_hour

    @property
    def full_hour(self) -> bool:
        """Whether it is a full hour as written, or has no clock."""
        return not int(self["mi"] or 0) and not int(self["s"] or 0)

    @property
    def layout(self) -> str | None:
        """The text with every part replaced by what `strptime` calls it; a, b, c stand as `{a}`, with four figures as
        `{a4}`. None for words that it does not know."""
        if self["zone"] or self["region"] or self["early"] or "%" in self.found[0] or len(self["f"]) > 6:
            return None
        text, end = [], 0
        for part in sorted((part for part in self.shape.parts if self[part]), key=self.found.start):
            code = self._code(part)
            if code is None:
                return None
            text += [self.found[0][end : self.found.start(part)], code]
            end = self.found.end(part)
        return "".join((*text, self.found[0][end:]))

    def _code(self, part: str) -> str | None:
        text = self[part]
        match part:
            case "mon" | "w" | "w2":
                return "%m" if text.isdigit() else words.ENGLISH.get(text)
            case "a" | "b" | "c":
                return f"{{{part}{4 if len(text) == 4 else ''}}}"
            case "y":
                return "%Y" if len(text) == 4 else "%y"
            case "h":
                return "%I" if self["half"] else "%H"
            case "s1" | "s2":
                return text
            case "half":
                return "%p" if len(text) == 2 else None
            case _:
                return {"d": "%d", "mi": "%M", "s": "%S", "f": "%f", "off": "%z"}[part]

    @property
    def placed(self) -> bool:
        """Whether it names its zone or its offset from UTC."""
        return bool(self["zone"] or self["off"] or self["region"])


def is_blank(text: str) -> bool:
    """Whether a text stands for "no moment"."""
    return text.strip().lower() in _BLANK


def prepare(text: str) -> str:
    """The text as the patterns want it: cleaned, in small letters, nothing around it."""
    text = " ".join(clean(text).split())
    if not text.isascii():
        for dash in DASHES:
            text = text.replace(dash, "-")
        text = text.replace("’", "'")
    return text.lower().strip(WRAPPING)


def match(text: str) -> Match | None:
    """The shape of a prepared text that is a date or a moment beyond doubt or a compact number; None for any other."""
    if len(text) > _LONGEST or _COUNTED.search(text) is None:
        return None
    for shape in SHAPES.values():
        found = shape.regex.fullmatch(text)
        if found is not None:
            candidate = Match(shape, found)
            if _makes_sense(candidate):
                return candidate
    return None


def lacks_year(text: str) -> bool:
    """Whether a text names a day, but no year: `Mar 3 18:09`."""
    text = prepare(text)
    return len(text) <= _LONGEST and _YEARLESS.fullmatch(text) is not None


def _makes_sense(found: Match) -> bool:
    """Whether the words are those of days, months and zones, and the numbers can be a date."""
    if not all(words.is_weekday(found[part]) for part in ("w", "w2") if found[part]):
        return False
    if found["zone"] and found["zone"] not in words.ZONES:
        return False
    if found["region"] and found["region"] not in words.regions():
        return False
    if found.shape.worded:
        return found["mon"].isdigit() or words.month(found["mon"]) is not None
    a, c, same = found["a"], found["c"], found["s1"].strip() == found["s2"].strip()
    cjk = found["s1"].strip() in ("年", "년") and found["s2"].strip() in ("月", "월") and len(a) == 4
    years = (len(a) in (1, 2) and len(c) in (2, 4)) or (len(a) in (2, 4) and len(c) in (1, 2))
    return (same or cjk) and years
