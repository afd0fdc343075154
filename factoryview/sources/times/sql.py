"""The SQL that turns a column of one style into moments of UTC."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from factoryview.sources.names import BLANKS, JOINERS, NARROW, SPACES, UNSEEN, WIDE
from factoryview.sources.times import words
from factoryview.sources.times.grammar import DASHES, LATER, SERIAL_DIGITS, SHAPES, WRAPPING, TimeShape
from factoryview.sources.times.moment import PIVOT

if TYPE_CHECKING:
    from factoryview.sources.times.style import TimeStyle


def moment(style: TimeStyle, column: str) -> str:
    """A UTC TIMESTAMP, null where the text is no moment; naive ones are in the connection's TimeZone."""
    text = _cleaned(column) if style.unclean else f"trim({column})"
    parts = [part for shape in style.shapes for part in _of_shape(style, shape, column, text)]
    return parts[0] if len(parts) == 1 else f"coalesce({', '.join(parts)})"


def _of_shape(style: TimeStyle, name: str, column: str, text: str) -> Iterator[str]:
    if name == "iso":
        ways = (text,) if style.unclean else (column, text)
        casts = ", ".join(_utc(f"try_cast({way} AS TIMESTAMPTZ)") for way in ways)
        yield f"CASE WHEN {ways[0]} < ':' THEN coalesce({casts}, NULL) END"
        yield _matched(style, SHAPES["numeric"], text)
    elif name == "epoch":
        yield _epoch(text)
    elif name == "serial":
        point = f"replace({text}, ',', '.')"
        step = f"CASE WHEN length(split_part({point}, '.', 2)) <= {SERIAL_DIGITS} THEN 1 ELSE 1000 END"
        days = f"CAST(round(try_cast({point} AS DOUBLE) * 86400 * {step}) * 1000000 // {step} AS BIGINT)"
        yield _utc(f"CAST(TIMESTAMP '1899-12-30' + to_microseconds({days}) AS TIMESTAMPTZ)")
    else:
        if name == style.shapes[0] or (style.shapes[0] == "iso" and name == style.shapes[1]):
            yield from _quickly(style, text)
        if name == "compact":
            yield _compact(text)
        yield _matched(style, SHAPES[name], text)


def _utc(moment: str) -> str:
    """The UTC TIMESTAMP of a TIMESTAMPTZ; infinity is no moment. (AT TIME ZONE would ask the calendar at every row.)"""
    return f"make_timestamp(epoch_us({moment}))"


def _cleaned(column: str) -> str:
    seen = SPACES + BLANKS + WIDE + DASHES + "’"
    plain = " " * len(SPACES + BLANKS) + NARROW + "-" * len(DASHES) + "'"
    table = f"translate({column}, {_text(seen + UNSEEN + JOINERS)}, {_text(plain)})"
    return f"trim(regexp_replace({table}, ' +', ' ', 'g'))"


def _quickly(style: TimeStyle, text: str) -> Iterator[str]:
    """The commonest ways of writing, by the database's own parser; years of two figures first: %Y takes them, too."""
    dated = sorted((_dated(style, layout) for layout in style.layouts), key=lambda written: "%Y" in written)
    plain = [written for written in dated if "%z" not in written]
    placed = [written for written in dated if "%z" in written]
    if plain:
        yield _utc(f"CAST(try_strptime(lower({text}), {_listed(plain)}) AS TIMESTAMPTZ)")
    if placed:
        yield _utc(f"try_strptime(lower({text}), {_listed(placed)})")


def _dated(style: TimeStyle, layout: str) -> str:
    """A layout with the numbers of its date in the order that the sign between them has."""
    found = re.search(r"\{a4?\}(.*)\{b\}", layout)
    if found is None:
        return layout
    order = "ymd" if "{a4}" in layout else style.orders.get(found[1].strip(), "ymd")
    for number, part in zip("abc", order, strict=True):
        layout = layout.replace(f"{{{number}4}}", f"%{part.upper()}").replace(f"{{{number}}}", f"%{part}")
    return layout


def _listed(texts: Iterable[str]) -> str:
    return "[" + ", ".join(map(_text, texts)) + "]"


def _compact(text: str) -> str:
    digits = f"regexp_replace(upper({text}), '[TZ]', '', 'g')"
    cases = " ".join(
        f"WHEN {length} THEN try_strptime({digits}, '{layout}')"
        for length, layout in ((8, "%Y%m%d"), (12, "%Y%m%d%H%M"), (14, "%Y%m%d%H%M%S"))
    )
    return _utc(f"CAST(CASE length({digits}) {cases} END AS TIMESTAMPTZ)")


def _epoch(text: str) -> str:
    digits = f"regexp_extract({text}, '^(?:/[dD]ate\\()?([0-9]+(?:\\.[0-9]+)?)(?:[+-][0-9]{{4}})?(?:\\)/)?$', 1)"
    number = f"try_cast({digits} AS DECIMAL(38, 6))"
    scale = f"CASE WHEN {number} < 1e11 THEN 1000000 WHEN {number} < 1e14 THEN 1000 WHEN {number} < 1e17 THEN 1 END"
    nanos = f"CAST({number} / 1000 AS BIGINT)"
    small = f"CAST({number} * {scale} AS BIGINT)"
    return (
        f"CASE WHEN {number} BETWEEN 1e8 AND 1e17 THEN make_timestamp({small})"
        f" WHEN {number} BETWEEN 1e17 AND 4e18 THEN make_timestamp({nanos}) END"
    )


