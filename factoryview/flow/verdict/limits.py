"""What limits a log, before anybody knows where it jams: its evidence, cut at a moment, and the bottleneck then."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from factoryview.flow.verdict.basis import Basis, basis_of
from factoryview.flow.verdict.bottleneck import Bottleneck, find_bottleneck
from factoryview.flow.verdict.evidence import Evidence, gather, known_at
from factoryview.flow.verdict.ribbon import last_phases
from factoryview.flow.verdict.visits import Ints
from factoryview.plant.models import Plant
from factoryview.store.database import Store
from factoryview.time import HOUR

_FIRST, _RARELY, _SHARE = 5, 5, 40
"""The first finding is after so many working days; the next ones every 40th of the time so far, at most every five."""


@dataclass(frozen=True)
class _Cut:
    """What is known at a moment."""

    until: float
    basis: Basis

    @cached_property
    def bottleneck(self) -> Bottleneck:
        return find_bottleneck(self.basis, phases=last_phases(self.basis))


class Limits:
    """Of one log. Remembers the last moment that was asked for: a bottleneck is asked for together with its basis."""

    def __init__(self, store: Store, plant: Plant) -> None:
        self.store, self.plant = store, plant
        self._latest: _Cut | None = None

    @cached_property
    def evidence(self) -> Evidence:
        """Of the whole log. Raises InputError when no stay has a time."""
        return gather(self.store, self.plant)

    def basis(self, until: float) -> Basis:
        """As known at an hour since 1970 UTC."""
        return self._cut(until).basis

    def bottleneck(self, until: float) -> Bottleneck:
        """At an hour since 1970 UTC, of all that is known then."""
        return self._cut(until).bottleneck

    def _cut(self, until: float) -> _Cut:
        evidence, latest = self.evidence, self._latest
        until = min(until, evidence.end)
        if latest is None or latest.until != until:
            latest = self._latest = _Cut(until, basis_of(known_at(evidence, until)))
        return latest


def concluded(ends: Ints, moment: int) -> float | None:
    """From what is known at which hour something is concluded for a moment (µs UTC); None in the first days of a log.

    ends: of the working days, ascending.
    """
    steps = grid(len(ends) + 1)
    place = bisect_right(steps, int(ends.searchsorted(moment, side="right")))
    return int(ends[steps[place - 1] - 1]) / HOUR if place else None


def grid(steps: int) -> list[int]:
    """The steps at whose ends something is concluded; a longer log has the same at its beginning.

    >>> grid(10), grid(500)[-2:]
    ([5, 6, 7, 8, 9], [492, 497])
    """
    found, step = [], _FIRST
    while step < steps:
        found.append(step)
        step += max(1, min(_RARELY, step // _SHARE))
    return found
