"""How an input of a kind is read: rightly, or somebody is asked; nothing else will do."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random

from factoryview.errors import FactoryviewError
from factoryview.language.said import Said
from factoryview.sources import ReadOptions, read
from factoryview.sources.events import EventLog
from tests.kit.reading_inputs import Input
from tests.kit.reading_kinds import KINDS

NEUTRAL = {"reading.times", "reading.done_at", "reading.ends_cover", "reading.no_ends"}
"""Questions that every log without a plant file has; they are no answer to what is odd about a file."""


def ending(kind: str, seed: int, folder: Path) -> tuple[str, str]:
    """How an input is read: `right`, `asked` or `wrong`, and what was said or found instead."""
    made = KINDS[kind](Random(f"{kind}/{seed}"))
    path = folder / f"{seed}-{made.name}"
    path.write_bytes(made.data)
    try:
        log = read(path, ReadOptions())
    except FactoryviewError as error:
        return "asked", str(error)
    difference = _difference(log, made)
    if not difference:
        return "right", ""
    asked = [
        finding for finding in log.findings
        if finding.severity != "info" and not (isinstance(finding.text, Said) and _keys(finding.text) & NEUTRAL)
    ]  # fmt: skip
    told = "; ".join(f"{finding.severity}: {finding.text}" for finding in asked)
    return ("asked" if asked else "wrong"), f"{difference} {told}"


def _keys(text: Said) -> set[str]:
    """The keys of a text and of what stands in its gaps."""
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
    if made.amounts and log.connection.execute("SELECT count(value) FROM events").fetchone() != (0,):
        return "amounts of several currencies are left"
    rows = log.connection.execute('SELECT "case", stage, time FROM events').fetchall()
    written = Counter(made.rows)
    if made.name.endswith("xes") and len({case for case, _, _ in rows}) == len({case for case, _, _ in made.rows}):
        rows, written = [("", *row[1:]) for row in rows], Counter(("", *row[1:]) for row in made.rows)
    if made.daily:
        rows = [(c, s, at.replace(hour=0, minute=0, second=0, microsecond=0)) for c, s, at in rows]
    got = Counter((c, s, at.replace(microsecond=0) if at.microsecond < 500_000 else
                   at.replace(microsecond=0) + timedelta(seconds=1)) for c, s, at in rows)  # fmt: skip
    if got == written:
        return ""
    return (
        f"{sum(got.values())} for {sum(written.values())} rows, {[*(got - written)][:1]} for {[*(written - got)][:1]}"
    )