def _matched(style: TimeStyle, shape: TimeShape, text: str) -> str:
    """Any text of a shape, taken apart by its pattern and written anew as the database reads it."""
    weekdays = words.weekdays_of(style.weekdays)
    lacking = {"w": weekdays, "w2": weekdays, "early": style.early, "region": style.regions}
    plain = shape.without(*(part for part, there in lacking.items() if not there))
    pattern, parts = plain.re2("a-z" + _letters(style, weekdays))
    has = set(parts)
    listing = ", ".join(f"'{part}'" for part in parts)
    found = f"regexp_extract(trim(lower({text}), {_text(WRAPPING)}), {_text(pattern)}, [{listing}])"
    date = _worded_date(style) if shape.worded else _numeric_date(style)
    if shape.name == "compact":
        date = "p.y || '-' || p.mon || '-' || p.d"
    naive = f"{date}{_clock(has)}" if "h" in has else date
    known = []
    for part in {"w", "w2"} & has:
        known.append(f"p.{part} IN ({', '.join(map(_text, sorted({'', *weekdays})))})")
    if "zone" in has:
        zones = _map({"": "", **{zone: words.ZONES[zone] for zone in words.ZONES}}) if style.zones else "MAP{'': ''}"
        offset = f"CASE WHEN p.off <> '' THEN {_offset('p.off')} ELSE {zones}[p.zone] END"
        moment = f"try_cast({naive} || {offset} AS TIMESTAMPTZ)"
        if style.regions:
            regions = _map({region: words.regions()[region] for region in sorted(style.regions)})
            there = f"timezone({regions}[p.region], try_cast({naive} AS TIMESTAMP))"
            moment = f"CASE WHEN p.off = '' AND p.region <> '' THEN {there} ELSE {moment} END"
    else:
        moment = f"try_cast({naive} AS TIMESTAMPTZ)"
    if known:
        moment = f"CASE WHEN {' AND '.join(known)} THEN {moment} END"
    return f"list_transform([{found}], lambda p: {_utc(moment)})[1]"


def _letters(style: TimeStyle, weekdays: Iterable[str]) -> str:
    """Letters other than a to z that the words of the column's languages have."""
    found = {char for word in (*words.months_of(style.months), *weekdays) for char in word}
    return "".join(sorted(char for char in found | style.letters if char.isalpha() and not "a" <= char <= "z"))


def _worded_date(style: TimeStyle) -> str:
    months = _map({name: f"{number:02}" for name, number in words.months_of(style.months).items()})
    return f"{_year('p.y')} || '-' || {months}[rtrim(p.mon, '.')] || '-' || p.d"


def _numeric_date(style: TimeStyle) -> str:
    """Year, month and day in the order that the sign between them has; `2025-…` is always the year first."""
    same = "(trim(p.s1) = trim(p.s2) OR p.s1 <> '' AND trim(p.s1) IN ('年', '년'))"
    cases = [f"WHEN NOT {same} THEN NULL", "WHEN length(p.a) = 4 THEN p.a || '-' || p.b || '-' || p.c"]
    for sign, order in style.orders.items():
        a, b, c = {"dmy": ("c", "b", "a"), "mdy": ("c", "a", "b"), "ymd": ("a", "b", "c")}[order]
        cases.append(f"WHEN trim(p.s1) = {_text(sign)} THEN {_year(f'p.{a}')} || '-' || p.{b} || '-' || p.{c}")
    return f"CASE {' '.join(cases)} END"


def _year(part: str) -> str:
    century = f"CASE WHEN {part} < '{PIVOT}' THEN '20' ELSE '19' END"
    return f"CASE length({part}) WHEN 2 THEN {century} || {part} WHEN 4 THEN {part} END"


def _clock(has: set[str]) -> str:
    hour = "try_cast(p.h AS INT)"
    if "half" in has:
        late, early = "p.half LIKE 'p%'", "p.half LIKE 'a%'"
        if "early" in has:
            late = f"({late} OR p.early IN ({', '.join(map(_text, LATER))}))"
            early = f"({early} OR p.early <> '')"
        hour = f"CASE WHEN {late} AND {hour} < 12 THEN {hour} + 12 WHEN {early} AND p.h = '12' THEN 0 ELSE {hour} END"
    minute, second = (f"coalesce(nullif(p.{part}, ''), '00')" for part in ("mi", "s"))
    clock = f"({hour})::VARCHAR || ':' || {minute} || ':' || {second} || '.' || left(p.f || '000000', 6)"
    return f" || CASE WHEN p.h = '' THEN '' ELSE ' ' || {clock} END"


def _offset(part: str) -> str:
    digits = f"replace({part}[2:], ':', '')"
    padded = f"lpad({digits}, CASE WHEN length({digits}) <= 2 THEN 2 WHEN length({digits}) <= 4 THEN 4 ELSE 6 END, '0')"
    return f"{part}[1] || {padded}[1:2] || ':' || coalesce(nullif({padded}[3:4], ''), '00')"


def _map(names: Mapping[str, str]) -> str:
    return "MAP{" + ", ".join(f"{_text(key)}: {_text(value)}" for key, value in names.items()) + "}"


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
