"""Which date of a table of deals is the entry into which stage, and which statuses are final."""

from __future__ import annotations

import re
from dataclasses import dataclass

from factoryview.sources.columns import headers
from factoryview.sources.columns.roles import Profile
from factoryview.sources.reading import Reading
from factoryview.sources.table import RAW

_FLAGS = ("is closed", "closed", "geschlossen", "ist geschlossen")
_EMPTY_WORDS = frozenset(
    ("date", "datum", "time", "at", "on", "am", "timestamp", "zeit", "zeitpunkt", "day", "tag", "property", "deal",
     "le", "el", "il", "op", "dnia", "dne", "fecha", "data", "tarihi", "entered", "eingetreten", "eintritt",
     "eintritts")
)  # fmt: skip
_LINKS = frozenset(
    ("in", "into", "of", "the", "des", "der", "die", "das", "den", "von", "de", "du", "del", "dans", "en")
)  # fmt: skip
"""What may stand between the words for an entry and the name of the stage."""
_GLUED_DATE = re.compile(r"(\w{4,})(?:date|datum|timestamp|datetime)")
"""A header that ends in a word for date without a gap: issueddate, Freigabedatum."""


@dataclass(frozen=True)
class SnapshotPlan:
    """Which date leads where."""

    dates: list[int]
    """Columns, earliest first."""
    stages: list[str | None]
    """Per date the stage it enters; None: the row's own status."""
    closed: tuple[str, ...]
    """Statuses that are final."""
    since: int | None
    """The column that says since when the present status holds."""


def make_plan(reading: Reading, profiles: list[Profile], has_status: bool) -> SnapshotPlan:
    con = reading.connection
    since = next((p.index for p in profiles if has_status and headers.is_own_stage_since(p.name)), None)
    dates = _in_order(reading, [p.index for p in profiles if p.index != since])
    names = {p.index: p.name for p in profiles}
    if not has_status:
        return SnapshotPlan(dates, [_stage_name(names[i]) for i in dates], (), None)
    shares: dict[str, list[float]] = {}
    filled = ", ".join(f"avg((d{i} IS NOT NULL)::INT)" for i in dates)
    for status, *parts in con.execute(
        f"SELECT status, {filled} FROM factoryview_deals WHERE trim(status) <> '' GROUP BY status ORDER BY min(row)"
    ).fetchall():
        shares[status] = [float(part) for part in parts]
    closed = _flagged(reading)
    for index in [] if closed else _alternatives(reading, dates):
        place = dates.index(index)
        closed += tuple(s for s in _closed({s: parts[place] for s, parts in shares.items()}) if s not in closed)
    stages: list[str | None] = []
    for place, index in enumerate(dates):
        reached = [s for s, parts in shares.items() if _last(parts, len(dates) - 1, s in closed) == place]
        if place == len(dates) - 1:
            stages.append(None)
        else:
            is_sure = len(reached) == 1 and not headers.sounds_like_creation(names[index])
            stages.append(reached[0] if is_sure else _stage_name(names[index]))
    return SnapshotPlan(dates, stages, closed, since)


def _in_order(reading: Reading, dates: list[int]) -> list[int]:
    """Columns so that as many rows as possible agree with their order; ties keep the file's."""
    wins = dict.fromkeys(dates, 0.0)
    for a in dates:
        for b in dates:
            if a != b:
                found = reading.connection.execute(
                    f"SELECT coalesce(avg((d{a} > d{b})::INT) - avg((d{a} < d{b})::INT), 0) FROM factoryview_deals"
                ).fetchone()
                wins[a] += float(found[0]) if found else 0.0
    closing = {i: headers.sounds_like_closing(reading.table.names[i]) for i in dates}
    return sorted(dates, key=lambda index: (closing[index], wins[index]))


def _alternatives(reading: Reading, dates: list[int]) -> list[int]:
    """The final date and those that hardly ever stand beside it: won at, lost at."""
    final = dates[-1]
    found = [final]
    for index in dates[1:-1]:
        row = reading.connection.execute(
            f"SELECT count(d{index}), count(d{index}) FILTER (WHERE d{final} IS NOT NULL), count(d{final}) "
            "FROM factoryview_deals"
        ).fetchone()
        if row and row[0] and row[2] and row[1] <= 0.02 * row[0]:
            found.append(index)
    return found


def _flagged(reading: Reading) -> tuple[str, ...]:
    """The statuses whose rows all carry a flag like `is_closed`."""
    names = reading.table.names
    flag = next((i for i, name in enumerate(names) if headers.fold(name) in _FLAGS), None)
    if flag is None:
        return ()
    found = reading.connection.execute(
        f"SELECT status FROM factoryview_deals AS d JOIN {RAW} AS r ON r.rowid = d.row WHERE trim(status) <> '' "
        f"GROUP BY status HAVING avg((lower(trim(c{flag})) IN ('true', 't', 'yes', 'ja', 'wahr', '1'))::INT) >= 0.95 "
        "ORDER BY min(d.row)"
    ).fetchall()
    return tuple(row[0] for row in found)


def _closed(shares: dict[str, float]) -> tuple[str, ...]:
    """The final statuses: those that always carry the date while others do not, else those that say so."""
    full = [status for status, share in shares.items() if share >= 0.95]
    spoken = tuple(status for status in full if headers.sounds_like_end(status))
    return spoken or (tuple(full) if len(full) < len(shares) else ())


def _last(parts: list[float], final: int, closed: bool) -> int | None:
    """The last date that at least half of a status' rows have; an open one's final date is a forecast."""
    places = [place for place, part in enumerate(parts) if part >= 0.5 and (closed or place != final)]
    return max(places, default=None)


def _stage_name(column: str) -> str:
    """What a date's column is called without the words for date."""
    words = re.sub(r"[_\W]+", " ", column).split()
    if len(words) == 1 and words[0].islower():
        glued = _GLUED_DATE.fullmatch(words[0])
        words = [glued[1]] if glued else list(headers.parted(words[0]))
    parts = [word for word in words if word.lower() not in _EMPTY_WORDS]
    if parts and parts[0] is not words[0]:  # "entered into Review": what is left of the words for date is no name
        while len(parts) > 1 and parts[0].lower() in _LINKS:
            parts.pop(0)
    text = " ".join(parts) or column
    return text[:1].upper() + text[1:]
