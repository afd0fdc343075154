"""How an input of a kind is read: rightly, or somebody is asked about what is not; nothing else will do."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from factoryview.errors import FactoryviewError
from factoryview.language.said import Said
from factoryview.sources import ReadOptions, read
from factoryview.sources.events import EventLog
from tests.kit import exports, reading_kinds, strange_inputs
from tests.kit.reading_inputs import Input

KINDS = reading_kinds.KINDS | exports.KINDS | strange_inputs.KINDS
NEUTRAL = {"reading.times", "reading.done_at", "reading.ends_cover", "reading.no_ends"}
"""Questions that every log without a plant file has; they are no answer to what is odd about a file."""
MOMENTS = {"time", "dates", "start", "timezone"}
"""Guesses about moments."""
ROWS = {"reading.filled_down", "reading.other_fields"}
"""Questions about which rows belong to which case, and which of them tell of stages."""


def ending(kind: str, seed: int, folder: Path) -> tuple[str, str]:
    """How an input is read: `right`, `asked` or `wrong`, and what was said or found instead."""
    made = KINDS[kind](Random(f"{kind}/{seed}"))
    path = folder / str(seed) / made.name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(made.data)
    try:
        log = read(path, ReadOptions())
    except FactoryviewError as error:
        return "asked", str(error)
    difference = _difference(log, made)
    if not difference:
        return "right", ""
    told = "; ".join(f"{finding.severity}: {finding.text}" for finding in log.findings if finding.severity != "info")
    return ("asked" if _is_asked(log, made) else "wrong"), f"{log.meaning} {log.columns} {difference} {told}"


def _is_asked(log: EventLog, made: Input) -> bool:
    """Whether what is read otherwise is what somebody is asked or warned about."""
    guessed = {guess.what for guess in log.guesses}
    keys = {key for finding in log.findings if finding.severity != "info" for key in _keys(finding.text)} - NEUTRAL
    warned = any(finding.severity == "warning" for finding in log.findings)
    if log.meaning == "kpi" or not made.rows:
        return bool(warned or keys)
    rows = log.connection.execute('SELECT "case", stage, coalesce(time, start) FROM events').fetchall()
    places = {"case": 0, "stage": 1}
    wrong = {what for what, k in places.items() if {row[k] for row in rows} - {row[k] for row in made.rows}}
    if keys & ROWS or ("stage" in wrong and warned):
        return True
    if wrong:
        return wrong <= guessed or "encoding" in guessed
    if {row[2] for row in rows} - {row[2] for row in made.rows}:
        return bool(warned or guessed & MOMENTS)
    return bool(warned or guessed - {"times"})


def _keys(text: str) -> set[str]:
    """The keys of a text and of what stands in its gaps."""
    if not isinstance(text, Said):
        return set()
    return {text.key}.union(*(_keys(gap) for gap in text.gaps.values() if isinstance(gap, Said)))


def _difference(log: EventLog, made: Input) -> str:
    """What is read otherwise than it was written; empty if nothing is."""
    if made.counts:
        if log.meaning != "kpi":
            return f"read as {log.meaning}"
        found = log.connection.execute("SELECT stage, bucket, arrivals FROM kpi").fetchall()
        counted = Counter((s, f"{bucket:%Y-%m-%d}", arrivals) for s, bucket, arrivals in found)
        return "" if counted == Counter(made.counts) else f"{list((counted - Counter(made.counts)).elements())[:2]}"
    if log.meaning == "kpi":
        return "read as counts"
    if not made.rows:
        return "read as a log, which it is not"
    if made.amounts and log.connection.execute("SELECT count(value) FROM events").fetchone() != (0,):
        return "amounts of several currencies are left"
    rows = log.connection.execute('SELECT "case", stage, coalesce(time, start) FROM events').fetchall()
    written = Counter(made.rows)
    if made.name.endswith("xes") and len({case for case, _, _ in rows}) == len({case for case, _, _ in made.rows}):
        rows, written = [("", *row[1:]) for row in rows], Counter(("", *row[1:]) for row in made.rows)
    if made.daily:
        rows = [(c, s, at.replace(hour=0, minute=0, second=0, microsecond=0)) for c, s, at in rows]
    got = Counter((c, s, _whole(at)) for c, s, at in rows)
    if got == written:
        return ""
    return (
        f"{sum(got.values())} for {sum(written.values())} rows, {[*(got - written)][:1]} for {[*(written - got)][:1]}"
    )


def _whole(at: datetime | None) -> datetime | None:
    """To the next second."""
    return None if at is None else (at + timedelta(microseconds=500_000)).replace(microsecond=0)
