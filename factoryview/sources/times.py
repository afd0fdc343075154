"""Moments written as text: which styles a column uses, and the SQL that turns them into UTC."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Order = Literal["ymd", "dmy", "mdy"]

EARLIEST, LATEST = "1900-01-01", "2100-01-01"
"""An event outside of these years is a mistake of the file."""
OPEN_YEAR = 2050
"""An end in this year or later means: not ended."""
BLANKS = ("", "null", "none", "nan", "nat", "na", "n/a", "#n/a", "-", "\\n", "(null)", "<null>")
"""What stands where there is no moment (lower case)."""

_CLOCK = r"(?P<clock>\d{1,2}:\d{2}(?P<seconds>:\d{2})?(?P<fraction>[.,]\d{1,9})?)"
_TAIL = r"(?P<half>\s?[ap]\.?m\.?)?(?P<uhr>\s?uhr)?(?P<zone>\s?(?:z|utc|gmt|[+-]\d{2}(?::?\d{2})?))?"
_NUMERIC = re.compile(
    rf"(?P<a>\d{{1,4}})(?P<sep>[./-])(?P<b>\d{{1,2}})(?P=sep)(?P<c>\d{{1,4}})"
    rf"(?:(?P<gap>t|,?\s+|\s-\s){_CLOCK}{_TAIL})?",
    re.IGNORECASE,
)
_WORDED = re.compile(
    rf"(?:(?P<day>\d{{1,2}})\.?(?P<s1>[ -])(?P<month>[a-zäé]{{3,9}})\.?(?P<s2>[ -])(?P<year>\d{{4}}|\d{{2}})"
    rf"|(?P<umonth>[a-z]{{3,9}})\.? (?P<uday>\d{{1,2}}),? (?P<uyear>\d{{4}}))(?:(?P<gap>,?\s+){_CLOCK}{_TAIL})?",
    re.IGNORECASE,
)
_COMPACT = re.compile(
    r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:t?(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?)?z?", re.I
)
_EPOCH = re.compile(r"\d{9,10}(?:\.\d{1,9})?|\d{12,13}|\d{15,16}|\d{18,19}")
_SERIAL = re.compile(r"[2-6]\d{4}(?:\.\d{1,12})?")
_MONTHS = {
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "mrz", "mär", "mai", "okt",
    "dez", "january", "february", "march", "april", "june", "july", "august", "september", "october", "november",
    "december", "januar", "februar", "märz", "juni", "juli", "oktober", "dezember", "sept",
}  # fmt: skip
_ENGLISH = {
    "januar": "jan", "februar": "feb", "märz": "mar", "mär": "mar", "mrz": "mar", "mai": "may", "juni": "jun",
    "juli": "jul", "sept": "sep", "oktober": "oct", "okt": "oct", "dezember": "dec", "dez": "dec",
}  # fmt: skip
_STEPS = {
    "uhr": ("\\s*uhr", ""),
    "dotted half": ("([ap])\\.m\\.?", "\\1m"),
    "tight half": ("(\\d)([ap]m)", "\\1 \\2"),
    "named zone": ("\\s*(z|utc|gmt)$", "+00"),
    "spaced zone": ("(:\\d\\d\\S*)\\s+([+-]\\d\\d)", "\\1\\2"),
    "gap": ("(\\d)(t|,?\\s+|\\s-\\s)(\\d{1,2}:)", "\\1 \\3"),
    "fraction": ("(:\\d\\d)[,.](\\d{1,6})\\d*", "\\1.\\2"),
}
"""How an odd way of writing is made even, in this order: pattern and replacement on lower case."""


@dataclass
class TimeStyle:
    """The ways of writing a moment found in a column's sample."""

    share: float
    """Part of the filled values that is a moment."""
    midnight: float = 0.0
    """Part of the moments that stand at 00:00 as written, the ones without a clock included."""
    bare: float = 0.0
    """Part of the moments without a clock."""
    offset: float = 0.0
    """Part of the moments that name their offset from UTC."""
    families: tuple[str, ...] = ()
    """iso, numeric, worded, compact, epoch, serial (days of a spreadsheet); the commonest first."""
    separators: tuple[str, ...] = ()
    order: Order = "dmy"
    ambiguous: bool = False
    """No field of the sample exceeds 12, so `order` is a guess."""
    short_year: bool = False
    oddities: frozenset[str] = frozenset()

    @property
    def only_numbers(self) -> bool:
        """Digits that could be anything: a name must say that they are moments."""
        return not {"iso", "numeric", "worded"} & set(self.families)

    def sql(self, column: str) -> str:
        """A UTC TIMESTAMP, null where the text is no moment; naive ones are in the connection's TimeZone."""
        text = f"trim({column})"
        parts = [part for family in self.families for part in self._family(family, column, text)]
        return parts[0] if len(parts) == 1 else f"coalesce({', '.join(parts)})"

    def _family(self, family: str, column: str, text: str) -> list[str]:
        if family == "iso":
            ways = ", ".join(_utc(f"try_cast({way} AS TIMESTAMPTZ)") for way in (column, text))
            return [f"CASE WHEN {column} < ':' THEN coalesce({ways}) END"]
        if family == "epoch":
            return [_epoch(text)]
        if family == "compact":
            return [_compact(text)]
        if family == "serial":
            days = f"CAST(round(try_cast({text} AS DOUBLE) * 86400000) * 1000 AS BIGINT)"
            return [_utc(f"CAST(TIMESTAMP '1899-12-30' + to_microseconds({days}) AS TIMESTAMPTZ)")]
        if family == "numeric":
            return self._clocked(list(self._dates()), text)
        text = f"lower({text})"
        for german, english in _ENGLISH.items():
            text = f"regexp_replace({text}, '\\b{german}\\b', '{english}')"
        text = f"regexp_replace(regexp_replace({text}, '([a-z]{{3}})\\.', '\\1'), '^(\\d+)\\.', '\\1')"
        months, years = ("%b", "%B"), ("%y", "%Y")
        dates = [f"%d{s}{month}{s}{year}" for s in " -" for month in months for year in years]
        dates += [f"{month} %d{comma} %Y" for month in months for comma in (",", "")]
        return self._clocked(dates, text)

    def _dates(self) -> Iterator[str]:
        layout = {"dmy": "%d{s}%m{s}{y}", "mdy": "%m{s}%d{s}{y}", "ymd": "{y}{s}%m{s}%d"}[self.order]
        for separator in self.separators:
            if self.short_year:
                yield layout.format(s=separator, y="%y")
            yield layout.format(s=separator, y="%Y")
            if self.order != "ymd":
                yield f"%Y{separator}%m{separator}%d"

    def _clocked(self, dates: Sequence[str], text: str) -> list[str]:
        if self.oddities:
            text = f"lower({text})"
            for name, (pattern, replacement) in _STEPS.items():
                if name in self.oddities:
                    text = f"regexp_replace({text}, '{pattern}', '{replacement}')"
        clocks = ["%H:%M", "%H:%M:%S", "%H:%M:%S.%f"]
        if "half" in self.oddities:
            clocks = ["%I:%M %p", "%I:%M:%S %p", "%I:%M:%S.%f %p", *clocks]
        stamps = [f"{date} {clock}" for date in dates for clock in clocks]
        plain = _utc(f"CAST(try_strptime({text}, {[*stamps, *dates]!r}) AS TIMESTAMPTZ)")
        if not self.offset:
            return [plain]
        return [_utc(f"try_strptime({text}, {[stamp + '%z' for stamp in stamps]!r})"), plain]


