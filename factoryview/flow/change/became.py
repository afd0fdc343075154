"""What became of what was agreed: the figures of its stage before and after the day it was due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from factoryview.factory.privacy import Gate
from factoryview.flow.change.changes import SEEN
from factoryview.flow.change.compare import RATE, Difference, Span, differences_of
from factoryview.flow.change.noise import discovered
from factoryview.flow.change.records import Records
from factoryview.plant.notes import Note
from factoryview.time import micros_of


@dataclass(frozen=True)
class Became:
    """The figures of a stage before and after a day."""

    at: int
    """When the day after began, µs UTC."""
    days: tuple[int, int]
    """Working days before and after it that were looked at."""
    differences: tuple[Difference, ...]
    """Of every figure that can be told, or of the one by which it is judged; empty: too few days, or cases."""
    told: tuple[Difference, ...]
    """Those beyond noise."""


def due_end(note: Note, timezone: str) -> int | None:
    """When the day after the due one begins, µs UTC."""
    if note.due is None:
        return None
    return micros_of(datetime.combine(note.due + timedelta(days=1), time(), ZoneInfo(timezone)))


def became_of(note: Note, records: Records, gate: Gate) -> Became | None:
    """Up to 60 working days before and after the due day beside each other; None where it has none, or no stage that is
    there, or the day is not over yet.
    """
    at, record = due_end(note, records.plant.timezone), records.by_name.get(note.stage)
    if at is None or record is None or at > records.end:
        return None
    day = Span.of(records, at, records.end).since
    before = Span(records, max(0, day - SEEN), min(day, records.over))
    after = Span(records, min(day, records.over), min(day + SEEN, records.over))
    days = before.days, after.days
    if not (before.enough and after.enough):
        return Became(at, days, (), ())
    found = tuple(
        each for each in differences_of(record, record, before, after, gate) if note.measure in (None, each.measure)
    )
    told = discovered([each.chance for each in found], RATE)
    return Became(at, days, found, tuple(each for each, is_told in zip(found, told, strict=True) if is_told))
