"""Complete and accurate: of what one stage hands over to the next, the share that the next one need not send back.

%C&A of value stream mapping (Martin, Osterling 2014, Value Stream Mapping), where it is asked of people. A log shows
the part that makes work: a case is sent back if it goes from the receiving stage to one where it had been before it
came to the receiving one for the first time. That what was sent back comes again is no fault of the second hand-over.
"""

from __future__ import annotations

from dataclasses import dataclass

from factoryview.factory.privacy import Gate
from factoryview.flow.moment.history import Window
from factoryview.store.database import Store
from factoryview.store.windows import FOREVER


@dataclass(frozen=True)
class HandOver:
    """What went from one stage to another, judged when the other one was done with it."""

    origin: str
    target: str
    visits: float
    """Cases handed over that left `target` in the window."""
    accurate: float | None
    """Complete and accurate: the share of these that were not sent back, 0 to 1; None where so few were that it would
    point at single cases."""


def hand_overs(store: Store, window: Window, gate: Gate) -> tuple[HandOver, ...]:
    """All hand-overs between stages in a window (µs UTC, half open), the most frequent first.

    Those of fewer cases than the smallest group are left out, and so are counts, whose cases are not told apart.
    """
    after = FOREVER if store.counted_after is None else store.counted_after
    rows = store.rows("counts/handed_over", since=window.since, until=window.until, counted_after=after)
    found = [
        HandOver(origin, target, visits, 1.0 if not returned else gate.number(1.0 - returned / visits, returned))
        for origin, target, visits, returned in rows
        if gate.enough(visits)
    ]
    return tuple(sorted(found, key=lambda one: (-one.visits, one.origin, one.target)))
