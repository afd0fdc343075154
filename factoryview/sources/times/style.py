"""Which ways of writing a moment a column uses, found in a sample of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from factoryview.sources.names import clean
from factoryview.sources.times import sql
from factoryview.sources.times.grammar import DASHES, EPOCH, ONLY_DIGITS, SERIAL, Match, is_blank, match, prepare
from factoryview.sources.times.moment import Order

_EARLY_EXIT = 200
"""So many different texts without a moment among them, and the column has none."""
_LAYOUTS = 8
"""So many ways of writing are tried by the database's own parser before the grammar."""
_ISO = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ](?P<clock>[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?)"
    r"(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
"""What most files have."""
_CLASH = 0.02
"""Of the dates that leave no doubt, the share from which a second order is no mere mistake."""


@dataclass(frozen=True)
class TimeStyle:
    """The ways of writing a moment found in a column's sample."""

    share: float
    """Part of the filled values that is a moment."""
    shapes: tuple[str, ...]
    """iso, epoch, serial, or a shape of the grammar; the commonest first."""
    midnight: float = 0.0
    """Part of the moments that stand at 00:00 as written, the ones without a clock included."""
    full_hours: float = 0.0
    """Part of the moments that stand at a full hour as written, those at midnight included."""
    bare: float = 0.0
    """Part of the moments without a clock."""
    offset: float = 0.0
    """Part of the moments that name their offset from UTC."""
    orders: dict[str, Order] = field(default_factory=dict)
    """Sign between the numbers of a date → their order."""
    ambiguous: tuple[str, ...] = ()
    """Signs with which no date of the sample tells the day from the month: their order is a guess."""
    clash: tuple[str, str] | None = None
    """Two texts of which one has the day first and the other the month, with the same sign."""
    layouts: tuple[str, ...] = ()
    """What `strptime` calls the commonest ways of writing, `{a}`, `{b}`, `{c}` being numbers whose order is in
    `orders`."""
    unclean: bool = False
    """Whether some texts have to be cleaned first."""
    months: frozenset[str] = frozenset()
    weekdays: frozenset[str] = frozenset()
    zones: frozenset[str] = frozenset()
    """Words in the texts."""
    regions: frozenset[str] = frozenset()
    letters: frozenset[str] = frozenset()
    """Letters in the texts other than a to z."""
    early: bool = False
    """Whether clocks say before the hour whether it is before noon."""

    @property
    def only_numbers(self) -> bool:
        """Digits that could be anything: a name must say that they are moments."""
        return set(self.shapes) <= ONLY_DIGITS

    @property
    def mixed(self) -> bool:
        """Whether dates whose order is a guess stand beside others that leave no doubt."""
        return bool(self.ambiguous) and (len(self.shapes) > 1 or len(self.orders) > 1)

    def sql(self, column: str) -> str:
        """The SQL of a UTC TIMESTAMP, null where the column's text is no moment; naive ones are in the connection's
        TimeZone."""
        return sql.moment(self, column)

    def settled(self, order: Order, signs: Iterable[str] | None = None) -> TimeStyle:
        """The style with the dates with these signs (by default all whose order is a guess) in the order said."""
        known = dict.fromkeys(self.ambiguous if signs is None else signs, order)
        left = tuple(sign for sign in self.ambiguous if sign not in known)
        return replace(self, orders=self.orders | known, ambiguous=left, clash=None)


def detect(values: Iterable[str] | Mapping[str, int]) -> TimeStyle | None:
    """The style of a column's values; None when fewer than half of the filled ones are moments.

    values: each as often as it stands there, or how often each does.
    """
    filled = {text: n for text, n in Counter(values).items() if not is_blank(text)}
    total = sum(filled.values())
    if not total:
        return None
    tally = _Tally()
    for seen, (text, n) in enumerate(filled.items()):
        if seen == _EARLY_EXIT and not tally.known:
            return None
        tally.add(text, n)
    return tally.style(total) if tally.known >= 0.5 * total else None


def looks_like_time(text: str) -> bool:
    """Whether a text is a date or a moment beyond doubt; bare numbers are not."""
    found = match(prepare(text))
    return found is not None and found.shape.name not in ONLY_DIGITS


class _Tally:
    """What is counted of a column's texts."""

    def __init__(self) -> None:
        self.shapes: Counter[str] = Counter()
        self.fields: dict[str, Counter[tuple[str, str, str]]] = {}
        self.words: dict[str, set[str]] = {part: set() for part in ("mon", "w", "w2", "zone", "region")}
        self.midnight = self.full_hours = self.bare = self.offset = 0
        self.layouts: Counter[str] = Counter()
        self.unclean = self.early = False
        self.letters: set[str] = set()

    @property
    def known(self) -> int:
        return self.shapes.total()

    def add(self, text: str, n: int) -> None:
        if (iso := _ISO.fullmatch(text)) is not None:
            self.shapes["iso"] += n
            self.bare += n * (iso["clock"] is None)
            self.midnight += n * (not (iso["clock"] or "").strip("0:."))
            self.full_hours += n * (not (iso["clock"] or "")[2:].strip("0:."))
            self.offset += n * (iso["zone"] is not None)
            return
        plain = prepare(text)
        found = match(plain)
        if found is None:
            found_digits = EPOCH.fullmatch(plain)
            if found_digits is not None:
                self.shapes["epoch"] += n
                self.offset += n
            elif (found_digits := SERIAL.fullmatch(plain)) is not None:
                self.shapes["serial"] += n
                self.bare += n * (not found_digits[2])
                self.midnight += n * (not found_digits[2])
                self.full_hours += n * (not found_digits[2])
            else:
                return
        else:
            self._match(found, n)
            if not plain.isascii():
                self.letters |= {char for char in plain if char.isalpha() and not "a" <= char <= "z"}
        self.unclean |= " ".join(clean(text).split()) != text.strip() or any(char in text for char in DASHES + "’")

    def _match(self, found: Match, n: int) -> None:
        self.bare += n * (found.hour is None)
        self.midnight += n * found.midnight
        self.full_hours += n * found.full_hour
        self.offset += n * found.placed
        self.early |= bool(found["early"])
        for part, seen in self.words.items():
            if found[part]:
                seen.add(found[part])
        name = found.shape.name
        if not found.shape.worded:
            sign, a = found["s1"].strip(), found["a"]
            if _is_iso(found):
                name = "iso"
            if len(a) <= 2:
                self.fields.setdefault(sign, Counter())[a, found["b"], found["c"]] += n
        self.shapes[name] += n
        if name != "iso" and (layout := found.layout) is not None:
            self.layouts[layout] += n

    def style(self, total: int) -> TimeStyle:
        known = self.known
        orders: dict[str, Order] = {}
        ambiguous: list[str] = []
        clash = None
        for sign, seen in self.fields.items():
            orders[sign], unsure, one, other = _order(seen)
            if unsure:
                ambiguous.append(sign)
            if one and other:
                clash = (sign.join(one), sign.join(other))
        sure = {order for sign, order in orders.items() if sign not in ambiguous}
        for sign in ambiguous:
            orders[sign] = sure.pop() if len(sure) == 1 else orders[sign]
        return TimeStyle(
            known / total,
            tuple(name for name, _ in self.shapes.most_common()),
            self.midnight / known,
            self.full_hours / known,
            self.bare / known,
            self.offset / known,
            orders,
            tuple(ambiguous),
            clash,
            tuple(layout for layout, _ in self.layouts.most_common(_LAYOUTS)),
            self.unclean,
            months=frozenset(self.words["mon"]),
            weekdays=frozenset(self.words["w"] | self.words["w2"]),
            zones=frozenset(self.words["zone"]),
            regions=frozenset(self.words["region"]),
            letters=frozenset(self.letters),
            early=self.early,
        )


def _is_iso(found: Match) -> bool:
    """Whether the database reads it by itself: 2025-12-31T14:05:00.123+01:00."""
    plain = found["s1"] in ("-", "/") and len(found["a"]) == 4 and found["zone"] in ("", "z")
    return found.shape.name == "numeric" and plain and not (found["w"] or found["region"] or found["half"])


def _order(
    seen: Counter[tuple[str, str, str]],
) -> tuple[Order, bool, tuple[str, str, str] | None, tuple[str, str, str] | None]:
    """The order that most of the three-part dates allow, whether day and month could be swapped, and examples of two
    orders that exclude each other.

    The year is first if that gives fewer years; the day comes first in doubt.
    """
    scores: dict[Order, tuple[int, int]] = {}
    layouts: dict[Order, tuple[int, int, int]] = {"dmy": (0, 1, 2), "mdy": (1, 0, 2), "ymd": (2, 1, 0)}
    fits: dict[Order, dict[tuple[str, str, str], int]] = {}
    for order, (day, month, year) in layouts.items():
        good = {f: n for f, n in seen.items() if 1 <= int(f[day]) <= 31 and 1 <= int(f[month]) <= 12}
        fits[order] = good = {f: n for f, n in good.items() if len(f[year]) in (2, 4)}
        scores[order] = (sum(good.values()), -len({f[year] for f in good}))
    best: Order = "mdy" if scores["mdy"][0] > scores["dmy"][0] else "dmy"
    if scores["ymd"] > scores[best]:
        return "ymd", False, None, None
    only_day = {f: n for f, n in fits["dmy"].items() if f not in fits["mdy"]}
    only_month = {f: n for f, n in fits["mdy"].items() if f not in fits["dmy"]}
    fewer = min(sum(only_day.values()), sum(only_month.values()))
    if fewer > _CLASH * (sum(only_day.values()) + sum(only_month.values())):
        return best, False, next(iter(only_day)), next(iter(only_month))
    unsure = not only_day and not only_month and any(f[0] != f[1] for f in seen)
    return ("dmy" if unsure else best), unsure, None, None