def _utc(moment: str) -> str:
    """The UTC TIMESTAMP of a TIMESTAMPTZ; infinity is no moment. (AT TIME ZONE would ask the calendar at every row.)"""
    return f"make_timestamp(epoch_us({moment}))"


def _compact(text: str) -> str:
    digits = f"regexp_replace(upper({text}), '[TZ]', '', 'g')"
    cases = " ".join(
        f"WHEN {length} THEN try_strptime({digits}, '{layout}')"
        for length, layout in ((8, "%Y%m%d"), (12, "%Y%m%d%H%M"), (14, "%Y%m%d%H%M%S"))
    )
    return _utc(f"CAST(CASE length({digits}) {cases} END AS TIMESTAMPTZ)")


def _epoch(text: str) -> str:
    number = f"try_cast({text} AS DECIMAL(38, 6))"
    scale = f"CASE WHEN {number} < 1e11 THEN 1000000 WHEN {number} < 1e14 THEN 1000 WHEN {number} < 1e17 THEN 1 END"
    nanos = f"CAST({number} / 1000 AS BIGINT)"
    small = f"CAST({number} * {scale} AS BIGINT)"
    return (
        f"CASE WHEN {number} BETWEEN 1e8 AND 1e17 THEN make_timestamp({small})"
        f" WHEN {number} BETWEEN 1e17 AND 4e18 THEN make_timestamp({nanos}) END"
    )


def looks_like_time(text: str) -> bool:
    """Whether a text is a date or a moment beyond doubt; bare numbers are not."""
    text = text.strip()
    return bool(_NUMERIC.fullmatch(text)) or _worded(text) is not None


def is_blank(text: str) -> bool:
    """Whether a text stands for "no moment"."""
    return text.strip().lower() in BLANKS


