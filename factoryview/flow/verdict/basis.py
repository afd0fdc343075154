"""Everything a verdict is taken from: fetched and cut once, asked many times."""

from __future__ import annotations

from dataclasses import dataclass

from factoryview.flow.verdict.bins import Frame, cut
from factoryview.flow.verdict.evidence import Evidence, Floats
from factoryview.flow.verdict.stations import Station, stations


@dataclass(frozen=True)
class Line:
    """A log up to some moment, what its stages are, and what stood and moved in every bin of time."""

    evidence: Evidence
    stations: list[Station]
    frame: Frame

    def names(self, scores: Floats) -> dict[str, float]:
        """One number per stage, by name."""
        return dict(zip(self.evidence.stages, (float(score) for score in scores), strict=True))


def line_of(evidence: Evidence) -> Line:
    """Cuts the evidence into what the methods need."""
    found = stations(evidence)
    return Line(evidence, found, cut(evidence, found))
