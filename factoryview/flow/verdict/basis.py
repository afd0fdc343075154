"""Everything a verdict is taken from: fetched and cut once, asked many times."""

from __future__ import annotations

from dataclasses import dataclass

from factoryview.flow.verdict.bins import Bins, cut
from factoryview.flow.verdict.evidence import Evidence, Floats
from factoryview.flow.verdict.stations import Station, stations


@dataclass(frozen=True)
class Basis:
    """A log up to some moment, what its stages are, and what stood and moved in every bin of time."""

    evidence: Evidence
    stations: list[Station]
    bins: Bins

    def names(self, scores: Floats) -> dict[str, float]:
        """One number per stage, by name."""
        return dict(zip(self.evidence.stages, (float(score) for score in scores), strict=True))


def basis_of(evidence: Evidence) -> Basis:
    """Cuts the evidence into what the methods need."""
    found = stations(evidence)
    return Basis(evidence, found, cut(evidence, found))
