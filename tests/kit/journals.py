"""Events and rows of a journal in tests."""

from __future__ import annotations

from collections import Counter

from factoryview.sources.feeds.records import Event
from factoryview.store.journal.journal import (
    Columns,
    Journal,
)

PLANT = 'name = "Werk"\n'


HOUR = 3_600_000_000


def event(number: int, case: str = "a", stage: str = "Ask", time: int | None = 0, start: int | None = None) -> Event:
    return Event(number.to_bytes(16, "big"), case, stage, time, start, None, None, None, None, 1.0)


def rows(found: Columns) -> list[tuple[object, ...]]:
    return list(zip(*found.values(), strict=True))


def plain(journal: Journal) -> Counter[tuple[object, ...]]:
    """All events without their row numbers."""
    return Counter(row[1:] for row in rows(journal.events_after(0)))
