"""The columns of a table: what is known of their content, which the user named, and the roles they play."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from factoryview.errors import InputError, UsageError
from factoryview.language.said import said
from factoryview.sources import numbers, times
from factoryview.sources.columns import headers
from factoryview.sources.events import ROLES
from factoryview.sources.table import TextTable
from factoryview.sources.times import Order, TimeStyle

_AMOUNT = re.compile(
    r"[€$£]?\s*[+-]?\d[\d.,' \u00a0]*[.,]\d{1,6}|[€$£]\s*[+-]?\d[\d.,' ]*|[+-]?\d[\d.,' ]*\s*([€$£]|[A-Z]{3})"
)
_CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?(\s?[aApP]\.?[mM]\.?)?")
_FIGURES = re.compile(r"([01]\d|2[0-3])[0-5]\d[0-5]\d")
_BARE = re.compile(r"\d{1,6}")
_DIGITS = re.compile(r"[+-]*\d+(e[+-]?\d+)?", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_WHOLE = re.compile(r"\d+\.0")


@dataclass
class Profile:
    """What is known of a column's content."""

    index: int
    name: str
    filled: float
    """Part of the sample that is not blank."""
    style: TimeStyle | None
    numeric: float
    """Part of the filled values that is a number."""
    distinct: int
    """In the sample."""
    decimal: float
    """Part of the filled values that is a number with a fraction, or one with a currency: an amount, no name."""
    wordy: float
    """Part of the filled values that has four words or more: a text, no name."""

    grouped: bool = False
    """All its numbers are whole, with a sign between thousands."""
    clock: bool = False
    """It holds nothing but clock times."""

    @property
    def is_time(self) -> bool:
        """Whether it holds moments: nine in ten, half if its name is known; bare numbers only if the name says so."""
        if self.style is None:
            return False
        name = max(headers.score(self.name, "time"), headers.score(self.name, "start"))
        if self.style.share <= (0.5 if name >= 8 else 0.9):
            return False
        return not self.style.only_numbers or name >= 3

    @property
    def is_period(self) -> bool:
        """Whether it holds weeks, months, weekdays: times to count by, and no names."""
        return headers.is_period(self.name)


@dataclass
class Roles:
    """Role → index of its column, and how sure that is."""

    table: TextTable
    profiles: list[Profile]
    index: dict[str, int] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)
    """Roles the user named."""
    named: set[str] = field(default_factory=set)
    """Roles whose column's name left no doubt."""
    others: dict[str, list[str]] = field(default_factory=dict)
    """Role → columns that might play it as well, the likelier first."""
    constant: list[int] = field(default_factory=list)
    """Columns with moments that do not change within a case."""
    clocks: dict[str, tuple[int, TimeStyle]] = field(default_factory=dict)
    """Role of a date → the column with the clock time that belongs to it, and the style of both together."""
    turns: tuple[str, str] | None = None
    """Words of the lifecycle's column for beginning and for ending, beside those that are known."""
    coded: int | None = None
    """A column whose codes the column of the stage names."""

    def name(self, role: str) -> str:
        return self.table.names[self.index[role]]

    def free(self) -> list[Profile]:
        """The columns that play no role yet."""
        taken = {*self.index.values(), *(clock for clock, _ in self.clocks.values())}
        return [p for p in self.profiles if p.index not in taken]

    def column(self, role: str) -> str:
        """The SQL of a role's text: its column, or date and clock time together."""
        if role in self.clocks:
            clock = f"trim(c{self.clocks[role][0]})"
            padded = f"lpad({clock}, 6, '0')"
            signed = " || ':' || ".join(f"substr({padded}, {place}, 2)" for place in (1, 3, 5))
            written = f"CASE WHEN regexp_full_match({clock}, '{_BARE.pattern}') THEN {signed} ELSE {clock} END"
            return f"(c{self.index[role]} || ' ' || {written})"
        return self.table.column(self.index[role])

    def style(self, role: str) -> TimeStyle | None:
        if role in self.clocks:
            return self.clocks[role][1]
        return self.profiles[self.index[role]].style if role in self.index else None

    @cached_property
    def rows_per_case(self) -> float:
        cases = self.table.scalar(f"count(DISTINCT c{self.index['case']})")
        return self.table.rows / max(cases, 1)


