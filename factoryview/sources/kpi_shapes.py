"""Tables of counts in other shapes than one row per stage and bucket: a column per stage, a column per week, one count.

They are written anew as the rows that `kpi` reads. Where a table has one number per stage and bucket, as many passed
the stage then as it says: they came and went. How many wait cannot be known from it, and the report says so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from factoryview.errors import InputError
from factoryview.language.said import said
from factoryview.sources import times
from factoryview.sources.columns import headers
from factoryview.sources.columns.roles import Profile, listed
from factoryview.sources.columns.vocabulary import KPI_NAMES, TOTALS
from factoryview.sources.events import Finding
from factoryview.sources.spans import calendar_span
from factoryview.sources.table import RAW, TextTable

COUNTS = ("arrivals", "departures", "losses", "wip")
_SHARE = re.compile(r"[+-]?\d+([.,]\d+)?\s*%")
_MOST_PARTS = 12
"""Of a bucket, each with a row of its own."""
_REGULAR = 0.8
"""So many of the steps from one bucket to the next are of few lengths."""


@dataclass(frozen=True)
class _Part:
    """A column of counts: of which stage, and which of its counts. role None: so many passed the stage."""

    index: int
    stage: str
    role: str | None


def reshaped(table: TextTable, profiles: list[Profile]) -> TextTable | None:
    """The table in rows of stage, bucket and counts; None if it is no table of counts of another shape.

    profiles: of its columns. Raises InputError for counts of what waits alone.
    """
    if table.rows < 2 or not 2 <= len(table.names) <= 400:
        return None
    return _by_bucket_columns(table, profiles) or _by_stage_columns(table, profiles) or _one_count(table, profiles)


def _by_stage_columns(table: TextTable, profiles: list[Profile]) -> TextTable | None:
    """A row per bucket, or one for each shift or the like of it, and columns of whole numbers called like stages.

    Shares and amounts beside them are of no stage.
    """
    measures = [p for p in profiles if p.filled > 0 and _is_measure(table, p)]
    texts = [p for p in profiles if p.distinct > 1 and not _is_count(p) and not _is_total(p.name) and p not in measures]
    if len(texts) > 2:  # one of them at most is the bucket, one tells its parts; asked first, for it costs nothing
        return None
    buckets = [p for p in profiles if p.filled > 0.9 and _is_bucket(table, p, [q for q in texts if q is not p])]
    if len(buckets) != 1:
        return None
    counts = [p for p in profiles if p is not buckets[0] and p.filled > 0 and _is_count(p) and not _is_total(p.name)]
    if len(counts) < 2 or any(headers.score(p.name, "case") >= 4 for p in counts):
        return None
    roles = [_role_of(p.name) for p in counts]
    if {"arrivals", "departures"} <= set(roles) and None not in roles and len(set(roles)) == len(roles):
        whole = Path(table.file).stem or table.file
        parts = [_Part(p.index, whole, role) for p, role in zip(counts, roles, strict=True)]
        return _written(table, [(part, f"c{buckets[0].index}") for part in parts], _said(parts, buckets[0].name))
    parts = [_part(p) for p in counts]
    by_stage = {part.stage for part in parts if part.role in ("arrivals", "departures")}
    if not by_stage:
        parts = [replace(part, stage=table.names[part.index], role=None) for part in parts]
    elif any(part.role is None for part in parts) or any(not part.stage for part in parts):
        return None
    bucket = f"c{buckets[0].index}"
    written = _written(table, [(part, bucket) for part in parts], _said(parts, buckets[0].name))
    if measures:
        text = said("reading.measures", names=listed(p.name for p in measures))
        written.findings.append(Finding("info", table.file, text))
    return written


def _by_bucket_columns(table: TextTable, profiles: list[Profile]) -> TextTable | None:
    """A row per stage, and columns of whole numbers that are called like weeks or days."""
    spans = [p for p in profiles if _names_bucket(p.name)]
    labels = [p for p in profiles if p not in spans and p.filled > 0.9 and not _is_total(p.name)]
    if len(spans) < 3 or len(labels) not in (1, 2) or not all(_is_count(p) or p.filled == 0 for p in spans):
        return None
    roles = [p for p in labels if all(_role_of(value) for value in table.sample[p.index])]
    stages = [p for p in labels if p not in roles]
    if len(stages) != 1 or len(roles) > 1:
        return None
    found = []
    for p in spans:
        part = _Part(p.index, f"\0c{stages[0].index}", None)
        found.append((part, "'" + p.name.replace("'", "''") + "'"))
    if not roles:
        text = said("reading.row_per_stage", waiting=_WAITING)
        return _written(table, found, text)
    return _written(table, found, said("reading.row_per_count"), roles[0].index)


def _one_count(table: TextTable, profiles: list[Profile]) -> TextTable | None:
    """A row per stage and bucket with one number: how many passed."""
    known = {fold: i for i, fold in enumerate(map(headers.fold, table.names))}
    stage = next((known[name] for name in map(headers.fold, KPI_NAMES["stage"]) if name in known), None)
    counts = [p for p in profiles if p.index != stage and _is_count(p) and p.filled > 0.5]
    named = [(p, role) for p in counts if (role := _role_of(p.name) or _counts(p.name))]
    if stage is None or not named:
        return None
    buckets = [p for p in profiles if p.filled > 0.9 and (_is_date(p) or _is_period(table, p))]
    if len(buckets) != 1 or buckets[0].index == stage:
        return None
    named = [(p, role) for p, role in named if p is not buckets[0]]
    others = [p for p in profiles if p.index not in {stage, buckets[0].index, *(p.index for p, _ in named)}]
    if len(named) != 1 or any(headers.score(p.name, "case") >= 4 for p in others):
        return None
    pairs = table.scalar(f"count(DISTINCT (c{stage}, c{buckets[0].index}))")
    if pairs < 0.98 * table.rows:
        return None
    (p, role) = named[0]
    if role == "wip":
        raise InputError(
            said("error.only_waiting", column=p.name),
            where=table.file,
            cure=said("error.add_counts"),
        )
    text = said("reading.passed_one", name=p.name, waiting=_WAITING)
    return _written(table, [(_Part(p.index, f"\0c{stage}", None), f"c{buckets[0].index}")], text)


_WAITING = said("reading.waiting_unknown")


def _written(table: TextTable, parts: Sequence[tuple[_Part, str]], text: str, role: int | None = None) -> TextTable:
    """The table anew; parts: counts with the SQL of their bucket. A stage `\\0c1` is what stands in column c1."""
    con = table.connection
    selects = []
    for order, (part, bucket) in enumerate(parts):
        stage = part.stage[1:] if part.stage.startswith("\0") else "'" + part.stage.replace("'", "''") + "'"
        cells = []
        for count in COUNTS:
            here = part.role == count or (part.role is None and role is None and count in ("arrivals", "departures"))
            cell = f"c{part.index}" if here else "NULL::VARCHAR"
            if role is not None:
                names = ", ".join("'" + name + "'" for name in _spellings(table, role, count)) or "NULL"
                cell = f"CASE WHEN c{role} IN ({names}) THEN c{part.index} END"
            cells.append(f"{cell} AS {count}")
        selects.append(
            f"SELECT rowid AS r, {order} AS k, {table.line} AS line, {stage} AS stage, {bucket} AS bucket, "
            f"{', '.join(cells)} FROM {RAW} WHERE trim(coalesce(c{part.index}, '')) <> ''"
        )
    listing = ", ".join(f"{name} AS c{i}" for i, name in enumerate(("stage", "bucket")))
    sums = ", ".join(f"any_value({count}) AS c{i}" for i, count in enumerate(COUNTS, 2))
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE factoryview_shape AS SELECT min(line) AS line, {listing}, {sums} FROM "
        f"({' UNION ALL '.join(selects)}) GROUP BY r, stage, bucket ORDER BY min(k), min(r)"
        if role is None
        else f"CREATE OR REPLACE TEMP TABLE factoryview_shape AS SELECT min(line) AS line, {listing}, {sums} FROM "
        f"({' UNION ALL '.join(selects)}) GROUP BY stage, bucket ORDER BY min(r), min(k)"
    )
    con.execute(f"DROP TABLE {RAW}")
    con.execute(f"ALTER TABLE factoryview_shape RENAME TO {RAW}")
    written = TextTable(con, table.file, ["stage", "bucket", *COUNTS], line="line", delimiter=table.delimiter)
    written.findings = [*table.findings, Finding("warning" if _WAITING in text else "info", table.file, text)]
    written.guesses = table.guesses
    return written


def _spellings(table: TextTable, index: int, role: str) -> list[str]:
    return [value.replace("'", "''") for value in dict.fromkeys(table.sample[index]) if _role_of(value) == role]


def _said(parts: Sequence[_Part], bucket: str) -> str:
    stages = listed(dict.fromkeys(part.stage for part in parts), 8)
    if any(part.role for part in parts):
        return said("reading.counts_per_stage", stages=stages, bucket=bucket)
    return said("reading.passed_per_stage", stages=stages, bucket=bucket, waiting=_WAITING)


def _part(p: Profile) -> _Part:
    """`Review in`, `arrivals: Review`: the stage and the count of a column; the whole name is the stage otherwise."""
    words = re.split(r"[\s_\-:/|.()]+", p.name.strip())
    for size in (1, 2):
        if len(words) > size:
            for head, tail in ((words[:-size], words[-size:]), (words[size:], words[:size])):
                role = _role_of(" ".join(tail))
                if role is not None:
                    return _Part(p.index, " ".join(word for word in head if word), role)
    role = _role_of(p.name)
    return _Part(p.index, "" if role in ("arrivals", "departures") else p.name, None)


def _role_of(name: str) -> str | None:
    folded = headers.fold(name)
    return next((role for role in COUNTS if folded in map(headers.fold, KPI_NAMES[role])), None)


def _counts(name: str) -> str | None:
    return "count" if headers.fold(name) in map(headers.fold, KPI_NAMES["count"]) else None


def _is_total(name: str) -> bool:
    return bool({headers.fold(word) for word in TOTALS} & set(headers.fold(name).split()))


def _is_count(p: Profile) -> bool:
    return p.numeric > 0.9 and (p.decimal < 0.05 or p.grouped) and not p.is_time


def _is_measure(table: TextTable, p: Profile) -> bool:
    """Whether a column holds shares or amounts of money."""
    if p.decimal > 0.9 and not p.grouped:
        return True
    filled = [(value, rows) for value, rows in table.sample_counts[p.index].items() if not times.is_blank(value)]
    shares = sum(rows for value, rows in filled if _SHARE.fullmatch(value.strip()))
    return shares > 0.9 * sum(rows for _, rows in filled)


def _names_bucket(name: str) -> bool:
    return calendar_span(name) is not None or times.looks_like_time(name)


def _is_date(p: Profile) -> bool:
    return p.style is not None and p.style.share > 0.9 and not p.style.only_numbers


def _is_period(table: TextTable, p: Profile) -> bool:
    """Whether more than nine in ten of the values name a span of the calendar; looks no further than it must."""
    filled = Counter(value for value in table.sample[p.index] if value.strip())
    total = named = filled.total()
    for value, rows in filled.items():
        named -= 0 if calendar_span(value) else rows
        if named <= 0.9 * total:
            return False
    return total > 0


def _is_bucket(table: TextTable, p: Profile, parts: Sequence[Profile]) -> bool:
    """Whether a column has a bucket of its own in every row, in even steps, as no event does.

    parts: a column that tells parts of a bucket, if there is one: each bucket has each of them once then.
    """
    rows = table.rows
    if len(parts) > 1:
        return False
    if parts:
        grid = table.scalar(f"count(DISTINCT c{p.index}) * count(DISTINCT c{parts[0].index})")
        pairs = table.scalar(f"count(DISTINCT (c{p.index}, c{parts[0].index}))")
        if not 0.95 * grid <= rows == pairs or parts[0].distinct > _MOST_PARTS:
            return False
        rows = p.distinct
    elif p.distinct < 0.95 * sum(bool(value.strip()) for value in table.sample[p.index]):
        return False
    if _is_period(table, p) and (p.numeric < 0.9 or headers.is_period(p.name)):
        return True
    if not _is_date(p) or p.style is None:
        return False
    moment = p.style.sql(f"c{p.index}")
    steps = table.connection.execute(
        f"SELECT count(*) AS n FROM (SELECT round(epoch(t - lag(t) OVER (ORDER BY t)) / 3600) AS step FROM "
        f"(SELECT {moment} AS t FROM {RAW})) WHERE step > 0 GROUP BY step ORDER BY n DESC LIMIT 4"
    ).fetchall()
    return bool(steps) and sum(n for (n,) in steps) >= _REGULAR * (rows - 1) and steps[0][0] > 0.3 * rows
