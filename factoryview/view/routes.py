"""The ways that cases took through a plant, one after the other stage by stage: the commonest, as known at a moment."""

from __future__ import annotations

from dataclasses import dataclass

from factoryview.view.counts import Counts

_MOST = 40
_NO_COUNTS = 2**62


@dataclass(frozen=True)
class Route:
    """A way that some cases took."""

    stages: tuple[str, ...]
    """One after the other; stays at a stage right after one another count once."""
    outcome: str
    """Where they stand in the end; empty: at no outcome yet."""
    cases: float
    share: float
    """Of all cases that had begun."""
    lead: float | None
    """Median µs from first sight to the end; None: none has ended."""


def routes_at(counts: Counts, at: int) -> tuple[Route, ...]:
    """The commonest routes by a moment (µs UTC); those of too few cases are not told. Asks the store."""
    store, gate = counts.factory.store, counts.factory.gate
    after = store.counted_after
    rows = store.rows("series/routes", at=at, most=_MOST, counted_after=_NO_COUNTS if after is None else after)
    return tuple(
        Route(tuple(stages), outcome, float(cases), float(cases / every), None if lead is None else float(lead))
        for stages, outcome, cases, lead, every in rows
        if gate.enough(cases)
    )