def profile(table: TextTable) -> list[Profile]:
    """The profile of every column, from the sample."""
    profiles = []
    for index, (name, counts) in enumerate(zip(table.names, table.sample_counts, strict=True)):
        filled = {v: n for v, n in counts.items() if not times.is_blank(v)}
        total = sum(filled.values())
        counted = {v: n for v, n in filled.items() if ":" not in v and _DIGIT.search(v)}
        numeric = sum(n for v, n in counted.items() if _is_number(v))
        profiles.append(
            Profile(
                index,
                name,
                sum(n for v, n in counts.items() if v.strip()) / max(counts.total(), 1),
                times.detect(counts),
                numeric / max(total, 1),
                len(filled),
                _fractions(counted) / max(total, 1),
                sum(n for v, n in filled.items() if v.strip().count(" ") > 2) / max(total, 1),
                numbers.grouped(filled),
                _are_clocks(name, filled),
            )
        )
    return profiles


def _fractions(counted: Mapping[str, int]) -> int:
    """How many numbers have a fraction or a currency; none where all fractions are zero, as pandas writes whole ids."""
    amounts = {v.strip(): n for v, n in counted.items() if _AMOUNT.fullmatch(v.strip())}
    return 0 if all(_WHOLE.fullmatch(v) for v in amounts) else sum(amounts.values())


def orders(profiles: Iterable[Profile]) -> dict[str, Order]:
    """Sign between the numbers of a date → their order, where columns leave no doubt and do not disagree."""
    known: dict[str, set[Order]] = {}
    for p in profiles:
        if p.is_time and p.style is not None and p.style.clash is None:
            for sign, order in p.style.orders.items():
                if sign not in p.style.ambiguous:
                    known.setdefault(sign, set()).add(order)
    return {sign: next(iter(found)) for sign, found in known.items() if len(found) == 1}


def _are_clocks(name: str, texts: Iterable[str]) -> bool:
    """Whether all texts are clock times; six bare figures are, where the header sounds like time.

    Spreadsheets take the zeros from the front: some have six then, for with four they may be hours and minutes.
    """
    found = [text.strip() for text in texts]
    shape = _CLOCK if any(":" in text for text in found[:1]) else _FIGURES
    if shape is _FIGURES and max(headers.score(name, "time"), headers.score(name, "start")) < 3:
        return False
    if shape is _FIGURES and any(len(text) == 6 for text in found):
        found = [text.zfill(6) for text in found]
    return bool(found) and all(shape.fullmatch(text) for text in found)


def with_signs(clock: str) -> str:
    """A clock time with colons, if it was written in bare figures, perhaps without the zeros at its front.

    >>> with_signs("080000"), with_signs("83000"), with_signs("8:30")
    ('08:00:00', '08:30:00', '8:30')
    """
    clock = clock.strip()
    padded = clock.zfill(6)
    return f"{padded[:2]}:{padded[2:4]}:{padded[4:]}" if _BARE.fullmatch(clock) else clock


def _is_number(text: str) -> bool:
    text = (
        numbers.amount(text).strip().strip("€$£ ").replace(".", "").replace(",", "").replace(" ", "").replace("'", "")
    )
    return _DIGITS.fullmatch(text) is not None


def resolve(wishes: Mapping[str, str], table: TextTable) -> dict[str, int]:
    """The columns the user named, exactly or but for case and spaces.

    Raises UsageError for an unknown role, InputError for a column that is not there.
    """
    chosen: dict[str, int] = {}
    for role, wish in wishes.items():
        if role not in ROLES:
            raise UsageError(said("error.no_role", role=role, known=", ".join(ROLES)))
        if wish in table.names:
            chosen[role] = table.names.index(wish)
            continue
        alike = [i for i, name in enumerate(table.names) if name.strip().casefold() == wish.strip().casefold()]
        if len(alike) != 1:
            raise InputError(
                said("error.no_column_for", name=wish, role=role),
                where=table.file,
                cure=said("error.it_has", names=listed(table.names)),
            )
        chosen[role] = alike[0]
    return chosen


def listed(names: Iterable[str], most: int = 30) -> str:
    """Names in a sentence, the first thirty, each cut at 60 characters."""
    names = [name if len(name) <= 60 else name[:57] + "…" for name in names]
    shown = ", ".join(names[:most])
    return said("reading.and_more", shown=shown, n=len(names) - most) if len(names) > most else shown