def detect(values: Iterable[str]) -> TimeStyle | None:
    """The style of a column's values; None when fewer than half of the filled ones are moments."""
    counts = Counter(values)
    filled = {text.strip(): n for text, n in counts.items() if not is_blank(text)}
    total = sum(filled.values())
    if not total:
        return None
    families: Counter[str] = Counter()
    fields: Counter[tuple[int, int, int]] = Counter()
    separators: Counter[str] = Counter()
    oddities: set[str] = set()
    midnight = bare = offset = 0
    short = False
    for seen, (text, n) in enumerate(filled.items()):
        if seen == 200 and families.total() == 0:
            return None
        match = _NUMERIC.fullmatch(text) or _worded(text)
        if match is None:
            if _COMPACT.fullmatch(text):
                families["compact"] += n
                bare += n * (len(text) == 8)
                midnight += n * (len(text) == 8)
            elif _EPOCH.fullmatch(text):
                families["epoch"] += n
                offset += n
            elif _SERIAL.fullmatch(text):
                families["serial"] += n
                bare += n * ("." not in text)
                midnight += n * ("." not in text)
            continue
        parts = match.groupdict()
        clock, zone = parts["clock"], parts["zone"]
        odd = _odd(parts)
        if "month" in parts:
            families["worded"] += n
        else:
            a, b, c = parts["a"], parts["b"], parts["c"]
            if len(a) == 4 and len(c) <= 2 and parts["sep"] != "." and not odd - {"named zone"}:
                families["iso"] += n
                odd = set()
            elif len(a) <= 2 or len(c) <= 2:
                families["numeric"] += n
                odd |= {"gap"} if parts["gap"] in ("T", "t") else set()
                separators[parts["sep"]] += n
                fields[int(a), int(b), int(c)] += n
                short |= len(a) <= 2 and len(c) <= 2
            else:
                continue
        oddities |= odd
        bare += n * (clock is None)
        midnight += n * (clock is None or (set(clock) <= set("0:.,") and not parts["half"]))
        offset += n * (zone is not None)
    known = families.total()
    if known < 0.5 * total:
        return None
    order, ambiguous = _order(fields)
    return TimeStyle(
        known / total, midnight / known, bare / known, offset / known,
        tuple(family for family, _ in families.most_common()), tuple(s for s, _ in separators.most_common()),
        order, ambiguous, short, frozenset(oddities),
    )  # fmt: skip


def _worded(text: str) -> re.Match[str] | None:
    match = _WORDED.fullmatch(text)
    return match if match and (match["month"] or match["umonth"]).lower() in _MONTHS else None


def _odd(parts: dict[str, str | None]) -> set[str]:
    """Which steps a text needs before it can be read with the plain formats."""
    odd: set[str] = set()
    half, zone, gap, fraction = parts["half"], parts["zone"], parts["gap"], parts["fraction"]
    if half:
        odd.add("half")
        odd |= {"dotted half"} if "." in half else set()
        odd |= {"tight half"} if not half[0].isspace() else set()
    odd |= {"uhr"} if parts["uhr"] else set()
    if zone:
        named = zone.strip()[0] not in "+-"
        odd |= {"named zone"} if named else {"spaced zone"} if zone[0].isspace() else set()
    if (gap and gap not in (" ", "T")) or (gap == "T" and "month" in parts):
        odd.add("gap")
    if fraction and (fraction[0] == "," or len(fraction) > 7):
        odd.add("fraction")
    return odd


def _order(fields: Counter[tuple[int, int, int]]) -> tuple[Order, bool]:
    """The order that most of the three-part numbers allow, and whether day and month could be swapped.

    The year is first if that gives fewer years; the day comes first in doubt.
    """
    if not fields:
        return "dmy", False
    scores: dict[Order, tuple[int, int]] = {}
    layouts: dict[Order, tuple[int, int, int]] = {"dmy": (0, 1, 2), "mdy": (1, 0, 2), "ymd": (2, 1, 0)}
    for order, (day, month, year) in layouts.items():
        fits = {f: n for f, n in fields.items() if 1 <= f[day] <= 31 and 1 <= f[month] <= 12}
        fits = {f: n for f, n in fits.items() if f[year] < 100 or 1000 <= f[year] <= 9999}
        scores[order] = (sum(fits.values()), -len({f[year] for f in fits}))
    best: Order = "mdy" if scores["mdy"][0] > scores["dmy"][0] else "dmy"
    if scores["ymd"] > scores[best]:
        best = "ymd"
    most = fields.total()
    ambiguous = best != "ymd" and scores["dmy"][0] == scores["mdy"][0] == most and any(f[0] != f[1] for f in fields)
    return ("dmy" if ambiguous else best), ambiguous
