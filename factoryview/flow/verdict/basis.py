"""Everything a verdict is taken from: fetched and cut once, asked many times."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from factoryview.flow.verdict.bins import Bins, cut
from factoryview.flow.verdict.evidence import Evidence
from factoryview.flow.verdict.stations import Station, stations
from factoryview.flow.verdict.visits import Floats, Ints

UNKNOWN = -2
"""The winner of a bin that nobody has looked at yet."""


@dataclass(frozen=True)
class Basis:
    """A log up to some moment, what its stages are, and what stood and moved in every bin of time."""

    evidence: Evidence
    stations: list[Station]
    bins: Bins

    @cached_property
    def winners(self) -> Ints:
        """Per bin which stage limits the plant around it, as far as `ribbon` has found out."""
        return np.full(len(self.bins.departures), UNKNOWN)

    def names(self, scores: Floats) -> dict[str, float]:
        """One number per stage, by name."""
        return dict(zip(self.evidence.stages, (float(score) for score in scores), strict=True))


def basis_of(evidence: Evidence) -> Basis:
    """Cuts the evidence into what the methods need."""
    found = stations(evidence)
    return Basis(evidence, found, cut(evidence, found))
